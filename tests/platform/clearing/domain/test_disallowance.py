"""What can be disallowed, and which sources get it back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuodi.ledger.account import Source
from tuodi.platform.clearing.domain.disallowance import (
    Disallowance,
    PaidLine,
    borne_by,
    findings,
    given_back,
    paid_lines,
    sources_of,
)

WANTED = Disallowance(settlement=7, line=1, fen=4000, reason="不属于救助病种的用药", clause="七(一)")
LINES = paid_lines(
    [("stay", "四(二)3", 9800), ("package_20", "四(二)4", 200)], {Source.city: 5000, Source.county: 5000}
)


def codes(wanted: Disallowance, in_force: list[Disallowance] = []) -> list[str]:  # noqa: B006 - never changed
    return [finding.code for finding in findings(wanted, LINES, in_force)]


def test_a_part_of_a_line_can_be_disallowed_with_reason_and_clause():
    assert [] == codes(WANTED)


def test_a_line_can_be_disallowed_whole_and_not_a_fen_more():
    assert ([], ["disallowance-above-paid"]) == (codes(replace(WANTED, fen=9800)), codes(replace(WANTED, fen=9801)))


def test_disallowances_of_one_line_count_together_and_of_another_line_not():
    before = [replace(WANTED, fen=9000), replace(WANTED, line=2, fen=200), replace(WANTED, settlement=8)]

    assert ([], ["disallowance-above-paid"]) == (
        codes(replace(WANTED, fen=800), before),
        codes(replace(WANTED, fen=801), before),
    )


def test_everything_that_lacks_is_told_at_once():
    assert ["disallowance-nothing", "disallowance-reason", "disallowance-clause", "disallowance-line"] == codes(
        replace(WANTED, fen=0, reason=" ", clause="", line=3)
    )


def test_a_refused_disallowance_says_how_much_is_still_possible():
    (finding,) = findings(replace(WANTED, fen=1000), LINES, [replace(WANTED, fen=9000)])

    assert "第 1 项待遇支付 98.00，已扣减 90.00，不能扣减 10.00" == finding.message
    assert "至多扣减 8.00" == finding.remedy


def test_the_sources_of_lines_that_were_split_together_are_told_line_by_line():
    assert (
        PaidLine(
            number=1, benefit="stay", clause="四(二)3", paid=9800, sources={Source.city: 4900, Source.county: 4900}
        ),
        PaidLine(
            number=2, benefit="package_20", clause="四(二)4", paid=200, sources={Source.city: 100, Source.county: 100}
        ),
    ) == LINES


def test_lines_and_sources_that_differ_are_a_bug():
    with pytest.raises(AssertionError, match="INV-25"):
        paid_lines([("stay", "四(二)3", 100)], {Source.city: 99})


def test_what_is_disallowed_goes_back_to_the_sources_that_bore_the_line():
    city_alone = PaidLine(number=1, benefit="serious", clause="四(三)2", paid=30, sources={Source.city: 30})

    assert {Source.city: 2001, Source.county: 2000} == given_back(4001, LINES[0], [])
    assert {Source.city: 30} == given_back(30, city_alone, [])


def test_a_second_disallowance_takes_from_what_the_sources_still_bear():
    line = PaidLine(number=1, benefit="stay", clause="四(二)3", paid=3, sources={Source.city: 2, Source.county: 1})
    first = replace(WANTED, fen=2, sources=given_back(2, line, []))

    assert {Source.city: 1, Source.county: 1} == first.sources
    assert {Source.city: 1} == given_back(1, line, [first])


def test_sources_of_several_are_added_up():
    some = [replace(WANTED, sources={Source.county: 1, Source.city: 2}), replace(WANTED, sources={Source.city: 3})]

    assert {Source.city: 5, Source.county: 1} == sources_of(some)


sums = st.dictionaries(st.sampled_from(Source), st.integers(0, 10**6) | st.integers(0, 3), max_size=6)


@given(sums, st.data())
def test_a_part_is_borne_whole_and_by_none_above_its_own(sources: dict[Source, int], data: st.DataObject):
    fen = data.draw(st.integers(0, sum(sources.values())))
    borne = borne_by(fen, sources)

    assert fen == sum(borne.values())
    assert [] == [source for source, part in borne.items() if not 0 < part <= sources[source]]


@given(sums.filter(lambda sources: sum(sources.values()) > 0), st.data())
def test_lines_add_up_and_so_do_sources(sources: dict[Source, int], data: st.DataObject):
    whole = sum(sources.values())
    cuts = sorted(data.draw(st.lists(st.integers(0, whole), max_size=4)))
    paid = [("benefit", "一", end - start) for start, end in zip([0, *cuts], [*cuts, whole], strict=True)]
    lines = paid_lines(paid, sources)

    borne: Counter[Source] = Counter()
    for line in lines:
        assert line.paid == sum(line.sources.values())
        borne.update(line.sources)
    assert {source: fen for source, fen in sources.items() if fen} == {
        source: fen for source, fen in borne.items() if fen
    }


@given(sums, st.lists(st.integers(0, 10**6), max_size=5), st.sets(st.integers(0, 4)))
def test_whatever_is_disallowed_and_withdrawn_no_source_gets_back_more_than_it_bore(
    sources: dict[Source, int], wanted: list[int], withdrawn: set[int]
):
    line = PaidLine(number=1, benefit="b", clause="一", paid=sum(sources.values()), sources=sources)
    in_force: list[Disallowance] = []
    for turn, fen in enumerate(wanted):
        more = min(fen, line.paid - sum(each.fen for each in in_force))
        in_force.append(replace(WANTED, fen=more, sources=given_back(more, line, in_force)))
        if turn in withdrawn:
            in_force.pop(0)
        back = sources_of(in_force)
        assert sum(each.fen for each in in_force) == sum(back.values())
        assert [] == [source for source, part in back.items() if not 0 <= part <= sources[source]]
