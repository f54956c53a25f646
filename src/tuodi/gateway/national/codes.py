"""The interface's code tables, as data, and how they meet our own words.

The codes are the national ones; where a province has added its own they are kept apart (`local`). A table is `closed`
where a value outside it cannot be acted on; the others grow by province and are only looked up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTable:
    """Names by code."""

    id: str
    label: str
    names: Mapping[str, str]
    closed: bool = False

    def __hash__(self) -> int:
        return hash(self.id)

    def name(self, code: str) -> str:
        """The name of a code; the code itself where it is unknown."""
        return self.names.get(code, code)

    def listed(self) -> str:
        """ "0 否、1 是"."""
        return "、".join(f"{code} {name}" for code, name in self.names.items())


def _table(id: str, label: str, text: str, *, closed: bool = False) -> CodeTable:  # noqa: A002
    """A table of lines "code name", or several separated by semicolons."""
    rows = [row.split(None, 1) for row in text.replace("；", "\n").splitlines() if row.strip()]
    return CodeTable(id=id, label=label, names={code: name.strip() for code, name in rows}, closed=closed)


# ---- care ------------------------------------------------------------------------------------------------------------

MED_TYPE = _table(
    "med_type",
    "医疗类别",
    """
    11 普通门诊；1103 癌症筛查；12 门诊挂号；13 急诊；1301 急诊抢救；14 门诊慢特病；18 特药购药
    21 普通住院；2101 普通住院；2102 单病种住院；21303 精神病住院；2105 康复治疗住院；2106 生育平产；2107 剖宫产
    2109 新生儿抢救；22 外伤住院；28 日间手术；41 定点药店购药；51 生育门诊；52 生育住院；53 计划生育手术费
    71 家庭病床；9901 门诊两病；990101 门诊单病种；990103 核酸检测；9903 意外伤害门诊；9904 大病特药
    """,
    closed=True,
)

SERVICE_OF_MED_TYPE: Mapping[str, str] = {
    **dict.fromkeys(["11", "1103", "12", "13", "1301", "41", "51", "990103", "9903"], "outpatient"),
    **dict.fromkeys(["14", "18", "9901", "990101", "9904"], "outpatient_chronic"),
    **dict.fromkeys(["21", "2101", "2102", "2105", "2109", "22", "28", "53", "71"], "inpatient"),
    **dict.fromkeys(["2106", "2107", "52"], "childbirth"),
    "21303": "psychiatric_inpatient",
}
"""Our service for each medical category; every code of the table has one."""

MED_TYPE_OF_SERVICE: Mapping[str, str] = {
    "inpatient": "21",
    "outpatient": "11",
    "outpatient_chronic": "14",
    "psychiatric_inpatient": "21303",
    "childbirth": "52",
}
"""The usual medical category of those services that come through hospitals' messages."""

STAY_SERVICES = frozenset({"inpatient", "psychiatric_inpatient", "childbirth"})

CLR_TYPE = _table(
    "clr_type",
    "清算类别",
    """
    11 门诊；12 门诊挂号；13 急诊；14 门诊慢特病；15 两病门诊；18 特药购药；21 住院；22 意外伤害住院；27 单病种住院
    28 日间手术；41 药店购药；51 暂缓结算；53 生育门诊；99 其他
    """,
)

CLR_TYPE_OF_MED_TYPE: Mapping[str, str] = {
    **dict.fromkeys(["11", "1103", "990101", "990103", "9903"], "11"),
    "12": "12",
    **dict.fromkeys(["13", "1301"], "13"),
    "14": "14",
    "9901": "15",
    **dict.fromkeys(["18", "9904"], "18"),
    **dict.fromkeys(["21", "2101", "21303", "2105", "2106", "2107", "2109", "52", "53", "71"], "21"),
    "22": "22",
    "2102": "27",
    "28": "28",
    "41": "41",
    "51": "53",
}
"""The clearing category that a settlement of this medical category is cleared in."""

CLR_WAY = _table("clr_way", "清算方式", "1 按项目；2 单病种；3 按床日；4 按人头；40 DRG；50 DIP；8 月定额；9 其他")

HOSP_LV = _table(
    "hosp_lv",
    "医院等级",
    """
    1 三级特等；2 三级甲等；3 三级乙等；4 三级丙等；5 二级甲等；6 二级乙等；7 二级丙等；8 一级甲等；9 一级乙等
    10 一级丙等；11 无等级；12 三级无等；13 二级无等；14 一级无等
    """,
)

LEVEL_OF_HOSP_LV: Mapping[str, int] = {
    **dict.fromkeys(["1", "2", "3", "4", "12"], 3),
    **dict.fromkeys(["5", "6", "7", "13"], 2),
    **dict.fromkeys(["8", "9", "10", "14", "11"], 1),
}
"""Level 1, 2 or 3; an institution without a level counts as one of level 1."""

DISCHARGE = _table(
    "dscg_way", "离院方式", "1 医嘱离院；2 医嘱转院；3 转社区；4 非医嘱离院；5 死亡；9 其他", closed=True
)
DIAGNOSIS = _table("diag_type", "诊断类别", "1 西医诊断；2 中医主病诊断；3 中医主证诊断")
CHARGE_LEVEL = _table("chrgitm_lv", "收费项目等级", "01 甲类；02 乙类；03 丙类（自费）")
CHARGE_KIND = _table(
    "med_chrgitm_type",
    "医疗收费项目类别",
    """
    01 床位费；02 诊察费；03 检查费；04 化验费；05 治疗费；06 手术费；07 护理费；08 卫生材料费；09 西药费
    10 中药饮片费；11 中成药费；12 一般诊疗费；13 挂号费；14 其他费
    """,
)

# ---- persons ---------------------------------------------------------------------------------------------------------

CERTIFICATE = _table(
    "mdtrt_cert_type", "就诊凭证类型", "01 医保电子凭证；02 居民身份证；03 社会保障卡；99 其他", closed=True
)
DOCUMENT = _table(
    "psn_cert_type",
    "人员证件类型",
    """
    01 居民身份证（户口簿）；02 军官证；03 武警警官证；04 香港护照或通行证；05 澳门护照或通行证；06 台湾通行证
    07 外国人永久居留证；08 外国人护照；09 残疾人证；10 军烈属证明；16 中国护照；17 港澳台居民居住证
    90 社会保障卡；99 其他
    """,
)
SEX = _table("gend", "性别", "0 未知；1 男；2 女；9 未说明")
INSURED = _table("psn_insu_stas", "人员参保状态", "0 未参保；1 正常参保；2 暂停参保；3 无效参保；4 终止参保")

INSUTYPE = _table(
    "insutype",
    "险种类型",
    """
    310 职工基本医疗保险；320 公务员医疗补助；330 大额医疗费用补助；340 离休人员医疗保障；350 一至六级残废军人医疗补助
    360 老红军医疗保障；370 企业补充医疗保险；380 新型农村合作医疗；390 城乡居民基本医疗保险；391 城镇居民基本医疗保险
    392 城乡居民大病医疗保险；399 其他特殊人员医疗保障；410 长期照护保险；510 生育保险
    """,
    closed=True,
)

INSURANCE_OF_INSUTYPE: Mapping[str, str] = {
    **dict.fromkeys(["310", "320", "330", "340", "350", "360", "370"], "employee"),
    **dict.fromkeys(["380", "390", "391", "392"], "resident"),
    **dict.fromkeys(["399", "410", "510"], "none"),
}
"""Our insurance for each kind; those that are no basic medical insurance give none."""

INSUTYPE_OF_INSURANCE: Mapping[str, str] = {"employee": "310", "resident": "390"}

PERSON_KIND = _table(
    "psn_type",
    "人员类别",
    """
    11 在职；1101 在职；12 退休；1204 提前退休；13 离休；1401 新生儿；1402 学龄前儿童；1403 中小学生；1404 大学生
    1405 未成年（未入学）；15 居民（成年）；151 居民；16 居民（老年）；1701 城乡居民；18 农牧民；33 一至六级残疾军人
    34 建国前老工人；99 其他
    """,
)

IDENTITY = _table(
    "psn_idet_type",
    "人员身份类别",
    """
    21 优抚人员；2101 因公牺牲军人家属；2102 退出现役残疾军人；2103 二等乙级伤残军人；2104 一至六级残疾军人；2105 老红军
    2160 地方扩展优抚人员；22 医疗照顾人员；23 医疗救助人员；2301 三无人员；2302 建档立卡贫困人员；2303 低保救助对象
    2304 特困救助对象；2305 低收入救助对象；2306 因病致贫救助对象；2307 农村五保户；2308 残疾人员
    2360 地方扩展医疗救助对象；24 军人；2401 现役军人家属；60 地方扩展其他特殊待遇；6008 失独父母
    """,
)

STATUS_OF_IDENTITY: Mapping[str, str] = {
    **dict.fromkeys(["21", "2101", "2102", "2103", "2104", "2105", "2160"], "entitled_group"),
    **dict.fromkeys(["2301", "2304", "2307"], "extreme_poverty"),
    "2302": "registered_poor",
    "2303": "subsistence_allowance",
    "2305": "low_income",
    "2306": "illness_impoverished",
    "2308": "severe_disability",
    "6008": "family_planning_hardship",
}
"""Our status for each national identity that has one."""

LOCAL_STATUS_OF_IDENTITY: Mapping[str, str] = {
    **dict.fromkeys(["226101", "226102", "226103"], "poverty_monitored"),
    "226104": "returned_to_poverty",
    **dict.fromkeys(["236012", "24"], "subsistence_allowance"),
    "236046": "priority_child",
    "236074": "subsistence_margin",
    "230801": "severe_disability",
    "2361": "orphan",
    "2370": "unsupported_child",
}
"""One province's own codes, as a pattern for others; only for rosters, never sent by us."""

LOCAL_IDENTITY = "2360"
"""地方扩展医疗救助对象: what a status without a national code is sent as, its name in the remark."""

IDENTITY_OF_STATUS: Mapping[str, str] = {
    "extreme_poverty": "2304",
    "subsistence_allowance": "2303",
    "registered_poor": "2302",
    "low_income": "2305",
    "illness_impoverished": "2306",
    "severe_disability": "2308",
    "entitled_group": "21",
    "family_planning_hardship": "6008",
}
"""The national identity that a status is sent as; all others are sent as `LOCAL_IDENTITY`."""

# ---- money -----------------------------------------------------------------------------------------------------------

FUND = _table(
    "fund_pay_type",
    "基金支付类型",
    """
    310100 职工基本医疗保险统筹基金；310200 职工基本医疗保险个人账户基金；310300 职工大病补助
    320100 公务员医疗补助基金；330100 大额医疗费用补助基金；330200 职工意外伤害基金；340100 离休人员医疗保障基金
    350100 一至六级残疾军人医疗补助基金；360100 财政基金；370100 企业补充医疗保险基金；370200 公益补充保险
    390100 城乡居民基本医疗保险基金；390200 城乡居民大病医疗保险资金；390300 城乡居民大病补充
    390400 城乡居民意外伤害基金；390500 城乡居民家庭账户；510100 生育基金；610100 医疗救助基金
    610200 优抚对象医疗补助基金；620100 特惠保补偿金；630100 医院减免金；640100 政府兜底资金
    999109 农村低收入人口医疗补充保险；999900 医院垫付；999996 医院垫付基金；999997 其他基金
    """,
)

FIELD_OF_FUND: Mapping[str, str] = {
    **dict.fromkeys(["3101", "3901"], "hifp_pay"),
    "3201": "cvlserv_pay",
    **dict.fromkeys(["3701", "3702"], "hifes_pay"),
    **dict.fromkeys(["3902", "3903"], "hifmi_pay"),
    **dict.fromkeys(["3103", "3301"], "hifob_pay"),
    "6101": "maf_pay",
    **dict.fromkeys(["3102", "3905"], "acct_pay"),
    **dict.fromkeys(["6301", "9999"], "hosp_part_amt"),
}
"""The settlement's field for a fund, by the first four digits of its code; any other fund stands in `oth_pay`.

Money that a hospital bears (6301, 999900, 999996) and the personal account are rows too, but no part of the fund total.
`999997` is the other-funds code and stands in `oth_pay`.
"""

PAYER_OF_FUND: Mapping[str, str] = {
    **dict.fromkeys(["3101", "3401", "3901", "5101"], "basic"),
    **dict.fromkeys(["3103", "3301", "3902", "3903"], "critical_illness"),
    **dict.fromkeys(["3201", "3202", "3701", "3702", "9991"], "supplementary"),
    **dict.fromkeys(["3302", "3904", "6201"], "commercial"),
    **dict.fromkeys(["3501", "3601", "3603", "6102", "6401"], "other_relief"),
}
"""Our payer for a fund, by the first four digits of its code; any other fund is `other_relief`."""

FUND_OF_PAYER: Mapping[str, Mapping[str, str]] = {
    "employee": {"basic": "310100", "critical_illness": "330100", "supplementary": "370100"},
    "resident": {"basic": "390100", "critical_illness": "390200", "supplementary": "999109"},
}
"""The fund that a payer's money is sent under, by insurance; whatever is not listed is sent as 999997."""

OTHER_FUND = "999997"
RELIEF_FUND = "610100"
HOSPITAL_FUND = "999996"
ACCOUNT_FUND: Mapping[str, str] = {"employee": "310200", "resident": "390500"}

# ---- small tables ----------------------------------------------------------------------------------------------------

YES_NO = _table("yes_no", "是否", "0 否；1 是")
OPERATOR_KIND = _table("opter_type", "经办人类别", "1 经办人；2 自助终端；3 移动终端")
SETTLE_WAY = _table("psn_setlway", "个人结算方式", "01 按项目结算；02 按定额结算")
ACCOUNT_USED = _table("acct_used_flag", "个人账户使用标志", "0 不使用；1 使用本人账户；2 使用共济账户", closed=True)
INSTITUTION_KIND = _table(
    "fixmedins_type",
    "定点医疗服务机构类型",
    "1 定点医疗机构；2 定点零售药店；3 工伤定点康复机构；4 辅助器具机构；5 计划生育服务机构",
)
PAID_AT = _table("pay_loc", "支付地点类别", "1 中心；2 医疗机构；3 省内异地；4 跨省异地；5 互联网医院；6 市内异地")

STATEMENT_EDITIONS: Mapping[str, CodeTable] = {
    "plain": _table("stmt_rslt", "对账结果", "0 平；1 不平"),
    "refined": _table("stmt_rslt", "对账结果", "0 平；1 中心多；2 医药机构多；3 数据不一致"),
    "long": _table("stmt_rslt", "对账结果", "000000 平；000101 中心多；000102 医药机构多；000103 数据不一致"),
}
"""The three editions of the result of reconciliation; `refined` is the usual one."""

COUNT_CODES = _table(
    "cum_type_code",
    "累计类别",
    """
    C0000 年度就诊次数；F0000 年度医疗费总额；Q0000 已付起付线；D390101 居民基本医疗保险统筹累计支付
    D390201 居民大病保险累计支付
    D310101 职工基本医疗保险统筹累计支付；D330101 大额医疗费用补助累计支付；D610101 医疗救助基金累计支付
    """,
)

ASSISTED_COUNT = "D610101"
"""What medical assistance has paid in the year."""

TABLES: tuple[CodeTable, ...] = (
    *(MED_TYPE, CLR_TYPE, CLR_WAY, HOSP_LV, DISCHARGE, DIAGNOSIS, CHARGE_LEVEL, CHARGE_KIND, CERTIFICATE, DOCUMENT),
    *(SEX, INSURED, INSUTYPE, PERSON_KIND, IDENTITY, FUND, YES_NO, OPERATOR_KIND, SETTLE_WAY, ACCOUNT_USED),
    *(INSTITUTION_KIND, PAID_AT, STATEMENT_EDITIONS["refined"], COUNT_CODES),
)
"""Every table, for documentation."""


def field_of_fund(fund: str) -> str:
    """The settlement's field that a fund's money stands in."""
    return "oth_pay" if fund == OTHER_FUND else FIELD_OF_FUND.get(fund[:4], "oth_pay")


def payer_of_fund(fund: str) -> str:
    """Our payer for a fund."""
    return PAYER_OF_FUND.get(fund[:4], "other_relief")


def fund_of_payer(insurance: str, payer: str) -> str:
    """The fund that a payer's money is sent under."""
    return FUND_OF_PAYER.get(insurance, {}).get(payer, OTHER_FUND)


def identity_of_status(status: str) -> str:
    """The identity that a status is sent as."""
    return IDENTITY_OF_STATUS.get(status, LOCAL_IDENTITY)
