"""Where data lie, and what is said when they can't."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import threading
from pathlib import Path

import pytest

from tests.site.places import IS_ROOT
from tuodi.core.finding import Faults
from tuodi.site.postgres import Address, data_folder, folder, home_in, start, status, stop, trouble
from tuodi.site.postgres.account import Account, closed_to, service_account
from tuodi.site.postgres.answer import HOST, PORTS, Answer, ask, free_port
from tuodi.site.postgres.home import FOR_ROOT
from tuodi.site.postgres.program import tools
from tuodi.site.postgres.server import State


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"TUODI_DATA": "/srv/t", "XDG_DATA_HOME": "/home/x/data"}, "/srv/t"),
        ({"XDG_DATA_HOME": "/home/x/data"}, "/home/x/data/tuodi"),
        ({"XDG_DATA_HOME": "data", "HOME": "/home/x"}, "/home/x/.local/share/tuodi"),
        ({"HOME": "/home/x"}, "/home/x/.local/share/tuodi"),
    ],
)
def test_data_lie_where_the_user_says(environment: dict[str, str], expected: str) -> None:
    own = expected.startswith("/home/x/.local")

    assert (FOR_ROOT if IS_ROOT and own else Path(expected)) == data_folder(environment)


def test_a_relative_data_folder_is_meant_from_here() -> None:
    assert Path.cwd() / "here" == data_folder({"TUODI_DATA": "here"})


def test_a_folder_without_data_has_no_server(tmp_path: Path) -> None:
    home = home_in(tmp_path / "none")

    assert State.absent is status(home).state
    assert not stop(home)
    assert not (tmp_path / "none").exists()


def test_the_tools_for_backup_and_restore_are_there() -> None:
    assert {"pg_dump", "pg_restore", "psql", "pgbench"} <= {path.name for path in tools().iterdir()}


# ---- who is there ----------------------------------------------------------------------------------------------------
def test_a_free_port_is_nobodys_and_stays_out_of_the_way_of_connections(tmp_path: Path) -> None:
    port = free_port()

    assert port in PORTS
    assert Answer.nobody is ask(Address(port=port, password="x"), tmp_path)


def test_another_service_at_the_port_is_another(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as service:
        threading.Thread(target=_answers_twice, args=(service,)).start()

        assert Answer.another is ask(Address(port=service.getsockname()[1], password="x"), tmp_path)


def _answers_twice(service: socket.socket) -> None:
    """To the one who looks whether somebody is there, and to the one who signs in."""
    for _ in range(2):
        caller, _ = service.accept()
        with caller:
            caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def test_a_password_with_any_sign_stays_one_in_the_url() -> None:
    assert "postgresql://tuodi:a%2Fb%40c@127.0.0.1:5/shop" == Address(port=5, password="a/b@c").url("shop")


# ---- the folder ------------------------------------------------------------------------------------------------------
def test_a_kept_file_is_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    folder.keep(tmp_path / "port", "20000\n")
    folder.keep(tmp_path / "port", "20001\n")

    assert ["port"] == [path.name for path in tmp_path.iterdir()]
    assert "20001\n" == (tmp_path / "port").read_text(encoding="ascii")
    assert 0o600 == (tmp_path / "port").stat().st_mode & 0o777


def test_a_full_log_is_set_aside(tmp_path: Path) -> None:
    home = home_in(tmp_path)
    home.folder.mkdir()
    home.log.write_bytes(bytes(folder.FULL_LOG_BYTES + 1))

    assert 0 == folder.open_log(home, None)
    assert ["server.log", "server.log.1"] == sorted(path.name for path in home.folder.iterdir())


def test_whoever_waits_too_long_for_the_lock_is_told(tmp_path: Path) -> None:
    home = home_in(tmp_path)
    home.folder.mkdir()
    with home.lock.open("w", encoding="ascii") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(Faults, match="start-in-progress"), folder.locked(home, 0.1):
            pass
    with folder.locked(home, 0):
        assert home.lock.exists()


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")

    with pytest.raises(Faults, match=r"Not a directory.*data-unusable"):
        start(home_in(tmp_path / "file"))


# ---- the account -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("mode", "uid", "gid", "open_to_it"),
    [
        (0o711, 77, 77, True),
        (0o710, 77, 77, False),
        (0o710, 77, os.getegid(), True),
        (0o701, 77, os.getegid(), False),
        (0o100, os.geteuid(), 77, True),
        (0o011, os.geteuid(), 77, False),
    ],
)
def test_the_first_closed_folder_is_found(tmp_path: Path, mode: int, uid: int, gid: int, open_to_it: bool) -> None:
    account = Account(name="x", uid=uid, gid=gid)
    parent_closed = closed_to(account, tmp_path.parent)
    (tmp_path / "a").mkdir()
    (tmp_path / "a").chmod(mode)
    expected = parent_closed or closed_to(account, tmp_path) or (None if open_to_it else tmp_path / "a")

    assert expected == closed_to(account, tmp_path / "a")
    (tmp_path / "a").chmod(0o700)


@pytest.mark.skipif(not IS_ROOT, reason="needs root")
@pytest.mark.parametrize(("name", "reason"), [("no-such-account", "账户不存在"), ("root", "它是 root")])
def test_an_account_that_is_named_must_be_there(name: str, reason: str) -> None:
    with pytest.raises(Faults, match=f"{reason}.*account-missing"):
        service_account({"TUODI_ACCOUNT": name})


# ---- messages --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("faults", "says"),
    [
        (
            trouble.disk_full(Path("/d")),
            "/d: 磁盘空间不足，数据库不能启动（腾出空间后重新启动；已有数据没有改动） [disk-full]",
        ),
        (
            trouble.of_the_system(OSError(errno.EROFS, "Read-only file system", "/d/lock"), Path("/d")),
            "/d/lock: 不能写入或读取：Read-only file system（放开权限，或用 TUODI_DATA 指定另一个可写的目录）"
            " [data-unwritable]",
        ),
        (
            trouble.of_the_system(OSError(errno.EDQUOT, "Disk quota exceeded"), Path("/d")),
            "/d: 磁盘空间不足，数据库不能启动（腾出空间后重新启动；已有数据没有改动） [disk-full]",
        ),
        (
            trouble.failed(Path("/d/log"), Path("/d"), "LOG: a\nFATAL:  could not write: No space left on device\nx"),
            "/d: 磁盘空间不足，数据库不能启动（腾出空间后重新启动；已有数据没有改动） [disk-full]",
        ),
        (
            trouble.failed(Path("/d/log"), Path("/d"), "FATAL:  could not open: Read-only file system"),
            "/d: 不能写入或读取：Read-only file system（放开权限，或用 TUODI_DATA 指定另一个可写的目录）"
            " [data-unwritable]",
        ),
        (
            trouble.failed(Path("/d/log"), Path("/d"), "LOG:  starting\nFATAL:  bad thing\nLOG:  down\n"),
            "/d/log: 数据库没有启动：FATAL:  bad thing（按日志所述处理后重新启动） [server-failed]",
        ),
        (
            trouble.failed(Path("/d/log"), Path("/d"), ""),
            "/d/log: 数据库没有启动：没有说明原因（按日志所述处理后重新启动） [server-failed]",
        ),
    ],
)
def test_a_message_says_what_where_and_what_mends_it(faults: Faults, says: str) -> None:
    assert says == str(faults)
