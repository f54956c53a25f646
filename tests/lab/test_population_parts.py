"""The parts that a population is made of: chance in whole numbers, identity numbers, ratios, and data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from tuodi.core.finding import Faults
from tuodi.lab.population.chance import MILLION, Purpose, Seed, Weights, bell, lognormal
from tuodi.lab.population.columns import as_numbers
from tuodi.lab.population.identity import Office
from tuodi.lab.population.illness import Illness
from tuodi.lab.population.report import Comparison, shown
from tuodi.lab.population.running import numbered, running
from tuodi.lab.population.settings import Kind, assumptions, cities, city_named, conditions, share_of, targets_of
from tuodi.lab.population.tally import Ratio
from tuodi.language.load import load_policy
from tuodi.language.model import STATUSES
from tuodi.language.shelf import packaged_plans, packaged_policies

MANY = 200_000


# ---- chance ----------------------------------------------------------------------------------------------------------


def test_the_words_of_a_seed_never_change() -> None:
    words = Seed.of("liaocheng", 1).stream(Purpose.HOUSEHOLDS, 0).words(4)

    assert WORDS == words.tolist()


WORDS = [981003944, 1790379999, 4006880977, 2735588831]


def test_streams_are_different_for_purpose_block_part_city_and_seed() -> None:
    streams = [
        Seed.of(city, seed).stream(purpose, block, part).words(4).tolist()
        for city in ("a", "b")
        for seed in (1, 2)
        for purpose in (Purpose.CARE, Purpose.BILLS)
        for block in (0, 1)
        for part in (0, 1)
    ]

    assert 32 == len(set(map(tuple, streams)))


@pytest.mark.parametrize("mean", [10, 152, 900, 4000, 8000])
def test_counts_have_their_mean_and_variance(mean: int) -> None:
    counts = Seed.of("a", 1).stream(Purpose.CARE, 0).counts(np.full(MANY, mean))

    error = (mean / 1000 / MANY) ** 0.5
    assert counts.mean() == pytest.approx(mean / 1000, abs=4 * error)
    assert counts.var() == pytest.approx(mean / 1000, rel=0.1)


@pytest.mark.parametrize("spread", [200, 700, 1200])
def test_amounts_have_a_mean_of_a_million_and_the_spread_asked_for(spread: int) -> None:
    table = lognormal(spread)
    values = Seed.of("a", 1).stream(Purpose.BILLS, 0).quantiles(table, MANY)

    assert abs(table.mean - MILLION) <= 1
    assert values.mean() == pytest.approx(MILLION, rel=0.03)
    assert np.log(values).std() == pytest.approx(spread / 1000, rel=0.03)


def test_shares_stay_between_their_bounds() -> None:
    values = Seed.of("a", 1).stream(Purpose.BILLS, 0).quantiles(bell(870_000, 90_000, 300_000, MILLION), MANY)

    assert 300_000 <= values.min()
    assert MILLION == values.max()


def test_picks_are_as_frequent_as_their_weights() -> None:
    picks = Seed.of("a", 1).stream(Purpose.BILLS, 0).picks(Weights([1, 0, 3]), MANY)

    assert [0.25, 0.0, 0.75] == pytest.approx((np.bincount(picks) / MANY).tolist(), abs=0.005)


# ---- sums and days ---------------------------------------------------------------------------------------------------


def test_sums_run_along_each_person() -> None:
    person = np.array([0, 0, 2, 2, 2, 5])

    assert [1, 3, 3, 7, 12, 6] == running(person, np.array([1, 2, 3, 4, 5, 6])).tolist()
    assert [1, 2, 1, 2, 3, 1] == numbered(person).tolist()


def test_days_are_written_as_numbers() -> None:
    days = [date(1950, 1, 1), date(2000, 2, 29), date(2023, 12, 31)]

    assert [19500101, 20000229, 20231231] == as_numbers(np.array([day.toordinal() for day in days])).tolist()


def test_a_ratio_knows_its_error() -> None:
    random = np.random.default_rng(1)
    values = [random.normal(1000, 200, 400).astype(np.int64) for _ in range(300)]
    ratios = [Ratio(upper_unit=1, lower_unit=1) for _ in values]
    for ratio, value in zip(ratios, values, strict=True):
        ratio.add(value[:100], np.ones(100, np.int64))
        ratio.add(value[100:], np.ones(300, np.int64))

    made = [float(ratio.value or 0) for ratio in ratios]
    assert np.std(made) == pytest.approx(float(ratios[0].error), rel=0.2)
    assert Ratio(upper_unit=1, lower_unit=1).value is None


# ---- identity numbers ------------------------------------------------------------------------------------------------


def test_an_office_goes_on_counting() -> None:
    office = Office("371502")
    born = np.array([date(1990, 5, 1).toordinal()] * 600)
    male = np.ones(600, np.bool_)

    first, second = (office.numbers(born, as_numbers(born), male) for _ in range(2))

    texts = [bytes(row).decode() for rows in (first, second) for row in rows]
    assert len(set(texts)) == 1200
    assert ["37159119900501001", "37159219900501001"] == [texts[0][:17], texts[499][:17]]


def test_an_office_says_when_a_day_has_no_numbers_left() -> None:
    born = np.array([date(1990, 5, 1).toordinal()] * 4000)

    with pytest.raises(Faults) as faults:
        Office("371502").numbers(born, as_numbers(born), np.ones(4000, np.bool_))

    assert ["identity-numbers-used-up"] == [finding.code for finding in faults.value.findings]


# ---- data ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", cities())
def test_a_city_names_what_there_is(name: str) -> None:
    city = city_named(name)
    policy = load_policy(packaged_policies()[city.policy])

    assert city.plan in packaged_plans()
    assert {policy.document.region[:4]} == {county.code[:4] for county in city.counties}
    assert set(city.statuses) <= set(assumptions().statuses) <= set(STATUSES)
    assert policy.document.start.year <= city.year


@pytest.mark.parametrize("name", cities())
def test_a_city_has_every_status_that_its_policy_gives_a_class(name: str) -> None:
    city = city_named(name)
    policy = load_policy(packaged_policies()[city.policy])
    asked = {member.status for one in policy.classes for member in one.members if member.status}

    assert asked <= set(city.statuses)


@pytest.mark.parametrize("name", cities())
def test_every_disease_that_a_policy_lists_occurs(name: str) -> None:
    policy = load_policy(packaged_policies()[city_named(name).policy])
    written = set(Illness(conditions(), policy, assumptions()).names)

    assert set() == {row.name for one in policy.lists.values() for row in one.diseases} - written


@pytest.mark.parametrize("name", cities())
def test_each_target_has_a_source_a_year_and_a_confidence(name: str) -> None:
    targets = targets_of(city_named(name))

    assert {target.confidence for target in targets} <= {"H", "M", "L"}
    assert all(target.source and 2015 <= target.year <= 2030 for target in targets)
    assert all((target.tolerance is None) is (target.kind is Kind.ORIENTATION) for target in targets)
    assert len({target.id for target in targets}) == len(targets)


def test_a_figure_is_of_the_nearest_year() -> None:
    years = {name: {target.year for target in targets_of(city_named(name)) if target.id == "stays_per_hundred"}
             for name in ("liaocheng", "anshan")}  # fmt: skip

    assert {"liaocheng": {2023}, "anshan": {2021}} == years


def test_a_share_is_read_exactly() -> None:
    assert [Decimal("0.031"), Decimal("0.0034"), Decimal("20.7")] == [
        share_of(text) for text in ("3.1%", "0.34%", "20.7")
    ]


# ---- judging ---------------------------------------------------------------------------------------------------------


def comparison(made: str | None, error: str = "0") -> Comparison:
    target = next(one for one in targets_of(city_named("liaocheng")) if one.id == "subsistence_share")
    return Comparison(target=target, made=None if made is None else Decimal(made), error=Decimal(error))


@pytest.mark.parametrize(
    ("made", "error", "within"),
    [
        ("0.031", "0", True),
        ("0.0322", "0", True),
        ("0.0323", "0", False),
        ("0.0323", "0.0001", True),
        (None, "0", None),
    ],
)
def test_a_target_holds_within_its_tolerance_and_three_errors_of_sampling(
    made: str | None, error: str, within: bool | None
) -> None:
    assert within is comparison(made, error).within


def test_values_are_shown_in_their_own_unit() -> None:
    targets = {target.id: target for target in targets_of(city_named("liaocheng"))}

    assert "3.05%" == shown(Decimal("0.0305"), targets["subsistence_share"])
    assert "67.2%" == shown(Decimal("0.6719"), targets["paid_share"])
    assert "20.7" == shown(Decimal("20.68"), targets["stays_per_hundred"])
    assert "7,674" == shown(Decimal("7673.9"), targets["mean_bill"])
