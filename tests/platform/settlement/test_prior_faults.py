"""What a comparable system gets wrong with claims, each on the running service."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.platform.settlement.test_races import at_once
from tests.platform.settlement.town import AT_HOSPITAL, TODAY, adopt, again, resident, settled, small_policy, stay
from tuodi.platform.base.scope import entered
from tuodi.platform.settlement import revision


def poor_under(folder: Path, *benefits: str) -> int:
    adopt(small_policy(folder / "small", *benefits))
    return resident("subsistence_allowance")


def test_cents_are_not_cut(town: None, tmp_path: Path):
    assert 10_137 == settled(stay(poor_under(tmp_path, "rate: 100%"), "101.37")).relief


def test_a_deductible_that_is_not_met_pays_nothing(town: None, tmp_path: Path):
    who = poor_under(tmp_path, "rate: 100%, above: {burden: 1000}")

    assert [0, 0, 1] == [settled(stay(who, yuan)).relief for yuan in ("101.37", "898.63", "0.01")]


def test_four_claims_at_once_share_one_cap(town: None, tmp_path: Path):
    who = poor_under(tmp_path, "rate: 100%, limit: {relief: 150}")
    bills = [stay(who, "101") for _ in range(4)]

    assert 15_000 == sum(at_once(4, lambda number: settled(bills[number]).relief))


def test_a_cancelled_claim_gives_its_share_back(town: None, tmp_path: Path):
    who = poor_under(tmp_path, "rate: 100%, limit: {relief: 150}")
    first = settled(stay(who, "101"))
    with entered(AT_HOSPITAL):
        revision.cancel(settlement=first.settlement or 0, on=TODAY, reason="票据有误")

    assert 10_100 == settled(stay(who, "101")).relief


def test_a_claim_processed_again_and_again_counts_once(town: None, tmp_path: Path):
    who = poor_under(tmp_path, "rate: 100%, limit: {relief: 300}")
    bill = stay(who, "101")
    first = settled(bill)
    for number in range(3):
        with entered(AT_HOSPITAL):
            revision.correct(
                settlement=first.settlement or 0, bill=again(bill, key=f"C{number}"), on=TODAY, reason="重审"
            )

    assert [10_100, 9_800] == [settled(stay(who, yuan)).relief for yuan in ("101", "101")]


def test_who_is_exempt_from_the_cap_is_not_capped(town: None, tmp_path: Path):
    lifted = "adjust: [{changes: limit, when: {status: [orphan]}, none: true}]"
    adopt(small_policy(tmp_path / "small", f"rate: 100%, limit: {{relief: 150}}, {lifted}"))
    child, other = resident("subsistence_allowance", "orphan"), resident("subsistence_allowance")

    assert [20_200, 15_000] == [sum(settled(stay(who, "101")).relief for _ in range(2)) for who in (child, other)]


@pytest.mark.parametrize("first", ["inpatient", "outpatient"])
def test_services_with_caps_of_their_own_do_not_share_them(town: None, tmp_path: Path, first: str):
    folder = small_policy(tmp_path / "small", "rate: 100%, limit: {relief: 150}", "rate: 100%, limit: {visits: 50}")
    text = (folder / "policy.yaml").read_text(encoding="utf-8")
    head, visits = text.split("  - {id: benefit_1")
    text = f"{head}  - {{id: benefit_1{visits.replace('[inpatient]', '[outpatient]')}"
    text = text.replace("counts:\n", "counts:\n  visits: {per: year, clause: 一, label: 门诊限额}\n")
    (folder / "policy.yaml").write_text(text, encoding="utf-8")
    adopt(folder)
    who = resident("subsistence_allowance")
    order = [first, "outpatient" if first == "inpatient" else "inpatient"]
    paid = {service: settled(again(stay(who, "101"), service=service)).relief for service in order}

    assert {"inpatient": 10_100, "outpatient": 5_000} == paid
