"""What the interface must stand up to, recounted from what is stored: each breach with the row that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from tuodi.core.finding import Finding, Place
from tuodi.gateway.at_desk import lost
from tuodi.gateway.at_desk.days import day_of

_DIFFERENT = """
select g.settlement_id from gateway_settled g left join settlement_settlement s on s.id = g.settlement_id
where g.cancels_id is null and (s.id is null or s.institution_id <> g.institution_id or s.total_fen <> g.total_fen
  or s.kind <> 'settled') order by 1
"""
_LINES = """
select g.settlement_id from gateway_settled g
left join gateway_settled_line l on l.settled_id = g.settlement_id
left join gateway_fee_line f on f.id = l.fee_line_id
where g.cancels_id is null group by g.settlement_id, g.total_fen, g.visit_id
having coalesce(sum(f.amount_fen), 0) <> g.total_fen or bool_or(f.visit_id <> g.visit_id) order by 1
"""
_TWICE = """
select l.fee_line_id from gateway_settled_line l join gateway_settled g on g.settlement_id = l.settled_id
where not exists (select from gateway_reversal r where r.settled_id = g.settlement_id)
  and not exists (select from gateway_settled c where c.cancels_id = g.settlement_id)
group by 1 having count(*) > 1 order by 1
"""
_STANDING = """
select g.settlement_id from gateway_settled g
where g.cancels_id is null
  and (exists (select from gateway_reversal r where r.settled_id = g.settlement_id)
    or exists (select from gateway_settled c where c.cancels_id = g.settlement_id))
  and not exists (select from settlement_settlement s where s.origin = g.settlement_id and s.kind = 'cancelled')
order by 1
"""


def findings() -> Iterator[Finding]:
    """Every breach, inside a scope that sees messages and settlements; empty where all holds."""
    for (row,) in _rows(_DIFFERENT):
        yield _breach("answer-differs", f"settled:{row}", "应答的结算与结算台账不同，或没有这笔结算（INV-42）")
    for (row,) in _rows(_LINES):
        yield _breach("lines-differ", f"settled:{row}", "结算的费用明细合计不等于医疗费总额（INV-42）")
    for (row,) in _rows(_STANDING):
        yield _breach("taken-back-stands", f"settled:{row}", "已撤销或冲正的结算在结算台账里仍然有效（INV-42）")
    for (row,) in _rows(_TWICE):
        yield _breach("line-settled-twice", f"fee_line:{row}", "一条费用明细在两笔有效的结算里（INV-43）")
    for row in lost.every(day_of(timezone.now())):
        message = f"报文 {row.sender_key} 已结算，应答没有保存，医疗机构可能不知道"
        yield _breach("answer-lost", f"settlement:{row.pk}", message, "请医疗机构重发原报文，或冲正（2601）")


def _rows(statement: str) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _breach(code: str, subject: str, what: str, remedy: str = "核对报文和结算，报告维护者") -> Finding:
    return Finding(code=code, message=f"{subject}：{what}", place=Place(path=subject), remedy=remedy)
