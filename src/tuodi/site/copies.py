"""A copy of the whole database in one file, and the database again from it, by PostgreSQL's own tools.

The password goes to them in the environment, where only this user sees it. The keys are not in the copy: without them
the identity numbers in it cannot be read, which is the point.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from tuodi.core.finding import Faults, finding
from tuodi.platform.base.rls import FUNCTIONS
from tuodi.site import readiness
from tuodi.site.postgres import home_in, start, stop
from tuodi.site.postgres.program import tools

KEYS_SUFFIX = ".keys.json"
_PREPARED = FUNCTIONS[: FUNCTIONS.index("grant select on django_migrations")]
_VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """Where the copy stands now."""

    url: str = field(repr=False)
    folder: Path | None


def write(url: str, file: Path) -> None:
    """The database as it is at this moment, into a file that is there when it is whole. Faults: `backup-failed`."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _run("backup-failed", url, "pg_dump", "--format=custom", "--no-password", f"--file={unfinished}")
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def keep_keys(keys: Path, beside: Path) -> Path:
    """The keys beside the copy, for this user's eyes only; the file."""
    file = beside.with_name(beside.name + KEYS_SUFFIX)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(keys.read_bytes())
        os.fsync(out.fileno())
    return file


def into_folder(file: Path, folder: Path, keys: Path | None) -> Restored:
    """A new installation in an empty data folder. Faults: `restore-folder`, `restore-failed`, those of starting."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise _fault("restore-folder", f"{folder} 不是空的目录", str(folder), "指定一个空的或还没有的目录")
    _require_copy(file)
    there = folder.exists()
    try:
        url = start(home_in(folder)).url()
        into_database(file, url)
    except BaseException:
        _clear(folder, there)
        raise
    if keys is not None:
        with os.fdopen(os.open(folder / "keys.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(keys.read_bytes())
    return Restored(url=url, folder=folder)


def into_database(file: Path, url: str) -> Restored:
    """The copy in an empty database: whole, or not at all. Faults: `restore-taken`, `restore-failed`, of readiness."""
    _require_copy(file)
    readiness.require_able(url)
    with readiness.connected(url) as connection:
        found = connection.execute(
            "select count(*) as tables from pg_class c join pg_namespace n on n.oid = relnamespace "
            "where relkind = 'r' and nspname = 'public'"
        ).fetchone()
        if found and found["tables"]:
            message, remedy = f"目标数据库里已有 {found['tables']} 张表", "新建一个空的数据库；不会覆盖已有的数据"
            raise _fault("restore-taken", message, "--to", remedy)
        connection.execute(_PREPARED.encode())
    _run(
        "restore-failed", url, "pg_restore", "--no-owner", "--no-password", "--single-transaction", "--exit-on-error",
        f"--dbname={_pieces(url)['dbname']}", str(file),
    )  # fmt: skip
    with readiness.connected(url) as connection:
        connection.execute("analyze")
    return Restored(url=url, folder=None)


def _clear(folder: Path, there: bool) -> None:
    """Nothing is left of a restore that failed, so that it can be tried again."""
    home = home_in(folder)
    if home.folder.exists():
        stop(home)
        shutil.rmtree(home.folder)
    if not there and folder.exists():
        folder.rmdir()


def _require_copy(file: Path) -> None:
    with file.open("rb") as opened:
        if opened.read(5) != b"PGDMP":
            raise _fault("restore-no-copy", "这不是 tuodi backup 的备份", str(file), "指定 tuodi backup 写出的文件")


def _run(code: str, url: str, tool: str, *arguments: str) -> None:
    """One of the tools to its end, with the address in the environment. Faults: what it said last."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PG") or name == "PGPASSFILE"
    }
    environment |= {_VARIABLES.get(name, name): value for name, value in _pieces(url).items() if name in _VARIABLES}
    environment |= {f"PG{name.upper()}": value for name, value in _options(url).items()} | {"LC_ALL": "C"}
    ran = subprocess.run(
        [_tool(tool), *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise _fault(code, f"{tool} 没有完成：{_reason(ran.stderr)}", str(arguments[-1]), _remedy(ran.stderr))


def _tool(name: str) -> str:
    """The tool that comes along, else the one of the machine. Faults: `program-missing`."""
    try:
        return str(tools() / name)
    except Faults:
        if found := shutil.which(name):
            return found
        raise


def _pieces(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    pieces = {
        "host": parts.hostname or "", "port": str(parts.port or ""), "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""), "dbname": unquote(parts.path.lstrip("/")),
    }  # fmt: skip
    return {name: value for name, value in pieces.items() if value}


def _options(url: str) -> dict[str, str]:
    """What stands behind `?` in the address, as `sslmode`."""
    return {name: value for name, value in parse_qsl(urlsplit(url).query) if re.fullmatch(r"[a-z]+", name)}


def _reason(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if "error:" in line]
    return (telling or lines or ["没有说明原因"])[0]


def _remedy(said: str) -> str:
    if "server version mismatch" in said:
        return "在 PATH 中放与数据库同版本或更新的 pg_dump、pg_restore"
    if "No space left" in said:
        return "腾出空间后重新运行"
    return "按所述原因处理后重新运行；没有写出任何东西"


def _fault(code: str, message: str, path: str, remedy: str) -> Faults:
    return Faults([finding(code, message, path, remedy)])
