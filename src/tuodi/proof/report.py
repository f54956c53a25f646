"""What a proof found: verdicts, counter-examples as cases, kinks. Values only: nothing prints or asks the solver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from tuodi.core.finding import Finding, Place
from tuodi.language.model import KnownException, Property


class Verdict(Enum):
    """What is known of a property."""

    HOLDS = "holds"
    DECLARED = "declared"  # it fails only where the policy declares it
    FAILS = "fails"
    UNDECIDED = "undecided"  # the solver ran out of time somewhere, and nothing failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """The smallest bills found for which a property does not hold. Amounts in fen.

    `cases` are in the case format: one, or two that are compared (the smaller bill and the larger one; the class that
    comes earlier and the later one). `relief` and `personal` are what the last event of each comes to. `reproduced`
    says that the engine settles them to just these amounts. `says` is a sentence with amounts in yuan.
    """

    cases: tuple[Mapping[str, object], ...]
    relief: tuple[int, ...]
    personal: tuple[int, ...]
    reproduced: bool
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A property that does not hold for one way of settling.

    `names` are the benefits concerned, of CLASS_ORDER the pair "earlier>later". `declared` is the policy's exception.
    """

    property: Property
    names: tuple[str, ...]
    counterexample: Counterexample
    declared: KnownException | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyResult:
    """One property of the whole policy. `says` is what exactly was asked; `questions` how many ways it was asked of.

    `undecided` names the benefits (or pairs of classes) where the solver found no answer in time, `stale` the names in
    declared exceptions that no longer occur.
    """

    property: Property
    verdict: Verdict
    says: str
    questions: int
    failures: tuple[Failure, ...] = ()
    undecided: tuple[str, ...] = ()
    stale: tuple[tuple[KnownException, str], ...] = ()
    milliseconds: int = 0


class KinkKind(Enum):
    """How the relief changes at an amount."""

    KINK = "kink"  # the slope changes
    CLIFF = "cliff"  # the amount jumps


class Measure(Enum):
    """The amount along which kinks are sought."""

    BILL = "bill"  # a bill all in policy, with no other payer
    ITEM = "item"  # what the person bears of one catalogue item
    TALLY = "tally"  # what the tally holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Kink:
    """Where the relief of a fresh year changes its slope or jumps. Amounts in fen, slopes in basis points.

    `at` is the first whole fen at or above it, `relief` what is paid there. `why` names the threshold, band or limit.
    """

    kind: KinkKind
    at: int
    relief: int
    slope_before: int
    slope_after: int
    jump: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The relief of one way of settling, along a fresh year's first bill. `relief_at_start` is at the amount 0."""

    benefits: tuple[str, ...]
    clauses: tuple[str, ...]
    measure: Measure
    relief_at_start: int
    slope_at_start: int
    kinks: tuple[Kink, ...]
    conditions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A count that changes what later events get once it stands at the amount (fen): a cliff along the year."""

    count: str
    at: int
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachableFact:
    """What is true of the counts after any number of events, from a start at zero. `says` is Chinese, with yuan."""

    counts: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofReport:
    """All that is proved of one policy with its parameters (and plan). `assumptions` are sentences."""

    policy: str
    policy_hash: str
    parameters_hash: str
    plan: str | None
    properties: tuple[PropertyResult, ...]
    reachable: tuple[ReachableFact, ...]
    curves: tuple[Curve, ...]
    switches: tuple[Switch, ...]
    assumptions: tuple[str, ...]
    milliseconds: int

    def result(self, of: Property) -> PropertyResult:
        """The result of one property."""
        return next(result for result in self.properties if result.property is of)

    @property
    def well(self) -> bool:
        """Everything holds, or fails only where declared, and no declared exception is stale."""
        return not self.findings()

    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the policy: undeclared failures, stale exceptions, questions without an answer."""
        return tuple(finding for result in self.properties for finding in _findings(result))


TITLES: Mapping[Property, str] = {
    Property.LIMIT: "限额不被突破",
    Property.BURDEN: "救助不超过负担",
    Property.MONOTONE_RELIEF: "费用增加，救助不减少",
    Property.MONOTONE_PERSONAL: "费用增加，个人负担不减少",
    Property.CLASS_ORDER: "前一类对象不劣于后一类",
    Property.INT64: "整数运算安全",
}


def _findings(result: PropertyResult) -> list[Finding]:
    title = TITLES[result.property]
    found = [
        Finding(
            code="property-fails",
            message=f"“{title}”不成立：{failure.counterexample.says}",
            place=Place(path="、".join(failure.names)),
            remedy="修改政策，或在 known_exceptions 中说明理由",
        )
        for failure in result.failures
        if failure.declared is None
    ]
    found += [
        Finding(
            code="exception-stale",
            message=f"“{title}”的例外 {name} 已不存在",
            place=Place(path="known_exceptions"),
            remedy=f"从 known_exceptions 中删去 {name}",
        )
        for _, name in result.stale
    ]
    found += [
        Finding(
            code="property-undecided",
            message=f"“{title}”在限定时间内未得出结论",
            place=Place(path=name),
            remedy="给求解器更多时间",
        )
        for name in result.undecided
    ]
    return found
