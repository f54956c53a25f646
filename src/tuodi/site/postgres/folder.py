"""The server's folder: made, owned and read safely.

Modes are changed only of what we made ourselves and of a data folder that was given to us empty, never of its parents.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tuodi.site.postgres import trouble
from tuodi.site.postgres.account import Account, closed_to
from tuodi.site.postgres.home import Home

FULL_LOG_BYTES = 20_000_000


def prepare(home: Home, account: Account | None) -> None:
    """Make the folder if it isn't there, for us alone, and passable for the account. Faults: `data-out-of-reach`."""
    _make(home.folder, account)
    if account is not None and (closed := closed_to(account, home.folder)) is not None:
        raise trouble.out_of_reach(closed, account.name)


def require_ours(home: Home) -> None:
    """The folder, if it is there, belongs to the user who runs this. Faults: `data-of-another`."""
    if home.folder.exists() and (owner := home.folder.stat().st_uid) != os.geteuid():
        raise trouble.another_users(home.folder, _name(owner), _name(os.geteuid()))


@contextmanager
def locked(home: Home, patience: float) -> Iterator[None]:
    """Alone among starters and stoppers. The lock ends with its holder, however. Faults: `start-in-progress`."""
    handle = os.open(home.lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        _await_lock(handle, home.lock, patience)
        yield
    finally:
        os.close(handle)


def keep(path: Path, text: str) -> None:
    """Write a small file of ours whole or not at all, for our eyes only."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(handle)
    unfinished.rename(path)
    _settle(path.parent)


def given(path: Path, account: Account | None) -> Path:
    """An existing file or folder, handed to the account."""
    if account is not None:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    return path


def password_of(home: Home) -> str | None:
    """The password; None when there is none yet. Data without their password are damaged. Faults: `data-damaged`."""
    if home.password.exists():
        return home.password.read_text(encoding="utf-8").strip()
    if home.data.exists():
        raise trouble.damaged(home.folder, "缺少密码文件 password")
    return None


def made_password(home: Home) -> str:
    """The password, made and kept if there was none."""
    password = password_of(home)
    if password is None:
        password = secrets.token_urlsafe(32)
        keep(home.password, password)
    return password


def open_log(home: Home, account: Account | None) -> int:
    """The log, ready for the account to write; how long it is. A full one is set aside first."""
    if home.log.exists() and home.log.stat().st_size > FULL_LOG_BYTES:
        home.log.rename(home.log.with_name("server.log.1"))
    os.close(os.open(home.log, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600))
    return given(home.log, account).stat().st_size


def named(unfinished: Path, finished: Path) -> None:
    """Give a finished folder its name, durably."""
    unfinished.rename(finished)
    _settle(finished.parent)


def swept(home: Home) -> None:
    """Remove what interrupted starts left; what a killed starter's tools still write goes at a later start."""
    for left in home.folder.glob("data.unfinished-*"):
        shutil.rmtree(left, ignore_errors=True)


def fresh(home: Home) -> Path:
    """An empty folder for data that are being made."""
    return Path(tempfile.mkdtemp(prefix="data.unfinished-", dir=home.folder))


@contextmanager
def written_once(home: Home, secret: str, account: Account | None) -> Iterator[Path]:
    """A file with the secret for the account to read, gone afterwards."""
    file = home.folder / "password.once"
    file.unlink(missing_ok=True)
    keep(file, secret)
    try:
        yield given(file, account)
    finally:
        file.unlink()


def _make(folder: Path, account: Account | None) -> None:
    """The folder and those on the way to it; an account may pass what we make, and a data folder that is empty."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    if account is not None and missing == [folder] and not any(folder.parent.iterdir()):
        _let_pass(folder.parent)
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
        if account is not None:
            each.chmod(0o711)


def _let_pass(empty: Path) -> None:
    """An empty folder of root's, named as the data folder, is ours: opened for passing, not for looking."""
    status = empty.stat()
    if status.st_uid == 0:
        empty.chmod(status.st_mode | 0o011)


def _await_lock(handle: int, lock: Path, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise trouble.busy(lock) from None
            time.sleep(0.05)
        else:
            return


def _settle(folder: Path) -> None:
    """Names that were given in the folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
