"""Lines of a case file to lines of results, and a count of what came of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import orjson

from tuodi.cli.case_lines import decoded
from tuodi.cli.speech import Say
from tuodi.cli.stock import Stock
from tuodi.core.finding import Faults, Finding
from tuodi.engine.case import Case, CaseNames, case_names, read_case
from tuodi.engine.result import result_of
from tuodi.engine.settle import CaseResult, settle_case

T = TypeVar("T")
Made = TypeVar("Made")
Numbered = tuple[int, bytes]
"""A line and its number, from 1."""

_NAMED_LINES = 10
_LINES, _BYTES = 64, 1 << 20


def blocks(lines: Iterable[Numbered], most: int = _LINES, size: int = _BYTES) -> Iterator[list[Numbered]]:
    """The lines by so many, or by fewer where they reach so many bytes."""
    block: list[Numbered] = []
    held = 0
    for numbered in lines:
        block.append(numbered)
        held += len(numbered[1])
        if len(block) == most or held >= size:
            yield block
            block, held = [], 0
    if block:
        yield block


class Settler:
    """Counts cases, events, and the lines with faults; keeps nothing else of what it has seen."""

    def __init__(self, stock: Stock, *, explain: bool = False, receipts: bool = False, lang: str = "zh") -> None:
        self.stock = stock
        self.explain = explain
        self.receipts = receipts
        self.lang = lang
        self.cases = 0
        self.events = 0
        self.faulty = 0
        self.first_faulty: list[int] = []

    def results(self, block: Sequence[Numbered]) -> list[bytes]:
        """The result of each line, ending in a newline; `errors` where it cannot be settled.

        The lines go through each step together: its code then stays close to the processor, which takes a third off
        the time of a file.
        """
        raws = _each(decoded, [line for _, line in block])
        settled = _each(self._settled, _each(self._read, raws))
        results = _each(self._written, settled)
        self.cases += len(block)
        return [
            orjson.dumps(self._faulty(number, raw, result) if isinstance(result, Faults) else result, option=_LINE)
            for (number, _), raw, result in zip(block, raws, results, strict=True)
        ]

    def _read(self, raw: object) -> Case:
        names = case_names(raw)
        return read_case(raw, self.stock.policy(names.policy), self.stock.plan(names.plan))

    def _settled(self, case: Case) -> CaseResult:
        return settle_case(self.stock.engine(CaseNames(case.policy, case.plan), case.parameters), case)

    def _written(self, settled: CaseResult) -> dict[str, Any]:
        self.events += len(settled.settlements)
        result = result_of(settled.engine, settled, receipt=self.receipts)
        if self.explain:
            self._explain(settled, result)
        return result

    def _explain(self, settled: CaseResult, result: dict[str, Any]) -> None:
        from tuodi.cli.account import as_json
        from tuodi.engine.explain import explain

        for settlement, event in zip(settled.settlements, result["events"], strict=True):
            event["explanation"] = as_json(explain(settlement, self.lang))

    def _faulty(self, number: int, raw: object, faults: Faults) -> dict[str, Any]:
        self.faulty += 1
        if len(self.first_faulty) < _NAMED_LINES:
            self.first_faulty.append(number)
        return {"person": _person_of(raw), "errors": [_error(finding, number) for finding in faults.findings]}

    def complaint(self, say: Say) -> str:
        """How many cases have faults, and on which lines the first of them stand."""
        more = "…" if self.faulty > len(self.first_faulty) else ""
        lines = "、".join(map(str, self.first_faulty)) + more
        return say(
            f"{self.cases} 个案例中有 {self.faulty} 个有错误，没有结算（第 {lines} 行），原因见结果里的 errors。",
            f"{self.faulty} of {self.cases} cases have faults and were not settled (lines {lines}): see their errors.",
        )


_LINE = orjson.OPT_APPEND_NEWLINE


def _each(step: Callable[[T], Made], values: Iterable[T | Faults]) -> list[Made | Faults]:
    """What the step makes of each value. Faults take its place, and those of a step before keep it."""
    made: list[Made | Faults] = []
    for value in values:
        try:
            made.append(value if isinstance(value, Faults) else step(value))
        except Faults as faults:
            made.append(faults)
    return made


def _person_of(raw: object) -> str | None:
    """The person's id, as far as the line shows one."""
    person = raw.get("person") if isinstance(raw, dict) else None
    name = person.get("id") if isinstance(person, dict) else None
    return name if isinstance(name, str) else None


def _error(finding: Finding, line: int) -> dict[str, Any]:
    error = {"code": finding.code, "path": finding.place.path, "message": finding.message, "line": line}
    if finding.place.file:
        error["file"] = str(finding.place)
    if finding.remedy:
        error["remedy"] = finding.remedy
    return error
