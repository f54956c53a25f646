"""One statement: its sums, what it pays by source, what three sides say of it, its rows, what was done to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tuodi.console.clearing.found import keys, seen
from tuodi.console.clearing.offers import offers, turn
from tuodi.console.desks import BILL_READERS
from tuodi.console.pages import ROWS, paged
from tuodi.language.model import INSURANCES, SERVICES
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.signed_in import desks
from tuodi.platform.clearing import differing, selectors
from tuodi.platform.clearing.application import Claim
from tuodi.platform.clearing.domain.comparison import Compared
from tuodi.platform.clearing.domain.statement import Kind, Row, Sum, Totals
from tuodi.platform.clearing.domain.steps import Status
from tuodi.platform.clearing.selectors import Shown, ShownDisallowance


class Group(NamedTuple):
    """A way to break the rows down, and what each part comes to."""

    label: str
    parts: list[tuple[str, Sum]]


class Line(NamedTuple):
    """A row of the statement. `disallowed`: what is taken off it on this statement, in fen."""

    row: Row
    key: str
    insurance: str
    service: str
    disallowed: int
    differs: bool
    may_disallow: bool


class Told(NamedTuple):
    """A difference: the settlement, where it is one of ours, and what the sides say."""

    settlement: int | None
    number: str
    says: str


@desks(*BILL_READERS)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """The statement; `?differing`: only rows on which the sides are not of one mind; `?whole`: all rows, for paper."""
    shown = seen(number)
    desk = Desk[request.user.desk]
    compared = None if desk is Desk.hospital else differing.differences(number)
    told = _told(shown, compared.compared) if compared else []
    lines = [*_lines(shown, {each.number for each in told}, desk)]
    if asked := "differing" in request.GET:
        lines = [line for line in lines if line.differs]
    context: dict[str, Any] = {
        **paged(request, lines, max(len(lines), ROWS) if "whole" in request.GET else ROWS),
        "shown": shown, "line": shown.line, "turn": turn(shown.line.status),
        "offers": offers(shown, request.user, timezone.localdate()), "groups": groups(shown.totals),
        "compared": compared, "told": told, "differing_only": asked, "keys": keys(_settlements(shown)),
        "may_change": desk is Desk.county and shown.line.status is Status.drawn, "claims": _claims(shown),
    }  # fmt: skip
    return render(request, "console/clearing/one.html", context)


def groups(totals: Totals) -> list[Group]:
    """The sums by kind, insurance and service."""
    return [
        Group("类型", [(str(kind), sums) for kind, sums in totals.by_kind.items()]),
        Group("险种", [(INSURANCES.get(name, name), sums) for name, sums in totals.by_insurance.items()]),
        Group("服务", [(SERVICES.get(name, name), sums) for name, sums in totals.by_service.items()]),
    ]


def _settlements(shown: Shown) -> list[int]:
    handled: Sequence[ShownDisallowance] = (*shown.disallowances, *shown.releases)
    return [*(each.row.settlement for each in shown.rows), *(each.settlement for each in handled)]


def _lines(shown: Shown, differing_numbers: set[str], desk: Desk) -> Iterator[Line]:
    known = keys(each.row.settlement for each in shown.rows)
    off = _taken_off(shown)
    drawn = desk is Desk.county and shown.line.status is Status.drawn
    for each in shown.rows:
        row = each.row
        yield Line(
            row=row, key=known.get(row.settlement, str(row.settlement)),
            insurance=INSURANCES.get(row.insurance, row.insurance), service=SERVICES.get(row.service, row.service),
            disallowed=off[row.settlement], differs=str(row.settlement) in differing_numbers,
            may_disallow=drawn and bool(each.lines) and not each.taken_back and row.kind is not Kind.cancelled,
        )  # fmt: skip


def _taken_off(shown: Shown) -> Mapping[int, int]:
    off: Counter[int] = Counter()
    for each in shown.disallowances:
        if not each.withdrawn:
            off[each.settlement] += each.fen
    return off


def _told(shown: Shown, compared: Compared) -> list[Told]:
    ours = {str(each.row.settlement): each.row.settlement for each in shown.rows}
    return [
        Told(ours.get(each.number), each.number, str(replace(each, number=""))) for each in compared.differences
    ]  # fmt: skip


def _claims(shown: Shown) -> list[Claim]:
    """What the institution applied for, for all of its counties together, and did not take back."""
    found = selectors.applications(month=shown.line.month, institution=shown.line.institution)
    return [each.claim for each in found if not each.withdrawn]
