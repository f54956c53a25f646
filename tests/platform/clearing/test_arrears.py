"""Terms, silence, and what is late."""

from __future__ import annotations

from datetime import date

import pytest

from tests.platform.clearing.office import (
    APRIL,
    AT_HOSPITAL,
    CLERK,
    COUNTY,
    HOSPITAL,
    IN_MAY,
    MAY,
    cleared,
    drawn,
    refused,
    sent,
    status,
    treated,
)
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from tuodi.platform.clearing import arrears, statement, term
from tuodi.platform.clearing.domain.lateness import Terms
from tuodi.platform.clearing.domain.steps import Status

pytestmark = pytest.mark.usefixtures("office")

AGREED = Terms(pay_within=20, confirm_within=5, within_year=False, basis="服务协议第十二条")


def agree(terms: Terms = AGREED, *, institution: str = "", starts_on: date = date(2024, 1, 1)) -> None:
    with entered(CLERK):
        term.agree(region=COUNTY, starts_on=starts_on, terms=terms, institution=institution)


def late(on: date) -> list[tuple[str, int, int | None, str]]:
    """Month, relief, days over, and where it stands."""
    with entered(CLERK):
        return [
            (str(due.month), due.relief, due.lateness and due.lateness.days, str(due.status or ""))
            for due in arrears.late(year=2024, on=on)
        ]


def test_the_institution_s_own_terms_go_before_the_county_s_and_later_ones_before_earlier():
    agree()
    agree(Terms(pay_within=10, confirm_within=None, within_year=False, basis="协议"), institution=HOSPITAL)
    agree(Terms(pay_within=15, confirm_within=None, within_year=True, basis="补充"), starts_on=date(2024, 6, 1))
    with entered(CLERK):
        found = [
            term.of(COUNTY, institution, on)
            for institution, on in [
                (HOSPITAL, IN_MAY),
                ("H9", IN_MAY),
                ("H9", date(2024, 6, 1)),
                ("H9", date(2023, 1, 1)),
            ]
        ]

    assert [10, 20, 15, None] == [None if terms is None else terms.pay_within for terms in found]


def test_terms_have_a_basis_and_days():
    assert ["term-basis", "term-days"] == refused(
        agree, Terms(pay_within=0, confirm_within=5, within_year=False, basis=" ")
    )


def test_silence_counts_as_consent_once_the_agreed_days_are_over():
    agree()
    treated("1000")
    number = drawn()
    sent(number, on=date(2024, 5, 6))  # 7 to 10 May, and Saturday the 11th, which is worked
    with entered(CLERK):
        assert ["statement-not-lapsed"] == refused(statement.lapse, statement=number, on=date(2024, 5, 11))
        statement.lapse(statement=number, on=date(2024, 5, 12))

    assert Status.confirmed is status(number)


def test_without_an_agreement_silence_is_no_consent():
    treated("1000")
    number = drawn()
    sent(number)
    with entered(CLERK):
        assert ["statement-not-lapsed"] == refused(statement.lapse, statement=number, on=date(2024, 12, 31))
    with entered(AT_HOSPITAL):
        assert ["statement-desk"] == refused(statement.lapse, statement=number, on=date(2024, 12, 31))


def test_everything_settled_in_the_year_is_listed_with_how_late_it_is():
    agree()
    treated("1000")
    treated("300", on=IN_MAY)
    number = drawn()
    # April's are due on 30 May, the 20th working day of the month; May's on 1 July.
    assert [("2024-04", 50_000, 1, "已生成"), ("2024-05", 15_000, 0, "")] == late(date(2024, 5, 31))
    cleared(number, on=date(2024, 6, 3))

    assert [("2024-04", 50_000, 4, "已支付"), ("2024-05", 15_000, 0, "")] == late(date(2024, 7, 1))
    drawn(MAY)
    assert [("2024-04", 50_000, 4, "已支付"), ("2024-05", 15_000, 3, "已生成")] == late(date(2024, 7, 4))


def test_within_the_year_means_by_its_last_day():
    agree(Terms(pay_within=None, confirm_within=None, within_year=True, basis="甬医保发〔2019〕27号 四(四)"))
    treated("1000", on=date(2024, 12, 30))

    assert [("2024-12", 50_000, 0, "")] == late(date(2024, 12, 31))
    assert [("2024-12", 50_000, 5, "")] == late(date(2025, 1, 5))


def test_without_terms_nothing_is_late_and_without_holidays_it_says_so():
    treated("1000")
    assert [("2024-04", 50_000, None, "")] == late(date(2024, 12, 31))
    agree()
    with entered(SYSTEM):
        (due,) = arrears.late(year=2024, on=date(2090, 1, 1))

    assert ("holidays-unknown", None) == (due.finding and due.finding.code, due.lateness)
    assert APRIL == due.month
