"""Every address, tried as every desk of two cities: who is let in, who is told no, and who is told nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, reverse

from tests.console.conftest import Offices, SignIn, Town
from tests.console.payees import booked_voucher, ordered_paper
from tests.platform.settlement.town import HOSPITAL
from tuodi.console.menu import ROOMS
from tuodi.console.urls import urlpatterns
from tuodi.platform.base.domain import Desk
from tuodi.platform.registry.models import Insurance, Status
from tuodi.platform.settlement.models import Policy

ALL = set(Desk) - {Desk.system}
A, C, H = {Desk.administrator}, {Desk.county}, {Desk.hospital}
TRAIL = {Desk.county, Desk.finance, Desk.city, Desk.supervisor, Desk.administrator}
FUND = {Desk.county, Desk.finance, Desk.city, Desk.supervisor}
BILLS = FUND | H
HAND_IN = {Desk.county, Desk.department}
ROSTERS = HAND_IN | {Desk.city, Desk.supervisor}
WATCH = {Desk.county, Desk.city, Desk.supervisor}
FIND = {Desk.county, Desk.township, Desk.department, Desk.city, Desk.supervisor, Desk.insurer}

MAY: dict[str, set[Desk]] = {
    "home": ALL, "password": ALL, "two-factor": ALL, "policies": ALL, "policy": ALL,
    "search": FIND, "ending": FIND, "person": FIND, "enrol": {Desk.county, Desk.township},
    "grant-status": HAND_IN, "change-status": HAND_IN, "begin-insurance": C, "change-insurance": C,
    "household": C, "correct-person": C, "hand-over": C,
    "rosters": ROSTERS, "roster": ROSTERS, "upload-roster": HAND_IN,
    "roster-template": HAND_IN, "roster-paper": ROSTERS, "decide-roster": HAND_IN,
    "counter": H, "settle-by-hand": C, "resettle": C, "proposals": WATCH, "proposal": WATCH, "cancel": C | H,
    "correct": C | H, "resettled": WATCH, "opening": C,
    "new-policy": {Desk.city}, "draft-policy": {Desk.city}, "draft": {Desk.city},
    "settlements": BILLS, "settlement": BILLS, "ledger": FUND, "account-lines": FUND, "entry": FUND,
    "clearing": BILLS, "statement": BILLS, "statement-rows": BILLS,
    "late-clearing": FUND, "clearing-terms": FUND, "refunds": FUND,
    "draw-statements": C, "disallow-earlier": C, "disallow": C, "withdraw-disallowance": C,
    "act-on-statement": H, "refund": {Desk.finance},
    "payment-orders": FUND, "owed-persons": FUND, "payment-order": FUND, "payee-account": C, "act-on-order": C,
    "person-refund": {Desk.finance}, "order-payees": {Desk.finance}, "return-payment": {Desk.finance},
    "close-month": FUND, "vouchers": FUND, "voucher": FUND,
    "prepare-voucher": {Desk.finance, Desk.city}, "reverse-voucher": {Desk.finance, Desk.city},
    "staff": A, "new-staff": A, "account": A, "account-act": A,
    "regions": A, "new-institution": A, "agreement": A, "end-agreement": A,
    "institutions": A, "institution": A, "revoke-credential": A, "holidays": A, "trail": TRAIL,
}  # fmt: skip
"""Which desks a page is for. A new address must be written here, or the first test fails."""

WITHOUT_SCOPE = {"sign-in", "sign-out"}
SCOPED = [pattern for pattern in urlpatterns if pattern.name not in WITHOUT_SCOPE]


@pytest.fixture
def _quiet() -> Iterator[None]:
    """Hundreds of refusals are meant here, and each would be logged with its way."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def test_every_address_has_its_desks_written_here() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(MAY) | WITHOUT_SCOPE


def test_a_navigation_leads_nobody_where_they_may_not_go() -> None:
    assert [] == [room.label for room in ROOMS if not room.desks <= MAY[room.page]]


def records(offices: Offices, town: Town) -> dict[str, dict[str, Any]]:
    """Arguments for each address that takes some: records of the first city."""
    township = offices[Desk.township, "3715"].pk
    paper, order, item = ordered_paper()
    by_hand = booked_voucher()
    status = Status.objects.get(person_id=town.person).pk
    insured = Insurance.objects.get(person_id=town.person).pk
    return {
        "voucher": {"number": by_hand},
        "prepare-voucher": {"name": "transfer"},
        "reverse-voucher": {"cause": f"voucher:{by_hand}"},
        "payee-account": {"settlement": paper},
        "person-refund": {"settlement": paper},
        "payment-order": {"number": order},
        "order-payees": {"number": order},
        "act-on-order": {"number": order, "verb": "approve"},
        "return-payment": {"number": order, "item": item},
        "account": {"number": township},
        "account-act": {"number": township, "name": "lock"},
        "institution": {"code": HOSPITAL},
        "agreement": {"code": HOSPITAL},
        "end-agreement": {"code": HOSPITAL},
        "revoke-credential": {"code": HOSPITAL, "access_key": "none"},
        "settlement": {"number": town.first},
        "policy": {"number": town.policy},
        "person": {"number": town.person},
        "grant-status": {"number": town.person},
        "change-status": {"number": town.person, "row": status, "verb": "end"},
        "begin-insurance": {"number": town.person},
        "change-insurance": {"number": town.person, "row": insured, "verb": "correct"},
        "household": {"number": town.person},
        "correct-person": {"number": town.person},
        "hand-over": {"number": town.person},
        "settle-by-hand": {"number": town.person},
        "resettle": {"number": town.person},
        "cancel": {"number": town.first},
        "correct": {"number": town.first},
        "resettled": {"number": town.policy},
        "opening": {"number": town.person},
        "draft": {"number": town.draft},
        "draft-policy": {"document": Policy.objects.get(pk=town.policy).document_id},
        "roster": {"number": town.roster},
        "roster-paper": {"number": town.roster},
        "roster-template": {"department": "civil_affairs", "mode": "full"},
        "decide-roster": {"number": town.roster, "verb": "discard"},
        "proposal": {"number": town.proposal},
        "account-lines": {"region": "371502", "source": "county", "kind": "relief", "shown": 2024},
        "statement": {"number": town.statement},
        "statement-rows": {"number": town.statement, "form": "csv"},
        "disallow-earlier": {"number": town.statement},
        "disallow": {"number": town.statement, "settlement": town.second},
        "withdraw-disallowance": {"number": town.statement, "disallowed": town.disallowance},
        "act-on-statement": {"number": town.statement, "verb": "confirm"},
        "refund": {"code": HOSPITAL},
        "entry": {"cause": f"settlement:{town.first}"},
    }


@pytest.mark.usefixtures("_quiet")
def test_every_address_answers_its_desks_and_no_other(signed_in: SignIn, offices: Offices, settled_town: Town) -> None:
    arguments = records(offices, settled_town)
    assert set(arguments) == {
        pattern.name for pattern in SCOPED if pattern.pattern.converters or "P<" in str(pattern.pattern)
    }

    for city in ("3715", "3702"):
        for desk in sorted(ALL, key=lambda desk: desk.name):
            browser = signed_in(desk, city)
            answers = {
                pattern.name: browser.get(reverse(pattern.name, kwargs=arguments.get(pattern.name))).status_code
                for pattern in SCOPED
            }
            assert (city, desk, expected(desk, city, arguments)) == (city, desk, answers)


def expected(desk: Desk, city: str, arguments: dict[str, Any]) -> dict[str, int]:
    """200 for one's own, 403 for another desk's, 404 for another city's records."""
    return {pattern.name: _expected(pattern, desk, city, arguments) for pattern in SCOPED}


def _expected(pattern: URLPattern, desk: Desk, city: str, arguments: dict[str, Any]) -> int:
    if desk not in MAY[pattern.name]:
        return 403
    if pattern.name in (
        "roster-template",
        "draft-policy",
        "prepare-voucher",
    ):  # a form, a document: nobody's record
        return 200
    if pattern.name == "revoke-credential" or (pattern.name in arguments and city != "3715"):
        return 404
    return 302 if pattern.name in ("decide-roster", "disallow-earlier") else 200


def test_who_has_not_signed_in_is_asked_to(offices: Offices, settled_town: Town, client: Any) -> None:
    arguments = records(offices, settled_town)
    answers = [client.get(reverse(pattern.name, kwargs=arguments.get(pattern.name))) for pattern in SCOPED]
    assert {302} == {answer.status_code for answer in answers}
    assert {"/sign-in/"} == {answer.headers["Location"].partition("?")[0] for answer in answers}
