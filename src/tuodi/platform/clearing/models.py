"""Statements, their rows, and whatever happens to them, as rows that are only added.

Each row below a statement carries the statement's region and institution, which the database itself copies there, so
that who may see the statement may see the row.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tuodi.platform.base.models import CLOCK, Institution, Region
from tuodi.platform.clearing.domain.statement import Kind
from tuodi.platform.clearing.domain.steps import Act, Status
from tuodi.platform.settlement.models import Settlement

STAFF = models.Func(function="tuodi_staff", output_field=models.BigIntegerField())


class Term(models.Model):
    """What document and agreement say of deadlines, from a day on; for one institution or, at '', for all."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划")
    institution_id = models.TextField("机构", db_default="")
    starts_on = models.DateField("起")
    pay_within = models.PositiveSmallIntegerField("月末后几个工作日内支付", null=True)
    confirm_within = models.PositiveSmallIntegerField("送达后几个工作日内确认", null=True)
    within_year = models.BooleanField("年度内结清", db_default=False)
    draw_on = models.PositiveSmallIntegerField("月末后第几个工作日自动生成结算单", null=True)
    basis = models.TextField("依据")
    staff_id = models.BigIntegerField("人员", null=True, db_default=STAFF)
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "clearing_term"


class Statement(models.Model):
    """An institution's month in one county."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划")
    institution = models.ForeignKey(Institution, models.PROTECT, verbose_name="机构")
    month = models.DateField("月份")

    class Meta:
        db_table = "clearing_statement"
        constraints = (
            models.UniqueConstraint(fields=("region", "institution", "month"), name="clearing_statement_once"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="clearing_statement_month"),
        )


class OfStatement(models.Model):
    """What belongs to a statement, and to its region and institution."""

    statement = models.ForeignKey(Statement, models.PROTECT)
    region = models.ForeignKey(Region, models.PROTECT, db_index=False, db_constraint=False)
    institution = models.ForeignKey(Institution, models.PROTECT, db_index=False, db_constraint=False)

    class Meta:
        abstract = True


class Row(OfStatement):
    """One settlement, cancel or correction on its one statement (INV-24). Amounts are what it changes, signed fen.

    `sources`: what each bears of the relief; `lines`: number, benefit, clause, fen paid and by which sources.
    """

    settlement = models.OneToOneField(Settlement, models.PROTECT, primary_key=True, related_name="cleared")
    kind = models.TextField("类型", choices=[(kind.name, kind.value) for kind in Kind])
    takes_back = models.BigIntegerField("取代的结算", null=True, unique=True)
    happened_on = models.DateField("发生日")
    known_on = models.DateField("知悉日")
    insurance = models.TextField("险种")
    service = models.TextField("服务类别")
    total_fen = models.BigIntegerField("医疗总费用")
    in_policy_fen = models.BigIntegerField("政策范围内费用")
    relief_fen = models.BigIntegerField("救助金额")
    personal_fen = models.BigIntegerField("个人自付")
    hospital_fen = models.BigIntegerField("医院承担")
    sources = models.JSONField("各资金来源")
    lines = models.JSONField("明细")

    class Meta:
        db_table = "clearing_row"
        indexes = (models.Index(fields=("statement", "settlement"), name="clearing_row_in_order"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind="settled", takes_back=None)
                | (~models.Q(kind="settled") & models.Q(takes_back__isnull=False)),
                name="clearing_row_takes_back",
            ),
        )


class Part(OfStatement):
    """A statement's rows of one kind, insurance and service together, as they were drawn and stay.

    Lists and pages read these few rows, however many the statement has.
    """

    kind = models.TextField("类型", choices=[(kind.name, kind.value) for kind in Kind])
    insurance = models.TextField("险种")
    service = models.TextField("服务类别")
    rows = models.PositiveIntegerField("笔数")
    total_fen = models.BigIntegerField("医疗总费用")
    in_policy_fen = models.BigIntegerField("政策范围内费用")
    relief_fen = models.BigIntegerField("救助金额")
    personal_fen = models.BigIntegerField("个人自付")
    hospital_fen = models.BigIntegerField("医院承担")
    sources = models.JSONField("各资金来源")

    class Meta:
        db_table = "clearing_part"
        constraints = (
            models.UniqueConstraint(
                fields=("statement", "kind", "insurance", "service"), name="clearing_part_once"
            ),
        )  # fmt: skip


class Disallowance(OfStatement):
    """What is not accepted of a line, taken off on this statement (INV-25)."""

    row = models.ForeignKey(Row, models.PROTECT, db_column="settlement_id")
    line = models.PositiveSmallIntegerField("第几项待遇")
    fen = models.BigIntegerField("扣减金额")
    sources = models.JSONField("各资金来源")
    reason = models.TextField("理由")
    clause = models.TextField("依据")
    staff_id = models.BigIntegerField("人员", null=True, db_default=STAFF)
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "clearing_disallowance"
        constraints = (
            models.CheckConstraint(condition=models.Q(fen__gt=0), name="clearing_disallowance_fen"),
            models.CheckConstraint(
                condition=~models.Q(reason="") & ~models.Q(clause=""), name="clearing_disallowance_why"
            ),
        )


class Withdrawal(OfStatement):
    """A disallowance that was withdrawn before its statement was approved, as if it had never been."""

    disallowance = models.OneToOneField(Disallowance, models.PROTECT, primary_key=True)
    reason = models.TextField("理由")
    staff_id = models.BigIntegerField("人员", null=True, db_default=STAFF)
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "clearing_withdrawal"


class Release(OfStatement):
    """A disallowance of an earlier statement that goes back on this one, as its settlement was taken back."""

    disallowance = models.OneToOneField(Disallowance, models.PROTECT, primary_key=True)
    settlement_id = models.BigIntegerField("冲销或重算的结算")
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "clearing_release"


class Step(OfStatement):
    """An act upon a statement: who, when, upon which content (INV-28). The last one says where the statement stands.

    `concerns`: disallowances that an objection is about, or that an answer withdraws; none: the whole statement.
    """

    number = models.PositiveSmallIntegerField("序号")
    act = models.TextField("行为", choices=[(act.name, act.label) for act in Act])
    status = models.TextField("状态", choices=[(status.name, status.value) for status in Status])
    content = models.TextField("内容指纹")
    reason = models.TextField("理由", db_default="")
    concerns = ArrayField(models.BigIntegerField(), verbose_name="涉及的扣减", db_default=[])
    lapses_on = models.DateField("逾期视同确认之日", null=True)
    staff_id = models.BigIntegerField("人员", null=True, db_default=STAFF)
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "clearing_step"
        constraints = (models.UniqueConstraint(fields=("statement", "number"), name="clearing_step_once"),)


class Order(OfStatement):
    """What a statement comes to by source, and what is paid of it (INV-26)."""

    statement = models.OneToOneField(Statement, models.PROTECT, primary_key=True)
    sources = models.JSONField("各资金来源")
    relief_fen = models.BigIntegerField("救助金额")
    disallowed_fen = models.BigIntegerField("扣减")
    released_fen = models.BigIntegerField("退还扣减")
    offset_fen = models.BigIntegerField("抵扣应退")
    paid_fen = models.BigIntegerField("应付")
    left_due_fen = models.BigIntegerField("仍应退回")
    ordered_on = models.DateField("开单日")

    class Meta:
        db_table = "clearing_order"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    disallowed_fen__gte=0, released_fen__gte=0, offset_fen__gte=0, paid_fen__gte=0, left_due_fen__gte=0
                ),
                name="clearing_order_never_negative",
            ),
        )


class Payment(OfStatement):
    """An order that the bank has carried out, once."""

    statement = models.OneToOneField(Order, models.PROTECT, primary_key=True)
    paid_on = models.DateField("支付日")
    reference = models.TextField("银行凭证号")

    class Meta:
        db_table = "clearing_payment"


class Report(models.Model):
    """What an institution says of its settlements of some days: totals, and perhaps details. Said again, kept once."""

    institution = models.ForeignKey(Institution, models.PROTECT, verbose_name="机构")
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划")
    first = models.DateField("起")
    last = models.DateField("止")
    insurance = models.TextField("险种", db_default="")
    services = ArrayField(models.TextField(), verbose_name="服务类别", db_default=[])
    with_refunds = models.BooleanField("含撤销")
    detailed = models.BooleanField("有明细")
    totals = models.JSONField("总额")
    content_hash = models.TextField("内容指纹")
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "clearing_report"
        constraints = (models.UniqueConstraint(fields=("institution", "content_hash"), name="clearing_report_once"),)
        indexes = (models.Index(fields=("institution", "first", "last"), name="clearing_report_days"),)


class Reported(models.Model):
    """One settlement as its institution says it. Its region is the settlement's, of an unknown one its own."""

    pk = models.CompositePrimaryKey("report_id", "position")
    report = models.ForeignKey(Report, models.PROTECT, db_index=False)
    position = models.PositiveIntegerField("行号")
    institution = models.ForeignKey(Institution, models.PROTECT, db_index=False, db_constraint=False)
    region = models.ForeignKey(Region, models.PROTECT, db_index=False, db_constraint=False)
    number = models.TextField("结算号")
    known = models.BooleanField("是我们的结算")
    total_fen = models.BigIntegerField("医疗总费用", null=True)
    funds_fen = models.BigIntegerField("基金支付", null=True)
    relief_fen = models.BigIntegerField("救助金额", null=True)
    account_fen = models.BigIntegerField("个人账户支付", null=True)
    cash_fen = models.BigIntegerField("现金支付", null=True)

    class Meta:
        db_table = "clearing_reported"
        indexes = (models.Index(fields=("institution", "number"), name="clearing_reported_number"),)


class Application(models.Model):
    """An institution's application to be cleared for a month, in its own figures."""

    institution = models.ForeignKey(Institution, models.PROTECT, verbose_name="机构")
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划")
    clearing_type = models.TextField("清算类别")
    month = models.DateField("清算年月")
    first = models.DateField("起")
    last = models.DateField("止")
    visits = models.PositiveIntegerField("人次")
    total_fen = models.BigIntegerField("医疗费总额")
    recognised_fen = models.BigIntegerField("医保认可费用总额")
    funds_fen = models.BigIntegerField("基金申报总额")
    cash_fen = models.BigIntegerField("现金支付")
    account_fen = models.BigIntegerField("个人账户支付")
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "clearing_application"
        indexes = (models.Index(fields=("institution", "month"), name="clearing_application_month"),)


class ApplicationWithdrawal(models.Model):
    """An application that the institution took back."""

    application = models.OneToOneField(Application, models.PROTECT, primary_key=True)
    institution = models.ForeignKey(Institution, models.PROTECT, db_index=False, db_constraint=False)
    region = models.ForeignKey(Region, models.PROTECT, db_index=False, db_constraint=False)
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "clearing_application_withdrawal"
