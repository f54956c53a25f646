"""Start, stop and look at the server of a folder."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tuodi.site.postgres import folder, trouble
from tuodi.site.postgres.account import Account, service_account
from tuodi.site.postgres.answer import DATABASE, HOST, ROLE, Address, Answer, ask, free_port, taken
from tuodi.site.postgres.home import Home
from tuodi.site.postgres.program import MAJOR, Program, forget_older, installed

PATIENCE_SECONDS = 120.0
"""How long starting may take, a recovery after a crash included."""

AFTER_A_KILL_SECONDS = 2.0
"""How long the processes of a killed server may take to notice and let go of its memory."""

ROOM_TO_START = 64 * 1024 * 1024
"""Bytes that must be free: a server that starts writes some segments of 16 MB."""

ROOM_FOR_DATA = 256 * 1024 * 1024
"""Bytes that must be free for fresh data, with a copy of the program."""

# Given at each start, so that no file can loosen them.
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
}


class State(Enum):
    """Whether a server is there."""

    absent = "没有数据"
    stopped = "已停止"
    running = "运行中"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A server's state; its address when it runs."""

    home: Home
    state: State
    address: Address | None = None


def start(home: Home, *, patience: float = PATIENCE_SECONDS) -> Address:
    """The address of the folder's server, which runs and has the database `tuodi`; made and started where needed.

    Any number of starters may come at once. Faults: one finding of `trouble`, with its remedy.
    """
    try:
        folder.require_ours(home)
        if (running := _running(home)) is None:
            account = service_account()
            folder.prepare(home, account)
            with folder.locked(home, patience):
                running = _running(home) or _awaited(home, patience) or _start(home, account, patience)
        _remember(home, running)
        return running
    except OSError as error:
        raise trouble.of_the_system(error, home.folder) from error


def stop(home: Home, *, patience: float = PATIENCE_SECONDS) -> bool:
    """Stop the folder's server, finishing no statement that runs; False when none runs. Faults as `start`."""
    try:
        folder.require_ours(home)
        if not _living(home):
            return False
        with folder.locked(home, patience):
            return _stop(home, patience)
    except OSError as error:
        raise trouble.of_the_system(error, home.folder) from error


def status(home: Home) -> Status:
    """How the folder's server stands; nothing is changed. Faults as `start`."""
    try:
        folder.require_ours(home)
        if address := _running(home):
            return Status(home=home, state=State.running, address=address)
        return Status(home=home, state=State.stopped if home.data.exists() else State.absent)
    except OSError as error:
        raise trouble.of_the_system(error, home.folder) from error


# ---- who is there ----------------------------------------------------------------------------------------------------
def _running(home: Home) -> Address | None:
    """The address at which our server answers; None when it does at none."""
    password = folder.password_of(home)
    if password is None:
        return None
    addresses = (Address(port=port, password=password) for port in _ports(home))
    return next((address for address in addresses if ask(address, home.data) is Answer.ours), None)


def _ports(home: Home) -> list[int]:
    """Where it may listen: the port that we remember, and the one that the server itself noted."""
    noted = [_noted(home.port, 0), _noted(home.data / "postmaster.pid", 3)]
    return list(dict.fromkeys(port for port in noted if 0 < port < 65536))


def _living(home: Home) -> bool:
    return _running(home) is not None or _postmaster(home.data) is not None


def _postmaster(data: Path) -> int | None:
    """The process that PostgreSQL noted, if it is alive and works in this very folder; None too without /proc.

    A zombie has no folder any more, and a reused number belongs to a process that works elsewhere.
    """
    pid = _noted(data / "postmaster.pid", 0)
    process = Path(f"/proc/{pid}")
    try:
        works_here = (process / "cwd").samefile(data) and (process / "exe").readlink().name.startswith("postgres")
    except OSError:
        return None
    return pid if works_here else None


def _noted(file: Path, line: int) -> int:
    """The number in a line of a small file; 0 where there is none."""
    try:
        return int(file.read_text(encoding="utf-8").splitlines()[line])
    except (FileNotFoundError, IndexError, ValueError):
        return 0


# ---- starting --------------------------------------------------------------------------------------------------------
def _start(home: Home, account: Account | None, patience: float) -> Address:
    """Under the lock, and no server of ours lives."""
    folder.swept(home)
    if shutil.disk_usage(home.folder).free < (ROOM_TO_START if home.data.exists() else ROOM_FOR_DATA):
        raise trouble.disk_full(home.folder)
    program = installed(account, home.folder)
    password = folder.made_password(home)
    _make_data(home, program, password)
    _require_version(home)
    forget_older(home.folder)
    return _launched(home, program, password, patience)


def _awaited(home: Home, patience: float) -> Address | None:
    """The address of a server that lives and isn't ready yet; None when none lives. Faults: `server-silent`."""
    deadline = time.monotonic() + patience
    while (pid := _postmaster(home.data)) is not None:
        if address := _running(home):
            return address
        if time.monotonic() > deadline:
            raise trouble.silent(home.data, pid)
        time.sleep(0.1)
    return None


def _make_data(home: Home, program: Program, password: str) -> None:
    """Fresh data with the database, under a name of no account until they are whole.

    Each attempt has a name of its own: the tools of a starter that was killed may still be at work on the last one.
    """
    if home.data.exists():
        return
    unfinished = folder.given(folder.fresh(home), program.account)
    with folder.written_once(home, password, program.account) as file:
        made = program.run(
            "initdb",
            f"--pgdata={unfinished}",
            f"--username={ROLE}",
            f"--pwfile={file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--set=timezone=Asia/Shanghai",
            "--set=log_timezone=Asia/Shanghai",
        )
    if made.returncode == 0:
        made = program.run(
            "postgres", "--single", "-D", str(unfinished), "postgres", says=f'create database "{DATABASE}"\n'
        )
    if made.returncode or "ERROR:" in made.stdout:  # a single user's session ends well even when a statement failed
        raise trouble.failed(unfinished, home.folder, made.stdout)
    folder.named(unfinished, home.data)


def _require_version(home: Home) -> None:
    try:
        found = (home.data / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise trouble.damaged(home.data, "缺少 PG_VERSION") from None
    if found != MAJOR:
        raise trouble.other_version(home.data, found, MAJOR)


def _launched(home: Home, program: Program, password: str, patience: float) -> Address:
    """Start the server; again when a killed one has not let go yet, and elsewhere when the port is taken."""
    deadline = 0.0
    port = _noted(home.port, 0)
    while True:
        address = Address(port=port or free_port(), password=password)
        if taken(address.port):
            port = 0
            continue
        _remember(home, address)
        said = _launch(home, program, address, patience)
        if said is None and ask(address, home.data) is Answer.ours:
            return address
        if another := _awaited(home, patience):
            return another
        deadline = deadline or time.monotonic() + AFTER_A_KILL_SECONDS
        if (said is None or not any(sign in said for sign in _PASSING)) or time.monotonic() > deadline:
            raise trouble.failed(home.log, home.folder, said or "")
        port = 0 if _PORT_TAKEN in said else address.port
        time.sleep(0.1)


_PORT_TAKEN = "Address already in use"
_PASSING = (_PORT_TAKEN, "is still in use", '"postmaster.pid" already exists')


def _remember(home: Home, address: Address) -> None:
    """Its port, for the next start and for whoever asks."""
    if _noted(home.port, 0) != address.port:
        folder.keep(home.port, f"{address.port}\n")


def _launch(home: Home, program: Program, address: Address, patience: float) -> str | None:
    """Start the server once; what it said when it didn't come up."""
    _forget_the_dead(home.data)
    known = folder.open_log(home, program.account)
    settings = " ".join(f"-c {name}={value}" for name, value in (*SETTINGS.items(), ("port", address.port)))
    started = program.run(
        "pg_ctl", "start", f"--pgdata={home.data}", f"--log={home.log}", f"--options={settings}",
        "--wait", f"--timeout={int(patience)}",
    )  # fmt: skip
    if started.returncode == 0:
        return None
    with home.log.open(encoding="utf-8", errors="replace") as log:
        log.seek(known)
        return started.stdout + log.read()


def _forget_the_dead(data: Path) -> None:
    """Remove the note of a server that is gone when its number is a zombie's or in use again: PostgreSQL would obey it.

    Whoever still holds the memory of the old server is found out by PostgreSQL through the memory itself.
    """
    note = data / "postmaster.pid"
    pid = _noted(note, 0)
    if pid > 0 and Path("/proc").is_dir() and _postmaster(data) is None and _exists(pid):
        note.unlink(missing_ok=True)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


# ---- stopping --------------------------------------------------------------------------------------------------------
def _stop(home: Home, patience: float) -> bool:
    """Under the lock. The note of a server that answers, or works in the folder, is true, so its number may be used."""
    if _awaited(home, patience) is None and _running(home) is None:
        return False
    program = installed(service_account(), home.folder)
    stopped = program.run(
        "pg_ctl", "stop", f"--pgdata={home.data}", "--mode=fast", "--wait", f"--timeout={int(patience)}"
    )
    if stopped.returncode and _living(home):
        raise trouble.failed(home.log, home.folder, stopped.stdout)
    return True
