"""`tuodi serve`: answers requests, as a role that owns no table."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from tuodi.cli.frame import Command
from tuodi.cli.options import Option, Whole
from tuodi.cli.platform.installation import installation
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse

THREADS = 4
"""A worker's threads: most of a request is waiting for the database."""
MOST_WORKERS = 8


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="serve",
        say=say,
        callback=lambda host, port, workers, work: _serve(host, port, workers, work, say),
        short_help=say("启动网站和接口服务。", "Serve the pages and the interfaces."),
        params=[
            Option(["--host"], default="127.0.0.1", metavar="ADDRESS", help=say("监听的地址，默认 127.0.0.1。", "Where to listen; 127.0.0.1 by default.")),  # noqa: E501
            Option(["--port"], default=8000, type=Whole(say), metavar="N", help=say("端口，默认 8000。", "The port; 8000 by default.")),  # noqa: E501
            Option(["--workers"], type=Whole(say), metavar="N", help=say("进程数，默认与处理器数相同。", "Processes; as many as processors by default.")),  # noqa: E501
            Option(["--work"], is_flag=True, help=say("同时办理后台事项，随本服务结束。", "Run what waits in the background too, as long as this serves.")),  # noqa: E501
        ],
        help=say(
            "在 ADDRESS:N 提供网页和接口，直到 Ctrl-C 或终止信号。以角色 tuodi_app 工作，它不拥有任何表。"
            "数据库的表没有更新到本版本时不启动。对外提供服务时放在 TLS 代理之后，见 docs/running.md。",
            "Serves pages and interfaces until Ctrl-C or a signal, as the role tuodi_app, which owns no table. Does "
            "not start where the tables are not up to date. For other machines put a proxy that speaks TLS in front of "
            "it, see docs/running.md.",
        ),
    )  # fmt: skip


def _serve(host: str, port: int, workers: int | None, work: bool, say: Say) -> None:
    _require_free(host, port, say)
    os.environ["TUODI_SERVES"] = "1"
    with installation(say):
        _require_second_factor(host, say)
        from django.db import connections

        connections.close_all()
    address = f"http://{_shown(host)}:{port}/"
    click.echo(say(f"在 {address} 提供服务，按 Ctrl-C 停止。", f"Serving {address}, Ctrl-C stops it."), err=True)
    if work:
        _work_beside()
    else:
        click.echo(say("后台事项由 tuodi work 办理。", "What waits in the background is tuodi work's."), err=True)
    _become_server(host, port, workers or min(os.cpu_count() or 1, MOST_WORKERS))


def _work_beside() -> None:
    """A worker of its own, which ends when the process that serves is gone, however it ends."""
    from subprocess import DEVNULL, Popen

    script = "from tuodi.cli import main; main()"
    Popen([sys.executable, "-c", script, "work", "--beside", str(os.getpid())], stdin=DEVNULL)


def _become_server(host: str, port: int, workers: int) -> NoReturn:
    """This process becomes the server's: signals reach it, and nothing of ours is forked into its workers."""
    sys.stdout.flush()
    sys.stderr.flush()
    arguments = [
        "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", str(THREADS), "--no-ws", "--log-level", "warning", "--respawn-failed-workers",
        "--workers-kill-timeout", "10", "tuodi.site.wsgi:application",
    ]  # fmt: skip
    os.execv(sys.executable, [sys.executable, "-m", "granian", *arguments])


def _require_free(host: str, port: int, say: Say) -> None:
    import socket

    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as why:
        raise WrongUse(
            say(f"不能在 {host}:{port} 监听：{why}；换一个端口或地址", f"cannot listen at {host}:{port}: {why}")
        ) from None


def _require_second_factor(host: str, say: Say) -> None:
    """Without the second factor it is a demonstration, which stays on this machine."""
    from ipaddress import ip_address

    from django.conf import settings

    if settings.TWO_FACTOR_REQUIRED or host == "localhost":
        return
    try:
        local = ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise WrongUse(
            say(
                "TUODI_TWO_FACTOR=optional 只用于本机演示：去掉它，或只监听 127.0.0.1",
                "TUODI_TWO_FACTOR=optional is for a demonstration on this machine: drop it, or listen at 127.0.0.1",
            )
        )


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
