"""A county whose policy halves the relief between city and county."""

from pathlib import Path

import pytest

from tests.platform.clearing.office import adopted
from tests.platform.settlement import conftest as settling

town = settling.town


@pytest.fixture
def office(town: None, tmp_path: Path) -> None:
    """Ready to settle and to pay."""
    adopted(tmp_path)
