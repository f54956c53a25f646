"""Which county bears a person's relief: for services that decide whose business somebody is."""

from __future__ import annotations

from tuodi.platform.registry.models import Person


def county_of(person: int) -> str | None:
    """The county by its code, if the scope sees the person."""
    region: str | None = Person.objects.filter(id=person).values_list("region_id", flat=True).first()
    return region
