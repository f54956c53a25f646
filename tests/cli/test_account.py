"""The account of a bill adds up, for every hand-worked case of the package."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from tuodi.cli.account import as_json, bill_rows, limit_rows, move_rows, out_of_policy
from tuodi.cli.speech import chinese, english
from tuodi.cli.stock import Stock
from tuodi.cli.worked import settled, worked_cases
from tuodi.core.money import format_yuan
from tuodi.engine.explain import explain
from tuodi.engine.settle import Settlement
from tuodi.language.shelf import packaged_plans, packaged_policies


@cache
def settlements() -> tuple[Settlement, ...]:
    return tuple(_settlements())


def _settlements() -> Iterator[Settlement]:
    stock = Stock()
    for folder in (*packaged_policies().values(), *packaged_plans().values()):
        for case in worked_cases(folder):
            yield from settled(case, stock).settlements


@pytest.mark.parametrize("say", [chinese, english])
def test_what_everybody_pays_and_the_person_add_up_to_the_bill(say: object) -> None:
    for settlement in settlements():
        why = explain(settlement)
        first, *steps, last = bill_rows(why, 0, say)  # type: ignore[arg-type]
        paid = sum(row.amount for row in steps)

        assert settlement.personal == last.amount
        assert first.amount <= paid + last.amount
        capped = why.hospital and sum(payer.paid for payer in why.payers) > why.total - why.hospital
        if why.total and not capped and all(line.grant is None for line in why.lines):
            assert first.amount == paid + last.amount


def test_each_line_tells_how_it_was_made_and_what_cut_it() -> None:
    told = {row.how for settlement in settlements() for row in bill_rows(explain(settlement), 0, chinese)}

    assert any(how.startswith("定额 20.00 × ") for how in told)
    assert any("受“" in how for how in told)
    assert "14,000.00 × 70%" in told


def test_a_limit_never_has_less_than_nothing_left() -> None:
    rows = [row for settlement in settlements() for row in limit_rows(explain(settlement))]

    assert rows
    assert not [row for row in rows if row[3].startswith("-")]


def test_a_count_is_keyed_by_year_recognition_item_or_life() -> None:
    keys = {row[1] for settlement in settlements() for row in move_rows(explain(settlement), chinese)}

    assert {"终身", "2023"} <= keys
    assert any("-" in key for key in keys)


def test_the_json_of_an_explanation_holds_the_settled_amounts() -> None:
    for settlement in settlements():
        told = as_json(explain(settlement))
        relief = [line["paid"] for line in told["lines"] if line["layer"] == "relief"]

        assert [format_yuan(line.paid) for line in settlement.lines] == relief


def test_what_lies_out_of_policy_is_told() -> None:
    assert any(out_of_policy(settlement) for settlement in settlements())
