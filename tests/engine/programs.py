"""Programs made by hand, step by step, and random ones: what the two executors must agree on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tuodi.engine.interpret import Lacking, interpret
from tuodi.engine.outcome import Outcome, Stuck
from tuodi.engine.program import (
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
from tuodi.engine.situation import ItemSituation, Situation, State
from tuodi.engine.text import compile_program
from tuodi.language.model import AMOUNTS, Choose, Count, Fixed, Layer, ParameterHole, ParameterType, Reached, Scope

TABLES: Mapping[str, Mapping[str, int]] = {"prices": {"甲": 70000, "乙": 30000}}

COUNTS = {
    count.id: count
    for count in (
        Count(id="year", label="年度", clause="一", per=(Scope.YEAR,)),
        Count(id="other_year", label="另一年度", clause="一", per=(Scope.YEAR,)),
        Count(id="both", label="合计", clause="一", per=(Scope.YEAR,), sum_of=("year", "other_year")),
        Count(id="life", label="终身", clause="一", per=(Scope.LIFE,)),
        Count(id="recognition", label="认定", clause="一", per=(Scope.RECOGNITION,)),
        Count(id="applied", label="申请年度", clause="一", per=(Scope.APPLIED_YEAR,), year_fact="for_year"),
        Count(id="item", label="项目", clause="一", per=(Scope.ITEM, Scope.YEAR)),
    )
}


def program(
    rules: Sequence[Rule] = (),
    *,
    layers: Sequence[tuple[str, Choose]] = (("relief", Choose.FIRST_RULE),),
    bits: Sequence[Bit] = (),
    table: Sequence[Slot] = (),
    feeds: Sequence[FeedRule] = (),
    columns: Sequence[str] = (),
) -> Program:
    """The program of these rules; a layer's heads are its rules that stand behind no other."""
    return Program(
        policy_id="made-by-hand",
        bits=tuple(bits),
        columns=(*AMOUNTS, *columns),
        year_facts=("for_year",),
        rules=tuple(rules),
        layers=tuple(
            LayerProgram(
                layer=Layer(id=name, label=f"层{name}", choose=choose),
                heads=tuple(rule.index for rule in rules if rule.layer == name and rule.after is None),
            )
            for name, choose in layers
        ),
        feeds=tuple(feeds),
        counts=COUNTS,
        parameters={"prices": ParameterHole(id="prices", label="单价", clause="一", type=ParameterType.MONEY_BY_ITEM)},
        table=tuple(table),
    )


def rule(index: int, steps: Sequence[Step] = (), *, paid: str = "paid", **parts: Any) -> Rule:
    """A benefit of the relief layer that pays the register, or with `refusal` a refusal."""
    trace = None if "refusal" in parts else parts.pop("trace", Trace(paid=paid, due=paid, limited=paid))
    parts = {"layer": "relief", "guard": Guard(), "steps": tuple(steps), "trace": trace, **parts}
    return Rule(index=index, id=f"rule{index}", label=f"规则{index}", clause="一", **parts)


def situation(
    word: int = 0,
    *,
    unknown: int = 0,
    total: int | None = 1_000_000,
    in_policy: int | None = 900_000,
    payers: Sequence[int | None] = (300_000, 0, 0, 0, 0),
    more: Sequence[int | None] = (),
    for_year: int | None = 2022,
    items: Sequence[ItemSituation] = (),
    year: int = 2023,
) -> Situation:
    """An event with a bill of 10 000 yuan, 9 000 in policy, 3 000 paid by basic insurance."""
    columns = (total, in_policy, *payers, *more)
    return Situation(word, unknown, columns, year, 7, {"for_year": for_year}, tuple(items))


@dataclass(slots=True)
class Both:
    """What both executors made of one event."""

    outcome: Outcome
    state: State
    registers: dict[str, int | None] = field(default_factory=dict)


def run(
    made: Program, event: Situation, state: State | None = None, *, table: Sequence[int | None] | None = None
) -> Both:
    """The event settled by text and by interpreter, which agree: outcome and counts."""
    numbers = tuple(slot.fixed for slot in made.table) if table is None else tuple(table)
    by_text, by_hand = dict(state or {}), dict(state or {})
    interpretation = interpret(made, event, by_hand, numbers, TABLES)
    outcome = compile_program(made).run(event, by_text, numbers, TABLES)
    assert interpretation.outcome == outcome
    assert by_hand == by_text
    registers = {
        done.step.dst: done.value
        for passage in interpretation.passages
        for done in passage.steps
        if hasattr(done.step, "dst")
    }
    return Both(outcome, by_text, registers)


def lacking(
    made: Program, event: Situation, state: State | None = None, *, table: Sequence[int | None] | None = None
) -> Lacking:
    """What the event lacks; both executors stop, and leave the counts as they were."""
    numbers = tuple(slot.fixed for slot in made.table) if table is None else tuple(table)
    before = dict(state or {})
    by_text, by_hand = dict(before), dict(before)
    found: Lacking | None = None
    try:
        interpret(made, event, by_hand, numbers, TABLES)
    except Lacking as stopped:
        found = stopped
    try:
        compile_program(made).run(event, by_text, numbers, TABLES)
    except (Stuck, TypeError):
        assert by_hand == by_text == before
        assert found is not None
        return found
    raise AssertionError("the text settled what lacks something")


# ---- random programs -------------------------------------------------------------------------------------------------

PLAIN_BITS = 5
UNUSED, REACHED, UNUSED_ITEM, OF_ITEM, UNUSED_APPLIED = (1 << place for place in range(PLAIN_BITS, PLAIN_BITS + 5))
EVENT_BITS = (1 << PLAIN_BITS) - 1

BITS = (
    *(Bit(index=place, id=f"bit{place}", label=f"条件{place}") for place in range(PLAIN_BITS)),
    Bit(index=PLAIN_BITS, id="unused:life", label="未用"),
    Bit(
        index=PLAIN_BITS + 1,
        id="reached",
        label="累计达到",
        test=Reached(count="both", at_least=Fixed(amount=200_000)),
    ),
    Bit(index=PLAIN_BITS + 2, id="unused:item", label="项目未用", per_item=True),
    Bit(index=PLAIN_BITS + 3, id="of_item", label="项目条件", per_item=True),
    Bit(index=PLAIN_BITS + 4, id="unused:applied", label="申请年度未用"),
)

EVENT_COUNTS = ("year", "other_year", "life", "recognition", "applied")
TABLE = (0, 50, 5000, 7000, 10000, 1, 300_000, 20_000, 800_000)
RATES, AMOUNTS_AT = (0, 1, 2, 2, 3, 3, 4), (0, 5, 6, 7, 8)

fen = st.sampled_from([0, 1, 99_999, 123_457, 400_000, 765_433, 1_200_000]).flatmap(
    lambda top: st.integers(top // 2, top)
)
few_fen = st.integers(0, 60_000)
few_bits = st.integers(0, EVENT_BITS | UNUSED | REACHED | UNUSED_APPLIED)


@st.composite
def guards(draw: st.DrawFn, *, of_item: bool = False) -> Guard:
    """Guards that hold often enough."""
    masks = [*(1 << place for place in range(PLAIN_BITS)), UNUSED, REACHED, UNUSED_APPLIED]
    sparse = st.sampled_from([0] * 12 + masks)
    if of_item:
        sparse = st.one_of(sparse, sparse, st.sampled_from([UNUSED_ITEM, OF_ITEM]))
    some = st.sampled_from([0, 0, 1, 2]).flatmap(lambda size: st.tuples(*[few_bits.filter(bool)] * size))
    return Guard(all=draw(sparse), none=draw(sparse), any=draw(some))


@dataclass(slots=True)
class Writing:
    """The steps of one rule as they are drawn, and the registers that hold fen."""

    draw: st.DrawFn
    index: int
    per_item: bool
    steps: list[Step] = field(default_factory=list)
    fens: list[str] = field(default_factory=list)

    @property
    def rate(self) -> str:
        """The register of the rate, which is made apart."""
        return f"r{self.index}_rate"

    def add(self, kind: type[Step], into: list[str], *, name: str = "", **parts: Any) -> str:
        """The step, with a register of its own."""
        dst = f"r{self.index}_{name or len(self.steps)}"
        self.steps.append(kind(dst=dst, **parts))
        into.append(dst)
        return dst

    def any_of(self, names: Sequence[str]) -> str:
        """One of them."""
        return self.draw(st.sampled_from(list(names)))

    def counts(self) -> str:
        """A count that the rule can read or move."""
        return self.any_of([*EVENT_COUNTS, "item"] if self.per_item else EVENT_COUNTS)

    def grounds(self) -> None:
        """Registers to begin with; `one` and `large` are always there."""
        running = ["payers", "unpaid", "bill_left", *AMOUNTS, "number"] + ["item_burden"] * self.per_item
        self.add(Const, [], slot=5, name="one")
        self.add(Const, self.fens, slot=8, name="large")
        self.add(Input, self.fens, column=self.any_of(running))
        self.add(Input, self.fens, column="in_policy")
        self.add(Const, self.fens, slot=self.draw(st.sampled_from(AMOUNTS_AT)))
        if self.per_item:
            self.add(ItemConst, self.fens, parameter="prices")

    def more(self) -> None:
        """One more step of any kind."""
        a, b, c = (self.any_of(self.fens) for _ in range(3))
        year = self.draw(st.sampled_from([None, None, "for_year"]))
        end = self.draw(st.sampled_from([None, *self.fens]))
        makers: list[tuple[type[Step], dict[str, Any]]] = [
            (Add, {"a": a, "b": b}),
            (Rest, {"a": a, "b": b}),
            (Min, {"a": a, "b": b}),
            (Max, {"a": a, "b": b}),
            (Load, {"count": "both"}),
            (Load, {"count": "year", "year": year}),
            (Load, {"count": self.counts()}),
            (Above, {"before": a, "base": b, "threshold": c}),
            (Within, {"before": a, "base": b, "start": c, "end": end}),
            (Room, {"limit": a, "used": b}),
            (Taken, {"quantity": self.any_of(["burden", "rest"])}),
        ]
        kind, parts = self.draw(st.sampled_from([*makers, (Select, {}), (Round, {})]))
        if kind is Select:
            self.select()
        elif kind is Round:
            product = self.add(Scale, [], money=a, rate=self.rate)
            self.add(Round, self.fens, scaled=product)
        else:
            self.add(kind, self.fens, **parts)

    def select(self) -> None:
        """A value by cases, some of them impossible to tell without a fact."""
        cases = [(self.draw(guards(of_item=self.per_item)), self.any_of(self.fens)) for _ in range(2)]
        self.add(Select, self.fens, cases=tuple(cases), otherwise=self.draw(st.sampled_from([None, *self.fens])))

    def line(self) -> Trace:
        """The end of a line: due, limits, bill, what moves; an uncovered rest at times."""
        base, rate = self.any_of([self.fens[1], *self.fens]), self.rate
        product = self.add(Scale, [], money=base, rate=rate)
        due = self.add(Round, self.fens, scaled=product)
        used = self.add(Load, self.fens, count=self.counts())
        limit = self.any_of([f"r{self.index}_large", self.any_of(self.fens)])
        room = self.add(Room, self.fens, limit=limit, used=used)
        limited = self.add(Min, self.fens, a=due, b=room)
        bill = self.add(Input, self.fens, column="bill_left")
        paid = self.add(Min, self.fens, a=limited, b=bill)
        if self.draw(st.booleans()):
            rest = self.add(Uncovered, [], base=base, rate=rate, due=due, limited=limited, paid=paid)
            more = self.add(RoundOver, self.fens, scaled=rest, rate=rate, over=rate)
            paid = self.add(Max, self.fens, a=paid, b=more)
        if self.draw(st.booleans()):
            paid = self.add(Times, self.fens, amount=paid, n=f"r{self.index}_one")
        limits = (LimitTrace(count="year", limit=limit, used=used, room=room),)
        bands = (BandTrace(start=base, end=None, part=due, rate=rate),)
        return Trace(
            base=base, part=base, rate=rate, due=due, limited=limited, bill=bill, paid=paid, limits=limits, bands=bands
        )

    def effects(self, paid: str) -> None:
        """What the line pays and moves."""
        self.steps.append(Pay(amount=paid))
        for kind in (Post, Raise):
            if self.draw(st.booleans()):
                self.steps.append(kind(count=self.counts(), amount=self.any_of(self.fens)))
        if self.draw(st.booleans()):
            self.steps.append(Take(quantity=self.any_of(["burden", "rest"]), amount=paid))
        if self.draw(st.booleans()):
            self.steps.append(Use(count=self.any_of(["life", "item"] if self.per_item else ["life", "applied"])))


@st.composite
def rules(draw: st.DrawFn, index: int, layer: str, after: int | None) -> Rule:
    """A benefit, sometimes of items; sometimes a refusal, if it is a head."""
    per_item = draw(st.sampled_from([None, None, "catalogue"]))
    guard = draw(guards(of_item=per_item is not None))
    if after is None and draw(st.integers(0, 3)) == 0:
        return rule(index, layer=layer, guard=draw(guards()), refusal="不予救助")
    writing = Writing(draw, index, per_item is not None)
    writing.grounds()
    if after is None and per_item is None and draw(st.integers(0, 4)) == 0:
        writing.steps.append(SetBill(charged=writing.fens[-1]))
    for _ in range(draw(st.integers(0, 5))):
        writing.more()
    trace = writing.line()
    writing.effects(trace.paid)
    return rule(
        index,
        writing.steps,
        layer=layer,
        guard=guard,
        after=after,
        per_item=per_item,
        trace=trace,
        rate_steps=(Const(dst=writing.rate, slot=draw(st.sampled_from(RATES))),),
        rate=draw(st.sampled_from([writing.rate, writing.rate, None])),
        limit_count=draw(st.integers(0, 2)),
    )


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Small valid programs: one to three layers, a few rules in each, some of them behind others, tallies."""
    names = draw(st.sampled_from([("relief",), ("relief",), ("basic", "relief"), ("basic", "extra", "relief")]))
    made: list[Rule] = []
    for name in names:
        for _ in range(draw(st.integers(1, 4))):
            benefits = [one.index for one in made if one.layer == name and one.refusal is None]
            after = draw(st.sampled_from([None, None, *benefits]))
            made.append(draw(rules(len(made), name, after)))
    feeds = []
    if draw(st.booleans()):
        spared = [one.index for one in made if one.refusal is None]
        steps = (Input(dst="f0", column="unpaid"), Relieved(dst="f1"), Rest(dst="f2", a="f0", b="f1"))
        unless = frozenset(draw(st.lists(st.sampled_from(spared), max_size=1))) if spared else frozenset()
        feeds.append(FeedRule(count="other_year", guard=draw(guards()), unless=unless, steps=steps, amount="f2"))
    return program(
        made,
        layers=[(name, draw(st.sampled_from(list(Choose)))) for name in names],
        bits=BITS,
        table=[Slot(fixed=number) for number in TABLE],
        feeds=feeds,
        columns=["number", "extra"],
    )


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Events with all kinds of facts, some of them unknown, and amounts, some of them not given."""
    unknown = draw(st.sampled_from([0] * 8 + [1 << place for place in range(PLAIN_BITS)]))
    word = draw(st.integers(0, EVENT_BITS)) & ~unknown
    item_bits = st.sampled_from([0, OF_ITEM])
    items = [
        ItemSituation(name, word | draw(item_bits), draw(fen))
        for name in draw(st.lists(st.sampled_from(["甲", "乙", "丙"]), max_size=3))
    ]
    rarely = st.sampled_from([True] * 9 + [False]).flatmap(lambda is_given: fen if is_given else st.none())
    payer = st.sampled_from([True] * 4 + [False]).flatmap(lambda is_given: few_fen if is_given else st.none())
    return situation(
        word,
        unknown=unknown,
        total=draw(fen),
        in_policy=draw(rarely),
        payers=[draw(payer), *(draw(few_fen) for _ in range(4))],
        more=[draw(rarely), None],
        for_year=draw(st.sampled_from([2022, 2022, 2023, None])),
        items=items,
        year=draw(st.sampled_from([2022, 2023])),
    )
