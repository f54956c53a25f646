"""Enrolling persons, correcting what identifies them, handing them over to another county, and unmasking numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import connection

from tuodi.core.finding import Faults, Finding, Place
from tuodi.platform.base import audit
from tuodi.platform.base.models import Region
from tuodi.platform.registry.identity import Identity, identity
from tuodi.platform.registry.knowing import fault, locked, note
from tuodi.platform.registry.models import Household, Person
from tuodi.platform.registry.name_key import cleaned, initials, name_key
from tuodi.platform.registry.numbers import aligned

_ENROL = """
insert into registry_person (
  region_id, number_sealed, number_index, name, name_key, name_initials, sex, birth_date, household_id, relation)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (number_index) do nothing returning id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmasked:
    """A person's number and name in the clear."""

    number: str = field(repr=False)
    name: str = field(repr=False)


def enrol(*, number: str, name: str, region: str, today: date, household: int | None = None, relation: str = "") -> int:
    """Adds a person to the county that bears the relief, and returns the id.

    Faults: `number-…`, `name-missing`, `region-unknown`, `household-unknown`; `person-enrolled` where the number is
    enrolled already, here or elsewhere.
    """
    who = identity(number, today)
    plain = cleaned(name)
    if findings := _findings(who, plain, region, household):
        raise Faults(findings)
    assert isinstance(who, Identity), "a number without findings is an identity"
    person = _inserted(who, plain, region, household, relation)
    audit.record(act="person.enrol", subject=f"person:{person}", region=region)
    return person


def correct(*, person: int, reason: str, name: str | None = None, number: str | None = None, today: date) -> None:
    """Writes the name or the number as it really is; the old ones stay in the trail, the number sealed.

    Faults: `number-…`, `name-missing`, `reason-missing`, `person-unknown`; `person-enrolled` where somebody else has
    the number.
    """
    region = locked(person)
    before = Person.objects.get(id=person)
    plain = before.name if name is None else cleaned(name)
    who = None if number is None else identity(number, today)
    findings = [who] if isinstance(who, Finding) else []
    if findings := [*findings, *_name_findings(plain), *_reason_findings(reason)]:
        raise Faults(findings)
    if isinstance(who, Identity):
        _renumber(before, who, region, reason)
    if plain != before.name:
        key = name_key(plain)
        Person.objects.filter(id=person).update(name=plain, name_key=key, name_initials=initials(key))
    details = {"name": before.name, "number": bytes(before.number_sealed).hex() if number else ""}
    audit.record(act="person.correct", subject=f"person:{person}", region=region, reason=reason, details=details)


def settle_in(*, person: int, household: int | None, relation: str = "") -> None:
    """Puts the person into a household of the same county, or into none. Faults: `household-unknown`."""
    region = locked(person)
    if findings := _household_findings(household, region):
        raise Faults(findings)
    Person.objects.filter(id=person).update(household_id=household, relation=relation)
    audit.record(act="person.settle_in", subject=f"person:{person}", region=region, details={"household": household})


def hand_over(*, person: int, region: str, reason: str) -> None:
    """Gives the person, with all that is known, to another county, which bears the relief from now on.

    Only the county that has a person gives them; from here on it sees them no more.
    """
    before = locked(person)
    findings = [*_region_findings(region), *_reason_findings(reason)]
    if region == before:
        findings.append(_finding("same-region", "已由这个区划办理", "region", "选择另一个区划"))
    if findings:
        raise Faults(findings)
    for business in (before, region):
        audit.record(
            act="person.hand_over", subject=f"person:{person}", region=business, reason=reason,
            details={"from": before, "to": region},
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("select registry_hand_over(%s, %s)", [person, region])
        given = cursor.fetchone()[0]
    if not given:
        raise fault("not-yours", "只有登记地的县级医保部门可以移交", "person", "请登记地办理")


def unmask(*, person: int, reason: str) -> Unmasked:
    """The number and name in the clear, to whoever says why; the asking is kept in the trail."""
    if findings := _reason_findings(reason):
        raise Faults(findings)
    row = Person.objects.filter(id=person).first()
    if row is None:
        raise fault("person-unknown", "这里没有登记这个人，或不由本区划办理", "person", "核对后再查")
    audit.record(act="person.unmask", subject=f"person:{person}", region=row.region_id, reason=reason)
    return Unmasked(number=settings.SEAL.unseal(bytes(row.number_sealed)), name=row.name)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _inserted(who: Identity, name: str, region: str, household: int | None, relation: str) -> int:
    aligned([who.number])
    sealed, index, key = settings.SEAL.seal(who.number), settings.SEAL.index(who.number), name_key(name)
    values = [
        region, sealed, index, name, key, initials(key), who.sex.name, who.birth_date,
        household, relation,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_ENROL, values)
        row = cursor.fetchone()
    if row is None:
        raise Faults([enrolled_already(index)])
    return int(row[0])


def enrolled_already(index: bytes) -> Finding:
    """Where the number is enrolled, for whoever wanted to enrol it."""
    with connection.cursor() as cursor:
        cursor.execute("select r.name from base_region r where r.code = registry_county_of(%s)", [index])
        row = cursor.fetchone()
    where = str(row[0]) if row else "别处"
    return _finding(
        "person-enrolled",
        f"这个身份证号码已在{where}登记",
        "number",
        "在本区划的，直接使用已有登记；在外区划的，请登记地移交",
    )


def _renumber(before: Person, who: Identity, region: str, reason: str) -> None:
    aligned([who.number])
    sealed, index = settings.SEAL.seal(who.number), settings.SEAL.index(who.number)
    taken = Person.objects.filter(number_index=index).exclude(id=before.id).exists()
    with connection.cursor() as cursor:
        cursor.execute("select registry_county_of(%s)", [index])
        elsewhere = cursor.fetchone()[0]
    if taken or (elsewhere and not settings.SEAL.same(who.number, bytes(before.number_index))):
        raise Faults([enrolled_already(index)])
    Person.objects.filter(id=before.id).update(
        number_index=index, number_sealed=sealed, sex=who.sex.name, birth_date=who.birth_date
    )
    if who.birth_date != before.birth_date:
        note(person=before.id, region=region, from_day=min(who.birth_date, before.birth_date), reason=reason)


def _findings(who: Identity | Finding, name: str, region: str, household: int | None) -> list[Finding]:
    found = [who] if isinstance(who, Finding) else []
    return [*found, *_name_findings(name), *_region_findings(region), *_household_findings(household, region)]


def _name_findings(name: str) -> list[Finding]:
    if not name:
        return [_finding("name-missing", "没有姓名", "name", "填写姓名")]
    if len(name) > 60:
        return [_finding("name-long", f"姓名有 {len(name)} 个字", "name", "姓名不超过 60 个字")]
    return []


def _region_findings(region: str) -> list[Finding]:
    if Region.objects.filter(code=region).exists() and not region.endswith("00"):
        return []
    return [_finding("region-unknown", f"“{region}”不是已设的县（市、区）", "region", "选择已设的县（市、区）")]


def _household_findings(household: int | None, region: str) -> list[Finding]:
    if household is None or Household.objects.filter(id=household, region_id=region).exists():
        return []
    return [_finding("household-unknown", "本区划没有这一户", "household", "先登记家庭")]


def _reason_findings(reason: str) -> list[Finding]:
    return [] if reason.strip() else [_finding("reason-missing", "没有写明理由", "reason", "写明理由")]


def _finding(code: str, message: str, path: str, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(path=path), remedy=remedy)
