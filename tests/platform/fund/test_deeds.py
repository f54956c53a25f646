"""What finance does by hand, as lines and faults: pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tuodi.ledger.account import Source
from tuodi.ledger.checks import OF_ONE_ENTRY
from tuodi.ledger.entry import Entry
from tuodi.platform.base.domain import Desk
from tuodi.platform.fund.deeds import Asked, Deed, faults, lines, related

TODAY = date(2024, 5, 8)
ASKED = Asked(
    deed=Deed.appropriation, region="371502", parts={Source.county: 500, Source.city: 300}, happened_on=TODAY,
    document="聊财社〔2024〕5号", reason="拨入二季度资金", taker="371500",
)  # fmt: skip


@pytest.mark.parametrize("deed", [deed for deed in Deed if deed is not Deed.carry_over])
def test_every_deed_makes_an_entry_that_stands(deed: Deed):
    parts = {source: 100 + place for place, source in enumerate(deed.sources)}
    booked = lines(replace(ASKED, deed=deed, parts=parts))
    entry = Entry(
        cause="voucher:1", movement=deed.movement, booked_on=TODAY, happened_on=TODAY, known_on=TODAY, lines=booked,
        reason="",
    )  # fmt: skip

    assert [] == [fault for find in OF_ONE_ENTRY for fault in find(entry)]
    assert [] == faults(replace(ASKED, deed=deed, parts=parts), desk=deed.desks[0], on=TODAY)
    assert {*deed.sources} == {line.account.source for line in booked}


@pytest.mark.parametrize(
    ("changed", "desk", "codes"),
    [
        ({}, Desk.county, ["voucher-desk"]),
        ({}, Desk.city, ["voucher-desk"]),
        ({"deed": Deed.transfer}, Desk.city, []),
        ({"deed": Deed.transfer, "taker": "371521"}, Desk.finance, ["voucher-taker"]),
        ({"deed": Deed.transfer, "taker": "371502"}, Desk.finance, ["voucher-taker"]),
        ({"parts": {}}, Desk.finance, ["voucher-nothing"]),
        ({"parts": {Source.donation: 1}}, Desk.finance, ["voucher-source"]),
        ({"parts": {Source.county: -1}}, Desk.finance, ["voucher-negative"]),
        ({"parts": {Source.county: 10**15 - 1}}, Desk.finance, []),
        ({"parts": {Source.county: 10**15}}, Desk.finance, ["voucher-too-large"]),
        (
            {"document": " ", "reason": "", "happened_on": date(2024, 5, 9)}, Desk.finance,
            ["voucher-document", "voucher-reason", "voucher-day"],
        ),
        ({"deed": Deed.carry_over, "parts": {}}, Desk.finance, []),
    ],
)  # fmt: skip
def test_all_that_is_wrong_is_told_at_once(changed: dict[str, object], desk: Desk, codes: list[str]):
    assert codes == [fault.code for fault in faults(replace(ASKED, **changed), desk=desk, on=TODAY)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "is_so"),
    [("371500", "371502", True), ("371502", "371500", True), ("371502", "371521", False), ("371502", "370200", False)],
)
def test_only_what_lies_within_the_other_is_related(one: str, other: str, is_so: bool):
    assert is_so == related(one, other)
