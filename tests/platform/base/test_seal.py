"""Sealing under a ring of keys: the set in use seals, every set opens, and none opens another's."""

import pytest

from tuodi.platform.base.seal import ChainKeys, Link, Ring, Seal

FIRST = Seal(number=1, sealing=bytes(16), indexing=bytes(32))
SECOND = Seal(number=2, sealing=b"2" * 16, indexing=b"2" * 32)
BEFORE, MEANWHILE, AFTER = Ring(using=FIRST), Ring(using=SECOND, others=(FIRST,)), Ring(using=SECOND)
NUMBER = "371591196001010074"


def test_the_same_text_is_sealed_to_other_bytes_each_time_and_opens():
    one, other = FIRST.seal(NUMBER), FIRST.seal(NUMBER)

    assert one != other
    assert [NUMBER, NUMBER] == [FIRST.unseal(one), FIRST.unseal(other)]


def test_while_keys_change_both_open_and_the_new_one_seals():
    earlier, later = BEFORE.seal(NUMBER), MEANWHILE.seal(NUMBER)

    assert [NUMBER, NUMBER] == [MEANWHILE.unseal(earlier), MEANWHILE.unseal(later)]
    assert [False, True] == [MEANWHILE.current(earlier), MEANWHILE.current(later)]
    assert NUMBER == AFTER.unseal(later)


@pytest.mark.parametrize(
    ("ring", "sealed"), [(AFTER, BEFORE.seal(NUMBER)), (BEFORE, AFTER.seal(NUMBER))], ids=["old", "new"]
)
def test_a_value_under_a_set_that_is_not_there_does_not_open(ring: Ring, sealed: bytes):
    with pytest.raises(ValueError, match="密钥"):
        ring.unseal(sealed)


@pytest.mark.parametrize("place", [0, 8, 20, 30, -1])
def test_a_value_that_was_changed_anywhere_does_not_open(place: int):
    sealed = bytearray(MEANWHILE.seal(NUMBER))
    sealed[place] ^= 1

    with pytest.raises(ValueError, match="密钥"):
        MEANWHILE.unseal(bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"short", bytes(28), FIRST.mark])
def test_what_is_no_sealed_value_does_not_open(sealed: bytes):
    with pytest.raises(ValueError, match="密钥"):
        MEANWHILE.unseal(sealed)


def test_a_value_from_before_there_were_marks_opens_under_the_first_set():
    unmarked = FIRST.seal(NUMBER)[8:]

    assert [NUMBER, NUMBER] == [BEFORE.unseal(unmarked), MEANWHILE.unseal(unmarked)]
    assert not MEANWHILE.current(unmarked)


def test_a_number_is_looked_up_under_each_set_the_one_in_use_first():
    assert [SECOND.index(NUMBER), FIRST.index(NUMBER)] == MEANWHILE.indexes(NUMBER)
    assert [True, True, False] == [
        MEANWHILE.same(NUMBER, FIRST.index(NUMBER)), MEANWHILE.same(NUMBER, SECOND.index(NUMBER)),
        AFTER.same(NUMBER, FIRST.index(NUMBER)),
    ]  # fmt: skip


def test_each_chain_key_makes_the_codes_up_to_where_the_next_one_begins():
    keys = ChainKeys(links=(Link(key=b"a"), Link(key=b"b", after=3, code=b"x"), Link(key=b"c", after=5, code=b"y")))

    assert b"aaabbc" == b"".join(keys.key(position) for position in range(1, 7))
    assert {3: b"x", 5: b"y"} == keys.ends()
