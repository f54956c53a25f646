"""The city stands on the platform's database; settling has connections of its own, which end with the test."""

from collections.abc import Iterator

import pytest

from tests.platform import conftest as _django  # noqa: F401 (it starts Django)

# isort: split
from tuodi.platform.settlement import connections, engines


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """Rows are committed, as the settling's own connections read them."""
    engines.forget()
    yield
    connections.dropped()
