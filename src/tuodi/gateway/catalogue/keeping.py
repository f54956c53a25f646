"""Catalogues kept: imported whole by a region, and looked up for the lines of a message."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from hashlib import sha256

from django.db import connection

from tuodi.core.finding import Faults, finding
from tuodi.gateway import models
from tuodi.gateway.catalogue.item import NOTHING, Found, Item
from tuodi.gateway.catalogue.reading import read
from tuodi.platform.base import audit
from tuodi.platform.base.models import Institution, Region

_COLUMNS = "catalogue_id, code, name, grade, self_pay, ceiling, starts_on, ends_on"
_LOOK = """
select code, name, grade, self_pay, ceiling, starts_on, ends_on from gateway_catalogue_item
where catalogue_id = %s and code = any(%s)
"""


def take_in(*, content: bytes, region: str, starts_on: date, document: str) -> models.Catalogue:
    """The file as the region's catalogue from that day on, whole or not at all. Within the system's scope.

    Faults: everything that is wrong with the file; `region-unknown`, `document-missing`.
    """
    found = read(content, starts_on)
    faults = list(found.findings)
    if not Region.objects.filter(pk=region).exists():
        faults.append(finding("region-unknown", f"没有区划 {region}", "region", "先录入区划，或改正代码"))
    if not document.strip():
        faults.append(finding("document-missing", "没有写明依据的文件", "document", "写明文号"))
    if faults:
        raise Faults(faults)
    row: models.Catalogue = models.Catalogue.objects.create(
        region_id=region, starts_on=starts_on, document=document.strip(), content_hash=sha256(content).hexdigest(),
        count=len(found.items),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(
            f"insert into gateway_catalogue_item ({_COLUMNS}) values (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (row.pk, one.code, one.name, one.grade, one.self_pay, one.ceiling, one.starts_on, one.ends_on)
                for one in found.items
            ],
        )
    audit.record(
        act="catalogue.take_in", subject=f"catalogue:{row.pk}", region=region, reason=document.strip(),
        details={"starts_on": str(starts_on), "items": len(found.items), "content_hash": row.content_hash},
    )  # fmt: skip
    return row


def require_divided(*, institution: str, required: bool, reason: str) -> None:
    """From here on lines that neither the institution nor a catalogue divides are refused, or taken. The system's.

    Faults: `institution-unknown`, `reason-missing`.
    """
    faults = []
    found = Institution.objects.filter(pk=institution).first()
    if found is None:
        faults.append(
            finding("institution-unknown", f"没有机构 {institution}", "institution", "先录入机构，或改正代码")
        )
    if not reason.strip():
        faults.append(finding("reason-missing", "没有写明理由", "reason", "写明理由"))
    if found is None or faults:
        raise Faults(faults)
    models.LineRule.objects.create(institution=found, divided_only=required)
    audit.record(
        act="institution.require_divided", subject=f"institution:{institution}", region=found.region_id, reason=reason,
        details={"required": required},
    )  # fmt: skip


def divided_only(institution: str) -> bool:
    """Whether the institution's lines must be divided."""
    row = models.LineRule.objects.filter(institution_id=institution).order_by("-id").first()
    return row is not None and bool(row.divided_only)


def held(region: str, day: date) -> models.Catalogue | None:
    """The catalogue that holds in a county on a day: the nearest region's, of these the one imported last."""
    for code in (region, f"{region[:4]}00", f"{region[:2]}0000"):
        found = models.Catalogue.objects.filter(region_id=code, starts_on__lte=day).order_by("-id")
        latest: models.Catalogue | None = found.first()
        if latest is not None:
            return latest
    return None


def look(region: str, asked: Iterable[tuple[str, date]]) -> dict[date, Found]:
    """For each day the codes asked for on it, in the catalogue that holds there then."""
    codes: dict[date, set[str]] = {}
    for code, day in asked:
        codes.setdefault(day, set()).add(code)
    return {day: _found(held(region, day), sorted(wanted)) for day, wanted in codes.items()}


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _found(row: models.Catalogue | None, codes: list[str]) -> Found:
    if row is None:
        return NOTHING
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [row.pk, codes])
        items = tuple(_item(*values) for values in cursor.fetchall())
    return Found(there=True, items=items)


def _item(
    code: str, name: str, grade: str, self_pay: int, ceiling: Decimal | None, starts_on: date, ends_on: date | None
) -> Item:
    return Item(
        code=code, name=name, grade=grade, self_pay=self_pay, ceiling=ceiling, starts_on=starts_on, ends_on=ends_on
    )
