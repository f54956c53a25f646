"""How an amount of an item divides: by hand, and for whatever amount, count, share and ceiling."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuodi.gateway.catalogue.item import Item, Parts, divided

YEAR = date(2026, 1, 1)


def item(grade: str = "02", share: int = 1_000, ceiling: str | None = None) -> Item:
    return Item(
        code="X", name="", grade=grade, self_pay=share, ceiling=None if ceiling is None else Decimal(ceiling),
        starts_on=YEAR, ends_on=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("of", "amount", "count", "parts"),
    [
        (item("01", 0), 10_000, "1", Parts(0, 0, 0, 10_000)),
        (item("02", 1_000), 10_000, "1", Parts(0, 0, 1_000, 9_000)),
        (item("03", 10_000), 10_000, "1", Parts(10_000, 0, 0, 0)),
        (None, 10_000, "1", Parts(10_000, 0, 0, 0)),
        # three at 50.00 where 40.00 count: 30.00 above; of 120.00 a tenth first
        (item("02", 1_000, "40"), 15_000, "3", Parts(0, 3_000, 1_200, 10_800)),
        (item("01", 0, "0"), 10_000, "1", Parts(0, 10_000, 0, 0)),
        (item("01", 0, "1000"), 10_000, "1", Parts(0, 0, 0, 10_000)),
        # 7 x 1.234567 = 8.641969: 8.64 count; 5 % of 8.64 is 0.432: 0.43
        (item("02", 500, "1.234567"), 1_000, "7", Parts(0, 136, 43, 821)),
        (item("02", 5_000), 1, "1", Parts(0, 0, 1, 0)),
    ],
)
def test_an_amount_divides_as_by_hand(of: Item | None, amount: int, count: str, parts: Parts) -> None:
    assert parts == divided(of, amount, Decimal(count))


@given(
    amount=st.integers(0, 10**12), count=st.decimals(0, 10**6, places=4), share=st.integers(0, 10_000),
    ceiling=st.none() | st.decimals(0, 10**9, places=6),
)  # fmt: skip
def test_parts_are_never_negative_and_add_up(amount: int, count: Decimal, share: int, ceiling: Decimal | None) -> None:
    parts = divided(item("02", share, None if ceiling is None else str(ceiling)), amount, count)

    assert amount == sum(parts)
    assert min(parts) >= 0


def test_an_item_holds_from_its_first_day_to_the_day_before_its_end() -> None:
    one = Item(
        code="X", name="", grade="01", self_pay=0, ceiling=None, starts_on=YEAR, ends_on=date(2026, 7, 1)
    )  # fmt: skip

    days = [date(2025, 12, 31), YEAR, date(2026, 6, 30), date(2026, 7, 1)]
    assert [False, True, True, False] == [one.holds(day) for day in days]
