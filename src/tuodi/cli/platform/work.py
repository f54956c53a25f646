"""`tuodi work`: what is done in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuodi.cli.frame import Command
from tuodi.cli.options import Option, Whole
from tuodi.cli.platform.installation import installation
from tuodi.cli.speech import Say

if TYPE_CHECKING:
    import threading

    from tuodi.platform.base.work import Told

AWAY_SECONDS, WATCHED_SECONDS = 5.0, 1.0


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    once = say("办完眼下到期的事项就结束。", "Do what is due now, and end.")
    beside = say("随这个进程结束。", "End with this process.")
    return Command(
        name="work",
        say=say,
        callback=lambda once, beside: _work(once, beside, say),
        short_help=say("办理后台事项，封存审计记录。", "Run what waits in the background, seal the trail."),
        params=[
            Option(["--once"], is_flag=True, help=once),
            Option(["--beside"], type=Whole(say), hidden=True, help=beside),
        ],
        help=say(
            "办理待办事项、封存审计记录、清理过期数据，直到 Ctrl-C 或终止信号。可以同时运行多个；"
            "中途被杀掉不会丢事项，也不会办两遍。",
            "Runs errands, seals the audit trail and forgets what is out of date, until Ctrl-C or a signal. Several "
            "may run at once; one that is killed loses nothing and does nothing twice.",
        ),
    )


def _work(once: bool, beside: int | None, say: Say) -> None:
    import os
    import signal
    import threading

    os.environ["TUODI_SERVES"] = "1"  # below the owner of the tables, as the server
    with installation(say):
        from tuodi.platform.base import work

        if once:
            count = work.work_off(_tell)
            click.echo(say(f"办理 {count} 件。", f"{count} errands run."))
            return
        stopped = threading.Event()
        for kind in (signal.SIGTERM, signal.SIGINT):
            signal.signal(kind, lambda *_: stopped.set())
        if beside is not None:
            threading.Thread(target=_end_with, args=(beside, stopped), daemon=True).start()
        click.echo(say("后台事项办理中，按 Ctrl-C 停止。", "At work, Ctrl-C stops it."), err=True)
        _until(stopped, _tell if beside is None else _tell_trouble, say)


def _tell(errand: str, trouble: str) -> None:
    click.echo(f"{errand}：{trouble or '已办结'}", err=True)


def _tell_trouble(errand: str, trouble: str) -> None:
    """Beside the pages only what somebody must see to: hundreds of errands that went well would hide it."""
    if trouble:
        _tell(errand, trouble)


def _until(stopped: threading.Event, told: Told, say: Say) -> None:
    """Works; a database that goes away is waited for."""
    from django.db import OperationalError

    from tuodi.platform.base import work

    while not stopped.is_set():
        try:
            work.work(stopped, work.known(), told)
        except OperationalError as why:
            click.echo(
                say(f"数据库没有应答，稍后再试：{why}", f"the database does not answer, again soon: {why}"), err=True
            )
            stopped.wait(AWAY_SECONDS)


def _end_with(process: int, stopped: threading.Event) -> None:
    """Our parent: once another one has taken its place, it is gone."""
    import os

    while os.getppid() == process and not stopped.wait(WATCHED_SECONDS):
        pass
    stopped.set()
