"""A statement out of its rows: what it says, what is disallowed, where it stands. Decides nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from tuodi.core.finding import Faults, Finding, Place
from tuodi.ledger.account import Source
from tuodi.platform.clearing import models
from tuodi.platform.clearing.domain.disallowance import Disallowance, PaidLine, Release
from tuodi.platform.clearing.domain.statement import Amounts, Kind, Part, Row, Sum, content_hash
from tuodi.platform.clearing.domain.steps import Act, Status, Step, status_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything that a statement says. `disallowances`: those that were not withdrawn."""

    rows: tuple[Row, ...]
    disallowances: tuple[Disallowance, ...]
    releases: tuple[Release, ...]

    @property
    def hash(self) -> str:
        """The fingerprint under which it is sent and approved (INV-28)."""
        return content_hash(self.rows, self.disallowances, self.releases)


def statement(number: int) -> models.Statement:
    """The statement, if the scope sees it. Faults: `statement-unknown`."""
    found: models.Statement | None = models.Statement.objects.filter(pk=number).first()
    if found is None:
        message = f"没有编号为 {number} 的结算单，或不归这里管"
        raise Faults([Finding(code="statement-unknown", message=message, place=Place(path=f"statement:{number}"))])
    return found


def of(number: int) -> Content:
    """The statement's content, every row of it: for acts and for the audit. Pages read sums and a page of rows."""
    return Content(
        rows=tuple(row_of(row) for row in models.Row.objects.filter(statement_id=number).order_by("settlement_id")),
        disallowances=kept_on(number),
        releases=released_on(number),
    )


def kept_on(number: int) -> tuple[Disallowance, ...]:
    """What the statement disallows, without what was withdrawn."""
    return tuple(disallowances(models.Disallowance.objects.filter(statement_id=number, withdrawal=None)))


def released_on(number: int) -> tuple[Release, ...]:
    """Which earlier disallowances go back on the statement."""
    found = models.Release.objects.filter(statement_id=number).select_related("disallowance")
    return tuple(
        Release(
            disallowance=each.disallowance_id, settlement=each.settlement_id, fen=each.disallowance.fen,
            sources=sources_read(each.disallowance.sources),
        )
        for each in found.order_by("disallowance_id")
    )  # fmt: skip


def fingerprint(number: int) -> str:
    """By which whoever acts says what they saw, without reading every row.

    From sending on it is the last act's, which nothing changes meanwhile (INV-28). Of a draft, whose rows are those it
    was drawn with, it is that of the drawing with what was disallowed since.
    """
    done = steps(number)
    if status_of(done) is not Status.drawn:
        return done[-1].content
    draft = [done[0].content, content_hash([], kept_on(number), released_on(number))]
    return sha256("".join(draft).encode()).hexdigest()


def parts(number: int) -> list[Part]:
    """The statement's sums by kind, insurance and service."""
    found = models.Part.objects.filter(statement_id=number).order_by("kind", "insurance", "service")
    return [
        Part(
            kind=Kind[each.kind], insurance=each.insurance, service=each.service,
            sum=Sum(count=each.rows, amounts=amounts_of(each)),
        )
        for each in found
    ]  # fmt: skip


def sources(number: int) -> dict[Source, int]:
    """What each source bears of the statement's relief, sources in their order; what bears nothing is left out."""
    borne: Counter[Source] = Counter()
    for written in models.Part.objects.filter(statement_id=number).values_list("sources", flat=True):
        borne.update(sources_read(written))
    return {source: borne[source] for source in Source if borne[source]}


def steps(number: int) -> list[Step]:
    """What was done to the statement, in order."""
    return [
        Step(act=Act[step.act], staff=step.staff_id, at=step.at, content=step.content, reason=step.reason)
        for step in models.Step.objects.filter(statement_id=number).order_by("number")
    ]


def status(number: int) -> Status | None:
    """Where the statement stands."""
    return status_of(steps(number))


def disallowances(found: Iterable[models.Disallowance]) -> list[Disallowance]:
    """As the domain knows them, in order."""
    return sorted(
        (
            Disallowance(
                settlement=each.row_id,
                line=each.line,
                fen=each.fen,
                reason=each.reason,
                clause=each.clause,
                sources=sources_read(each.sources),
                id=each.pk,
            )
            for each in found
        ),
        key=lambda each: each.id,
    )


def in_force(settlement: int) -> list[Disallowance]:
    """The settlement's disallowances on whatever statement, neither withdrawn nor released."""
    return disallowances(models.Disallowance.objects.filter(row_id=settlement, withdrawal=None, release=None))


def row_of(row: models.Row) -> Row:
    """The row as the domain knows it."""
    return Row(
        settlement=row.settlement_id,
        kind=Kind[row.kind],
        happened_on=row.happened_on,
        known_on=row.known_on,
        insurance=row.insurance,
        service=row.service,
        amounts=amounts_of(row),
        sources=sources_read(row.sources),
        takes_back=row.takes_back,
    )


def amounts_of(row: models.Row | models.Part) -> Amounts:
    """The amounts of the row, or of rows together."""
    return Amounts(
        total=row.total_fen, in_policy=row.in_policy_fen, relief=row.relief_fen, personal=row.personal_fen,
        hospital=row.hospital_fen,
    )  # fmt: skip


def lines_of(row: models.Row) -> tuple[PaidLine, ...]:
    """The row's lines as they stand."""
    return tuple(
        PaidLine(
            number=line["number"],
            benefit=line["benefit"],
            clause=line["clause"],
            paid=line["paid"],
            sources=sources_read(line["sources"]),
        )
        for line in row.lines
    )


def lines_written(lines: Iterable[PaidLine]) -> list[dict[str, object]]:
    """Lines as they are stored."""
    return [
        {
            "number": line.number,
            "benefit": line.benefit,
            "clause": line.clause,
            "paid": line.paid,
            "sources": sources_written(line.sources),
        }
        for line in lines
    ]


def sources_written(sources: Mapping[Source, int]) -> dict[str, int]:
    """Sources as they are stored: by name."""
    return {source.name: sources[source] for source in Source if sources.get(source)}


def sources_read(written: Mapping[str, int]) -> dict[Source, int]:
    """Sources again."""
    return {Source[name]: fen for name, fen in written.items()}
