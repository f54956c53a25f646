"""Years, accounts, entries: each figure leads to what it is made of."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tuodi.console.administration.places import counties
from tuodi.console.desks import FUND_READERS
from tuodi.console.ledger.vouchers import MAKERS
from tuodi.console.pages import paged
from tuodi.core.period import Period
from tuodi.ledger.account import Account, Book, Kind, Source
from tuodi.ledger.statements import TrialRow
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.signed_in import desks
from tuodi.platform.fund import selectors

_SETTLEMENT = re.compile(r"settlement:([0-9]+)(?::|\Z)", re.ASCII)


@desks(*FUND_READERS)
def year(request: HttpRequest) -> HttpResponse:
    """A region's year: what came in, what went out, what is left; and every account that moved."""
    places = counties(request.user.region_id)
    region = _chosen(request.GET.get("region", ""), [place.code for place in places])
    asked = request.GET.get("year", "")
    shown = int(asked) if re.fullmatch(r"20[0-9]{2}", asked) else timezone.localdate().year
    source = Source[asked] if (asked := request.GET.get("source", "")) in Source.__members__ else None
    period = Period(start=date(shown, 1, 1), end=date(shown + 1, 1, 1))
    rows = [row for row in selectors.trial_balance(region, period) if source in (None, row.account.source)]
    context = {
        "year": selectors.fund_year(region, shown, source), "places": places, "region": region, "shown": shown,
        "source": source, "sources": list(Source), "years": range(timezone.localdate().year, 2017, -1),
        "books": [(book, _listed([row for row in rows if row.account.kind.nature.book is book])) for book in Book],
        "closed": selectors.closed_until(region),
        "budgets": [row for row in selectors.execution(region, shown) if source in (None, row.source)],
    }  # fmt: skip
    return render(request, "console/ledger/year.html", context)


@desks(*FUND_READERS)
def account(request: HttpRequest, region: str, source: str, kind: str, shown: int) -> HttpResponse:
    """An account over a year, line by line."""
    if source not in Source.__members__ or kind not in Kind.__members__:
        raise Http404
    party = request.GET.get("party", "")
    if bool(party) != Kind[kind].by_party or region not in [place.code for place in counties(request.user.region_id)]:
        raise Http404
    of = Account(region=region, source=Source[source], kind=Kind[kind], party=party)
    statement = selectors.account_statement(of, Period(start=date(shown, 1, 1), end=date(shown + 1, 1, 1)))
    context = {**paged(request, statement.rows), "statement": statement, "shown": shown}
    return render(request, "console/ledger/account.html", context)


@desks(*FUND_READERS)
def entry(request: HttpRequest, cause: str) -> HttpResponse:
    """An entry with its lines, what took it back, and the settlement that made it."""
    found = selectors.whole(cause)
    if found is None:
        raise Http404
    settlement = _SETTLEMENT.match(cause)
    context = {
        "entry": found, "settlement": int(settlement[1]) if settlement else None,
        "reversed_by": (taken_back := selectors.reversed_by(cause)),
        "may_reverse": cause.startswith("voucher:") and not taken_back and not found.reverses
        and Desk[request.user.desk] in MAKERS,
    }  # fmt: skip
    return render(request, "console/ledger/entry.html", context)


class Row(NamedTuple):
    """An account's row; what persons are owed or owe for single bills is one row a source. `claims`: how many bills."""

    account: Account
    claims: int
    opening: int
    debits: int
    credits: int
    closing: int


def _listed(rows: list[TrialRow]) -> list[Row]:
    found: dict[tuple[Source, Kind, str], Row] = {}
    for row in rows:
        of_a_bill = ":" in row.account.party
        key = (row.account.source, row.account.kind, ":" if of_a_bill else row.account.party)
        before = found.get(key, Row(row.account, 0, 0, 0, 0, 0))
        found[key] = Row(
            row.account, before.claims + of_a_bill, before.opening + row.opening, before.debits + row.debits,
            before.credits + row.credits, before.closing + row.closing,
        )  # fmt: skip
    return list(found.values())


def _chosen(asked: str, codes: list[str]) -> str:
    if asked and asked not in codes:
        raise Http404
    return asked or (codes[0] if codes else "")
