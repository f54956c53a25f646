"""Killed at any moment under load, the settling process or PostgreSQL: what was acknowledged is there, once.

What was not acknowledged is there once or not at all, and its retry makes it one. `TUODI_MOMENTS` says how often.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.tree import ROOT
from tuodi.site.postgres import home_in, start, stop

MOMENTS = int(os.environ.get("TUODI_MOMENTS", "8"))
BURST = 120
SCRIPT = Path(__file__).with_name("crash_town.py")

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """An installation of its own in a folder, with people in its town; `acknowledged` is written by its processes."""

    folder: Path
    environment: Mapping[str, str]
    people: str

    @property
    def acknowledged(self) -> Path:
        return self.folder / "acknowledged"

    def settling(self, first: int, last: int) -> subprocess.Popen[bytes]:
        arguments = [self.people, str(self.acknowledged), str(first), str(last)]
        return subprocess.Popen([sys.executable, str(SCRIPT), "settle", *arguments], env=self.environment, cwd=ROOT)

    def told(self) -> list[tuple[int, int, int]]:
        """Every acknowledgement: number of the bill, settlement, relief. The last line may be cut short."""
        lines = self.acknowledged.read_text().splitlines() if self.acknowledged.exists() else []
        told = [tuple(int(word) for word in line.split()) for line in lines if line.count(" ") == 2]
        return [(number, settlement, relief) for number, settlement, relief in told]

    def asked(self, statement: str) -> list[tuple[object, ...]]:
        with start(home_in(self.folder / "data")).connect() as connection:
            return connection.execute(statement).fetchall()

    def postmaster(self) -> int:
        note = home_in(self.folder / "data").data / "postmaster.pid"
        return int(note.read_text().splitlines()[0])


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="tuodi-crash-"))
    folder.chmod(0o711)  # where the tests run as root, the server's account passes through
    environment = {
        **os.environ, "TUODI_DATA": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "tuodi.site.settings",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    environment.pop("DATABASE_URL", None)
    for arguments in (["-m", "django", "migrate", "-v0"], [str(SCRIPT), "prepare", str(folder / "small")]):
        done = subprocess.run(
            [sys.executable, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert 0 == done.returncode, done.stderr
    yield Site(folder=folder, environment=environment, people=done.stdout.strip().splitlines()[-1])
    stop(home_in(folder / "data"))
    shutil.rmtree(folder, ignore_errors=True)


def test_every_acknowledged_bill_is_there_once_after_any_crash(site: Site):
    chance = random.Random(11)
    for moment in range(MOMENTS):
        _crash(site, moment, chance, at_database=moment % 2 == 1)
    acknowledged = site.told()
    _all_sent_again(site)

    stored = {number: (row, relief) for number, row, relief in _stored(site)}
    assert MOMENTS * BURST == len(stored) == len(_stored(site))
    assert {(number, row, relief) for number, row, relief in acknowledged} == {
        (number, *stored[number]) for number, _, _ in acknowledged
    }
    assert len(acknowledged) > MOMENTS * 2
    assert [] == _findings(site)


def _crash(site: Site, moment: int, chance: random.Random, *, at_database: bool) -> None:
    """A burst of bills, and a kill somewhere in it. After the database's the process goes on and is killed too."""
    before = len(site.told())
    process = site.settling(moment * BURST, (moment + 1) * BURST)
    while len(site.told()) == before and process.poll() is None:
        time.sleep(0.01)
    time.sleep(chance.uniform(0, 0.8))
    if at_database:
        os.kill(site.postmaster(), signal.SIGKILL)
        start(home_in(site.folder / "data"))
        time.sleep(chance.uniform(0, 0.5))
    process.kill()
    process.wait()


def _all_sent_again(site: Site) -> None:
    process = site.settling(0, MOMENTS * BURST)
    assert 0 == process.wait()
    answered = {(number, row, relief) for number, row, relief in site.told()}
    assert MOMENTS * BURST == len(answered), "a bill has one answer, whenever it is asked"


def _stored(site: Site) -> list[tuple[int, int, int]]:
    rows = site.asked("select substr(sender_key, 2)::int, id, relief_fen from settlement_settlement order by 1")
    return [(int(str(number)), int(str(row)), int(str(relief))) for number, row, relief in rows]


def _findings(site: Site) -> list[str]:
    """The audits of settlements and of the books, in a process of the installation."""
    program = (
        "import django; django.setup()\n"
        "from tuodi.platform.base.domain import SYSTEM\n"
        "from tuodi.platform.base.scope import entered\n"
        "from tuodi.platform.fund import audit as books\n"
        "from tuodi.platform.settlement import audit\n"
        "with entered(SYSTEM):\n"
        "    print(*audit.findings(), *books.findings(), sep='\\n')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=site.environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.split()
