"""The names of several persons at once, in the clear: for services to compare, and to mask before they are shown."""

from __future__ import annotations

from collections.abc import Collection

from tuodi.platform.registry.models import Person


def names_of(persons: Collection[int]) -> dict[int, str]:
    """By the registry's number, as far as the scope sees them."""
    return dict(Person.objects.filter(id__in=persons).values_list("id", "name"))
