"""A change of a policy: some numbers, what the agency sets, or another document; proved before anybody is settled.

A changed number is another entry of the table, so that the program stays as it is and nothing is compiled again. A
change that the loader would refuse, or that breaks what holds of the policy for every bill, is refused here (`Broken`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import pairwise
from typing import NamedTuple, cast

from tuodi.core.finding import Faults, Finding, Place
from tuodi.core.money import BASIS_POINTS, format_rate, parse_rate, parse_yuan
from tuodi.engine.bind import Bound, bind
from tuodi.engine.case_values import nearest
from tuodi.lab.numbers import PLAN, Kind, Number, aliases_of, numbers_of, table_with, with_numbers
from tuodi.lab.results import Broken, ChangeRow
from tuodi.language.checks.numbers import adjusted_rates_are_exact
from tuodi.language.diff import Difference, differences
from tuodi.language.model import Bands, Fixed, ParameterHole, ParameterType, Policy
from tuodi.language.reading import Reading
from tuodi.proof.prove import EFFORT, prove_bound
from tuodi.proof.report import Failure, ProofReport

PARAMETERS = "parameters."


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """What people are settled under: a bound policy, and the parameters it was bound with, as a case gives them."""

    bound: Bound
    parameters: Mapping[str, object]

    @property
    def policy(self) -> Policy:
        """The document."""
        return self.bound.policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change that may be tried: the policy as it stands, and changed; what of it differs; both proofs.

    `shares_program`: the same code settles both, on other numbers.
    """

    before: Regime
    after: Regime
    rows: tuple[ChangeRow, ...]
    before_proof: ProofReport
    after_proof: ProofReport
    notes: tuple[str, ...]

    @property
    def shares_program(self) -> bool:
        """Whether the facts of events are the same for both."""
        before, after = self.before.bound, self.after.bound
        return before.program is after.program and before.constant_word == after.constant_word


def regime(policy: Policy, parameters: Mapping[str, object] | None = None, plan: Policy | None = None) -> Regime:
    """The policy with what the agency sets. Raises Faults for wrong parameters."""
    return Regime(bound=bind(policy, parameters, plan), parameters=dict(parameters or {}))


def changed_by(before: Regime, settings: Sequence[str], effort: int = EFFORT) -> Change:
    """The change that the settings (`benefits.relief_1.rate=75%`) make.

    Raises Faults where a setting is none (no such number, another unit), Broken where the changed policy does not hold.
    """
    chosen = chosen_by(before, settings)
    if not any(one.differs for one in chosen):
        raise Faults([_nothing_changes()])
    after = with_settings(before, chosen)
    findings = wrong_with(after)
    if findings:
        raise Broken(findings, ())
    return _proved(before, after, tuple(one.row for one in chosen if one.differs), effort)


def changed_to(before: Regime, after: Regime, effort: int = EFFORT) -> Change:
    """The change to another document, or other parameters. Raises Broken where that one does not hold."""
    found = differences(before.policy, after.policy)
    rows = [_difference_row(one) for one in found if one.part not in _BESIDE_MONEY]
    rows += _parameter_rows(before, after)
    return _proved(before, after, tuple(rows), effort)


# ---- settings --------------------------------------------------------------------------------------------------------


class Chosen(NamedTuple):
    """A number and what it is set to; of a parameter the text, as a case gives it."""

    path: str
    kind: Kind
    before: int | None
    after: int
    row: ChangeRow

    @property
    def differs(self) -> bool:
        """Whether it is another number than before."""
        return self.before != self.after


def chosen_by(before: Regime, settings: Sequence[str]) -> tuple[Chosen, ...]:
    """The numbers that the settings name, each with its new value. Raises Faults with everything that is wrong."""
    known = Known(before)
    findings: list[Finding] = []
    chosen: dict[str, Chosen] = {}
    for setting in settings:
        path, equals, text = (part.strip() for part in setting.partition("="))
        try:
            if not equals:
                raise Faults([_malformed(setting)])
            for one in known.chosen(path, text):
                if one.path in chosen:
                    raise Faults([_twice(one.path)])
                chosen[one.path] = one
        except Faults as faults:
            findings += faults.findings
    if findings:
        raise Faults(findings)
    return tuple(chosen.values())


class Known:
    """What can be set, by path; `*` in a path stands for any name: `benefits.*.limit.relief_of_year`."""

    def __init__(self, before: Regime) -> None:
        self.numbers = numbers_of(before.bound)
        self._aliases = aliases_of(before.bound)
        self._holes = _holes(before.bound)
        self._given = before.parameters

    @property
    def paths(self) -> tuple[str, ...]:
        """Everything that can be set."""
        return (*self.numbers, *(PARAMETERS + path for path in self._parameter_paths()))

    def matching(self, path: str) -> tuple[str, ...]:
        """The paths that are meant, at least one. Raises Faults (`unknown-number`)."""
        if "*" in path:
            form = re.compile("[^.]*".join(map(re.escape, path.split("*"))) + r"\Z")
            found = tuple(dict.fromkeys(to for alias, to in self._every().items() if form.match(alias)))
        else:
            found = tuple(to for alias, to in self._every().items() if alias == path)
        if not found:
            raise Faults([_unknown(path, self.paths)])
        return found

    def number(self, path: str) -> Number | None:
        """The number of the document; None where the agency sets it."""
        return self.numbers.get(path)

    def kind(self, path: str) -> Kind:
        """What the number is counted in."""
        number = self.number(path)
        return number.spot.kind if number is not None else _kind_of(self._hole(path))

    def chosen(self, path: str, text: str) -> list[Chosen]:
        """What the setting sets. Raises Faults."""
        return [self.one(found, _amount(found, text, self.kind(found))) for found in self.matching(path)]

    def one(self, path: str, amount: int) -> Chosen:
        """The number of that very path, set to the amount."""
        number = self.number(path)
        if number is not None:
            spot = number.spot
            row = _row(path, spot.label, spot.facet, spot.clause, number.text, spot.kind.text(amount))
            return Chosen(path, spot.kind, number.amount, amount, row)
        hole, kind = self._hole(path), self.kind(path)
        given = self._given_at(path)
        before = None if given is None else _amount(path, given, kind)
        text = "未确定" if before is None else kind.text(before)
        return Chosen(path, kind, before, amount, _row(path, hole.label, "参数", hole.clause, text, kind.text(amount)))

    # ---- parameters ----

    def _every(self) -> dict[str, str]:
        return self._aliases | {PARAMETERS + path: PARAMETERS + path for path in self._parameter_paths()}

    def _parameter_paths(self) -> list[str]:
        """By name; of one given by day each day, of one by item each item."""
        paths = []
        for name, hole in self._holes.items():
            given = self._given.get(name)
            paths += [] if hole.type is ParameterType.MONEY_BY_ITEM else [name]
            paths += [f"{name}.{key}" for key in given] if isinstance(given, Mapping) else []
        return paths

    def _hole(self, path: str) -> ParameterHole:
        return self._holes[path.removeprefix(PARAMETERS).partition(".")[0]]

    def _given_at(self, path: str) -> str | None:
        name, _, key = path.removeprefix(PARAMETERS).partition(".")
        given = self._given.get(name)
        if isinstance(given, Mapping):
            given = given.get(key)
        return given if isinstance(given, str) else None


def with_settings(before: Regime, chosen: Iterable[Chosen]) -> Regime:
    """The regime with these numbers; only another table, unless the agency's parameters change."""
    chosen = tuple(chosen)
    numbers = {one.path: one.after for one in chosen if not one.path.startswith(PARAMETERS)}
    given = [one for one in chosen if one.path.startswith(PARAMETERS)]
    bound = before.bound
    if numbers:
        bound = replace(
            bound,
            policy=_with(bound.policy, {path: n for path, n in numbers.items() if not path.startswith(PLAN)}),
            plan=None if bound.plan is None else _with(bound.plan, _of_plan(numbers)),
            table=table_with(bound, numbers),
        )
    if not given:
        return replace(before, bound=bound)
    parameters = _with_parameters(before.parameters, given)
    return Regime(bound=bind(bound.policy, parameters, bound.plan), parameters=parameters)


def _with(policy: Policy, numbers: Mapping[str, int]) -> Policy:
    """The policy with these numbers, under a hash of its own."""
    if not numbers:
        return policy
    text = policy.content_hash + "".join(f"\n{path}={number}" for path, number in sorted(numbers.items()))
    return replace(with_numbers(policy, numbers), content_hash=sha256(text.encode()).hexdigest())


def _of_plan(numbers: Mapping[str, int]) -> dict[str, int]:
    return {path.removeprefix(PLAN): number for path, number in numbers.items() if path.startswith(PLAN)}


def _with_parameters(given: Mapping[str, object], chosen: Iterable[Chosen]) -> dict[str, object]:
    parameters = dict(given)
    for one in chosen:
        name, _, key = one.path.removeprefix(PARAMETERS).partition(".")
        text = one.kind.text(one.after)
        known = parameters.get(name)
        parameters[name] = {**(known if isinstance(known, Mapping) else {}), key: text} if key else text
    return parameters


# ---- what is wrong ---------------------------------------------------------------------------------------------------


def wrong_with(after: Regime) -> tuple[Finding, ...]:
    """What the loader would say of the changed numbers: bands that don't rise, rates beyond 100 %, shares in part."""
    owners = [one for one in (after.bound.policy, after.bound.plan) if one is not None]
    return tuple(finding for owner in owners for finding in (*_bands(owner), *_rates(owner), *_shares(owner)))


def _bands(policy: Policy) -> Iterable[Finding]:
    for benefit in policy.benefits:
        ends = [band.end for band in benefit.pay.bands] if isinstance(benefit.pay, Bands) else []
        for lower, upper in pairwise(ends):
            if isinstance(lower, Fixed) and isinstance(upper, Fixed) and lower.amount >= upper.amount:
                message = f"待遇“{benefit.label}”各段的上界没有从小到大"
                yield _finding("band-order", message, f"benefits.{benefit.id}.bands", "按金额从小到大，各不相同")


def _shares(policy: Policy) -> Iterable[Finding]:
    for funding in policy.funding:
        whole = sum(one.share for one in funding.payers)
        if funding.payers and whole != BASIS_POINTS:
            message = f"资金分担的份额合计 {format_rate(whole)}，不是 100%"
            yield _finding("shares-not-whole", message, f"funding.{funding.id}", "同时改其他出资方的份额")


def _rates(policy: Policy) -> Iterable[Finding]:
    """The loader's own check of adjusted rates, told without a place in a file."""
    placeless = _Placeless()
    adjusted_rates_are_exact(policy, cast("Reading", placeless))
    return placeless.findings


class _Placeless:
    """Stands for the reading of a file where there is none: writes findings down by path."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def node(self, _kind: object, name: str, key: str) -> str:
        """Where the loader would point."""
        return f"benefits.{name}.{key}"

    def fault(self, code: str, node: str, message: str, remedy: str) -> None:
        """A finding."""
        self.findings.append(_finding(code, message, node, remedy))


# ---- proof -----------------------------------------------------------------------------------------------------------


def _proved(before: Regime, after: Regime, rows: tuple[ChangeRow, ...], effort: int) -> Change:
    """The change, if everything holds that held before. Raises Broken."""
    proof_before = prove_bound(before.bound, before.parameters, effort)
    proof_after = prove_bound(after.bound, after.parameters, effort)
    failures = new_failures(proof_before, proof_after)
    if failures:
        raise Broken(tuple(_failure_finding(one, proof_after) for one in failures), failures)
    return Change(
        before=before,
        after=after,
        rows=rows,
        before_proof=proof_before,
        after_proof=proof_after,
        notes=tuple(_proof_notes(proof_before, proof_after)),
    )


def new_failures(before: ProofReport, after: ProofReport) -> tuple[Failure, ...]:
    """What does not hold after the change, is not declared, and held before, or was declared."""
    known = {(one.property, one.names) for result in before.properties for one in result.failures if not one.declared}
    return tuple(
        one
        for result in after.properties
        for one in result.failures
        if one.declared is None and (one.property, one.names) not in known
    )


def _failure_finding(failure: Failure, report: ProofReport) -> Finding:
    """The report's own finding of the failure."""
    place = "、".join(failure.names)
    says = failure.counterexample.says
    return next(one for one in report.findings() if one.place.path == place and says in one.message)


def _proof_notes(before: ProofReport, after: ProofReport) -> Iterable[str]:
    """What else the proofs say differently: exceptions that no longer occur, questions without an answer."""
    known = {(one.code, one.place.path, one.message) for one in before.findings()}
    for one in after.findings():
        if one.code != "property-fails" and (one.code, one.place.path, one.message) not in known:
            yield f"改动之后：{one.message}"


# ---- rows ------------------------------------------------------------------------------------------------------------


def _row(path: str, label: str, facet: str, clause: str, before: str, after: str) -> ChangeRow:
    return ChangeRow(path=path, label=label, facet=facet, clause=clause, before=before, after=after)


_BESIDE_MONEY = {"参保资助", "经办流程", "条款"}
"""Parts of a document on which no figure of a what-if hangs."""


def _difference_row(one: Difference) -> ChangeRow:
    return _row("", f"{one.part}：{one.label}", one.facet or one.change.value, one.clause, one.old, one.new)


def _parameter_rows(before: Regime, after: Regime) -> Iterable[ChangeRow]:
    holes = {**_holes(before.bound), **_holes(after.bound)}
    for name, hole in holes.items():
        old, new = before.parameters.get(name), after.parameters.get(name)
        if old != new:
            shown = ["未确定" if one is None else str(one) for one in (old, new)]
            yield _row(PARAMETERS + name, hole.label, "参数", hole.clause, *shown)


def _holes(bound: Bound) -> dict[str, ParameterHole]:
    return {**bound.policy.parameters, **(bound.plan.parameters if bound.plan else {})}


# ---- texts -----------------------------------------------------------------------------------------------------------


def _kind_of(hole: ParameterHole) -> Kind:
    return Kind.RATE if hole.type is ParameterType.RATE else Kind.MONEY


def _amount(path: str, text: str, kind: Kind) -> int:
    """Fen or basis points. Raises Faults."""
    try:
        amount = parse_yuan(text) if kind is Kind.MONEY else parse_rate(text)
    except ValueError as why:
        example = "30000 或 1234.50（元）" if kind is Kind.MONEY else "75%"
        raise Faults([_finding("wrong-unit", f"这里要{kind.value}：{why}", path, f"写成 {example}")]) from None
    if amount > kind.most:
        message = f"{kind.value} {text} 超过 {kind.text(kind.most)}"
        raise Faults([_finding("rate-too-high", message, path, "核对数字")])
    return amount


def _finding(code: str, message: str, path: str, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(path=path), remedy=remedy)


def _unknown(path: str, known: Sequence[str]) -> Finding:
    """The nearest paths; where none is near, those of the same thing, else all."""
    last = path.rpartition(".")[2]
    head = path.rpartition(".")[0]
    near = nearest(path, known, otherwise=" ")
    beside = [one for one in known if head and one.startswith(f"{head}.")] or [one for one in known if last in one]
    remedy = near.strip() + ("" if not beside else f"{'' if not near.strip() else '另有：'}{_some(beside)}")
    return _finding("unknown-number", f"没有“{path}”这个数", path, remedy or f"可改的数：{_some(known)}")


def _some(paths: Sequence[str]) -> str:
    most = 12
    more = f"……共 {len(paths)} 个" if len(paths) > most else ""
    return "、".join(paths[:most]) + more


def _malformed(setting: str) -> Finding:
    return _finding(
        "setting-malformed", f"“{setting}”不是改动", setting, "写成 路径=数值，如 benefits.relief_1.rate=75%"
    )


def _twice(path: str) -> Finding:
    return _finding("set-twice", f"“{path}”改了两次", path, "同一个数只改一次")


def _nothing_changes() -> Finding:
    return _finding("nothing-changes", "各数与原来相同，没有改动", "", "改成不同的数值")
