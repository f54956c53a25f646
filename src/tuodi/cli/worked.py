"""Cases worked by hand: `cases/*.yaml` of a policy's folder, and whether the engine comes to the same fen.

The file is read as strictly as a policy. Quoted scalars are texts; plain ones are texts too, but for true, false, null
and whole numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuodi.cli.stock import Stock
from tuodi.core.finding import Faults, Finding, Place
from tuodi.engine.case import case_names, read_case
from tuodi.engine.result import result_of
from tuodi.engine.settle import CaseResult, settle_case
from tuodi.language.reader import read_tree
from tuodi.language.tree import Keyed, Listing, Node, Text, is_nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedCase:
    """One case with what somebody worked out by hand. `expected` and `case` are typed as JSON would be.

    `places` are the lines of the expected events, from 1; `file` is named in findings.
    """

    title: str
    covers: tuple[str, ...]
    case: Mapping[str, Any]
    arithmetic: str
    expected: tuple[Mapping[str, Any], ...]
    file: str
    line: int
    places: tuple[int, ...]


def worked_cases(folder: Path) -> tuple[WorkedCase, ...]:
    """Every hand-worked case of a policy's folder, file by file. Raises Faults with all findings of the files."""
    found: list[WorkedCase] = []
    findings: list[Finding] = []
    for path in sorted((folder / "cases").glob("*.yaml")):
        try:
            found += worked_cases_in(path)
        except Faults as faults:
            findings += faults.findings
    if findings:
        raise Faults(findings)
    return tuple(found)


def worked_cases_in(path: Path) -> tuple[WorkedCase, ...]:
    """The cases of one file. Raises Faults."""
    file = str(path)
    root = read_tree(path.read_bytes(), file)
    listed = root.get("cases") if isinstance(root, Keyed) else None
    if not isinstance(listed, Listing):
        raise Faults([_fault(file, root, "文件里没有 cases 列表", "写成 cases: 下面逐个列出案例")])
    reader = _Reader(file)
    cases = [reader.case(node) for node in listed.items]
    if reader.findings:
        raise Faults(reader.findings)
    return tuple(case for case in cases if case is not None)


def _fault(file: str, node: Node, message: str, remedy: str) -> Finding:
    place = Place(file=file, line=node.line, column=node.column)
    return Finding(code="worked-case", message=message, place=place, remedy=remedy)


class _Reader:
    """Collects what is wrong with the cases of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def case(self, node: Node) -> WorkedCase | None:
        if not isinstance(node, Keyed) or not all(node.get(key) for key in ("title", "case", "expect")):
            self.findings.append(_fault(self.file, node, "案例缺少 title、case 或 expect", "三项都要写"))
            return None
        case, expect = typed(node.entries["case"].value), node.entries["expect"].value
        if not isinstance(case, dict) or not isinstance(expect, Listing):
            self.findings.append(
                _fault(self.file, node, "case 应是一个案例，expect 应是各事件的列表", "参照 docs/case-format.md")
            )
            return None
        return WorkedCase(
            title=str(typed(node.entries["title"].value)),
            covers=tuple(map(str, typed(node.get("covers") or Listing((), 0, 0)))),
            case=case,
            arithmetic=str(typed(node.get("arithmetic") or Text("", 0, 0, plain=False))),
            expected=tuple(typed(event) for event in expect.items),
            file=self.file,
            line=node.line,
            places=tuple(event.line for event in expect.items),
        )


_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)\Z", re.ASCII)


def typed(node: Node) -> Any:
    """The node as JSON would have it. Plain true, false, null and whole numbers are typed, all else is text."""
    match node:
        case Keyed(entries=entries):
            return {key: typed(entry.value) for key, entry in entries.items()}
        case Listing(items=items):
            return [typed(item) for item in items]
        case Text(value=value, plain=True):
            if is_nothing(node):
                return None
            return {"true": True, "false": False}.get(value, int(value) if _WHOLE.match(value) else value)
    return node.value


# ---- settled and compared --------------------------------------------------------------------------------------------


def settled(worked: WorkedCase, stock: Stock) -> CaseResult:
    """The case settled. Raises Faults where it cannot be, at the place of the case in its file."""
    try:
        names = case_names(worked.case)
        case = read_case(worked.case, stock.policy(names.policy), stock.plan(names.plan))
        return settle_case(stock.engine(names, case.parameters), case)
    except Faults as faults:
        raise Faults(
            Finding(
                code=one.code,
                message=f"案例“{worked.title}”：{one.message}",
                place=Place(file=worked.file, line=worked.line, path=one.place.path),
                remedy=one.remedy,
            )
            for one in faults.findings
        ) from None


def differences(worked: WorkedCase, result: CaseResult) -> tuple[Finding, ...]:
    """Every amount, line and refusal that is not what was worked out by hand."""
    events = result_of(result.engine, result)["events"]
    found = []
    if [event["id"] for event in events] != [event.get("id") for event in worked.expected]:
        found.append(
            _difference(worked, worked.line, "事件", [e.get("id") for e in worked.expected], [e["id"] for e in events])
        )
    for place, expected, event in zip(worked.places, worked.expected, events, strict=False):
        found += [
            _difference(worked, place, f"事件 {event['id']} {what}", by_hand, by_engine)
            for what, by_hand, by_engine in _compared(expected, event)
            if by_hand != by_engine
        ]
    return tuple(found)


def _compared(expected: Mapping[str, Any], event: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    yield "救助", expected.get("relief"), event["relief"]
    yield "个人自付", expected.get("personal"), event["personal"]
    refusal = expected.get("refusal")
    yield "不予救助的条款", refusal and refusal.get("clause"), event["refusal"] and event["refusal"]["clause"]
    lines = expected.get("lines") or []
    yield "待遇行数", len(lines), len(event["lines"])
    for number, (line, made) in enumerate(zip(lines, event["lines"], strict=False), 1):
        for key in line:
            yield f"第 {number} 行 {key}", line[key], made.get(key)


def _difference(worked: WorkedCase, line: int, what: str, by_hand: Any, by_engine: Any) -> Finding:
    return Finding(
        code="worked-case-differs",
        message=f"案例“{worked.title}”{what}：手算 {_shown(by_hand)}，结算 {_shown(by_engine)}",
        place=Place(file=worked.file, line=line),
        remedy="对照条款核算：算错的改案例，读错的改政策",
    )


def _shown(value: Any) -> str:
    return "无" if value is None else str(value)
