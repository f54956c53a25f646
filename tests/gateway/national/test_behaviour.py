"""What may be repeated, cancelled and reversed."""

from __future__ import annotations

import pytest

from tuodi.gateway.national.behaviour import (
    KeptAnswer,
    KeptSettlement,
    Repeat,
    Reversal,
    base_number,
    decide_reversal,
    repeat,
    why_not_cancel,
)

SETTLEMENT = KeptSettlement(number="S1", visit="V1", person="P1", institution="H1")
CANCELLED = KeptSettlement(number="S1", visit="V1", person="P1", institution="H1", cancelled_by="S2")
CANCEL = KeptSettlement(number="S2", visit="V1", person="P1", institution="H1", cancels="S1")
GONE = KeptSettlement(number="S1", visit="V1", person="P1", institution="H1", reversed=True)


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        (None, Repeat.NEW),
        (KeptAnswer(digest=b"d", answer=b"a"), Repeat.SAME),
        (KeptAnswer(digest=b"x", answer=b"a"), Repeat.OTHER),
        (KeptAnswer(digest=b"d", answer=b"a", withdrawn=True), Repeat.WITHDRAWN),
    ],
)
def test_a_message_is_new_or_the_same_or_another_or_withdrawn(kept: KeptAnswer | None, expected: Repeat) -> None:
    assert expected is repeat(kept, b"d")


@pytest.mark.parametrize(
    ("kept", "asked", "reason"),
    [
        (SETTLEMENT, ("H1", "P1", "V1"), ""),
        (None, ("H1", "P1", "V1"), "未找到该结算记录，请核对结算ID"),
        (GONE, ("H1", "P1", "V1"), "未找到该结算记录，请核对结算ID"),
        (SETTLEMENT, ("H2", "P1", "V1"), "未找到该结算记录，请核对结算ID"),
        (SETTLEMENT, ("H1", "P2", "V1"), "结算ID与人员编号或就诊ID不一致，请核对后重新撤销"),
        (SETTLEMENT, ("H1", "P1", "V2"), "结算ID与人员编号或就诊ID不一致，请核对后重新撤销"),
        (CANCELLED, ("H1", "P1", "V1"), "该结算已撤销，不能重复撤销"),
        (CANCEL, ("H1", "P1", "V1"), "该记录本身是结算撤销记录，不能再撤销"),
    ],
)
def test_a_settlement_is_cancelled_once_by_its_own_hospital(
    kept: KeptSettlement | None, asked: tuple[str, str, str], reason: str
) -> None:
    assert reason == why_not_cancel(kept, *asked)


@pytest.mark.parametrize(
    ("transaction", "person", "kept", "todo"),
    [
        ("2304", "P1", SETTLEMENT, Reversal.WITHDRAW),
        ("2207A", "P1", SETTLEMENT, Reversal.WITHDRAW),
        ("2305", "P1", CANCEL, Reversal.WITHDRAW),
        ("2304", "P1", None, Reversal.NOTHING_THERE),
        ("2304", "P2", GONE, Reversal.NOTHING_THERE),
        ("2304", "P2", SETTLEMENT, Reversal.REFUSED),
        ("2304", "P1", CANCELLED, Reversal.REFUSED),
        ("2303", "P1", SETTLEMENT, Reversal.REFUSED),
    ],
)
def test_a_reversal_withdraws_or_finds_nothing_or_is_refused(
    transaction: str, person: str, kept: KeptSettlement | None, todo: Reversal
) -> None:
    decided = decide_reversal(transaction, person, kept)

    assert todo is decided.todo
    assert bool(decided.reason) == (todo is Reversal.REFUSED)


@pytest.mark.parametrize(("number", "base"), [("2203A", "2203"), ("2304", "2304"), ("100001", "100001"), ("x", "x")])
def test_a_variant_is_the_same_transaction(number: str, base: str) -> None:
    assert base == base_number(number)
