"""Which policy settles: of the nearest region, of the day, as corrected last."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError

from tests.platform.settlement.town import CITY, COUNTY, DAY, adopt, again, resident, settled, small_policy, stay
from tuodi.core.finding import Faults
from tuodi.language.shelf import PLANS, POLICIES
from tuodi.ledger.account import Source
from tuodi.ledger.posting import Share
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.settlement import adopted
from tuodi.platform.settlement.domain import Amounts
from tuodi.platform.settlement.models import Policy


def rated(folder: Path, rate: int) -> Path:
    return small_policy(folder / f"rate{rate}", f"rate: {rate}%")


def relief(who: int, on: date = DAY) -> int:
    return settled(stay(who, "100", on=on)).relief


def test_the_nearest_region_wins(town: None, tmp_path: Path):
    who = resident("subsistence_allowance")
    for region, rate, expected in (("370000", 10, 1_000), (CITY, 20, 2_000), (COUNTY, 30, 3_000)):
        adopt(rated(tmp_path, rate), region=region)
        assert expected == relief(who)


def test_a_policy_settles_from_its_day_on_and_a_correction_replaces_it(town: None, tmp_path: Path):
    who = resident("subsistence_allowance")
    adopt(rated(tmp_path, 10), starts_on=date(2020, 1, 1))
    adopt(rated(tmp_path, 20), starts_on=date(2023, 3, 2))

    assert [1_000, 2_000] == [relief(who, on) for on in (date(2023, 3, 1), date(2023, 3, 2))]
    adopt(rated(tmp_path, 30), starts_on=date(2023, 3, 2))
    assert 3_000 == relief(who, date(2023, 3, 2))


def test_a_plan_computes_what_insurance_pays(town: None):
    with entered(SYSTEM):
        adopted.adopt(
            region=CITY, folder=POLICIES / "liaocheng-2022-5", plan=PLANS / "liaocheng-resident-2022",
            starts_on=date(2020, 1, 1), reason="测试",
        )  # fmt: skip
    bill = again(
        stay(resident("subsistence_allowance"), "50000"),
        amounts=Amounts(5_000_000, 4_500_000, None, None), facts={"admission_number": 1},
    )  # fmt: skip
    answer = settled(bill)

    assert {"basic", "critical_illness"} == set(answer.layers)
    assert 5_000_000 == sum(answer.layers.values()) + answer.relief + answer.personal


@pytest.mark.parametrize(
    ("parameters", "shares", "codes"),
    [
        ({"nothing": "1.00"}, ((Source.county, 10_000),), ["unknown-parameter"]),
        ({}, ((Source.county, 9_000),), ["shares-not-whole"]),
        ({}, ((Source.county, 5_000), (Source.county, 5_000)), ["shares-not-whole"]),
    ],
)
def test_what_cannot_settle_is_not_adopted(town: None, parameters: dict, shares: tuple, codes: list[str]):
    with pytest.raises(Faults) as raised, entered(SYSTEM):
        adopted.adopt(
            region=CITY, folder=POLICIES / "liaocheng-2022-5", starts_on=DAY, reason="测试", parameters=parameters,
            otherwise=[Share(source=source, basis_points=points) for source, points in shares],
        )  # fmt: skip

    assert codes == [finding.code for finding in raised.value.findings]


WIDENED = "rate: 100%"


@pytest.mark.parametrize(
    ("desk", "at", "region"),
    [
        (Desk.county, COUNTY, COUNTY),
        (Desk.county, COUNTY, CITY),
        (Desk.finance, CITY, CITY),
        (Desk.city, CITY, COUNTY),
        (Desk.city, CITY, "370200"),
        (Desk.city, COUNTY, COUNTY),
    ],
)
def test_no_county_sets_its_own_policy_and_no_city_anothers(
    town: None, tmp_path: Path, desk: Desk, at: str, region: str
):
    folder = small_policy(tmp_path / "wide", WIDENED)
    with pytest.raises(Faults) as raised, entered(Scope(desk=desk, region=at)):
        adopted.adopt(region=region, folder=folder, starts_on=DAY, reason="越权")

    assert ["adoption-not-yours"] == [finding.code for finding in raised.value.findings]


def test_a_city_adopts_for_all_its_counties(town: None, tmp_path: Path):
    with entered(Scope(desk=Desk.city, region=CITY)):
        adopted.adopt(region=CITY, folder=small_policy(tmp_path / "wide", WIDENED), starts_on=DAY, reason="本市办法")

    assert 10_000 == relief(resident("subsistence_allowance"))


def test_also_past_the_service_the_database_takes_no_policy_of_a_county(town: None, tmp_path: Path):
    row = Policy.objects.get(pk=adopt(small_policy(tmp_path / "wide", WIDENED)))
    row.pk, row.region_id = None, COUNTY

    with pytest.raises(DatabaseError, match="row-level security"), entered(Scope(desk=Desk.county, region=COUNTY)):
        row.save()
