"""A month for reconciliation: our totals and details, and the institution's beside them, each difference told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from tuodi.core.month import Month
from tuodi.gateway.plain.findings import WRONG, Findings
from tuodi.gateway.plain.gate import Signed
from tuodi.gateway.plain.persons import scope_of
from tuodi.gateway.plain.words import PAGE, After, Given, MonthText, Most, Number, SignedFen, Told, Yuan, yuan
from tuodi.platform.base.scope import entered
from tuodi.platform.clearing import reconciliation
from tuodi.platform.clearing.domain.comparison import Difference, Said, SaidInAll, Side, What, in_all
from tuodi.platform.clearing.reconciliation import Asked

router = Router(auth=Signed(), tags=["reconciliation"])


class SumTold(Told):
    """How many, and what they come to; a cancel counts as one, with negative amounts."""

    count: int
    total: Yuan
    funds: Yuan
    relief: Yuan


class GroupTold(SumTold):
    """Of one insurance and service."""

    insurance: str
    service: str


class TotalsTold(Told):
    """A month's sums. The groups add up to the whole."""

    month: str
    whole: SumTold
    groups: list[GroupTold]


class SaidTold(Told):
    """A settlement or a cancel; `funds`: whatever neither the person nor the hospital bears."""

    settlement: Number
    total: Yuan
    funds: Yuan
    relief: Yuan


class DetailsTold(Told):
    """A page of the month's settlements, in the order of settling. `count`: of all pages.

    `next`: what to ask for as `after` to have the next page; null: this is the last one.
    """

    month: str
    count: int
    settlements: list[SaidTold]
    next: Number | None


class SaidGiven(Given):
    """What the hospital's books say of a settlement; what is left out is not compared."""

    settlement: Number
    total: SignedFen | None = None
    funds: SignedFen | None = None
    relief: SignedFen | None = None


class ComparisonGiven(Given):
    """The hospital's settlements and cancels of the month."""

    settlements: Annotated[list[SaidGiven], Field(max_length=20_000)]


class DifferenceTold(Told):
    """Something on which the two sides differ: amounts in yuan, or 1 and 0 for there and not there."""

    settlement: str
    what: Literal["presence", "times", "total", "funds", "relief", "account", "cash"]
    hospital: str
    platform: str
    says: str


class ComparisonTold(Told):
    """How many settlements were looked at, and every difference."""

    count: int
    equal: bool
    differences: list[DifferenceTold]


@router.get("/months/{month}/totals", response={200: TotalsTold, WRONG: Findings})
def totals(request: HttpRequest, month: MonthText) -> TotalsTold:
    """What the hospital settled in a month, by insurance and service."""
    scope = scope_of(request)
    with entered(scope):
        groups = reconciliation.totals(_asked(scope.institution, month))
    return TotalsTold(
        month=month,
        whole=SumTold(
            count=sum(said.count for said in groups.values()), total=_sum(groups.values(), _total),
            funds=_sum(groups.values(), _funds), relief=_sum(groups.values(), _relief),
        ),
        groups=[_group(*group, said) for group, said in groups.items()],
    )  # fmt: skip


@router.get("/months/{month}/settlements", response={200: DetailsTold, WRONG: Findings})
def details(request: HttpRequest, month: MonthText, after: After = "0", most: Most = PAGE) -> DetailsTold:
    """What the hospital settled in a month, one by one, a page at a time: those after a settlement."""
    scope = scope_of(request)
    asked = _asked(scope.institution, month)
    with entered(scope):
        ours = reconciliation.ours(asked, after=int(after), most=most + 1)
        count = reconciliation.count(asked)
    return DetailsTold(
        month=month, count=count, settlements=[_said(one) for one in ours[:most]],
        next=ours[most - 1].number if len(ours) > most else None,
    )  # fmt: skip


@router.post("/months/{month}/comparison", response={200: ComparisonTold, WRONG: Findings})
def compared(request: HttpRequest, month: MonthText, given: ComparisonGiven) -> ComparisonTold:
    """The hospital's books of a month beside ours. Kept; the same again is kept once."""
    scope = scope_of(request)
    said = [_given(one) for one in given.settlements]
    with entered(scope):
        done = reconciliation.compare_details(asked=_asked(scope.institution, month), said=said, totals=in_all(said))
    return ComparisonTold(
        count=done.count, equal=done.equal, differences=[_difference(one) for one in done.differences]
    )


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _asked(institution: str, month: str) -> Asked:
    """The month with its cancels."""
    asked = Month(int(month[:4]), int(month[5:]))
    return Asked(
        institution=institution, first=asked.first, last=asked.following.first - timedelta(days=1), with_refunds=True
    )


def _total(said: SaidInAll) -> int:
    return said.total or 0


def _funds(said: SaidInAll) -> int:
    return said.funds or 0


def _relief(said: SaidInAll) -> int:
    return said.relief or 0


def _sum(groups: Iterable[SaidInAll], amount: Callable[[SaidInAll], int]) -> str:
    return yuan(sum(amount(said) for said in groups))


def _group(insurance: str, service: str, said: SaidInAll) -> GroupTold:
    return GroupTold(
        insurance=insurance, service=service, count=said.count, total=yuan(_total(said)), funds=yuan(_funds(said)),
        relief=yuan(_relief(said)),
    )  # fmt: skip


def _said(said: Said) -> SaidTold:
    return SaidTold(
        settlement=said.number, total=yuan(said.total or 0), funds=yuan(said.funds or 0), relief=yuan(said.relief or 0)
    )


def _given(said: SaidGiven) -> Said:
    return Said(number=said.settlement, total=said.total, funds=said.funds, relief=said.relief)


def _difference(one: Difference) -> DifferenceTold:
    shown = str if one.what in (What.presence, What.times) else yuan
    assert one.one is Side.institution, "the institution speaks first"
    return DifferenceTold(
        settlement=one.number, what=one.what.name, hospital=shown(one.one_says),  # type: ignore[arg-type]
        platform=shown(one.other_says), says=str(one),
    )  # fmt: skip
