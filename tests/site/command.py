"""Commands of an installation, run as processes of their own in a data folder or on a database."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.site.places import NOBODY, importable

WAIT_SECONDS = 120
SCRIPT = "from tuodi.cli import main; main()"
DJANGO = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "tuodi.site.settings"
import django
django.setup()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a command works: a data folder, perhaps a database of its own, perhaps as nobody."""

    folder: Path
    url: str = ""
    python: str = sys.executable
    as_nobody: bool = False
    more: Mapping[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """Nothing but what the command needs."""
        wanted = {"TUODI_DATA": str(self.folder), "PATH": os.defpath, "PYTHONPATH": os.pathsep.join(importable())}
        return wanted | ({"DATABASE_URL": self.url} if self.url else {}) | {"PYTHONDONTWRITEBYTECODE": "1", **self.more}

    def begun(self, *arguments: str, script: str = SCRIPT) -> subprocess.Popen[str]:
        """The command, or a script of one's own, as it runs."""
        user = NOBODY if self.as_nobody else None
        return subprocess.Popen(
            [self.python, "-c", script, *arguments], env=self.environment(), cwd="/", user=user, group=user,
            extra_groups=None if user is None else [], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def tuodi(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command when it has ended."""
        with self.begun(*arguments) as running:
            out, err = running.communicate()
        return subprocess.CompletedProcess(arguments, running.returncode, out, err)

    def does(self, script: str) -> str:
        """What a script says that has Django on this place's database."""
        with self.begun(script=DJANGO + script) as running:
            out, err = running.communicate()
        assert running.returncode == 0, err
        return out

    @contextmanager
    def serving(self, *arguments: str) -> Iterator[str]:
        """The address of its server, which answers."""
        port = free_port()
        running = self.begun("serve", "--port", str(port), "--workers", "1", *arguments)
        try:
            _await(port, running)
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()
            running.communicate()


def answer(url: str) -> tuple[int, str, dict[str, str]]:
    """Status, text and headers."""
    try:
        with urllib.request.urlopen(url) as response:
            return response.status, response.read().decode(), dict(response.headers)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode(), dict(refused.headers)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int, running: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if running.poll() is not None:
            raise AssertionError(f"it did not start: {running.communicate()}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("it does not answer")
