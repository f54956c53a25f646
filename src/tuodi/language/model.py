"""What a policy file means once it is read: frozen, checked values that no longer know YAML.

Units: money in whole fen, rates in basis points, counts as plain numbers, days as `datetime.date`. Every name that
one part uses of another (class, list, quantity, count, benefit, parameter, fact) has been resolved by the loader.
docs/policy-language.md shows how each part is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from enum import Enum

from tuodi.language.quick import dataclass

# ---- vocabulary of the case format -----------------------------------------------------------------------------------

STATUSES: Mapping[str, str] = {
    "extreme_poverty": "特困人员",
    "orphan": "孤儿",
    "unsupported_child": "事实无人抚养儿童",
    "priority_child": "困境儿童",
    "subsistence_allowance": "低保对象",
    "subsistence_margin": "低保边缘家庭成员",
    "returned_to_poverty": "返贫致贫人口",
    "poverty_monitored": "防止返贫监测帮扶对象",
    "illness_impoverished": "因病致贫重病患者",
    "registered_poor": "建档立卡贫困人口",
    "entitled_group": "优抚对象",
    "low_income": "低收入家庭成员",
    "low_income_elderly": "低收入家庭老年人",
    "low_income_minor": "低收入家庭未成年人",
    "severe_disability": "一、二级残疾人",
    "family_planning_hardship": "计划生育特殊困难人员",
    "other_hardship_patient": "其他特殊困难家庭重病患者",
    "retrenched_worker": "精减退职职工",
    "veteran_party_member": "建国前入党老党员等",
    "hiv_opportunistic": "艾滋病机会性感染者",
    "disability_living_subsidy": "困难残疾人生活补贴对象",
    "bravery": "见义勇为者",
    "other_special": "其他特殊困难人员",
}
INSURANCES: Mapping[str, str] = {"resident": "居民医保", "employee": "职工医保", "none": "未参保"}
SERVICES: Mapping[str, str] = {
    "inpatient": "住院",
    "outpatient": "普通门诊",
    "outpatient_chronic": "门诊慢特病",
    "psychiatric_inpatient": "精神专科住院",
    "childbirth": "分娩",
    "rehabilitation": "康复治疗",
    "late_stage_care": "大病关怀",
    "annual_relief": "一次性救助申请",
}
APPLICATIONS = frozenset({"late_stage_care", "annual_relief"})
"""Services without a hospital: their events need no facility."""

PAYERS: Mapping[str, str] = {
    "basic": "基本医保",
    "critical_illness": "大病保险",
    "supplementary": "补充保险",
    "commercial": "商业保险",
    "other_relief": "其他补助",
}
AMOUNTS: Mapping[str, str] = {"total": "医疗总费用", "in_policy": "政策范围内费用", **PAYERS}


class FactType(Enum):
    """What kind of thing a fact is."""

    FLAG = "flag"  # true or false
    CHOICE = "choice"  # one of `choices`, or null
    COUNT = "count"  # a whole number >= 0
    YEAR = "year"  # a calendar year
    MONEY = "money"  # fen


class FactSource(Enum):
    """Of what a fact is told."""

    EVENT = "event"
    FACILITY = "facility"
    PERSON = "person"
    ITEM = "item"  # of an item, or of the whole event where the item does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A field that a rule may ask for. `default` counts only where `has_default`; None is "not given"."""

    id: str
    type: FactType
    label: str
    source: FactSource = FactSource.EVENT
    choices: tuple[str, ...] = ()
    has_default: bool = False
    default: bool | int | str | None = None


BUILT_IN_FACTS: Mapping[str, Fact] = {
    fact.id: fact
    for fact in (
        Fact(id="insurance", type=FactType.CHOICE, label="参保", source=FactSource.PERSON, choices=tuple(INSURANCES)),
        Fact(
            id="designated",
            type=FactType.FLAG,
            label="定点",
            source=FactSource.FACILITY,
            has_default=True,
            default=False,
        ),
        Fact(id="level", type=FactType.COUNT, label="医院级别", source=FactSource.FACILITY),
        Fact(id="county", type=FactType.FLAG, label="县域内", source=FactSource.FACILITY),
        Fact(id="region", type=FactType.FLAG, label="市域内", source=FactSource.FACILITY),
        Fact(
            id="psychiatric",
            type=FactType.FLAG,
            label="精神专科",
            source=FactSource.FACILITY,
            has_default=True,
            default=True,
        ),
        Fact(
            id="single_disease",
            type=FactType.FLAG,
            label="单病种付费",
            source=FactSource.FACILITY,
            has_default=True,
            default=True,
        ),
        Fact(id="admission_number", type=FactType.COUNT, label="年内第几次住院"),
        Fact(
            id="age", type=FactType.COUNT, label="年龄", source=FactSource.PERSON
        ),  # from birth_date, on the event's day
        Fact(id="month", type=FactType.COUNT, label="月份"),  # of the event's day
    )
}

CASE_FACTS: Mapping[str, Fact] = {
    fact.id: fact
    for fact in (
        Fact(id="bed_days", type=FactType.COUNT, label="住院床日", has_default=True),
        Fact(id="expert_review", type=FactType.FLAG, label="专家评审同意", source=FactSource.ITEM, has_default=True),
        Fact(id="for_year", type=FactType.YEAR, label="申请救助的年度", has_default=True),
        Fact(id="injury_from_bravery", type=FactType.FLAG, label="见义勇为负伤", has_default=True),
        Fact(id="lawful_birth", type=FactType.FLAG, label="合法生育", has_default=True),
        Fact(id="package_limit", type=FactType.MONEY, label="单病种最高限额", has_default=True),
        Fact(id="rare_disease", type=FactType.FLAG, label="罕见病保障", has_default=True),
        Fact(id="referral_filed", type=FactType.FLAG, label="转诊备案", has_default=True),
        Fact(
            id="regimen",
            type=FactType.CHOICE,
            label="治疗方案",
            choices=("transplant_antirejection",),
            has_default=True,
        ),
        Fact(id="rehab_assessed", type=FactType.FLAG, label="康复评估", has_default=True),
        Fact(id="special_drug", type=FactType.FLAG, label="享受特药保障", has_default=True),
    )
}
"""Fields of the case format that one policy or another declares as its facts. In a case of a policy that doesn't, they
are read and checked, and nobody asks for them: a bill may be settled under several policies as it stands."""

# ---- tests: what the facts of an event may be asked ------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Is:
    """The fact is one of the values. `{designated: true}`, `{insurance: [resident, employee]}`, `{level: [2, 3]}`."""

    fact: str
    values: frozenset[bool | int | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """at_least <= fact < below, either end open. `{age: {at_least: 60}}`, `{age: {below: 18}}`."""

    fact: str
    at_least: int | None = None
    below: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The optional fact is there. `{package_limit: {given: true}}`."""

    fact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsBefore:
    """The year fact lies exactly so many years before the event's year. `{for_year: {years_before: 1}}`."""

    fact: str
    years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiseaseIn:
    """The certified disease, or a diagnosis, is in one of the lists. `{disease: serious_16}`."""

    lists: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceIn:
    """`{service: [inpatient]}`; a benefit's own `services` says the same."""

    services: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusIn:
    """One of the statuses is held on the day, whatever the classes say. `{status: [severe_disability]}`."""

    statuses: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassIn:
    """The person is settled in one of the classes. `{class: [class_1]}`, and a benefit's own `for`."""

    classes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """The event's day is this day or later. Written by dated values; also `{since: 2024-01-01}`."""

    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """The count stood at the amount or above it before this event. `{reached: {burden_of_year: 50000}}`."""

    count: str
    at_least: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The opposite."""

    test: Test


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Every one of them."""

    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """One of them at least."""

    tests: tuple[Test, ...]


Test = (
    Is
    | Between
    | Given
    | YearsBefore
    | DiseaseIn
    | ServiceIn
    | StatusIn
    | ClassIn
    | Since
    | Reached
    | Not
    | AllOf
    | AnyOf
)

# ---- values: a number that the document states, or leaves to somebody ------------------------------------------------


class Unit(Enum):
    """What a value is counted in."""

    MONEY = "money"  # fen
    RATE = "rate"  # basis points


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """A literal: fen, or basis points."""

    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterValue:
    """`{parameter: other_special_rate}`; with `by_item` the parameter is a table and the item's entry is taken."""

    parameter: str
    by_item: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareOf:
    """`{share: 50%, of: {parameter: provincial_income}}`: rounded half up to the fen when it is made."""

    share: int
    of: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """`{from: {2020-01-01: 70%, 2023-01-01: 75%}}`: steps in order of day; before the first there is no value."""

    steps: tuple[tuple[date, Value], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ByCase:
    """`{by: level, cases: {1: 200, 2: 500}, otherwise: 900}` or `{cases: [{when: {...}, value: ...}], otherwise: ...}`:
    the first case whose test holds; without `otherwise` some case must hold, and an event without one is a fault."""

    cases: tuple[tuple[Test, Value], ...]
    otherwise: Value | None = None


Value = Fixed | ParameterValue | ShareOf | Dated | ByCase

# ---- quantities: what a rate is applied to ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """An amount of the case format, or a money fact, by name; of an earlier layer computed here, what it paid."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpaid:
    """total - all payers, never below zero, as it stands at the start of the layer (with the benefit's own `bill`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityRef:
    """A quantity by its name."""

    quantity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOf:
    """What earlier lines of this event, in this layer, left of the quantity; never below zero."""

    quantity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UncoveredOf:
    """base - paid / rate of that benefit's line where a limit cut it, else 0: exact, not rounded before the rate."""

    benefit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyOf:
    """What the tally holds; with `year` at the year that the fact names, else at the event's own key."""

    count: str
    year: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemBurden:
    """What the person still bears of the catalogue item that is being settled."""


Operand = Column | Unpaid | QuantityRef | LeftOf | UncoveredOf | TallyOf | ItemBurden


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """max(0, min(sum(take) * times - sum(less), *at_most)); a `times` is rounded half up to the fen.

    In a list `take` the operands are added. UncoveredOf stands only alone, as a benefit's whole `of`.
    """

    id: str
    label: str
    take: tuple[Operand, ...]
    times: Value | None = None
    less: tuple[Operand, ...] = ()
    at_most: tuple[Operand, ...] = ()


# ---- counts ----------------------------------------------------------------------------------------------------------


class Scope(Enum):
    """What a count is keyed by. Nothing is ever reset: another key is another count."""

    YEAR = "year"  # calendar year of the event's day
    LIFE = "life"
    RECOGNITION = "recognition"  # the application whose cover settles the event
    ITEM = "item"  # catalogue item
    APPLIED_YEAR = "applied_year"  # the year that an application is for: the year fact named by `year_fact`


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """An accumulator in fen (in uses, when a benefit's `once` names it), over the product of its scopes.

    `sum_of` counts are the sum of others at the same key and are only read. `household` counts are shared: other
    members' use comes in through the case's `opening`. A count with `feed` is a tally.
    """

    id: str
    label: str
    clause: str
    per: tuple[Scope, ...]
    year_fact: str | None = None
    sum_of: tuple[str, ...] = ()
    household: bool = False
    feed: Feed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """How a tally grows: by the quantity, after each event that the test admits and no `unless_settled_by` settled.

    It grows for events that no benefit relieves, too. `left_of` in the quantity then means: after all its lines.
    """

    of: Operand
    when: Test | None
    unless_settled_by: frozenset[str] = frozenset()


# ---- benefits --------------------------------------------------------------------------------------------------------


class Choose(Enum):
    """How the rules of a layer exclude each other."""

    FIRST_RULE = "first_rule"
    HIGHEST_RATE = "highest_rate"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A step of the bill's way: insurance layers before relief. What a layer other than `relief` pays is a payer."""

    id: str
    label: str
    choose: Choose


class Target(Enum):
    """What an adjustment changes."""

    RATE = "rate"  # of every band
    ABOVE = "above"
    LIMIT = "limit"  # every limit, or the one on `count`


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjust:
    """A number that differs for somebody. Operations in this order: times, plus, minus, at_least, at_most; or `none`.

    `times` is in basis points. `none` lifts a limit or drops a threshold. Scaled money is rounded half up to the fen.
    """

    changes: Target
    clause: str
    when: Test | None = None
    count: str | None = None  # LIMIT only: which limit
    times: int | None = None
    plus: Value | None = None
    minus: Value | None = None
    at_least: Value | None = None
    at_most: Value | None = None
    none: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """`above: {burden_of_year: 3000}`: the part of (count, count + base] above it; `above: 800`: of the event alone."""

    amount: Value
    count: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most the amount in the count, and the count rises by what is paid; amount None: it rises and limits nothing.

    A limit on a `sum_of` count binds, but only its members can rise: the line names one of them as well.
    """

    count: str
    amount: Value | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportion:
    """A share of the basis."""

    rate: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The part of the measure in (start, end] at a rate. The measure is that of `above`: the count, or the event."""

    start: Value
    end: Value | None
    rate: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """Summed exactly over the bands, then rounded once."""

    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A flat amount, times the whole-number fact `each` where it is given. Paid in full, whatever the bill leaves."""

    amount: Value
    each: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """The law says no: a rule like any other."""

    reason: str


Pay = Proportion | Bands | Grant | Refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """One rule. It needs service, class, `when`, unused `once`, set parameters, the general conditions not waived.

    `classes` empty: everyone, in a class or not. `of` is None for grants and refusals. `after`: settled only behind
    that benefit, where that one applied. `bill`: what may be charged at most; the rest is the hospital's. `catalogue`:
    one line for each item of the event that the catalogue lists for the disease.
    """

    id: str
    label: str
    clause: str
    layer: str
    services: frozenset[str]
    classes: frozenset[str] = frozenset()
    when: Test | None = None
    waives: frozenset[str] = frozenset()
    of: Operand | None = None
    above: Threshold | None = None
    pay: Pay
    limits: tuple[Limit, ...] = ()
    after: str | None = None
    once: str | None = None
    bill: Operand | None = None
    catalogue: str | None = None
    adjust: tuple[Adjust, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralCondition:
    """What every benefit asks for unless it waives it; failing it is a refusal."""

    id: str
    clause: str
    when: Test
    refusal: str


# ---- persons ---------------------------------------------------------------------------------------------------------


class CoverEnd(Enum):
    """Until when a status on application holds."""

    STATUS_END = "status_end"
    YEAR_END = "year_end"  # 31 December of the application's year
    APPLICATION = "application"  # the day before the application: the reach-back alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """When a status on application holds. The start: the application's day, or `months_before` it (from the first of
    that month where `from_first_of_month`). Without an application day the status starts at `from`, with no reach-back.

    `one_application_per_year`: a second one in a calendar year is ignored. `earlier_settles`: where covers overlap the
    earlier application's key is used. `except_held`: a day on which a recognition already holds is no reach-back day.
    The reach-back is in force before the document for applications made on or after its first day.
    """

    months_before: int = 0
    from_first_of_month: bool = False
    until: CoverEnd = CoverEnd.STATUS_END
    one_application_per_year: bool = False
    except_held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A way into a class: a status (held from <= day < to, or by its cover), or a class defined before, and a test."""

    status: str | None = None
    class_id: str | None = None
    cover: Cover | None = None
    when: Test | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonClass:
    """A class of persons: any of the members, and the test. Order in the policy is precedence."""

    id: str
    label: str
    clause: str
    members: tuple[Member, ...]
    when: Test | None = None


class PersonsIn(Enum):
    """In one class, or in all that hold on the day."""

    FIRST_CLASS = "first_class"
    EVERY_CLASS = "every_class"


# ---- lists -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Disease:
    """A row of a disease list. `needs_below_age` is testable; any other `needs` shows in no code, only in the name."""

    name: str
    aliases: tuple[str, ...]
    icd10: tuple[str, ...]
    needs: str = ""
    needs_below_age: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiseaseList:
    """Diseases by their certified names, with aliases and codes."""

    id: str
    label: str
    clause: str
    diseases: tuple[Disease, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """An item that the document lists for a disease."""

    disease: str  # a name of the catalogue's disease list
    item: str
    kind: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Items by disease; a benefit may settle them one by one."""

    id: str
    label: str
    clause: str
    diseases: str  # id of the disease list
    entries: tuple[CatalogueEntry, ...]


# ---- what is not a benefit: premiums, insurance, funds, watching, doing ----------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerShare:
    """A budget and its share in basis points."""

    payer: str
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """Premium subsidy: whom, what share or amount of the personal premium, who pays it, from when it works."""

    id: str
    clause: str
    classes: frozenset[str]
    statuses: frozenset[str] = frozenset()
    when: Test | None = None
    share: Value | None = None  # of the personal premium
    at_least_share: bool = False  # the document states a floor: 不低于
    amount: Value | None = None
    payers: tuple[PayerShare, ...] = ()
    starts: str = ""  # in our words: when it takes effect
    elsewhere: str = ""  # the document that governs, where this one only points there


@dataclass(frozen=True, slots=True, kw_only=True)
class InsuranceTilt:
    """How the document bends an insurance layer for somebody; applied to the agency's plan by layer (and benefit)."""

    id: str
    clause: str
    layer: str
    benefits: frozenset[str] = frozenset()  # of the plan; empty: every benefit of the layer
    when: Test | None = None
    adjust: tuple[Adjust, ...] = ()
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """Which budget bears which benefits (or enrolments), in which shares. Split by largest remainder."""

    id: str
    clause: str
    pays: frozenset[str]  # ids of benefits and enrolments
    payers: tuple[PayerShare, ...]
    when: Test | None = None
    elsewhere: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningLine:
    """A sum over a period that passes a threshold, and who is told."""

    id: str
    clause: str
    classes: frozenset[str]  # empty: everyone that no other warning names
    of: Operand
    per: Scope
    exceeds: Value
    each_event: bool = False  # the threshold stands for one bill, not for the sum
    tell: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a procedure: who does what, within how long."""

    id: str
    does: str
    by: str
    within_working_days: int | None = None
    within_days: int | None = None
    within_months: int | None = None
    by_day: str = ""  # a day of the year as 02-28 or a month end as 06-30, in the year given by `next_year`
    next_year: bool = False
    publicity: bool = False
    form: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """How something is done: by which route, in which steps."""

    id: str
    label: str
    clause: str
    route: str  # at_counter | on_application | roster | yearly | monthly | quarterly | other
    classes: frozenset[str] = frozenset()
    when: Test | None = None
    steps: tuple[Step, ...] = ()
    elsewhere: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A figure that the document wants watched: a ratio of two named sums and its bound."""

    id: str
    label: str
    clause: str
    of: str
    over: str = ""
    at_least: int | None = None  # basis points
    at_most: int | None = None
    says: str = ""


class ParameterType(Enum):
    """What the agency states."""

    MONEY = "money"
    RATE = "rate"
    MONEY_BY_ITEM = "money_by_item"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterHole:
    """What the document leaves to the agency. `optional`: where unset, the benefits that need it do not apply."""

    id: str
    label: str
    clause: str
    type: ParameterType
    set_by: str = ""
    optional: bool = False
    catalogue: str | None = None  # of MONEY_BY_ITEM


class ClauseKind(Enum):
    """What a clause is about, or that it needs nothing here."""

    BENEFIT = "benefit"
    CLASSES = "classes"
    ENROLMENT = "enrolment"
    INSURANCE_TILT = "insurance_tilt"
    FUNDING = "funding"
    WARNING = "warning"
    PROCEDURE = "procedure"
    INDICATOR = "indicator"
    PARAMETER = "parameter"
    DECLARATORY = "declaratory"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A numbered clause, what it says in our words, and where it lives."""

    id: str
    kinds: tuple[ClauseKind, ...]
    says: str
    where: tuple[str, ...] = ()  # ids of benefits, procedures, …
    governed_by: str = ""  # of elsewhere: which document


class Property(Enum):
    """What `proof` shows. A policy may declare an exception to one, with a reason."""

    LIMIT = "limit"
    BURDEN = "burden"
    MONOTONE_RELIEF = "monotone_relief"
    MONOTONE_PERSONAL = "monotone_personal"
    CLASS_ORDER = "class_order"
    INT64 = "int64"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownException:
    """A property that the document itself breaks, with the reason."""

    property: Property
    benefits: frozenset[str]  # or pairs of classes for CLASS_ORDER: "earlier>later"
    reason: str
    clause: str


# ---- the whole -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`start_clause` is what a refusal before the first day cites. `issued` is None where the copy bears no day."""

    id: str
    number: str
    title: str
    issuer: str
    region: str
    issued: date | None
    start: date
    end: date | None
    start_clause: str
    replaces: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One document as data. `content_hash` is the SHA-256 of the file and its lists, in hexadecimal."""

    document: Document
    content_hash: str
    is_plan: bool = False  # an agency's insurance plan: layers before relief, in the same language
    persons_in: PersonsIn = PersonsIn.FIRST_CLASS
    no_class_clause: str = ""
    not_covered_clause: str = ""  # cited where no benefit serves the service or the case; "" = no_class_clause
    classes: tuple[PersonClass, ...] = ()
    service_groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    lists: Mapping[str, DiseaseList] = field(default_factory=dict)
    catalogues: Mapping[str, Catalogue] = field(default_factory=dict)
    general_conditions: tuple[GeneralCondition, ...] = ()
    quantities: Mapping[str, Quantity] = field(default_factory=dict)
    counts: Mapping[str, Count] = field(default_factory=dict)
    layers: tuple[Layer, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    enrolment: tuple[Enrolment, ...] = ()
    insurance_tilts: tuple[InsuranceTilt, ...] = ()
    funding: tuple[Funding, ...] = ()
    warnings: tuple[WarningLine, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    parameters: Mapping[str, ParameterHole] = field(default_factory=dict)
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    known_exceptions: tuple[KnownException, ...] = ()
