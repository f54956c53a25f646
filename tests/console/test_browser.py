"""The console in a browser: on an office screen and a phone, by keyboard, without a request to anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.console.browser import MOST_BYTES, Looking, looking
from tests.console.conftest import PASSWORD, Offices, Town
from tuodi.platform.base.domain import Desk

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tab(live_server: Any, offices: Offices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Looking]:
    """A browser on the running console."""
    monkeypatch.setenv(
        "DJANGO_ALLOW_ASYNC_UNSAFE", "1"
    )  # playwright brings a loop into this thread, and nothing waits on it
    with looking(live_server.url, tmp_path) as found:
        yield found
    with connection.cursor() as cursor:  # the server's threads keep theirs, and the database is to be removed
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )


def seen(tab: Looking, path: str, name: str) -> None:
    """The page fits a phone, is light, complains of nothing, and asks nobody else for anything."""
    tab.at(path)
    assert (name, 0) == (name, tab.picture(name))
    assert tab.weight < MOST_BYTES
    assert [] == tab.outside
    assert [] == tab.complaints


def test_the_administrator_s_pages(tab: Looking, offices: Offices) -> None:
    seen(tab, "/sign-in/", "sign-in")
    tab.sign_in("administrator3715", PASSWORD)
    seen(tab, "/", "home-administrator")
    seen(tab, "/staff/", "staff")
    seen(tab, "/staff/new/", "new-staff")
    tab.page.get_by_role("button", name="新建账号").click()
    tab.picture("new-staff-faults")
    seen(tab, f"/staff/{offices[Desk.township, '3715'].pk}/", "account")
    seen(tab, f"/staff/{offices[Desk.township, '3715'].pk}/lock/", "account-lock")
    seen(tab, "/institutions/", "institutions")
    seen(tab, "/institutions/H37150200001/", "institution")
    tab.page.get_by_role("button", name="签发凭证").click()
    tab.picture("institution-issued")
    seen(tab, "/holidays/", "holidays")
    seen(tab, "/trail/", "trail")
    seen(tab, "/two-factor/", "two-factor")
    seen(tab, "/password/", "password")
    tab.at("/nowhere/")
    tab.picture("error-404")


def test_the_pages_of_a_county(tab: Looking, settled_town: Town) -> None:
    tab.sign_in("county3715", PASSWORD)
    seen(tab, "/", "home-county")
    seen(tab, "/settlements/", "settlements")
    seen(tab, f"/settlements/{settled_town.second}/", "settlement")
    seen(tab, f"/settlements/{settled_town.second}/?sheet", "settlement-sheet")
    seen(tab, "/ledger/?year=2024", "ledger")
    seen(tab, "/ledger/accounts/371502/county/relief/2024/", "ledger-account")
    seen(tab, f"/ledger/entries/settlement:{settled_town.first}/", "ledger-entry")
    seen(tab, "/policies/", "policies")
    seen(tab, f"/policies/{settled_town.policy}/", "policy")
