"""What clearing must stand up to, recounted from what is stored, in settlements and books: every breach by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from tuodi.core.finding import Finding, Place
from tuodi.core.money import format_yuan
from tuodi.core.month import Month
from tuodi.ledger.account import Source
from tuodi.ledger.entry import Entry
from tuodi.ledger.movement import Movement
from tuodi.platform.base.domain import Desk
from tuodi.platform.clearing import content, models, payment, reading, step
from tuodi.platform.clearing.content import Content
from tuodi.platform.clearing.domain.disallowance import sources_of
from tuodi.platform.clearing.domain.statement import Kind, Part, Sum
from tuodi.platform.clearing.domain.statement import sources_of as sources_of_rows
from tuodi.platform.clearing.domain.steps import Act, Status, Step, status_of
from tuodi.platform.clearing.domain.steps import findings as step_findings
from tuodi.platform.fund import selectors as fund
from tuodi.platform.settlement import of_institutions

BATCH = 2000
CLEARED_HERE = (
    Movement.relief_by_institution, Movement.disallowance, Movement.claim_on_institution, Movement.offset,
    Movement.payment_to_institution,
)  # fmt: skip
"""Movements of settlements and of clearing; the others are openings, recoveries, refunds."""
NOBODY_LEFT = -1


def findings() -> list[Finding]:
    """Every breach of INV-24 to INV-28 among what the scope sees; empty where all holds."""
    found = [*_forgotten()]
    for statement in models.Statement.objects.order_by("id"):
        told, steps = content.of(statement.pk), content.steps(statement.pk)
        found += _rows(statement)
        found += _sums(statement, told)
        found += _disallowances(statement)
        found += _steps(statement, told, steps)
        found += _order(statement, told)
        found += _booked(statement, told)
    for region, institution in (
        models.Statement.objects.order_by().values_list("region_id", "institution_id").distinct()
    ):
        found += _position(region, institution)
        found += payment.below_zero(payment.refunds_due(region, institution), f"{region} {institution}")
    return found


# ---- INV-24 ----------------------------------------------------------------------------------------------------------
def _rows(statement: models.Statement) -> Iterator[Finding]:
    """Each row is what its settlement and the books say now."""
    stored = {row.settlement_id: row for row in models.Row.objects.filter(statement=statement)}
    if not stored:
        yield _breach("statement-without-rows", "INV-24", statement, "没有任何结算")
    for again in reading.waiting(of_institutions.rows().filter(cleared__statement=statement)):
        row = stored.pop(again.row.settlement)
        if (row.region_id, row.institution_id) != (statement.region_id, statement.institution_id) or again.elsewhere:
            yield _breach("row-elsewhere", "INV-24", statement, f"结算 {row.pk} 不属于这家机构或这个县")
        if again.row != content.row_of(row):
            yield _breach("row-differs", "INV-24", statement, f"结算 {row.pk} 与结算库、账簿重算不一致")
        if again.lines != content.lines_of(row):
            yield _breach("row-lines-differ", "INV-24", statement, f"结算 {row.pk} 的待遇明细与结算库不一致")
    yield from (_breach("row-unknown", "INV-24", statement, f"没有医疗机构的结算 {number}") for number in stored)


def _sums(statement: models.Statement, told: Content) -> Iterator[Finding]:
    """What lists and pages show is what the rows come to."""
    of_rows = sources_of_rows(told.rows)
    if _summed(told) != content.parts(statement.pk) or of_rows != content.sources(statement.pk):
        yield _breach("sums-differ", "INV-24", statement, "记下的合计与各行之和不等")


def _summed(told: Content) -> list[Part]:
    """The sums of the rows again, by kind, insurance and service."""
    sums: dict[tuple[Kind, str, str], Sum] = {}
    for row in told.rows:
        group = (row.kind, row.insurance, row.service)
        sums[group] = sums.get(group, Sum()) + Sum(count=1, amounts=row.amounts)
    return [
        Part(kind=kind, insurance=insurance, service=service, sum=sums[kind, insurance, service])
        for kind, insurance, service in sorted(sums, key=lambda group: (group[0].name, *group[1:]))
    ]


def _forgotten() -> Iterator[Finding]:
    """A settlement that was known in a month whose statement was drawn after it, and stands on none."""
    latest: dict[tuple[str, str], models.Step] = {}
    for drawn in models.Step.objects.filter(act="draw").select_related("statement").order_by("statement__month"):
        latest[drawn.region_id, drawn.institution_id] = drawn
    for (region, institution), drawn in latest.items():
        until = Month.of(drawn.statement.month).following.first
        missed = of_institutions.rows(region=region, institution=institution, before=until).filter(
            known_at__lt=drawn.at, cleared=None
        )
        for number in missed.order_by("id").values_list("id", flat=True):
            message = f"结算 {number} 应列入 {Month.of(drawn.statement.month)} 或以前的结算单，没有列入"
            yield _breach("row-forgotten", "INV-24", drawn.statement, message)


# ---- INV-25 ----------------------------------------------------------------------------------------------------------
def _disallowances(statement: models.Statement) -> Iterator[Finding]:
    """Line by line at most what was paid, and by no source more than it bore; what was taken back has none."""
    rows = models.Row.objects.filter(statement=statement, disallowance__isnull=False).distinct()
    for row in rows:
        kept = content.disallowances(models.Disallowance.objects.filter(row=row, withdrawal=None))
        for line in content.lines_of(row):
            of_line = [each for each in kept if each.line == line.number]
            back = sources_of(of_line)
            if sum(each.fen for each in of_line) > line.paid or _above(back, line.sources):
                message = f"结算 {row.pk} 第 {line.number} 项待遇支付 {format_yuan(line.paid)}，扣减超过它"
                yield _breach("disallowed-above-paid", "INV-25", statement, message)
            if sum(each.fen for each in of_line) != sum(back.values()):
                message = f"结算 {row.pk} 第 {line.number} 项待遇的扣减与各资金来源之和不等"
                yield _breach("disallowed-unsplit", "INV-25", statement, message)
        if content.in_force(row.pk) and _sent_back(row):
            message = f"结算 {row.pk} 已冲销或更正，扣减没有退还"
            yield _breach("disallowed-and-taken-back", "INV-25", statement, message)


def _sent_back(row: models.Row) -> bool:
    """Whether the row was taken back on a statement that was sent."""
    taken_back = models.Row.objects.filter(takes_back=row.pk).first()
    return taken_back is not None and content.status(taken_back.statement_id) is not Status.drawn


def _above(parts: Mapping[Source, int], whole: Mapping[Source, int]) -> bool:
    return any(fen > whole.get(source, 0) for source, fen in parts.items())


# ---- INV-27, INV-28 --------------------------------------------------------------------------------------------------
def _steps(statement: models.Statement, told: Content, steps: list[Step]) -> Iterator[Finding]:
    """Each act followed the ones before it, by another hand; and what was sent is what stands there now."""
    prepared = step.handled(statement.pk)
    for place, taken in enumerate(steps):
        staff = NOBODY_LEFT if taken.staff is None else taken.staff
        for why in step_findings(
            taken.act, steps[:place], desk=Desk.system, staff=staff, prepared=prepared, reason=taken.reason
        ):
            yield _breach(why.code, "INV-27", statement, why.message)
    sent = [taken for taken in steps if taken.act is not Act.draw]
    if sent and status_of(steps) is not Status.drawn and sent[-1].content != told.hash:
        yield _breach("content-changed", "INV-28", statement, f"内容与“{sent[-1].act}”时的指纹不符")


# ---- INV-26 ----------------------------------------------------------------------------------------------------------
def _order(statement: models.Statement, told: Content) -> Iterator[Finding]:
    """An order's amounts are those of its content, and their sums its own."""
    ordered = models.Order.objects.filter(statement=statement).first()
    status = content.status(statement.pk)
    if (ordered is not None) != (status in (Status.ordered, Status.paid)):
        yield _breach("order-without-act", "INV-26", statement, f"结算单是“{status}”，与有无支付单不符")
    if ordered is None:
        return
    again = payment.payout_of(ordered)
    stored = (
        ordered.relief_fen, ordered.disallowed_fen, ordered.released_fen, ordered.offset_fen, ordered.paid_fen,
        ordered.left_due_fen,
    )  # fmt: skip
    if stored != (again.relief, again.disallowed, again.released, again.offset, again.paid, again.left_due):
        yield _breach("order-sums", "INV-26", statement, "支付单的合计与各资金来源之和不等")
    of_content = (sources_of_rows(told.rows), sources_of(told.disallowances), sources_of(told.releases))
    of_order = (
        {each.source: each.relief for each in again if each.relief},
        {each.source: each.disallowed for each in again if each.disallowed},
        {each.source: each.released for each in again if each.released},
    )
    if of_content != of_order:
        yield _breach("order-differs", "INV-26", statement, "支付单与结算单的内容不一致")


def _booked(statement: models.Statement, told: Content) -> Iterator[Finding]:
    """The books have the disallowances, releases and the payment of a statement, and just them."""
    ordered = models.Order.objects.filter(statement=statement).select_related("payment").first()
    of_disallowances = [payment.cause_of_disallowance(each.id) for each in told.disallowances]
    of_releases = [f"{payment.cause_of_disallowance(each.disallowance)}:release" for each in told.releases]
    pay = f"{payment.cause_of(statement.pk)}:payment"
    entries = {entry.cause: entry for entry in fund.entries([*of_disallowances, *of_releases, pay])}
    expected: dict[str, Mapping[Source, int]] = {}
    if ordered is not None:
        expected.update(
            zip(
                of_disallowances, ({s: -f for s, f in each.sources.items()} for each in told.disallowances), strict=True
            )
        )
        expected.update(zip(of_releases, (each.sources for each in told.releases), strict=True))
        if hasattr(ordered, "payment") and ordered.paid_fen:
            expected[pay] = {each.source: -each.paid for each in payment.payout_of(ordered) if each.paid}
    for cause in {**expected, **entries}:
        moved = _moved(entries.get(cause))
        if moved != dict(expected.get(cause, {})):
            yield _breach("books-differ", "INV-26", statement, f"账簿的 {cause} 与结算单、支付单不一致")


def _moved(entry: Entry | None) -> dict[Source, int]:
    """What the entry moves on the institution's position."""
    sums: Counter[Source] = Counter()
    for line in entry.lines if entry else ():
        if line.account.kind in reading.POSITION:
            sums[line.account.source] -= line.fen
    return {source: fen for source, fen in sums.items() if fen}


def _position(region: str, institution: str) -> Iterator[Finding]:
    """What each source owes the institution is what it settled, less what was disallowed and paid."""
    expected: Counter[Source] = Counter()
    rows = models.Row.objects.filter(region_id=region, institution_id=institution)
    for sources in rows.values_list("sources", flat=True):
        expected.update(content.sources_read(sources))
    for each in reading.pending(region, institution, until=_ALWAYS):
        expected.update(each.row.sources)
    for ordered in models.Order.objects.filter(region_id=region, institution_id=institution).select_related("payment"):
        for part in payment.payout_of(ordered):
            expected[part.source] += part.released - part.disallowed - (part.paid if hasattr(ordered, "payment") else 0)
    for kind in reading.POSITION:
        expected.subtract(fund.moved_on(region, kind, institution, apart_from=CLEARED_HERE))
    for source, fen in reading.position(region, institution).items():
        if fen != expected[source]:
            place = Place(path=f"{region} {institution} {source}")
            message = (
                f"账簿应付净额 {format_yuan(fen)}，按结算、扣减和支付重算为 {format_yuan(expected[source])}（INV-26）"
            )
            yield Finding(code="position-differs", message=message, place=place)


_ALWAYS = Month(9999, 12).first


def _breach(code: str, invariant: str, statement: models.Statement, message: str) -> Finding:
    place = Place(path=f"statement:{statement.pk}")
    return Finding(code=code, message=f"{message}（{invariant}）", place=place, remedy="停止支付，查明原因")
