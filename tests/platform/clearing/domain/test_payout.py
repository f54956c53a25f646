"""What an order pays."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuodi.ledger.account import Source
from tuodi.platform.clearing.domain.payout import Payout, SourcePayout, payout, still_due

CITY, COUNTY = Source.city, Source.county


@pytest.mark.parametrize(
    ("relief", "disallowed", "released", "due", "paid", "offset", "left"),
    [
        (100, 0, 0, 0, 100, 0, 0),
        (100, 30, 0, 0, 70, 0, 0),
        (100, 30, 5, 0, 75, 0, 0),
        (100, 30, 0, 50, 20, 50, 0),
        (100, 30, 0, 70, 0, 70, 0),
        (100, 30, 0, 90, 0, 70, 20),
        (100, 100, 0, 10, 0, 0, 10),
        (-40, 0, 0, 0, 0, 0, 40),
        (-40, 0, 40, 0, 0, 0, 0),
        (-40, 0, 0, 10, 0, 0, 50),
        (0, 0, 0, 10, 0, 0, 10),
    ],
)
def test_an_order_pays_what_is_left_and_never_takes(
    relief: int, disallowed: int, released: int, due: int, paid: int, offset: int, left: int
):
    order = payout({CITY: relief}, {CITY: disallowed}, {CITY: released}, {CITY: due})

    assert (paid, offset, left) == (order.paid, order.offset, order.left_due)


def test_what_one_source_is_owed_is_not_kept_back_from_another():
    order = payout({CITY: 100, COUNTY: 100}, {}, {}, {COUNTY: 150})

    assert {CITY: (100, 0, 0), COUNTY: (0, 100, 50)} == {
        each.source: (each.paid, each.offset, each.left_due) for each in order
    }


def test_a_source_that_nothing_concerns_has_no_row():
    assert () == payout({CITY: 0}, {}, {}, {}).sources


def test_amounts_that_should_go_one_way_do():
    with pytest.raises(AssertionError, match="one way"):
        SourcePayout(source=CITY, relief=1, disallowed=-1, released=0, due=0)


fen = st.integers(0, 10**6) | st.integers(0, 3)
some = st.dictionaries(st.sampled_from(Source), fen)
any_sign = st.dictionaries(st.sampled_from(Source), st.integers(-(10**6), 10**6))


@given(any_sign, some, some, some)
def test_what_is_owed_is_paid_offset_or_left_due(
    relief: dict[Source, int], disallowed: dict[Source, int], released: dict[Source, int], due: dict[Source, int]
):
    order = payout(relief, disallowed, released, due)

    for each in order:
        assert each.paid >= 0 and each.offset >= 0 and each.left_due >= 0
        assert each.net - each.due == each.paid - each.left_due
        assert each.paid == 0 or each.left_due == 0
        assert each.paid + each.offset <= max(each.net, 0)
    assert order.relief - order.disallowed + order.released - sum(due.values()) == order.paid - order.left_due


@given(st.lists(st.tuples(any_sign, some, some), max_size=8))
def test_month_after_month_what_was_paid_is_what_was_owed_but_for_what_is_still_due(
    months: list[tuple[dict[Source, int], dict[Source, int], dict[Source, int]]],
):
    due: dict[Source, int] = {}
    paid = net = 0
    for relief, disallowed, released in months:
        order = payout(relief, disallowed, released, due)
        due = {each.source: each.left_due for each in order if each.left_due}
        paid += order.paid
        net += sum(each.net for each in order)

    assert net == paid - sum(due.values())


def test_still_due_is_what_orders_left_and_what_came_to_it_less_what_was_given_back():
    """City: 50 taken back, 30 of it kept back by the next order, 5 given back. County: an opening alone."""
    first = payout({CITY: -50}, {}, {}, {})
    second = payout({CITY: 30}, {}, {}, {CITY: 50})

    assert {CITY: 15, COUNTY: 7} == still_due([first, second], {CITY: -5, COUNTY: 7})
    assert {} == still_due([first, second], {CITY: -20})
    assert {CITY: -10} == still_due([first, second], {CITY: -30})


@given(st.lists(st.tuples(any_sign, some, some, some), max_size=8))
def test_whatever_is_given_back_in_between_no_fen_is_lost(
    months: list[tuple[dict[Source, int], dict[Source, int], dict[Source, int], dict[Source, int]]],
):
    """After each order an institution gives back as much as is taken; in the end a month large enough clears it."""
    orders: list[Payout] = []
    given: Counter[Source] = Counter()
    for relief, disallowed, released, offered in [*months, (dict.fromkeys(Source, 10**8), {}, {}, {})]:
        orders.append(payout(relief, disallowed, released, still_due(orders, back(given))))
        due = still_due(orders, back(given))
        given.update({source: min(fen, due.get(source, 0)) for source, fen in offered.items()})
        due = still_due(orders, back(given))
        paid, net = (summed(orders, what) for what in ("paid", "net"))
        assert all(fen >= 0 for fen in due.values())
        assert {s: net[s] + due.get(s, 0) for s in Source} == {s: paid[s] - given[s] for s in Source}

    assert {} == due
    assert net == {source: paid[source] - given[source] for source in Source}


def back(given: Counter[Source]) -> dict[Source, int]:
    return {source: -fen for source, fen in given.items()}


def summed(orders: list[Payout], what: str) -> dict[Source, int]:
    return {s: sum(getattr(each, what) for order in orders for each in order if each.source is s) for s in Source}
