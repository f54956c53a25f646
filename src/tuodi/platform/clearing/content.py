"""A statement out of its rows: what it says, what is disallowed, where it stands. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tuodi.core.finding import Faults, Finding, Place
from tuodi.ledger.account import Source
from tuodi.platform.clearing import models
from tuodi.platform.clearing.domain.disallowance import Disallowance, PaidLine, Release
from tuodi.platform.clearing.domain.statement import Amounts, Kind, Row, content_hash
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
    """The statement's content."""
    return Content(
        rows=tuple(row_of(row) for row in models.Row.objects.filter(statement_id=number).order_by("settlement_id")),
        disallowances=tuple(disallowances(models.Disallowance.objects.filter(statement_id=number, withdrawal=None))),
        releases=tuple(
            Release(
                disallowance=each.disallowance_id,
                settlement=each.settlement_id,
                fen=each.disallowance.fen,
                sources=sources_read(each.disallowance.sources),
            )
            for each in models.Release.objects.filter(statement_id=number)
            .select_related("disallowance")
            .order_by("disallowance_id")
        ),
    )


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
        amounts=Amounts(
            total=row.total_fen,
            in_policy=row.in_policy_fen,
            relief=row.relief_fen,
            personal=row.personal_fen,
            hospital=row.hospital_fen,
        ),
        sources=sources_read(row.sources),
        takes_back=row.takes_back,
    )


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
