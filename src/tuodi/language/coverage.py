"""Coverage: every numbered clause of a document, what it says, and where the policy file keeps it.

A clause without an entry is a finding: one that something cites, and one that the numbering of its neighbours shows to
exist. So is an entry that points to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tuodi.core.finding import Finding, Place
from tuodi.language.model import Clause, ClauseKind, Policy

KINDS: Mapping[ClauseKind, str] = {
    ClauseKind.BENEFIT: "待遇",
    ClauseKind.CLASSES: "对象",
    ClauseKind.ENROLMENT: "参保资助",
    ClauseKind.INSURANCE_TILT: "保险倾斜",
    ClauseKind.FUNDING: "资金",
    ClauseKind.WARNING: "监测预警",
    ClauseKind.PROCEDURE: "经办流程",
    ClauseKind.INDICATOR: "考核指标",
    ClauseKind.PARAMETER: "参数",
    ClauseKind.DECLARATORY: "宣示",
    ClauseKind.ELSEWHERE: "其他文件规定",
}

_WITHOUT_PLACE = {ClauseKind.DECLARATORY, ClauseKind.ELSEWHERE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One clause. `where` is as declared; `cited_by` are the things that give it as their reason."""

    clause: Clause
    cited_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The clauses in the order of the file, and what is wrong."""

    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


def coverage(policy: Policy, file: str = "") -> Coverage:
    """The table of a policy's clauses. `file` is named in the findings."""
    places = list(_places(policy))
    rows = tuple(
        Row(clause=clause, cited_by=tuple(dict.fromkeys(name for name, cited in places if cited == clause.id)))
        for clause in policy.clauses.values()
    )
    findings = [*_without_entry(policy, places), *_gaps(policy), *_nowhere(policy, places)]
    return Coverage(
        rows=rows,
        findings=tuple(
            Finding(code=code, message=message, place=Place(file=file, path=f"clauses.{clause}"), remedy=remedy)
            for code, clause, message, remedy in findings
        ),
    )


_Place = tuple[str, str]
"""The id of something, and a clause that it, or an adjustment of it, cites."""


def _places(policy: Policy) -> Iterator[_Place]:
    for part in (
        policy.classes,
        policy.general_conditions,
        policy.benefits,
        policy.enrolment,
        policy.insurance_tilts,
        policy.funding,
        policy.warnings,
        policy.procedures,
        policy.indicators,
    ):
        yield from ((one.id, one.clause) for one in part)
    for table in (policy.lists, policy.catalogues, policy.counts, policy.parameters):
        yield from ((one.id, one.clause) for one in table.values())
    for owners in (policy.benefits, policy.insurance_tilts):
        yield from ((owner.id, adjust.clause) for owner in owners for adjust in owner.adjust)


_Fault = tuple[str, str, str, str]


def _without_entry(policy: Policy, places: Sequence[_Place]) -> Iterator[_Fault]:
    first_citing: dict[str, str] = {}
    for name, clause in places:
        first_citing.setdefault(clause, name)
    for clause, name in first_citing.items():
        if clause and not _has_entry(policy, clause):
            yield (
                "clause-without-entry",
                clause,
                f"“{name}”引用了条款 {clause}，clauses 里却没有这一条",
                f"在 clauses 里写上 {clause}，用一句自己的话说明它",
            )


def _has_entry(policy: Policy, clause: str) -> bool:
    """The clause itself, one that it is a part of, or one of its parts: 三(四) covers 三(四)1 and the reverse."""
    cited = _parts(clause)
    return any(one[: len(cited)] == cited or cited[: len(one)] == one for one in map(_parts, policy.clauses))


def _nowhere(policy: Policy, places: Sequence[_Place]) -> Iterator[_Fault]:
    cited = {clause for _, clause in places}
    known = {
        *dict(places),
        *policy.quantities,
        *policy.facts,
        *policy.service_groups,
        *(one.id for one in policy.layers),
    }
    for clause in policy.clauses.values():
        for name in clause.where:
            if name not in known:
                yield "clause-nowhere", clause.id, f"条款 {clause.id} 指向“{name}”，政策里没有它", "改正名称，或删去"
        if not clause.where and not _WITHOUT_PLACE.issuperset(clause.kinds) and clause.id not in cited:
            yield (
                "clause-without-place",
                clause.id,
                f"条款 {clause.id} 标为“{'、'.join(KINDS[kind] for kind in clause.kinds)}”，却没有说明落在何处",
                "用 in 写出对应的名称；没有可计算的内容则写 is: declaratory",
            )


# ---- numbers that must lie between others --------------------------------------------------------------

_DIGITS = "零一二三四五六七八九"
_PART = re.compile(r"\(([一二三四五六七八九十]+)\)|([一二三四五六七八九十]+)|\(([0-9]+)\)|([0-9]+)")


def _gaps(policy: Policy) -> Iterator[_Fault]:
    """Clauses that the numbering of the others shows to exist: 三(二), where there are 三(一) and 三(三)."""
    numbers: dict[tuple[str, int], set[int]] = {}
    for clause in policy.clauses:
        for parent, form, number in _steps(clause):
            numbers.setdefault((parent, form), set()).add(number)
    for (parent, form), there in numbers.items():
        for number in range(1, max(there)):
            if number not in there:
                missing = parent + _written(form, number)
                yield (
                    "clause-gap",
                    missing,
                    f"条款编号不连续：没有 {missing}",
                    "文件里有这一条就补上；确实没有，就用 is: declaratory 写明“原文无此条”",
                )


def _steps(clause: str) -> Iterator[tuple[str, int, int]]:
    """(what stands before, form of the number, number) of each part; a name without such numbers has none."""
    if _parts(clause) == (clause,) and not _PART.fullmatch(clause):
        return
    for part in _PART.finditer(clause):
        form = next(place for place, text in enumerate(part.groups()) if text is not None)
        text = part[form + 1]
        yield clause[: part.start()], form, int(text) if text.isdigit() else _chinese_number(text)


def _parts(clause: str) -> tuple[str, ...]:
    """("三", "(四)", "1") of 三(四)1; a name that is not made of numbers is one part."""
    parts = tuple(part[0] for part in _PART.finditer(clause))
    return parts if "".join(parts) == clause else (clause,)


def _chinese_number(text: str) -> int:
    """11 for 十一, 20 for 二十; up to 99."""
    tens, ten, ones = text.rpartition("十")
    return (_DIGITS.index(tens) if tens else 1) * 10 * bool(ten) + (_DIGITS.index(ones) if ones else 0)


def _written(form: int, number: int) -> str:
    tens, ones = divmod(number, 10)
    chinese = ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones else "")
    return (f"({chinese})", chinese, f"({number})", str(number))[form]
