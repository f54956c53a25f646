"""Signing in and out, persons, institutions, entitlements: 9001, 9002, 1101, 1201, 2001."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from tuodi.gateway.national import codes
from tuodi.gateway.national.fields import Day, Extension, Many, Moment, Number, One, Text, Yuan
from tuodi.gateway.national.json_text import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """9001: an operator signs in."""

    opter_no: Annotated[str, Text("操作员编号", 20)]
    mac: Annotated[str, Text("签到MAC地址", 20)] = ""
    ip: Annotated[str, Text("签到IP地址", 20)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """9001: the number of the sign-in."""

    sign_time: Annotated[datetime, Moment("签到时间")]
    sign_no: Annotated[str, Text("签到编号", 30)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOut:
    """9002: an operator signs out."""

    sign_no: Annotated[str, Text("签到编号", 30)]
    opter_no: Annotated[str, Text("操作员编号", 20)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut:
    """9002: when."""

    sign_time: Annotated[datetime, Moment("签退时间")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAsked:
    """1101: a certificate, and whose it should be."""

    mdtrt_cert_type: Annotated[str, Text("就诊凭证类型", 3, codes.CERTIFICATE)]
    mdtrt_cert_no: Annotated[str, Text("就诊凭证编号", 50)]
    card_sn: Annotated[str, Text("卡识别码", 32)] = ""
    begntime: Annotated[datetime | None, Moment("开始时间")] = None
    psn_cert_type: Annotated[str, Text("人员证件类型", 6, codes.DOCUMENT)] = ""
    certno: Annotated[str, Text("证件号码", 50)] = ""
    psn_name: Annotated[str, Text("人员姓名", 50)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonBase:
    """1101: the person."""

    psn_no: Annotated[str, Text("人员编号", 30)]
    psn_cert_type: Annotated[str, Text("人员证件类型", 6, codes.DOCUMENT)]
    certno: Annotated[str, Text("证件号码", 50)]
    psn_name: Annotated[str, Text("人员姓名", 50)]
    gend: Annotated[str, Text("性别", 6, codes.SEX)]
    naty: Annotated[str, Text("民族", 3)] = ""
    brdy: Annotated[date | None, Day("出生日期")] = None
    age: Annotated[Decimal, Number("年龄", 4, 1)]
    exp_content: Annotated[Json, Extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InsuranceRow:
    """1101: one insurance of the person."""

    balc: Annotated[int, Yuan("余额")]
    insutype: Annotated[str, Text("险种类型", 6, codes.INSUTYPE)]
    psn_type: Annotated[str, Text("人员类别", 6, codes.PERSON_KIND)]
    psn_insu_stas: Annotated[str, Text("人员参保状态", 6, codes.INSURED)] = ""
    psn_insu_date: Annotated[date | None, Day("个人参保日期")] = None
    paus_insu_date: Annotated[date | None, Day("暂停参保日期")] = None
    cvlserv_flag: Annotated[str, Text("公务员标志", 3, codes.YES_NO)]
    insuplc_admdvs: Annotated[str, Text("参保地医保区划", 6)]
    emp_name: Annotated[str, Text("单位名称", 200)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRow:
    """1101: one identity of the person, assistance among them."""

    psn_idet_type: Annotated[str, Text("人员身份类别", 6, codes.IDENTITY)]
    psn_type_lv: Annotated[str, Text("人员类别等级", 3)] = ""
    memo: Annotated[str, Text("备注", 500)] = ""
    begntime: Annotated[datetime, Moment("开始时间")]
    endtime: Annotated[datetime | None, Moment("结束时间")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionAsked:
    """1201: an institution by code or name."""

    fixmedins_type: Annotated[str, Text("定点医疗服务机构类型", 6, codes.INSTITUTION_KIND)]
    fixmedins_name: Annotated[str, Text("定点医药机构名称", 200)] = ""
    fixmedins_code: Annotated[str, Text("定点医药机构编号", 30)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionInfo:
    """1201: the institution."""

    fixmedins_code: Annotated[str, Text("定点医药机构编号", 30)]
    fixmedins_name: Annotated[str, Text("定点医药机构名称", 200)]
    uscc: Annotated[str, Text("统一社会信用代码", 50)]
    fixmedins_type: Annotated[str, Text("定点医疗服务机构类型", 6, codes.INSTITUTION_KIND)]
    hosp_lv: Annotated[str, Text("医院等级", 6, codes.HOSP_LV)] = ""
    exp_content: Annotated[Json, Extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitlementAsked:
    """2001: may this person be paid for this care."""

    psn_no: Annotated[str, Text("人员编号", 30)]
    insutype: Annotated[str, Text("险种类型", 6, codes.INSUTYPE)]
    fixmedins_code: Annotated[str, Text("定点医药机构编号", 30)]
    med_type: Annotated[str, Text("医疗类别", 6, codes.MED_TYPE)]
    begntime: Annotated[datetime, Moment("开始时间")]
    endtime: Annotated[datetime | None, Moment("结束时间")] = None
    dise_codg: Annotated[str, Text("病种编码", 30)] = ""
    dise_name: Annotated[str, Text("病种名称", 500)] = ""
    oprn_oprt_code: Annotated[str, Text("手术操作代码", 30)] = ""
    oprn_oprt_name: Annotated[str, Text("手术操作名称", 500)] = ""
    matn_type: Annotated[str, Text("生育类别", 6)] = ""
    birctrl_type: Annotated[str, Text("计划生育手术类别", 6)] = ""
    exp_content: Annotated[Json, Extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitlementRow:
    """2001: one fund, yes or no."""

    psn_no: Annotated[str, Text("人员编号", 30)]
    trt_chk_type: Annotated[str, Text("待遇检查类型", 6)]
    fund_pay_type: Annotated[str, Text("基金支付类型", 6, codes.FUND)]
    trt_enjymnt_flag: Annotated[str, Text("基金款项待遇享受标志", 3, codes.YES_NO)]
    begndate: Annotated[date, Day("开始日期")]
    enddate: Annotated[date | None, Day("结束日期")] = None
    trt_chk_rslt: Annotated[str, Text("待遇检查结果", 500)] = ""
    exp_content: Annotated[Json, Extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInMessage:
    """Input of 9001."""

    signin: Annotated[SignIn, One("签到", wire="signIn")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInAnswer:
    """Output of 9001."""

    signinoutb: Annotated[SignedIn, One("签到结果")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOutMessage:
    """Input of 9002."""

    signout: Annotated[SignOut, One("签退", wire="signOut")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOutAnswer:
    """Output of 9002."""

    signoutoutb: Annotated[SignedOut, One("签退结果")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMessage:
    """Input of 1101."""

    data: Annotated[PersonAsked, One("人员")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAnswer:
    """Output of 1101."""

    baseinfo: Annotated[PersonBase, One("人员基本信息")]
    insuinfo: Annotated[tuple[InsuranceRow, ...], Many("参保信息")] = ()
    idetinfo: Annotated[tuple[IdentityRow, ...], Many("身份信息")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionMessage:
    """Input of 1201."""

    medinsinfo: Annotated[InstitutionAsked, One("机构")]


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionAnswer:
    """Output of 1201."""

    medinsinfo: Annotated[InstitutionInfo, One("机构信息")]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitlementMessage:
    """Input of 2001."""

    data: Annotated[EntitlementAsked, One("待遇检查")]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitlementAnswer:
    """Output of 2001."""

    trtinfo: Annotated[tuple[EntitlementRow, ...], Many("待遇")] = ()
