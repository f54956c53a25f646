"""`tuodi work`: what is done in the background."""

from __future__ import annotations

import click

from tuodi.cli.frame import Command
from tuodi.cli.options import Option
from tuodi.cli.platform.installation import installation
from tuodi.cli.speech import Say


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    once = say("办完眼下到期的事项就结束。", "Do what is due now, and end.")
    return Command(
        name="work",
        say=say,
        callback=lambda once: _work(once, say),
        short_help=say("办理后台事项，封存审计记录。", "Run what waits in the background, seal the trail."),
        params=[Option(["--once"], is_flag=True, help=once)],
        help=say(
            "办理待办事项、封存审计记录、清理过期数据，直到 Ctrl-C 或终止信号。可以同时运行多个；"
            "中途被杀掉不会丢事项，也不会办两遍。",
            "Runs errands, seals the audit trail and forgets what is out of date, until Ctrl-C or a signal. Several "
            "may run at once; one that is killed loses nothing and does nothing twice.",
        ),
    )


def _work(once: bool, say: Say) -> None:
    import os
    import signal
    import threading

    os.environ["TUODI_SERVES"] = "1"  # below the owner of the tables, as the server
    with installation(say):
        from tuodi.platform.base import work

        if once:
            count = work.work_off(lambda line: click.echo(line, err=True))
            click.echo(say(f"办理 {count} 件。", f"{count} errands run."))
            return
        stopped = threading.Event()
        for kind in (signal.SIGTERM, signal.SIGINT):
            signal.signal(kind, lambda *_: stopped.set())
        click.echo(say("后台事项办理中，按 Ctrl-C 停止。", "At work, Ctrl-C stops it."), err=True)
        work.work(stopped, work.known(), lambda line: click.echo(line, err=True))
