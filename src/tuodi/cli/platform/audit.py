"""`tuodi audit`: recounts what is stored, room by room."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from tuodi.cli.frame import FINDINGS, Command
from tuodi.cli.platform.installation import installation
from tuodi.cli.speech import Say

if TYPE_CHECKING:
    from tuodi.core.finding import Finding


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="audit",
        say=say,
        callback=lambda: _audit(say),
        short_help=say("复算账目、核对审计链和各项不变量。", "Recount the books, verify the audit trail."),
        help=say(
            "逐间核对：审计记录的校验链，账目重新加总，结算与账目相符，以及其他不变量。每个问题注明位置和处理办法，"
            "有问题时退出码 1。只读，可在运行中进行。",
            "Verifies room by room: the chain over the audit trail, the books added up anew, settlements against the "
            "books, and the other invariants. Each fault has its place and remedy; exit code 1 where there is any. It "
            "only reads, and may run beside everything else.",
        ),
    )


def _audit(say: Say) -> None:
    from tuodi.cli.findings import told as shown
    from tuodi.cli.status_line import StatusLine

    count = 0
    with installation(say), StatusLine(say) as line:
        for room, findings in _rooms():
            line.tell(room, 0, 0)
            found = 0
            for finding in _found(findings, lambda done, room=room: line.tell(room, done, 0)):  # type: ignore[misc]
                line.clear()
                click.echo(shown(finding, say))
                found += 1
            line.clear()
            well = say("没有问题", "well") if not found else say(f"{found} 个问题", f"{found} findings")
            click.echo(f"{room}：{well}", err=True)
            count += found
    if count:
        click.echo(say(f"共 {count} 个问题。", f"{count} findings."))
        raise click.exceptions.Exit(FINDINGS)
    click.echo(say("没有问题。", "All is well."))


def _rooms() -> list[tuple[str, Callable[..., Iterable[Finding]]]]:
    """Each room that checks itself, by its name for people, with its `audit.findings`."""
    import importlib
    import importlib.util

    from django.apps import apps

    rooms = [room for room in apps.get_app_configs() if room.name.startswith("tuodi.")]
    named = [(room, f"{room.name}.audit") for room in rooms if importlib.util.find_spec(f"{room.name}.audit")]
    modules = [(room, importlib.import_module(name)) for room, name in named]
    return [(str(room.verbose_name), module.findings) for room, module in modules if hasattr(module, "findings")]


def _found(findings: Callable[..., Iterable[Finding]], told: Callable[[int], None]) -> Iterable[Finding]:
    """A room's findings, within the system's scope; `told` hears how far it is, where the room tells it."""
    import inspect

    from tuodi.platform.base.domain import SYSTEM
    from tuodi.platform.base.scope import entered

    with entered(SYSTEM):
        yield from findings(told=told) if "told" in inspect.signature(findings).parameters else findings()
