"""Stays and their fee lines: 2301, 2302, 2401 to 2405."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from tuodi.gateway.national import codes
from tuodi.gateway.national.fields import Day, Extension, Many, Moment, Number, One, Text, Whole, Yuan
from tuodi.gateway.national.json_text import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """2401: a patient is admitted."""

    psn_no: Annotated[str, Text("人员编号", 30)]
    insutype: Annotated[str, Text("险种类型", 6, codes.INSUTYPE)]
    coner_name: Annotated[str, Text("联系人姓名", 50)] = ""
    tel: Annotated[str, Text("联系电话", 50)] = ""
    begntime: Annotated[datetime, Moment("开始时间")]
    mdtrt_cert_type: Annotated[str, Text("就诊凭证类型", 3, codes.CERTIFICATE)]
    mdtrt_cert_no: Annotated[str, Text("就诊凭证编号", 50)] = ""
    card_sn: Annotated[str, Text("卡识别码", 32)] = ""
    cert_type: Annotated[str, Text("证件类型", 3, codes.DOCUMENT)] = ""
    certno: Annotated[str, Text("证件号码", 50)] = ""
    med_type: Annotated[str, Text("医疗类别", 6, codes.MED_TYPE)]
    ipt_no: Annotated[str, Text("住院号", 30)]
    medrcdno: Annotated[str, Text("病历号", 30)] = ""
    atddr_no: Annotated[str, Text("主治医生编码", 30)]
    chfpdr_name: Annotated[str, Text("主诊医师姓名", 50)]
    adm_diag_dscr: Annotated[str, Text("入院诊断描述", 200)]
    adm_dept_codg: Annotated[str, Text("入院科室编码", 30)]
    adm_dept_name: Annotated[str, Text("入院科室名称", 100)]
    adm_bed: Annotated[str, Text("入院床位", 30)]
    dscg_maindiag_code: Annotated[str, Text("住院主诊断代码", 20)]
    dscg_maindiag_name: Annotated[str, Text("住院主诊断名称", 300)]
    main_cond_dscr: Annotated[str, Text("主要病情描述", 1000)] = ""
    dise_codg: Annotated[str, Text("病种编码", 30)] = ""
    dise_name: Annotated[str, Text("病种名称", 500)] = ""
    oprn_oprt_code: Annotated[str, Text("手术操作代码", 30)] = ""
    oprn_oprt_name: Annotated[str, Text("手术操作名称", 500)] = ""
    fpsc_no: Annotated[str, Text("计划生育服务证号", 50)] = ""
    matn_type: Annotated[str, Text("生育类别", 6)] = ""
    birctrl_type: Annotated[str, Text("计划生育手术类别", 6)] = ""
    latechb_flag: Annotated[str, Text("晚育标志", 3)] = ""
    geso_val: Annotated[int | None, Whole("孕周数", 2)] = None
    fetts: Annotated[int | None, Whole("胎次", 3)] = None
    fetus_cnt: Annotated[int | None, Whole("胎儿数", 3)] = None
    pret_flag: Annotated[str, Text("早产标志", 3)] = ""
    birctrl_matn_date: Annotated[date | None, Day("计划生育手术或生育日期")] = None
    dise_type_code: Annotated[str, Text("病种类型", 6)] = ""
    exp_content: Annotated[Json, Extension()] = None
    insuplc_admdvs: Annotated[str, Text("参保地医保区划", 6)] = ""
    mdtrtarea_admvs: Annotated[str, Text("就医地医保区划", 6)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionDiagnosis:
    """2401 and 2403: one diagnosis."""

    psn_no: Annotated[str, Text("人员编号", 30)] = ""
    diag_type: Annotated[str, Text("诊断类别", 3, codes.DIAGNOSIS)]
    maindiag_flag: Annotated[str, Text("主诊断标志", 3, codes.YES_NO)]
    diag_srt_no: Annotated[int, Whole("诊断排序号", 2)]
    diag_code: Annotated[str, Text("诊断代码", 20)]
    diag_name: Annotated[str, Text("诊断名称", 100)]
    adm_cond: Annotated[str, Text("入院病情", 500)] = ""
    diag_dept: Annotated[str, Text("诊断科室", 50)]
    dise_dor_no: Annotated[str, Text("诊断医生编码", 30)]
    dise_dor_name: Annotated[str, Text("诊断医生姓名", 50)]
    diag_time: Annotated[datetime, Moment("诊断时间")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """2401: the number of the stay."""

    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    exp_content: Annotated[Json, Extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discharge:
    """2402: a patient is discharged."""

    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    psn_no: Annotated[str, Text("人员编号", 30)]
    insutype: Annotated[str, Text("险种类型", 6, codes.INSUTYPE)]
    endtime: Annotated[datetime, Moment("结束时间")]
    dise_codg: Annotated[str, Text("病种编码", 30)] = ""
    dise_name: Annotated[str, Text("病种名称", 500)] = ""
    oprn_oprt_code: Annotated[str, Text("手术操作代码", 30)] = ""
    oprn_oprt_name: Annotated[str, Text("手术操作名称", 500)] = ""
    fpsc_no: Annotated[str, Text("计划生育服务证号", 50)] = ""
    matn_type: Annotated[str, Text("生育类别", 6)] = ""
    birctrl_type: Annotated[str, Text("计划生育手术类别", 6)] = ""
    latechb_flag: Annotated[str, Text("晚育标志", 3)] = ""
    geso_val: Annotated[int | None, Whole("孕周数", 2)] = None
    fetts: Annotated[int | None, Whole("胎次", 3)] = None
    fetus_cnt: Annotated[int | None, Whole("胎儿数", 3)] = None
    pret_flag: Annotated[str, Text("早产标志", 3)] = ""
    birctrl_matn_date: Annotated[date | None, Day("计划生育手术或生育日期")] = None
    cop_flag: Annotated[str, Text("伴有并发症标志", 3)] = ""
    dscg_dept_codg: Annotated[str, Text("出院科室编码", 30)]
    dscg_dept_name: Annotated[str, Text("出院科室名称", 100)]
    dscg_bed: Annotated[str, Text("出院床位", 30)] = ""
    dscg_way: Annotated[str, Text("离院方式", 3, codes.DISCHARGE)]
    die_date: Annotated[date | None, Day("死亡日期")] = None
    exp_content: Annotated[Json, Extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargeDiagnosis:
    """2402: one diagnosis at discharge."""

    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    psn_no: Annotated[str, Text("人员编号", 30)]
    diag_type: Annotated[str, Text("诊断类别", 3, codes.DIAGNOSIS)]
    maindiag_flag: Annotated[str, Text("主诊断标志", 3, codes.YES_NO)]
    diag_srt_no: Annotated[int, Whole("诊断排序号", 2)]
    diag_code: Annotated[str, Text("诊断代码", 20)]
    diag_name: Annotated[str, Text("诊断名称", 100)]
    diag_dept: Annotated[str, Text("诊断科室", 50)]
    dise_dor_no: Annotated[str, Text("诊断医生编码", 30)]
    dise_dor_name: Annotated[str, Text("诊断医生姓名", 50)]
    diag_time: Annotated[datetime, Moment("诊断时间")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionChange:
    """2403: the admission is changed."""

    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    ipt_otp_no: Annotated[str, Text("住院/门诊号", 30)]
    endtime: Annotated[datetime | None, Moment("结束时间")] = None
    ttp_pay_prop: Annotated[Decimal | None, Number("第三方支付比例", 5, 4)] = None
    psn_no: Annotated[str, Text("人员编号", 30)]
    coner_name: Annotated[str, Text("联系人姓名", 50)] = ""
    tel: Annotated[str, Text("联系电话", 50)] = ""
    begntime: Annotated[datetime, Moment("开始时间")]
    mdtrt_cert_type: Annotated[str, Text("就诊凭证类型", 3, codes.CERTIFICATE)]
    card_sn: Annotated[str, Text("卡识别码", 32)] = ""
    cert_type: Annotated[str, Text("证件类型", 3, codes.DOCUMENT)] = ""
    certno: Annotated[str, Text("证件号码", 50)] = ""
    med_type: Annotated[str, Text("医疗类别", 6, codes.MED_TYPE)]
    medrcdno: Annotated[str, Text("病历号", 30)] = ""
    atddr_no: Annotated[str, Text("主治医生编码", 30)]
    chfpdr_name: Annotated[str, Text("主诊医师姓名", 50)]
    adm_diag_dscr: Annotated[str, Text("入院诊断描述", 200)]
    adm_dept_codg: Annotated[str, Text("入院科室编码", 30)]
    adm_dept_name: Annotated[str, Text("入院科室名称", 100)]
    adm_bed: Annotated[str, Text("入院床位", 30)]
    dscg_maindiag_code: Annotated[str, Text("住院主诊断代码", 20)]
    dscg_maindiag_name: Annotated[str, Text("住院主诊断名称", 300)]
    main_cond_dscr: Annotated[str, Text("主要病情描述", 1000)] = ""
    dise_codg: Annotated[str, Text("病种编码", 30)] = ""
    dise_name: Annotated[str, Text("病种名称", 500)] = ""
    oprn_oprt_code: Annotated[str, Text("手术操作代码", 30)] = ""
    oprn_oprt_name: Annotated[str, Text("手术操作名称", 500)] = ""
    fpsc_no: Annotated[str, Text("计划生育服务证号", 50)] = ""
    matn_type: Annotated[str, Text("生育类别", 6)] = ""
    birctrl_type: Annotated[str, Text("计划生育手术类别", 6)] = ""
    latechb_flag: Annotated[str, Text("晚育标志", 3)] = ""
    geso_val: Annotated[int | None, Whole("孕周数", 2)] = None
    fetts: Annotated[int | None, Whole("胎次", 3)] = None
    fetus_cnt: Annotated[int | None, Whole("胎儿数", 3)] = None
    pret_flag: Annotated[str, Text("早产标志", 3)] = ""
    birctrl_matn_date: Annotated[date | None, Day("计划生育手术或生育日期")] = None
    dise_type_code: Annotated[str, Text("病种类型", 6)] = ""
    exp_content: Annotated[Json, Extension()] = None
    insuplc_admdvs: Annotated[str, Text("参保地医保区划", 6)] = ""
    mdtrtarea_admvs: Annotated[str, Text("就医地医保区划", 6)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StayCancelled:
    """2404 and 2405: admission or discharge is withdrawn."""

    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    psn_no: Annotated[str, Text("人员编号", 30)]
    exp_content: Annotated[Json, Extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StayFeeLine:
    """2301: one fee line; a return has a negative count and names the line it returns."""

    feedetl_sn: Annotated[str, Text("费用明细流水号", 30)]
    init_feedetl_sn: Annotated[str, Text("原费用流水号", 30)] = ""
    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    drord_no: Annotated[str, Text("医嘱号", 30)] = ""
    psn_no: Annotated[str, Text("人员编号", 30)]
    med_type: Annotated[str, Text("医疗类别", 6, codes.MED_TYPE)]
    fee_ocur_time: Annotated[datetime, Moment("费用发生时间")]
    med_list_codg: Annotated[str, Text("医疗目录编码", 50)]
    medins_list_codg: Annotated[str, Text("医药机构目录编码", 150)]
    det_item_fee_sumamt: Annotated[int, Yuan("明细项目费用总额", signed=True)]
    cnt: Annotated[Decimal, Number("数量", 16, 4, signed=True)]
    pric: Annotated[Decimal, Number("单价", 16, 6, signed=True)]
    bilg_dept_codg: Annotated[str, Text("开单科室编码", 30)]
    bilg_dept_name: Annotated[str, Text("开单科室名称", 100)]
    bilg_dr_codg: Annotated[str, Text("开单医生编码", 30)]
    bilg_dr_name: Annotated[str, Text("开单医师姓名", 50)]
    acord_dept_codg: Annotated[str, Text("受单科室编码", 30)] = ""
    acord_dept_name: Annotated[str, Text("受单科室名称", 100)] = ""
    orders_dr_code: Annotated[str, Text("受单医生编码", 30)] = ""
    orders_dr_name: Annotated[str, Text("受单医生姓名", 50)] = ""
    hosp_appr_flag: Annotated[str, Text("医院审批标志", 3)] = ""
    tcmdrug_used_way: Annotated[str, Text("中药使用方式", 6)] = ""
    etip_flag: Annotated[str, Text("外检标志", 3)] = ""
    etip_hosp_code: Annotated[str, Text("外检医院编码", 30)] = ""
    dscg_tkdrug_flag: Annotated[str, Text("出院带药标志", 3)] = ""
    matn_fee_flag: Annotated[str, Text("生育费用标志", 6)] = ""
    memo: Annotated[str, Text("备注", 500)] = ""
    comb_no: Annotated[str, Text("组套编号", 3)] = ""
    exp_content: Annotated[Json, Extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StayFeeLineCancelled:
    """2302: a fee line is withdrawn; "0000" all of them."""

    feedetl_sn: Annotated[str, Text("费用明细流水号", 30)]
    mdtrt_id: Annotated[str, Text("就诊ID", 30)]
    psn_no: Annotated[str, Text("人员编号", 30)]
    exp_content: Annotated[Json, Extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionMessage:
    """Input of 2401."""

    mdtrtinfo: Annotated[Admission, One("入院信息")]
    diseinfo: Annotated[tuple[AdmissionDiagnosis, ...], Many("入院诊断")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionAnswer:
    """Output of 2401."""

    result: Annotated[Admitted, One("入院结果")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargeMessage:
    """Input of 2402."""

    dscginfo: Annotated[Discharge, One("出院信息")]
    diseinfo: Annotated[tuple[DischargeDiagnosis, ...], Many("出院诊断")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionChangeMessage:
    """Input of 2403."""

    adminfo: Annotated[AdmissionChange, One("入院变更信息")]
    diseinfo: Annotated[tuple[AdmissionDiagnosis, ...], Many("入院诊断")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StayCancelMessage:
    """Input of 2404 and 2405."""

    data: Annotated[StayCancelled, One("撤销")]


@dataclass(frozen=True, slots=True, kw_only=True)
class StayFeeLinesMessage:
    """Input of 2301."""

    feedetail: Annotated[tuple[StayFeeLine, ...], Many("费用明细")]


@dataclass(frozen=True, slots=True, kw_only=True)
class StayFeeLinesCancelMessage:
    """Input of 2302."""

    data: Annotated[tuple[StayFeeLineCancelled, ...], Many("明细撤销")]
