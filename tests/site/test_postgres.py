"""The server that comes along: it comes up whatever happened before, and lets in only who knows the password."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator

import psycopg
import pytest

from tests.site.places import IS_ROOT, NOBODY, a_folder, a_small_disk, owner_of, postmaster, program, python_of_nobody
from tuodi.core.finding import Faults
from tuodi.site.postgres import Address, Home, home_in, start, status, stop
from tuodi.site.postgres.answer import HOST, Answer, ask
from tuodi.site.postgres.server import State

pytestmark = pytest.mark.slow
as_root = pytest.mark.skipif(not IS_ROOT, reason="needs root")


@pytest.fixture(scope="module")
def place() -> Iterator[Home]:
    """A home with data, for tests that leave it usable."""
    with a_folder() as folder:
        home = home_in(folder)
        start(home)
        yield home


def one(address: Address, question: str) -> object:
    """The one value that a statement gives."""
    with address.connect() as connection:
        row = connection.execute(question).fetchone()  # type: ignore[call-overload]
        assert row is not None
        return row[0]


def code(faults: pytest.ExceptionInfo[Faults]) -> str:
    """The code of the only finding."""
    (finding,) = faults.value.findings
    assert finding.remedy
    return finding.code


# ---- what a server is ------------------------------------------------------------------------------------------------
def test_starting_twice_is_starting_once(place: Home) -> None:
    address = start(place)
    running = postmaster(place)

    assert address == start(place)
    assert running == postmaster(place)
    assert State.running is status(place).state


def test_nobody_comes_in_without_the_password(place: Home) -> None:
    address = start(place)

    for password in ("", "wrong"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            Address(port=address.port, password=password).connect()
    rules = [line.split() for line in (place.data / "pg_hba.conf").read_text(encoding="utf-8").splitlines()]
    assert {"scram-sha-256"} == {words[-1] for words in rules if words and not words[0].startswith("#")}


def test_the_password_is_for_its_owner_alone(place: Home) -> None:
    address = start(place)

    assert 0o600 == place.password.stat().st_mode & 0o777
    assert 0o700 == place.data.stat().st_mode & 0o777
    assert address.password in address.url()
    assert address.password not in repr(address)
    assert address.password not in place.log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("listen_addresses", HOST),
        ("unix_socket_directories", ""),
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("data_checksums", "on"),
        ("server_encoding", "UTF8"),
        ("TimeZone", "Asia/Shanghai"),
    ],
)
def test_it_is_durable_local_and_reads_chinese(place: Home, name: str, setting: str) -> None:
    assert setting == one(start(place), f"show {name}")


def test_periods_of_one_person_can_be_kept_apart(place: Home) -> None:
    with start(place).connect() as connection:
        connection.execute("create extension if not exists btree_gist")
        connection.execute(
            "create table held (person int, status text, during daterange,"
            " exclude using gist (person with =, status with =, during with &&))"
        )
        connection.execute("insert into held values (1, '低保', '[2022-01-01,2022-07-01)')")
        connection.execute("insert into held values (1, '低保', '[2022-07-01,)')")
        with pytest.raises(psycopg.errors.ExclusionViolation):
            connection.execute("insert into held values (1, '低保', '[2022-06-30,2022-07-02)')")


# ---- what it survives ------------------------------------------------------------------------------------------------
def test_a_restart_keeps_data_and_port(place: Home) -> None:
    with start(place).connect() as connection:
        connection.execute("create table kept (word text)")
        connection.execute("insert into kept values ('托底')")
    before = start(place)

    assert stop(place)
    assert not stop(place)
    assert State.stopped is status(place).state
    assert before == start(place)
    assert "托底" == one(start(place), "select word from kept")


def test_what_was_committed_is_there_after_the_postmaster_was_killed_under_load(place: Home) -> None:
    address = start(place)
    with address.connect() as connection:
        connection.execute("create table acknowledged (number int)")
        load = program(
            """
connection = start(home).connect()
for number in range(1_000_000):
    connection.execute("insert into acknowledged values (%s)", (number,))
    print(number, flush=True)
""",
            place.folder.parent,
        )
        assert load.stdout is not None
        seen = [int(load.stdout.readline()) for _ in range(50)]
        os.kill(postmaster(place), signal.SIGKILL)
    started = start(place)

    rest, _ = load.communicate()
    seen += [int(line) for line in rest.splitlines() if line.isdigit()]
    numbers = one(started, "select array_agg(number order by number) from acknowledged")
    assert isinstance(numbers, list)
    assert len(seen) <= len(numbers) <= len(seen) + 1
    assert seen == numbers[: len(seen)]


def test_the_number_of_a_killed_postmaster_may_belong_to_somebody_else_by_now(place: Home) -> None:
    start(place)
    owner = place.data.stat().st_uid if IS_ROOT else None
    other = subprocess.Popen(["sleep", "600"], user=owner)
    try:
        _killed_with_note_of(place, other.pid)

        assert 1 == one(start(place), "select 1")
        assert other.pid != postmaster(place)
        assert other.poll() is None
        _killed_with_note_of(place, other.pid)
        assert not stop(place)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_zombie_is_not_a_server(place: Home) -> None:
    start(place)
    zombie = subprocess.Popen(["true"])
    time.sleep(0.3)
    _killed_with_note_of(place, zombie.pid)

    assert 1 == one(start(place), "select 1")
    zombie.wait()


def _killed_with_note_of(home: Home, pid: int) -> None:
    """The server killed, its note naming another process."""
    note = home.data / "postmaster.pid"
    lines = note.read_text(encoding="ascii").splitlines(keepends=True)
    os.kill(int(lines[0]), signal.SIGKILL)
    note.write_text("".join([f"{pid}\n", *lines[1:]]), encoding="ascii")


def test_a_taken_port_is_left_to_whoever_has_it(place: Home) -> None:
    taken = start(place).port
    stop(place)
    with socket.create_server((HOST, taken)):
        address = start(place)

        assert taken != address.port
        assert 1 == one(address, "select 1")
        assert Answer.another is ask(Address(port=taken, password=address.password), place.data)
    assert address == start(place)


def test_a_lost_port_is_found_again(place: Home) -> None:
    address = start(place)
    place.port.unlink()

    assert address == start(place)
    assert f"{address.port}\n" == place.port.read_text(encoding="ascii")


def test_starters_at_once_get_one_server() -> None:
    with a_folder() as folder:
        starters = [program("print(start(home).port, flush=True)", folder) for _ in range(4)]
        said = [starter.communicate()[0] for starter in starters]

        assert [f"{start(home_in(folder)).port}\n"] * 4 == said


def test_killed_starters_leave_nothing_that_hinders_the_next() -> None:
    with a_folder() as folder:
        for milliseconds in (300, 700, 1200, 2000):
            starter = program("start(home)", folder)
            time.sleep(milliseconds / 1000)
            starter.kill()
            starter.communicate()
        address = start(home_in(folder))

        assert "tuodi" == one(address, "select current_database()")
        assert stop(home_in(folder))
        assert address == start(home_in(folder))
        assert {"data", "lock", "password", "port", "server.log"} <= {
            each.name for each in home_in(folder).folder.iterdir()
        }
        _restarted_until_the_killed_starters_tools_have_ended(home_in(folder))
        assert not list(home_in(folder).folder.glob("*unfinished*"))


def _restarted_until_the_killed_starters_tools_have_ended(home: Home) -> None:
    """They outlive the starter and write on for a moment; each start removes what it can."""
    deadline = time.monotonic() + 60
    while list(home.folder.glob("*unfinished*")) and time.monotonic() < deadline:
        stop(home)
        start(home)


def test_a_copy_of_the_folder_is_another_server(place: Home) -> None:
    address = start(place)
    with a_folder() as folder:
        copy = home_in(folder)
        stop(place)
        shutil.rmtree(folder)
        subprocess.run(["cp", "-a", place.folder.parent, folder], check=True)
        again = start(place)

        assert address == again
        assert State.stopped is status(copy).state
        assert address.port != start(copy).port


# ---- what stops it ---------------------------------------------------------------------------------------------------
def test_a_server_that_does_not_answer_is_not_started_again(place: Home) -> None:
    address = start(place)
    hung = postmaster(place)
    os.kill(hung, signal.SIGSTOP)
    try:
        with pytest.raises(Faults, match=f"{hung} 存在但没有应答") as faults:
            start(place, patience=1)
    finally:
        os.kill(hung, signal.SIGCONT)

    assert "server-silent" == code(faults)
    assert address == start(place)
    assert hung == postmaster(place)


def test_data_of_another_version_are_left_alone(place: Home) -> None:
    stop(place)
    version = place.data / "PG_VERSION"
    version.write_text("16\n", encoding="ascii")
    try:
        with pytest.raises(Faults, match="PostgreSQL 16") as faults:
            start(place)
    finally:
        version.write_text("18\n", encoding="ascii")

    assert "data-version" == code(faults)
    assert 1 == one(start(place), "select 1")


@pytest.mark.parametrize(("lost", "named"), [("password", "password"), ("data/PG_VERSION", "PG_VERSION")])
def test_lost_files_are_named(place: Home, lost: str, named: str) -> None:
    stop(place)
    (place.folder / lost).rename(place.folder / "aside")
    try:
        with pytest.raises(Faults, match=named) as faults:
            start(place)
    finally:
        (place.folder / "aside").rename(place.folder / lost)

    assert "data-damaged" == code(faults)


def test_a_wrong_setting_is_told_in_the_servers_words(place: Home) -> None:
    stop(place)
    settings = place.data / "postgresql.auto.conf"
    settings.write_text("work_mem = 'much'\n", encoding="ascii")
    try:
        with pytest.raises(Faults, match="configuration file") as faults:
            start(place)
    finally:
        settings.write_text("", encoding="ascii")

    assert "server-failed" == code(faults)
    assert str(place.log) in str(faults.value)


@as_root
def test_a_full_disk_is_told_and_costs_no_data() -> None:
    with a_folder() as folder, a_small_disk(folder, "400m"):
        home = home_in(folder)
        with start(home).connect() as connection:
            connection.execute("create table kept as select 7 as number")
        stop(home)
        (folder / "filling").write_bytes(bytes(shutil.disk_usage(folder).free))
        with pytest.raises(Faults, match="空间不足") as faults:
            start(home)
        (folder / "filling").unlink()

        assert "disk-full" == code(faults)
        assert 7 == one(start(home), "select number from kept")
        stop(home)


@as_root
def test_a_disk_too_small_for_fresh_data_is_told() -> None:
    with a_folder() as folder, a_small_disk(folder, "20m"), pytest.raises(Faults) as faults:
        start(home_in(folder))

    assert "disk-full" == code(faults)


@as_root
def test_a_read_only_folder_is_told() -> None:
    with a_folder() as folder, a_small_disk(folder, "20m"):
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        with pytest.raises(Faults, match="Read-only") as faults:
            start(home_in(folder))

    assert "data-unwritable" == code(faults)


# ---- who may start it ------------------------------------------------------------------------------------------------
@as_root
def test_root_changes_no_parents_mode_and_says_which_folder_is_closed() -> None:
    with a_folder() as closed:
        inner = closed / "inner"
        inner.mkdir(mode=0o700)
        (inner / "data").mkdir(mode=0o755)
        before = [each.stat().st_mode for each in (closed, inner, inner / "data")]
        with pytest.raises(Faults, match=f"chmod o\\+x {closed}") as faults:
            start(home_in(inner / "data"))

        assert "data-out-of-reach" == code(faults)
        assert before == [each.stat().st_mode for each in (closed, inner, inner / "data")]


@as_root
def test_root_lends_the_server_an_account_that_owns_its_data_alone(place: Home) -> None:
    start(place)

    assert 0 != place.data.stat().st_uid == owner_of(postmaster(place))
    assert {0} == {path.stat().st_uid for path in (place.folder, place.password, place.port, place.lock)}


@as_root
def test_an_ordinary_user_starts_a_server_of_their_own() -> None:
    python = python_of_nobody()
    if python is None:
        pytest.skip("the account nobody can run no Python here")
    with a_folder() as folder:
        os.chown(folder, NOBODY, NOBODY)
        with program("print(start(home).port)\nprint(start(home).port)", folder, python=python, user=NOBODY) as starter:
            first, second = starter.stdout.read().split()  # type: ignore[union-attr]

        assert first == second
        assert NOBODY == owner_of(postmaster(home_in(folder)))
        with pytest.raises(Faults, match="目录属于用户 nobody") as faults:
            start(home_in(folder))
        assert "data-of-another" == code(faults)
        with program("print(stop(home))", folder, python=python, user=NOBODY) as stopper:
            assert "True\n" == stopper.stdout.read()  # type: ignore[union-attr]
        shutil.rmtree(folder / "postgres")


@as_root
def test_an_ordinary_user_cannot_use_roots_server(place: Home) -> None:
    python = python_of_nobody()
    if python is None:
        pytest.skip("the account nobody can run no Python here")
    start(place)
    with program("start(home)", place.folder.parent, python=python, user=NOBODY) as starter:
        said = starter.stdout.read()  # type: ignore[union-attr]

    assert "目录属于用户 root，现在的用户是 nobody" in said
