"""Regions, institutions and the people who work here."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from tuodi.platform.base.domain import Desk, Scope

DESKS = [(desk.name, desk.value) for desk in Desk if desk is not Desk.system]


class Region(models.Model):
    """A province, city or county by its six digits. What lies in it begins with its digits without the 00s."""

    code = models.CharField("区划代码", max_length=6, primary_key=True)
    name = models.CharField("名称", max_length=50)

    class Meta:
        db_table = "base_region"
        constraints = (
            models.CheckConstraint(condition=models.Q(code__regex=r"^[1-9][0-9]{5}$"), name="base_region_code"),
        )

    def __str__(self) -> str:
        return str(self.name)


class Institution(models.Model):
    """A hospital, a health centre or a pharmacy, by its national code; the region is the county where it lies."""

    code = models.CharField("机构代码", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=200)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="所在区划")
    level = models.PositiveSmallIntegerField("级别", choices=[(1, "一级"), (2, "二级"), (3, "三级")])
    psychiatric = models.BooleanField("精神专科", default=False)
    single_disease = models.BooleanField("执行单病种限额", default=True)

    class Meta:
        db_table = "base_institution"

    def __str__(self) -> str:
        return str(self.name)


class Agreement(models.Model):
    """On which days an institution is designated: from its agreement's first day to the day before `ends_on`."""

    institution = models.ForeignKey(Institution, models.PROTECT)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True)

    class Meta:
        db_table = "base_agreement"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=models.F("starts_on")),
                name="base_agreement_order",
            ),
        )


class Staff(AbstractBaseUser):
    """Somebody who signs in. What they see follows from desk, region and, of a hospital, its institution."""

    username = models.CharField("用户名", max_length=50, unique=True)
    name = models.CharField("姓名", max_length=50)
    desk = models.CharField("岗位", max_length=20, choices=DESKS)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, verbose_name="机构")
    department = models.CharField("部门", max_length=30, blank=True)
    is_active = models.BooleanField("启用", default=True)

    objects: BaseUserManager[Staff] = BaseUserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ("name", "desk", "region")

    class Meta:
        db_table = "base_staff"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(desk="hospital", institution__isnull=False)
                | (~models.Q(desk="hospital") & models.Q(institution__isnull=True)),
                name="base_staff_institution",
            ),
        )

    @property
    def scope(self) -> Scope:
        """What this person may see: the scope that a page or a request is answered in."""
        return Scope(desk=Desk[self.desk], region=self.region_id, institution=self.institution_id or "", staff=self.pk)
