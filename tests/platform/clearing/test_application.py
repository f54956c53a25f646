"""Applications for clearing: once a type and month, again the same, withdrawn until approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.platform.clearing.office import (
    APRIL,
    AT_HOSPITAL,
    CLERK,
    HOSPITAL,
    approved,
    confirmed,
    drawn,
    refused,
    sent,
    treated,
)
from tests.platform.settlement.town import NEXT_HOSPITAL, OTHER_COUNTY
from tuodi.platform.base.domain import Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.clearing import application, models, selectors
from tuodi.platform.clearing.application import Claim

pytestmark = pytest.mark.usefixtures("office")

CLAIM = Claim(
    clearing_type="21", month=APRIL, first=date(2024, 4, 1), last=date(2024, 4, 30), visits=1, total=100_000,
    recognised=100_000, funds=50_000, cash=50_000, account=0,
)  # fmt: skip


def applied(claim: Claim = CLAIM) -> int:
    with entered(AT_HOSPITAL):
        return application.apply(institution=HOSPITAL, claim=claim)


def withdrawn(number: int) -> None:
    with entered(AT_HOSPITAL):
        application.withdraw(application=number)


def test_the_same_application_is_made_once():
    assert applied() == applied()
    assert applied() != applied(replace(CLAIM, clearing_type="11"))


def test_another_one_waits_until_the_first_is_withdrawn():
    first = applied()
    assert ["application-twice"] == refused(applied, replace(CLAIM, visits=2))
    withdrawn(first)
    withdrawn(first)

    assert first != applied(replace(CLAIM, visits=2))


def test_applications_are_listed_with_their_figures():
    first = applied()
    withdrawn(first)
    second = applied(replace(CLAIM, visits=2))
    with entered(CLERK):
        listed = selectors.applications(month=APRIL)

    assert [(second, 2, False), (first, 1, True)] == [(each.id, each.claim.visits, each.withdrawn) for each in listed]


def test_everything_wrong_with_an_application_is_told():
    assert ["application-days", "application-visits"] == refused(
        applied, replace(CLAIM, last=date(2024, 5, 1), visits=-1)
    )


def test_it_is_not_withdrawn_once_its_month_is_approved():
    treated("1000")
    claimed, number = applied(), drawn()
    confirmed(number, sent(number))
    approved(number)

    assert ["application-cleared"] == refused(withdrawn, claimed)


def test_another_hospital_neither_sees_nor_withdraws_it():
    claimed = applied()
    with entered(Scope(desk=Desk.hospital, region=OTHER_COUNTY, institution=NEXT_HOSPITAL)):
        assert 0 == models.Application.objects.count()
        assert ["application-unknown"] == refused(application.withdraw, application=claimed)
