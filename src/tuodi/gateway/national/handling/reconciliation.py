"""3201 to 3204, 9101, 9102: comparing, applying for clearing, files up and down."""

from __future__ import annotations

from tuodi.core.finding import Faults, Finding, Place
from tuodi.gateway.national.codes import STATEMENT_EDITIONS
from tuodi.gateway.national.desk import ClearingAsked, Desk, Refused, RowsWanted, Sender
from tuodi.gateway.national.fields import CHINA
from tuodi.gateway.national.files import packed, unpacked
from tuodi.gateway.national.messages.reconciliation import (
    ClaimedRow,
    ClearingAnswer,
    ClearingApplied,
    ClearingMessage,
    ClearingWithdrawMessage,
    ResultFile,
    RowsAnswer,
    RowsClaimed,
    RowsMessage,
    StatementInfo,
    TotalsAnswer,
    TotalsClaimed,
    TotalsMessage,
)
from tuodi.gateway.national.messages.transfer import FileDownMessage, FileKept, FileUpMessage
from tuodi.gateway.national.reconciling import code_of, compare_rows, compare_totals, with_refunds

RESULT_NAME = "result.txt"


def compare(message: TotalsMessage, sender: Sender, desk: Desk, edition: str) -> TotalsAnswer | Refused:
    """3201."""
    claimed = message.data
    _check_days(claimed)
    if claimed.setl_optins != desk.region:
        return _elsewhere(claimed.setl_optins, desk.region)
    rows = desk.settled_rows(sender, _wanted(claimed, claimed.insutype))
    compared = compare_totals(claimed, rows)
    code = code_of(compared.result, edition)
    text = "；".join((STATEMENT_EDITIONS[edition].name(code), *compared.differences))
    info = StatementInfo(setl_optins=desk.region, stmt_rslt=code, stmt_rslt_dscr=text[:200])
    return TotalsAnswer(stmtinfo=info)


def compare_file(message: RowsMessage, sender: Sender, desk: Desk, edition: str) -> RowsAnswer | Refused:
    """3202: the uploaded rows beside ours, the result in a file that 9102 fetches."""
    claimed = message.data
    _check_days(claimed)
    if claimed.setl_optins != desk.region:
        return _elsewhere(claimed.setl_optins, desk.region)
    data = desk.file(sender, claimed.file_qury_no)
    if isinstance(data, Refused):
        return data
    rows = desk.settled_rows(sender, _wanted(claimed, ""))
    refunds = with_refunds(claimed.refd_setl_flag)
    results = compare_rows(unpacked(ClaimedRow, data), rows, refunds=refunds, edition=edition)
    kept = desk.keep_file(sender, f"result_{claimed.file_qury_no}.zip"[-60:], packed(results, RESULT_NAME))
    if isinstance(kept, Refused):
        return kept
    return RowsAnswer(fileinfo=ResultFile(file_qury_no=kept.number, filename=kept.name, dld_endtime=kept.until))


def apply_for_clearing(message: ClearingMessage, sender: Sender, desk: Desk) -> ClearingAnswer | Refused:
    """3203."""
    asked = message.data
    number = desk.apply_for_clearing(
        sender,
        ClearingAsked(
            clearing_type=asked.clr_type,
            month=asked.setlym,
            first=asked.begndate,
            last=asked.enddate,
            visits=asked.psntime,
            total=asked.medfee_sumamt,
            recognised=asked.med_sumfee,
            funds=asked.fund_appy_sum,
            cash=asked.cash_payamt,
            account=asked.acct_pay,
        ),
    )
    return number if isinstance(number, Refused) else ClearingAnswer(result=ClearingApplied(clr_appy_evt_id=number))


def withdraw_clearing(message: ClearingWithdrawMessage, sender: Sender, desk: Desk) -> Refused | None:
    """3204."""
    return desk.withdraw_clearing(sender, message.data.clr_appy_evt_id)


def keep_file(message: FileUpMessage, sender: Sender, desk: Desk) -> FileKept | Refused:
    """9101."""
    asked = message.fsuploadin
    kept = desk.keep_file(sender, asked.filename, asked.data)
    if isinstance(kept, Refused):
        return kept
    return FileKept(
        file_qury_no=kept.number,
        filename=kept.name,
        fixmedins_code=sender.institution,
        dld_endtime=kept.until.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
    )


def fetch_file(message: FileDownMessage, sender: Sender, desk: Desk) -> bytes | Refused:
    """9102."""
    return desk.file(sender, message.fsdownloadin.file_qury_no)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _wanted(claimed: TotalsClaimed | RowsClaimed, insutype: str) -> RowsWanted:
    return RowsWanted(
        first=claimed.stmt_begndate, last=claimed.stmt_enddate, insutype=insutype, clearing_type=claimed.clr_type
    )


def _check_days(claimed: TotalsClaimed | RowsClaimed) -> None:
    if claimed.stmt_enddate < claimed.stmt_begndate:
        place = Place(path="data.stmt_enddate")
        message = "对账结束日期早于对账开始日期"
        raise Faults([Finding(code="days-reversed", message=message, place=place, remedy="改正对账日期")])


def _elsewhere(asked: str, region: str) -> Refused:
    return Refused(reason=f"结算经办机构 {asked} 不是本经办机构（{region}），请填写结算返回的清算经办机构")
