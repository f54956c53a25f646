"""The quick dataclasses behave as the standard ones do, in everything that the house uses of them."""

import copy
import dataclasses
import pickle
from collections.abc import Mapping
from dataclasses import field
from typing import Any

import pytest

from tuodi.language.model import Benefit, Column, Fixed, Policy, Quantity, ShareOf, Unpaid
from tuodi.language.quick import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quick:
    """Of the house."""

    name: str
    size: int = 1
    more: Mapping[str, int] = field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """Of the library."""

    name: str
    size: int = 1
    more: Mapping[str, int] = field(default_factory=dict)


BOTH = pytest.mark.parametrize("kind", [Quick, Standard])


@BOTH
def test_values_defaults_and_factories(kind: Any) -> None:
    one, other = kind(name="a"), kind(name="a")

    assert ("a", 1, {}) == (one.name, one.size, one.more)
    assert one == other and one is not other
    assert one.more is not other.more
    assert one != kind(name="a", size=2)
    assert one != "a"
    assert kind.__qualname__ + "(name='a', size=1, more={})" == repr(one)


@BOTH
@pytest.mark.parametrize("given", [{}, {"size": 2}, {"name": "a", "colour": "red"}])
def test_a_missing_or_unknown_value_is_an_error(kind: Any, given: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        kind(**given)
    with pytest.raises(TypeError):
        kind("a")


@BOTH
def test_nothing_changes_afterwards(kind: Any) -> None:
    one = kind(name="a")

    with pytest.raises(dataclasses.FrozenInstanceError):
        one.name = "b"
    with pytest.raises(dataclasses.FrozenInstanceError):
        del one.name
    assert not hasattr(one, "__dict__")


@BOTH
def test_copies_and_changed_copies(kind: Any) -> None:
    one = kind(name="a", more={"x": 1})

    assert kind(name="a", size=3, more={"x": 1}) == dataclasses.replace(one, size=3)
    assert [one] * 3 == [copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))]
    assert ["name", "size", "more"] == [each.name for each in dataclasses.fields(one)]
    assert {"name": "a", "size": 1, "more": {"x": 1}} == dataclasses.asdict(one)


@BOTH
def test_hashes_are_those_of_the_values(kind: Any) -> None:
    assert hash(kind(name="a", more=())) == hash(("a", 1, ()))
    with pytest.raises(TypeError):
        hash(kind(name="a"))


def test_classes_of_one_field_and_of_none() -> None:
    assert Column(name="a") == Column(name="a") != Column(name="b")
    assert Unpaid() == Unpaid() and "Unpaid()" == repr(Unpaid())
    assert {Column(name="a"), Unpaid()} == {Unpaid(), Column(name="a")}
    assert hash(Column(name="a")) == hash(("a",))
    assert Fixed(amount=1) != Column(name="a")


def test_the_model_is_made_of_them() -> None:
    assert all(dataclasses.is_dataclass(kind) for kind in (Policy, Benefit, Quantity, ShareOf))
    match ShareOf(share=1, of=Fixed(amount=2)):
        case ShareOf(share=share, of=Fixed(amount=amount)):
            assert (1, 2) == (share, amount)
