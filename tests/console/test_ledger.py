"""The fund's books: from the year to the account, the entry, the settlement and its clause."""

from __future__ import annotations

import re

import pytest

from tests.console.conftest import SignIn, Town
from tests.console.payees import paper
from tuodi.platform.base.domain import Desk


def hrefs(page: str, start: str) -> list[str]:
    return re.findall(rf'href="({start}[^"]*)"', page)


@pytest.mark.parametrize("desk", [Desk.finance, Desk.county, Desk.city, Desk.supervisor])
def test_a_figure_leads_down_to_the_clause(signed_in: SignIn, settled_town: Town, desk: Desk) -> None:
    browser = signed_in(desk)
    year = browser.get("/ledger/?year=2024&region=371502").content.decode()
    assert "50,000.00" in year
    (account,) = hrefs(year, "/ledger/accounts/371502/county/relief/")
    lines = browser.get(account).content.decode()
    entry = browser.get(hrefs(lines, "/ledger/entries/")[0]).content.decode()
    (settlement,) = hrefs(entry, "/settlements/[0-9]")
    clause = hrefs(browser.get(settlement).content.decode(), "/policies/[0-9]+/#")[0]

    assert 'id="三(四)1"' in browser.get(clause.partition("#")[0]).content.decode()


def test_what_is_owed_stands_on_its_side(signed_in: SignIn, settled_town: Town) -> None:
    assert "贷 50,000.00" in signed_in(Desk.finance).get("/ledger/?year=2024").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/ledger/?region=370202", "/ledger/accounts/370202/county/relief/2024/",
        "/ledger/accounts/371502/nobody/relief/2024/", "/ledger/accounts/371502/county/nothing/2024/",
        "/ledger/accounts/371502/county/payable_institution/2024/", "/ledger/entries/settlement:999999/",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_there(signed_in: SignIn, settled_town: Town, address: str) -> None:
    assert 404 == signed_in(Desk.finance).get(address).status_code


def test_what_single_persons_are_owed_is_one_row_that_leads_to_their_list(
    signed_in: SignIn, settled_town: Town
) -> None:
    for yuan in ("1000", "500"):
        paper(yuan)
    year = signed_in(Desk.finance).get("/ledger/?year=2024").content.decode()

    assert "个人 2 笔" in year
    assert "贷 1,050.00" in year
    assert "/payments/owed/?region=371502" in year
