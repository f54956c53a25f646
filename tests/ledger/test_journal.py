"""The journal takes what is right, once, and refuses the rest without a trace."""

from __future__ import annotations

from datetime import date

import pytest

from tests.ledger.book import REGION, account, play, records
from tuodi.core.finding import Faults
from tuodi.core.month import Month
from tuodi.ledger.entry import Entry
from tuodi.ledger.journal import Journal

ONE_RELIEF = """
2022-05-03 一站式救助 S1
    借 县级 医疗救助支出 50.00
    贷 县级 应付医疗机构 H1 50.00
"""


def test_an_entry_moves_its_accounts() -> None:
    journal = play(ONE_RELIEF)

    assert {account("县级 医疗救助支出"): 5000, account("县级 应付医疗机构 H1"): -5000} == journal.balances


def test_the_same_entry_again_changes_nothing() -> None:
    journal = play(ONE_RELIEF)
    (again,) = records(ONE_RELIEF)
    assert isinstance(again, Entry)

    assert not journal.post(again)
    assert (again,) == journal.records


def test_another_entry_with_the_cause_is_refused() -> None:
    play(
        ONE_RELIEF
        + """
        2022-05-03 一站式救助 S1                                   => cause-taken
            借 县级 医疗救助支出 50.01
            贷 县级 应付医疗机构 H1 50.01
        """
    )


def test_a_reversal_takes_an_entry_back_once_and_whole() -> None:
    journal = play(
        ONE_RELIEF
        + """
        ; one fen less
        2022-05-04 一站式救助 C1 发生 2022-05-03 冲销 S1           => reversal-differs
            贷 县级 医疗救助支出 49.99
            借 县级 应付医疗机构 H1 49.99
        ; the day on which it happened is lost
        2022-05-04 一站式救助 C1 冲销 S1                           => reversal-differs
            贷 县级 医疗救助支出 50.00
            借 县级 应付医疗机构 H1 50.00
        2022-05-04 一站式救助 C1 发生 2022-05-03 冲销 S9           => reversal-of-nothing
            贷 县级 医疗救助支出 50.00
            借 县级 应付医疗机构 H1 50.00
        2022-05-04 一站式救助 C1 发生 2022-05-03 冲销 S1
            贷 县级 医疗救助支出 50.00
            借 县级 应付医疗机构 H1 50.00
        ; once more: nothing is left to be taken back either
        2022-05-05 一站式救助 C2 发生 2022-05-03 冲销 S1           => reversal-twice owed-below-zero
            贷 县级 医疗救助支出 50.00
            借 县级 应付医疗机构 H1 50.00
        2022-05-05 一站式救助 C3 发生 2022-05-03 冲销 C1           => reversal-of-reversal
            借 县级 医疗救助支出 50.00
            贷 县级 应付医疗机构 H1 50.00
        """
    )

    assert {0} == set(journal.balances.values())


def test_reverse_writes_the_mirror_itself() -> None:
    journal = play(ONE_RELIEF)
    days = {"booked_on": date(2022, 5, 4), "known_on": date(2022, 5, 4)}

    assert journal.reverse("S1", cause="C1", reason="撤销", **days)
    assert not journal.reverse("S1", cause="C1", reason="撤销", **days)
    assert {0} == set(journal.balances.values())
    assert date(2022, 5, 3) == journal.entry("C1").happened_on


def test_what_is_not_booked_cannot_be_reversed() -> None:
    with pytest.raises(Faults, match="没有事由为 S1 的分录") as raised:
        Journal().reverse("S1", cause="C1", booked_on=date.max, known_on=date.max, reason="")

    assert ["entry-unknown"] == [finding.code for finding in raised.value.findings]


def test_a_closed_month_takes_no_entry_and_a_correction_goes_into_an_open_one() -> None:
    journal = play(
        ONE_RELIEF
        + """
        2022-06-01 关账 2022-05
        2022-05-31 一站式救助 S2                                   => month-closed
            借 县级 医疗救助支出 1.00
            贷 县级 应付医疗机构 H1 1.00
        ; an earlier month is closed with it
        2022-04-30 一站式救助 S2                                   => month-closed
            借 县级 医疗救助支出 1.00
            贷 县级 应付医疗机构 H1 1.00
        ; in June, with the day on which it happened
        2022-06-02 一站式救助 C1 发生 2022-05-03 冲销 S1
            贷 县级 医疗救助支出 50.00
            借 县级 应付医疗机构 H1 50.00
        ; another region closes its own months
        2022-05-31 一站式救助 S3
            借 371522 县级 医疗救助支出 1.00
            贷 371522 县级 应付医疗机构 H1 1.00
        """
    )

    assert Month(2022, 5) == journal.closed_until(REGION)
    assert journal.closed_until("371522") is None


def test_months_close_in_order_and_once_they_are_over() -> None:
    journal = play(
        """
        2022-05-31 关账 2022-05                                    => month-not-over
        2022-06-01 关账 2022-05
        2022-08-01 关账 2022-07                                    => month-out-of-order
        2022-07-01 关账 2022-05                                    => month-out-of-order
        2022-07-01 关账 2022-06
        2022-07-02 关账 371522 2022-01
        """
    )

    assert not journal.close(REGION, Month(2022, 6), closed_on=date(2022, 7, 1))
    assert 3 == len(journal.records)


@pytest.mark.parametrize(
    ("day", "regions", "booked"),
    [
        ("2022-05-31", [REGION], "2022-07-01"),
        ("2022-07-15", [REGION], "2022-07-15"),
        ("2022-05-31", ["371522"], "2022-05-31"),
        ("2022-05-31", ["371522", REGION], "2022-07-01"),
    ],
)
def test_a_late_correction_finds_its_day(day: str, regions: list[str], booked: str) -> None:
    journal = play("2022-07-01 关账 2022-06")

    assert date.fromisoformat(booked) == journal.booking_day(date.fromisoformat(day), *regions)


def test_no_more_is_paid_than_is_owed_and_to_whom() -> None:
    play(
        ONE_RELIEF
        + """
        2022-06-10 支付医疗机构 P1                                 => owed-below-zero
            借 县级 应付医疗机构 H1 50.01
            贷 县级 财政专户存款 50.01
        ; H1's money is not owed to H2, nor is it the city's
        2022-06-10 支付医疗机构 P1                                 => owed-below-zero
            借 县级 应付医疗机构 H2 50.00
            贷 县级 财政专户存款 50.00
        2022-06-10 支付医疗机构 P1                                 => owed-below-zero
            借 市级 应付医疗机构 H1 50.00
            贷 市级 财政专户存款 50.00
        2022-06-10 支付医疗机构 P1
            借 县级 应付医疗机构 H1 50.00
            贷 县级 财政专户存款 50.00
        """
    )


def test_what_is_paid_already_is_claimed_back_before_it_is_reversed() -> None:
    journal = play(
        ONE_RELIEF
        + """
        2022-06-10 支付医疗机构 P1
            借 县级 应付医疗机构 H1 50.00
            贷 县级 财政专户存款 50.00
        2022-06-12 一站式救助 C1 发生 2022-05-03 冲销 S1           => owed-below-zero
            贷 县级 医疗救助支出 50.00
            借 县级 应付医疗机构 H1 50.00
        2022-06-12 医疗机构应退 R1
            借 县级 应收退回 H1 50.00
            贷 县级 应付医疗机构 H1 50.00
        2022-06-12 一站式救助 C1 发生 2022-05-03 冲销 S1
            贷 县级 医疗救助支出 50.00
            借 县级 应付医疗机构 H1 50.00
        2022-07-01 退回 B1
            借 县级 财政专户存款 50.00
            贷 县级 应收退回 H1 50.00
        ; nobody gives back more than is claimed
        2022-07-02 退回 B2                                         => owed-below-zero
            借 县级 财政专户存款 0.01
            贷 县级 应收退回 H1 0.01
        """
    )

    assert {0} == set(journal.balances.values())


@pytest.mark.parametrize(
    ("invariant", "text"),
    [
        ("INV-15", "2022-05-03 利息 I1\n 借 县级 财政专户存款 1.00\n 贷 县级 利息收入 0.99"),
        ("INV-15", "2022-05-03 利息 I1"),
        ("INV-21", "2022-05-03 利息 I1 发生 2022-05-04\n 借 县级 财政专户存款 1.00\n 贷 县级 利息收入 1.00"),
        ("INV-23", "2022-05-03 利息 I1\n 借 县级 财政专户存款 1.00\n 贷 县级 捐赠收入 1.00"),
        ("INV-16", "2022-05-03 调剂 T1\n 借 县级 财政专户存款 1.00\n 贷 县级 调剂 1.00"),
    ],
)
def test_an_entry_that_is_wrong_in_itself_is_a_bug(invariant: str, text: str) -> None:
    with pytest.raises(AssertionError, match=invariant):
        play(text)


def test_a_journal_is_rebuilt_from_its_records() -> None:
    journal = play(ONE_RELIEF + "2022-06-01 关账 2022-05")
    again = Journal(journal.records)

    assert journal.records == again.records
    assert journal.balances == again.balances
    assert Month(2022, 5) == again.closed_until(REGION)
