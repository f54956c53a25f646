"""Persons, households, and what is known about them over time: when it was so, and when we knew."""

from __future__ import annotations

from django.contrib.postgres.indexes import OpClass
from django.db import models

from tuodi.language.model import INSURANCES, STATUSES
from tuodi.platform.base.models import Region
from tuodi.platform.registry.domain import ENROLLED, Department, Sex

CLOCK = models.Func(function="clock_timestamp", output_field=models.DateTimeField())
SEXES = [(sex.name, sex.value) for sex in Sex]
DEPARTMENTS = [(department.name, department.value) for department in Department]


def _ordered(*, start: str, end: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(**{f"{end}__isnull": True}) | models.Q(**{f"{end}__gt": models.F(start)}), name=name
    )


class Household(models.Model):
    """Persons who live together, as the recognising departments number them."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划")
    number = models.CharField("户编号", max_length=40)
    township = models.CharField("乡镇（街道）", max_length=60, blank=True)
    village = models.CharField("村（社区）", max_length=60, blank=True)
    address = models.CharField("住址", max_length=200, blank=True)

    class Meta:
        db_table = "registry_household"
        constraints = (models.UniqueConstraint(fields=("region", "number"), name="registry_household_number"),)


class Person(models.Model):
    """Somebody, by the identity number; the region is the county that bears the relief."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划", db_index=False)
    number_sealed = models.BinaryField("身份证号码（密文）")
    number_index = models.BinaryField("身份证号码（指纹）", unique=True)
    name = models.CharField("姓名", max_length=60)
    name_key = models.CharField("姓名拼音", max_length=240)
    name_initials = models.CharField("姓名拼音首字母", max_length=60)
    sex = models.CharField("性别", max_length=6, choices=SEXES)
    birth_date = models.DateField("出生日期")
    household = models.ForeignKey(Household, models.PROTECT, verbose_name="家庭", null=True)
    relation = models.CharField("与户主关系", max_length=20, blank=True)
    enrolled_at = models.DateTimeField("登记时间", db_default=CLOCK)

    class Meta:
        db_table = "registry_person"
        constraints = (models.UniqueConstraint(fields=("id", "region"), name="registry_person_in_region"),)
        indexes = (
            models.Index(fields=("region", "name_key", "id"), name="registry_person_sorted"),
            models.Index(OpClass("name", name="text_pattern_ops"), name="registry_person_by_name"),
            models.Index(OpClass("name_initials", name="text_pattern_ops"), name="registry_person_by_initials"),
        )


class Insurance(models.Model):
    """An enrolment in insurance, over the days `starts_on <= day < ends_on`. One kind at a time."""

    # One foreign key of both columns, made by the migration: a person who moves takes everything along.
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, db_constraint=False)
    region = models.ForeignKey(
        Region, models.PROTECT, db_index=False, db_constraint=False, verbose_name="区划", related_name="+"
    )
    kind = models.CharField("参保类型", max_length=10, choices=[(kind, INSURANCES[kind]) for kind in ENROLLED])
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True)
    known_from = models.DateTimeField("知悉时间", db_default=CLOCK)
    known_until = models.DateTimeField("被取代时间", null=True)
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        db_table = "registry_insurance"
        constraints = (
            _ordered(start="starts_on", end="ends_on", name="registry_insurance_order"),
            models.CheckConstraint(condition=models.Q(kind__in=ENROLLED), name="registry_insurance_kind"),
        )
        indexes = (
            models.Index(
                fields=("person",), name="registry_insurance_now", condition=models.Q(known_until__isnull=True)
            ),
        )


class Status(models.Model):
    """What a department has recognised a person as, over the days `starts_on <= day < ends_on`."""

    # One foreign key of both columns, made by the migration: a person who moves takes everything along.
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, db_constraint=False)
    region = models.ForeignKey(
        Region, models.PROTECT, db_index=False, db_constraint=False, verbose_name="区划", related_name="+"
    )
    status = models.CharField("身份", max_length=30, choices=list(STATUSES.items()))
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True)
    applied_on = models.DateField("申请日", null=True)
    department = models.CharField("认定部门", max_length=30, choices=DEPARTMENTS)
    certificate = models.CharField("证明文号", max_length=60, blank=True)
    known_from = models.DateTimeField("知悉时间", db_default=CLOCK)
    known_until = models.DateTimeField("被取代时间", null=True)
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "registry_status"
        constraints = (
            _ordered(start="starts_on", end="ends_on", name="registry_status_order"),
            models.CheckConstraint(
                condition=models.Q(applied_on__isnull=True) | models.Q(applied_on__lte=models.F("starts_on")),
                name="registry_status_applied",
            ),
            models.CheckConstraint(condition=models.Q(status__in=list(STATUSES)), name="registry_status_known"),
        )
        indexes = (
            models.Index(fields=("person",), name="registry_status_of_person"),
            models.Index(fields=("person",), name="registry_status_now", condition=models.Q(known_until__isnull=True)),
        )


class Change(models.Model):
    """What is known of a person's past has changed from a day on: settlements since then may be settled anew."""

    person = models.ForeignKey(Person, models.PROTECT)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划")
    from_day = models.DateField("自")
    at = models.DateTimeField("时间", db_default=CLOCK)
    reason = models.TextField("缘由")

    class Meta:
        db_table = "registry_change"
        indexes = (models.Index(fields=("region", "id"), name="registry_change_in_region"),)
