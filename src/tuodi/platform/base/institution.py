"""Institutions entered, and the days on which their agreement makes them designated."""

from __future__ import annotations

import re
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q

from tuodi.core.finding import Faults, Finding, finding
from tuodi.platform.base import audit
from tuodi.platform.base.models import Agreement, Institution, Region

CODE = re.compile(r"[A-Z][0-9]{11}", re.ASCII)
LEVELS = (1, 2, 3)


def enter(
    *, code: str, name: str, region: str, level: int, psychiatric: bool = False, single_disease: bool = True
) -> Institution:
    """A new institution, within the scope of its region's administrator. Faults: all that is wrong with the entry."""
    institution = Institution(
        code=code.strip(), name=name.strip(), region_id=region, level=level, psychiatric=psychiatric,
        single_disease=single_disease,
    )  # fmt: skip
    if findings := _findings(institution):
        raise Faults(findings)
    institution.save(force_insert=True)
    audit.record(
        act="institution.enter", subject=f"institution:{code}", region=region, details={"name": name, "level": level}
    )
    return institution


def agree(*, institution: str, starts_on: date, ends_on: date | None = None) -> None:
    """An agreement from its first day to the day before `ends_on`. Faults: `agreement-order`, `agreement-overlaps`."""
    if ends_on is not None and ends_on <= starts_on:
        raise Faults([finding("agreement-order", "止日不晚于起日", "ends_on", "核对协议的日期")])
    try:
        with transaction.atomic():
            Agreement(institution_id=institution, starts_on=starts_on, ends_on=ends_on).save(force_insert=True)
    except IntegrityError as why:
        if "base_agreement_apart" not in str(why):
            raise
        message, remedy = "与已有的协议重叠", "先终止原协议，或改起日"
        raise Faults([finding("agreement-overlaps", message, "starts_on", remedy)]) from None
    days = {"starts_on": str(starts_on), "ends_on": str(ends_on or "")}
    _record("institution.agree", institution, "", days)


def end_agreement(*, institution: str, ends_on: date, reason: str) -> None:
    """The agreement in force ends on that day. Faults: `agreement-none`."""
    running = Agreement.objects.filter(institution_id=institution, starts_on__lt=ends_on)
    if not running.filter(Q(ends_on=None) | Q(ends_on__gt=ends_on)).update(ends_on=ends_on):
        raise Faults([finding("agreement-none", f"{ends_on} 没有生效的协议", "ends_on", "核对机构和日期")])
    _record("institution.end_agreement", institution, reason, {"ends_on": str(ends_on)})


def _record(act: str, institution: str, reason: str, details: dict[str, str]) -> None:
    region = str(Institution.objects.values_list("region_id", flat=True).get(pk=institution))
    audit.record(act=act, subject=f"institution:{institution}", region=region, reason=reason, details=details)


def _findings(institution: Institution) -> list[Finding]:
    found = []
    if not CODE.fullmatch(institution.code):
        found.append(
            finding(
                "institution-code", f"“{institution.code}”不是机构代码", "code", "字母加 11 位数字，如 H37150200001"
            )
        )
    elif Institution.objects.filter(pk=institution.code).exists():
        found.append(finding("institution-twice", f"机构 {institution.code} 已经有了", "code", "核对代码"))
    if not institution.name:
        found.append(finding("institution-name", "没有写机构名称", "name", "填写名称"))
    if institution.level not in LEVELS:
        found.append(finding("institution-level", f"没有级别 {institution.level}", "level", "一、二、三级之一"))
    if not Region.objects.filter(pk=institution.region_id).exists():
        found.append(finding("institution-region", f"没有区划 {institution.region_id}", "region", "先录入区划"))
    return found
