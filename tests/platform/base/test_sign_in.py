"""Signing in: what is asked, what works once, what is slowed down, and what of it can be read later."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory

from tuodi.core.finding import Faults
from tuodi.platform.base import lockout, sign_in, staff, totp, two_factor
from tuodi.platform.base.domain import SYSTEM, Desk
from tuodi.platform.base.models import Audit, Lockout, Recovery, Staff
from tuodi.platform.base.scope import entered
from tuodi.platform.base.sign_in import Step

NOON = datetime(2026, 11, 27, 4, tzinfo=UTC)
PASSWORD = "correct-horse-battery"


@pytest.fixture
def li(regions: dict[str, object]) -> Staff:
    """A clerk of the county, with a password of their own."""
    return clerk("li.wei", Desk.county)


@pytest.fixture(autouse=True)
def quick_hasher(settings: object) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return iter(())


def clerk(username: str, desk: Desk) -> Staff:
    with entered(SYSTEM):
        handed = staff.create(username=username, name="李伟", desk=desk, region="371502")
    handed.staff.set_password(PASSWORD)
    handed.staff.must_change_password = False
    handed.staff.save()
    return handed.staff


def enabled(person: Staff) -> tuple[str, list[str]]:
    with entered(person.scope):
        secret = two_factor.begin(staff=person).secret
        person.refresh_from_db()
        codes = two_factor.enable(staff=person, code=code(secret, NOON), now=NOON)
    return secret, codes


def code(secret: str, at: datetime) -> str:
    return totp.code_at(int(at.timestamp()) // 30, secret)


def browser(address: str = "10.0.0.1") -> HttpRequest:
    request = RequestFactory().post("/sign-in/", REMOTE_ADDR=address)
    request.session = SessionStore()
    return request


def tried(password: str, at: datetime = NOON, username: str = "li.wei", address: str = "10.0.0.1") -> Step:
    return sign_in.sign_in(browser(address), username=username, password=password, now=at).step


def acts() -> list[str]:
    return list(Audit.objects.order_by("id").values_list("act", flat=True))


def test_the_right_password_lets_in_with_a_fresh_session(li: Staff):
    request = browser()
    request.session.create()
    planted = request.session.session_key

    outcome = sign_in.sign_in(request, username="li.wei", password=PASSWORD, now=NOON)

    assert (Step.welcome, li.pk) == (outcome.step, int(request.session["_auth_user_id"]))
    assert planted != request.session.session_key
    assert ["staff.create", "staff.sign_in"] == acts()


@pytest.mark.parametrize(("username", "password"), [("li.wei", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_nobody_is_told_whether_name_or_password_was_wrong(li: Staff, username: str, password: str):
    assert Step.refused == tried(password, username=username)


def test_somebody_who_is_locked_is_nobody(li: Staff):
    with entered(SYSTEM):
        staff.lock(username="li.wei", reason="离职")

    assert Step.refused == tried(PASSWORD)


def test_with_a_second_factor_the_password_is_half_the_way(li: Staff):
    secret, _ = enabled(li)
    later, request = NOON + timedelta(minutes=2), browser()

    assert Step.code_wanted == sign_in.sign_in(request, username="li.wei", password=PASSWORD, now=later).step
    assert "_auth_user_id" not in request.session
    assert Step.refused == sign_in.confirm(request, code="000000", now=later).step
    assert Step.welcome == sign_in.confirm(request, code=code(secret, later), now=later).step


def test_a_code_works_once(li: Staff):
    secret, _ = enabled(li)
    later = NOON + timedelta(minutes=2)
    requests = [browser(), browser()]
    for request in requests:
        sign_in.sign_in(request, username="li.wei", password=PASSWORD, now=later)

    steps = [sign_in.confirm(request, code=code(secret, later), now=later).step for request in requests]

    assert [Step.welcome, Step.refused] == steps


def test_the_code_that_enabled_it_does_not_sign_in(li: Staff):
    secret, _ = enabled(li)
    request = browser()
    sign_in.sign_in(request, username="li.wei", password=PASSWORD, now=NOON)

    assert Step.refused == sign_in.confirm(request, code=code(secret, NOON), now=NOON).step


def test_a_recovery_code_works_once_however_it_is_typed(li: Staff):
    _, codes = enabled(li)
    steps = []
    for typed in (codes[3], codes[3].lower().replace("-", " ")):
        request = browser()
        sign_in.sign_in(request, username="li.wei", password=PASSWORD, now=NOON)
        steps.append(sign_in.confirm(request, code=typed, now=NOON).step)

    assert [Step.welcome, Step.refused] == steps
    assert 9 == two_factor.left(staff=li)


def test_half_the_way_ends_after_five_minutes_and_with_a_new_password(li: Staff):
    secret, _ = enabled(li)
    late, changed = browser(), browser()
    for request in (late, changed):
        sign_in.sign_in(request, username="li.wei", password=PASSWORD, now=NOON)
    after = NOON + timedelta(minutes=6)
    assert Step.refused == sign_in.confirm(late, code=code(secret, after), now=after).step

    li.refresh_from_db()
    li.set_password("another-long-password")
    li.save()
    soon = NOON + timedelta(minutes=1)
    assert Step.refused == sign_in.confirm(changed, code=code(secret, soon), now=soon).step


def test_nothing_that_signs_in_lies_open_in_the_database(li: Staff):
    secret, codes = enabled(li)
    li.refresh_from_db()
    stored = bytes(li.two_factor) + b"".join(
        bytes(index) for index in Recovery.objects.values_list("code_index", flat=True)
    )

    assert settings.SEAL.unseal(bytes(li.two_factor)) == secret
    assert [] == [each for each in (secret, *codes) if each.encode() in stored]


# ---- slowing down ----------------------------------------------------------------------------------------------------
def test_five_failures_lock_an_account_even_for_the_right_password_and_each_further_one_for_twice_as_long(li: Staff):
    assert [Step.refused] * 5 + [Step.locked] == [tried("wrong") for _ in range(5)] + [tried(PASSWORD)]

    at, waits = NOON, []
    for _ in range(9):
        outcome = sign_in.sign_in(browser(), username="li.wei", password="wrong", now=at)
        assert outcome.until is not None
        waits.append(int((outcome.until - at).total_seconds() // 60))
        at = outcome.until
        assert Step.refused == tried("wrong", at)
    assert [1, 2, 4, 8, 16, 32, 60, 60, 60] == waits


def test_a_success_forgets_the_failures(li: Staff):
    for _ in range(3):
        assert [Step.refused] * 4 + [Step.welcome] == [tried("wrong") for _ in range(4)] + [tried(PASSWORD)]


def test_failures_are_forgotten_after_a_day(li: Staff):
    for _ in range(4):
        tried("wrong")

    assert [Step.refused] * 4 == [tried("wrong", NOON + timedelta(days=2)) for _ in range(4)]
    assert Step.welcome == tried(PASSWORD, NOON + timedelta(days=2))


def test_an_address_that_guesses_at_many_accounts_is_locked_for_all(li: Staff):
    for number in range(30):
        tried("wrong", username=f"guess{number}")

    assert Step.locked == tried(PASSWORD)
    assert Step.welcome == tried(PASSWORD, address="10.0.0.2")


def test_an_office_that_signs_in_all_day_is_not_locked(li: Staff):
    assert {Step.welcome} == {tried(PASSWORD) for _ in range(40)}


def test_an_account_of_one_s_own_wins_no_guesses_at_another(li: Staff):
    clerk("zhao.min", Desk.township)
    steps = []
    for number in range(40):
        steps.append(tried("wrong", username=f"guess{number}"))
        tried(PASSWORD, username="zhao.min")

    assert 30 == steps.count(Step.refused)


def test_an_administrator_unlocks(li: Staff):
    for _ in range(5):
        tried("wrong")
    with entered(SYSTEM):
        staff.unlock(username="li.wei", reason="本人来电，已核实")

    assert Step.welcome == tried(PASSWORD)


def test_names_that_were_typed_are_not_kept(li: Staff):
    tried("x", username="my-secret-password")

    assert b"my-secret-password" not in b"".join(bytes(key) for key in Lockout.objects.values_list("key", flat=True))
    with entered(SYSTEM):
        assert 2 == lockout.prune(NOON + timedelta(days=3))


@pytest.mark.django_db(transaction=True)
def test_however_many_try_at_once_no_more_than_the_free_tries_are_looked_at(li: Staff):
    def attempt(number: int) -> Step:
        try:
            return tried("wrong", address=f"10.1.0.{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        steps = list(pool.map(attempt, range(24)))

    assert (5, 19) == (steps.count(Step.refused), steps.count(Step.locked))


@pytest.mark.django_db(transaction=True)
def test_a_code_that_comes_twice_at_once_works_once(li: Staff):
    secret, _ = enabled(li)
    later = NOON + timedelta(minutes=2)

    def spend(_: int) -> bool:
        try:
            with entered(SYSTEM):
                return two_factor.spend(staff=Staff.objects.get(pk=li.pk), code=code(secret, later), now=later)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert 1 == sum(pool.map(spend, range(8)))


def test_a_wrong_code_enables_nothing(li: Staff):
    with entered(li.scope):
        two_factor.begin(staff=li)
        li.refresh_from_db()
        with pytest.raises(Faults, match="two-factor-code"):
            two_factor.enable(staff=li, code="000000", now=NOON)
    li.refresh_from_db()
    assert li.two_factor_since is None
