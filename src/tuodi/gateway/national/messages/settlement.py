"""Trial, settlement and its cancel: 2206, 2207, 2208 for visits, 2303, 2304, 2305 for stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from tuodi.gateway.national import codes
from tuodi.gateway.national.fields import Day, Extension, Many, Moment, Number, One, Text, Yuan
from tuodi.gateway.national.json_text import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTrial:
    """2206: what a settlement of the visit would give."""

    psn_no: Annotated[str, Text("人员编号", 30)]
    mdtrt_cert_type: Annotated[str, Text("就诊凭证类型", 3, codes.CERTIFICATE)]
    mdtrt_cert_no: Annotated[str, Text("就诊凭证编号", 50)]
    card_sn: Annotated[str, Text("卡识别码", 32)] = ""
    psn_cert_type: Annotated[str, Text("证件类型", 3, codes.DOCUMENT)] = ""
    certno: Annotated[str, Text("证件号码", 50)] = ""
    psn_type: Annotated[str, Text("人员类别", 3, codes.PERSON_KIND)] = ""
    psn_name: Annotated[str, Text("人员姓名", 50)] = ""
    med_type: Annotated[str, Text("医疗类别", 6, codes.MED_TYPE)]
    medfee_sumamt: Annotated[int, Yuan("医疗费总额")]
    psn_setlway: Annotated[str, Text("个人结算方式", 6, codes.SETTLE_WAY)]
    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    chrg_bchno: Annotated[str, Text("收费批次号", 30)]
    acct_used_flag: Annotated[str, Text("个人账户使用标志", 1, codes.ACCOUNT_USED)]
    insutype: Annotated[str, Text("险种类型", 6, codes.INSUTYPE)]
    exp_content: Annotated[Json, Extension()] = None
    pub_hosp_rfom_flag: Annotated[str, Text("公立医院改革标志", 6)] = ""
    fulamt_ownpay_amt: Annotated[int | None, Yuan("全自费金额")] = None
    overlmt_selfpay: Annotated[int | None, Yuan("超限价自费费用")] = None
    preselfpay_amt: Annotated[int | None, Yuan("先行自付金额")] = None
    inscp_scp_amt: Annotated[int | None, Yuan("符合政策范围金额")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSettlement:
    """2207: the visit is settled."""

    psn_no: Annotated[str, Text("人员编号", 30)]
    mdtrt_cert_type: Annotated[str, Text("就诊凭证类型", 3, codes.CERTIFICATE)]
    mdtrt_cert_no: Annotated[str, Text("就诊凭证编号", 50)]
    card_sn: Annotated[str, Text("卡识别码", 32)] = ""
    psn_cert_type: Annotated[str, Text("证件类型", 3, codes.DOCUMENT)] = ""
    certno: Annotated[str, Text("证件号码", 50)] = ""
    med_type: Annotated[str, Text("医疗类别", 6, codes.MED_TYPE)]
    medfee_sumamt: Annotated[int, Yuan("医疗费总额")]
    psn_setlway: Annotated[str, Text("个人结算方式", 6, codes.SETTLE_WAY)]
    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    chrg_bchno: Annotated[str, Text("收费批次号", 30)]
    insutype: Annotated[str, Text("险种类型", 6, codes.INSUTYPE)]
    acct_used_flag: Annotated[str, Text("个人账户使用标志", 1, codes.ACCOUNT_USED)]
    invono: Annotated[str, Text("发票号", 20)] = ""
    fulamt_ownpay_amt: Annotated[int | None, Yuan("全自费金额")] = None
    overlmt_selfpay: Annotated[int | None, Yuan("超限价金额")] = None
    preselfpay_amt: Annotated[int | None, Yuan("先行自付金额")] = None
    inscp_scp_amt: Annotated[int | None, Yuan("符合政策范围金额")] = None
    exp_content: Annotated[Json, Extension()] = None
    pub_hosp_rfom_flag: Annotated[str, Text("公立医院改革标志", 6)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementCancelled:
    """2208 and 2305: a settlement is cancelled."""

    setl_id: Annotated[str, Text("结算ID", 30)]
    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    psn_no: Annotated[str, Text("人员编号", 30)]
    exp_content: Annotated[Json, Extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StayTrial:
    """2303: what a settlement of the stay would give."""

    psn_no: Annotated[str, Text("人员编号", 30)]
    mdtrt_cert_type: Annotated[str, Text("就诊凭证类型", 3, codes.CERTIFICATE)]
    mdtrt_cert_no: Annotated[str, Text("就诊凭证编号", 50)] = ""
    card_sn: Annotated[str, Text("卡识别码", 32)] = ""
    psn_cert_type: Annotated[str, Text("证件类型", 3, codes.DOCUMENT)] = ""
    certno: Annotated[str, Text("证件号码", 50)] = ""
    psn_type: Annotated[str, Text("人员类别", 3, codes.PERSON_KIND)] = ""
    psn_name: Annotated[str, Text("人员姓名", 50)] = ""
    medfee_sumamt: Annotated[int, Yuan("医疗费总额")]
    psn_setlway: Annotated[str, Text("个人结算方式", 6, codes.SETTLE_WAY)]
    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    acct_used_flag: Annotated[str, Text("个人账户使用标志", 1, codes.ACCOUNT_USED)] = ""
    insutype: Annotated[str, Text("险种类型", 6, codes.INSUTYPE)]
    mid_setl_flag: Annotated[str, Text("中途结算标志", 3, codes.YES_NO)]
    fulamt_ownpay_amt: Annotated[int | None, Yuan("全自费金额")] = None
    overlmt_selfpay: Annotated[int | None, Yuan("超限价金额")] = None
    preselfpay_amt: Annotated[int | None, Yuan("先行自付金额")] = None
    inscp_scp_amt: Annotated[int | None, Yuan("符合政策范围金额")] = None
    dscgtime: Annotated[date | None, Day("出院时间", wire="dscgTime")] = None
    insuplc_admdvs: Annotated[str, Text("参保地医保区划", 6)] = ""
    mdtrtarea_admvs: Annotated[str, Text("就医地医保区划", 6)] = ""
    exp_content: Annotated[Json, Extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaySettlement:
    """2304: the stay is settled."""

    psn_no: Annotated[str, Text("人员编号", 30)]
    mdtrt_cert_type: Annotated[str, Text("就诊凭证类型", 3, codes.CERTIFICATE)]
    mdtrt_cert_no: Annotated[str, Text("就诊凭证编号", 50)] = ""
    card_sn: Annotated[str, Text("卡识别码", 32)] = ""
    psn_cert_type: Annotated[str, Text("证件类型", 3, codes.DOCUMENT)] = ""
    certno: Annotated[str, Text("证件号码", 50)] = ""
    psn_type: Annotated[str, Text("人员类别", 3, codes.PERSON_KIND)] = ""
    psn_name: Annotated[str, Text("人员姓名", 50)] = ""
    medfee_sumamt: Annotated[int, Yuan("医疗费总额")]
    psn_setlway: Annotated[str, Text("个人结算方式", 6, codes.SETTLE_WAY)]
    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    insutype: Annotated[str, Text("险种类型", 6, codes.INSUTYPE)]
    acct_used_flag: Annotated[str, Text("个人账户使用标志", 1, codes.ACCOUNT_USED)]
    insuplc_admdvs: Annotated[str, Text("参保地医保区划", 6)] = ""
    mdtrtarea_admvs: Annotated[str, Text("就医地医保区划", 6)] = ""
    invono: Annotated[str, Text("发票号", 20)] = ""
    mid_setl_flag: Annotated[str, Text("中途结算标志", 3, codes.YES_NO)]
    fulamt_ownpay_amt: Annotated[int | None, Yuan("全自费金额")] = None
    overlmt_selfpay: Annotated[int | None, Yuan("超限价金额")] = None
    preselfpay_amt: Annotated[int | None, Yuan("先行自付金额")] = None
    inscp_scp_amt: Annotated[int | None, Yuan("符合政策范围金额")] = None
    dscgtime: Annotated[date | None, Day("出院时间", wire="dscgTime")] = None
    exp_content: Annotated[Json, Extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementInfo:
    """The amounts of a settlement, a trial or a cancel. Below zero in a cancel; a trial has no `setl_id`."""

    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    setl_id: Annotated[str, Text("结算ID", 30)] = ""
    psn_no: Annotated[str, Text("人员编号", 30)]
    psn_name: Annotated[str, Text("人员姓名", 50)] = ""
    psn_cert_type: Annotated[str, Text("人员证件类型", 6, codes.DOCUMENT)] = ""
    certno: Annotated[str, Text("证件号码", 50)] = ""
    gend: Annotated[str, Text("性别", 6, codes.SEX)] = ""
    naty: Annotated[str, Text("民族", 3)] = ""
    brdy: Annotated[date | None, Day("出生日期")] = None
    age: Annotated[Decimal | None, Number("年龄", 4, 1, signed=True)] = None
    insutype: Annotated[str, Text("险种类型", 6, codes.INSUTYPE)] = ""
    psn_type: Annotated[str, Text("人员类别", 6, codes.PERSON_KIND)] = ""
    cvlserv_flag: Annotated[str, Text("公务员标志", 3, codes.YES_NO)] = ""
    setl_time: Annotated[datetime | None, Moment("结算时间")] = None
    mdtrt_cert_type: Annotated[str, Text("就诊凭证类型", 3, codes.CERTIFICATE)] = ""
    med_type: Annotated[str, Text("医疗类别", 6, codes.MED_TYPE)] = ""
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
    psn_part_amt: Annotated[int | None, Yuan("个人负担总金额", signed=True)] = None
    acct_pay: Annotated[int, Yuan("个人账户支出", signed=True)]
    psn_cash_pay: Annotated[int, Yuan("个人现金支出", signed=True)]
    hosp_part_amt: Annotated[int | None, Yuan("医院负担金额", signed=True)] = None
    balc: Annotated[int, Yuan("余额", signed=True)]
    acct_mulaid_pay: Annotated[int, Yuan("个人账户共济支付金额", signed=True)]
    medins_setl_id: Annotated[str, Text("医药机构结算ID", 30)] = ""
    clr_optins: Annotated[str, Text("清算经办机构", 6)] = ""
    clr_way: Annotated[str, Text("清算方式", 6, codes.CLR_WAY)] = ""
    clr_type: Annotated[str, Text("清算类别", 6, codes.CLR_TYPE)] = ""
    hifdm_pay: Annotated[int | None, Yuan("伤残人员医疗保障基金支出", signed=True)] = None
    exp_content: Annotated[Json, Extension()] = None
    pdn_cash_pay: Annotated[int | None, Yuan("个人现金支出", signed=True)] = None
    mdtrt_cert_no: Annotated[str, Text("就诊凭证编号", 50)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FundRow:
    """What one fund pays; the personal account and money that a hospital bears are rows too."""

    fund_pay_type: Annotated[str, Text("基金支付类型", 6, codes.FUND)]
    inscp_scp_amt: Annotated[int | None, Yuan("符合政策范围金额", signed=True)] = None
    crt_payb_lmt_amt: Annotated[int | None, Yuan("本次可支付限额金额", signed=True)] = None
    fund_payamt: Annotated[int, Yuan("基金支付金额", signed=True)]
    fund_pay_type_name: Annotated[str, Text("基金支付类型名称", 200)] = ""
    setl_proc_info: Annotated[str, Text("结算过程信息", 4000)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTrialMessage:
    """Input of 2206."""

    data: Annotated[VisitTrial, One("预结算")]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSettlementMessage:
    """Input of 2207."""

    data: Annotated[VisitSettlement, One("结算")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementCancelMessage:
    """Input of 2208 and 2305."""

    data: Annotated[SettlementCancelled, One("结算撤销")]


@dataclass(frozen=True, slots=True, kw_only=True)
class StayTrialMessage:
    """Input of 2303."""

    data: Annotated[StayTrial, One("预结算")]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaySettlementMessage:
    """Input of 2304."""

    data: Annotated[StaySettlement, One("结算")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementAnswer:
    """Output of 2206, 2207, 2208, 2303, 2304, 2305."""

    setlinfo: Annotated[SettlementInfo, One("结算信息")]
    setldetail: Annotated[tuple[FundRow, ...], Many("结算基金分项")] = ()
