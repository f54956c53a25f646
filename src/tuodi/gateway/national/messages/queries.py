"""Queries: one settlement, what the year has used up: 5203, 5206."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from tuodi.gateway.national import codes
from tuodi.gateway.national.fields import Day, Many, Moment, Number, One, Text, Yuan
from tuodi.gateway.national.messages.settlement import FundRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementAsked:
    """5203: which settlement."""

    psn_no: Annotated[str, Text("人员编号", 30)]
    setl_id: Annotated[str, Text("结算ID", 30)]
    mdtrt_id: Annotated[str, Text("就诊ID", 30)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledInfo:
    """5203: a settlement as it stands."""

    setl_id: Annotated[str, Text("结算ID", 30)]
    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    psn_no: Annotated[str, Text("人员编号", 30)]
    psn_name: Annotated[str, Text("人员姓名", 50)] = ""
    psn_cert_type: Annotated[str, Text("人员证件类型", 6, codes.DOCUMENT)] = ""
    certno: Annotated[str, Text("证件号码", 50)] = ""
    gend: Annotated[str, Text("性别", 6, codes.SEX)] = ""
    naty: Annotated[str, Text("民族", 3)] = ""
    brdy: Annotated[date | None, Day("出生日期")] = None
    age: Annotated[Decimal | None, Number("年龄", 4, 1, signed=True)] = None
    insutype: Annotated[str, Text("险种类型", 6, codes.INSUTYPE)]
    psn_type: Annotated[str, Text("人员类别", 6, codes.PERSON_KIND)] = ""
    cvlserv_flag: Annotated[str, Text("公务员标志", 3, codes.YES_NO)] = ""
    flxempe_flag: Annotated[str, Text("灵活就业标志", 3)] = ""
    nwb_flag: Annotated[str, Text("新生儿标志", 3)] = ""
    insu_optins: Annotated[str, Text("参保机构医保区划", 6)] = ""
    emp_name: Annotated[str, Text("单位名称", 200)] = ""
    pay_loc: Annotated[str, Text("支付地点类别", 6, codes.PAID_AT)]
    fixmedins_code: Annotated[str, Text("定点医药机构编号", 30)]
    fixmedins_name: Annotated[str, Text("定点医药机构名称", 200)]
    hosp_lv: Annotated[str, Text("医院等级", 6, codes.HOSP_LV)] = ""
    fixmedins_poolarea: Annotated[str, Text("定点归属机构", 6)] = ""
    lmtpric_hosp_lv: Annotated[str, Text("限价医院等级", 6)] = ""
    dedc_hosp_lv: Annotated[str, Text("起付线医院等级", 6)] = ""
    begndate: Annotated[date, Day("开始日期")]
    enddate: Annotated[date, Day("结束日期")]
    setl_time: Annotated[datetime, Moment("结算时间")]
    mdtrt_cert_type: Annotated[str, Text("就诊凭证类型", 3, codes.CERTIFICATE)] = ""
    med_type: Annotated[str, Text("医疗类别", 6, codes.MED_TYPE)]
    clr_type: Annotated[str, Text("清算类别", 6, codes.CLR_TYPE)]
    clr_way: Annotated[str, Text("清算方式", 6, codes.CLR_WAY)] = ""
    clr_optins: Annotated[str, Text("清算经办机构", 6)] = ""
    medfee_sumamt: Annotated[int, Yuan("医疗费总额", signed=True)]
    fulamt_ownpay_amt: Annotated[int, Yuan("全自费金额", signed=True)]
    overlmt_selfpay: Annotated[int, Yuan("超限价自费费用", signed=True)]
    preselfpay_amt: Annotated[int, Yuan("先行自付金额", signed=True)]
    inscp_scp_amt: Annotated[int, Yuan("符合政策范围金额", signed=True)]
    act_pay_dedc: Annotated[int | None, Yuan("实际支付起付线", signed=True)] = None
    hifp_pay: Annotated[int, Yuan("基本医疗保险统筹基金支出", signed=True)]
    pool_prop_selfpay: Annotated[Decimal, Number("基本医疗保险统筹基金支付比例", 5, 4, signed=True)]
    cvlserv_pay: Annotated[int, Yuan("公务员医疗补助资金支出", signed=True)]
    hifes_pay: Annotated[int, Yuan("企业补充医疗保险基金支出", signed=True)]
    hifmi_pay: Annotated[int, Yuan("居民大病保险资金支出", signed=True)]
    hifob_pay: Annotated[int, Yuan("职工大额医疗费用补助基金支出", signed=True)]
    maf_pay: Annotated[int, Yuan("医疗救助基金支出", signed=True)]
    oth_pay: Annotated[int, Yuan("其他支出", signed=True)]
    fund_pay_sumamt: Annotated[int, Yuan("基金支付总额", signed=True)]
    psn_pay: Annotated[int, Yuan("个人支付金额", signed=True)]
    acct_pay: Annotated[int, Yuan("个人账户支出", signed=True)]
    cash_payamt: Annotated[int, Yuan("现金支付金额", signed=True)]
    balc: Annotated[int, Yuan("余额", signed=True)]
    acct_mulaid_pay: Annotated[int, Yuan("个人账户共济支付金额", signed=True)]
    medins_setl_id: Annotated[str, Text("医药机构结算ID", 30)]
    refd_setl_flag: Annotated[str, Text("退费结算标志", 3, codes.YES_NO)]
    year: Annotated[str, Text("年度", 4)]
    dise_codg: Annotated[str, Text("病种编码", 30)] = ""
    dise_name: Annotated[str, Text("病种名称", 500)] = ""
    invono: Annotated[str, Text("发票号", 20)] = ""
    opter_id: Annotated[str, Text("经办人ID", 20)] = ""
    opter_name: Annotated[str, Text("经办人姓名", 50)] = ""
    opt_time: Annotated[datetime | None, Moment("经办时间")] = None
    pref_fund_pay: Annotated[int | None, Yuan("优抚对象基金支出", signed=True)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsAsked:
    """5206: whose counts."""

    psn_no: Annotated[str, Text("人员编号", 30)]
    cum_ym: Annotated[str, Text("累计年月", 6)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    """5206: one count."""

    insutype: Annotated[str, Text("险种类型", 6, codes.INSUTYPE)]
    year: Annotated[str, Text("年度", 4)]
    cum_ym: Annotated[str, Text("累计年月", 6)]
    cum_type_code: Annotated[str, Text("累计类别代码", 10)]
    cum: Annotated[int, Yuan("累计值", signed=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementQueryMessage:
    """Input of 5203."""

    data: Annotated[SettlementAsked, One("结算查询")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementQueryAnswer:
    """Output of 5203."""

    setlinfo: Annotated[SettledInfo, One("结算信息")]
    setldetail: Annotated[tuple[FundRow, ...], Many("结算基金分项")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsMessage:
    """Input of 5206."""

    data: Annotated[CountsAsked, One("累计查询")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsAnswer:
    """Output of 5206."""

    cuminfo: Annotated[tuple[CountRow, ...], Many("累计信息")] = ()
