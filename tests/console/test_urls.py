"""Every address, tried as every desk of two cities: who is let in, who is told no, and who is told nothing."""

from __future__ import annotations

import pytest
from django.urls import URLPattern, reverse

from tests.console.conftest import Offices, SignIn
from tuodi.console.urls import urlpatterns
from tuodi.platform.base.domain import Desk

pytestmark = pytest.mark.django_db

ALL = set(Desk) - {Desk.system}
A, C, H = {Desk.administrator}, {Desk.county}, {Desk.hospital}
TRAIL = {Desk.county, Desk.finance, Desk.city, Desk.supervisor, Desk.administrator}

MAY: dict[str, set[Desk]] = {
    "home": ALL, "password": ALL, "two-factor": ALL,
    "staff": A, "new-staff": A, "account": A, "account-act": A,
    "institutions": A, "institution": A, "revoke-credential": A, "holidays": A, "trail": TRAIL,
}  # fmt: skip
"""Which desks a page is for. A new address must be written here, or the first test fails."""

WITHOUT_SCOPE = {"sign-in", "sign-out"}


def test_every_address_has_its_desks_written_here() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(MAY) | WITHOUT_SCOPE


@pytest.fixture
def records(offices: Offices) -> dict[str, dict[str, object]]:
    """Arguments for each address: records of the first city."""
    township = offices[Desk.township, "3715"].pk
    return {
        "account": {"number": township},
        "account-act": {"number": township, "name": "lock"},
        "institution": {"code": "H37150200001"},
        "revoke-credential": {"code": "H37150200001", "access_key": "none"},
    }


@pytest.mark.parametrize(
    "pattern", [one for one in urlpatterns if one.name not in WITHOUT_SCOPE], ids=lambda one: one.name
)
def test_an_address_answers_its_desks_and_no_other(
    pattern: URLPattern, signed_in: SignIn, records: dict[str, dict[str, object]]
) -> None:
    address = reverse(pattern.name, kwargs=records.get(pattern.name))
    for desk in sorted(ALL, key=lambda desk: desk.name):
        here = signed_in(desk).get(address)
        if desk not in MAY[pattern.name]:
            assert (desk, 403) == (desk, here.status_code)
            assert (desk, 403) == (desk, signed_in(desk, "3702").get(address).status_code)
        elif pattern.name == "revoke-credential":
            assert (desk, 404) == (desk, here.status_code)
        else:
            assert (desk, 200) == (desk, here.status_code)
