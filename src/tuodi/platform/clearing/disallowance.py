"""Disallowances: added and withdrawn by the county, released when their settlement is taken back."""

from __future__ import annotations

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from tuodi.core.finding import Faults, Finding, Place
from tuodi.platform.base import audit
from tuodi.platform.base.actor import actor
from tuodi.platform.base.domain import Desk
from tuodi.platform.clearing import content, models
from tuodi.platform.clearing.domain.disallowance import Disallowance, findings, given_back
from tuodi.platform.clearing.domain.steps import DISALLOWING, Status
from tuodi.platform.clearing.here import take_turn

_ADD = """
insert into clearing_disallowance (statement_id, region_id, institution_id, settlement_id, line, fen, sources, reason,
                                   clause)
values (%s, '', '', %s, %s, %s, %s, %s, %s) returning id
"""
_WITHDRAW = """
insert into clearing_withdrawal (statement_id, region_id, institution_id, disallowance_id, reason)
values (%s, '', '', %s, %s)
"""
_RELEASE = """
insert into clearing_release (statement_id, region_id, institution_id, disallowance_id, settlement_id)
select r.statement_id, '', '', d.id, r.settlement_id
from clearing_row r join clearing_disallowance d on d.settlement_id = r.takes_back
where r.statement_id = %s
  and not exists (select from clearing_withdrawal w where w.disallowance_id = d.id)
  and not exists (select from clearing_release l where l.disallowance_id = d.id)
"""


@transaction.atomic
def add(*, statement: int, settlement: int, line: int, fen: int, reason: str, clause: str) -> int:
    """Take fen off what a line paid, on this statement; the line may be one of an earlier statement. Its number.

    Raises Faults, all of them: `disallowance-…`, `statement-status`, `statement-desk`.
    """
    found = content.statement(statement)
    take_turn(found.region_id, found.institution_id)
    row = models.Row.objects.filter(
        pk=settlement, region_id=found.region_id, institution_id=found.institution_id,
        statement__month__lte=found.month,
    ).first()  # fmt: skip
    wanted = Disallowance(settlement=settlement, line=line, fen=fen, reason=reason.strip(), clause=clause.strip())
    lines = () if row is None else content.lines_of(row)
    before = content.in_force(settlement)
    faults = [
        *_barred(statement, (Status.drawn,)),
        *(_not_here(wanted) if row is None else ()),
        *_taken_back(settlement),
        *(findings(wanted, lines, before) if row is not None else ()),
    ]
    if faults:
        raise Faults(faults)
    of_line = [each for each in before if each.line == line]
    sources = given_back(fen, next(each for each in lines if each.number == line), of_line)
    with connection.cursor() as cursor:
        values = [statement, settlement, line, fen, Jsonb(content.sources_written(sources))]
        cursor.execute(_ADD, [*values, wanted.reason, wanted.clause])
        number = int(cursor.fetchone()[0])
    audit.record(
        act="clearing.disallow", subject=f"settlement:{settlement}", region=found.region_id, reason=wanted.reason,
        details={"statement": statement, "disallowance": number, "line": line, "fen": fen, "clause": wanted.clause},
    )  # fmt: skip
    return number


@transaction.atomic
def withdraw(*, disallowance: int, reason: str, of: int | None = None) -> None:
    """As if it had never been; while the statement is drawn, or in the answer to an objection. Withdrawn once.

    `of`: the statement that it must be on. Raises Faults: `disallowance-unknown`, `disallowance-withdrawn`,
    `disallowance-released`, `disallowance-reason`, `statement-status`, `statement-desk`.
    """
    found = models.Disallowance.objects.filter(pk=disallowance).select_related("statement").first()
    if found is None or of not in (None, found.statement_id):
        raise Faults([_finding("disallowance-unknown", disallowance, "没有这笔扣减", "只选这张结算单上的扣减")])
    take_turn(found.region_id, found.institution_id)
    faults = [*_barred(found.statement_id, tuple(DISALLOWING))]
    if models.Withdrawal.objects.filter(disallowance=found).exists():
        faults.append(_finding("disallowance-withdrawn", disallowance, "这笔扣减已经撤回", "不用再撤"))
    if models.Release.objects.filter(disallowance=found).exists():
        says = "这笔扣减的结算已经冲销或重算，扣减已在后一张结算单退还"
        faults.append(_finding("disallowance-released", disallowance, says, "不用再撤"))
    if not reason.strip():
        faults.append(_finding("disallowance-reason", disallowance, "没有写明撤回的理由", "写明理由"))
    if faults:
        raise Faults(faults)
    with connection.cursor() as cursor:
        cursor.execute(_WITHDRAW, [found.statement_id, disallowance, reason.strip()])
    audit.record(
        act="clearing.withdraw_disallowance", subject=f"settlement:{found.row_id}", region=found.region_id,
        reason=reason.strip(),
        details={"statement": found.statement_id, "disallowance": disallowance, "fen": found.fen},
    )  # fmt: skip


def release_taken_back(statement: models.Statement) -> None:
    """Disallowances in force of settlements that the statement's rows take back go back on it; done again, once."""
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, [statement.pk])


def _barred(statement: int, needed: tuple[Status, ...]) -> list[Finding]:
    desk, _ = actor()
    status = content.status(statement)
    place = Place(path=f"statement:{statement}")
    found = []
    if desk not in (Desk.county, Desk.system):
        message, remedy = f"{desk}不能扣减，也不能撤回扣减", f"由{Desk.county}办理"
        found.append(Finding(code="statement-desk", message=message, place=place, remedy=remedy))
    if status not in needed:
        message = f"结算单现在是“{status}”，扣减不能改动（INV-28）"
        remedy = "送达以后，只在答复异议或退回时改动；以后发现的，扣在下一张结算单上"
        found.append(Finding(code="statement-status", message=message, place=place, remedy=remedy))
    return found


def _not_here(wanted: Disallowance) -> list[Finding]:
    place = Place(path=f"settlement:{wanted.settlement}")
    message = f"结算 {wanted.settlement} 不在这家医疗机构这个月或以前的结算单上"
    return [Finding(code="disallowance-row", message=message, place=place, remedy="核对结算号")]


def _taken_back(settlement: int) -> list[Finding]:
    if not models.Row.objects.filter(takes_back=settlement).exists():
        return []
    place = Place(path=f"settlement:{settlement}")
    message = f"结算 {settlement} 已经冲销或重算，没有可以扣减的"
    return [Finding(code="disallowance-taken-back", message=message, place=place, remedy="扣减重算后的结算")]


def _finding(code: str, disallowance: int, message: str, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(path=f"disallowance:{disallowance}"), remedy=remedy)
