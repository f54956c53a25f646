"""Lines of a case file: read in flat memory, decoded strictly."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuodi.cli.case_lines import TooLong, decoded, numbered
from tuodi.core.finding import Faults

TEXTS = st.text(alphabet=st.sampled_from('a":\\{}, \t\u4e2d\u003a/'), max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(VALUES, st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " :\t")]), st.booleans())
def test_what_json_says_is_what_is_read(value: object, separators: tuple[str, str], escaped: bool) -> None:
    line = json.dumps(value, separators=separators, ensure_ascii=escaped)

    assert value == decoded(line.encode())


@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=3), VALUES, st.booleans())
def test_a_key_that_stands_twice_is_found_however_it_is_written(
    value: dict[str, object], other: object, escaped: bool
) -> None:
    key = next(iter(value))
    again = f"{json.dumps(key, ensure_ascii=escaped)}: {json.dumps(other, ensure_ascii=escaped)}"
    line = f"{{{again}, {json.dumps(value, ensure_ascii=escaped)[1:]}"

    with pytest.raises(Faults) as caught:
        decoded(line.encode())
    assert {"duplicate-key"} == {finding.code for finding in caught.value.findings}


def test_lines_are_numbered_as_they_stand_in_the_file() -> None:
    stream = io.BytesIO(b"\xef\xbb\xbf{}\n\n \t \n[]")

    assert [(1, b"{}\n"), (4, b"[]")] == list(numbered(stream))


def test_a_long_line_is_skipped_to_its_end_and_the_next_is_whole() -> None:
    stream = io.BytesIO(b"0123456789" * 20 + b"\n{}\n" + b"x" * 50)

    (first, head), (second, line), (third, tail) = numbered(stream, longest=30)

    assert (1, 2, 3) == (first, second, third)
    assert isinstance(head, TooLong)
    assert b"{}\n" == line
    assert isinstance(tail, TooLong)


def test_a_line_of_just_the_longest_length_is_read() -> None:
    (_, line), (_, last) = numbered(io.BytesIO(b"x" * 30 + b"\n" + b"y" * 30), longest=30)

    assert (b"x" * 30 + b"\n", b"y" * 30) == (line, last)
    assert not isinstance(line, TooLong)
    assert not isinstance(last, TooLong)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        (b'{"a": 1,}', "第 8 个字符"),
        ('{"甲": '.encode(), "行末"),
        (b"\xff", "第 1 个字节"),
    ],
)
def test_the_place_is_told(line: bytes, place: str) -> None:
    with pytest.raises(Faults, match=place):
        decoded(line)
