"""Persons, households, and what is known about them over time: when it was so, and when we knew.

Tables that get a roster's rows at once refer to others by `rls.referring`, not by a foreign key: `db_constraint=False`.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Replace

from tuodi.language.model import INSURANCES, STATUSES
from tuodi.platform.base.models import Region
from tuodi.platform.registry.delivery import Mode, RosterState
from tuodi.platform.registry.domain import ENROLLED, Department, Sex

CLOCK = models.Func(function="clock_timestamp", output_field=models.DateTimeField())
STAFF = models.Func(function="tuodi_staff", output_field=models.BigIntegerField())
SEXES = [(sex.name, sex.value) for sex in Sex]
DEPARTMENTS = [(department.name, department.value) for department in Department]


def _ordered(*, start: str, end: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(**{f"{end}__isnull": True}) | models.Q(**{f"{end}__gt": models.F(start)}), name=name
    )


class Household(models.Model):
    """Persons who live together, as the recognising departments number them."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划", db_index=False, db_constraint=False)
    number = models.CharField("户编号", max_length=40)
    township = models.CharField("乡镇（街道）", max_length=60, blank=True)
    village = models.CharField("村（社区）", max_length=60, blank=True)
    address = models.CharField("住址", max_length=200, blank=True)

    class Meta:
        db_table = "registry_household"
        constraints = (models.UniqueConstraint(fields=("region", "number"), name="registry_household_number"),)


class Person(models.Model):
    """Somebody, by the identity number; the region is the county that bears the relief."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划", db_index=False, db_constraint=False)
    number_sealed = models.BinaryField("身份证号码（密文）")
    number_index = models.BinaryField("身份证号码（指纹）", unique=True)
    name = models.CharField("姓名", max_length=60)
    name_key = models.CharField("姓名拼音", max_length=240)
    name_initials = models.CharField("姓名拼音首字母", max_length=60)
    sex = models.CharField("性别", max_length=6, choices=SEXES)
    birth_date = models.DateField("出生日期")
    household = models.ForeignKey(Household, models.PROTECT, verbose_name="家庭", null=True, db_constraint=False)
    relation = models.CharField("与户主关系", max_length=20, blank=True)
    enrolled_at = models.DateTimeField("登记时间", db_default=CLOCK)

    class Meta:
        db_table = "registry_person"
        constraints = (models.UniqueConstraint(fields=("id", "region"), name="registry_person_in_region"),)
        indexes = (
            models.Index(fields=("region", "name_key", "id"), name="registry_person_sorted"),
            models.Index(OpClass("name", name="text_pattern_ops"), name="registry_person_by_name"),
            models.Index(OpClass("name_initials", name="text_pattern_ops"), name="registry_person_by_initials"),
            models.Index(
                OpClass(Replace("name_key", models.Value(" "), models.Value("")), name="text_pattern_ops"),
                name="registry_person_by_syllables",
            ),
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
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    roster = models.ForeignKey(
        "Roster", models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )

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
            models.Index(
                fields=("supersedes",), name="registry_status_supersedes", condition=models.Q(supersedes__isnull=False)
            ),
            models.Index(fields=("person",), name="registry_status_now", condition=models.Q(known_until__isnull=True)),
            models.Index(
                fields=("roster",), name="registry_status_of_roster", condition=models.Q(roster__isnull=False)
            ),
        )


class Change(models.Model):
    """What is known of a person's past has changed from a day on: settlements since then may be settled anew.

    Who wrote it has a hand in what comes of it, and consents to none of it.
    """

    person = models.ForeignKey(Person, models.PROTECT, db_constraint=False)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划", db_index=False, db_constraint=False)
    from_day = models.DateField("自")
    at = models.DateTimeField("时间", db_default=CLOCK)
    reason = models.TextField("缘由")
    staff_id = models.BigIntegerField("人员", null=True, db_default=STAFF)

    class Meta:
        db_table = "registry_change"
        indexes = (models.Index(fields=("region", "id"), name="registry_change_in_region"),)


class Roster(models.Model):
    """A department's roster as it was delivered and looked at: what importing it would change, and whether it was."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划", related_name="+")
    department = models.CharField("部门", max_length=30, choices=DEPARTMENTS)
    mode = models.CharField("报送方式", max_length=10, choices=[(mode.name, mode.value) for mode in Mode])
    adjusted_on = models.DateField("调整日期")
    effective_on = models.DateField("生效日期")
    received_on = models.DateField("收到日期")
    days_late = models.PositiveSmallIntegerField("迟报工作日", null=True)
    certificate = models.CharField("证明文号", max_length=60, blank=True)
    covers = ArrayField(models.TextField(), verbose_name="名单所列身份")
    overwrite = models.BooleanField("覆盖不一致的记录")
    ends_given = models.BooleanField("名单写明止日")
    file_name = models.CharField("文件名", max_length=200)
    content_hash = models.CharField("文件摘要", max_length=64)
    push_key = models.CharField("推送编号", max_length=80, null=True)
    counts = models.JSONField("各类人数")
    finding_count = models.PositiveIntegerField("问题数")
    unread = ArrayField(models.TextField(), verbose_name="没有读的列")
    plan_hash = models.CharField("变更摘要", max_length=64)
    at = models.DateTimeField("预览时间", db_default=CLOCK)
    state = models.CharField("状态", max_length=10, choices=[(state.name, state.value) for state in RosterState])
    changed_at = models.DateTimeField("办理时间", null=True)

    class Meta:
        db_table = "registry_roster"
        indexes = (models.Index(fields=("region", "-id"), name="registry_roster_latest"),)
        constraints = (
            models.UniqueConstraint(fields=("region", "department", "push_key"), name="registry_roster_push_key"),
        )


class RosterRow(models.Model):
    """A row of a roster and what it would do; without a position, somebody whom a full list leaves out.

    `given_…` is what the row says, the other days what follows from it and from what was known.
    """

    roster = models.ForeignKey(Roster, models.PROTECT, db_index=False, db_constraint=False)
    region = models.ForeignKey(Region, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    position = models.PositiveIntegerField("行", null=True)
    faulty = models.BooleanField("有问题")
    kind = models.CharField("变化", max_length=10)
    trouble = models.CharField("与登记不符", max_length=30, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, db_constraint=False)
    number_sealed = models.BinaryField(null=True)
    number_index = models.BinaryField(null=True)
    name = models.CharField("姓名", max_length=60)
    name_key = models.CharField(max_length=240)
    name_initials = models.CharField(max_length=60)
    sex = models.CharField(max_length=6, null=True)
    birth_date = models.DateField(null=True)
    status = models.CharField("身份", max_length=30, null=True)
    given_start = models.DateField(null=True)
    given_end = models.DateField(null=True)
    given_applied = models.DateField(null=True)
    ends = models.BooleanField("减少")
    starts_on = models.DateField("起", null=True)
    ends_on = models.DateField("止", null=True)
    applied_on = models.DateField("申请日", null=True)
    old_id = models.BigIntegerField("被取代的身份记录", null=True)
    certificate = models.CharField("证明文号", max_length=60, blank=True)
    household_number = models.CharField("户编号", max_length=40, blank=True)
    relation = models.CharField("与户主关系", max_length=20, blank=True)
    township = models.CharField(max_length=60, blank=True)
    village = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "registry_roster_row"
        indexes = (models.Index(fields=("roster", "kind", "position"), name="registry_roster_row_of_kind"),)


class RosterFinding(models.Model):
    """What is wrong with a cell of a roster."""

    roster = models.ForeignKey(Roster, models.PROTECT, db_index=False, db_constraint=False)
    region = models.ForeignKey(Region, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    position = models.PositiveIntegerField("行")
    column = models.CharField("列", max_length=30)
    code = models.CharField(max_length=40)
    message = models.TextField("问题")
    remedy = models.TextField("改法")

    class Meta:
        db_table = "registry_roster_finding"
        indexes = (models.Index(fields=("roster", "position", "id"), name="registry_roster_finding_place"),)
