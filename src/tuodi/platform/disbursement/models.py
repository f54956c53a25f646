"""Payees' bank accounts, payment orders with their items, and what became of them. Rows are only added."""

from __future__ import annotations

from django.db import models

from tuodi.platform.base.models import CLOCK, Region
from tuodi.platform.disbursement.domain import Act, Status
from tuodi.platform.registry.models import Person
from tuodi.platform.settlement.models import Settlement

STAFF = models.Func(function="tuodi_staff", output_field=models.BigIntegerField())


class Account(models.Model):
    """Where a person is paid, sealed; the latest in a region counts. Who is paid for them stands with a `basis`."""

    person = models.ForeignKey(Person, models.PROTECT, db_constraint=False, related_name="+", verbose_name="对象")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="区划")
    holder_sealed = models.BinaryField("户名")
    number_sealed = models.BinaryField("账号")
    bank = models.TextField("开户银行")
    basis = models.TextField("依据", db_default="")
    staff_id = models.BigIntegerField("人员", null=True, db_default=STAFF)
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "disbursement_account"
        indexes = (models.Index(fields=("person", "region", "-id"), name="disbursement_account_of"),)


class Order(models.Model):
    """A payment order: what is to be paid to whom. Its items stand still once it is drawn."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="区划")
    drawn_on = models.DateField("开单日")
    items = models.PositiveIntegerField("笔数")
    fen = models.BigIntegerField("金额")
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "disbursement_order"
        constraints = (
            models.CheckConstraint(condition=models.Q(fen__gt=0, items__gt=0), name="disbursement_order_pays"),
        )


class OfOrder(models.Model):
    """What belongs to an order and to its region."""

    order = models.ForeignKey(Order, models.PROTECT, db_index=False)
    region = models.ForeignKey(Region, models.PROTECT, db_index=False, db_constraint=False, related_name="+")

    class Meta:
        abstract = True


class Item(OfOrder):
    """A claim on the order: the first settlement of its bill, the account, and how much of each source."""

    number = models.PositiveIntegerField("序号")
    settlement = models.ForeignKey(Settlement, models.PROTECT, verbose_name="结算", related_name="disbursed")
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, verbose_name="收款账户")
    sources = models.JSONField("各资金来源")
    fen = models.BigIntegerField("金额")

    class Meta:
        db_table = "disbursement_item"
        constraints = (
            models.UniqueConstraint(fields=("order", "number"), name="disbursement_item_once"),
            models.UniqueConstraint(fields=("order", "settlement"), name="disbursement_item_claim"),
            models.CheckConstraint(condition=models.Q(fen__gt=0), name="disbursement_item_pays"),
        )


class Step(OfOrder):
    """An act upon an order: who, when, upon what. The last one says where the order stands."""

    number = models.PositiveSmallIntegerField("序号")
    act = models.TextField("行为", choices=[(act.name, act.label) for act in Act])
    status = models.TextField("状态", choices=[(status.name, status.value) for status in Status])
    content = models.TextField("内容指纹")
    reason = models.TextField("理由", db_default="")
    staff_id = models.BigIntegerField("人员", null=True, db_default=STAFF)
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "disbursement_step"
        constraints = (models.UniqueConstraint(fields=("order", "number"), name="disbursement_step_once"),)


class Payment(OfOrder):
    """The order as it was paid: the day and the number of the payment voucher."""

    order = models.OneToOneField(Order, models.PROTECT, primary_key=True)
    paid_on = models.DateField("支付日")
    reference = models.TextField("支付凭证号")

    class Meta:
        db_table = "disbursement_payment"
        constraints = (models.UniqueConstraint(fields=("region", "reference"), name="disbursement_payment_voucher"),)


class Paid(OfOrder):
    """What of an item was paid; never more than was ordered, nor than was owed (INV-46)."""

    item = models.OneToOneField(Item, models.PROTECT, primary_key=True)
    sources = models.JSONField("各资金来源")
    fen = models.BigIntegerField("金额")

    class Meta:
        db_table = "disbursement_paid"
        constraints = (models.CheckConstraint(condition=models.Q(fen__gt=0), name="disbursement_paid_something"),)


class Return(OfOrder):
    """The bank gave a payment back: it is owed again."""

    paid = models.OneToOneField(Paid, models.PROTECT, primary_key=True, related_name="back")
    returned_on = models.DateField("退回日")
    reference = models.TextField("银行凭证号")
    reason = models.TextField("退回原因")
    staff_id = models.BigIntegerField("人员", null=True, db_default=STAFF)
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "disbursement_return"
