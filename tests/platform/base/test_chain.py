"""The chain over the trail: what is sealed when, and that tampering is named, a superuser's too."""

import threading
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection

from tuodi.platform.base import audit, chain
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.base.seal import ChainKeys, Link

pytestmark = pytest.mark.django_db(transaction=True)
COUNTY = Scope(desk=Desk.county, region="371502", staff=7)


def acted(count: int = 1) -> None:
    for number in range(count):
        with entered(COUNTY):
            audit.record(act="case.decide", subject=f"case:{number}", details={"relief_fen": number})


def sealed() -> int:
    with entered(SYSTEM):
        return chain.seal()


def broken(noted: Path | None = None) -> list[tuple[str, str]]:
    with entered(SYSTEM):
        return [(finding.code, finding.place.path) for finding in chain.broken(noted)]


def by_hand(statement: str) -> None:
    """As somebody who owns the database: triggers are off."""
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("set session_replication_role = default")


def numbers() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("select id from base_audit order by id")
        return [row[0] for row in cursor.fetchall()]


def test_rows_are_sealed_once_and_the_chain_holds():
    acted(3)

    assert [3, 0] == [sealed(), sealed()]
    acted(2)
    assert 2 == sealed()
    assert [] == broken()


def test_many_rows_are_sealed_in_several_runs(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(chain, "AT_ONCE", 2)
    monkeypatch.setattr(chain, "WAITING", chain.WAITING.replace("limit 10000", "limit 2"))
    acted(5)
    assert [2, 2, 1, 0] == [sealed() for _ in range(4)]

    acted(4)
    assert [2, 2, 0, 0] == [sealed() for _ in range(4)]
    assert [] == broken()


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("update base_audit set reason = 'another' where id = {id}", "audit-row-changed"),
        ("update base_audit set at = at + interval '1 microsecond' where id = {id}", "audit-row-changed"),
        ("update base_audit set details = '{{\"relief_fen\": 3}}' where id = {id}", "audit-row-changed"),
        ("update base_audit set staff_id = null where id = {id}", "audit-row-changed"),
        ("update base_audit set desk = 'countycase', act = '.decide' where id = {id}", "audit-row-changed"),
        ("update base_audit_seal set code = sha256('x') where audit_id = {id}", "audit-row-changed"),
        ("delete from base_audit where id = {id}", "audit-row-missing"),
    ],
)
def test_the_touched_row_is_the_first_that_is_named(statement: str, code: str):
    acted(5)
    sealed()
    touched = numbers()[2]

    by_hand(statement.format(id=touched))

    assert (code, f"audit:{touched}") == broken()[0]


def test_a_row_removed_together_with_its_code_leaves_a_gap():
    acted(5)
    sealed()
    touched = numbers()[2]

    by_hand(f"delete from base_audit where id = {touched}; delete from base_audit_seal where audit_id = {touched}")
    assert [("audit-seal-missing", "seal:3")] == broken()

    by_hand("update base_audit_seal set position = position - 1 where position > 3")
    assert [("audit-row-changed", f"audit:{numbers()[2]}")] == broken()


def test_a_row_that_was_slipped_in_is_named():
    acted(3)
    sealed()
    old = numbers()[0]

    by_hand(
        "insert into base_audit (id, at, desk, act, subject, transaction) overriding system value "
        f"select 999999999, at, desk, act, 'case:slipped', transaction from base_audit where id = {old}"
    )

    assert [("audit-row-inserted", "audit:999999999")] == broken()
    assert 0 == sealed()


def test_a_chain_that_was_cut_off_is_found_by_the_end_noted_outside(tmp_path: Path):
    acted(5)
    sealed()
    noted = tmp_path / "ends"
    with entered(SYSTEM):
        chain.note(noted, chain.end())
    assert [] == broken(noted)

    last = numbers()[-1]
    by_hand(f"delete from base_audit where id = {last}; delete from base_audit_seal where audit_id = {last}")

    assert [] == broken()
    assert [("audit-cut-off", "seal:4")] == broken(noted)


def test_another_key_makes_another_chain(settings: object):
    acted(2)
    sealed()
    settings.CHAIN = lambda: ChainKeys(links=(Link(key=bytes(32)),))

    assert {"audit-row-changed"} == {code for code, _ in broken()}


def test_a_row_of_a_transaction_that_still_runs_is_not_skipped():
    with psycopg.connect(**connection.get_connection_params(), autocommit=False) as slow:
        slow.execute("select set_config('tuodi.scope', '/', true), set_config('tuodi.desk', 'system', true)")
        slow.execute("insert into base_audit (act, subject) values ('slow.act', 'x')")
        acted(2)

        assert 0 == sealed()
        slow.commit()

    assert 3 == sealed()
    assert [] == broken()


def test_sealing_under_many_writers_loses_no_row():
    def write() -> None:
        try:
            acted(25)
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        sealed()
    for writer in writers:
        writer.join()
    sealed()

    with connection.cursor() as cursor:
        cursor.execute("select (select count(*) from base_audit), (select count(*) from base_audit_seal)")
        assert (100, 100) == cursor.fetchone()
    assert [] == broken()


def test_of_two_sealers_one_works():
    acted(1)
    with psycopg.connect(**connection.get_connection_params(), autocommit=False) as other:
        other.execute("select pg_advisory_xact_lock(%s)", [chain.LOCK])
        assert 0 == sealed()
    assert 1 == sealed()


def test_after_a_restore_into_another_cluster_every_row_is_sealed_once():
    acted(3)
    sealed()
    acted(2)
    newest = ", ".join(map(str, numbers()[-2:]))
    by_hand("update base_audit_batch set cluster = 1")
    by_hand(f"update base_audit set transaction = '9000000000' where id in ({newest})")

    assert [2, 0] == [sealed(), sealed()]
    acted(1)
    assert 1 == sealed()
    assert [] == broken()


def test_a_row_that_waits_for_days_is_told():
    acted(1)
    by_hand("update base_audit set at = at - interval '2 days'")

    assert [("audit-unsealed", f"audit:{numbers()[0]}")] == broken()


def test_nobody_changes_the_chain():
    acted(1)
    sealed()

    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="only added"):
        cursor.execute("delete from base_audit_seal")


def test_how_far_it_came_is_one_row_that_stays_put_while_nothing_happens():
    acted(1)
    sealed()
    with connection.cursor() as cursor:
        cursor.execute("select count(*), max(horizon)::text from base_audit_batch")
        before = cursor.fetchone()
    for _ in range(3):
        sealed()
    with connection.cursor() as cursor:
        cursor.execute("select count(*), max(horizon)::text from base_audit_batch")
        assert before == cursor.fetchone()
    assert 1 == before[0]
