"""Who runs the server. PostgreSQL refuses root, so root lends it a service account; anybody else runs it themselves."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tuodi.site.postgres import trouble

USUAL = "tuodi-postgres"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A system account without a password or a home."""

    name: str
    uid: int
    gid: int


def service_account(environment: Mapping[str, str] = os.environ) -> Account | None:
    """The account for a server that root starts, made when it is missing; None for anybody else, who needs none.

    `TUODI_ACCOUNT` names another one, which is never made. Faults: `account-missing`.
    """
    if os.geteuid() != 0:
        return None
    name = environment.get("TUODI_ACCOUNT", USUAL)
    account = _account(name)
    if account is None and name == USUAL:
        _make(name)
        account = _account(name)
    if account is None or account.uid == 0:
        raise trouble.no_account(name, "账户不存在" if account is None else "它是 root")
    return account


def closed_to(account: Account, folder: Path) -> Path | None:
    """The first folder on the way to this one, itself included, that the account may not pass; None if all are open."""
    return next((each for each in (*reversed(folder.parents), folder) if not _passable(account, each.stat())), None)


def _account(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)


def _make(name: str) -> None:
    """Two starters may both try: whoever comes second finds the account there."""
    wanted = "--system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin"
    tools = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}
    try:
        made = subprocess.run(
            ["useradd", *wanted.split(), name], capture_output=True, text=True, check=False, env=tools
        )
    except OSError as error:
        raise trouble.no_account(name, str(error)) from None
    if made.returncode and _account(name) is None:
        raise trouble.no_account(name, made.stderr.strip())


def _passable(account: Account, folder: os.stat_result) -> bool:
    if folder.st_uid == account.uid:
        return bool(folder.st_mode & stat.S_IXUSR)
    if folder.st_gid == account.gid:
        return bool(folder.st_mode & stat.S_IXGRP)
    return bool(folder.st_mode & stat.S_IXOTH)
