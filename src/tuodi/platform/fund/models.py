"""Entries, their lines, and the months that are closed. Rows are only added, and only by the functions of `schema`.

Keys to other tables are checked by the entry's own trigger, whole: row by row they would cost a settlement more than
its books do, and all settlements of a county would touch the county's row.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tuodi.platform.base.models import CLOCK, Region

ORDER = models.Func(models.Value("fund_order"), function="nextval", output_field=models.BigIntegerField())


class Entry(models.Model):
    """One movement as booked. `id` tells the order of posting, in one row with closings."""

    id = models.BigIntegerField(primary_key=True, db_default=ORDER)
    cause = models.TextField("事由")
    movement = models.TextField("业务类型")
    region = models.ForeignKey(Region, models.PROTECT, db_constraint=False, verbose_name="区划")
    regions = ArrayField(models.TextField(), verbose_name="涉及区划")
    booked_on = models.DateField("记账日")
    happened_on = models.DateField("发生日")
    known_on = models.DateField("知悉日")
    reason = models.TextField("理由")
    reverses = models.TextField("冲销的分录", null=True)
    lines = models.PositiveSmallIntegerField("行数")
    at = models.DateTimeField("入库时间", db_default=CLOCK)

    class Meta:
        db_table = "fund_entry"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(known_on__gte=models.F("happened_on"), booked_on__gte=models.F("happened_on")),
                name="fund_entry_days",  # INV-21
            ),
            models.CheckConstraint(condition=models.Q(lines__gt=0), name="fund_entry_lines"),
            models.UniqueConstraint(fields=("cause",), name="fund_entry_once"),  # INV-17
            models.UniqueConstraint(
                fields=("reverses",), name="fund_entry_reversed_once", condition=models.Q(reverses__isnull=False)
            ),  # INV-18
        )
        indexes = (models.Index(fields=("region", "booked_on"), name="fund_entry_booked"),)


class Line(models.Model):
    """An amount on an account, in fen: a debit is positive, a credit negative."""

    pk = models.CompositePrimaryKey("entry_id", "number")
    entry = models.ForeignKey(Entry, models.PROTECT, db_index=False, db_constraint=False, related_name="booked")
    number = models.PositiveSmallIntegerField("行号")
    region = models.ForeignKey(Region, models.PROTECT, db_index=False, db_constraint=False, verbose_name="区划")
    source = models.TextField("资金来源")
    kind = models.TextField("科目")
    party = models.TextField("对方", db_default="")
    fen = models.BigIntegerField("金额（分）")

    class Meta:
        db_table = "fund_line"
        constraints = (models.CheckConstraint(condition=~models.Q(fen=0), name="fund_line_not_zero"),)


class Closing(models.Model):
    """From here on no entry of the region is booked in the month, nor in an earlier one."""

    id = models.BigIntegerField(primary_key=True, db_default=ORDER)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划")
    month = models.DateField("月份")
    closed_on = models.DateField("关账日")

    class Meta:
        db_table = "fund_closing"
        constraints = (
            models.UniqueConstraint(fields=("region", "month"), name="fund_closing_once"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="fund_closing_month"),
        )


STAFF = models.Func(function="tuodi_staff", output_field=models.BigIntegerField())


class Voucher(models.Model):
    """An entry that finance prepares by hand, with the lines that it will have. `reverses`: the cause it takes back."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="区划")
    deed = models.TextField("业务")
    movement = models.TextField("业务类型")
    lines = models.JSONField("借贷行")
    happened_on = models.DateField("发生日")
    document = models.TextField("文号或凭证号")
    reason = models.TextField("事由")
    reverses = models.TextField("冲销的分录", null=True)
    staff_id = models.BigIntegerField("制单人", null=True, db_default=STAFF)
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "fund_voucher"
        indexes = (models.Index(fields=("region", "-id"), name="fund_voucher_of"),)


class Decision(models.Model):
    """A voucher was booked, or refused, by somebody else than who prepared it (INV-48)."""

    voucher = models.OneToOneField(Voucher, models.PROTECT, primary_key=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="区划")
    decision = models.TextField("决定", choices=(("booked", "已记账"), ("refused", "未通过")))
    reason = models.TextField("理由", db_default="")
    staff_id = models.BigIntegerField("复核人", null=True, db_default=STAFF)
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "fund_decision"
