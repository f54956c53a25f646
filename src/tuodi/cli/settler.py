"""One line of a case file to one line of results, and a count of what came of them."""

from __future__ import annotations

from typing import Any

import orjson

from tuodi.cli.case_lines import decoded
from tuodi.cli.speech import Say
from tuodi.cli.stock import Stock
from tuodi.core.finding import Faults, Finding
from tuodi.engine.case import case_names, read_case
from tuodi.engine.result import result_of
from tuodi.engine.settle import CaseResult, settle_case

_NAMED_LINES = 10


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

    def result(self, number: int, line: bytes) -> bytes:
        """The result of line `number`, ending in a newline; `errors` where it cannot be settled."""
        self.cases += 1
        raw: object = None
        try:
            raw = decoded(line)
            result = self._settled(raw)
        except Faults as faults:
            self._count_fault(number)
            result = {"person": _person_of(raw), "errors": [_error(finding, number) for finding in faults.findings]}
        return orjson.dumps(result, option=orjson.OPT_APPEND_NEWLINE)

    def _settled(self, raw: object) -> dict[str, Any]:
        names = case_names(raw)
        policy, plan = self.stock.policy(names.policy), self.stock.plan(names.plan)
        case = read_case(raw, policy, plan)
        engine = self.stock.engine(names, case.parameters)
        settled = settle_case(engine, case)
        self.events += len(case.events)
        result = result_of(engine, settled, receipt=self.receipts)
        if self.explain:
            self._explain(settled, result)
        return result

    def _explain(self, settled: CaseResult, result: dict[str, Any]) -> None:
        from tuodi.cli.account import as_json
        from tuodi.engine.explain import explain

        for settlement, event in zip(settled.settlements, result["events"], strict=True):
            event["explanation"] = as_json(explain(settlement, self.lang))

    def _count_fault(self, number: int) -> None:
        self.faulty += 1
        if len(self.first_faulty) < _NAMED_LINES:
            self.first_faulty.append(number)

    def complaint(self, say: Say) -> str:
        """How many cases have faults, and on which lines the first of them stand."""
        more = "…" if self.faulty > len(self.first_faulty) else ""
        lines = "、".join(map(str, self.first_faulty)) + more
        return say(
            f"{self.cases} 个案例中有 {self.faulty} 个有错误，没有结算（第 {lines} 行），原因见结果里的 errors。",
            f"{self.faulty} of {self.cases} cases have faults and were not settled (lines {lines}): see their errors.",
        )


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
