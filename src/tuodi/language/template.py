"""Policies to begin with: a whole, commented one for a city that does not exist, which checks and settles as it stands.

`basic` has one threshold, one rate and one limit a class; `bands` pays by bands of the year's burden. The figures are
there to be replaced.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "basic": "按类别定起付线、比例、年度限额",
    "bands": "按年度累计负担分段定比例",
}

_PLACEHOLDER = "__ID__"


def template(name: str, document_id: str) -> dict[str, str]:
    """The files of a new policy's folder by their path. `name` is one of TEMPLATES."""
    benefits, expect = _KINDS[name]
    files = {
        "policy.yaml": _HEAD + benefits + _TAIL,
        "readings.md": _READINGS,
        "cases/first.yaml": _CASE_HEAD + expect,
    }
    return {path: text.replace(_PLACEHOLDER, document_id) for path, text in files.items()}


def renamed(files: Mapping[str, str], old: str, new: str) -> dict[str, str]:
    """A copy of another policy's files under a new id: in the document, and in the hand-worked cases."""
    document = re.compile(rf"^(\s*id:\s*)[\"']?{re.escape(old)}[\"']?(?=[ \t]*(?:#.*)?$)", re.MULTILINE)
    cases = re.compile(rf"\b(policy:\s*)[\"']?{re.escape(old)}[\"']?(?=[\s,}}])")
    return {
        path: document.sub(rf"\g<1>{new}", text, count=1) if path == "policy.yaml" else cases.sub(rf"\g<1>{new}", text)
        for path, text in files.items()
    }


def document_id(folder_name: str) -> str:
    """An id made of a folder's name; `new-policy` where that has no letter or figure of ASCII."""
    made = re.sub(r"[^a-z0-9]+", "-", folder_name.lower()).strip("-")
    return made or "new-policy"


# ---- texts --------------------------------------------------------------------------------------------

_HEAD = """\
# 一份政策文件，写成数据。# 后面是说明，可以删去。各部分的写法见 docs/policy-authors-guide.md。
# 改完后：tuodi policy check 这个文件夹；tuodi policy coverage …；tuodi policy describe …；tuodi policy prove …

document:
  id: __ID__                      # 与文件夹同名：小写字母、数字、连字符
  number: 示医保发〔2026〕1号
  title: 示例市医疗救助办法
  issuer: 示例市医疗保障局
  region: "990100"                # 行政区划代码，六位，加引号
  issued: 2026-01-01
  in_force: {from: 2026-01-01, clause: 印发}      # 施行首日；此前的账单不予救助，引用这一条

# ---- 对象 ---------------------------------------------------------------------------------------------
persons_in: first_class           # 就高不重复：当日符合的第一类；各类都算的写 every_class
no_class: {clause: 二(一)}        # 不属于任何一类的，不予救助，引用这一条
not_covered: {clause: 三(一)}     # 没有待遇适用的（如不救助的服务），引用这一条
classes:                          # 先后就是优先次序；身份的英文名见 docs/glossary.md
  - id: class_1
    label: 特困人员、低保对象
    clause: 二(一)
    any: [extreme_poverty, orphan, subsistence_allowance]

  - id: class_2
    label: 低保边缘家庭成员
    clause: 二(一)
    any: [subsistence_margin]

  # 依申请认定、费用可以追溯的身份：
  # - id: class_3
  #   label: 因病致贫重病患者
  #   clause: 二(一)
  #   any:
  #     - status: illness_impoverished
  #       cover: {months_before: 12, from_first_of_month: true, until: year_end, one_application_per: year}

# ---- 费用 ---------------------------------------------------------------------------------------------
services:
  covered: [inpatient, psychiatric_inpatient, outpatient_chronic]

general_conditions:               # 不符合就不予救助，引用各自的条款
  - {id: insured, clause: 三(一), when: {insurance: [resident, employee]}, refusal: 未参加基本医保}
  - {id: designated, clause: 三(一), when: {designated: true}, refusal: 不是定点医药机构}

quantities:                       # 口径：加 take，减 less，不超过 at_most，不足零按零
  burden:
    label: 政策范围内个人负担
    take: in_policy
    less: [basic, critical_illness, supplementary]
    at_most: [unpaid]             # 谁也不会得到多于实际未付的救助

counts:                           # 累计什么、按什么期间；年度是自然年
  burden_of_year: {per: year, clause: 三(二), label: 年度个人负担}
  relief_of_year: {per: year, clause: 三(二), label: 年度救助限额}

# ---- 待遇 ---------------------------------------------------------------------------------------------
"""

_BASIC = """\
benefits:                         # 依次看，取第一项符合的
  - id: relief_1
    label: 医疗救助
    clause: 三(二)1
    for: class_1
    services: covered
    of: burden
    above: {burden_of_year: 0}    # 不设起付线，但计入年度负担
    rate: 70%
    limit: {relief_of_year: 30000}
    adjust:                       # 同一数值因人、因地不同，都写在这里
      - {changes: rate, clause: 三(三), when: {region: false}, minus: 10%}

  - id: relief_2
    label: 医疗救助
    clause: 三(二)2
    for: class_2
    services: covered
    of: burden
    above: {burden_of_year: 3000}
    rate: 50%
    limit: {relief_of_year: 15000}
    adjust:
      - {changes: rate, clause: 三(三), when: {region: false}, minus: 10%}
"""

_BANDS = """\
benefits:                         # 依次看，取第一项符合的
  - id: relief_1
    label: 医疗救助
    clause: 三(二)1
    for: class_1
    services: covered
    of: burden
    above: {burden_of_year: 0}    # 不设起付线；分段按年度累计负担
    bands:
      - {to: 20000, rate: 70%}
      - {rate: 80%}             # 20000 以上
    limit: {relief_of_year: 50000}
    adjust:                       # 同一数值因人、因地不同，都写在这里；改的是每一段的比例
      - {changes: rate, clause: 三(三), when: {region: false}, minus: 10%}

  - id: relief_2
    label: 医疗救助
    clause: 三(二)2
    for: class_2
    services: covered
    of: burden
    above: {burden_of_year: 3000}
    bands:
      - {to: 20000, rate: 50%}
      - {rate: 60%}
    limit: {relief_of_year: 30000}
    adjust:
      - {changes: rate, clause: 三(三), when: {region: false}, minus: 10%}
"""

_TAIL = """
# ---- 参保资助、资金、监测、经办 -----------------------------------------------------------------------
enrolment:
  - id: full_premium
    clause: 二(二)
    for: [extreme_poverty, orphan]
    pays: {share: 100%}

  - id: fixed_premium
    clause: 二(二)
    for: [subsistence_allowance, subsistence_margin]
    unless: {status: [extreme_poverty, orphan]}
    pays: {parameter: premium_subsidy}

funding:
  - id: city_and_counties
    clause: 四
    pays: [relief_1, relief_2]
    payers: {市级财政: 50%, 县级财政: 50%}

warnings:
  - id: high_burden
    clause: 五(一)
    for: everyone_else
    of: burden
    per: year
    exceeds: {share: 50%, of: {parameter: city_income}}
    tell: [市民政局]

procedures:
  - id: claim
    label: 手工报销
    clause: 五(二)
    route: on_application
    for: [class_1, class_2]
    steps:
      - {id: accept, does: 受理申请, by: 乡镇（街道）, within_working_days: 5}
      - {id: decide, does: 审核并支付, by: 县级医保部门, within_working_days: 20}

# 文件留给主管部门确定的数值；案例的 parameters 里给出
parameters:
  premium_subsidy: {type: money, clause: 二(二), label: 参保定额资助标准, set_by: 市医保局会同市财政局}
  city_income: {type: money, clause: 五(一), label: 上年度居民人均可支配收入}

# ---- 每一条款，以及它落在何处 -------------------------------------------------------------------------
clauses:                          # 每个编号一行，用自己的话说一句；没有可算的写 declaratory
  一: {is: declaratory, says: 总体要求}
  二(一): {is: classes, says: 救助对象}
  二(二): {is: enrolment, says: 参保资助，全额或定额}
  三(一): {is: benefit, says: 救助费用范围：参保、定点}
  三(二)1: {is: benefit, says: 特困人员、低保对象的标准}
  三(二)2: {is: benefit, says: 低保边缘家庭成员的标准}
  三(三): {is: benefit, says: 市外就医降低10个百分点}
  四: {is: funding, says: 市县财政各半}
  五(一): {is: warning, says: 高额费用监测预警}
  五(二): {is: procedure, says: 手工报销的步骤和时限}
  六: {is: elsewhere, says: 定点机构管理, governed_by: 定点医药机构协议管理办法}
"""

_READINGS = """\
# 示例市：条文的读法

条文留有余地的地方，在这里写明：有哪几种读法、取哪一种、为什么、差多少钱。金额单位为元。

## 1. 年度起付线（三(二)2）
- 读法：（甲）全年累计超过 3000 的部分；（乙）每次住院都扣 3000。
- 取甲：文件写的是“年度”。差额：两次各负担 3000，甲付 (6000 - 3000) × 50% = 1500，乙付 0。
"""

_CASE_HEAD = """\
# 手算案例：金额由人按文件算出，绝不从程序抄。tuodi policy check 会逐分核对。
cases:
  - title: 低保边缘，一次跨过年度起付线，一次用到市外比例
    covers: [deductible_cross]
    clause: 三(二)2
    case:
      policy: __ID__
      parameters: {}
      person:
        id: P1
        insurance: resident
        birth_date: "1960-01-01"
        statuses:
          - {status: subsistence_margin, from: "2026-01-01", to: null}
      events:
        - id: e1
          date: "2026-03-01"
          service: inpatient
          facility: {designated: true, level: 2, county: true, region: true}
          disease: null
          amounts: {total: "12000.00", in_policy: "10000.00", basic: "6000.00",
                    critical_illness: "0.00", supplementary: "0.00", commercial: "0.00", other_relief: "0.00"}
        - id: e2
          date: "2026-06-01"
          service: inpatient
          facility: {designated: true, level: 3, county: false, region: false}
          disease: null
          amounts: {total: "9000.00", in_policy: "8000.00", basic: "4000.00",
                    critical_illness: "0.00", supplementary: "0.00", commercial: "0.00", other_relief: "0.00"}
"""

_BASIC_EXPECT = """\
    arithmetic: |
      e1: 负担 10000 - 6000 = 4000；超过 3000 的 1000 × 50% = 500；个人 12000 - 6000 - 500 = 5500
      e2: 负担 8000 - 4000 = 4000，已过起付；市外 50% - 10% = 40%，4000 × 40% = 1600；个人 9000 - 4000 - 1600 = 3400
    expect:
      - {id: e1, relief: "500.00", personal: "5500.00",
         lines: [{clause: 三(二)2, basis: "1000.00", paid: "500.00"}], refusal: null}
      - {id: e2, relief: "1600.00", personal: "3400.00",
         lines: [{clause: 三(二)2, basis: "4000.00", paid: "1600.00"}], refusal: null}
"""

_BANDS_EXPECT = """\
    arithmetic: |
      e1: 负担 10000 - 6000 = 4000；超过 3000 的 1000 在 20000 以内，× 50% = 500；个人 12000 - 6000 - 500 = 5500
      e2: 负担 8000 - 4000 = 4000，累计 4000 至 8000，在 20000 以内；市外 50% - 10% = 40%，4000 × 40% = 1600；
          个人 9000 - 4000 - 1600 = 3400
    expect:
      - {id: e1, relief: "500.00", personal: "5500.00",
         lines: [{clause: 三(二)2, basis: "1000.00", paid: "500.00"}], refusal: null}
      - {id: e2, relief: "1600.00", personal: "3400.00",
         lines: [{clause: 三(二)2, basis: "4000.00", paid: "1600.00"}], refusal: null}
"""

_KINDS: Mapping[str, tuple[str, str]] = {"basic": (_BASIC, _BASIC_EXPECT), "bands": (_BANDS, _BANDS_EXPECT)}
