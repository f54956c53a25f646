"""A town with two hospitals whose programs have credentials, and somebody at the other desks."""

from collections.abc import Callable

import pytest

from tests.gateway.at_desk import conftest as at_desk
from tests.platform.conftest import institutions, regions  # noqa: F401 - fixtures

# isort: split
from tests.gateway.at_desk.window import patient
from tests.gateway.plain.window import Plain
from tests.platform.settlement.town import HOSPITAL, NEXT_HOSPITAL
from tuodi.platform.base import credential
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered

town, window = at_desk.town, at_desk.window


def plain_of(institution: str, variant: str = "ca") -> Plain:
    with entered(SYSTEM):
        issued = credential.issue(institution=institution, variant=variant)
    return Plain(key=issued.access_key, secret=issued.secret.encode())


@pytest.fixture
def plain(town: None) -> Plain:
    """The hospital's program."""
    return plain_of(HOSPITAL)


@pytest.fixture
def next_door(town: None) -> Plain:
    """The program of the hospital in the next county."""
    return plain_of(NEXT_HOSPITAL)


@pytest.fixture
def known(plain: Plain) -> Callable[..., str]:
    """Enrols somebody with these statuses, whose card the hospital has seen; their number."""

    def find(*statuses: str, by: Plain | None = None) -> str:
        who = patient(*statuses)
        found = (by or plain).post("/persons/find", {"number": who.document_number, "name": who.name})
        return str(found["person"])

    return find
