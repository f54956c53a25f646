"""Folders for servers of tests, and a look into their processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.house.tree import ROOT
from tuodi.site.postgres import Home, home_in, status
from tuodi.site.postgres.server import State

IS_ROOT = os.geteuid() == 0
NOBODY = 65534


@contextmanager
def a_folder() -> Iterator[Path]:
    """An empty data folder whose parents anybody may pass, unlike those of pytest; its server is stopped in the end."""
    folder = Path(tempfile.mkdtemp(prefix="tuodi-"))
    try:
        yield folder
    finally:
        _quit(home_in(folder))
        shutil.rmtree(folder)


@contextmanager
def a_small_disk(folder: Path, size: str) -> Iterator[None]:
    """A file system of the size, mounted at the folder; only root can have it."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def postmaster(home: Home) -> int:
    """The number that PostgreSQL noted."""
    return int((home.data / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])


def owner_of(pid: int) -> int:
    """Whose process it is."""
    return Path(f"/proc/{pid}").stat().st_uid


def program(
    script: str, folder: Path, *, python: str = sys.executable, user: int | None = None
) -> subprocess.Popen[str]:
    """A program that starts with `home`, the home in the folder, and all that a launcher offers."""
    head = "from pathlib import Path\nfrom tuodi.site.postgres import *\n"
    return subprocess.Popen(
        [python, "-c", f"{head}home = home_in(Path({str(folder)!r}))\n{script}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(importable()), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd="/",
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )


def python_of_nobody() -> str | None:
    """A Python that the account nobody can run and that reads our packages; None when there is none."""
    for python in (sys.executable, "/usr/bin/python3.11", "/usr/local/bin/python3.11"):
        try:
            with program("", Path("/"), python=python, user=NOBODY) as trial:
                if trial.wait() == 0:
                    return python
        except OSError:
            continue
    return None


def _quit(home: Home) -> None:
    """End the server at once, for nobody wants its data any more."""
    if (home.data / "postmaster.pid").exists() and status(home).state is State.running:
        pid = postmaster(home)
        os.kill(pid, signal.SIGQUIT)
        while Path(f"/proc/{pid}/cwd").exists():
            time.sleep(0.05)


def importable() -> Sequence[str]:
    """Where a program of ours finds its modules."""
    packages = [path for path in sys.path if path.endswith("site-packages")]
    return [str(ROOT / "src"), *packages]
