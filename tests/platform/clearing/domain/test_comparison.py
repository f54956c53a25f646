"""What a three-way comparison tells."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuodi.platform.clearing.domain.comparison import (
    Difference,
    Said,
    SaidInAll,
    Side,
    What,
    compare_details,
    compare_totals,
    in_all,
)

OURS = [
    Said(number="1", total=10000, funds=8200, relief=1500, account=0),
    Said(number="2", total=500, funds=300, relief=100, account=0),
    Said(number="3", total=-500, funds=-300, relief=-100, account=0),
    Said(number="4", total=700, funds=0, relief=0, account=0),
]
BOOKED = {"1": 1500, "2": 100, "3": -100}


def told(theirs: list[Said], booked: dict[str, int]) -> list[str]:
    return [str(each) for each in compare_details(OURS, institution=theirs, ledger=booked).differences]


def test_three_that_agree_have_no_differences():
    compared = compare_details(OURS, institution=OURS, ledger=BOOKED)

    assert (True, 4) == (compared.equal, compared.count)


@pytest.mark.parametrize(
    ("theirs", "booked", "expected"),
    [
        (OURS[:3], BOOKED, ["4 结算有、医疗机构没有"]),
        ([*OURS, Said(number="5", total=1)], BOOKED, ["5 医疗机构有、结算没有"]),
        ([*OURS, OURS[1]], BOOKED, ["2 笔数：医疗机构 2、结算 1，医疗机构多 1"]),
        (
            [replace(OURS[0], total=10001, funds=8100), *OURS[1:]],
            BOOKED,
            [
                "1 医疗总费用：医疗机构 100.01、结算 100.00，医疗机构多 0.01",
                "1 基金支付：医疗机构 81.00、结算 82.00，结算多 1.00",
            ],
        ),
        ([replace(OURS[0], relief=1499), *OURS[1:]], BOOKED, ["1 救助金额：医疗机构 14.99、结算 15.00，结算多 0.01"]),
        (OURS, {**BOOKED, "1": 1600}, ["1 救助金额：账簿 16.00、结算 15.00，账簿多 1.00"]),
        (OURS, {"1": 1500, "2": 100}, ["3 结算有、账簿没有"]),
        (OURS, {**BOOKED, "9": 1}, ["9 账簿有、结算没有"]),
        (OURS, {**BOOKED, "4": 0}, []),
    ],
)
def test_each_planted_fault_is_named_with_who_has_more(theirs: list[Said], booked: dict[str, int], expected: list[str]):
    assert expected == told(theirs, booked)


def test_faults_of_both_comparisons_are_told_together():
    assert ["1 医疗机构没有" in text or "1" == text[0] for text in told(OURS[1:], {**BOOKED, "1": 2})] == [True, True]


def test_what_the_institution_does_not_say_is_not_compared():
    assert [] == told([Said(number=said.number, total=said.total) for said in OURS], BOOKED)


def test_a_side_that_was_not_asked_lacks_nothing():
    assert compare_details(OURS).equal


def test_totals_that_agree_can_hide_details_that_do_not():
    swapped = [replace(OURS[0], relief=1400), replace(OURS[1], relief=200), *OURS[2:]]

    assert compare_totals(in_all(OURS), institution=in_all(swapped)).equal
    assert ["1", "2"] == [each.number for each in compare_details(OURS, institution=swapped).differences]


def test_totals_tell_counts_and_amounts_apart():
    theirs = SaidInAll(count=3, total=10700, funds=8200, account=None)

    assert [
        Difference(number="", what=What.times, one=Side.institution, other=Side.settlement, one_says=3, other_says=4)
    ] == [*compare_totals(in_all(OURS), institution=theirs).differences]


def test_totals_of_the_ledger_are_relief_alone():
    assert ["救助金额：账簿 15.01、结算 15.00，账簿多 0.01"] == [
        str(each) for each in compare_totals(in_all(OURS), ledger=SaidInAll(count=0, relief=1501)).differences
    ]


def test_an_amount_that_one_row_lacks_has_no_total():
    assert SaidInAll(count=2, total=10500, funds=8500, relief=1600, account=None) == in_all(
        [OURS[0], replace(OURS[1], account=None)]
    )


amounts = st.integers(-(10**6), 10**6)
sides = st.dictionaries(
    st.integers(1, 8).map(str), st.builds(Said, number=st.just(""), total=amounts, funds=amounts, relief=amounts)
).map(lambda rows: [replace(said, number=number) for number, said in rows.items()])


@given(sides, sides)
def test_what_is_told_makes_up_the_whole_difference(ours: list[Said], theirs: list[Said]):
    """Difference by difference the institution's sum is ours: nothing is told twice, nothing kept back."""
    own, other = ({said.number: said.relief or 0 for said in side} for side in (ours, theirs))
    found = compare_details(ours, institution=theirs).differences
    missing = {each.number for each in found if each.what is What.presence}
    by_amount = sum(each.more for each in found if each.what is What.relief)
    by_presence = sum(other.get(number, 0) - own.get(number, 0) for number in missing)

    assert sum(other.values()) - sum(own.values()) == by_amount + by_presence
