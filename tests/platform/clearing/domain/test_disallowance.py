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
    disallowed = [WANTED, replace(WANTED, fen=1), replace(WANTED, settlement=8, line=1, fen=30)]
    lines = {7: LINES, 8: paid_lines([("serious", "四(三)2", 30)], {Source.city: 30})}

    assert {Source.city: 2031, Source.county: 2000} == sources_of(disallowed, lines)


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
