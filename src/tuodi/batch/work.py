"""One block's way, done by a worker: rows converted, settled, faults told, a sample explained, tables made."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import orjson

from tuodi.batch.convert import Converted, Converter, Rows
from tuodi.batch.findings import Findings, RowFinding
from tuodi.batch.kernel import Ints
from tuodi.batch.output import Tables, TableWriter
from tuodi.batch.settle import BlockSettler, Settled
from tuodi.core.finding import Finding, Place
from tuodi.engine.explain import explain
from tuodi.engine.result import event_result
from tuodi.engine.settle import settle_case


class Done(NamedTuple):
    """A block's result. `explanations`: lines of JSON."""

    tables: Tables
    findings: Findings
    explanations: list[bytes]
    sums: Counter[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Does one block after another; any number of threads may. `explain_one_in`: of so many persons one; 0: none."""

    settler: BlockSettler
    converter: Converter
    writer: TableWriter
    explain_one_in: int

    def done(self, rows: Rows) -> Done:
        """Everything that the rows come to. Raises Unsorted."""
        converted = self.converter.convert(rows)
        settled = self.settler.settle(converted.block, self.writer.closings)
        faulty = converted.faulty
        lacking = settled.faulty[~faulty[settled.faulty]]
        self._tell_lacking(converted, settled, lacking)
        faulty[lacking] = True
        apart = _events_of(faulty, converted.block.events_of)
        explanations = self._explained(settled, faulty, rows.events.first)
        tables = self.writer.tables(settled, apart, converted.persons)
        return Done(tables, converted.findings, explanations, _sums(settled, faulty, apart))

    def _tell_lacking(self, converted: Converted, settled: Settled, persons: Ints) -> None:
        """What the engine says of persons whom an event lacks something for."""
        findings = converted.findings
        room = findings.room("lacking", len(persons))
        for person in persons[:room].tolist():
            for finding in self.settler.findings(settled, person):
                findings.add([_in_files(finding, converted, person)], finding.code, 1)
        if len(persons):
            findings.counts["lacking"] += len(persons)

    def _explained(self, settled: Settled, faulty: Ints, first: int) -> list[bytes]:
        if not self.explain_one_in:
            return []
        rows = (settled.block.events_of[:-1] + first).astype(np.uint64)
        mixed = (rows + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        chosen = (mixed >> np.uint64(33)) % np.uint64(self.explain_one_in) == 0
        return [self._explanation(settled, person) for person in np.flatnonzero(chosen & ~faulty).tolist()]

    def _explanation(self, settled: Settled, person: int) -> bytes:
        """The person's events in the engine's words; both readings must end in the same fen."""
        result = settle_case(self.settler.engine, self.settler.case(settled.block, person))
        first, last = settled.block.events_of[person : person + 2]
        relief, personal = settled.results.relief[first:last].tolist(), settled.results.personal[first:last].tolist()
        assert relief == [one.relief for one in result.settlements], "INV-13 the readings of a policy agree"
        assert personal == [one.personal for one in result.settlements], "INV-13 the readings of a policy agree"
        events: list[dict[str, Any]] = [{**event_result(one), "text": explain(one).text} for one in result.settlements]
        return orjson.dumps({"person": result.case.person.id, "events": events})


def _events_of(persons: Ints, events_of: Ints) -> Ints:
    """By event, what is true of its person."""
    if not persons.any():
        return np.zeros(events_of[-1], np.bool_)
    return np.repeat(persons, np.diff(events_of))


def _sums(settled: Settled, faulty: Ints, apart: Ints) -> Counter[str]:
    """Whole numbers that add up over blocks; amounts in fen."""
    results = settled.results
    counted: Any = ~apart if apart.any() else slice(None)
    return Counter(
        {
            "events": settled.block.size,
            "persons": len(faulty),
            "persons_set_apart": int(faulty.sum()),
            "events_set_apart": int(apart.sum()),
            "events_refused": int((results.refusal[counted] >= 0).sum()),
            "relief_fen": int(results.relief[counted].sum()),
            "personal_fen": int(results.personal[counted].sum()),
        }
    )


def _in_files(finding: Finding, converted: Converted, person: int) -> RowFinding:
    """A finding about a person's case, with the file and row that it comes from."""
    path = finding.place.path
    table, row = None, 0
    if path.startswith("events["):
        number, _, path = path.removeprefix("events[").partition("]")
        table, row = converted.events, int(converted.events.rows_of[person]) + int(number)
    elif path.startswith("person."):
        table, row = converted.statuses, int(converted.statuses.rows_of[person])
    spot = table.place(row) if table is not None else Place()
    place = Place(file=spot.file, line=spot.line, path=path.rpartition(".")[2] if table is not None else path)
    told = Finding(code=finding.code, message=finding.message, place=place, remedy=finding.remedy)
    return RowFinding(told, str(converted.events.ledger.ids[person].as_py()))
