"""Terms: by when an institution confirms and is paid, as document and agreement have it."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from tuodi.core.finding import Faults, finding
from tuodi.platform.base import audit, outbox
from tuodi.platform.clearing import models
from tuodi.platform.clearing.domain.lateness import Terms

LONGEST = 250
DRAW = "clearing.draw"
"""The errand that draws a region's months as they were agreed; see `monthly`."""
_SET = """
insert into clearing_term (region_id, institution_id, starts_on, pay_within, confirm_within, within_year, draw_on,
                           basis)
values (%s, %s, %s, %s, %s, %s, %s, %s)
"""


@transaction.atomic
def agree(*, region: str, starts_on: date, terms: Terms, institution: str = "") -> None:
    """The region's terms from the day on, for one institution or for all that have none of their own.

    A later row for the same day corrects the earlier one. A day for drawing counts from the next errand on.
    Raises Faults: `term-basis`, `term-days`, `term-draw`.
    """
    faults = []
    if not terms.basis.strip():
        faults.append(finding("term-basis", "没有写明期限的依据", "terms", "写明文件或协议及其条款"))
    faults += [
        finding("term-days", f"{days} 个工作日不是期限", "terms", f"写 1 到 {LONGEST} 个工作日，或不写")
        for days in (terms.pay_within, terms.confirm_within, terms.draw_on)
        if days is not None and not 0 < days <= LONGEST
    ]
    if institution and terms.draw_on is not None:
        message = "生成结算单的日子不能只对一家机构约定"
        faults.append(finding("term-draw", message, "terms", "对没有单独约定的所有机构录入，每家都在这一天生成"))
    if faults:
        raise Faults(faults)
    with connection.cursor() as cursor:
        values = [region, institution, starts_on, terms.pay_within, terms.confirm_within, terms.within_year]
        cursor.execute(_SET, [*values, terms.draw_on, terms.basis.strip()])
    if terms.draw_on is not None:
        outbox.put(topic=DRAW, key=region)
    subject = f"terms:{region} {institution}".strip()
    audit.record(act="clearing.set_terms", subject=subject, region=region, reason=terms.basis.strip())


def of(region: str, institution: str, on: date) -> Terms | None:
    """The terms that hold on the day: the institution's own, else the region's; None where nobody entered any."""
    found = (
        models.Term.objects.filter(
            Q(institution_id=institution) | Q(institution_id=""), region_id=region, starts_on__lte=on
        )
        .order_by("-institution_id", "-starts_on", "-id")
        .first()
    )
    return None if found is None else terms_of(found)


def agreed() -> QuerySet[models.Term]:
    """Whatever the scope sees of terms that were agreed, the newest first."""
    return models.Term.objects.select_related("region").order_by("-starts_on", "-id")


def terms_of(row: models.Term) -> Terms:
    """The row as the domain knows it."""
    return Terms(
        pay_within=row.pay_within, confirm_within=row.confirm_within, within_year=row.within_year,
        basis=row.basis, draw_on=row.draw_on,
    )  # fmt: skip
