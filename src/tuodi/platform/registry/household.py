"""Households as the departments number them."""

from __future__ import annotations

from tuodi.platform.base import audit
from tuodi.platform.registry.knowing import fault
from tuodi.platform.registry.models import Household


def register(*, region: str, number: str, township: str = "", village: str = "", address: str = "") -> int:
    """The household's id: added, or where the county has the number already, with the address written anew."""
    if not number.strip():
        raise fault("household-number", "没有户编号", "number", "填写户编号")
    household, _ = Household.objects.update_or_create(
        region_id=region,
        number=number.strip(),
        defaults={"township": township, "village": village, "address": address},
    )
    audit.record(act="household.register", subject=f"household:{household.id}", region=region)
    return int(household.id)
