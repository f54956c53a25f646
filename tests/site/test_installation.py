"""An installation from nothing: its tables on any PostgreSQL, its server, its copies, its recount. Run as processes."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.site.command import Place, answer, free_port
from tests.site.places import IS_ROOT, NOBODY, a_folder, program, python_of_nobody
from tuodi.site.postgres import home_in, start

pytestmark = pytest.mark.slow
ADMIN = ("staff", "add", "admin", "--name", "管理员", "--region", "371500", "--region-name", "聊城市")
BOOKED = """
from datetime import date
from tuodi.ledger.account import Source
from tuodi.ledger.entry import Entry
from tuodi.ledger.movement import Movement
from tuodi.ledger.posting import Part, lines_of
from tuodi.platform.base import region
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.fund import entry

DAY = date(2026, 11, 2)
with entered(SYSTEM):
    region.ensure(code="371502", name="东昌府区")
for number, (movement, fen, party) in enumerate([
    (Movement.appropriation, 100_000_00, ""), (Movement.relief_by_institution, 2_345_67, "H37150200001"),
    (Movement.payment_to_institution, 2_000_00, "H37150200001"),
]):
    with entered(SYSTEM):
        lines = lines_of(movement, region="371502", parts=[Part(source=Source.county, fen=fen)], party=party)
        entry.post(entry=Entry(cause=f"drill:{number}", movement=movement, booked_on=DAY, happened_on=DAY, known_on=DAY,
                               lines=lines, reason="演练"))
"""
BALANCES = """
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from django.db import connection
with entered(SYSTEM), connection.cursor() as cursor:
    cursor.execute("select source, kind, party, sum(fen)::bigint from fund_line group by 1, 2, 3 order by 1, 2, 3")
    print(cursor.fetchall())
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """An installation with its tables, an administrator and a few entries in the books."""
    with a_folder() as folder:
        made = Place(folder=folder)
        assert 0 == made.tuodi("migrate").returncode
        assert 0 == made.tuodi(*ADMIN).returncode
        made.does(BOOKED)
        yield made


@pytest.fixture(scope="module")
def bare() -> Iterator[Place]:
    """A server without any of our tables or roles."""
    with a_folder() as folder:
        start(home_in(folder))
        yield Place(folder=folder)


def owner(folder: Path, database: str = "tuodi") -> psycopg.Connection[tuple[object, ...]]:
    return start(home_in(folder)).connect(database)


def rows(url_or_folder: Path, database: str = "tuodi") -> dict[str, list[object]]:
    """Each table's rows, as text, in order."""
    with owner(url_or_folder, database) as connection:
        names = connection.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
        ).fetchall()
        return {
            str(name): connection.execute(f"select t::text from {name} t order by 1").fetchall() for (name,) in names
        }


# ---- tables ----------------------------------------------------------------------------------------------------------
def test_tables_are_made_once(place: Place):
    again = place.tuodi("migrate")

    assert (0, "已是最新。\n", "") == (again.returncode, again.stdout, again.stderr)
    assert (0, "已是最新。\n") == ((check := place.tuodi("migrate", "--check")).returncode, check.stdout)


def test_no_function_that_acts_as_its_owner_is_for_everybody(place: Place):
    with owner(place.folder) as connection:
        assert (
            []
            == connection.execute(
                "select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef"
                " and exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0)"
            ).fetchall()
        )


def test_without_tables_nothing_starts_and_the_remedy_is_told(bare: Place):
    for command in (("serve", "--port", str(free_port())), ("audit",), ("work", "--once"), ADMIN):
        run = bare.tuodi(*command)
        assert 1 == run.returncode
        assert "not-migrated" in run.stderr
        assert "tuodi migrate" in run.stderr
    assert 1 == bare.tuodi("migrate", "--check").returncode


def ordinary(folder: Path, name: str, rights: str) -> Place:
    """A database that belongs to a role which is no superuser."""
    address = start(home_in(folder))
    with address.connect("postgres") as connection:
        connection.execute(f"create role {name} login password 'x' nosuperuser {rights}")
        connection.execute(f"create database {name} owner {name}")
    return Place(folder=folder, url=f"postgresql://{name}:x@127.0.0.1:{address.port}/{name}")


def test_an_owner_that_is_no_superuser_needs_the_role_or_the_right_to_make_it(bare: Place):
    plain, maker, later = (
        ordinary(bare.folder, name, rights)
        for name, rights in (("plain", "nocreaterole"), ("maker", "createrole"), ("later", "nocreaterole"))
    )

    refused = plain.tuodi("migrate")
    assert (1, True) == (refused.returncode, "role-missing" in refused.stderr)
    assert 'create role "tuodi_app" nologin noinherit; grant "tuodi_app" to "plain";' in refused.stderr

    assert 0 == maker.tuodi("migrate").returncode

    refused = later.tuodi("migrate")
    assert (1, True) == (refused.returncode, "role-not-granted" in refused.stderr)
    with owner(bare.folder, "postgres") as connection:
        connection.execute(refused.stderr.partition("请数据库管理员执行：")[2].splitlines()[0].encode())
    assert 0 == later.tuodi("migrate").returncode
    for each in (maker, later):
        assert 0 == each.tuodi(*ADMIN).returncode
        assert 0 == each.tuodi("work", "--once").returncode
        assert (0, "没有问题。\n") == ((run := each.tuodi("audit")).returncode, run.stdout)
    with later.serving() as address:
        assert 200 == answer(f"{address}/sign-in/")[0]


def test_a_database_that_does_not_answer_is_a_finding_without_the_password(bare: Place):
    dead = Place(folder=bare.folder, url=f"postgresql://somebody:secret-word@127.0.0.1:{free_port()}/x")

    for command in ("migrate", "serve", "audit", "work", "backup"):
        run = dead.tuodi(command, *(["/tmp/never"] if command == "backup" else []))
        assert 1 == run.returncode
        assert "secret-word" not in run.stdout + run.stderr
        assert "database-unreachable" in run.stderr or "backup-failed" in run.stderr


def test_other_keys_are_refused_before_anything_is_written(place: Place):
    keys = place.folder / "keys.json"
    kept = keys.read_text()
    changed = json.loads(kept)
    changed["sets"][0]["sealing"] = "00" * 16
    try:
        keys.write_text(json.dumps(changed))
        for command in (("migrate",), ("audit",), ADMIN):
            run = place.tuodi(*command)
            assert (1, True) == (run.returncode, "keys-differ" in run.stderr)
            assert "sealing" in run.stderr
    finally:
        keys.write_text(kept)


# ---- serving ---------------------------------------------------------------------------------------------------------
def test_it_serves_pages_and_what_they_load(place: Place):
    with place.serving() as address:
        status, text, headers = answer(f"{address}/sign-in/")
        assert (200, True) == (status, "登录" in text)
        assert "default-src 'self'" in headers["content-security-policy"]
        assert 404 == answer(f"{address}/nothing-here/")[0]


def test_beside_the_pages_somebody_works_as_long_as_they_are_served(place: Place):
    with place.serving("--work"):
        assert "sealed" == place.does(SEALED).strip()
        assert 1 == len(workers(place))
    deadline = time.monotonic() + 60
    while workers(place) and time.monotonic() < deadline:
        time.sleep(0.1)

    assert [] == workers(place)


SEALED = """
import time
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.models import Audit, AuditSeal
from tuodi.platform.base.scope import entered
deadline = time.monotonic() + 60
while time.monotonic() < deadline:
    with entered(SYSTEM):
        if 0 < Audit.objects.count() == AuditSeal.objects.count():
            print("sealed")
            break
    time.sleep(0.2)
"""


def workers(place: Place) -> list[str]:
    """Processes that work beside the place's server."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            told, where = each.read_bytes().split(b"\0"), (each.parent / "environ").read_bytes()
            if b"--beside" in told and f"TUODI_DATA={place.folder}".encode() in where.split(b"\0"):
                found.append(each.parent.name)
    return found


def test_a_port_that_is_taken_is_said_at_once(place: Place):
    with place.serving() as address:
        run = place.tuodi("serve", "--port", address.rpartition(":")[2])

    assert (2, True) == (run.returncode, "不能在 127.0.0.1" in run.stderr)


def test_without_a_second_factor_it_stays_on_this_machine(place: Place):
    careless = replace(place, more={"TUODI_TWO_FACTOR": "optional"})

    run = careless.tuodi("serve", "--host", "0.0.0.0", "--port", str(free_port()))

    assert (2, True) == (run.returncode, "只用于本机演示" in run.stderr)


@pytest.mark.skipif(not IS_ROOT, reason="only root can become nobody")
def test_nobody_makes_and_serves_an_installation_too():
    python = python_of_nobody()
    if python is None:
        pytest.skip("nobody can run no Python here")
    with a_folder() as folder:
        folder.chmod(0o755)
        os.chown(folder, NOBODY, NOBODY)
        place = Place(folder=folder, python=python, as_nobody=True)
        try:
            migrated = place.tuodi("migrate")
            assert (0, True) == (migrated.returncode, "已应用" in migrated.stdout)
            with place.serving() as address:
                assert 200 == answer(f"{address}/sign-in/")[0]
        finally:
            with program("stop(home)", folder, python=python, user=NOBODY) as stopping:
                stopping.wait()
            shutil.rmtree(folder / "postgres")


# ---- copies ----------------------------------------------------------------------------------------------------------
def test_a_copy_restored_elsewhere_is_the_same_to_the_last_row(place: Place, tmp_path: Path):
    place.tuodi("staff", "lock", "admin", "--reason", "演练")
    place.tuodi("work", "--once")
    place.tuodi("staff", "unlock", "admin", "--reason", "演练")  # a row that is not sealed yet
    copy = tmp_path / "copy.dump"
    assert 0 == place.tuodi("backup", str(copy), "--with-keys").returncode
    keys = tmp_path / "copy.dump.keys.json"
    assert {0o600} == {file.stat().st_mode & 0o777 for file in (copy, keys)}
    assert [copy, keys] == sorted(tmp_path.iterdir())

    with a_folder() as folder:
        restored = place.tuodi("restore", str(copy), "--to", str(folder), "--keys", str(keys))
        assert (0, "已恢复。\n") == (restored.returncode, restored.stdout)
        there = Place(folder=folder)
        assert rows(place.folder) == rows(folder)
        balances = there.does(BALANCES)
        assert place.does(BALANCES) == balances
        assert "'H37150200001', -34567)" in balances  # what is still owed of 2,345.67, paid 2,000.00
        assert "已是最新。\n" == there.tuodi("migrate").stdout
        assert 0 == there.tuodi("work", "--once").returncode
        audit = there.tuodi("audit")
        assert (0, "没有问题。\n") == (audit.returncode, audit.stdout)
        assert 0 == there.tuodi("staff", "reset", "admin", "--reason", "演练").returncode
        with owner(folder) as connection:
            connection.execute("set role tuodi_app")
            assert [(0,)] == connection.execute("select count(*) from base_audit").fetchall()


def test_a_copy_is_restored_into_a_database_of_another_owner(place: Place, tmp_path: Path):
    copy = tmp_path / "copy.dump"
    place.tuodi("backup", str(copy))
    other = ordinary(place.folder, "other", "createrole")
    with owner(place.folder, "postgres") as connection:
        connection.execute("grant tuodi_app to other")

    run = other.tuodi("restore", str(copy), "--to", "DATABASE_URL")

    assert (0, True) == (run.returncode, "密钥" in run.stderr)
    assert rows(place.folder) == rows(place.folder, "other")
    assert "已是最新。\n" == other.tuodi("migrate").stdout


def test_data_that_are_there_are_never_overwritten(place: Place, tmp_path: Path):
    copy = tmp_path / "copy.dump"
    place.tuodi("backup", str(copy))
    before = rows(place.folder)
    here = Place(folder=place.folder, url=start(home_in(place.folder)).url())

    into_folder = place.tuodi("restore", str(copy), "--to", str(place.folder))
    into_database = here.tuodi("restore", str(copy), "--to", "DATABASE_URL")

    assert (1, True) == (into_folder.returncode, "restore-folder" in into_folder.stderr)
    assert (1, True) == (into_database.returncode, "restore-taken" in into_database.stderr)
    assert before == rows(place.folder)


def test_what_is_no_copy_and_a_password_on_the_command_line_are_refused(place: Place, tmp_path: Path):
    (tmp_path / "letter").write_text("dear")

    no_copy = place.tuodi("restore", str(tmp_path / "letter"), "--to", str(tmp_path / "new"))
    password = place.tuodi("restore", str(tmp_path / "letter"), "--to", "postgresql://a:b@127.0.0.1/x")

    assert (1, True) == (no_copy.returncode, "restore-no-copy" in no_copy.stderr)
    assert (2, True) == (password.returncode, "DATABASE_URL" in password.stderr)
    assert not (tmp_path / "new").exists()


def test_a_copy_that_is_damaged_leaves_nothing_behind(place: Place, tmp_path: Path):
    copy = tmp_path / "copy.dump"
    place.tuodi("backup", str(copy))
    copy.write_bytes(copy.read_bytes()[:5000])

    with a_folder() as folder:
        run = place.tuodi("restore", str(copy), "--to", str(folder))
        assert (1, True) == (run.returncode, "restore-failed" in run.stderr)
        assert [] == list(folder.iterdir())


# ---- recount ---------------------------------------------------------------------------------------------------------
def test_an_audit_names_what_was_tampered_with(place: Place):
    place.tuodi("work", "--once")
    with owner(place.folder) as connection:
        connection.execute("set session_replication_role = replica")
        (touched,) = connection.execute("select min(id) from base_audit").fetchone() or (0,)
        connection.execute("update base_audit set reason = 'another' where id = %s", [touched])
    try:
        run = place.tuodi("audit")
    finally:
        with owner(place.folder) as connection:
            connection.execute("set session_replication_role = replica")
            connection.execute("update base_audit set reason = '' where id = %s", [touched])

    assert 1 == run.returncode
    assert f"audit:{touched}: 审计记录 {touched} 或它的校验码被改动 [audit-row-changed]" in run.stdout
    assert 0 == place.tuodi("audit").returncode
