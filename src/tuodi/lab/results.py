"""What the laboratory answers: of a what-if, of a search, of a comparison. Values only: nothing here settles or prints.

Amounts are whole fen, rates basis points. "Before" is the policy as it stands, "after" the changed one; a change is
after - before. Every result gives its tables as sheets, with labels for officials; `says` are sentences for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, NamedTuple

import pyarrow as pa

from tuodi.core.finding import Finding
from tuodi.lab.sheet import Said, Sheet, Unit, sheet
from tuodi.proof.report import Failure

FEN, NUMBER, RATE, FLAG = Unit.FEN, Unit.NUMBER, Unit.RATE, Unit.FLAG

# ---- what was changed ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One thing that differs. `path` is empty where a second policy was given."""

    path: Annotated[str, Said("编号")]
    label: Annotated[str, Said("待遇或事项")]
    facet: Annotated[str, Said("改变的内容")]
    clause: Annotated[str, Said("条款")]
    before: Annotated[str, Said("原来")]
    after: Annotated[str, Said("改为")]


class Broken(Exception):
    """A change that is refused: the rule that it breaks, each with the smallest bill that shows it.

    `findings` say what is wrong; `failures` are the proofs that failed, with cases that `tuodi settle` takes.
    """

    def __init__(self, findings: tuple[Finding, ...], failures: tuple[Failure, ...]) -> None:
        self.findings = findings
        self.failures = failures
        super().__init__("\n".join(map(str, findings)))


# ---- what-if ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure of the whole, before and after; `unit` is `fen`, `number` or `rate`."""

    id: str
    label: Annotated[str, Said("项目")]
    unit: Annotated[Unit, Said("单位")]
    before: Annotated[int, Said("原政策", Unit.BY_ROW)]
    after: Annotated[int, Said("新政策", Unit.BY_ROW)]

    @property
    def change(self) -> Annotated[int, Said("增减", Unit.BY_ROW)]:
        """After - before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerRow:
    """What one budget bears; the shares of each line are split to the fen by largest remainder, as it is booked."""

    payer: Annotated[str, Said("资金来源")]
    clause: Annotated[str, Said("条款")]
    before: Annotated[int, Said("原政策", FEN)]
    after: Annotated[int, Said("新政策", FEN)]

    @property
    def change(self) -> Annotated[int, Said("增减", FEN)]:
        """After - before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitRow:
    """One benefit: how many lines, also at 0.00, and what they pay."""

    benefit: Annotated[str, Said("编号")]
    label: Annotated[str, Said("待遇")]
    clause: Annotated[str, Said("条款")]
    lines_before: Annotated[int, Said("原政策笔数", NUMBER)]
    lines_after: Annotated[int, Said("新政策笔数", NUMBER)]
    before: Annotated[int, Said("原政策", FEN)]
    after: Annotated[int, Said("新政策", FEN)]

    @property
    def change(self) -> Annotated[int, Said("增减", FEN)]:
        """After - before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """Persons of one class, burden band or county. `burden`: in policy, of the year, before relief."""

    group: Annotated[str, Said("人群")]
    persons: Annotated[int, Said("人数", NUMBER)]
    burden: Annotated[int, Said("政策范围内个人负担", FEN)]
    before: Annotated[int, Said("原政策救助", FEN)]
    after: Annotated[int, Said("新政策救助", FEN)]
    better: Annotated[int, Said("受益人数", NUMBER)]
    worse: Annotated[int, Said("受损人数", NUMBER)]
    gained: Annotated[int, Said("受益合计", FEN)]
    lost: Annotated[int, Said("受损合计", FEN)]

    @property
    def change(self) -> Annotated[int, Said("增减", FEN)]:
        """After - before."""
        return self.after - self.before

    @property
    def share_before(self) -> Annotated[int | None, Said("原政策救助占负担", RATE)]:
        """Relief over burden; None without burden."""
        return share(self.before, self.burden)

    @property
    def share_after(self) -> Annotated[int | None, Said("新政策救助占负担", RATE)]:
        """Relief over burden; None without burden."""
        return share(self.after, self.burden)


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRow:
    """How many are better or worse off, and by how much a year: order statistics, each an amount that really occurs."""

    who: Annotated[str, Said("单位")]  # 个人 or 家庭
    effect: Annotated[str, Said("影响")]  # 受益, 受损, 不变
    number: Annotated[int, Said("数量", NUMBER)]
    total: Annotated[int, Said("合计", FEN)]
    p10: Annotated[int | None, Said("十分位", FEN)]
    p25: Annotated[int | None, Said("四分位", FEN)]
    p50: Annotated[int | None, Said("中位数", FEN)]
    p75: Annotated[int | None, Said("上四分位", FEN)]
    p90: Annotated[int | None, Said("上十分位", FEN)]
    largest: Annotated[int | None, Said("最大", FEN)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BinRow:
    """Persons whose yearly relief changes by an amount between the two, in fen; None is open.

    The end that is nearer to zero is not in it, the other one is. No change at all is a row of its own, without ends.
    """

    label: Annotated[str, Said("每人每年增减")]
    above: Annotated[int | None, Said("大于", FEN)]
    up_to: Annotated[int | None, Said("至", FEN)]
    persons: Annotated[int, Said("人数", NUMBER)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecileRow:
    """A tenth of the persons of a class who bear something, by how much: is relief where the burden is?"""

    decile: Annotated[int, Said("负担十等分", NUMBER)]  # 1: the smallest burdens
    persons: Annotated[int, Said("人数", NUMBER)]
    least: Annotated[int, Said("最小负担", FEN)]
    most: Annotated[int, Said("最大负担", FEN)]
    burden: Annotated[int, Said("负担合计", FEN)]
    before: Annotated[int, Said("原政策救助", FEN)]
    after: Annotated[int, Said("新政策救助", FEN)]

    @property
    def share_before(self) -> Annotated[int | None, Said("原政策救助占负担", RATE)]:
        """Relief over burden; None without burden."""
        return share(self.before, self.burden)

    @property
    def share_after(self) -> Annotated[int | None, Said("新政策救助占负担", RATE)]:
        """Relief over burden; None without burden."""
        return share(self.after, self.burden)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningRow:
    """A warning line of the document. `persons_*`: whose burden passes it; `left_*`: whose burden after relief does.

    `newly` and `no_longer` compare burdens after relief. A line that cannot be drawn has its `note`, and no numbers.
    """

    warning: Annotated[str, Said("编号")]
    label: Annotated[str, Said("预警线")]
    clause: Annotated[str, Said("条款")]
    tell: Annotated[str, Said("告知")]
    threshold_before: Annotated[int | None, Said("原界线", FEN)]
    threshold_after: Annotated[int | None, Said("新界线", FEN)]
    persons_before: Annotated[int | None, Said("原政策超线人数", NUMBER)]
    persons_after: Annotated[int | None, Said("新政策超线人数", NUMBER)]
    left_before: Annotated[int | None, Said("原政策救助后仍超线", NUMBER)]
    left_after: Annotated[int | None, Said("新政策救助后仍超线", NUMBER)]
    newly: Annotated[int | None, Said("新增超线", NUMBER)]
    no_longer: Annotated[int | None, Said("不再超线", NUMBER)]
    note: Annotated[str, Said("说明")] = ""


class Standing(Enum):
    """Whether a kink or cliff is new."""

    KEPT = "不变"
    NEW = "新出现"
    GONE = "消失"


@dataclass(frozen=True, slots=True, kw_only=True)
class CliffRow:
    """An amount of a fresh year's bill at which relief bends or jumps; from the proof, for every bill."""

    standing: Annotated[Standing, Said("与原政策相比")]
    kind: Annotated[str, Said("类型")]  # 断崖, 拐点
    conditions: Annotated[str, Said("情形")]
    benefits: Annotated[str, Said("待遇")]
    clauses: Annotated[str, Said("条款")]
    at: Annotated[int, Said("金额", FEN)]
    relief: Annotated[int, Said("此处救助", FEN)]
    jump: Annotated[int, Said("跳变", FEN)]
    slope_before: Annotated[int, Said("此前每元救助", RATE)]
    slope_after: Annotated[int, Said("此后每元救助", RATE)]
    why: Annotated[str, Said("原因")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveRow:
    """The fund's year under one policy. `ratio`: reserve over the year's income; a bound of the document, or usual."""

    policy: Annotated[str, Said("政策")]  # 原政策, 新政策
    opening: Annotated[int, Said("上年结余", FEN)]
    income: Annotated[int, Said("当年筹集", FEN)]
    other: Annotated[int, Said("其他支出", FEN)]
    relief: Annotated[int, Said("救助支出", FEN)]
    reserve: Annotated[int, Said("年末结余", FEN)]
    ratio: Annotated[int | None, Said("结余率", RATE)]
    bound: Annotated[int, Said("上限", RATE)]
    source: Annotated[str, Said("依据")]
    says: Annotated[str, Said("结论")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadRow:
    """One figure over repeated populations, each made from another seed; `middle` is the lower median."""

    measure: Annotated[str, Said("项目")]
    unit: Annotated[Unit, Said("单位")]
    runs: Annotated[int, Said("次数", NUMBER)]
    least: Annotated[int, Said("最小", Unit.BY_ROW)]
    middle: Annotated[int, Said("中位", Unit.BY_ROW)]
    most: Annotated[int, Said("最大", Unit.BY_ROW)]
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What a change comes to on some people. `persons` has a row for each person with an event who could be settled.

    `persons`: person, household, county, class, burden_fen, before_fen, after_fen. `set_apart`: persons of whom a row
    is wrong or a fact missing, in either policy; they are in no number. `notes` say what the numbers rest on.
    """

    policy: str
    title: str
    people: str
    changes: tuple[ChangeRow, ...]
    measures: tuple[Measure, ...]
    payers: tuple[PayerRow, ...]
    benefits: tuple[BenefitRow, ...]
    classes: tuple[GroupRow, ...]
    bands: tuple[GroupRow, ...]
    counties: tuple[GroupRow, ...]
    effects: tuple[EffectRow, ...]
    bins: tuple[BinRow, ...]
    deciles: tuple[DecileRow, ...]
    warnings: tuple[WarningRow, ...]
    cliffs: tuple[CliffRow, ...]
    reserve: tuple[ReserveRow, ...]
    spread: tuple[SpreadRow, ...]
    persons: pa.Table
    set_apart: int
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]

    def measure(self, measure_id: str) -> Measure:
        """The figure of that id: `relief`, `personal`, `relieved_persons`, …"""
        return next(one for one in self.measures if one.id == measure_id)

    def sheets(self) -> tuple[Sheet, ...]:
        """All tables that have rows."""
        found = (
            sheet("changes", "改了什么", ChangeRow, self.changes),
            sheet("measures", "总体", Measure, self.measures),
            sheet("payers", "分资金来源", PayerRow, self.payers, "逐笔按文件的分担比例、最大余数法分到分，与入账一致"),
            sheet("benefits", "分待遇", BenefitRow, self.benefits),
            sheet("classes", "分对象类别", GroupRow, self.classes, "按本年最后一次结算时的类别，各人只计一次"),
            sheet("bands", "分负担高低", GroupRow, self.bands, "按全年政策范围内个人负担（救助前）"),
            sheet("counties", "分县（市、区）", GroupRow, self.counties),
            sheet("effects", "受益和受损", EffectRow, self.effects),
            sheet("bins", "增减分布", BinRow, self.bins),
            sheet("deciles", "负担与救助", DecileRow, self.deciles, "救助对象中有负担的人，按负担从小到大分为十份"),
            sheet("warnings", "监测预警线", WarningRow, self.warnings),
            sheet("cliffs", "拐点和断崖", CliffRow, self.cliffs, "全年第一张账单，全部在政策范围内，没有其他支付"),
            sheet("reserve", "基金结余", ReserveRow, self.reserve),
            sheet("spread", "重复抽样的范围", SpreadRow, self.spread),
        )
        return tuple(one for one in found if one.data.num_rows)


# ---- search ----------------------------------------------------------------------------------------------------------


class Outcome(Enum):
    """How a search ended."""

    FOUND = "找到"
    ALWAYS = "取任何值都满足"
    NEVER = "取任何值都不满足"
    NOT_MONOTONE = "金额并非随这个数单向变化"


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedRow:
    """A value that was tried: fen or basis points as the number is."""

    text: Annotated[str, Said("取值")]
    value: int
    spent: Annotated[int, Said("支出", FEN)]
    within: Annotated[bool, Said("满足", FLAG)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The value of one number that meets a budget to the fen: `value` meets it, the next value towards more does not.

    Both sums are exact. Of NOT_MONOTONE, `value` is the dearest such boundary that was found, and `against` are values
    that show it; of NEVER it is the cheapest value, of ALWAYS the dearest. `broken` says why a value that meets the
    budget is refused all the same: the changed policy fails its proofs.
    """

    policy: str
    people: str
    path: str
    label: str
    clause: str
    goal: str
    budget: int
    outcome: Outcome
    value: int
    text: str
    spent: int
    next_value: int | None
    next_text: str
    next_spent: int | None
    current_text: str
    current_spent: int
    tried: tuple[TriedRow, ...]
    against: tuple[TriedRow, ...]
    changes: tuple[ChangeRow, ...]
    broken: Broken | None
    set_apart: int
    says: str

    def sheets(self) -> tuple[Sheet, ...]:
        """All tables that have rows."""
        found = (
            sheet("changes", "改了什么", ChangeRow, self.changes),
            sheet("tried", "试过的值", TriedRow, self.tried),
            sheet("against", "反例", TriedRow, self.against),
        )
        return tuple(one for one in found if one.data.num_rows)


# ---- comparison ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRow:
    """The same people under one policy. `relieved`: persons who receive anything."""

    policy: Annotated[str, Said("编号")]
    label: Annotated[str, Said("政策")]
    persons: Annotated[int, Said("人数", NUMBER)]
    events: Annotated[int, Said("结算次数", NUMBER)]
    burden: Annotated[int, Said("政策范围内个人负担", FEN)]
    relieved: Annotated[int, Said("获救助人数", NUMBER)]
    relief: Annotated[int, Said("救助", FEN)]
    refused: Annotated[int, Said("不予救助次数", NUMBER)]
    set_apart: Annotated[int, Said("缺少事实、未结算人数", NUMBER)]

    @property
    def share(self) -> Annotated[int | None, Said("救助占负担", RATE)]:
        """Relief over burden; None without burden."""
        return share(self.relief, self.burden)

    @property
    def refused_share(self) -> Annotated[int | None, Said("不予救助占比", RATE)]:
        """Refused events over all; None without an event."""
        return share(self.refused, self.events)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRow:
    """One group of people under one policy; of households, persons of one household count together."""

    group: Annotated[str, Said("人群")]
    policy: Annotated[str, Said("编号")]
    label: Annotated[str, Said("政策")]
    number: Annotated[int, Said("人数", NUMBER)]
    events: Annotated[int, Said("结算次数", NUMBER)]
    burden: Annotated[int, Said("政策范围内个人负担", FEN)]
    relief: Annotated[int, Said("救助", FEN)]
    relieved: Annotated[int, Said("获救助人数", NUMBER)]
    mean: Annotated[int, Said("人均救助", FEN)]  # half up to the fen
    median: Annotated[int, Said("救助中位数", FEN)]  # the lower one, of all
    typical: Annotated[int | None, Said("获救助者中位数", FEN)]  # the lower one, of those who receive anything
    refused: Annotated[int, Said("不予救助次数", NUMBER)]

    @property
    def share(self) -> Annotated[int | None, Said("救助占负担", RATE)]:
        """Relief over burden; None without burden."""
        return share(self.relief, self.burden)

    @property
    def refused_share(self) -> Annotated[int | None, Said("不予救助占比", RATE)]:
        """Refused events over all; None without an event."""
        return share(self.refused, self.events)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """Why one policy refuses: events and the burden in them."""

    policy: Annotated[str, Said("编号")]
    label: Annotated[str, Said("政策")]
    clause: Annotated[str, Said("条款")]
    reason: Annotated[str, Said("理由")]
    events: Annotated[int, Said("次数", NUMBER)]
    burden: Annotated[int, Said("政策范围内个人负担", FEN)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyRow:
    """One bill that stands for many, settled under one policy.

    `reason`: what paid, or why nothing does; where the policy lacks something, what, and nothing is said of money.
    """

    family: Annotated[str, Said("家庭")]
    policy: Annotated[str, Said("编号")]
    label: Annotated[str, Said("政策")]
    total: Annotated[int, Said("医疗总费用", FEN)]
    burden: Annotated[int, Said("政策范围内个人负担", FEN)]
    relief: Annotated[int | None, Said("救助", FEN)]
    personal: Annotated[int | None, Said("个人自付", FEN)]
    clause: Annotated[str, Said("条款")]
    reason: Annotated[str, Said("说明")]

    @property
    def share(self) -> Annotated[int | None, Said("救助占负担", RATE)]:
        """Relief over burden; None without burden, or without an answer."""
        return None if self.relief is None else share(self.relief, self.burden)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The same people under several policies, each of which reads of them only what it knows."""

    people: str
    policies: tuple[PolicyRow, ...]
    classes: tuple[ComparedRow, ...]
    diseases: tuple[ComparedRow, ...]
    services: tuple[ComparedRow, ...]
    bands: tuple[ComparedRow, ...]
    households: tuple[ComparedRow, ...]
    reasons: tuple[ReasonRow, ...]
    families: tuple[FamilyRow, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]

    def sheets(self) -> tuple[Sheet, ...]:
        """All tables that have rows."""
        return tuple(one for one in self._sheets() if one.data.num_rows)

    def _sheets(self) -> Iterator[Sheet]:
        yield sheet("policies", "总体", PolicyRow, self.policies)
        yield sheet("classes", "分人群", ComparedRow, self.classes, "按事件当日的身份，取列在前面的一种")
        yield sheet("diseases", "分病种", ComparedRow, self.diseases)
        yield sheet("services", "分服务", ComparedRow, self.services)
        yield sheet("bands", "分负担高低", ComparedRow, self.bands)
        yield sheet("households", "每个家庭", ComparedRow, self.households, "有负担的家庭，一家人合计")
        yield sheet("reasons", "不予救助的理由", ReasonRow, self.reasons)
        yield sheet("families", "同一个家庭在各地", FamilyRow, self.families)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def share(part: int, whole: int) -> int | None:
    """Part over whole in basis points, half up; None without a whole. Both >= 0."""
    return (20_000 * part + whole) // (2 * whole) if whole > 0 else None


class Progress(NamedTuple):
    """Told while a long work runs: `stage` in words, `done` of `total` events (0: not known)."""

    stage: str
    done: int
    total: int


Tell = Callable[[Progress], None]
"""Who is told."""
