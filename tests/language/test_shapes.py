"""Forms: what each accepts, what it says of the others, and its JSON Schema."""

from pathlib import Path
from typing import Any

import pytest

from tuodi.language.parts.scalars import NUMBER, TEXT
from tuodi.language.reader import read_tree
from tuodi.language.reading import Kind, Reading, Unreadable
from tuodi.language.shapes import (
    Complaint,
    Forms,
    Into,
    Key,
    Later,
    Name,
    Pairs,
    Record,
    Schema,
    Several,
    Shape,
    Variants,
    Word,
    Words,
)
from tuodi.language.tree import Keyed


def read(shape: Shape[Any], written: str) -> Any:
    """The value of what is written, or the codes of what is wrong with it."""
    root = read_tree(b"value: " + written.encode(), "")
    assert isinstance(root, Keyed)
    reading = Reading(root, Path(), {})
    node = root.get("value")
    assert node
    try:
        value = shape.read(node, reading)
    except Unreadable:
        return [finding.code for finding in reading.findings]
    assert not reading.findings
    return value


def schema(shape: Shape[Any]) -> tuple[Schema, dict[str, Schema]]:
    defs: dict[str, Schema] = {}
    return shape.schema(defs), defs


COLOURS = Words("颜色", {"red": 1, "blue": 2})


@pytest.mark.parametrize(
    ("written", "expected"),
    [("red", 1), ("blue", 2), ("green", ["unknown-word"]), ("[red]", ["wrong-form"]), ("null", ["nothing"])],
)
def test_words_are_of_a_closed_list(written: str, expected: object) -> None:
    assert expected == read(COLOURS, written)
    assert ({"enum": ["red", "blue"]}, {}) == schema(COLOURS)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[1, 2]", (1, 2)),
        ("[]", ["nothing"]),
        ("1", ["not-a-list"]),
        ("[x, 2, y]", ["not-a-number", "not-a-number"]),
    ],
)
def test_a_list_tells_the_faults_of_all_its_items(written: str, expected: object) -> None:
    assert expected == read(Several(NUMBER), written)


def test_one_will_do_for_a_list_of_one() -> None:
    shape = Several(NUMBER, one_will_do=True)

    assert (7,) == read(shape, "7")
    assert (7, 8) == read(shape, "[7, 8]")
    assert {"anyOf": [NUMBER.form, {"type": "array", "items": NUMBER.form, "minItems": 1}]} == schema(shape)[0]
    assert {"type": "array", "items": NUMBER.form, "minItems": 1} == schema(Several(NUMBER))[0]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{red: 1, blue: 2}", ((1, 1), (2, 2))),
        ("{}", ["nothing"]),
        ("[red]", ["not-a-mapping"]),
        ("{green: 1, red: x}", ["unknown-word", "not-a-number"]),
    ],
)
def test_pairs_tell_the_faults_of_keys_and_values(written: str, expected: object) -> None:
    assert expected == read(Pairs(COLOURS, NUMBER), written)
    assert "object" == schema(Pairs(COLOURS, NUMBER))[0]["type"]


def _even(values: dict[str, Any]) -> Any:
    if values["number"] % 2:
        yield Complaint("number", "odd", "奇数", "写偶数")
    if values["number"] > 10:
        yield Complaint("", "large", "太大", "写小些")


RECORD = Record(
    "一项", Key("number", NUMBER, required=True), Key("from", TEXT, into="start"), build=lambda **v: v, rules=_even
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{number: 2, from: x}", {"number": 2, "start": "x"}),
        ("{from: x}", ["missing-key"]),
        ("{nmber: 2, from: [x]}", ["missing-key", "unknown-key", "wrong-form"]),
        ("{number: 3}", ["odd"]),
        ("{number: 13}", ["odd", "large"]),
        ("{}", ["nothing"]),
        ("x", ["not-a-mapping"]),
    ],
)
def test_a_record_reads_all_its_keys_before_it_gives_up(written: str, expected: object) -> None:
    assert expected == read(RECORD, written)


def test_a_record_without_rules_or_required_keys() -> None:
    shape = Record("一项", Key("a", NUMBER), build=dict)

    assert {"a": 1} == read(shape, "{a: 1}")
    assert 1 == schema(shape)[0]["minProperties"]
    assert ["number"] == schema(RECORD)[0]["required"]


def test_forms_differ_by_text_list_and_mapping() -> None:
    shape = Forms("值", text=NUMBER, listing=Several(NUMBER))

    assert 1 == read(shape, "1")
    assert (1,) == read(shape, "[1]")
    assert ["wrong-form"] == read(shape, "{a: 1}")
    assert 2 == len(schema(shape)[0]["anyOf"])


def test_variants_differ_by_a_key() -> None:
    one = Record("甲", Key("a", NUMBER), build=dict)
    shape = Variants("值", {"a": one, "b": Record("乙", Key("b", NUMBER), build=dict), "c": one})

    assert {"b": 1} == read(shape, "{b: 1}")
    assert ["unknown-key"] == read(shape, "{aa: 1}")
    assert ["not-a-mapping"] == read(shape, "1")
    assert 2 == len(schema(shape)[0]["anyOf"])


def test_a_word_stands_beside_another_shape() -> None:
    shape = Word({"none": 0, "null": -1}, NUMBER)

    assert [0, -1, 5] == [read(shape, "none"), read(shape, "null"), read(shape, "5")]
    assert ["not-a-number"] == read(shape, "'none'")
    assert {"anyOf": [{"enum": ["none", None]}, NUMBER.form]} == schema(shape)[0]


def test_a_value_is_made_into_something() -> None:
    assert "7!" == read(Into(NUMBER, lambda value: f"{value}!"), "7")


def test_a_shape_may_contain_itself_and_is_defined_once() -> None:
    nested: Shape[Any] = Later("nested", lambda: Forms("值", text=NUMBER, listing=Several(nested)))

    assert ((1, (2,)),) == read(nested, "[[1, [2]]]")
    reference, defs = schema(nested)
    assert {"$ref": "#/$defs/nested"} == reference
    assert ["nested"] == list(defs)


def test_a_name_must_be_declared() -> None:
    assert ["unknown-count"] == read(Name(Kind.COUNT), "x")
    assert {"type": "string"} == schema(Name(Kind.COUNT))[0]


def test_a_full_width_colon_is_recognised() -> None:
    root = read_tree("value: 一：二\n".encode(), "")
    assert isinstance(root, Keyed)
    reading = Reading(root, Path(), {})
    node = root.get("value")
    assert node
    with pytest.raises(Unreadable):
        RECORD.read(node, reading)

    assert "冒号用半角，后面空一格" == reading.findings[0].remedy
