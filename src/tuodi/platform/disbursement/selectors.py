"""Reading orders: what persons are owed, where it stands, and what became of each payment. Everybody is masked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tuodi.ledger.account import Source
from tuodi.platform.base.actor import names_of as staff_names
from tuodi.platform.base.seal import masked_name
from tuodi.platform.disbursement import bank_account, content, models
from tuodi.platform.disbursement.bank_account import Payee
from tuodi.platform.disbursement.domain import Act, Status, due, owed
from tuodi.platform.disbursement.order import taken
from tuodi.platform.fund import selectors as books
from tuodi.platform.registry.names import names_of
from tuodi.platform.settlement import selectors as settlements


# ---- claims ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A bill of which its person is owed something, or has to give something back.

    `settlement` is the bill's first; `name` is empty, and `payee` None, where the desk may not know. `order` is the
    one that is not paid yet.
    """

    settlement: int
    key: str
    region: str
    happened_on: date
    known_on: date
    person: int
    name: str
    owed: Mapping[Source, int]
    due: Mapping[Source, int]
    payee: Payee | None
    order: int | None

    @property
    def owed_fen(self) -> int:
        """What is to be paid, all sources together."""
        return sum(self.owed.values())

    @property
    def due_fen(self) -> int:
        """What is to be given back, all sources together."""
        return sum(self.due.values())


def claims(region: str) -> list[Claim]:
    """What persons are owed, and owe, in the region, the oldest bill first."""
    net = {int(number): sums for key, sums in books.claims(region).items() if (number := _bill(key))}
    rows = settlements.told(net)
    persons = {row.person for row in rows}
    accounts, names, orders = bank_account.latest(persons, region), names_of(persons), taken(region)
    return [
        Claim(
            settlement=row.settlement, key=row.key, region=region, happened_on=row.happened_on, known_on=row.known_on,
            person=row.person, name=masked_name(names[row.person]) if row.person in names else "",
            owed=owed(net[row.settlement]), due=due(net[row.settlement]), order=orders.get(row.settlement),
            payee=bank_account.masked(accounts[row.person]) if row.person in accounts else None,
        )
        for row in rows
    ]  # fmt: skip


def _bill(key: str) -> str:
    number = key.removeprefix("settlement:")
    return number if number.isdigit() else ""


# ---- orders ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An order in a list. `paid`: what was paid of it, None before."""

    id: int
    region: str
    drawn_on: date
    items: int
    fen: int
    status: Status
    since: datetime
    paid: int | None
    paid_on: date | None
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownItem:
    """An item. `now`: what may be paid of it now, or was paid; `returned`: why the bank gave it back."""

    id: int
    number: int
    settlement: int
    key: str
    payee: Payee | None
    ordered: Mapping[Source, int]
    now: Mapping[Source, int]
    paid: bool
    returned: str
    returned_on: date | None
    cause: str

    @property
    def fen(self) -> int:
        """As ordered."""
        return sum(self.ordered.values())

    @property
    def now_fen(self) -> int:
        """As may be paid, or was."""
        return sum(self.now.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStep:
    """An act, who did it and when."""

    act: Act
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An order whole. `mark`: what a payment is given to."""

    line: Listed
    items: tuple[ShownItem, ...]
    steps: tuple[ShownStep, ...]
    mark: str

    @property
    def now(self) -> dict[Source, int]:
        """What may be paid now, or was paid, by source."""
        sums: Counter[Source] = Counter()
        for item in self.items:
            sums.update(item.now)
        return {source: sums[source] for source in Source if sums[source]}

    @property
    def now_fen(self) -> int:
        """All of it together."""
        return sum(item.now_fen for item in self.items)


def orders(*, region: str = "", status: Status | None = None) -> list[Listed]:
    """Orders that the scope sees, the newest first; of one region, in one status."""
    found = models.Order.objects.order_by("-id")
    rows = [*(found.filter(region_id=region) if region else found)]
    return [line for line in _listed(rows) if status in (None, line.status)]


def order(number: int) -> Shown:
    """The order whole. Faults: `order-unknown`."""
    found = content.order(number)
    (line,) = _listed([found])
    told = content.told(number)
    accounts = {
        each.pk: bank_account.masked(each)
        for each in models.Account.objects.filter(pk__in={each.item.account_id for each in told})
    }
    paid = {each.item_id: each for each in models.Paid.objects.filter(order=found).select_related("back")}
    keys = {bill.settlement: bill.key for bill in settlements.told([each.item.settlement_id for each in told])}
    items = tuple(_item(each, paid.get(each.item.pk), accounts, keys, line.status is Status.paid) for each in told)
    return Shown(line=line, items=items, steps=_steps(number), mark=content.payable_mark(told))


def clear_payees(number: int) -> dict[int, Payee]:
    """The order's accounts in the clear, by item: whoever shows them has asked why, and written it down."""
    items = models.Item.objects.filter(order_id=number).select_related("account").order_by("number")
    return {item.pk: bank_account.clear(item.account) for item in items}


def _item(
    each: content.Told,
    paid: models.Paid | None,
    accounts: Mapping[int, Payee],
    keys: Mapping[int, str],
    is_paid: bool,
) -> ShownItem:
    back = getattr(paid, "back", None) if paid is not None else None
    of_paid = content.sources_read(paid.sources) if paid is not None else {}
    return ShownItem(
        id=each.item.pk, number=each.item.number, settlement=each.item.settlement_id,
        key=keys.get(each.item.settlement_id, str(each.item.settlement_id)), payee=accounts.get(each.item.account_id),
        ordered=each.ordered.sources, now=of_paid if is_paid else each.now.sources, paid=paid is not None,
        returned="" if back is None else back.reason, returned_on=None if back is None else back.returned_on,
        cause=content.cause_of(each.item),
    )  # fmt: skip


def _listed(rows: Collection[models.Order]) -> list[Listed]:
    numbers = [row.pk for row in rows]
    last = models.Step.objects.filter(order_id__in=numbers).order_by("order_id", "-number").distinct("order_id")
    steps = {each.order_id: each for each in last}
    payments = {each.order_id: each for each in models.Payment.objects.filter(order_id__in=numbers)}
    paid: Counter[int] = Counter()
    for number, fen in models.Paid.objects.filter(order_id__in=numbers).values_list("order_id", "fen"):
        paid[number] += fen
    return [_line(row, steps[row.pk], payments.get(row.pk), paid[row.pk]) for row in rows if row.pk in steps]


def _line(row: models.Order, last: models.Step, payment: models.Payment | None, paid: int) -> Listed:
    return Listed(
        id=row.pk, region=row.region_id, drawn_on=row.drawn_on, items=row.items, fen=row.fen,
        status=Status[last.status], since=last.at, paid=None if payment is None else paid,
        paid_on=None if payment is None else payment.paid_on,
        reference="" if payment is None else payment.reference,
    )  # fmt: skip


def _steps(number: int) -> tuple[ShownStep, ...]:
    rows = [*models.Step.objects.filter(order_id=number).order_by("number")]
    names = staff_names(row.staff_id for row in rows)
    return tuple(
        ShownStep(act=Act[row.act], by=names.get(row.staff_id, "系统"), at=row.at, reason=row.reason) for row in rows
    )


# ---- one bill --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class PaidOnce:
    """One payment of a bill, and when the bank gave it back, if it did."""

    order: int
    fen: int
    paid_on: date
    reference: str
    returned_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What a bill's person was paid, is still owed, has to give back; and the order that is not paid yet."""

    settlement: int
    owed: int
    due: int
    order: int | None
    payments: tuple[PaidOnce, ...]

    @property
    def paid(self) -> int:
        """What was paid and not returned."""
        return sum(each.fen for each in self.payments if each.returned_on is None)

    @property
    def concerns(self) -> bool:
        """Whether the person was ever to be paid for the bill."""
        return bool(self.payments or self.owed or self.due)


def position(region: str, settlement: int) -> Position:
    """How a bill stands with its person, by the bill's first settlement."""
    return positions(region, [settlement])[settlement]


def positions(region: str, settlements: Collection[int]) -> dict[int, Position]:
    """How bills of one region stand with their persons, by the bills' first settlements."""
    if not settlements:
        return {}
    net, orders_of = books.claims(region, *map(content.claim_of, settlements)), taken(region)
    payments = _payments(region, settlements)
    return {
        number: Position(
            settlement=number, owed=sum(owed(net.get(content.claim_of(number), {})).values()),
            due=sum(due(net.get(content.claim_of(number), {})).values()), order=orders_of.get(number),
            payments=tuple(payments.get(number, ())),
        )
        for number in settlements
    }  # fmt: skip


def _payments(region: str, settlements: Collection[int]) -> dict[int, list[PaidOnce]]:
    rows = models.Paid.objects.filter(item__settlement_id__in=settlements, region_id=region).order_by("item_id")
    found: dict[int, list[PaidOnce]] = {}
    for each in rows.select_related("item", "order__payment", "back"):
        back = getattr(each, "back", None)
        found.setdefault(each.item.settlement_id, []).append(
            PaidOnce(
                order=each.order_id, fen=each.fen, paid_on=each.order.payment.paid_on,
                reference=each.order.payment.reference, returned_on=None if back is None else back.returned_on,
            )
        )  # fmt: skip
    return found
