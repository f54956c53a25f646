"""Policies made at random, part by part: every kind of count, quantity, payment and layer that can be lowered."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.engine.by_hand import fact, facts, small
from tuodi.language.model import (
    Adjust,
    AllOf,
    AnyOf,
    Band,
    Bands,
    Benefit,
    ByCase,
    Catalogue,
    CatalogueEntry,
    Choose,
    ClassIn,
    Column,
    Count,
    Disease,
    DiseaseList,
    FactSource,
    FactType,
    Feed,
    Fixed,
    GeneralCondition,
    Grant,
    Is,
    ItemBurden,
    Layer,
    LeftOf,
    Limit,
    Member,
    Not,
    Operand,
    ParameterHole,
    ParameterType,
    ParameterValue,
    Pay,
    PersonClass,
    Policy,
    Proportion,
    Quantity,
    QuantityRef,
    Reached,
    Refuse,
    Scope,
    ShareOf,
    TallyOf,
    Target,
    Test,
    Threshold,
    UncoveredOf,
    Unpaid,
    Value,
)

ITEMS = ("甲药", "乙药", "丙器材")
YEAR, LIFE, RECOGNITION, ITEM, APPLIED = Scope.YEAR, Scope.LIFE, Scope.RECOGNITION, Scope.ITEM, Scope.APPLIED_YEAR

_FACTS = facts(
    *(fact(f"flag{number}", FactType.FLAG, default=False) for number in range(6)),
    fact("cap", FactType.MONEY, default=None),
    fact("bed_days", FactType.COUNT),
    fact("for_year", FactType.YEAR),
    fact("review", FactType.FLAG, source=FactSource.ITEM, default=False),
)
_LISTS = {
    "list": DiseaseList(id="list", label="病种", clause="一", diseases=(Disease(name="病", aliases=(), icd10=()),))
}
_CATALOGUE = Catalogue(
    id="annex",
    label="目录",
    clause="一",
    diseases="list",
    entries=tuple(CatalogueEntry(disease="病", item=item, kind="药") for item in ITEMS),
)
_PARAMETERS = {
    "rate": ParameterHole(id="rate", label="比例", clause="一", type=ParameterType.RATE, optional=True),
    "sum": ParameterHole(id="sum", label="数额", clause="一", type=ParameterType.MONEY),
    "by_item": ParameterHole(
        id="by_item", label="项目限额", clause="一", type=ParameterType.MONEY_BY_ITEM, catalogue="annex"
    ),
}
_COUNTS = {
    "year_a": (YEAR,), "year_b": (YEAR,), "year_c": (YEAR,), "life": (LIFE,), "life_used": (LIFE,),
    "recognition": (RECOGNITION,), "mixed": (YEAR, RECOGNITION), "applied": (APPLIED,), "applied_used": (APPLIED,),
    "item": (ITEM,), "item_year": (ITEM, YEAR), "item_used": (ITEM, RECOGNITION),
}  # fmt: skip


def random_policy(random: Random) -> Policy:
    """A policy that lowers. Its facts are flags, so that any word of bits is the word of some event."""
    return _Maker(random).policy()


def random_plan(random: Random) -> Policy:
    """An insurance plan of two layers, to stand before the policy's own."""
    maker = _Maker(random, prefix="plan_")
    layers = tuple(
        Layer(id=name, label=name, choose=random.choice(list(Choose))) for name in ("basic", "critical_illness")
    )
    benefits = [benefit for layer in layers for benefit in maker.benefits(layer.id, catalogue=False, few=True)]
    return small(
        id="plan", is_plan=True, facts={}, counts=maker.counts(tally=False), quantities=maker.quantities(),
        parameters={}, layers=layers, benefits=tuple(replace(one, classes=frozenset()) for one in benefits),
    )  # fmt: skip


class _Maker:
    def __init__(self, random: Random, prefix: str = "") -> None:
        self.random = random
        self.prefix = prefix
        self.made = 0

    def policy(self) -> Policy:
        layer = Layer(id="relief", label="救助", choose=self.random.choice(list(Choose)))
        benefits = tuple(self.benefits("relief", catalogue=True))
        return small(
            facts=_FACTS, lists=_LISTS, catalogues={"annex": _CATALOGUE}, parameters=_PARAMETERS, no_class_clause="一",
            classes=tuple(
                PersonClass(id=name, label=name, clause="一", members=(Member(status="orphan"),)) for name in "abc"
            ),
            general_conditions=(
                GeneralCondition(
                    id="asked", clause="一", when=Is(fact="flag0", values=frozenset({True})), refusal="不符合"
                ),
            ),
            counts=self.counts(tally=True), quantities=self.quantities(), layers=(layer,), benefits=benefits,
        )  # fmt: skip

    def chance(self, of_hundred: int) -> bool:
        return self.random.randrange(100) < of_hundred

    def count(self, *names: str) -> str:
        return self.prefix + self.random.choice(names)

    # ---- what benefits rest on ----

    def counts(self, tally: bool) -> dict[str, Count]:
        plain = {
            self.prefix + name: Count(
                id=self.prefix + name,
                label=name,
                clause="一",
                per=per,
                year_fact="for_year" if APPLIED in per else None,
            )
            for name, per in _COUNTS.items()
            if not self.prefix or (ITEM not in per and APPLIED not in per)
        }
        members = (f"{self.prefix}year_a", f"{self.prefix}year_b")
        name = f"{self.prefix}joint"
        plain[name] = Count(id=name, label="合计", clause="一", per=(YEAR,), sum_of=members)
        if tally:
            feed = Feed(of=LeftOf(quantity="burden"), when=self.test(), unless_settled_by=frozenset())
            plain["tally"] = Count(id="tally", label="年内累计", clause="一", per=(YEAR,), feed=feed)
        return plain

    def quantities(self) -> dict[str, Quantity]:
        burden = Quantity(
            id="burden", label="负担", take=(Column(name="in_policy"),),
            less=(Column(name="basic"), Column(name="commercial")), at_most=(Unpaid(),),
        )  # fmt: skip
        outside = Quantity(
            id="outside", label="目录外", take=(Column(name="total"), Column(name="other_relief")),
            times=Fixed(amount=self.random.randrange(1, 15_000)), less=(Column(name="in_policy"), Unpaid()),
        )  # fmt: skip
        capped = Quantity(
            id="capped", label="限额内", take=(QuantityRef(quantity="burden"),), at_most=(Column(name="cap"),)
        )
        return {"burden": burden, "outside": outside} | ({} if self.prefix else {"capped": capped})

    def test(self) -> Test:
        flags: list[Test] = [Is(fact=f"flag{self.random.randrange(6)}", values=frozenset({True})) for _ in range(3)]
        made: list[Test] = [
            *flags, Not(test=flags[0]), AnyOf(tests=(flags[0], flags[1])), AllOf(tests=(Not(test=flags[1]), flags[2])),
            Not(test=AllOf(tests=(flags[0], flags[2]))), ClassIn(classes=frozenset({"b"})),
        ]  # fmt: skip
        if self.prefix:
            return made[-1]
        return self.random.choice([*made, Reached(count="year_a", at_least=Fixed(amount=400_000))])

    def value(self, most: int, rate: bool = False) -> Value:
        fixed = Fixed(amount=self.random.choice([0, most, self.random.randrange(most + 1)]))
        if self.prefix or self.chance(60):
            return fixed
        parameter = ParameterValue(parameter="rate" if rate else "sum")
        cases = ((self.test(), fixed), (self.test(), parameter))
        return self.random.choice(
            [parameter, ShareOf(share=self.random.randrange(10_001), of=fixed), ByCase(cases=cases),
             ByCase(cases=cases[:1], otherwise=fixed)]
        )  # fmt: skip

    # ---- benefits ----

    def benefits(self, layer: str, catalogue: bool, few: bool = False) -> list[Benefit]:
        made: list[Benefit] = []
        for _ in range(self.random.randrange(1, 4 if few else 9)):
            head = self.benefit(layer, catalogue and self.chance(25))
            made.append(head)
            if not isinstance(head.pay, Refuse) and self.chance(50):
                made.append(self.follower(head))
        return made

    def benefit(self, layer: str, of_items: bool) -> Benefit:
        self.made += 1
        benefit = Benefit(
            id=f"{self.prefix}{layer}_{self.made}", label="待遇", clause="一", layer=layer,
            services=frozenset({self.random.choice(["inpatient", "outpatient"])}),
            classes=frozenset(self.random.sample("abc", self.random.randrange(3))),
            when=self.test() if self.chance(60) else None, waives=frozenset({"asked"} if self.chance(30) else ()),
            pay=self.pay(), catalogue="annex" if of_items else None,
            adjust=tuple(self.adjust() for _ in range(self.random.randrange(3))),
        )  # fmt: skip
        if self.prefix:
            benefit = replace(benefit, waives=frozenset())
        if isinstance(benefit.pay, Refuse):
            return replace(benefit, adjust=(), catalogue=None)
        benefit = replace(benefit, limits=self.limits(of_items), once=self.once(of_items) if self.chance(15) else None)
        if isinstance(benefit.pay, Grant):
            return benefit
        of = self.of(of_items)
        bill = Column(name="cap") if not self.prefix and not of_items and self.chance(15) else None
        return replace(benefit, of=of, above=self.above(of_items) if self.chance(50) else None, bill=bill)

    def follower(self, head: Benefit) -> Benefit:
        follower = self.benefit(head.layer, head.catalogue is not None)
        while isinstance(follower.pay, Refuse):
            follower = self.benefit(head.layer, head.catalogue is not None)
        follower = replace(follower, after=head.id, bill=None)
        single = isinstance(head.pay, Proportion) and not isinstance(head.of, UncoveredOf) and head.limits
        if single and head.catalogue is None and isinstance(follower.pay, Proportion) and self.chance(50):
            return replace(follower, of=UncoveredOf(benefit=head.id), above=None)
        return follower

    def pay(self) -> Pay:
        bands = Bands(
            bands=(
                Band(start=Fixed(amount=0), end=Fixed(amount=300_000), rate=self.value(10_000, rate=True)),
                Band(start=Fixed(amount=300_000), end=None, rate=self.value(10_000, rate=True)),
            )
        )
        each = "bed_days" if not self.prefix and self.chance(30) else None
        grant = Grant(amount=self.value(90_000), each=each)
        proportion = Proportion(rate=self.value(10_000, rate=True))
        return self.random.choice([proportion, proportion, proportion, bands, grant, Refuse(reason="另有规定")])

    def of(self, of_items: bool) -> Operand:
        if of_items:
            return ItemBurden()
        some: list[Operand] = [
            QuantityRef(quantity="burden"),
            LeftOf(quantity="burden"),
            QuantityRef(quantity="outside"),
        ]
        if not self.prefix:
            some += [TallyOf(count="tally", year="for_year"), TallyOf(count="tally"), QuantityRef(quantity="capped")]
        return self.random.choice(some)

    def _names(self, of_items: bool) -> list[str]:
        names = ["year_a", "year_b", "year_c", "life", "recognition", "mixed"]
        return names + ([] if self.prefix else ["applied"]) + (["item", "item_year"] * 3 if of_items else [])

    def above(self, of_items: bool) -> Threshold:
        count = self.count(*self._names(of_items)) if self.chance(80) else None
        return Threshold(amount=self.value(500_000), count=count)

    def limits(self, of_items: bool) -> tuple[Limit, ...]:
        chosen = dict.fromkeys(self.count(*self._names(of_items), "joint") for _ in range(self.random.randrange(3)))
        return tuple(Limit(count=name, amount=self.limit(of_items)) for name in chosen)

    def limit(self, of_items: bool) -> Value | None:
        if of_items and self.chance(50):
            return ParameterValue(parameter="by_item", by_item=True)
        return self.value(2_000_000) if self.chance(80) else None

    def once(self, of_items: bool) -> str:
        if of_items:
            return "item_used"
        return self.prefix + self.random.choice(["life_used"] if self.prefix else ["life_used", "applied_used"])

    def adjust(self) -> Adjust:
        changes = self.random.choice(list(Target))
        when = self.test() if self.chance(70) else None
        adjust = Adjust(changes=changes, clause="一", when=when, times=self.random.choice([None, 5_000, 12_000]))
        if changes is not Target.RATE and self.chance(20):
            return replace(adjust, times=None, none=True)
        bound = Fixed(amount=self.random.randrange(10_000))
        part = self.random.choice(["plus", "minus", "at_least", "at_most"])
        return replace(adjust, **{part: bound})
