"""What the same cases receive under two policies: event by event, and in all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from tuodi.cli.account import grouped
from tuodi.cli.case_lines import decoded, numbered
from tuodi.cli.policy.named import Named
from tuodi.cli.speech import Say
from tuodi.cli.stock import Stock
from tuodi.cli.tables import show_table
from tuodi.cli.wrong_use import WrongUse, system
from tuodi.core.finding import Faults
from tuodi.core.money import format_yuan
from tuodi.engine.case import case_names, read_case
from tuodi.engine.settle import Settlement, settle_case

_SHOWN = 40
_FAULTS_SHOWN = 5


@dataclass(slots=True, kw_only=True)
class _Sums:
    """Amounts in fen over all events that both policies settle."""

    events: int = 0
    old: int = 0
    new: int = 0
    more: int = 0
    less: int = 0
    faulty: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, old: Settlement, new: Settlement) -> None:
        self.events += 1
        self.old += old.relief
        self.new += new.relief
        self.more += new.relief > old.relief
        self.less += new.relief < old.relief

    def add_fault(self, line: int, faults: Faults, say: Say) -> None:
        self.faulty += 1
        if self.faulty <= _FAULTS_SHOWN:
            told = "；".join(f"{one.place.path} {one.message}".strip() for one in faults.findings[:_FAULTS_SHOWN])
            self.faults.append(say(f"第 {line} 行：{told}", f"line {line}: {told}"))


def compare(old: Named, new: Named, cases: str, say: Say) -> int:
    """Prints the events whose relief differs, as far as they fit, and the sums; the number of lines with faults."""
    sums = _Sums()
    rows: list[tuple[str, ...]] = []
    for number, before, after in _both(_Side(old), _Side(new), cases, sums, say):
        sums.add(before, after)
        if before.relief != after.relief and len(rows) < _SHOWN:
            change = after.relief - before.relief
            rows.append((str(number), before.event.id, grouped(before.relief), grouped(after.relief), _signed(change)))
    if rows:
        headers = (say("行", "line"), say("事件", "event"), "A", "B", say("增减", "change"))
        show_table(headers, rows, title=say("救助金额不同的事件", "Events whose relief differs"), right=(0, 2, 3, 4))
    more = sums.more + sums.less - len(rows)
    if more:
        click.echo(say(f"另有 {more} 个事件不同。", f"{more} more events differ."))
    click.echo(_told(sums, say))
    click.echo("".join(f"  {fault}\n" for fault in sums.faults), nl=False)
    return sums.faulty


def _told(sums: _Sums, say: Say) -> str:
    faulty = (
        say(f"；{sums.faulty} 行不能按两份政策结算", f"; {sums.faulty} lines not settled under both")
        if sums.faulty
        else ""
    )
    return say(
        f"{sums.events} 个事件：救助合计 {format_yuan(sums.old)} → {format_yuan(sums.new)} 元"
        f"（{_signed(sums.new - sums.old)}），{sums.more} 个增加，{sums.less} 个减少{faulty}。",
        f"{sums.events} events: relief {format_yuan(sums.old)} -> {format_yuan(sums.new)} yuan "
        f"({_signed(sums.new - sums.old)}), {sums.more} more, {sums.less} less{faulty}.",
    )


def _signed(fen: int) -> str:
    return f"{'+' if fen > 0 else '−' if fen < 0 else ''}{grouped(abs(fen))}"


class _Side:
    """One of the two policies, and the engines that the cases' parameters and plans ask for."""

    def __init__(self, named: Named) -> None:
        self.policy = named.policy
        self.stock = Stock([named.folder])

    def settled(self, raw: object) -> tuple[Settlement, ...]:
        """The case under this policy, whichever it was written for, with the parameters that the policy knows."""
        ours = self._as_ours(raw)
        names = case_names(ours)
        case = read_case(ours, self.policy, self.stock.plan(names.plan))
        return settle_case(self.stock.engine(names, case.parameters), case).settlements

    def _as_ours(self, raw: object) -> object:
        if not isinstance(raw, dict):
            return raw
        ours = raw | {"policy": self.policy.document.id}
        if isinstance(parameters := raw.get("parameters"), dict):
            ours["parameters"] = {name: value for name, value in parameters.items() if name in self.policy.parameters}
        return ours


def _both(old: _Side, new: _Side, cases: str, sums: _Sums, say: Say) -> Iterator[tuple[int, Settlement, Settlement]]:
    """(line, settlement under old, under new) of every event of the file."""
    try:
        with Path(cases).open("rb") as stream:
            for number, line in numbered(stream):
                try:
                    raw = decoded(line)
                    pairs = zip(old.settled(raw), new.settled(raw), strict=True)
                except Faults as faults:
                    sums.add_fault(number, faults, say)
                    continue
                yield from ((number, before, after) for before, after in pairs)
    except OSError as why:
        raise WrongUse(say(f"不能读 {cases}：{system(why, say)}", f"cannot read {cases}: {system(why, say)}")) from None
