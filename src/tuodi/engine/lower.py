"""The one lowering: a policy, and an agency's insurance plan, into the program that every reader reads.

Each benefit becomes a guarded rule of straight steps, each value a place in the table, each condition a bit. What the
document says about order, limits and rounding is decided here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never

from tuodi.core.finding import Faults, Finding
from tuodi.engine.program import (
    NO_LIMIT,
    Above,
    Add,
    BandTrace,
    Bit,
    Const,
    FeedRule,
    Guard,
    Input,
    ItemConst,
    LayerProgram,
    LimitTrace,
    Load,
    Max,
    Min,
    Pay,
    Post,
    Program,
    Raise,
    Relieved,
    Rest,
    Room,
    Round,
    RoundOver,
    Rule,
    Scale,
    Select,
    SetBill,
    Slot,
    Step,
    Take,
    Taken,
    Times,
    Trace,
    Uncovered,
    Use,
    Within,
)
from tuodi.language.model import (
    AMOUNTS,
    BUILT_IN_FACTS,
    Adjust,
    AllOf,
    AnyOf,
    Bands,
    Benefit,
    Between,
    ByCase,
    ClassIn,
    Column,
    Dated,
    Fact,
    FactSource,
    Fixed,
    Given,
    Grant,
    Is,
    ItemBurden,
    Layer,
    LeftOf,
    Not,
    Operand,
    ParameterValue,
    Policy,
    Proportion,
    Quantity,
    QuantityRef,
    Reached,
    Refuse,
    ServiceIn,
    ShareOf,
    Since,
    TallyOf,
    Target,
    Test,
    UncoveredOf,
    Unpaid,
    Value,
    YearsBefore,
)

RELIEF = "relief"

NOT_IN_FORCE = "本文件施行前，或施行期外"
NO_CLASS = "当日不属于本文件规定的救助对象"
NO_SERVICE = "本文件不救助这类服务"
NO_RULE = "本文件对此类对象的这一情形没有规定待遇"

NO_GUARD = Guard()

DatedParameters = Mapping[str, tuple[date, ...]]


def lower(policy: Policy, plan: Policy | None = None, dated: DatedParameters | None = None) -> Program:
    """The program of the policy, with the plan's layers before its own. `dated`: first days of parameters given by day.

    Raises Faults where plan and policy clash, or a test hangs on money inside a compound condition.
    """
    return _Lowering(policy=policy, plan=plan, dated=dated or {}).program()


@dataclass(slots=True, kw_only=True)
class _Lowering:
    """The work of one call: what is being collected while rules are written."""

    policy: Policy
    plan: Policy | None
    dated: DatedParameters
    bits: dict[str, Bit] = field(default_factory=dict)
    bit_of_test: dict[Test, Bit] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)
    columns: list[str] = field(default_factory=lambda: list(AMOUNTS))
    rules: list[Rule] = field(default_factory=list)
    rule_of: dict[str, Rule] = field(default_factory=dict)

    def program(self) -> Program:
        self._refuse_clashes()
        self._built_in_bits()
        layers = [self._layer(plan_layer, self.plan) for plan_layer in self.plan.layers] if self.plan else []
        layers += [self._layer(layer, self.policy) for layer in self.policy.layers]
        feeds = tuple(feed for owner in self._owners() for feed in self._feeds(owner))
        counts = {name: count for owner in self._owners() for name, count in owner.counts.items()}
        return Program(
            policy_id=self.policy.document.id,
            bits=tuple(self.bits.values()),
            columns=tuple(self.columns),
            year_facts=self._year_facts(),
            rules=tuple(self.rules),
            layers=tuple(layers),
            feeds=feeds,
            counts=counts,
            parameters={name: hole for owner in self._owners() for name, hole in owner.parameters.items()},
            table=tuple(self.slots),
        )

    def _owners(self) -> list[Policy]:
        return [self.plan, self.policy] if self.plan else [self.policy]

    def _refuse_clashes(self) -> None:
        if self.plan is None:
            return
        findings = [
            Finding(
                code="plan-clash",
                message=f"参保方案 {self.plan.document.id} 与政策 {self.policy.document.id} 都定义了{kind}“{name}”",
                remedy="在参保方案里改名",
            )
            for kind, of_plan, of_policy in (
                ("累计项", self.plan.counts, self.policy.counts),
                ("参数", self.plan.parameters, self.policy.parameters),
                ("层次", _layer_names(self.plan), _layer_names(self.policy)),
                ("待遇", _benefit_names(self.plan), _benefit_names(self.policy)),
                ("名单", self.plan.lists, self.policy.lists),
            )
            for name in of_plan
            if name in of_policy
        ]
        if self.plan.classes:
            findings.append(
                Finding(
                    code="plan-classes",
                    message="参保方案不能定义对象类别",
                    remedy="类别写在政策文件里，用参保倾斜引用",
                )
            )
        if findings:
            raise Faults(findings)

    # ---- bits ----

    def _built_in_bits(self) -> None:
        self._named_bit("in_force", "在施行期内")
        self._named_bit("day_in_force", "当日在施行期内")
        for person_class in self.policy.classes:
            self._named_bit(f"class:{person_class.id}", person_class.label)

    def _named_bit(self, bit_id: str, label: str, test: Test | None = None, per_item: bool = False) -> Bit:
        if bit_id not in self.bits:
            self.bits[bit_id] = Bit(index=len(self.bits), id=bit_id, label=label, test=test, per_item=per_item)
        return self.bits[bit_id]

    def _test_bit(self, test: Test) -> Bit:
        """The bit that the test sets, made once; several tests of equal meaning share it."""
        if test not in self.bit_of_test:
            if _hangs_on_money(test) and not isinstance(test, Reached):
                raise Faults(
                    [
                        Finding(
                            code="reached-too-deep",
                            message="“累计达到”只能单独使用，或与其他条件并列，不能放进嵌套的任一/全部条件",
                            remedy="拆成单独的条件，或为它定义一个对象类别",
                        )
                    ]
                )
            name = f"test:{len(self.bits)}"
            self.bit_of_test[test] = self._named_bit(name, _label(test), test, self._is_per_item(test))
        return self.bit_of_test[test]

    def _is_per_item(self, test: Test) -> bool:
        facts = {name: fact for owner in self._owners() for name, fact in owner.facts.items()}
        return any(_fact(facts, name).source is FactSource.ITEM for name in _facts_of(test))

    def _guard(self, test: Test | None, guard: Guard = NO_GUARD) -> Guard:
        """The guard that asks for the test besides what it already asks for."""
        match test:
            case None:
                return guard
            case AllOf(tests=tests):
                for part in tests:
                    guard = self._guard(part, guard)
                return guard
            case AnyOf(tests=tests) if all(_is_atom(part) for part in tests):
                return _with_any(guard, [mask for part in tests for mask in self._atom_masks(part)])
            case ClassIn():
                return _with_any(guard, self._atom_masks(test))
            case Not(test=AnyOf(tests=tests)) if all(_is_atom(part) for part in tests):
                return _with_none(guard, [mask for part in tests for mask in self._atom_masks(part)])
            case Not(test=inner) if _is_atom(inner):
                return _with_none(guard, self._atom_masks(inner))
            case Not(test=inner):
                return _with_none(guard, [self._test_bit(inner).mask])
        return replace(guard, all=guard.all | self._test_bit(test).mask)

    def _atom_masks(self, test: Test) -> list[int]:
        """Masks of which one must be set for the atom to hold."""
        if isinstance(test, ClassIn):
            return [self.bits[f"class:{name}"].mask for name in sorted(test.classes)]
        return [self._test_bit(test).mask]

    # ---- layers and rules ----

    def _layer(self, layer: Layer, owner: Policy) -> LayerProgram:
        heads: list[int] = []
        if layer.id == RELIEF:
            heads.append(self._not_in_force(owner))
        for benefit in _parents_first([b for b in owner.benefits if b.layer == layer.id]):
            rule = self._rule(_tilted(benefit, self.policy) if owner.is_plan else benefit, owner)
            if rule.after is None:
                heads.append(rule.index)
        if layer.id == RELIEF:
            heads += self._catch_alls(owner)
        return LayerProgram(layer=layer, heads=tuple(heads))

    def _refusal(self, rule_id: str, clause: str, reason: str, guard: Guard) -> int:
        rule = Rule(
            index=len(self.rules), id=rule_id, label=reason, clause=clause, layer=RELIEF, guard=guard, refusal=reason
        )
        self.rules.append(rule)
        return rule.index

    def _not_in_force(self, owner: Policy) -> int:
        guard = Guard(none=self.bits["in_force"].mask)
        return self._refusal("not_in_force", owner.document.start_clause, NOT_IN_FORCE, guard)

    def _catch_alls(self, owner: Policy) -> list[int]:
        """Why nothing applied, most telling first: no class, the service, a general condition, or just no rule."""
        not_covered = owner.not_covered_clause or owner.no_class_clause
        heads = []
        if owner.classes:
            none = sum(self.bits[f"class:{person_class.id}"].mask for person_class in owner.classes)
            heads.append(self._refusal("no_class", owner.no_class_clause, NO_CLASS, Guard(none=none)))
        served = frozenset(
            name for b in owner.benefits if b.layer == RELIEF and not isinstance(b.pay, Refuse) for name in b.services
        )
        no_service = Guard(none=self._test_bit(ServiceIn(services=served)).mask)
        heads.append(self._refusal("no_service", not_covered, NO_SERVICE, no_service))
        for condition in owner.general_conditions:
            guard = Guard(none=self._condition_bit(owner, condition.id).mask)
            heads.append(self._refusal(condition.id, condition.clause, condition.refusal, guard))
        heads.append(self._refusal("no_rule", not_covered, NO_RULE, Guard()))
        return heads

    def _condition_bit(self, owner: Policy, condition_id: str) -> Bit:
        condition = next(c for c in owner.general_conditions if c.id == condition_id)
        if condition.when in self.bit_of_test:
            return self.bit_of_test[condition.when]
        name = f"condition:{owner.document.id}:{condition_id}" if owner.is_plan else f"condition:{condition_id}"
        bit = self._named_bit(name, condition.refusal, condition.when)
        self.bit_of_test[condition.when] = bit
        return bit

    def _rule(self, benefit: Benefit, owner: Policy) -> Rule:
        parent = self.rule_of[benefit.after] if benefit.after else None
        index = len(self.rules)
        guard = self._benefit_guard(benefit, owner)
        rule = Rule(
            index=index,
            id=benefit.id,
            label=benefit.label,
            clause=benefit.clause,
            layer=benefit.layer,
            guard=guard,
            after=parent.index if parent else None,
            per_item=benefit.catalogue,
        )
        if isinstance(benefit.pay, Refuse):
            rule = replace(rule, refusal=benefit.pay.reason)
        else:
            rule = _Line(lowering=self, benefit=benefit, owner=owner, rule=rule, parent=parent).written()
        self.rules.append(rule)
        self.rule_of[benefit.id] = rule
        return rule

    def _benefit_guard(self, benefit: Benefit, owner: Policy) -> Guard:
        guard = Guard(all=self._test_bit(ServiceIn(services=benefit.services)).mask)
        if benefit.classes:
            guard = _with_any(guard, self._atom_masks(ClassIn(classes=benefit.classes)))
        elif not owner.is_plan:
            guard = replace(guard, all=guard.all | self.bits["day_in_force"].mask)
        if owner.is_plan:
            guard = self._guard(_in_force(owner), guard)
        guard = self._guard(benefit.when, guard)
        asked = [self._condition_bit(owner, c.id) for c in owner.general_conditions if c.id not in benefit.waives]
        if benefit.once:
            asked.append(self._named_bit(f"unused:{benefit.once}", f"“{owner.counts[benefit.once].label}”尚未使用"))
        if benefit.catalogue:
            asked.append(self._named_bit(f"item_counts:{benefit.catalogue}", "目录内且属本病种的项目", per_item=True))
        for name in sorted(_parameters_of(benefit)):
            hole = owner.parameters[name]
            if hole.optional:
                asked.append(self._named_bit(f"parameter:{name}", f"“{hole.label}”已确定"))
        for bit in asked:
            guard = replace(guard, all=guard.all | bit.mask)
        return guard

    def _feeds(self, owner: Policy) -> Iterable[FeedRule]:
        for count in owner.counts.values():
            if count.feed is None:
                continue
            guard = self._guard(count.feed.when, Guard(all=self.bits["day_in_force"].mask))
            writer = _Writer(lowering=self, owner=owner, prefix=f"f_{count.id}_", in_feed=True)
            amount = writer.operand(count.feed.of)
            unless = frozenset(self.rule_of[name].index for name in count.feed.unless_settled_by)
            yield FeedRule(count=count.id, guard=guard, unless=unless, steps=tuple(writer.steps), amount=amount)

    def _year_facts(self) -> tuple[str, ...]:
        names = [count.year_fact for owner in self._owners() for count in owner.counts.values()]
        names += [step.year for rule in self.rules for step in rule.steps if isinstance(step, Load)]
        return tuple(dict.fromkeys(name for name in names if name))

    # ---- the table and the columns ----

    def slot(self, slot: Slot) -> int:
        self.slots.append(slot)
        return len(self.slots) - 1

    def column(self, name: str) -> str:
        if name not in self.columns and name not in ("payers", "unpaid", "bill_left", "item_burden"):
            self.columns.append(name)
        return name


@dataclass(slots=True, kw_only=True)
class _Writer:
    """Writes steps; every register of it bears the prefix."""

    lowering: _Lowering
    owner: Policy
    prefix: str
    in_feed: bool = False
    steps: list[Step] = field(default_factory=list)
    made: int = 0

    def name(self, hint: str) -> str:
        self.made += 1
        return f"{self.prefix}{hint}{self.made}"

    def add(self, step: Step) -> str:
        self.steps.append(step)
        return getattr(step, "dst", "")

    def constant(self, number: int, path: str = "") -> str:
        return self.add(Const(dst=self.name("k"), slot=self.lowering.slot(Slot(fixed=number, path=path))))

    def input(self, column: str) -> str:
        return self.add(Input(dst=self.name("i"), column=self.lowering.column(column)))

    # ---- values ----

    def value(self, value: Value, path: str) -> str:
        match value:
            case Fixed(amount=amount):
                return self.constant(amount, path)
            case ParameterValue(parameter=name, by_item=True):
                return self.add(ItemConst(dst=self.name("p"), parameter=name))
            case ParameterValue(parameter=name):
                return self._parameter(name, path)
            case ShareOf(share=share, of=of):
                return self.scaled(self.value(of, f"{path}.of"), self.constant(share, f"{path}.share"))
            case Dated(steps=dated):
                cases = [(Since(day=day), self.value(step, f"{path}.{day}")) for day, step in reversed(dated)]
                return self._select([(self.lowering._guard(test), reg) for test, reg in cases], None)
            case ByCase(cases=by_case, otherwise=otherwise):
                chosen = [
                    (self.lowering._guard(test), self.value(inner, f"{path}.cases[{place}]"))
                    for place, (test, inner) in enumerate(by_case)
                ]
                rest = self.value(otherwise, f"{path}.otherwise") if otherwise is not None else None
                return self._select(chosen, rest)
            case _:
                assert_never(value)

    def _parameter(self, name: str, path: str) -> str:
        days = self.lowering.dated.get(name)
        if not days:
            return self.add(Const(dst=self.name("p"), slot=self.lowering.slot(Slot(parameter=name, path=path))))
        cases = []
        for day in sorted(days, reverse=True):
            slot = self.lowering.slot(Slot(parameter=name, since=day, path=f"{path}.{day}"))
            cases.append((self.lowering._guard(Since(day=day)), self.add(Const(dst=self.name("p"), slot=slot))))
        return self._select(cases, None)

    def _select(self, cases: list[tuple[Guard, str]], otherwise: str | None) -> str:
        return self.add(Select(dst=self.name("v"), cases=tuple(cases), otherwise=otherwise))

    def scaled(self, register: str, factor: str) -> str:
        """register x factor, half up."""
        product = self.add(Scale(dst=self.name("s"), money=register, rate=factor))
        return self.add(Round(dst=self.name("m"), scaled=product))

    def adjusted(self, register: str, adjusts: Iterable[tuple[int, Adjust]], path: str) -> str:
        """The register after the adjustments, each for whom it is meant; a lifted limit or threshold comes last."""
        for place, adjust in sorted(adjusts, key=lambda pair: pair[1].none):
            changed = self._changed(register, adjust, f"{path}.adjust[{place}]")
            guard = self.lowering._guard(adjust.when)
            register = changed if guard == NO_GUARD else self._select([(guard, changed)], register)
        return register

    def _changed(self, register: str, adjust: Adjust, path: str) -> str:
        if adjust.none:
            return self.constant(NO_LIMIT if adjust.changes is Target.LIMIT else 0)
        if adjust.times is not None:
            register = self.scaled(register, self.constant(adjust.times, f"{path}.times"))
        if adjust.plus is not None:
            register = self.add(Add(dst=self.name("m"), a=register, b=self.value(adjust.plus, f"{path}.plus")))
        if adjust.minus is not None:
            register = self.add(Rest(dst=self.name("m"), a=register, b=self.value(adjust.minus, f"{path}.minus")))
        if adjust.at_least is not None:
            register = self.add(Max(dst=self.name("m"), a=register, b=self.value(adjust.at_least, f"{path}.at_least")))
        if adjust.at_most is not None:
            register = self.add(Min(dst=self.name("m"), a=register, b=self.value(adjust.at_most, f"{path}.at_most")))
        return register

    # ---- quantities ----

    def operand(self, operand: Operand) -> str:
        assert not isinstance(operand, UncoveredOf), "loaded: it stands only as a benefit's whole basis"
        match operand:
            case Column(name=name):
                return self.input(name)
            case Unpaid():
                return self.input("unpaid")
            case ItemBurden():
                return self.input("item_burden")
            case QuantityRef(quantity=name):
                return self.quantity(self.owner.quantities[name])
            case LeftOf(quantity=name):
                whole = self.quantity(self.owner.quantities[name])
                gone = Relieved(dst=self.name("t")) if self.in_feed else Taken(dst=self.name("t"), quantity=name)
                return self.add(Rest(dst=self.name("q"), a=whole, b=self.add(gone)))
            case TallyOf(count=count, year=year):
                return self.add(Load(dst=self.name("n"), count=count, year=year))
            case _:
                assert_never(operand)

    def quantity(self, quantity: Quantity) -> str:
        register = self._sum(quantity.take)
        if quantity.times is not None:
            register = self.scaled(register, self.value(quantity.times, f"quantities.{quantity.id}.times"))
        if quantity.less:
            register = self.add(Rest(dst=self.name("q"), a=register, b=self._sum(quantity.less)))
        for bound in quantity.at_most:
            register = self.add(Min(dst=self.name("q"), a=register, b=self.operand(bound)))
        return register

    def _sum(self, operands: tuple[Operand, ...]) -> str:
        register = self.operand(operands[0])
        for other in operands[1:]:
            register = self.add(Add(dst=self.name("q"), a=register, b=self.operand(other)))
        return register


@dataclass(slots=True, kw_only=True)
class _Line:
    """One benefit's line: basis, threshold, rate, one rounding, limits in order, what the bill leaves, what moves."""

    lowering: _Lowering
    benefit: Benefit
    owner: Policy
    rule: Rule
    parent: Rule | None

    def written(self) -> Rule:
        prefix = f"r{self.rule.index}_"
        rates = _Writer(lowering=self.lowering, owner=self.owner, prefix=f"{prefix}rate_")
        writer = _Writer(lowering=self.lowering, owner=self.owner, prefix=prefix)
        trace = Trace()
        if isinstance(self.benefit.pay, Proportion):
            rate = rates.value(self.benefit.pay.rate, self._path("rate"))
            trace = replace(trace, rate=rates.adjusted(rate, self._adjusts(Target.RATE), self._path("rate")))
        if self.benefit.bill is not None:
            writer.add(SetBill(charged=writer.operand(self.benefit.bill)))
        trace = self._basis(writer, trace)
        trace = self._due(writer, trace)
        trace = self._limits(writer, trace)
        trace = self._payment(writer, trace)
        self._movements(writer, trace)
        return replace(
            self.rule,
            rate_steps=tuple(rates.steps),
            rate=trace.rate,
            limit_count=len(trace.limits),
            steps=tuple(writer.steps),
            trace=trace,
        )

    def _path(self, part: str) -> str:
        return f"benefits.{self.benefit.id}.{part}"

    def _adjusts(self, target: Target, count: str | None = None) -> list[tuple[int, Adjust]]:
        return [
            (place, adjust)
            for place, adjust in enumerate(self.benefit.adjust)
            if adjust.changes is target and (adjust.count is None or adjust.count == count)
        ]

    def _basis(self, writer: _Writer, trace: Trace) -> Trace:
        """base, and of a threshold the count before it, the threshold and the part above."""
        benefit = self.benefit
        if benefit.of is None:
            return trace
        if isinstance(benefit.of, UncoveredOf):
            return self._uncovered(writer, trace, benefit.of)
        base = writer.operand(benefit.of)
        if benefit.above is None:
            return replace(trace, base=base, part=base)
        threshold = writer.value(benefit.above.amount, self._path("above"))
        threshold = writer.adjusted(threshold, self._adjusts(Target.ABOVE), self._path("above"))
        before = self._loaded(writer, benefit.above.count) if benefit.above.count else writer.constant(0)
        part = writer.add(Above(dst=writer.name("a"), before=before, base=base, threshold=threshold))
        return replace(trace, base=base, part=part, before=before, threshold=threshold, measure=benefit.above.count)

    def _uncovered(self, writer: _Writer, trace: Trace, of: UncoveredOf) -> Trace:
        line = self.lowering.rule_of[of.benefit].trace
        assert line is not None and line.part is not None and line.rate is not None, "loaded: a single rate"
        base = writer.add(
            Uncovered(
                dst=writer.name("u"), base=line.part, rate=line.rate, due=line.due, limited=line.limited, paid=line.paid
            )
        )
        return replace(trace, base=base, base_over=line.rate, part=base)

    def _loaded(self, writer: _Writer, count: str) -> str:
        """What the count holds; of a sum, what its members hold together."""
        members = self.owner.counts[count].sum_of or (count,)
        register = writer.add(Load(dst=writer.name("n"), count=members[0]))
        for member in members[1:]:
            other = writer.add(Load(dst=writer.name("n"), count=member))
            register = writer.add(Add(dst=writer.name("n"), a=register, b=other))
        return register

    def _due(self, writer: _Writer, trace: Trace) -> Trace:
        pay = self.benefit.pay
        assert not isinstance(pay, Refuse), "a refusal has no line"
        match pay:
            case Proportion():
                return replace(trace, due=self._proportion(writer, trace))
            case Bands():
                return self._banded(writer, trace)
            case Grant(amount=amount, each=each):
                granted = writer.value(amount, self._path("amount"))
                number = writer.input(each) if each else None
                due = writer.add(Times(dst=writer.name("d"), amount=granted, n=number)) if number else granted
                return replace(trace, amount=granted, each=number, due=due)
            case _:
                assert_never(pay)

    def _proportion(self, writer: _Writer, trace: Trace) -> str:
        assert trace.part is not None and trace.rate is not None
        if trace.base_over:
            return writer.add(RoundOver(dst=writer.name("d"), scaled=trace.part, rate=trace.rate, over=trace.base_over))
        product = writer.add(Scale(dst=writer.name("s"), money=trace.part, rate=trace.rate))
        return writer.add(Round(dst=writer.name("d"), scaled=product))

    def _banded(self, writer: _Writer, trace: Trace) -> Trace:
        """Each band's part of the measure above the threshold times its rate; summed exactly, rounded once."""
        assert isinstance(self.benefit.pay, Bands) and trace.base is not None
        before = trace.before or writer.constant(0)
        total = None
        bands = []
        for place, band in enumerate(self.benefit.pay.bands):
            path = self._path(f"bands[{place}]")
            start = writer.value(band.start, f"{path}.from")
            if trace.threshold:
                start = writer.add(Max(dst=writer.name("b"), a=start, b=trace.threshold))
            end = writer.value(band.end, f"{path}.to") if band.end is not None else None
            part = writer.add(Within(dst=writer.name("b"), before=before, base=trace.base, start=start, end=end))
            rate = writer.value(band.rate, f"{path}.rate")
            rate = writer.adjusted(rate, self._adjusts(Target.RATE), f"{path}.rate")
            product = writer.add(Scale(dst=writer.name("s"), money=part, rate=rate))
            total = writer.add(Add(dst=writer.name("s"), a=total, b=product)) if total else product
            bands.append(BandTrace(start=start, end=end, part=part, rate=rate))
        assert total is not None, "loaded: at least one band"
        due = writer.add(Round(dst=writer.name("d"), scaled=total))
        return replace(trace, bands=tuple(bands), due=due)

    def _limits(self, writer: _Writer, trace: Trace) -> Trace:
        register = trace.due
        limits = []
        for limit in self.benefit.limits:
            if limit.amount is None:
                continue
            path = self._path(f"limit.{limit.count}")
            amount = writer.adjusted(writer.value(limit.amount, path), self._adjusts(Target.LIMIT, limit.count), path)
            used = self._loaded(writer, limit.count)
            room = writer.add(Room(dst=writer.name("l"), limit=amount, used=used))
            register = writer.add(Min(dst=writer.name("l"), a=register, b=room))
            limits.append(LimitTrace(count=limit.count, limit=amount, used=used, room=room))
        return replace(trace, limits=tuple(limits), limited=register)

    def _payment(self, writer: _Writer, trace: Trace) -> Trace:
        """A grant, and a line on a tally, has no bill; every other pays at most what the bill still leaves."""
        if isinstance(self.benefit.pay, Grant) or isinstance(self.benefit.of, TallyOf):
            return replace(trace, paid=trace.limited)
        bill = writer.input("bill_left")
        paid = writer.add(Min(dst=writer.name("y"), a=trace.limited, b=bill))
        return replace(trace, bill=bill, paid=paid)

    def _movements(self, writer: _Writer, trace: Trace) -> None:
        benefit = self.benefit
        writer.add(Pay(amount=trace.paid))
        for limit in benefit.limits:
            if not self.owner.counts[limit.count].sum_of:
                writer.add(Post(count=limit.count, amount=trace.paid))
        measure = trace.measure
        if measure and trace.base and not self.owner.counts[measure].sum_of:
            writer.add(Raise(count=measure, amount=trace.base))
        if isinstance(benefit.of, QuantityRef | LeftOf):
            writer.add(Take(quantity=benefit.of.quantity, amount=trace.paid))
        if benefit.once:
            writer.add(Use(count=benefit.once))


# ---- helpers --------------------------------------------------------------------------------------------------------


def _layer_names(policy: Policy) -> list[str]:
    return [layer.id for layer in policy.layers]


def _benefit_names(policy: Policy) -> list[str]:
    return [benefit.id for benefit in policy.benefits]


def _parents_first(benefits: list[Benefit]) -> list[Benefit]:
    """In the policy's order, but each `after` its parent wherever that one stands."""
    ordered: list[Benefit] = []
    waiting = list(benefits)
    while waiting:
        placed = {benefit.id for benefit in ordered}
        ready = next(benefit for benefit in waiting if benefit.after is None or benefit.after in placed)
        waiting.remove(ready)
        ordered.append(ready)
    return ordered


def _tilted(benefit: Benefit, policy: Policy) -> Benefit:
    """The plan's benefit with what the document bends of it."""
    adjusts = [
        replace(adjust, when=_together(_in_force(policy), tilt.when, adjust.when))
        for tilt in policy.insurance_tilts
        if tilt.layer == benefit.layer and (not tilt.benefits or benefit.id in tilt.benefits)
        for adjust in tilt.adjust
    ]
    return replace(benefit, adjust=benefit.adjust + tuple(adjusts))


def _in_force(owner: Policy) -> Test:
    """The event's day lies in the period of the document, or of the plan."""
    since = Since(day=owner.document.start)
    return _together(since, Not(test=Since(day=owner.document.end)) if owner.document.end else None)


def _together(first: Test, *others: Test | None) -> Test:
    tests = (first, *(test for test in others if test is not None))
    return tests[0] if len(tests) == 1 else AllOf(tests=tests)


def _is_atom(test: Test) -> bool:
    return not isinstance(test, AllOf | AnyOf | Not)


def _with_any(guard: Guard, masks: Iterable[int]) -> Guard:
    masks = list(masks)
    if len(masks) == 1:
        return replace(guard, all=guard.all | masks[0])
    return replace(guard, any=(*guard.any, _union(masks)))


def _with_none(guard: Guard, masks: Iterable[int]) -> Guard:
    return replace(guard, none=guard.none | _union(masks))


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


def _parts(test: Test) -> tuple[Test, ...]:
    match test:
        case AllOf(tests=tests) | AnyOf(tests=tests):
            return tests
        case Not(test=inner):
            return (inner,)
    return ()


def _hangs_on_money(test: Test) -> bool:
    return isinstance(test, Reached) or any(_hangs_on_money(part) for part in _parts(test))


def _facts_of(test: Test) -> set[str]:
    names = {test.fact} if isinstance(test, Is | Between | Given | YearsBefore) else set()
    return names.union(*(_facts_of(part) for part in _parts(test)))


def _fact(facts: Mapping[str, Fact], name: str) -> Fact:
    return facts.get(name) or BUILT_IN_FACTS[name]


def _parameters_of(benefit: Benefit) -> set[str]:
    """Parameters without which the benefit cannot be computed."""
    values: list[Value | None] = [limit.amount for limit in benefit.limits]
    if benefit.above:
        values.append(benefit.above.amount)
    match benefit.pay:
        case Proportion(rate=rate):
            values.append(rate)
        case Bands(bands=bands):
            values += [value for band in bands for value in (band.start, band.end, band.rate)]
        case Grant(amount=amount):
            values.append(amount)
    return {name for value in values if value is not None for name in _parameters_in(value)}


def _parameters_in(value: Value) -> set[str]:
    match value:
        case ParameterValue(parameter=name):
            return {name}
        case ShareOf(of=of):
            return _parameters_in(of)
        case Dated(steps=steps):
            return {name for _, step in steps for name in _parameters_in(step)}
        case ByCase(cases=cases, otherwise=otherwise):
            inner = [case for _, case in cases] + ([otherwise] if otherwise is not None else [])
            return {name for part in inner for name in _parameters_in(part)}
    return set()


def _label(test: Test) -> str:
    """What the bit asks, for messages; the test itself says the rest."""
    match test:
        case Is(fact=fact) | Between(fact=fact) | Given(fact=fact) | YearsBefore(fact=fact):
            return fact
    return type(test).__name__
