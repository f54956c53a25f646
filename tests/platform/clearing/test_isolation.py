"""Who sees what of clearing, table by table, and what the trail keeps of each act."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from tests.platform.clearing.office import (
    ACCOUNTANT,
    APRIL,
    AT_HOSPITAL,
    CASHIER,
    CHIEF,
    CLERK,
    COUNTY,
    HOSPITAL,
    IN_MAY,
    MAY,
    cancelled,
    cleared,
    disallowed,
    drawn,
    sent,
    treated,
)
from tests.platform.settlement.town import AT_CITY, NEXT_DOOR, NEXT_HOSPITAL, OTHER_COUNTY
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.clearing import application, disallowance, reconciliation, term
from tuodi.platform.clearing.application import Claim
from tuodi.platform.clearing.domain.lateness import Terms
from tuodi.platform.clearing.reconciliation import Asked

pytestmark = pytest.mark.usefixtures("office")

OF_STATEMENTS = ("statement", "row", "part", "disallowance", "withdrawal", "release", "step", "order", "payment")
OF_HOSPITALS = ("report", "reported", "application", "application_withdrawal")
TABLES = (*OF_STATEMENTS, *OF_HOSPITALS, "term")


@pytest.fixture
def everything(office: None) -> None:
    """At least a row in every table, all of one hospital in one county."""
    first = treated("1000")
    april = drawn()
    mistaken = disallowed(april, first, "5")
    disallowed(april, first, "100")
    with entered(CLERK):
        disallowance.withdraw(disallowance=mistaken, reason="核对有误")
        terms = Terms(pay_within=20, confirm_within=5, within_year=False, basis="协议")
        term.agree(region=COUNTY, starts_on=date(2024, 1, 1), terms=terms)
    cleared(april)
    cancelled(first, on=IN_MAY)
    sent(drawn(MAY), on=date(2024, 6, 5))
    with entered(AT_HOSPITAL):
        asked = Asked(institution=HOSPITAL, first=date(2024, 4, 1), last=date(2024, 4, 30), with_refunds=True)
        reconciliation.compare_details(asked=asked, said=reconciliation.ours(asked))
        claim = Claim(
            clearing_type="21", month=MAY, first=date(2024, 5, 1), last=date(2024, 5, 31), visits=1, total=1,
            recognised=1, funds=1, cash=0, account=0,
        )  # fmt: skip
        application.withdraw(application=application.apply(institution=HOSPITAL, claim=claim))
    assert {*TABLES} == seen(SYSTEM)


def seen(scope: Scope) -> set[str]:
    """The tables in which the scope sees anything."""
    with entered(scope), connection.cursor() as cursor:
        found = set()
        for table in TABLES:
            cursor.execute(f'select count(*) from "clearing_{table}"')
            if cursor.fetchone()[0]:
                found.add(table)
        return found


@pytest.mark.parametrize(
    ("scope", "tables"),
    [
        (CLERK, {*TABLES}),
        (CASHIER, {*TABLES}),
        (AT_CITY, {*TABLES}),
        (AT_HOSPITAL, {*TABLES} - {"term"}),
        (NEXT_DOOR, set()),
        (Scope(desk=Desk.county, region=OTHER_COUNTY), set()),
        (Scope(desk=Desk.finance, region=OTHER_COUNTY), set()),
        (Scope(desk=Desk.hospital, region=COUNTY, institution=NEXT_HOSPITAL), set()),
        (Scope(desk=Desk.township, region=COUNTY), set()),
        (Scope(desk=Desk.department, region=COUNTY), set()),
        (Scope(desk=Desk.insurer, region=COUNTY), set()),
        (Scope(desk=Desk.city, region="370200"), set()),
    ],
)
def test_each_sees_its_own_alone(everything: None, scope: Scope, tables: set[str]):
    assert tables == seen(scope)


def test_a_hospital_sees_nothing_of_a_draft_but_that_something_is_drawn(office: None):
    first = treated("1000")
    april = drawn()
    disallowed(april, first, "100")
    assert {"step"} == seen(AT_HOSPITAL)
    sent(april)

    assert {"statement", "row", "part", "disallowance", "step"} == seen(AT_HOSPITAL)


def test_every_act_is_in_the_trail_with_who_did_it(office: None):
    first = treated("1000")
    april = drawn()
    disallowed(april, first, "100")
    cleared(april)
    with connection.cursor() as cursor:
        cursor.execute("select act, staff_id from base_audit where act like 'clearing.%' order by id")
        trail = cursor.fetchall()

    assert [
        ("clearing.draw", CLERK.staff),
        ("clearing.disallow", CLERK.staff),
        ("clearing.send", CLERK.staff),
        ("clearing.confirm", AT_HOSPITAL.staff),
        ("clearing.approve_business", CHIEF.staff),
        ("clearing.approve_finance", ACCOUNTANT.staff),
        ("clearing.order", ACCOUNTANT.staff),
        ("clearing.pay", CASHIER.staff),
    ] == trail
    assert APRIL < MAY
