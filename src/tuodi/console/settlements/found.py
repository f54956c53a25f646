"""Which settlements a desk may look at, as the database shows them within its scope, and lists of them."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from tuodi.platform.settlement.models import Settlement


def seen() -> QuerySet[Settlement]:
    """The scope's settlements, the newest first; each knows whether a later one has taken its place."""
    later = Settlement.objects.filter(replaces=OuterRef("pk"))
    return Settlement.objects.annotate(replaced=Exists(later)).select_related("region").order_by("-id")


def asked_for(
    *, first: date | None, last: date | None, key: str, kind: str, person: int | None
) -> QuerySet[Settlement]:
    """Those known on the days, with the sender's number, of a kind, of a person; what is left empty asks nothing."""
    found = seen()
    if first:
        found = found.filter(known_on__gte=first)
    if last:
        found = found.filter(known_on__lte=last)
    if key:
        found = found.filter(sender_key=key)
    if person:
        found = found.filter(person_id=person)
    return found.filter(kind=kind) if kind else found
