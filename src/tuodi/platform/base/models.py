"""Regions, institutions, the people who work here, and the trail of what they did."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from tuodi.platform.base.domain import MOVES_MONEY, Desk, Duty, Scope

CLOCK = models.Func(function="clock_timestamp", output_field=models.DateTimeField())

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
    must_change_password = models.BooleanField("须修改密码", default=False)
    two_factor = models.BinaryField("动态码密钥（密文）", null=True, editable=False)
    two_factor_since = models.DateTimeField("动态码启用时间", null=True, editable=False)
    two_factor_step = models.BigIntegerField("用过的最后一个动态码", default=0, editable=False)

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

    def __str__(self) -> str:
        return str(self.name)

    @property
    def scope(self) -> Scope:
        """What this person may see: the scope that a page or a request is answered in."""
        return Scope(desk=Desk[self.desk], region=self.region_id, institution=self.institution_id or "", staff=self.pk)

    @property
    def duty(self) -> Duty | None:
        """What this person must do first; None when they may work."""
        if self.must_change_password:
            return Duty.password
        wanted = settings.TWO_FACTOR_REQUIRED and Desk[self.desk] in MOVES_MONEY
        return Duty.two_factor if wanted and self.two_factor_since is None else None

    def get_session_auth_hash(self) -> str:
        """A session ends when the password or the second factor changes."""
        state = f"{self.password}|{self.two_factor_since or ''}"
        return str(salted_hmac("tuodi.staff.session", state, algorithm="sha256").hexdigest())


class Recovery(models.Model):
    """A code for whoever has lost the second factor; only its index is kept, and it works once."""

    staff = models.ForeignKey(Staff, models.PROTECT)
    code_index = models.BinaryField("备用码指纹", unique=True)
    used_at = models.DateTimeField("使用时间", null=True)
    key_set = models.PositiveSmallIntegerField("第几套密钥", db_default=1)

    class Meta:
        db_table = "base_recovery"


class Lockout(models.Model):
    """How often signing in failed of late, by account or by address, and until when no more tries are taken."""

    key = models.BinaryField("账号或地址的指纹", primary_key=True)
    failures = models.PositiveIntegerField("连续失败次数")
    last_at = models.DateTimeField("最近一次")
    locked_until = models.DateTimeField("锁定至")

    class Meta:
        db_table = "base_lockout"
        indexes = (models.Index(fields=("last_at",), name="base_lockout_last_at"),)


class Credential(models.Model):
    """With what an institution's program signs its messages. The secret is sealed; `base.credential` issues it."""

    institution = models.ForeignKey(Institution, models.PROTECT, verbose_name="机构")
    variant = models.TextField("接口规范")
    access_key = models.CharField("访问标识", max_length=40, unique=True)
    secret = models.BinaryField("密钥（密文）")
    addresses = ArrayField(models.TextField(), verbose_name="允许的地址", default=list)
    starts_at = models.DateTimeField("起", db_default=CLOCK)
    ends_at = models.DateTimeField("止", null=True)

    class Meta:
        db_table = "base_credential"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gte=models.F("starts_at")),
                name="base_credential_order",
            ),
        )


class Nonce(models.Model):
    """A message's number that was used: the same one again is a replay."""

    pk = models.CompositePrimaryKey("credential_id", "nonce")
    credential = models.ForeignKey(Credential, models.PROTECT, db_index=False)
    nonce = models.TextField("随机数")
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "base_nonce"
        indexes = (models.Index(fields=("at",), name="base_nonce_at"),)


class TransactionField(models.Field):
    """The number of the database's transaction that wrote a row: 64 bits, never used again."""

    def db_type(self, connection: object) -> str:  # noqa: ARG002 - Django gives it by name
        """PostgreSQL's own type for it."""
        return "xid8"


def _setting(function: str, field: models.Field) -> models.Func:
    return models.Func(function=function, output_field=field)


class Audit(models.Model):
    """An act: who did what to what, when and why. `base.audit` writes it; rows are never changed."""

    at = models.DateTimeField("时间", db_default=CLOCK)
    staff_id = models.BigIntegerField("人员", null=True, db_default=_setting("tuodi_staff", models.BigIntegerField()))
    desk = models.TextField("岗位", db_default=_setting("tuodi_desk", models.TextField()))
    institution_id = models.TextField("机构", db_default=_setting("tuodi_institution", models.TextField()))
    region_id = models.TextField("区划", db_default=_setting("tuodi_region", models.TextField()))
    act = models.TextField("行为")
    subject = models.TextField("对象")
    reason = models.TextField("理由", db_default="")
    details = models.JSONField("详情", db_default={})
    transaction = TransactionField(db_default=_setting("pg_current_xact_id", TransactionField()))

    class Meta:
        db_table = "base_audit"
        indexes = (
            models.Index(fields=("transaction",), name="base_audit_transaction"),
            models.Index(fields=("subject", "id"), name="base_audit_subject"),
        )


class Outbox(models.Model):
    """An errand that waits for `tuodi work`. `base.outbox` writes it."""

    at = models.DateTimeField("时间", db_default=CLOCK)
    topic = models.TextField("事项")
    key = models.TextField("关于")
    payload = models.JSONField("内容", db_default={})
    due_at = models.DateTimeField("最早办理时间", db_default=CLOCK)
    tries = models.PositiveSmallIntegerField("已试次数", db_default=0)
    trouble = models.TextField("上次的问题", db_default="")
    done_at = models.DateTimeField("办结时间", null=True)

    class Meta:
        db_table = "base_outbox"
        indexes = (
            models.Index(fields=("due_at", "id"), name="base_outbox_waiting", condition=models.Q(done_at=None)),
            models.Index(fields=("topic", "key"), name="base_outbox_about"),
        )


class Holiday(models.Model):
    """A year's holidays as an administrator entered them; the latest entry of a year holds."""

    year = models.PositiveSmallIntegerField("年度")
    rests = ArrayField(models.DateField(), verbose_name="放假日期")
    works = ArrayField(models.DateField(), verbose_name="调休上班日期")
    document = models.TextField("依据的文件")
    at = models.DateTimeField("录入时间", db_default=Now())

    class Meta:
        db_table = "base_holiday"


class AuditSeal(models.Model):
    """The chain over the trail: each row's code covers the row and the code before it. `base.chain` writes it."""

    position = models.BigIntegerField("序号", primary_key=True)
    audit_id = models.BigIntegerField("行号", unique=True)
    code = models.BinaryField("校验码")

    class Meta:
        db_table = "base_audit_seal"


class AuditBatch(models.Model):
    """One row: how far the sealer came, and of which transactions every row is sealed."""

    at = models.DateTimeField("时间", db_default=CLOCK)
    position = models.BigIntegerField("封到")
    horizon = TransactionField()
    cluster = models.BigIntegerField("数据库实例")

    class Meta:
        db_table = "base_audit_batch"


class KeyCheck(models.Model):
    """A row for each set of keys that some value may need: whether the keys at hand are those; see `base.key_check`."""

    id = models.PositiveSmallIntegerField("第几套密钥", primary_key=True)
    sealed = models.BinaryField()
    indexed = models.BinaryField()
    chained = models.BinaryField()
    mark = models.BinaryField("标记", null=True)
    in_use = models.BooleanField("在用", db_default=False)

    class Meta:
        db_table = "base_key_check"


class TrailSecret(models.Model):
    """What a row of the trail tells sealed, sealed anew: the row itself never changes. `base.sealed` writes it."""

    audit = models.OneToOneField(Audit, models.PROTECT, primary_key=True, db_constraint=False)
    sealed = models.BinaryField("密文")

    class Meta:
        db_table = "base_trail_secret"
