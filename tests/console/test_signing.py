"""Signing in by pages: one's duties first, the second factor, never on to another server, and out again."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.test import Client

from tests.console.conftest import PASSWORD, Offices, SignIn
from tuodi.platform.base import staff as acts
from tuodi.platform.base.domain import SYSTEM, Desk
from tuodi.platform.base.scope import entered
from tuodi.platform.base.totp import SECONDS, code_at

pytestmark = pytest.mark.django_db
NEW = "一句自己想得起来的话"


def entering(client: Client, username: str, password: str = PASSWORD, next_: str = "/") -> Any:
    return client.post("/sign-in/", {"username": username, "password": password, "next": next_})


def test_signing_in_leads_to_where_somebody_wanted_to_go(offices: Offices, client: Client) -> None:
    asked = client.get("/trail/?act=staff.sign_in")
    assert "/sign-in/?next=/trail/%3Fact%3Dstaff.sign_in" == asked.headers["Location"]

    assert "/trail/?act=staff.sign_in" == entering(client, "county3715", next_="/trail/?act=staff.sign_in").url


def test_signing_in_never_leads_to_another_server(offices: Offices, client: Client) -> None:
    assert "/" == entering(client, "county3715", next_="https://example.com/").url


def test_a_wrong_password_is_told_without_saying_what_was_wrong(offices: Offices, client: Client) -> None:
    known, unknown = (entering(client, name, "wrong").content.decode() for name in ("county3715", "nobody"))

    assert "用户名、密码或动态码不正确" in known
    assert "用户名、密码或动态码不正确" in unknown


def test_a_password_that_was_handed_out_is_changed_before_anything_else(offices: Offices, client: Client) -> None:
    with entered(SYSTEM):
        handed = acts.reset_password(username="township3715", reason="忘记密码")
    entering(client, "township3715", handed.password)

    assert "/password/" == client.get("/people/").headers["Location"]
    short = client.post("/password/", {"old": handed.password, "new": "short", "again": "other"}).content.decode()
    assert "两次输入的新密码不一样" in short
    changed = client.post("/password/", {"old": handed.password, "new": NEW, "again": NEW})
    assert "/" == changed.headers["Location"]
    assert 200 == client.get("/people/").status_code


def test_who_may_move_money_enrols_a_second_factor_and_signs_in_with_it(
    offices: Offices, client: Client, settings: Any
) -> None:
    settings.TWO_FACTOR_REQUIRED = True
    entering(client, "county3715")
    assert "/two-factor/" == client.get("/settlements/").headers["Location"]
    page = client.get("/two-factor/").content.decode()
    assert '<svg class="qr"' in page
    (secret,) = re.findall(r"<p class=\"number\">([A-Z2-7]{32})</p>", page)

    assert "动态码不正确" in client.post("/two-factor/", {"code": "000000"}).content.decode()
    enabled = client.post("/two-factor/", {"code": now(secret)}).content.decode()
    codes = re.findall(r"<li>([A-Z2-9]{5}-[A-Z2-9]{5})</li>", enabled)
    assert 10 == len(codes)

    client.post("/sign-out/")
    assert "输入动态码" in entering(client, "county3715").content.decode()
    assert "/" == client.post("/sign-in/", {"code": codes[0], "next": "/"}).headers["Location"]
    assert 200 == client.get("/settlements/").status_code


def now(secret: str) -> str:
    """The code that the telephone shows."""
    return code_at(int(time.time()) // SECONDS, secret)


def test_signing_out_ends_the_session_and_only_by_posting(signed_in: SignIn) -> None:
    browser = signed_in(Desk.county)
    assert 405 == browser.get("/sign-out/").status_code
    browser.post("/sign-out/")

    assert 302 == browser.get("/").status_code


@pytest.mark.parametrize(
    ("address", "status", "says"), [("/nowhere/", 404, "没有这一页"), ("/staff/", 403, "这里不归您的岗位办理")]
)
def test_an_error_is_told_in_plain_words(signed_in: SignIn, address: str, status: int, says: str) -> None:
    answer = signed_in(Desk.county).get(address)

    assert status == answer.status_code
    assert says in answer.content.decode()


def test_a_stale_form_is_told_and_nothing_is_done(offices: Offices) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "county3715", "password": PASSWORD})

    assert 403 == answer.status_code
    assert "页面放得太久了" in answer.content.decode()


def test_a_page_allows_nothing_inline_and_nothing_from_elsewhere(signed_in: SignIn) -> None:
    answer = signed_in(Desk.county).get("/")
    policy, page = answer.headers["Content-Security-Policy"], answer.content.decode()

    assert "unsafe" not in policy
    assert [] == re.findall(r"<script>|<style|\sstyle=|\son[a-z]+=|https?://", page)
