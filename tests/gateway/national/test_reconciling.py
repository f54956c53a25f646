"""Two sides compared, row by row and in sum."""

from __future__ import annotations

import pytest

from tests.gateway.sample import NOW
from tuodi.gateway.national.desk import SettledRow
from tuodi.gateway.national.messages.reconciliation import ClaimedRow, TotalsClaimed
from tuodi.gateway.national.reconciling import Result, code_of, compare_rows, compare_totals, with_refunds


def ours(number: str, total: int = 1000, cancels: str = "", *, cancelled: bool = False) -> SettledRow:
    return SettledRow(
        number=number, visit="V1", person="P1", message=f"M{number}", total=total, funds=total // 2, account=0,
        cash=total - total // 2, cancels=cancels, cancelled=cancelled,
    )  # fmt: skip


def theirs(number: str, total: int = 1000, visit: str = "V1") -> ClaimedRow:
    return ClaimedRow(
        setl_id=number, mdtrt_id=visit, psn_no="P1", medfee_sumamt=total, fund_pay_sumamt=total // 2, acct_pay=0,
        refd_setl_flag="1" if total < 0 else "0",
    )  # fmt: skip


def totals(total: int, count: int, flag: str = "0", funds: int | None = None) -> TotalsClaimed:
    day = NOW.date()
    return TotalsClaimed(
        insutype="390", clr_type="21", setl_optins="371500", stmt_begndate=day, stmt_enddate=day, medfee_sumamt=total,
        fund_pay_sumamt=total // 2 if funds is None else funds, acct_pay=0, fixmedins_setl_cnt=count,
        refd_setl_flag=flag,
    )  # fmt: skip


ROWS = (ours("S1"), ours("S2", cancelled=True), ours("S3", -1000, "S2"))


@pytest.mark.parametrize(
    ("claimed", "result"),
    [
        (totals(1000, 1), Result.EQUAL),
        (totals(1000, 3, "1"), Result.EQUAL),
        (totals(1000, 1, "001"), Result.EQUAL),
        (totals(1000, 3), Result.THEIRS_MORE),
        (totals(900, 1), Result.OURS_MORE),
        (totals(1100, 1), Result.THEIRS_MORE),
        (totals(1100, 1, funds=400), Result.DIFFERENT),
        (totals(0, 0), Result.OURS_MORE),
    ],
)
def test_sums_are_compared_with_and_without_refunds(claimed: TotalsClaimed, result: Result) -> None:
    assert result is compare_totals(claimed, ROWS).result


def test_each_difference_is_told() -> None:
    assert ("医疗费总额医药机构 9.00、中心 10.00", "基金支付总额医药机构 4.50、中心 5.00") == (
        compare_totals(totals(900, 1), ROWS).differences
    )


def compared(
    claimed: list[ClaimedRow], *, refunds: bool = True, edition: str = "refined"
) -> list[tuple[str, str, str]]:
    rows = compare_rows(claimed, ROWS, refunds=refunds, edition=edition)
    return [(row.setl_id, row.stmt_rslt, row.msgid) for row in rows]


def test_rows_on_both_sides_agree() -> None:
    claimed = [theirs("S1"), theirs("S2"), theirs("S3", -1000)]

    assert [("S1", "0", "MS1"), ("S2", "0", "MS2"), ("S3", "0", "MS3")] == compared(claimed)


def test_a_cancel_may_bear_the_number_of_what_it_takes_back() -> None:
    assert [("S1", "0", "MS1"), ("S2", "0", "MS2"), ("S2", "0", "MS3")] == compared(
        [theirs("S1"), theirs("S2"), theirs("S2", -1000)]
    )


def test_rows_that_only_one_side_has_are_told() -> None:
    assert [("S9", "2", ""), ("S1", "1", "MS1")] == compared([theirs("S9")], refunds=False)


def test_a_row_that_differs_says_in_what() -> None:
    (row,) = compare_rows([theirs("S1", 1002, "V2")], ROWS[:1], refunds=False, edition="refined")

    assert ("3", "就诊ID不同；医疗费总额中心为 10.00；基金支付总额中心为 5.00") == (row.stmt_rslt, row.memo)


def test_a_row_twice_in_a_file_is_no_agreement() -> None:
    assert [("S1", "3", "MS1"), ("S1", "3", "MS1")] == compared([theirs("S1"), theirs("S1")], refunds=False)


@pytest.mark.parametrize(
    ("edition", "expected"),
    [
        ("plain", ["0", "1", "1", "1"]),
        ("refined", ["0", "1", "2", "3"]),
        ("long", ["000000", "000101", "000102", "000103"]),
    ],
)
def test_a_result_has_a_code_in_each_edition(edition: str, expected: list[str]) -> None:
    assert expected == [code_of(result, edition) for result in Result]


@pytest.mark.parametrize(("flag", "expected"), [("", False), ("0", False), ("000", False), ("1", True), ("001", True)])
def test_the_flag_for_refunds_has_two_spellings(flag: str, expected: bool) -> None:
    assert expected is with_refunds(flag)
