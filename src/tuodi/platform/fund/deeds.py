"""What finance does to a fund by hand: budgets, income, transfers, the year's end. Each deed's lines and faults. Pure.

Yangquan 阳医保发〔2019〕45号 五(一): central and provincial transfers, budgets of city and county, donations; 五(二):
funds help each other out (调剂); 七(二): what is left is carried over, and city and county cover a deficit. Qingdao
青政办发〔2018〕1号 三: money of the city's temporary relief.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from tuodi.core.finding import Finding, finding
from tuodi.core.money import format_yuan
from tuodi.ledger.account import Account, Fund, Kind, Source
from tuodi.ledger.entry import Line
from tuodi.ledger.movement import Movement
from tuodi.ledger.posting import Part, lines_of, transfer
from tuodi.platform.base.domain import Desk, prefix

GOVERNMENTS = (Source.central, Source.provincial, Source.city, Source.county)
BUDGETS = (*GOVERNMENTS, Source.temporary_relief)
ALL = tuple(Source)
OF_FINANCE = (Desk.finance,)
MOST_FEN = 10**15 - 1
"""The largest amount of one source on a voucher, 9,999,999,999,999.99 yuan: a fund's year is more than a bill."""


class Deed(Enum):
    """What is done: its movement, the sources that it may concern, the desks whose it is, and what it is for."""

    budget = (Movement.budget, BUDGETS, OF_FINANCE, "批准或追加的年度预算。")
    budget_cut = (Movement.budget_cut, BUDGETS, OF_FINANCE, "核减年度预算。")
    commitment = (Movement.commitment, BUDGETS, OF_FINANCE, "为已经决定、还没有发生的支出留出预算。")
    release = (Movement.release, BUDGETS, OF_FINANCE, "放回留出的预算。")
    appropriation = (Movement.appropriation, BUDGETS, OF_FINANCE, "预算拨入财政专户的钱，照银行回单。")
    donation = (Movement.donation, (Source.donation,), OF_FINANCE, "社会捐赠到账，照银行回单。")
    interest = (Movement.interest, ALL, OF_FINANCE, "财政专户存款的利息。")
    other_income = (Movement.other_income, ALL, OF_FINANCE, "不属于以上的收入。")
    deficit_cover = (Movement.deficit_cover, (Source.city, Source.county), OF_FINANCE, "资金不足，由市、县级财政兜底。")
    transfer = (Movement.transfer, ALL, (Desk.finance, Desk.city), "从本区划的资金付给上级或者下级区划的资金。")
    opening_balance = (Movement.opening_balance, ALL, OF_FINANCE, "启用以前的存款和结转结余。")
    carry_over = (Movement.carry_over, (), OF_FINANCE, "一年的收入、支出转入结转结余，12 月关账以前办理。")

    def __init__(self, movement: Movement, sources: tuple[Source, ...], desks: tuple[Desk, ...], tells: str) -> None:
        self.movement = movement
        self.sources = sources
        self.desks = desks
        self.tells = tells

    def __str__(self) -> str:
        return str(self.movement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A deed as somebody asks for it. `taker`: who gets a transfer; `document`: the number of the paper behind it."""

    deed: Deed
    region: str
    parts: Mapping[Source, int]
    happened_on: date
    document: str
    reason: str
    taker: str = ""


def lines(asked: Asked) -> tuple[Line, ...]:
    """What the deed books. The carry-over's lines come from the books alone."""
    parts = [Part(source=source, fen=fen) for source, fen in asked.parts.items() if fen]
    if asked.deed is Deed.transfer:
        return tuple(line for part in parts for line in _handed_over(asked, part))
    if asked.deed is Deed.opening_balance:
        return tuple(line for part in parts for line in _brought(asked.region, part))
    return lines_of(asked.deed.movement, region=asked.region, parts=parts)


def faults(asked: Asked, *, desk: Desk, on: date) -> list[Finding]:
    """Why it can't be prepared, each at its field; all reasons."""
    return [*_faults(asked, desk, on)]


def related(one: str, other: str) -> bool:
    """Whether one region lies within the other: a city and its county, and not two counties."""
    return one != other and (prefix(one).startswith(prefix(other)) or prefix(other).startswith(prefix(one)))


def _handed_over(asked: Asked, part: Part) -> tuple[Line, ...]:
    giver, taker = (Fund(region=region, source=part.source) for region in (asked.region, asked.taker))
    return transfer(giver=giver, taker=taker, fen=part.fen)


def _brought(region: str, part: Part) -> tuple[Line, Line]:
    bank, carried = (Account(region=region, source=part.source, kind=kind) for kind in (Kind.bank, Kind.carried_over))
    return Line(account=bank, fen=part.fen), Line(account=carried, fen=-part.fen)


def _faults(asked: Asked, desk: Desk, on: date) -> Iterator[Finding]:
    deed = asked.deed
    if desk is not Desk.system and desk not in deed.desks:
        yield finding("voucher-desk", f"{desk}不能记“{deed}”", "deed", f"由{'、'.join(map(str, deed.desks))}办理")
    if deed is not Deed.carry_over:
        yield from _amounts(asked)
    if deed is Deed.transfer and not related(asked.region, asked.taker):
        yield finding("voucher-taker", "调剂只在上下级区划之间", "taker", "选上级或者下级区划")
    if not asked.document.strip():
        yield finding("voucher-document", "没有写明文号或凭证号", "document", "写批文、拨款单或银行回单的编号")
    if not asked.reason.strip():
        yield finding("voucher-reason", "没有写明事由", "reason", "写明事由")
    if asked.happened_on > on:
        yield finding("voucher-day", f"发生日 {asked.happened_on} 晚于今天 {on}", "happened_on", "照单据写日期")


def _amounts(asked: Asked) -> Iterator[Finding]:
    if not any(asked.parts.values()):
        yield finding("voucher-nothing", "没有写金额", "parts", "至少写一个资金来源的金额")
    for source, fen in asked.parts.items():
        if fen < 0:
            yield finding("voucher-negative", "金额不能为负", source.name, "减少的，用相反的业务或者冲销")
        elif fen > MOST_FEN:
            message = f"金额超过上限 {format_yuan(MOST_FEN)} 元"
            yield finding("voucher-too-large", message, source.name, "核对金额")
        elif fen and source not in asked.deed.sources:
            yield finding("voucher-source", f"“{asked.deed}”不用{source}资金", source.name, "核对资金来源")
