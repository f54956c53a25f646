"""Reconciliation of totals and rows, and the monthly clearing application: 3201 to 3204."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from tuodi.gateway.national import codes
from tuodi.gateway.national.fields import Day, Moment, One, Text, Whole, Yuan


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsClaimed:
    """3201: the totals of an institution."""

    insutype: Annotated[str, Text("险种", 6, codes.INSUTYPE)]
    clr_type: Annotated[str, Text("清算类别", 6, codes.CLR_TYPE)]
    setl_optins: Annotated[str, Text("结算经办机构", 6)]
    stmt_begndate: Annotated[date, Day("对账开始日期")]
    stmt_enddate: Annotated[date, Day("对账结束日期")]
    medfee_sumamt: Annotated[int, Yuan("医疗费总额", signed=True)]
    fund_pay_sumamt: Annotated[int, Yuan("基金支付总额", signed=True)]
    acct_pay: Annotated[int, Yuan("个人账户支付金额", signed=True)]
    fixmedins_setl_cnt: Annotated[int, Whole("定点医药机构结算笔数", 10, signed=True)]
    refd_setl_flag: Annotated[str, Text("退费结算标志", 6)] = ""
    fixmedins_refd_setl_flag: Annotated[str, Text("定点医药机构退费结算标志", 6)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementInfo:
    """3201: whether they agree."""

    setl_optins: Annotated[str, Text("结算经办机构", 6)] = ""
    stmt_rslt: Annotated[str, Text("对账结果", 6)]
    stmt_rslt_dscr: Annotated[str, Text("对账结果说明", 200)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsClaimed:
    """3202: the rows of an institution, in a file."""

    setl_optins: Annotated[str, Text("结算经办机构", 6)]
    file_qury_no: Annotated[str, Text("文件查询号", 30)]
    stmt_begndate: Annotated[date, Day("对账开始日期")]
    stmt_enddate: Annotated[date, Day("对账结束日期")]
    medfee_sumamt: Annotated[int, Yuan("医疗费总额", signed=True)]
    fund_pay_sumamt: Annotated[int, Yuan("基金支付总额", signed=True)]
    cash_payamt: Annotated[int, Yuan("现金支付金额", signed=True)]
    fixmedins_setl_cnt: Annotated[int, Whole("定点医药机构结算笔数", 10, signed=True)]
    clr_type: Annotated[str, Text("清算类别", 6, codes.CLR_TYPE)]
    refd_setl_flag: Annotated[str, Text("退费结算标志", 3)] = ""
    fixmedins_refd_setl_flag: Annotated[str, Text("定点医药机构退费结算标志", 6)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFile:
    """3202: where the result lies."""

    file_qury_no: Annotated[str, Text("文件查询号", 30)]
    filename: Annotated[str, Text("文件名称", 200)]
    dld_endtime: Annotated[datetime, Moment("下载截止时间")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedRow:
    """One row of the file that an institution uploads."""

    setl_id: Annotated[str, Text("结算ID", 30)]
    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    psn_no: Annotated[str, Text("人员编号", 30)]
    medfee_sumamt: Annotated[int, Yuan("医疗费总额", signed=True)]
    fund_pay_sumamt: Annotated[int, Yuan("基金支付总额", signed=True)]
    acct_pay: Annotated[int, Yuan("个人账户支出", signed=True)]
    refd_setl_flag: Annotated[str, Text("退费结算标志", 3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """One row of the result file."""

    psn_no: Annotated[str, Text("人员编号", 30)]
    mdtrt_id: Annotated[str, Text("就诊ID", 30)] = ""
    setl_id: Annotated[str, Text("结算ID", 30)] = ""
    msgid: Annotated[str, Text("发送方报文ID", 30)] = ""
    stmt_rslt: Annotated[str, Text("对账结果", 6)]
    refd_setl_flag: Annotated[str, Text("退费结算标志", 3)]
    memo: Annotated[str, Text("备注", 500)] = ""
    medfee_sumamt: Annotated[int | None, Yuan("医疗费总额", signed=True)] = None
    fund_pay_sumamt: Annotated[int | None, Yuan("基金支付总额", signed=True)] = None
    acct_pay: Annotated[int | None, Yuan("个人账户支出", signed=True)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingApplication:
    """3203: an institution applies for a month to be cleared."""

    clr_type: Annotated[str, Text("清算类别", 30, codes.CLR_TYPE)]
    clr_way: Annotated[str, Text("清算方式", 30, codes.CLR_WAY)] = ""
    setlym: Annotated[str, Text("清算年月", 6)]
    psntime: Annotated[int, Whole("清算人次", 6, signed=True)]
    medfee_sumamt: Annotated[int, Yuan("医疗费总额", signed=True)]
    med_sumfee: Annotated[int, Yuan("医保认可费用总额", signed=True)]
    fund_appy_sum: Annotated[int, Yuan("基金申报总额", signed=True)]
    cash_payamt: Annotated[int, Yuan("现金支付金额", signed=True)]
    acct_pay: Annotated[int, Yuan("个人账户支出", signed=True)]
    begndate: Annotated[date, Day("开始日期")]
    enddate: Annotated[date, Day("结束日期")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingApplied:
    """3203: the number of the application; 3204: which one is withdrawn."""

    clr_appy_evt_id: Annotated[str, Text("清算申请事件ID", 30)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsMessage:
    """Input of 3201."""

    data: Annotated[TotalsClaimed, One("对总账")]


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsAnswer:
    """Output of 3201."""

    stmtinfo: Annotated[StatementInfo, One("对账结果")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsMessage:
    """Input of 3202."""

    data: Annotated[RowsClaimed, One("对明细账")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsAnswer:
    """Output of 3202."""

    fileinfo: Annotated[ResultFile, One("结果文件")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingMessage:
    """Input of 3203."""

    data: Annotated[ClearingApplication, One("清算申请")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingAnswer:
    """Output of 3203."""

    result: Annotated[ClearingApplied, One("申请结果")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingWithdrawMessage:
    """Input of 3204."""

    data: Annotated[ClearingApplied, One("申请撤销")]
