"""One settled event on a terminal: three sentences, the way of the bill, limits left, counts moved, steps."""

from __future__ import annotations

from dataclasses import fields

import click

from tuodi.cli.account import bill_rows, grouped, limit_rows, move_rows, out_of_policy
from tuodi.cli.speech import Say
from tuodi.cli.tables import show_table
from tuodi.engine.explain import explain
from tuodi.engine.interpret import Executed
from tuodi.engine.settle import CaseResult, Settlement
from tuodi.language.model import SERVICES


def show_event(settlement: Settlement, say: Say) -> None:
    """The account of one event."""
    why = explain(settlement, say("zh", "en"))
    event = settlement.event
    click.secho(f"【{event.id}】{event.date} {SERVICES[event.service]}  {_settled_as(settlement, say)}", bold=True)
    click.echo("".join(f"  {sentence.strip()}\n" for sentence in why.sentences))
    rows = [(row.label, grouped(row.amount), row.how) for row in bill_rows(why, out_of_policy(settlement), say)]
    show_table((say("账单", "bill"), say("金额（元）", "yuan"), say("怎样算出", "how")), rows, right=(1,))
    limits = list(limit_rows(why))
    if limits:
        headers = (say("限额", "limit"), say("金额（元）", "yuan"), say("已用", "used"), say("还剩", "left"))
        show_table(headers, limits, right=(1, 2, 3))
    moves = list(move_rows(why, say))
    if moves:
        headers = (say("累计变动", "count"), say("期间", "of"), say("原来", "before"), say("现在", "after"))
        show_table(headers, moves, right=(2, 3))


def _settled_as(settlement: Settlement, say: Say) -> str:
    """The classes of the person on the day, as the facts tell them."""
    word, bits = settlement.outcome.word, settlement.engine.bound.program.bits
    held = [bit.label for bit in bits if bit.id.startswith("class:") and bit.mask & word]
    return "、".join(held) or say("不属于任何类别", "in no class")


def show_steps(result: CaseResult, place: int, say: Say) -> None:
    """Every step of the program for the event at `place`, with what each register came to."""
    state = dict(result.opening)
    for settlement in result.settlements[:place]:
        result.engine.interpret(settlement.situation, state)
    settlement = result.settlements[place]
    click.echo(
        say("程序的每一步（金额以分计，比例以万分之一计）：", "Every step (money in fen, rates in basis points):")
    )
    for passage in result.engine.interpret(settlement.situation, state).passages:
        name = passage.rule.id if passage.rule else say("累计", "tally")
        click.echo(f"  {name}{f' {passage.item}' if passage.item else ''}")
        for executed in passage.steps:
            click.echo(f"    {_step(executed)}")


def _step(executed: Executed) -> str:
    step, value = executed
    given = ", ".join(
        f"{one.name}={getattr(step, one.name)}" for one in fields(step) if one.name not in ("dst", "cases")
    )
    target = getattr(step, "dst", "")
    return f"{f'{target} = ' if target else ''}{type(step).__name__.lower()}({given}) → {value}"
