"""Reading what institutions settled themselves, for whoever clears with them: what each row changes, and the sums.

A cancel or a correction is set against the institution's own last result of its bill. Where the bill came out otherwise
in between, for the person's sake, that difference is the person's and no row here. Whoever reads narrows `rows` to what
concerns them; everything else is done in the database, however many there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    Expression,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.fields.json import KT

from tuodi.platform.settlement import adopted
from tuodi.platform.settlement.models import Settlement

KINDS = ("settled", "corrected", "cancelled")
"""Kinds of rows that are their institution's own."""
AMOUNTS = ("total", "in_policy", "relief", "personal", "hospital")
BATCH = 2000


class Changed(NamedTuple):
    """A settlement, cancel or correction with what it changes for its institution, signed fen.

    `takes_back`: the institution's own last result of the bill, None of a first one. `elsewhere`: that was another
    institution's or another county's. `stands`, `lines`, `policy`: the relief as it stands, and what settled it.
    """

    id: int
    kind: str
    region: str
    institution: str
    happened_on: date
    known_on: date
    insurance: str
    service: str
    total: int
    in_policy: int
    relief: int
    personal: int
    hospital: int
    takes_back: int | None
    elsewhere: bool
    stands: int
    lines: list[dict[str, Any]]
    policy: int


class Sums(NamedTuple):
    """How many rows, and what they change together, in fen."""

    rows: int
    total: int
    in_policy: int
    relief: int
    personal: int
    hospital: int


def rows(
    *, region: str = "", institution: str = "", since: date = date.min, before: date = date.max
) -> QuerySet[Settlement]:
    """What institutions settled, cancelled and corrected themselves and was known since the one day, before the other.

    Of one county or institution, or of all that the scope sees.
    """
    found = Settlement.objects.filter(payee="institution", kind__in=KINDS, known_on__gte=since, known_on__lt=before)
    if region:
        found = found.filter(region_id=region)
    if institution:
        found = found.filter(institution_id=institution)
    return found.annotate(insurance=KT("who__insurance"))


def changes(found: QuerySet[Settlement], most: int | None = None) -> Iterator[Changed]:
    """What each of the rows changes, in the order of settling; of the first so many."""
    told = found.annotate(takes_back=_but_first(_earlier("pk"), None)).annotate(
        elsewhere=_elsewhere(), **{name: _change(name) for name in AMOUNTS}
    )
    fields = (
        "pk", "kind", "region_id", "institution_id", "happened_on", "known_on", "insurance", "service", *AMOUNTS,
        "takes_back", "elsewhere", "relief_fen", "lines", "policy_id",
    )  # fmt: skip
    page = told.order_by("pk").values_list(*fields)[:most]
    yield from map(Changed._make, page.iterator(chunk_size=BATCH))


def total(found: QuerySet[Settlement]) -> Sums:
    """What all of the rows change together."""
    told = found.order_by().aggregate(rows=Count("pk"), **{name: Sum(_change(name), default=0) for name in AMOUNTS})
    return Sums(**{name: int(fen) for name, fen in told.items()})


def sums(found: QuerySet[Settlement], *by: str) -> dict[tuple[Any, ...], Sums]:
    """What the rows change together, by the values of these fields or annotations, in their order."""
    grouped = found.order_by().values(*by).annotate(rows=Count("pk"), **{name: Sum(_change(name)) for name in AMOUNTS})
    told = grouped.order_by(*by).values_list(*by, "rows", *AMOUNTS)
    return {row[: len(by)]: Sums._make(map(int, row[len(by) :])) for row in told}


def cancelled(found: QuerySet[Settlement]) -> QuerySet[Settlement]:
    """Those of them whose bill was cancelled, the cancels too."""
    return found.filter(_is_cancelled())


def standing(found: QuerySet[Settlement]) -> QuerySet[Settlement]:
    """Those of them whose bill was not cancelled."""
    return found.exclude(_is_cancelled())


def regions(numbers: Collection[int], institution: str) -> dict[int, str]:
    """Of those numbers that are settlements of the institution, which county bears them."""
    found = Settlement.objects.filter(pk__in=numbers, institution_id=institution)
    return dict(found.values_list("id", "region_id"))


def one(number: int) -> Settlement | None:
    """The settlement, if the scope sees it."""
    row: Settlement | None = Settlement.objects.filter(pk=number).first()
    return row


def keys(numbers: Collection[int]) -> dict[int, str]:
    """The senders' numbers of settlements, by which offices and hospitals know them."""
    return dict(Settlement.objects.filter(pk__in=numbers).values_list("id", "sender_key"))


def with_key(institution: str, key: str) -> list[int]:
    """The institution's settlements with this number of the sender's; a corrected bill may have several."""
    found = Settlement.objects.filter(institution_id=institution, sender_key=key)
    return [*found.values_list("id", flat=True)]


def labels(number: int) -> dict[str, str]:
    """What the benefits are called in the policy that settled it."""
    policy = Settlement.objects.values_list("policy_id", flat=True).get(pk=number)
    return {benefit.id: benefit.label for benefit in adopted.ready(policy).policy.benefits}


# ---- expressions -----------------------------------------------------------------------------------------------------
def _change(name: str) -> Expression:
    """The amount as it stands now, less what the institution's own last result of the bill was."""
    column = f"{name}_fen"
    stands = Case(When(kind="cancelled", then=Value(0)), default=F(column), output_field=BigIntegerField())
    return stands - _but_first(_earlier(column), 0)


def _but_first(expression: Expression, first: int | None) -> Expression:
    """The expression, which the first row of a bill is spared."""
    return Case(When(pk=F("origin"), then=Value(first)), default=expression, output_field=BigIntegerField())


def _earlier(column: str) -> Expression:
    of_bill = Settlement.objects.filter(person_id=OuterRef("person_id"), origin=OuterRef("origin"))
    own = of_bill.filter(kind__in=("settled", "corrected"), pk__lt=OuterRef("pk"))
    return Subquery(own.order_by("-pk").values(column)[:1])


def _elsewhere() -> Exists:
    same = {name: OuterRef(name) for name in ("region_id", "institution_id", "payee")}
    return Exists(Settlement.objects.filter(pk=OuterRef("takes_back")).exclude(**same))


def _is_cancelled() -> Exists:
    of_bill = Settlement.objects.filter(person_id=OuterRef("person_id"), origin=OuterRef("origin"))
    return Exists(of_bill.filter(kind="cancelled"))
