"""Counts: each rises, is read, and has a key wherever it is touched."""

from pathlib import Path

import pytest

from tests.language.written import Edit, codes, part

LAST = "    limit: {relief_of_year: 30000}\n"
COUNT = "  relief_of_year: {per: year, clause: 二, label: 年度救助限额}\n"


def count(name: str, form: str) -> Edit:
    """Another count before the first."""
    return COUNT, f"  {name}: {{clause: 二, label: 甲, {form}}}\n{COUNT}"


def limit(text: str) -> Edit:
    return LAST, f"    limit: {text}\n"


def asks(test: str) -> Edit:
    return "    of: burden\n", f"    when: {test}\n    of: burden\n"


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([count("other", "per: year"), limit("{relief_of_year: 1, other: none}")], ["count-never-read"]),
        ([count("other", "per: year"), limit("{relief_of_year: 1, other: 2}")], []),
        ([count("other", "per: year"), asks("{reached: {other: 1}}")], ["count-never-rises"]),
        ([count("other", "per: year"), limit("{relief_of_year: 1, other: none}"), asks("{reached: {other: 1}}")], []),
        ([count("other", "per: year, sum_of: [relief_of_year]"), asks("{reached: {other: 1}}")], []),
        ([count("other", "per: year, feed: {of: burden}"), asks("{reached: {other: 1}}")], []),
        (
            [count("other", "per: year, feed: {of: burden}"), ("of: burden\n    rate", "of: {tally: other}\n    rate")],
            [],
        ),
        (
            [
                count("other", "per: year, feed: {of: burden}"),
                ("    of: burden\n", "    of: {take: burden, less: {tally: other}}\n"),
            ],
            [],
        ),
        (
            [
                count("other", "per: year, feed: {of: {tally: third}}"),
                (LAST, f"{LAST}    above: {{third: 1}}\n"),
                ("\ncounts:\n", "\ncounts:\n  third: {per: year, clause: 二, label: 乙}\n"),
                asks("{reached: {other: 1}}"),
            ],
            [],
        ),
        (
            [
                count("other", "per: year, feed: {of: burden}"),
                part("warnings:\n  - {clause: 二, for: poor, of: {tally: other}, per: year, exceeds: 1}\n"),
            ],
            [],
        ),
        ([(LAST, f"{LAST}    once: other\n"), count("other", "per: life")], []),
        (
            [count("other", "per: year"), limit("{relief_of_year: 1, other: none}"), ("70%\n", "0.7\n")],
            ["rate-without-percent"],
        ),
    ],
)
def test_a_count_rises_and_is_read(tmp_path: Path, edits: list[Edit], expected: list[str]) -> None:
    assert expected == codes(tmp_path, *edits)


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([count("sum", "per: year, sum_of: [relief_of_year]"), limit("{relief_of_year: 1, sum: 2}")], []),
        ([count("sum", "per: year, sum_of: [relief_of_year]"), limit("{relief_of_year: none, sum: 2}")], []),
        (
            [count("sum", "per: year, sum_of: [relief_of_year]"), limit("{sum: 2}")],
            ["count-never-rises", "sum-without-member"],
        ),
        (
            [count("sum", "per: life, sum_of: [relief_of_year]"), limit("{relief_of_year: 1, sum: 2}")],
            ["sum-of-others"],
        ),
        (
            [
                count("sum", "per: year, sum_of: [part]"),
                ("\ncounts:\n", "\ncounts:\n  part: {per: year, clause: 二, label: 乙, sum_of: [relief_of_year]}\n"),
                limit("{relief_of_year: 1, part: 2, sum: 3}"),
            ],
            ["sum-of-sums"],
        ),
        (
            [count("sum", "per: year, sum_of: [relief_of_year]"), (LAST, f"{LAST}    above: {{sum: 1}}\n")],
            ["sum-is-read-only"],
        ),
        (
            [
                count("sum", "per: year, sum_of: [relief_of_year]"),
                (LAST, f"{LAST}    once: sum\n"),
                asks("{reached: {sum: 1}}"),
            ],
            ["sum-is-read-only"],
        ),
    ],
)
def test_a_sum_limits_and_only_its_members_rise(tmp_path: Path, edits: list[Edit], expected: list[str]) -> None:
    assert sorted(expected) == sorted(codes(tmp_path, *edits))


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([count("tally", "per: year, feed: {of: burden}"), limit("{relief_of_year: 1, tally: 2}")], ["tally-raised"]),
        (
            [count("tally", "per: year, feed: {of: burden}"), (LAST, f"{LAST}    above: {{tally: 2}}\n")],
            ["tally-raised"],
        ),
    ],
)
def test_a_tally_grows_by_itself(tmp_path: Path, edits: list[Edit], expected: list[str]) -> None:
    assert expected == codes(tmp_path, *edits)


@pytest.mark.parametrize(("per", "expected"), [("year", []), ("[item, year]", []), ("life", ["tally-without-year"])])
def test_a_year_is_chosen_of_a_count_by_year(tmp_path: Path, per: str, expected: list[str]) -> None:
    tally = count("tally", f"per: {per}, feed: {{of: burden}}")
    facts = part("facts:\n  for_year: {type: year, label: 年度}\n")

    assert expected == codes(
        tmp_path, tally, facts, ("of: burden\n    rate", "of: {tally: tally, year: for_year}\n    rate")
    )


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([("{per: year, clause", "{per: recognition, clause")], ["scope-without-key"]),
        ([("{per: year, clause", "{per: item, clause")], ["scope-without-key"]),
        (
            [
                ("{per: year, clause", "{per: recognition, clause"),
                ("any: [subsistence_allowance]", "any: [{status: subsistence_allowance, cover: {until: status_end}}]"),
            ],
            [],
        ),
        (
            [
                ("{per: year, clause", "{per: recognition, clause"),
                ("any: [subsistence_allowance]", "any: [{status: subsistence_allowance, cover: {until: status_end}}]"),
                ("    for: poor\n", "    for: everyone\n"),
                (LAST, f"{LAST}\n  - {{id: birth, clause: 二, for: poor, services: childbirth, amount: 900}}\n"),
            ],
            ["scope-without-key"],
        ),
    ],
)
def test_a_count_has_a_key_wherever_it_rises(tmp_path: Path, edits: list[Edit], expected: list[str]) -> None:
    assert expected == codes(tmp_path, *edits)


@pytest.mark.parametrize("more", ["    once: relief_of_year\n", "    above: {uses: 1}\n    once: uses\n"])
def test_uses_are_not_money(tmp_path: Path, more: str) -> None:
    edits = [(LAST, LAST + more)] + ([count("uses", "per: life")] if "uses" in more else [])

    assert ["uses-and-money"] == codes(tmp_path, *edits)
