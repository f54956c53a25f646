"""Finding persons within a scope: by number, by name, by the initials of its pinyin; names and numbers masked."""

from __future__ import annotations

import re
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from tuodi.platform.base.seal import masked_name, masked_number
from tuodi.platform.registry.identity import compact
from tuodi.platform.registry.models import Person

NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]\Z", re.ASCII)
_LETTERS = re.compile(r"[A-Za-z ]+\Z", re.ASCII)


class Shown(NamedTuple):
    """A person as lists and headers show them."""

    id: int
    name: str
    number: str


def by_number(text: str) -> int | None:
    """The person with this number, where the desk may ask; a hospital asks for anybody who stands before it."""
    number = compact(text)
    if not NUMBER.match(number):
        return None
    with connection.cursor() as cursor:
        cursor.execute("select id from registry_find(%s)", [settings.SEAL.index(number)])
        row = cursor.fetchone()
    if row is None:  # a department is not answered by the door, and sees its region's persons all the same
        found = Person.objects.filter(number_index=settings.SEAL.index(number)).first()
        return found.pk if found else None
    return int(row[0])


def named(text: str) -> QuerySet[Person]:
    """Persons whose name begins so; of letters, whose initials or pinyin do."""
    text = text.strip()
    people = Person.objects.select_related("region", "household").order_by("region_id", "name_key", "id")
    if not _LETTERS.match(text):
        return people.filter(name__startswith=text)
    letters = " ".join(text.lower().split())
    if found := people.filter(name_initials__startswith=letters.replace(" ", "")):
        return found
    return people.filter(name_key__startswith=letters)


def shown(person: Person) -> Shown:
    """Name and number, masked."""
    number = settings.SEAL.unseal(bytes(person.number_sealed))
    return Shown(person.pk, masked_name(person.name), masked_number(number))


class Patient(NamedTuple):
    """Who stands at a counter: the name masked, and the county that bears the relief."""

    id: int
    name: str
    region: str


def patient(text: str) -> Patient | None:
    """The person with this number, wherever they are registered; for desks that the registry's door answers."""
    number = compact(text)
    if not NUMBER.match(number):
        return None
    with connection.cursor() as cursor:
        cursor.execute("select id, name, region_id from registry_find(%s)", [settings.SEAL.index(number)])
        row = cursor.fetchone()
    return None if row is None else Patient(int(row[0]), masked_name(row[1]), row[2])
