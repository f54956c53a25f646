"""What the same cases receive under two policies: event by event, and in all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from tuodi.cli.account import grouped
from tuodi.cli.case_lines import decoded, numbered
from tuodi.cli.policy.named import Named
from tuodi.cli.speech import Say
from tuodi.cli.tables import show_table
from tuodi.cli.wrong_use import WrongUse, system
from tuodi.core.finding import Faults
from tuodi.core.money import format_yuan
from tuodi.engine.bind import bind
from tuodi.engine.case import read_case
from tuodi.engine.settle import Engine, Settlement, settle_case

_SHOWN = 40


@dataclass(slots=True, kw_only=True)
class _Sums:
    """Amounts in fen over all events that both policies settle."""

    events: int = 0
    old: int = 0
    new: int = 0
    more: int = 0
    less: int = 0
    faulty: int = 0

    def add(self, old: Settlement, new: Settlement) -> None:
        self.events += 1
        self.old += old.relief
        self.new += new.relief
        self.more += new.relief > old.relief
        self.less += new.relief < old.relief


def compare(old: Named, new: Named, cases: str, say: Say) -> None:
    """Prints the events whose relief differs, as far as they fit, and the sums."""
    sums = _Sums()
    rows: list[tuple[str, ...]] = []
    for number, before, after in _both(old, new, cases, sums, say):
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


def _both(old: Named, new: Named, cases: str, sums: _Sums, say: Say) -> Iterator[tuple[int, Settlement, Settlement]]:
    """(line, settlement under old, under new) of every event of the file."""
    try:
        with Path(cases).open("rb") as stream:
            for number, line in numbered(stream):
                try:
                    raw = decoded(line)
                    pairs = zip(_settled(raw, old), _settled(raw, new), strict=True)
                except Faults:
                    sums.faulty += 1
                    continue
                yield from ((number, before, after) for before, after in pairs)
    except OSError as why:
        raise WrongUse(say(f"不能读 {cases}：{system(why, say)}", f"cannot read {cases}: {system(why, say)}")) from None


def _settled(raw: Any, named: Named) -> tuple[Settlement, ...]:
    """The case under this policy, whichever it was written for, with the parameters that the policy knows."""
    policy = named.policy
    if isinstance(raw, dict):
        raw = raw | {"policy": policy.document.id}
        if isinstance(parameters := raw.get("parameters"), dict):
            raw["parameters"] = {name: value for name, value in parameters.items() if name in policy.parameters}
    case = read_case(raw, policy)
    return settle_case(Engine(bind(policy, case.parameters)), case).settlements
