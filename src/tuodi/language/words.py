"""What a policy says, in Chinese words: tests, values, quantities, benefits; for pages, differences and messages.

Every function takes checked values of the model and always gives a phrase, never an identifier where a label exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from tuodi.core.money import format_rate, format_yuan
from tuodi.language.model import (
    AMOUNTS,
    BUILT_IN_FACTS,
    INSURANCES,
    SERVICES,
    STATUSES,
    Adjust,
    AllOf,
    AnyOf,
    Bands,
    Benefit,
    Between,
    ByCase,
    ClassIn,
    Column,
    Count,
    Dated,
    DiseaseIn,
    Fact,
    FactType,
    Fixed,
    Given,
    Grant,
    Is,
    ItemBurden,
    LeftOf,
    Not,
    Operand,
    ParameterValue,
    Pay,
    Policy,
    Proportion,
    Quantity,
    QuantityRef,
    Reached,
    Refuse,
    Scope,
    ServiceIn,
    ShareOf,
    Since,
    StatusIn,
    TallyOf,
    Target,
    Test,
    Threshold,
    UncoveredOf,
    Unit,
    Unpaid,
    Value,
    YearsBefore,
)

SCOPES: Mapping[Scope, str] = {
    Scope.YEAR: "每年",
    Scope.LIFE: "终身",
    Scope.RECOGNITION: "每次认定",
    Scope.ITEM: "每个项目",
    Scope.APPLIED_YEAR: "每个申请年度",
}

TARGETS: Mapping[Target, str] = {Target.RATE: "比例", Target.ABOVE: "起付线", Target.LIMIT: "限额"}


def yuan(fen: int) -> str:
    """ "3,000元" for 300000 fen, "1,234.50元" for 123450."""
    whole, dot, decimals = format_yuan(fen).partition(".")
    grouped = f"{int(whole):,}"
    return f"{grouped}元" if decimals == "00" else f"{grouped}{dot}{decimals}元"


def day_text(day: date) -> str:
    """ "2023年1月1日"."""
    return f"{day.year}年{day.month}月{day.day}日"


def listed(words: Iterable[str]) -> str:
    """ "甲、乙、丙"."""
    return "、".join(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one policy: its labels for classes, lists, facts, counts and parameters."""

    policy: Policy

    # ---- tests ----

    def test(self, test: Test) -> str:
        """A condition as a phrase: "定点，且医院级别为2、3"."""
        match test:
            case Not(test=inner):
                return self._not(inner)
            case AllOf(tests=tests):
                return "，且".join(self._inside(part, AnyOf) for part in tests)
            case AnyOf(tests=tests):
                return "，或".join(self._inside(part, AllOf) for part in tests)
            case Is() | Between() | Given() | YearsBefore():
                return self._fact_test(test)
            case Since(day=day):
                return f"{day_text(day)}起"
            case Reached(count=count, at_least=amount):
                return f"此前{self.count(count)}已达到{self.value(amount)}"
        return self._membership(test, "")

    def _not(self, inner: Test) -> str:
        match inner:
            case Is(fact=fact, values=values) if self._fact(fact).type is FactType.FLAG:
                return self.test(Is(fact=fact, values=frozenset({True, False}) - values))
            case Given(fact=fact):
                return f"没有“{self._fact(fact).label}”"
            case Since(day=day):
                return f"{day_text(day)}之前"
            case ServiceIn() | StatusIn() | ClassIn() | DiseaseIn():
                return self._membership(inner, "不")
        return f"不符合（{self.test(inner)}）"

    def _inside(self, test: Test, bracketed: type[AllOf] | type[AnyOf]) -> str:
        return f"（{self.test(test)}）" if isinstance(test, bracketed) else self.test(test)

    def _membership(self, test: ServiceIn | StatusIn | ClassIn | DiseaseIn, no: str) -> str:
        match test:
            case ServiceIn(services=services):
                return f"服务{no or '是'}{'是' if no else ''}{self.services(services)}"
            case StatusIn(statuses=statuses):
                return f"{no}具有身份{self.statuses(statuses)}"
            case ClassIn(classes=classes):
                return f"{no}属于{self.classes(classes)}"
            case DiseaseIn(lists=lists):
                return f"病种{no}在{self.lists(lists)}内"
        assert_never(test)

    def _fact_test(self, test: Is | Between | Given | YearsBefore) -> str:
        fact = self._fact(test.fact)
        match test:
            case Is(values=values) if fact.type is FactType.FLAG:
                return fact.label if True in values else f"非{fact.label}"
            case Is(values=values):
                return f"{fact.label}为{listed(self._fact_value(fact, value) for value in _ordered(values))}"
            case Between():
                return self._between(test, fact)
            case Given():
                return f"有“{fact.label}”"
        return f"{fact.label}为{'上一年' if test.years == 1 else f'{test.years}年前' if test.years else '当年'}"

    def _between(self, test: Between, fact: Fact) -> str:
        parts = []
        if test.at_least is not None:
            parts.append(f"不低于{self._fact_value(fact, test.at_least)}")
        if test.below is not None:
            parts.append(f"低于{self._fact_value(fact, test.below)}")
        return fact.label + "、".join(parts)

    def _fact_value(self, fact: Fact, value: bool | int | str) -> str:
        if fact.type is FactType.MONEY:
            return yuan(int(value))
        return INSURANCES.get(str(value), str(value))

    def _fact(self, name: str) -> Fact:
        return self.policy.facts.get(name) or BUILT_IN_FACTS[name]

    # ---- names ----

    def services(self, names: Iterable[str]) -> str:
        """Services by their labels, in the case format's order."""
        held = set(names)
        return listed(label for name, label in SERVICES.items() if name in held)

    def statuses(self, names: Iterable[str]) -> str:
        """Statuses by their labels, in the case format's order."""
        held = set(names)
        return listed(label for name, label in STATUSES.items() if name in held)

    def classes(self, names: Iterable[str]) -> str:
        """Classes by their labels, in the policy's order."""
        held = set(names)
        return listed(one.label for one in self.policy.classes if one.id in held)

    def lists(self, names: Iterable[str]) -> str:
        """Disease lists by their labels."""
        return listed(f"“{self.policy.lists[name].label}”" for name in sorted(names))

    def count(self, name: str) -> str:
        """A count by its label."""
        return self.policy.counts[name].label

    # ---- values ----

    def value(self, value: Value, unit: Unit = Unit.MONEY) -> str:
        """A number as the document states it, or who states it."""
        match value:
            case Fixed(amount=amount):
                return format_rate(amount) if unit is Unit.RATE else yuan(amount)
            case ParameterValue(parameter=name, by_item=by_item):
                return f"{'该项目的' if by_item else ''}“{self.policy.parameters[name].label}”"
            case ShareOf(share=share, of=of):
                return f"{self.value(of, unit)}的{format_rate(share)}"
            case Dated(steps=steps):
                return f"（{'，'.join(f'{day_text(day)}起{self.value(step, unit)}' for day, step in steps)}）"
            case ByCase():
                return self._by_case(value, unit)
        assert_never(value)

    def _by_case(self, value: ByCase, unit: Unit) -> str:
        """ "（医院级别为1：200元；医院级别为2：500元；其余：900元）"."""
        parts = [f"{self.test(test)}：{self.value(inner, unit)}" for test, inner in value.cases]
        if value.otherwise is not None:
            parts.append(f"其余：{self.value(value.otherwise, unit)}")
        return f"（{'；'.join(parts)}）"

    # ---- quantities ----

    def operand(self, operand: Operand) -> str:
        """What is meant, by its label."""
        match operand:
            case Column(name=name):
                return AMOUNTS.get(name) or self._column(name)
            case Unpaid():
                return "账单未付部分"
            case QuantityRef(quantity=name):
                return self.policy.quantities[name].label
            case LeftOf(quantity=name):
                return f"{self.policy.quantities[name].label}的余额"
            case UncoveredOf(benefit=name):
                return f"“{self.benefit(name).label}”因限额未救助的部分"
            case TallyOf(count=name):
                return self.count(name)
            case ItemBurden():
                return "项目的个人负担"
        assert_never(operand)

    def _column(self, name: str) -> str:
        layers = {layer.id: layer.label for layer in self.policy.layers}
        return f"{layers[name]}支付" if name in layers else self._fact(name).label

    def quantity(self, quantity: Quantity) -> str:
        """Its formula: "政策范围内费用 - 基本医保 - 大病保险，不超过账单未付部分"."""
        text = " + ".join(self.operand(part) for part in quantity.take)
        if quantity.times is not None:
            text = f"（{text}）" if len(quantity.take) > 1 else text
            text += f" × {self.value(quantity.times, Unit.RATE)}"
        text += "".join(f" - {self.operand(part)}" for part in quantity.less)
        if quantity.at_most:
            text += f"，不超过{listed(self.operand(part) for part in quantity.at_most)}"
        return text

    # ---- benefits ----

    def benefit(self, name: str) -> Benefit:
        """The benefit with that id, which exists."""
        return next(benefit for benefit in self.policy.benefits if benefit.id == name)

    def who(self, benefit: Benefit) -> str:
        """For whom: classes, or everyone."""
        return self.classes(benefit.classes) if benefit.classes else "不限对象"

    def pay(self, pay: Pay) -> str:
        """The rate, the bands, the grant or the refusal."""
        match pay:
            case Proportion(rate=rate):
                return self.value(rate, Unit.RATE)
            case Bands(bands=bands):
                return "；".join(
                    f"{self.value(band.start)}{f'至{self.value(band.end)}' if band.end is not None else '以上'}的部分"
                    f"{self.value(band.rate, Unit.RATE)}"
                    for band in bands
                )
            case Grant(amount=amount, each=each):
                return f"{self.value(amount)}" + (f"×{self._fact(each).label}" if each else "")
            case Refuse(reason=reason):
                return f"不予救助：{reason}"
        assert_never(pay)

    def threshold(self, above: Threshold | None) -> str:
        """ "年度负担累计3,000元", or that there is none."""
        if above is None or above.amount == Fixed(amount=0):
            return "不设起付线"
        return f"{f'{self.count(above.count)}累计' if above.count else '每次'}{self.value(above.amount)}"

    def limits(self, benefit: Benefit) -> str:
        """Each limit with its count, or that there is none."""
        stated = [self._limit(one.count, one.amount) for one in benefit.limits if one.amount is not None]
        return "；".join(stated) or "不设限额"

    def _limit(self, count: str, amount: Value) -> str:
        return f"{self.count(count)}{'' if isinstance(amount, Fixed) else '：'}{self.value(amount)}"

    def adjusts(self, adjusts: Iterable[Adjust]) -> str:
        """ "参保为职工医保：比例×50%、限额×50%", those of one condition together."""
        by_condition: dict[Test | None, list[str]] = {}
        for adjust in adjusts:
            by_condition.setdefault(adjust.when, []).append(self._change(adjust))
        return "；".join(
            (f"{self.test(when)}：" if when is not None else "") + listed(changes)
            for when, changes in by_condition.items()
        )

    def _change(self, adjust: Adjust) -> str:
        on = self.count(adjust.count) if adjust.count else TARGETS[adjust.changes]
        unit = Unit.RATE if adjust.changes is Target.RATE else Unit.MONEY
        if adjust.none:
            return f"不设{on}"
        times = f"×{format_rate(adjust.times)}" if adjust.times is not None else ""
        operations = (
            ("加", adjust.plus),
            ("减", adjust.minus),
            ("不低于", adjust.at_least),
            ("不高于", adjust.at_most),
        )
        return (
            on + times + "".join(f"{word}{self.value(value, unit)}" for word, value in operations if value is not None)
        )

    def scope(self, count: Count) -> str:
        """Over what a count adds up."""
        return "、".join(SCOPES[scope] for scope in count.per)

    def sentence(self, benefit: Benefit) -> str:
        """The whole benefit in one sentence for officials."""
        parts = [f"{self.test(benefit.when)}时"] if benefit.when is not None else []
        if benefit.catalogue:
            parts.append(f"目录“{self.policy.catalogues[benefit.catalogue].label}”内的项目逐项计算")
        if benefit.bill is not None:
            parts.append(f"最多按{self.operand(benefit.bill)}收费，超出部分由医院承担")
        if benefit.after:
            parts.append(f"在“{self.benefit(benefit.after).label}”之后")
        parts.append(self._paid_how(benefit))
        if benefit.adjust:
            parts.append(self.adjusts(benefit.adjust))
        return f"{self.who(benefit)}的{self.services(benefit.services)}：{'；'.join(parts)}。"

    def _paid_how(self, benefit: Benefit) -> str:
        if isinstance(benefit.pay, Refuse):
            return self.pay(benefit.pay)
        verb = "救助" if benefit.layer == "relief" else "支付"
        once = f"，{self.scope(self.policy.counts[benefit.once])}一次" if benefit.once else ""
        if benefit.of is None:
            return f"定额{verb}{self.pay(benefit.pay)}{once}，{self.limits(benefit)}"
        how = "分段按" if isinstance(benefit.pay, Bands) else "按"
        basis = f"{self.operand(benefit.of)}{self._over(benefit)}"
        return f"{basis}{how}{self.pay(benefit.pay)}{verb}{once}，{self.limits(benefit)}"

    def _over(self, benefit: Benefit) -> str:
        above = benefit.above
        if above is None or above.amount == Fixed(amount=0):
            return "不设起付线，"
        each = "" if isinstance(benefit.of, TallyOf) else "每次"
        return f"{f'，{self.count(above.count)}累计' if above.count else each}超过{self.value(above.amount)}的部分"


def _ordered(values: Iterable[bool | int | str]) -> list[bool | int | str]:
    return sorted(values, key=lambda value: (isinstance(value, str), value))
