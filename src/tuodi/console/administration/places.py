"""Regions and institutions as choices of a form."""

from __future__ import annotations

from tuodi.platform.base.domain import prefix
from tuodi.platform.base.models import Institution, Region

Choices = list[tuple[str, str]]


def region_choices(region: str) -> Choices:
    """The region and those within it, with their codes."""
    within = Region.objects.filter(code__startswith=prefix(region)).order_by("code")
    return [("", "请选择"), *((one.code, f"{one.name}（{one.code}）") for one in within)]


def institution_choices(region: str) -> Choices:
    """Institutions within the region, with their codes."""
    within = Institution.objects.filter(region__code__startswith=prefix(region)).order_by("code")
    return [(one.code, f"{one.name}（{one.code}）") for one in within]


def counties(region: str) -> list[Region]:
    """The regions that bear relief within the region: itself, where nothing lies within it, and else all of it."""
    return list(Region.objects.filter(code__startswith=prefix(region)).order_by("code"))
