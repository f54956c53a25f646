"""A town on the database with a hospital whose program has a credential."""

from collections.abc import Iterator

import pytest

from tests.platform.conftest import institutions, regions  # noqa: F401 - fixtures; it sets Django up, so it is first

# isort: split
from tests.gateway.at_desk.window import Window
from tests.platform.settlement.town import FAR_HOSPITAL, HOSPITAL, NEXT_HOSPITAL, adopt, designate
from tuodi.platform.base import credential
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.models import Institution
from tuodi.platform.base.scope import entered
from tuodi.platform.settlement import connections, engines


@pytest.fixture
def town(transactional_db: None, institutions: dict[str, Institution]) -> Iterator[None]:  # noqa: F811
    """Two counties with a hospital each under Liaocheng's policy, and a hospital far away."""
    engines.forget()
    designate(HOSPITAL, NEXT_HOSPITAL, FAR_HOSPITAL)
    adopt("liaocheng-2022-5")
    yield
    connections.dropped()


@pytest.fixture
def window(town: None) -> Window:
    """The hospital's program."""
    return window_of(HOSPITAL)


@pytest.fixture
def next_window(town: None) -> Window:
    """The program of the hospital in the next county."""
    return window_of(NEXT_HOSPITAL)


def window_of(institution: str, variant: str = "ca") -> Window:
    with entered(SYSTEM):
        issued = credential.issue(institution=institution, variant=variant)
    return Window(institution=institution, key=issued.access_key, secret=issued.secret.encode())
