"""Who somebody is on a page: always masked; by number only where the registry's door answers the desk."""

from __future__ import annotations

from typing import NamedTuple

from django.http import Http404
from django.utils import timezone

from tuodi.platform.base.seal import masked_name
from tuodi.platform.registry import selectors
from tuodi.platform.registry.selectors import PersonView


class Patient(NamedTuple):
    """Who stands at a counter: the name masked, and the county that bears the relief."""

    id: int
    name: str
    region: str


def seen(person: int) -> PersonView:
    """The person as they are today; 404 outside the scope."""
    found = selectors.person(person, day=timezone.localdate())
    if found is None:
        raise Http404
    return found


def named(person: int) -> str:
    """The masked name; where the county of a bill has handed the person over since, that it has."""
    found = selectors.person(person, day=timezone.localdate())
    return "已移交的对象" if found is None else found.name


def patient(number: str) -> Patient | None:
    """The person with this number, wherever they are registered."""
    found = selectors.whereabouts(number)
    return None if found is None else Patient(found.id, masked_name(found.name), found.region)
