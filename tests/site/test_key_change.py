"""Changing the keys of running data: everything opens, is found and is sound at every moment."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.gateway.at_desk.conftest import institutions, regions, town, window  # noqa: F401 - fixtures; first: Django

# isort: split
from django.apps import apps
from django.db import DatabaseError, connection
from django.db.models import BinaryField
from django.utils import timezone

from tests.gateway.at_desk.window import Window, patient
from tests.house.tree import ROOT
from tests.platform.registry.conftest import number
from tests.site.command import Place
from tests.site.places import a_folder, importable
from tuodi.core.finding import Faults
from tuodi.gateway import audit as gateway_audit
from tuodi.gateway.at_desk.kept import unpacked
from tuodi.gateway.models import Answer, Message
from tuodi.platform.base import chain, key_check, resealing, totp, two_factor, work
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.models import Staff
from tuodi.platform.base.scope import entered
from tuodi.platform.base.seal import RingNow
from tuodi.platform.registry import audit as registry_audit
from tuodi.platform.registry import person, selectors
from tuodi.platform.registry import sealed as registry_sealed
from tuodi.site import key_change
from tuodi.site import keys as key_file
from tuodi.site.keys import HeldKeys
from tuodi.site.postgres import home_in, start

COUNTY = Scope(desk=Desk.county, region="371502", staff=1)
TODAY = date(2026, 11, 28)
PEOPLE = 7


@pytest.fixture
def held(tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch) -> HeldKeys:
    """Keys of the test's own, noted in the database as a new installation's are."""
    monkeypatch.delenv("TUODI_KEYS", raising=False)
    own = key_file.keys(tmp_path)
    settings.KEYS, settings.SEAL, settings.CHAIN = own, RingNow(own.ring), own.chain
    return own


@pytest.fixture
def data(held: HeldKeys, transactional_db: None, regions: object, monkeypatch: pytest.MonkeyPatch) -> HeldKeys:  # noqa: F811
    """Keys, and batches of two, so that a change takes many."""
    key_check.keep()
    monkeypatch.setattr(
        registry_sealed, "SEALED",
        tuple(type(one)(name=one.name, table=one.table, at_once=2) for one in registry_sealed.SEALED),
    )  # fmt: skip
    return held


def enrolled(sequence: int) -> int:
    with entered(COUNTY):
        return person.enrol(number=number(sequence), name="单雄信", region="371502", today=TODAY)


def found() -> list[bool]:
    with entered(COUNTY):
        return [
            selectors.whereabouts(number(sequence)) is not None
            and 1 == len(selectors.search(number(sequence), day=TODAY))
            for sequence in range(1, PEOPLE + 1)
        ]


def troubles() -> list[str]:
    """What `tuodi audit` would tell of these rooms now."""
    with entered(SYSTEM):
        rooms = (chain.broken(), registry_audit.findings(), gateway_audit.findings())
        return [finding.code for room in rooms for finding in room]


def sealed_up() -> None:
    with entered(SYSTEM):
        while chain.seal():
            pass


def changed() -> None:
    """The whole change, but for throwing the earlier keys away."""
    key_change.make()
    key_change.use()
    while one_errand():
        pass


def one_errand() -> bool:
    return work.one_errand(work.known())


def code_of(staff: Staff) -> str:
    """What the staff's authenticator shows now."""
    pending = two_factor.pending(staff=staff)
    assert pending is not None
    return totp.code_at(int(timezone.now().timestamp()) // 30, pending.secret)


def written_anew(key: bytes) -> None:
    """As somebody with the database and a key: the first row changed, and all its chain's codes made to fit."""
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute("update base_audit set reason = 'another' where id = (select min(id) from base_audit)")
        cursor.execute(chain.TRAIL)
        code = chain.START.code
        for position, _, stored, _, *fields in cursor.fetchall():
            if position > 2:
                continue
            code = chain._code(key, code, fields)
            assert position == 2 or code != bytes(stored)
            cursor.execute("update base_audit_seal set code = %s where position = %s", [code, position])
        cursor.execute("set session_replication_role = default")


def codes(caught: pytest.ExceptionInfo[Faults]) -> set[str]:
    return {finding.code for finding in caught.value.findings}


def everything(window: Window) -> Callable[[], Any]:  # noqa: F811
    """People, a corrected number, a settled stay, all chained; what the stay's message is answered again."""
    for sequence in range(1, PEOPLE + 1):
        enrolled(sequence)
    with entered(COUNTY):
        corrected = selectors.whereabouts(number(1))
        assert corrected is not None
        person.correct(person=corrected.id, number=number(99), reason="号码录错", today=TODAY)
        person.correct(person=corrected.id, number=number(1), reason="原来的对", today=TODAY)
    psn_no, visit = window.stay(patient("subsistence_allowance"))
    sealed_up()
    return lambda: window.done("2304", window.settlement(psn_no, visit), msgid="M1")


def test_keys_change_while_everything_is_used_and_is_sound_at_every_moment(data: HeldKeys, window: Window):  # noqa: F811
    again = everything(window)
    settled = again()
    key_change.make()
    assert 2 == key_change.use() == key_change.use()

    rounds = 0
    while one_errand():
        rounds += 1
        assert all(found())
        assert [] == troubles()
        with pytest.raises(Faults) as caught:
            enrolled(1 + rounds % PEOPLE)
        assert {"person-enrolled"} == codes(caught)
        assert settled == again()
        sealed_up()

    assert rounds > 8
    assert {0} == {count for _, count in key_change.standing().left}


def test_after_a_change_the_earlier_keys_are_gone_and_everything_is_as_it_was(data: HeldKeys, window: Window):  # noqa: F811
    again = everything(window)
    settled, before = again(), data.path.read_bytes()
    changed()

    assert 1 == key_change.retire(void_codes=False)

    assert [2] == [one.number for one in data.now().sets]
    assert all(found())
    assert [] == troubles()
    assert settled == again()
    with entered(SYSTEM):
        assert b"M1" in unpacked(Message.objects.filter(transaction="2304").first().body)
        assert unpacked(Answer.objects.filter(transaction="2304").first().body)
    with connection.cursor() as cursor:
        cursor.execute("select sealed from base_trail_secret order by audit_id")
        assert [number(1), number(99)] == [data.ring().unseal(bytes(sealed)) for (sealed,) in cursor.fetchall()]
    assert [] == key_check.differing()
    data.path.write_bytes(before)
    assert {"keys-differ"} == {finding.code for finding in key_check.differing()}


def test_a_new_set_seals_nothing_until_it_is_used(data: HeldKeys):
    enrolled(1)

    assert 2 == key_change.make() == key_change.make()

    assert (1, True) == ((standing := key_change.standing()).using, standing.ready)
    with pytest.raises(Faults) as caught:
        key_change.retire(void_codes=False)
    assert {"keys-one"} == codes(caught)


def test_nothing_is_thrown_away_while_a_single_value_needs_it(data: HeldKeys):
    for sequence in range(1, PEOPLE + 1):
        enrolled(sequence)
    key_change.make()
    key_change.use()
    assert one_errand()

    with pytest.raises(Faults, match="人员的身份证号码：还有") as caught:
        key_change.retire(void_codes=True)

    assert {"keys-needed"} == codes(caught)
    assert [1, 2] == [one.number for one in data.now().sets]


def test_a_batch_that_is_broken_off_is_done_again_whole(data: HeldKeys, monkeypatch: pytest.MonkeyPatch):
    for sequence in range(1, PEOPLE + 1):
        enrolled(sequence)
    key_change.make()
    key_change.use()
    with monkeypatch.context() as broken:
        broken.setattr(resealing, "_go_on", lambda **_: 1 / 0)
        assert one_errand()
    assert all(found())
    assert (False, True) == ((standing := key_change.standing()).done, standing.working)

    with connection.cursor() as cursor:
        cursor.execute("update base_outbox set due_at = clock_timestamp() where done_at is null")
    while one_errand():
        pass

    assert key_change.standing().done
    assert [] == troubles()


def test_broken_off_between_the_file_and_the_database_it_is_taken_up_again(data: HeldKeys):
    enrolled(1)
    sealed_up()
    key_change.make()
    with entered(SYSTEM):
        end = chain.end()
    key_file.replaced(data.path, data.now().with_last_in_use(position=end.position, code=end.code))

    enrolled(2)
    sealed_up()
    assert [] == key_check.differing()
    assert (2, False) == ((standing := key_change.standing()).using, standing.working)
    assert 2 == key_change.use()
    while one_errand():
        pass
    assert key_change.standing().done
    assert [] == troubles()


def test_a_program_that_has_missed_the_change_enrols_nobody_twice(data: HeldKeys, settings: object):
    stale = data.ring()
    enrolled(1)
    changed()

    settings.SEAL = RingNow(lambda: stale)
    with pytest.raises(DatabaseError, match="no longer in use"):
        enrolled(1)


def test_a_transaction_that_does_not_end_is_told_and_nothing_moves(
    data: HeldKeys,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(key_change, "DRAINED_WITHIN_SECONDS", 0)
    key_change.make()
    with psycopg.connect(**connection.get_connection_params()) as slow:
        slow.execute("select 1")
        with pytest.raises(Faults) as caught:
            key_change.use()

    assert {"keys-busy"} == codes(caught)
    assert 1 == data.now().using


def test_recovery_codes_are_good_while_keys_change_and_void_only_on_purpose(data: HeldKeys):
    staff = Staff.objects.create(username="li", name="李", desk="county", region_id="371502")
    own = Scope(desk=Desk.county, region="371502", staff=staff.pk)
    with entered(own):
        two_factor.begin(staff=staff)
        staff.refresh_from_db()
        first, *_ = two_factor.enable(staff=staff, code=code_of(staff), now=timezone.now())
    changed()

    with entered(SYSTEM):
        staff.refresh_from_db()
        assert two_factor.spend(staff=staff, code=first, now=timezone.now())
    with pytest.raises(Faults, match="9 个没有用过的备用码"):
        key_change.retire(void_codes=False)
    assert 1 == key_change.retire(void_codes=True)
    with entered(SYSTEM):
        assert 0 == two_factor.left(staff=staff)


def test_who_has_an_earlier_chain_key_cannot_write_the_earlier_part_anew(data: HeldKeys):
    enrolled(1)
    enrolled(2)
    sealed_up()
    stolen = data.chain().key(1)
    key_change.make()
    key_change.use()
    sealed_up()
    assert [] == troubles()

    written_anew(stolen)

    assert {"audit-chain-replaced", "audit-row-changed"} == set(troubles())


def test_data_from_before_the_change_are_not_taken_for_those_after_it(data: HeldKeys):
    key_change.make()
    key_change.use()
    with connection.cursor() as cursor:
        cursor.execute("delete from base_key_check where id = 2")

    assert ["keys-ahead"] == [finding.code for finding in key_check.differing()]


# ---- as processes ----------------------------------------------------------------------------------------------------

CROWD = """
from datetime import date
from django.conf import settings
from tests.house.tree import ROOT
from tests.platform.registry.conftest import number
from tests.site.command import Place
from tests.site.places import a_folder, importable
from tuodi.platform.base import region
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from tuodi.platform.registry.models import Person
with entered(SYSTEM):
    region.ensure(code="371502", name="东昌府区")
    numbers = [number(n % 999, birth=f"19{60 + n // 999}0101") for n in range(3_000)]
    Person.objects.bulk_create([
        Person(region_id="371502", number_sealed=settings.SEAL.seal(one), number_index=settings.SEAL.index(one),
               name="单雄信", name_key="shan xiong xin", name_initials="sxx", birth_date=date(int(one[6:10]), 1, 1),
               sex="male" if int(one[16]) % 2 else "female")
        for one in numbers])
"""


@pytest.mark.slow
def test_workers_that_are_killed_again_and_again_leave_nothing_unsound(tmp_path: Path):
    with a_folder() as folder:
        place = Place(folder=folder, more={"PYTHONPATH": os.pathsep.join([*importable(), str(ROOT)])})
        assert 0 == place.tuodi("migrate").returncode
        place.does(CROWD)
        assert 0 == place.tuodi("keys", "new").returncode
        assert 0 == place.tuodi("keys", "use").returncode
        left = under_the_first_set(folder)
        while left > 1_000:
            killed_once_fewer_than(place, left)
            left = under_the_first_set(folder)
            assert (0, "没有问题。\n") == ((told := place.tuodi("audit")).returncode, told.stdout)
        assert 1 == place.tuodi("keys", "retire").returncode
        copy = tmp_path / "copy.dump"
        assert 0 == place.tuodi("backup", str(copy), "--with-keys").returncode

        with a_folder() as again:
            assert 0 == place.tuodi("restore", str(copy), "--to", str(again), "--keys", f"{copy}.keys.json").returncode
            finished(Place(folder=again))
        finished(place)
        with a_folder() as late:
            keys = str(folder / "keys.json")
            assert 0 == place.tuodi("restore", str(copy), "--to", str(late), "--keys", keys).returncode
            refused = Place(folder=late).tuodi("migrate")
            assert (1, True) == (refused.returncode, "第 1 套" in refused.stderr)


def under_the_first_set(folder: Path) -> int:
    with start(home_in(folder)).connect("tuodi") as owner:
        row = owner.execute(
            "select count(*) from registry_person, base_key_check k"
            " where k.id = 1 and substr(number_sealed, 1, 8) = k.mark"
        ).fetchone()
    assert row is not None
    return int(str(row[0]))


def killed_once_fewer_than(place: Place, left: int) -> None:
    """A worker that is killed in the middle of whatever it does, once it has done something."""
    worker = place.begun("work")
    while under_the_first_set(place.folder) == left:
        assert worker.poll() is None, worker.communicate()
    worker.kill()
    worker.communicate()


def finished(place: Place) -> None:
    """The change of keys is ended there, and nothing is unsound."""
    assert 0 == place.tuodi("work", "--once").returncode
    status = place.tuodi("keys", "status")
    assert "都已换完" in status.stdout, status.stdout
    assert 0 == place.tuodi("keys", "retire").returncode
    assert (0, "没有问题。\n") == ((told := place.tuodi("audit")).returncode, told.stdout)


# ---- what is sealed --------------------------------------------------------------------------------------------------
UNSEALED = {
    ("base_recovery", "code_index"), ("base_lockout", "key"), ("base_audit_seal", "code"),
    *(("base_key_check", column) for column in ("sealed", "indexed", "chained", "mark")),
    ("base_trail_secret", "sealed"), ("registry_person", "number_index"), ("registry_roster_row", "number_index"),
    ("gateway_message", "digest"), ("gateway_answer", "digest"),
}  # fmt: skip
"""Bytes that are no sealed text, or that a place of their own seals anew."""


def test_every_column_of_bytes_is_sealed_anew_or_known_to_be_no_sealed_text() -> None:
    named = {(place.table, place.column) for place in resealing.places() if isinstance(place, resealing.Column)}
    columns = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, BinaryField)
    }

    assert named | UNSEALED == columns
    assert set() == named & UNSEALED
