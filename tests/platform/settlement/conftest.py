"""A town whose rows are committed, as the hot path reads them on connections of its own."""

from collections.abc import Iterator

import pytest

from tests.platform.settlement.town import FAR_HOSPITAL, HOSPITAL, NEXT_HOSPITAL, designate
from tuodi.platform.base.models import Institution, Region
from tuodi.platform.settlement import connections, engines


@pytest.fixture
def town(transactional_db: None, regions: dict[str, Region], institutions: dict[str, Institution]) -> Iterator[None]:
    """Two counties with a hospital each, and one far away; nothing is adopted yet."""
    engines.forget()
    designate(HOSPITAL, NEXT_HOSPITAL, FAR_HOSPITAL)
    yield
    connections.dropped()
