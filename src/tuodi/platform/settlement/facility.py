"""What we know of an institution on a day, for a person of a region."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from tuodi.platform.base.models import Agreement, Institution
from tuodi.platform.settlement.domain import Facility

_CITY = 4
"""Digits of a region's code that are its city's."""


def facility_on(institution: str, region: str, day: date) -> Facility | None:
    """The facility facts of the case format; None where we have no such institution. As `settlement_look` has them."""
    known = Institution.objects.filter(pk=institution).first()
    if known is None:
        return None
    agreed = Agreement.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day), institution=known, starts_on__lte=day)
    return Facility(
        designated=agreed.exists(), level=known.level, county=known.region_id == region,
        region=known.region_id[:_CITY] == region[:_CITY], psychiatric=known.psychiatric,
        single_disease=known.single_disease,
    )  # fmt: skip
