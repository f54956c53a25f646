"""One statement: its sums, what it pays by source, what three sides say of it, its rows, what was done to it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tuodi.console.clearing.found import keys, seen, taken_off
from tuodi.console.clearing.offers import offers, turn
from tuodi.console.desks import BILL_READERS
from tuodi.console.pages import ROWS, paged
from tuodi.language.model import INSURANCES, SERVICES
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.signed_in import desks
from tuodi.platform.clearing import differing, selectors
from tuodi.platform.clearing.application import Claim
from tuodi.platform.clearing.differing import Differences
from tuodi.platform.clearing.domain.statement import Kind, Row, Sum, Totals
from tuodi.platform.clearing.domain.steps import Status
from tuodi.platform.clearing.selectors import Shown, ShownRow

SHORT = 2000
"""Rows up to which a statement is compared at once and goes onto paper whole; a longer one is taken as a file."""


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
    """The statement. `?whole`: all rows, for paper; `?compared`: a long one beside the other sides, in some seconds.

    `?differing`: only rows on which the sides are not of one mind.
    """
    shown = seen(number)
    desk, short = Desk[request.user.desk], shown.line.rows <= SHORT
    asked = "differing" in request.GET
    compares = desk is not Desk.hospital and (short or asked or "compared" in request.GET)
    compared = differing.differences(number) if compares else None
    differ = compared.rows if compared else ()
    rows = Rows(selectors.rows(number), None if asked else shown.line.rows, differ if asked else None)
    page = paged(request, rows, SHORT if short and "whole" in request.GET else ROWS)
    context: dict[str, Any] = {
        **page, "shown": shown, "line": shown.line, "turn": turn(shown.line.status),
        "offers": offers(shown, request.user, timezone.localdate()), "groups": groups(shown.totals),
        "lines": _lines(shown, page["page"].object_list, differ, desk), "compared": compared, "told": _told(compared),
        "may_compare": desk is not Desk.hospital, "differing_only": asked, "printable": short,
        "keys": keys([*differ, *_handled(shown)]), "claims": _claims(shown),
        "takes_back": desk is Desk.hospital and shown.line.paid is None and selectors.takes_back_earlier(number),
        "may_change": desk is Desk.county and shown.line.status is Status.drawn,
    }  # fmt: skip
    return render(request, "console/clearing/one.html", context)


class Rows(Sequence[ShownRow]):
    """A statement's rows as pages cut them: only what a page shows is read, and nobody counts what is known."""

    def __init__(self, rows: QuerySet, count: int | None, among: Collection[int] | None) -> None:
        self.rows = rows if among is None else rows.filter(pk__in=among)
        self.length = self.rows.count() if count is None else count

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, part: Any) -> Any:
        return selectors.shown_rows(self.rows[part])


def groups(totals: Totals) -> list[Group]:
    """The sums by kind, insurance and service."""
    return [
        Group("类型", [(str(kind), sums) for kind, sums in totals.by_kind.items()]),
        Group("险种", [(INSURANCES.get(name, name), sums) for name, sums in totals.by_insurance.items()]),
        Group("服务", [(SERVICES.get(name, name), sums) for name, sums in totals.by_service.items()]),
    ]


def _handled(shown: Shown) -> list[int]:
    return [each.settlement for each in (*shown.disallowances, *shown.releases)]


def _lines(shown: Shown, rows: Sequence[ShownRow], differ: Collection[int], desk: Desk) -> list[Line]:
    known = keys(each.row.settlement for each in rows)
    off = taken_off(shown.line.id)
    drawn = desk is Desk.county and shown.line.status is Status.drawn
    return [
        Line(
            row=each.row, key=known.get(each.row.settlement, str(each.row.settlement)),
            insurance=INSURANCES.get(each.row.insurance, each.row.insurance),
            service=SERVICES.get(each.row.service, each.row.service), disallowed=off.get(each.row.settlement, 0),
            differs=each.row.settlement in differ,
            may_disallow=drawn and bool(each.lines) and not each.taken_back and each.row.kind is not Kind.cancelled,
        )
        for each in rows
    ]  # fmt: skip


def _told(compared: Differences | None) -> list[Told]:
    """Each difference; what the institution says beyond our rows leads to none of them."""
    if compared is None:
        return []
    rows = {str(number): number for number in compared.rows}
    return [
        Told(rows.get(each.number), each.number, str(replace(each, number="")))
        for each in compared.compared.differences
    ]  # fmt: skip


def _claims(shown: Shown) -> list[Claim]:
    """What the institution applied for, for all of its counties together, and did not take back."""
    found = selectors.applications(month=shown.line.month, institution=shown.line.institution)
    return [each.claim for each in found if not each.withdrawn]
