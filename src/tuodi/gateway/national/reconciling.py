"""Comparing an institution's totals (3201) and rows (3202) with ours, both ways.

Without refunds, a settlement that was cancelled and its cancel count neither here nor there; with refunds each is a
row, the cancel with negative amounts. Rows that only we have are told too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from tuodi.core.money import format_yuan
from tuodi.gateway.national.codes import STATEMENT_EDITIONS
from tuodi.gateway.national.desk import SettledRow
from tuodi.gateway.national.messages.reconciliation import ClaimedRow, ResultRow, RowsClaimed, TotalsClaimed


class Result(Enum):
    """How two sides stand to each other."""

    EQUAL = 0
    OURS_MORE = 1
    THEIRS_MORE = 2
    DIFFERENT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The result, and each difference as a sentence."""

    result: Result
    differences: tuple[str, ...] = ()


def compare_totals(claimed: TotalsClaimed | RowsClaimed, rows: Iterable[SettledRow]) -> Compared:
    """The institution's totals beside ours."""
    counted = [*_counted(rows, with_refunds(claimed.refd_setl_flag))]
    pairs = [
        ("医疗费总额", claimed.medfee_sumamt, sum(row.total for row in counted)),
        ("基金支付总额", claimed.fund_pay_sumamt, sum(row.funds for row in counted)),
        _third_pair(claimed, counted),
    ]
    signs = [_sign(ours - theirs) for _, theirs, ours in pairs]
    differences = [
        f"{label}医药机构 {format_yuan(theirs)}、中心 {format_yuan(ours)}"
        for label, theirs, ours in pairs
        if theirs != ours
    ]
    counts = _counts(counted)
    if claimed.fixmedins_setl_cnt not in counts:
        signs.append(_sign(counts[0] - claimed.fixmedins_setl_cnt))
        differences.append(f"笔数医药机构 {claimed.fixmedins_setl_cnt}、中心 {counts[0]}")
    return Compared(result=_result(signs), differences=tuple(differences))


def compare_rows(
    claimed: Sequence[ClaimedRow], rows: Iterable[SettledRow], *, refunds: bool, edition: str
) -> tuple[ResultRow, ...]:
    """Each row of the institution, then each of ours that it lacks, with the result of comparing."""
    told = _compared_rows(claimed, [*_counted(rows, refunds)])
    return tuple(replace(row, stmt_rslt=code_of(Result(int(row.stmt_rslt)), edition)) for row in told)


def code_of(result: Result, edition: str) -> str:
    """The result as a code of stmt_rslt; the plain edition knows only yes and no."""
    names = [*STATEMENT_EDITIONS[edition].names]
    return names[min(result.value, len(names) - 1)]


def with_refunds(flag: str) -> bool:
    """ "1" and "001" are with refunds; anything else, and nothing, without."""
    return flag.lstrip("0") == "1"


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _counted(rows: Iterable[SettledRow], refunds: bool) -> Iterable[SettledRow]:
    return [row for row in rows if refunds or not (row.cancels or row.cancelled)]


def _compared_rows(claimed: Sequence[ClaimedRow], ours: Sequence[SettledRow]) -> Iterable[ResultRow]:
    by_key = {key: row for row in ours for key in _keys(row)}
    twice = {key for key, times in Counter(_key_of(row) for row in claimed).items() if times > 1}
    results, seen = [], set()
    for row in claimed:
        match = by_key.get(_key_of(row))
        if match is not None:
            seen.add(match.number)
        results.append(_compared(row, match, repeated=_key_of(row) in twice))
    return [*results, *(_only_ours(row) for row in ours if row.number not in seen)]


def _third_pair(claimed: TotalsClaimed | RowsClaimed, rows: Sequence[SettledRow]) -> tuple[str, int, int]:
    if isinstance(claimed, TotalsClaimed):
        return "个人账户支出", claimed.acct_pay, sum(row.account for row in rows)
    return "现金支付金额", claimed.cash_payamt, sum(row.cash for row in rows)


def _counts(rows: Sequence[SettledRow]) -> tuple[int, int]:
    """Rows, and settlements less cancels: institutions count either way."""
    cancels = sum(1 for row in rows if row.cancels)
    return len(rows), len(rows) - 2 * cancels


def _sign(difference: int) -> int:
    return (difference > 0) - (difference < 0)


def _result(signs: Iterable[int]) -> Result:
    match {sign for sign in signs if sign}:
        case set() as found if not found:
            return Result.EQUAL
        case found if found == {1}:
            return Result.OURS_MORE
        case found if found == {-1}:
            return Result.THEIRS_MORE
    return Result.DIFFERENT


def _keys(row: SettledRow) -> Iterable[tuple[str, bool]]:
    """A cancel is found under its own number and under that of the settlement it takes back."""
    refund = bool(row.cancels)
    return ((row.number, refund), (row.cancels, True)) if refund else ((row.number, False),)


def _key_of(row: ClaimedRow) -> tuple[str, bool]:
    return row.setl_id, row.medfee_sumamt < 0 or row.fund_pay_sumamt < 0


def _compared(row: ClaimedRow, ours: SettledRow | None, *, repeated: bool) -> ResultRow:
    if ours is None:
        return _told(row, "", Result.THEIRS_MORE, "中心没有该结算记录")
    if repeated:
        return _told(row, ours.message, Result.DIFFERENT, "该结算在文件中出现多次")
    differences = [*_differences(row, ours)]
    result = Result.DIFFERENT if differences else Result.EQUAL
    return _told(row, ours.message, result, "；".join(differences))


def _differences(row: ClaimedRow, ours: SettledRow) -> Iterable[str]:
    if row.psn_no != ours.person:
        yield "人员编号不同"
    if row.mdtrt_id != ours.visit:
        yield "就诊ID不同"
    pairs: Mapping[str, tuple[int, int]] = {
        "医疗费总额": (row.medfee_sumamt, ours.total),
        "基金支付总额": (row.fund_pay_sumamt, ours.funds),
        "个人账户支出": (row.acct_pay, ours.account),
    }
    for label, (theirs, own) in pairs.items():
        if theirs != own:
            yield f"{label}中心为 {format_yuan(own)}"


def _told(row: ClaimedRow, message: str, result: Result, memo: str) -> ResultRow:
    return ResultRow(
        psn_no=row.psn_no,
        mdtrt_id=row.mdtrt_id,
        setl_id=row.setl_id,
        msgid=message,
        stmt_rslt=str(result.value),
        refd_setl_flag=row.refd_setl_flag,
        memo=memo,
        medfee_sumamt=row.medfee_sumamt,
        fund_pay_sumamt=row.fund_pay_sumamt,
        acct_pay=row.acct_pay,
    )


def _only_ours(row: SettledRow) -> ResultRow:
    return ResultRow(
        psn_no=row.person,
        mdtrt_id=row.visit,
        setl_id=row.number,
        msgid=row.message,
        stmt_rslt=str(Result.OURS_MORE.value),
        refd_setl_flag="1" if row.cancels else "0",
        memo="医药机构文件中没有该结算记录",
        medfee_sumamt=row.total,
        fund_pay_sumamt=row.funds,
        acct_pay=row.account,
    )
