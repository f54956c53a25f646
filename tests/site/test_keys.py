"""The file with the keys: made once, read again when it is replaced, and readable in its earlier form."""

import json
from pathlib import Path

import pytest

from tuodi.site import keys as key_file
from tuodi.site.keys import HeldKeys, keys


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HeldKeys:
    monkeypatch.delenv("TUODI_KEYS", raising=False)
    return keys(tmp_path)


def test_the_file_is_made_once_for_this_account_alone(held: HeldKeys, tmp_path: Path):
    again = keys(tmp_path)

    assert held.now() == again.now()
    assert 0o600 == held.path.stat().st_mode & 0o777
    assert [held.path] == list(tmp_path.iterdir())


def test_a_running_program_reads_the_file_again_when_it_was_replaced(held: HeldKeys):
    sealed = held.ring().seal("x")
    key_file.replaced(held.path, held.now().with_new_set())

    assert [1, 2] == [one.number for one in held.now().sets]
    assert 1 == held.ring().using.number

    key_file.replaced(held.path, held.now().with_last_in_use(position=7, code=b"c" * 32))
    assert (2, "x") == (held.ring().using.number, held.ring().unseal(sealed))
    assert {7: b"c" * 32} == held.chain().ends()

    key_file.replaced(held.path, held.now().without_earlier_sets())
    assert [2] == [one.number for one in held.now().sets]
    assert held.chain().key(7) != held.chain().key(8)
    assert (0o600, 1) == (held.path.stat().st_mode & 0o777, len(list(held.path.parent.iterdir())))


def test_what_was_written_is_what_is_read(held: HeldKeys):
    found = held.now().with_new_set().with_last_in_use(position=3, code=bytes(32))
    key_file.replaced(held.path, found)

    assert found == key_file.read(held.path)


def test_a_file_that_is_gone_for_a_moment_changes_nothing(held: HeldKeys):
    found = held.now()
    held.path.unlink()

    assert found == held.now()


def test_a_file_from_before_there_were_sets_is_the_first_set(tmp_path: Path):
    flat = {"sealing": "11" * 16, "indexing": "22" * 32, "chain": "33" * 32, "django": "words"}
    (tmp_path / "keys.json").write_text(json.dumps(flat))

    found = key_file.read(tmp_path / "keys.json")

    assert ("words", 1, bytes([0x11] * 16)) == (found.django, found.using, found.last.seal.sealing)
    assert bytes([0x33] * 32) == found.chain.key(1)


def test_no_key_is_told_by_how_keys_look(held: HeldKeys):
    found = held.now()

    assert found.django not in repr(found)
    assert found.last.chain.hex() not in repr(found)
    assert repr(found.last.seal.sealing) not in repr(found)
