"""Out-patient visits and their fee lines: 2201 to 2205."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from tuodi.gateway.national import codes
from tuodi.gateway.national.fields import Day, Extension, Many, Moment, Number, One, Text, Whole, Yuan
from tuodi.gateway.national.json_text import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """2201: a visit is registered."""

    psn_no: Annotated[str, Text("人员编号", 30)]
    insutype: Annotated[str, Text("险种类型", 6, codes.INSUTYPE)]
    begntime: Annotated[datetime, Moment("开始时间")]
    mdtrt_cert_type: Annotated[str, Text("就诊凭证类型", 3, codes.CERTIFICATE)]
    mdtrt_cert_no: Annotated[str, Text("就诊凭证编号", 50)]
    card_sn: Annotated[str, Text("卡识别码", 32)] = ""
    psn_cert_type: Annotated[str, Text("证件类型", 3, codes.DOCUMENT)] = ""
    certno: Annotated[str, Text("证件号码", 50)] = ""
    psn_type: Annotated[str, Text("人员类别", 3, codes.PERSON_KIND)] = ""
    psn_name: Annotated[str, Text("人员姓名", 50)] = ""
    ipt_otp_no: Annotated[str, Text("住院/门诊号", 30)]
    atddr_no: Annotated[str, Text("医师编码", 30)] = ""
    dr_name: Annotated[str, Text("医师姓名", 50)] = ""
    dept_code: Annotated[str, Text("科室编码", 30)]
    dept_name: Annotated[str, Text("科室名称", 100)]
    caty: Annotated[str, Text("科别", 10)]
    exp_content: Annotated[Json, Extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """2201: the number of the visit."""

    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    psn_no: Annotated[str, Text("人员编号", 30)]
    ipt_otp_no: Annotated[str, Text("住院/门诊号", 30)]
    exp_content: Annotated[Json, Extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationCancelled:
    """2202: the visit is withdrawn."""

    psn_no: Annotated[str, Text("人员编号", 30)]
    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    ipt_otp_no: Annotated[str, Text("住院/门诊号", 30)]
    exp_content: Annotated[Json, Extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitInfo:
    """2203: what the visit is for."""

    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    psn_no: Annotated[str, Text("人员编号", 30)]
    med_type: Annotated[str, Text("医疗类别", 6, codes.MED_TYPE)]
    begntime: Annotated[datetime, Moment("开始时间")]
    main_cond_dscr: Annotated[str, Text("主要病情描述", 1000)] = ""
    dise_type_code: Annotated[str, Text("病种类型代码", 30)] = ""
    dise_codg: Annotated[str, Text("病种编码", 30)] = ""
    dise_name: Annotated[str, Text("病种名称", 500)] = ""
    birctrl_type: Annotated[str, Text("计划生育手术类别", 6)] = ""
    birctrl_matn_date: Annotated[date | None, Day("计划生育手术或生育日期")] = None
    exp_content: Annotated[Json, Extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDiagnosis:
    """2203: one diagnosis."""

    diag_type: Annotated[str, Text("诊断类别", 3, codes.DIAGNOSIS)]
    diag_srt_no: Annotated[int, Whole("诊断排序号", 2)]
    diag_code: Annotated[str, Text("诊断代码", 20)]
    diag_name: Annotated[str, Text("诊断名称", 100)]
    diag_dept: Annotated[str, Text("诊断科室", 50)]
    dise_dor_no: Annotated[str, Text("诊断医生编码", 30)]
    dise_dor_name: Annotated[str, Text("诊断医生姓名", 50)]
    diag_time: Annotated[datetime, Moment("诊断时间")]
    vali_flag: Annotated[str, Text("有效标志", 3, codes.YES_NO)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLine:
    """2204: one fee line."""

    feedetl_sn: Annotated[str, Text("费用明细流水号", 30)]
    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    psn_no: Annotated[str, Text("人员编号", 30)]
    chrg_bchno: Annotated[str, Text("收费批次号", 30)]
    dise_codg: Annotated[str, Text("病种编码", 30)] = ""
    rxno: Annotated[str, Text("处方号", 30)] = ""
    rx_circ_flag: Annotated[str, Text("外购处方标志", 3, codes.YES_NO)] = ""
    fee_ocur_time: Annotated[datetime, Moment("费用发生时间")]
    med_list_codg: Annotated[str, Text("医疗目录编码", 50)]
    medins_list_codg: Annotated[str, Text("医药机构目录编码", 150)]
    det_item_fee_sumamt: Annotated[int, Yuan("明细项目费用总额")]
    cnt: Annotated[Decimal, Number("数量", 16, 4)]
    pric: Annotated[Decimal, Number("单价", 16, 6)]
    sin_dos_dscr: Annotated[str, Text("单次剂量描述", 200)] = ""
    used_frqu_dscr: Annotated[str, Text("使用频次描述", 200)] = ""
    prd_days: Annotated[Decimal | None, Number("周期天数", 4, 2)] = None
    medc_way_dscr: Annotated[str, Text("用药途径描述", 200)] = ""
    bilg_dept_codg: Annotated[str, Text("开单科室编码", 30)]
    bilg_dept_name: Annotated[str, Text("开单科室名称", 100)]
    bilg_dr_codg: Annotated[str, Text("开单医生编码", 30)]
    bilg_dr_name: Annotated[str, Text("开单医师姓名", 50)]
    acord_dept_codg: Annotated[str, Text("受单科室编码", 30)] = ""
    acord_dept_name: Annotated[str, Text("受单科室名称", 100)] = ""
    orders_dr_code: Annotated[str, Text("受单医生编码", 30)] = ""
    orders_dr_name: Annotated[str, Text("受单医生姓名", 50)] = ""
    hosp_appr_flag: Annotated[str, Text("医院审批标志", 3)]
    tcmdrug_used_way: Annotated[str, Text("中药使用方式", 6)] = ""
    etip_flag: Annotated[str, Text("外检标志", 3)] = ""
    etip_hosp_code: Annotated[str, Text("外检医院编码", 30)] = ""
    dscg_tkdrug_flag: Annotated[str, Text("出院带药标志", 3)] = ""
    matn_fee_flag: Annotated[str, Text("生育费用标志", 6)] = ""
    memo: Annotated[str, Text("备注", 1000)] = ""
    comb_no: Annotated[str, Text("组套编码", 3)] = ""
    exp_content: Annotated[Json, Extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitLine:
    """2204 and 2301: how a fee line divides."""

    feedetl_sn: Annotated[str, Text("费用明细流水号", 30)]
    det_item_fee_sumamt: Annotated[int, Yuan("明细项目费用总额", signed=True)]
    cnt: Annotated[Decimal, Number("数量", 16, 4, signed=True)]
    pric: Annotated[Decimal, Number("单价", 16, 6, signed=True)]
    pric_uplmt_amt: Annotated[Decimal, Number("定价上限金额", 16, 6, signed=True)]
    selfpay_prop: Annotated[Decimal | None, Number("自付比例", 5, 4, signed=True)] = None
    fulamt_ownpay_amt: Annotated[int | None, Yuan("全自费金额", signed=True)] = None
    overlmt_amt: Annotated[int | None, Yuan("超限价金额", signed=True)] = None
    preselfpay_amt: Annotated[int | None, Yuan("先行自付金额", signed=True)] = None
    inscp_scp_amt: Annotated[int | None, Yuan("符合政策范围金额", signed=True)] = None
    chrgitm_lv: Annotated[str, Text("收费项目等级", 3, codes.CHARGE_LEVEL)]
    med_chrgitm_type: Annotated[str, Text("医疗收费项目类别", 6, codes.CHARGE_KIND)]
    bas_medn_flag: Annotated[str, Text("基本药物标志", 3)] = ""
    hi_nego_drug_flag: Annotated[str, Text("医保谈判药品标志", 3)] = ""
    chld_medc_flag: Annotated[str, Text("儿童用药标志", 3)] = ""
    list_sp_item_flag: Annotated[str, Text("目录特项标志", 3)] = ""
    lmt_used_flag: Annotated[str, Text("限制使用标志", 3)]
    drt_reim_flag: Annotated[str, Text("直报标志", 3)] = ""
    memo: Annotated[str, Text("备注", 500)] = ""
    exp_content: Annotated[Json, Extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLinesCancelled:
    """2205: a batch of fee lines is withdrawn; "0000" all that are unsettled."""

    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    chrg_bchno: Annotated[str, Text("收费批次号", 30)]
    psn_no: Annotated[str, Text("人员编号", 30)]
    exp_content: Annotated[Json, Extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationMessage:
    """Input of 2201."""

    data: Annotated[Registration, One("挂号信息")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationAnswer:
    """Output of 2201."""

    data: Annotated[Registered, One("挂号结果")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationCancelMessage:
    """Input of 2202."""

    data: Annotated[RegistrationCancelled, One("挂号撤销")]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitMessage:
    """Input of 2203."""

    mdtrtinfo: Annotated[VisitInfo, One("就诊信息")]
    diseinfo: Annotated[tuple[VisitDiagnosis, ...], Many("诊断信息")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLinesMessage:
    """Input of 2204."""

    feedetail: Annotated[tuple[FeeLine, ...], Many("费用明细")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLinesAnswer:
    """Output of 2204 and 2301."""

    result: Annotated[tuple[SplitLine, ...], Many("费用明细结果")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLinesCancelMessage:
    """Input of 2205."""

    data: Annotated[FeeLinesCancelled, One("明细撤销")]
