"""The city stands on the platform's database."""

from tests.platform import conftest as _django  # noqa: F401 (it starts Django)
