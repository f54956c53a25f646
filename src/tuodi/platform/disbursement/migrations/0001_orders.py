"""Payees' accounts, payment orders, what was paid of them and what came back."""

import django.db.models.deletion
from django.db import migrations, models

from tuodi.platform.base.domain import Desk
from tuodi.platform.base.rls import append_only, guarded
from tuodi.platform.disbursement.schema import GRANTS, ITEM, MONEY, RULES, SHARED, STEP, UNDO

OFFICES = (Desk.county, Desk.finance, Desk.city, Desk.supervisor)
TABLES = ("account", "order", "item", "step", "payment", "paid", "return")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("base", "0006_one_horizon"),
        ("registry", "0007_doors_are_the_applications"),
        ("settlement", "0007_columns_are_the_events"),
    ]

    operations = [
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="序号")),
                ("sources", models.JSONField(verbose_name="各资金来源")),
                ("fen", models.BigIntegerField(verbose_name="金额")),
            ],
            options={
                "db_table": "disbursement_item",
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("drawn_on", models.DateField(verbose_name="开单日")),
                ("items", models.PositiveIntegerField(verbose_name="笔数")),
                ("fen", models.BigIntegerField(verbose_name="金额")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
                        verbose_name="时间",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.region",
                        verbose_name="区划",
                    ),
                ),
            ],
            options={
                "db_table": "disbursement_order",
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("holder_sealed", models.BinaryField(verbose_name="户名")),
                ("number_sealed", models.BinaryField(verbose_name="账号")),
                ("bank", models.TextField(verbose_name="开户银行")),
                ("basis", models.TextField(db_default="", verbose_name="依据")),
                (
                    "staff_id",
                    models.BigIntegerField(
                        db_default=models.Func(function="tuodi_staff", output_field=models.BigIntegerField()),
                        null=True,
                        verbose_name="人员",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
                        verbose_name="时间",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.person",
                        verbose_name="对象",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.region",
                        verbose_name="区划",
                    ),
                ),
            ],
            options={
                "db_table": "disbursement_account",
            },
        ),
        migrations.CreateModel(
            name="Paid",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="disbursement.item",
                    ),
                ),
                ("sources", models.JSONField(verbose_name="各资金来源")),
                ("fen", models.BigIntegerField(verbose_name="金额")),
            ],
            options={
                "db_table": "disbursement_paid",
            },
        ),
        migrations.AddField(
            model_name="item",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="disbursement.account",
                verbose_name="收款账户",
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="region",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="base.region",
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="settlement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="disbursed",
                to="settlement.settlement",
                verbose_name="结算",
            ),
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="disbursement.order",
                    ),
                ),
                ("paid_on", models.DateField(verbose_name="支付日")),
                ("reference", models.TextField(verbose_name="支付凭证号")),
            ],
            options={
                "db_table": "disbursement_payment",
            },
        ),
        migrations.AddField(
            model_name="item",
            name="order",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="disbursement.order"
            ),
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                (
                    "act",
                    models.TextField(
                        choices=[
                            ("draw", "开单"),
                            ("approve", "核准"),
                            ("review", "财政审核"),
                            ("pay", "支付"),
                            ("void", "作废"),
                        ],
                        verbose_name="行为",
                    ),
                ),
                (
                    "status",
                    models.TextField(
                        choices=[
                            ("drawn", "已开单"),
                            ("approved", "已核准"),
                            ("reviewed", "财政已审核"),
                            ("paid", "已支付"),
                            ("void", "已作废"),
                        ],
                        verbose_name="状态",
                    ),
                ),
                ("content", models.TextField(verbose_name="内容指纹")),
                ("reason", models.TextField(db_default="", verbose_name="理由")),
                (
                    "staff_id",
                    models.BigIntegerField(
                        db_default=models.Func(function="tuodi_staff", output_field=models.BigIntegerField()),
                        null=True,
                        verbose_name="人员",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
                        verbose_name="时间",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="disbursement.order"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.region",
                    ),
                ),
            ],
            options={
                "db_table": "disbursement_step",
            },
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(fields=["person", "region", "-id"], name="disbursement_account_of"),
        ),
        migrations.CreateModel(
            name="Return",
            fields=[
                (
                    "paid",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        related_name="back",
                        to="disbursement.paid",
                    ),
                ),
                ("returned_on", models.DateField(verbose_name="退回日")),
                ("reference", models.TextField(verbose_name="银行凭证号")),
                ("reason", models.TextField(verbose_name="退回原因")),
                (
                    "staff_id",
                    models.BigIntegerField(
                        db_default=models.Func(function="tuodi_staff", output_field=models.BigIntegerField()),
                        null=True,
                        verbose_name="人员",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
                        verbose_name="时间",
                    ),
                ),
            ],
            options={
                "db_table": "disbursement_return",
            },
        ),
        migrations.AddField(
            model_name="paid",
            name="order",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="disbursement.order"
            ),
        ),
        migrations.AddField(
            model_name="paid",
            name="region",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="base.region",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="region",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="base.region",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("fen__gt", 0), ("items__gt", 0)), name="disbursement_order_pays"
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(fields=("order", "number"), name="disbursement_item_once"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(fields=("order", "settlement"), name="disbursement_item_claim"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(condition=models.Q(("fen__gt", 0)), name="disbursement_item_pays"),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.UniqueConstraint(fields=("order", "number"), name="disbursement_step_once"),
        ),
        migrations.AddField(
            model_name="return",
            name="order",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="disbursement.order"
            ),
        ),
        migrations.AddField(
            model_name="return",
            name="region",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="base.region",
            ),
        ),
        migrations.AddConstraint(
            model_name="paid",
            constraint=models.CheckConstraint(condition=models.Q(("fen__gt", 0)), name="disbursement_paid_something"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(fields=("region", "reference"), name="disbursement_payment_voucher"),
        ),
        migrations.RunSQL(RULES + SHARED + ITEM + STEP + MONEY, UNDO),
        guarded("disbursement_account", reads=(Desk.county, Desk.finance), writes=(Desk.county,)),
        guarded("disbursement_order", reads=OFFICES, writes=(Desk.county,)),
        guarded("disbursement_item", reads=OFFICES, writes=(Desk.county,)),
        guarded("disbursement_step", reads=OFFICES, writes=(Desk.county, Desk.finance)),
        guarded("disbursement_payment", reads=OFFICES, writes=(Desk.finance,)),
        guarded("disbursement_paid", reads=OFFICES, writes=(Desk.finance,)),
        guarded("disbursement_return", reads=OFFICES, writes=(Desk.finance,)),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        *[append_only(f"disbursement_{table}") for table in TABLES],
    ]
