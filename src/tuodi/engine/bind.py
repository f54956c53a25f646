"""A program with its numbers: the document's, and those that it leaves to the agency.

The code of a program depends on its shape alone; a changed rate or limit is only another table.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from tuodi.core.finding import Faults, Finding, Place
from tuodi.core.money import parse_rate, parse_yuan
from tuodi.core.period import parse_day
from tuodi.engine.lower import lower
from tuodi.engine.names import canonical_items, normal_name
from tuodi.engine.program import Program, Slot
from tuodi.language.model import ParameterHole, ParameterType, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What settles: the program, its table (None where a parameter is unset), tables by item, bits that never change.

    `item_tables[parameter][canonical item]` is in fen. `constant_word` has the bits of the parameters that are set.
    `parameters_hash` is the SHA-256 of the parameters as given.
    """

    program: Program
    policy: Policy
    plan: Policy | None
    table: tuple[int | None, ...]
    item_tables: Mapping[str, Mapping[str, int]]
    constant_word: int
    parameters_hash: str


def bind(policy: Policy, parameters: Mapping[str, object] | None = None, plan: Policy | None = None) -> Bound:
    """The program of policy and plan with the parameters, given as in a case.

    Decimal strings, `"70%"` or `"0.70"` for a rate, null for "not set", an object by day
    (`{"2023-01-01": "300.00"}`) or, for a table, by item, each of which may be null too.

    Raises Faults with every fault of the parameters.
    """
    given = dict(parameters or {})
    holes = {**policy.parameters, **(plan.parameters if plan else {})}
    reader = _Parameters(policy=policy, holes=holes)
    scalars, tables = reader.read(given)
    dated = {name: tuple(day for day in by_day if day) for name, by_day in scalars.items() if None not in by_day}
    program = lower(policy, plan, dated)
    return Bound(
        program=program,
        policy=policy,
        plan=plan,
        table=tuple(_entry(slot, scalars) for slot in program.table),
        item_tables=tables,
        constant_word=sum(bit.mask for bit in program.bits if bit.id.removeprefix("parameter:") in scalars),
        parameters_hash=sha256(json.dumps(given, sort_keys=True, ensure_ascii=False).encode()).hexdigest(),
    )


_ByDay = dict[date | None, int]
_LONGEST = 20
"""Characters of a number."""

_MOST_DAYS = 400
"""Days from which one parameter has another value: each is a step of the program."""


def _entry(slot: Slot, scalars: Mapping[str, _ByDay]) -> int | None:
    if slot.parameter is None:
        return slot.fixed
    return scalars.get(slot.parameter, {}).get(slot.since)


@dataclass(slots=True, kw_only=True)
class _Parameters:
    policy: Policy
    holes: Mapping[str, ParameterHole]

    def read(self, given: Mapping[str, object]) -> tuple[dict[str, _ByDay], dict[str, dict[str, int]]]:
        scalars: dict[str, _ByDay] = {}
        tables: dict[str, dict[str, int]] = {name: {} for name, hole in self.holes.items() if _is_table(hole)}
        findings: list[Finding] = []
        for name, raw in given.items():
            hole = self.holes.get(name)
            if hole is None:
                findings.append(self._unknown(name))
            elif raw is not None and _is_table(hole):
                tables[name] = self._table(hole, raw, findings)
            elif raw is not None:
                scalars[name] = self._scalar(hole, raw, findings)
        if findings:
            raise Faults(findings)
        return scalars, tables

    def _unknown(self, name: str) -> Finding:
        known = "、".join(self.holes) or "没有参数"
        return Finding(
            code="unknown-parameter",
            message=f"政策 {self.policy.document.id} 没有参数“{name}”",
            place=Place(path=f"parameters.{name}"),
            remedy=f"可用的参数：{known}",
        )

    def _scalar(self, hole: ParameterHole, raw: object, findings: list[Finding]) -> _ByDay:
        path = f"parameters.{hole.id}"
        if not isinstance(raw, dict):
            return {None: _number(hole, raw, path, findings)}
        if not raw:
            findings.append(_fault(path, "按日期给出的参数是空的", "至少写一个起始日期及其数值"))
        if len(raw) > _MOST_DAYS:
            findings.append(
                _fault(path, f"给出了 {len(raw)} 个起始日期，超过 {_MOST_DAYS} 个", "只写数值变化的那些日期")
            )
            return {}
        by_day: _ByDay = {}
        for text, value in raw.items():
            try:
                by_day[parse_day(text)] = _number(hole, value, f"{path}.{text}", findings)
            except ValueError as why:
                findings.append(_fault(path, str(why), "按日期给出时，键是起始日期"))
        return by_day

    def _table(self, hole: ParameterHole, raw: object, findings: list[Finding]) -> dict[str, int]:
        path = f"parameters.{hole.id}"
        if not isinstance(raw, dict):
            findings.append(_fault(path, "应为按项目列出的对象", '如 {"克唑替尼": "50000.00"}'))
            return {}
        assert hole.catalogue is not None, "loaded: a table names its catalogue"
        names = canonical_items(self.policy.catalogues[hole.catalogue])
        table: dict[str, int | None] = {}
        for text, value in raw.items():
            item = names.get(normal_name(text))
            amount = None if value is None else _number(hole, value, f"{path}.{text}", findings)
            if item is None:
                findings.append(_fault(f"{path}.{text}", f"目录里没有项目“{text}”", "按目录的名称书写"))
            elif item in table:
                findings.append(_fault(f"{path}.{text}", f"项目“{item}”给出了两次", "只保留一个"))
            else:
                table[item] = amount
        return {item: amount for item, amount in table.items() if amount is not None}


def _is_table(hole: ParameterHole) -> bool:
    return hole.type is ParameterType.MONEY_BY_ITEM


def _number(hole: ParameterHole, raw: object, path: str, findings: list[Finding]) -> int:
    try:
        if not isinstance(raw, str):
            raise ValueError("应为加双引号的文字")
        if len(raw) > _LONGEST:
            raise ValueError(f"“{raw[:_LONGEST]}…”太长")
        return _rate(raw) if hole.type is ParameterType.RATE else parse_yuan(raw)
    except ValueError as why:
        example = '"70%" 或 "0.70"' if hole.type is ParameterType.RATE else '"50000.00"'
        findings.append(_fault(path, f"参数“{hole.label}”：{why}", f"如 {example}"))
        return 0


def _rate(text: str) -> int:
    """Basis points of "70%" or "0.70"; at most 100 %."""
    if text.endswith("%"):
        basis_points = parse_rate(text)
    else:
        whole, _, decimals = text.partition(".")
        if not (text.isascii() and whole.isdigit() and len(decimals) <= 4 and (decimals.isdigit() or "." not in text)):
            raise ValueError(f"“{text}”不是比例")
        basis_points = int(whole) * 10_000 + int(decimals.ljust(4, "0"))
    if basis_points > 10_000:
        raise ValueError(f"比例 {text} 超过 100%")
    return basis_points


def _fault(path: str, message: str, remedy: str) -> Finding:
    return Finding(code="bad-parameter", message=message, place=Place(path=path), remedy=remedy)
