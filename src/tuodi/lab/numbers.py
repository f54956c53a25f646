"""Every number that a policy states, by the path under which a what-if sets it: `benefits.relief_1.rate`.

One number of the document is one path, wherever the program uses it: an adjustment that bends several limits, the end
of a band that is the next one's start, a quantity that several benefits are based on. Numbers of an insurance plan
begin with `plan.`, those that the agency sets with `parameters.`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

from tuodi.core.money import BASIS_POINTS, LARGEST_FEN, format_rate, format_yuan
from tuodi.engine.bind import Bound
from tuodi.engine.program import Const, Step
from tuodi.language.model import (
    Adjust,
    Band,
    Bands,
    Benefit,
    ByCase,
    Dated,
    Fixed,
    Funding,
    Grant,
    Indicator,
    InsuranceTilt,
    Limit,
    ParameterValue,
    Pay,
    Policy,
    Proportion,
    Quantity,
    ShareOf,
    Target,
    Value,
    WarningLine,
)
from tuodi.language.parts.scalars import LARGEST_TIMES
from tuodi.language.words import Words

PLAN = "plan."

WATCHING = ("funding.", "warnings.", "indicators.surplus_ratio.", "indicators.yearly_balance.")
"""Numbers that no settlement reads, and that a what-if's figures hang on all the same."""


class Kind(Enum):
    """What a number is counted in: fen, a rate of at most 100 %, or a factor in basis points."""

    MONEY = "金额"
    RATE = "比例"
    TIMES = "倍数"

    @property
    def most(self) -> int:
        """The largest number of the kind."""
        return {Kind.MONEY: LARGEST_FEN, Kind.RATE: BASIS_POINTS, Kind.TIMES: LARGEST_TIMES}[self]

    def text(self, amount: int) -> str:
        """The number as a policy file writes it."""
        return format_yuan(amount) if self is Kind.MONEY else format_rate(amount)


class Spot(NamedTuple):
    """Where a number stands: the thing that states it, and what of it the number is."""

    path: str
    kind: Kind
    label: str
    facet: str
    clause: str

    def at(self, part: str, facet: str = "", kind: Kind | None = None) -> Spot:
        """A part of the same."""
        return self._replace(path=self.path + part, facet=self.facet + facet, kind=kind or self.kind)


See = Callable[[Spot, int], int]
"""Is shown a number, and says what stands in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number of the document, as it stands."""

    spot: Spot
    amount: int

    @property
    def text(self) -> str:
        """As a policy file writes it."""
        return self.spot.kind.text(self.amount)


def numbers_of(bound: Bound) -> dict[str, Number]:
    """Every number of policy and plan by its path that anything here hangs on; those that the agency sets apart."""
    found = numbers_in(bound.policy)
    if bound.plan is not None:
        for path, number in numbers_in(bound.plan).items():
            found[PLAN + path] = replace(number, spot=number.spot._replace(path=PLAN + path))
    settling = set(paths_of_table(bound))
    return {path: number for path, number in found.items() if path in settling or path.startswith(WATCHING)}


def numbers_in(policy: Policy) -> dict[str, Number]:
    """Every number of one document by its path, in the order of the document."""
    found: dict[str, Number] = {}

    def see(spot: Spot, amount: int) -> int:
        found.setdefault(spot.path, Number(spot=spot, amount=amount))
        return amount

    mapped(policy, see)
    return found


def with_numbers(policy: Policy, amounts: Mapping[str, int]) -> Policy:
    """The policy with other numbers, by path."""
    return mapped(policy, lambda spot, amount: amounts.get(spot.path, amount))


def mapped(policy: Policy, see: See) -> Policy:
    """The policy with every number as `see` says."""
    return _Walk(policy=policy, see=see).policy_seen()


def table_with(bound: Bound, amounts: Mapping[str, int]) -> tuple[int | None, ...]:
    """The program's table with other numbers, by path: the same code settles with it."""
    paths = paths_of_table(bound)
    return tuple(
        entry if path is None else amounts.get(path, entry) for path, entry in zip(paths, bound.table, strict=True)
    )


def paths_of_table(bound: Bound) -> tuple[str | None, ...]:
    """The path of each entry of the table; None where no document states it, or the agency does."""
    owners = _plan_slots(bound)
    return tuple(
        None if slot.parameter is not None else _canonical(slot.path, bound, place in owners)
        for place, slot in enumerate(bound.program.table)
    )


def aliases_of(bound: Bound) -> dict[str, str]:
    """Other ways to write a path: as the program writes it, and without `plan.` where only the plan has it."""
    found: dict[str, str] = {}
    for slot, path in zip(bound.program.table, paths_of_table(bound), strict=True):
        if path is not None:
            found.setdefault(slot.path, path)
    for path in numbers_of(bound):
        found.setdefault(path.removeprefix(PLAN), path)
        found[path] = path
    return found


def benefit_label(benefit: Benefit, policy: Policy) -> str:
    """The benefit's label; with for whom it is where others are called the same."""
    alike = [one for one in policy.benefits if one.label == benefit.label]
    who = Words(policy=policy).classes(benefit.classes) if len(alike) > 1 else ""
    return f"{benefit.label}（{who}）" if who else benefit.label


# ---- paths of the program --------------------------------------------------------------------------------------------

_ADJUST = re.compile(r"(benefits\.(\w+))\..*?\.?adjust\[(\d+)\](\..+)\Z", re.ASCII)
_START = re.compile(r"(benefits\.\w+\.bands)\[(\d+)\]\.from(.*)\Z", re.ASCII)


def _canonical(path: str, bound: Bound, of_plan: bool) -> str | None:
    """The document's path of a path of the program."""
    if not path:
        return None
    start = _START.match(path)
    if start:
        place = int(start[2])
        return _owned(f"{start[1]}[{place - 1}].to{start[3]}", of_plan) if place else None
    adjust = _ADJUST.match(path)
    if adjust is None:
        return _owned(path, of_plan)
    owner = bound.plan if of_plan and bound.plan else bound.policy
    benefit = next(one for one in owner.benefits if one.id == adjust[2])
    place = int(adjust[3])
    if place < len(benefit.adjust):
        return _owned(f"{adjust[1]}.adjust[{place}]{adjust[4]}", of_plan)
    name, place = _tilts_on(benefit, bound.policy)[place - len(benefit.adjust)]
    return f"insurance_tilts.{name}.adjust[{place}]{adjust[4]}"


def _owned(path: str, of_plan: bool) -> str:
    return PLAN + path if of_plan else path


def _tilts_on(benefit: Benefit, policy: Policy) -> list[tuple[str, int]]:
    """The adjustments that the document adds to the plan's benefit, in the order in which `lower` adds them."""
    return [
        (_name(tilt.id, number), place)
        for number, tilt in enumerate(policy.insurance_tilts)
        if tilt.layer == benefit.layer and (not tilt.benefits or benefit.id in tilt.benefits)
        for place in range(len(tilt.adjust))
    ]


def _plan_slots(bound: Bound) -> set[int]:
    """Entries of the table that rules and tallies of the plan read."""
    if bound.plan is None:
        return set()
    layers = {layer.id for layer in bound.plan.layers}
    steps: list[Step] = []
    for rule in bound.program.rules:
        steps += [*rule.rate_steps, *rule.steps] if rule.layer in layers else []
    for feed in bound.program.feeds:
        steps += feed.steps if feed.count in bound.plan.counts else ()
    return {step.slot for step in steps if isinstance(step, Const)}


def _name(given: str, number: int) -> str:
    """The id of an entry, or its number from 1 where it has none."""
    return given or str(number + 1)


# ---- over a document -------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class _Walk:
    """Goes over every number; paths are those that `engine.lower` gives them, with one path for one number."""

    policy: Policy
    see: See

    def policy_seen(self) -> Policy:
        policy = self.policy
        return replace(
            policy,
            quantities={name: self.quantity(one) for name, one in policy.quantities.items()},
            benefits=tuple(map(self.benefit, policy.benefits)),
            insurance_tilts=tuple(self.tilt(one, number) for number, one in enumerate(policy.insurance_tilts)),
            funding=tuple(self.funding(one, number) for number, one in enumerate(policy.funding)),
            warnings=tuple(self.warning(one, number) for number, one in enumerate(policy.warnings)),
            indicators=tuple(self.indicator(one, number) for number, one in enumerate(policy.indicators)),
        )

    # ---- benefits ----

    def quantity(self, quantity: Quantity) -> Quantity:
        if quantity.times is None:
            return quantity
        spot = Spot(f"quantities.{quantity.id}.times", Kind.RATE, quantity.label, "按比例", "")
        return replace(quantity, times=self.value(quantity.times, spot))

    def benefit(self, benefit: Benefit) -> Benefit:
        spot = Spot(f"benefits.{benefit.id}", Kind.MONEY, benefit_label(benefit, self.policy), "", benefit.clause)
        pay, above = self.pay(benefit, spot), benefit.above
        if above is not None:
            above = replace(above, amount=self.value(above.amount, spot.at(".above", "起付线")))
        limits = tuple(self.limit(one, spot) for one in benefit.limits)
        adjusts = tuple(self.adjust(one, spot.at(f".adjust[{n}]")) for n, one in enumerate(benefit.adjust))
        return replace(benefit, pay=pay, above=above, limits=limits, adjust=adjusts)

    def limit(self, limit: Limit, spot: Spot) -> Limit:
        if limit.amount is None:
            return limit
        at = spot.at(f".limit.{limit.count}", f"限额（{self.policy.counts[limit.count].label}）")
        return replace(limit, amount=self.value(limit.amount, at))

    def pay(self, benefit: Benefit, spot: Spot) -> Pay:
        match benefit.pay:
            case Proportion(rate=rate):
                return Proportion(rate=self.value(rate, spot.at(".rate", "比例", Kind.RATE)))
            case Grant(amount=amount) as grant:
                return replace(grant, amount=self.value(amount, spot.at(".amount", "定额")))
            case Bands(bands=bands):
                return self.bands(bands, spot)
        return benefit.pay

    def bands(self, bands: tuple[Band, ...], spot: Spot) -> Bands:
        """Each from where the one before ends."""
        seen: list[Band] = []
        for place, band in enumerate(bands):
            at = spot.at(f".bands[{place}]", f"第{place + 1}段")
            end = band.end if band.end is None else self.value(band.end, at.at(".to", "上界"))
            start = seen[-1].end if seen else band.start
            assert start is not None, "loaded: only the last band is open"
            seen.append(Band(start=start, end=end, rate=self.value(band.rate, at.at(".rate", "比例", Kind.RATE))))
        return Bands(bands=tuple(seen))

    def adjust(self, adjust: Adjust, spot: Spot) -> Adjust:
        kind = Kind.RATE if adjust.changes is Target.RATE else Kind.MONEY
        spot = spot._replace(facet=self.adjusted(adjust), clause=adjust.clause or spot.clause, kind=kind)
        times = adjust.times
        if times is not None:
            times = self.see(spot.at(".times", "倍数", Kind.TIMES), times)

        def operation(name: str, facet: str, value: Value | None) -> Value | None:
            return None if value is None else self.value(value, spot.at(f".{name}", facet))

        return replace(
            adjust,
            times=times,
            plus=operation("plus", "加", adjust.plus),
            minus=operation("minus", "减", adjust.minus),
            at_least=operation("at_least", "至少", adjust.at_least),
            at_most=operation("at_most", "至多", adjust.at_most),
        )

    def adjusted(self, adjust: Adjust) -> str:
        """What is adjusted, and for whom."""
        what = "限额" if adjust.changes is Target.LIMIT else "起付线" if adjust.changes is Target.ABOVE else "比例"
        who = f"（{self.words.test(adjust.when)}）" if adjust.when is not None else ""
        return f"{what}调整{who}"

    # ---- the rest ----

    def tilt(self, tilt: InsuranceTilt, number: int) -> InsuranceTilt:
        path = f"insurance_tilts.{_name(tilt.id, number)}"
        spot = Spot(path, Kind.MONEY, "保险倾斜", "", tilt.clause)
        return replace(
            tilt, adjust=tuple(self.adjust(one, spot.at(f".adjust[{n}]")) for n, one in enumerate(tilt.adjust))
        )

    def funding(self, funding: Funding, number: int) -> Funding:
        path = f"funding.{_name(funding.id, number)}"
        payers = tuple(
            replace(
                one,
                share=self.see(
                    Spot(f"{path}.{one.payer}", Kind.RATE, "资金分担", one.payer, funding.clause), one.share
                ),
            )
            for one in funding.payers
        )
        return replace(funding, payers=payers)

    def warning(self, warning: WarningLine, number: int) -> WarningLine:
        path = f"warnings.{_name(warning.id, number)}.exceeds"
        spot = Spot(path, Kind.MONEY, "监测预警", "界线", warning.clause)
        return replace(warning, exceeds=self.value(warning.exceeds, spot))

    def indicator(self, indicator: Indicator, number: int) -> Indicator:
        path = f"indicators.{_name(indicator.id, number)}"
        spot = Spot(path, Kind.RATE, indicator.label, "", indicator.clause)
        least, most = indicator.at_least, indicator.at_most
        return replace(
            indicator,
            at_least=None if least is None else self.see(spot.at(".at_least", "不低于"), least),
            at_most=None if most is None else self.see(spot.at(".at_most", "不高于"), most),
        )

    # ---- values ----

    def value(self, value: Value, spot: Spot) -> Value:
        match value:
            case Fixed(amount=amount):
                return Fixed(amount=self.see(spot, amount))
            case ParameterValue():
                return value
            case ShareOf(share=share, of=of):
                share = self.see(spot.at(".share", "份额", Kind.TIMES), share)
                return ShareOf(share=share, of=self.value(of, spot.at(".of", "基数")))
            case Dated(steps=steps):
                return Dated(
                    steps=tuple((day, self.value(one, spot.at(f".{day}", f"（{day}起）"))) for day, one in steps)
                )
            case ByCase(cases=cases, otherwise=otherwise):
                return ByCase(
                    cases=tuple(
                        (test, self.value(one, spot.at(f".cases[{place}]", f"（{self.words.test(test)}）")))
                        for place, (test, one) in enumerate(cases)
                    ),
                    otherwise=None if otherwise is None else self.value(otherwise, spot.at(".otherwise", "（其他）")),
                )

    @property
    def words(self) -> Words:
        return Words(policy=self.policy)
