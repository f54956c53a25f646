"""Institutions' credentials: told once, bound to addresses and days, each message's number good once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection

from tuodi.core.finding import Faults
from tuodi.platform.base import credential
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.models import Credential, Nonce
from tuodi.platform.base.scope import entered

HOSPITAL = "H37150200001"
CITY = Scope(desk=Desk.administrator, region="371500", staff=1)


def issued(**more: object) -> credential.Issued:
    with entered(CITY):
        return credential.issue(institution=HOSPITAL, variant="national", **more)


def found(access_key: str) -> credential.Known:
    known = credential.known(access_key)
    assert known is not None
    return known


def test_a_credential_is_found_without_a_scope_and_its_secret_lies_sealed(institutions: object):
    new = issued(addresses=["10.1.0.0/16"])
    with connection.cursor() as cursor:
        cursor.execute("set local role tuodi_app")

    known = found(new.access_key)

    assert (HOSPITAL, "371502", "national", new.secret) == (
        known.institution, known.region, known.variant, known.secret
    )  # fmt: skip
    assert 0 == Credential.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("reset role")
    assert new.secret.encode() not in bytes(Credential.objects.get().secret)
    assert new.secret not in repr(known) + repr(new)


def test_nothing_is_found_by_another_key(institutions: object):
    issued()

    assert credential.known("nothing") is None


@pytest.mark.parametrize(
    ("address", "days", "code"),
    [
        ("10.1.2.3", 0, None), ("10.2.0.1", 0, "credential-address"), ("nonsense", 0, "credential-address"),
        ("10.1.2.3", -1, "credential-expired"), ("10.1.2.3", 30, "credential-expired"),
    ],
)  # fmt: skip
def test_it_is_good_from_its_addresses_and_on_its_days(institutions: object, address: str, days: int, code: str | None):
    now = datetime.now(UTC)
    known = found(issued(addresses=["10.1.0.0/16"], ends_at=now + timedelta(days=30)).access_key)

    refusal = known.refusal(address=address, now=now + timedelta(days=days, seconds=5))

    assert code == (refusal.code if refusal else None)


def test_a_revoked_one_is_good_no_more(institutions: object):
    new = issued()
    with entered(CITY):
        credential.revoke(access_key=new.access_key, reason="更换")

    refusal = found(new.access_key).refusal(address="10.0.0.1", now=datetime.now(UTC) + timedelta(seconds=5))
    assert refusal is not None
    with entered(CITY), pytest.raises(Faults, match="credential-unknown"):
        credential.revoke(access_key="nothing", reason="x")


def test_every_fault_of_an_issue_is_told(institutions: object):
    with entered(CITY), pytest.raises(Faults) as caught:
        credential.issue(institution="H0", variant="national", addresses=["x", "10.0.0.1"])

    assert ["credential-institution", "credential-network"] == [finding.code for finding in caught.value.findings]


@pytest.mark.parametrize(
    "scope", [Scope(desk=Desk.administrator, region="370200"), Scope(desk=Desk.county, region="371502")]
)
def test_others_issue_none(institutions: object, scope: Scope):
    with pytest.raises(DatabaseError, match="row-level security"), entered(scope):
        credential.issue(institution=HOSPITAL, variant="national")


def test_a_message_s_number_is_good_once(institutions: object):
    number = found(issued().access_key).number
    with connection.cursor() as cursor:
        cursor.execute("set local role tuodi_app")

    assert [True, False, True] == [credential.spent_once(number=number, nonce=nonce) for nonce in ("1", "1", "2")]


def test_old_numbers_are_forgotten(institutions: object):
    number = found(issued().access_key).number
    credential.spent_once(number=number, nonce="1")

    with entered(SYSTEM):
        assert 0 == credential.prune(datetime.now(UTC))
        assert 1 == credential.prune(datetime.now(UTC) + timedelta(days=2))
    assert 0 == Nonce.objects.count()


@pytest.mark.django_db(transaction=True)
def test_of_many_copies_of_a_message_one_is_taken(institutions: object):
    number = found(issued().access_key).number

    def spend(_: int) -> bool:
        try:
            return credential.spent_once(number=number, nonce="same")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert 1 == sum(pool.map(spend, range(12)))
