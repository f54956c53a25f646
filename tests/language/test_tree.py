"""Nodes know what is nothing and what stands beneath them."""

import pytest

from tuodi.language.reader import read_tree
from tuodi.language.tree import Keyed, is_nothing, texts


@pytest.mark.parametrize(
    ("written", "nothing"), [("", True), ("~", True), ("null", True), ("'null'", False), ("''", False), ("[]", False)]
)
def test_only_plain_ways_of_writing_nothing_are_nothing(written: str, nothing: bool) -> None:
    root = read_tree(f"a: {written}".encode(), "")
    assert isinstance(root, Keyed)
    node = root.get("a")
    assert node

    assert nothing is is_nothing(node)


def test_every_scalar_is_found_with_its_keys() -> None:
    root = read_tree(b"a: [b, {c: d}]\n", "")

    assert ["a", "b", "c", "d"] == list(texts(root))


def test_a_missing_key_is_none() -> None:
    assert Keyed({}, 1, 1).get("a") is None
