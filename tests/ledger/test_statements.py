"""Statements add up, and say for each day what the books said."""

from __future__ import annotations

from datetime import date

import pytest

from tests.ledger.book import REGION, account, play
from tuodi.core.money import Rate
from tuodi.core.period import Period
from tuodi.ledger.account import Kind, Source
from tuodi.ledger.entry import Entry
from tuodi.ledger.journal import Journal
from tuodi.ledger.movement import Movement
from tuodi.ledger.posting import carry_over
from tuodi.ledger.statements import KindSum, account_statement, execution, fund_year, trial_balance

TWO_YEARS = """
2022-01-01 期初余额 O1
    借 县级 财政专户存款 100.00
    贷 县级 结转结余 100.00
2022-01-10 财政拨款 A1
    借 县级 财政专户存款 500.00
    贷 县级 财政拨款收入 500.00
2022-02-03 一站式救助 S1
    借 县级 医疗救助支出 300.00
    贷 县级 应付医疗机构 H1 300.00
2022-02-10 捐赠 D1
    借 社会捐赠 财政专户存款 40.00
    贷 社会捐赠 捐赠收入 40.00
2022-03-10 支付医疗机构 P1
    借 县级 应付医疗机构 H1 200.00
    贷 县级 财政专户存款 200.00
2022-06-01 参保资助 E1
    借 县级 参保资助支出 150.00
    贷 县级 应付参保资助 150.00
2022-12-01 调剂 T1
    借 县级 调剂 20.00
    贷 县级 财政专户存款 20.00
    借 371522 县级 财政专户存款 20.00
    贷 371522 县级 调剂 20.00
2023-01-09 财政拨款 A2
    借 县级 财政专户存款 600.00
    贷 县级 财政拨款收入 600.00
2023-02-01 一站式救助 C1 发生 2022-02-03 冲销 S1                     => owed-below-zero
    贷 县级 医疗救助支出 300.00
    借 县级 应付医疗机构 H1 300.00
2023-02-01 扣减 X1 发生 2022-02-03
    贷 县级 医疗救助支出 30.00
    借 县级 应付医疗机构 H1 30.00
"""

YEAR_2022 = Period(start=date(2022, 1, 1), end=date(2023, 1, 1))


def test_a_trial_balance_has_openings_turnover_and_closings() -> None:
    rows = trial_balance(play(TWO_YEARS).records, Period(start=date(2022, 3, 1), end=date(2023, 1, 1)))

    assert [
        ("371521 县级 财政专户存款", 60000, 0, 22000, 38000),
        ("371521 县级 应付医疗机构 H1", -30000, 20000, 0, -10000),
        ("371521 县级 应付参保资助", 0, 0, 15000, -15000),
        ("371521 县级 结转结余", -10000, 0, 0, -10000),
        ("371521 县级 调剂", 0, 2000, 0, 2000),
        ("371521 县级 财政拨款收入", -50000, 0, 0, -50000),
        ("371521 县级 医疗救助支出", 30000, 0, 0, 30000),
        ("371521 县级 参保资助支出", 0, 15000, 0, 15000),
        ("371521 社会捐赠 财政专户存款", 4000, 0, 0, 4000),
        ("371521 社会捐赠 捐赠收入", -4000, 0, 0, -4000),
        ("371522 县级 财政专户存款", 0, 2000, 0, 2000),
        ("371522 县级 调剂", 0, 0, 2000, -2000),
    ] == [(str(row.account), row.opening, row.debits, row.credits, row.closing) for row in rows]
    assert 0 == sum(row.opening for row in rows) == sum(row.closing for row in rows)
    assert sum(row.debits for row in rows) == sum(row.credits for row in rows)


def test_an_accounts_statement_runs_from_line_to_line() -> None:
    statement = account_statement(play(TWO_YEARS).records, account("县级 财政专户存款"), YEAR_2022)

    assert 0 == statement.opening
    assert [("O1", 10000, 10000), ("A1", 50000, 60000), ("P1", -20000, 40000), ("T1", -2000, 38000)] == [
        (row.entry.cause, row.fen, row.balance) for row in statement.rows
    ]
    assert 38000 == statement.closing


def test_a_quiet_account_closes_as_it_opened() -> None:
    statement = account_statement(
        play(TWO_YEARS).records, account("县级 应付参保资助"), Period(start=date(2023, 1, 1), end=None)
    )

    assert (-15000, (), -15000) == (statement.opening, statement.rows, statement.closing)


def test_a_funds_year_goes_from_opening_to_closing() -> None:
    year = fund_year(play(TWO_YEARS).records, region=REGION, year=2022)

    assert 10000 == year.opening
    assert (KindSum(kind=Kind.appropriation, fen=50000), KindSum(kind=Kind.donation, fen=4000)) == year.income
    assert (KindSum(kind=Kind.relief, fen=30000), KindSum(kind=Kind.premium_subsidy, fen=15000)) == year.spending
    assert -2000 == year.transferred
    # 100 + 540 - 20 - 450
    assert 17000 == year.closing
    # 170 / 540 = 31.48 %
    assert Rate(basis_points=3148) == year.surplus_ratio
    assert year.exceeds()


def test_a_year_can_be_told_of_one_source_alone() -> None:
    year = fund_year(play(TWO_YEARS).records, region=REGION, year=2022, source=Source.donation)

    assert (0, 4000, 0, 4000) == (year.opening, year.raised, year.spent, year.closing)


def test_the_next_year_opens_where_this_one_closed_and_bears_its_corrections() -> None:
    year = fund_year(play(TWO_YEARS).records, region=REGION, year=2023)

    assert (17000, 60000, -3000, 80000) == (year.opening, year.raised, year.spent, year.closing)


def test_the_carry_over_moves_no_years_figures() -> None:
    journal = play(TWO_YEARS)
    until = Journal(record for record in journal.records if record.booked_on.year == 2022)
    lines = carry_over(until.balances, region=REGION)
    day = date(2022, 12, 31)
    journal.post(
        Entry(
            cause="Y1",
            movement=Movement.carry_over,
            booked_on=day,
            happened_on=day,
            known_on=day,
            lines=lines,
            reason="",
        )
    )

    for year in (2022, 2023):
        assert fund_year(play(TWO_YEARS).records, region=REGION, year=year) == fund_year(
            journal.records, region=REGION, year=year
        )


@pytest.mark.parametrize(
    ("raised", "spent", "ratio", "exceeds"),
    [
        ("100.00", "85.00", 1500, False),  # just 15 %
        ("100.00", "84.99", 1501, True),
        ("10000.00", "8499.99", 1500, True),  # 15.0001 %: more, though it is shown as 15 %
        ("100.00", "100.00", 0, False),
        ("100.00", "100.01", None, False),  # a deficit
    ],
)
def test_the_surplus_is_held_against_what_was_raised(raised: str, spent: str, ratio: int | None, exceeds: bool) -> None:
    journal = play(
        f"""
        2022-01-10 财政拨款 A1
            借 县级 财政专户存款 {raised}
            贷 县级 财政拨款收入 {raised}
        2022-02-03 手工救助 S1
            借 县级 医疗救助支出 {spent}
            贷 县级 应付个人 K1 {spent}
        """
    )
    year = fund_year(journal.records, region=REGION, year=2022)

    assert (None if ratio is None else Rate(basis_points=ratio)) == year.surplus_ratio
    assert exceeds == year.exceeds()


def test_a_surplus_without_income_has_no_ratio_and_exceeds_any_limit() -> None:
    journal = play("2022-01-01 期初余额 O1\n 借 县级 财政专户存款 0.01\n 贷 县级 结转结余 0.01")
    year = fund_year(journal.records, region=REGION, year=2022)

    assert year.surplus_ratio is None
    assert year.exceeds()


A_BUDGET = """
2022-12-20 批准预算 B0
    贷 县级 批准预算 900.00
    借 县级 可用预算 900.00
2023-01-05 批准预算 B1
    贷 县级 批准预算 500.00
    借 县级 可用预算 500.00
2023-01-09 财政拨款 A1
    借 县级 财政专户存款 400.00
    贷 县级 财政拨款收入 400.00
2023-02-01 占用预算 C1
    借 县级 已占用预算 60.00
    贷 县级 可用预算 60.00
2023-02-03 一站式救助 S1
    借 县级 医疗救助支出 300.00
    贷 县级 应付医疗机构 H1 300.00
2023-03-03 支付医疗机构 P1
    借 县级 应付医疗机构 H1 250.00
    贷 县级 财政专户存款 250.00
2023-03-04 捐赠 D1
    借 社会捐赠 财政专户存款 40.00
    贷 社会捐赠 捐赠收入 40.00
2023-04-01 追回 R1
    借 县级 应收退回 H1 20.00
    贷 县级 医疗救助支出 20.00
2024-01-05 一站式救助 S2
    借 县级 医疗救助支出 7.00
    贷 县级 应付医疗机构 H1 7.00
"""


def test_a_budget_is_told_by_source_with_what_is_left_of_it() -> None:
    county, donations = execution(play(A_BUDGET).records, region=REGION, year=2023)

    assert (Source.county, 50000, 6000, 28000, 16000) == (
        county.source, county.budget, county.committed, county.used, county.left,
    )  # fmt: skip
    assert (15000, 5000, 2000) == (county.bank, county.payable, county.due)
    assert (Source.donation, 0, 4000) == (donations.source, donations.left, donations.bank)


def test_carrying_a_year_over_leaves_how_its_budget_was_carried_out() -> None:
    journal = play(A_BUDGET)
    before = execution(journal.records, region=REGION, year=2023)
    lines = carry_over({each: fen for each, fen in journal.balances.items() if fen}, region=REGION)
    journal.post(
        Entry(
            cause="carry", movement=Movement.carry_over, booked_on=date(2023, 12, 31), happened_on=date(2023, 12, 31),
            known_on=date(2023, 12, 31), lines=lines, reason="",
        )
    )  # fmt: skip

    assert before == execution(journal.records, region=REGION, year=2023)
