"""What finance books by hand: prepared by one, booked by another."""

import django.db.models.deletion
from django.db import migrations, models

from tuodi.platform.base.domain import Desk
from tuodi.platform.base.rls import append_only, guarded
from tuodi.platform.fund.schema import UNDO_VOUCHERS, VOUCHER_GRANTS, VOUCHERS

READERS = (Desk.county, Desk.finance, Desk.city, Desk.supervisor)
WRITERS = (Desk.finance, Desk.city)


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0006_one_horizon"),
        ("fund", "0005_offset_of_persons"),
    ]

    operations = [
        migrations.CreateModel(
            name="Voucher",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("deed", models.TextField(verbose_name="业务")),
                ("movement", models.TextField(verbose_name="业务类型")),
                ("lines", models.JSONField(verbose_name="借贷行")),
                ("happened_on", models.DateField(verbose_name="发生日")),
                ("document", models.TextField(verbose_name="文号或凭证号")),
                ("reason", models.TextField(verbose_name="事由")),
                ("reverses", models.TextField(null=True, verbose_name="冲销的分录")),
                (
                    "staff_id",
                    models.BigIntegerField(
                        db_default=models.Func(function="tuodi_staff", output_field=models.BigIntegerField()),
                        null=True,
                        verbose_name="制单人",
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
                "db_table": "fund_voucher",
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "voucher",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="fund.voucher",
                    ),
                ),
                (
                    "decision",
                    models.TextField(choices=[("booked", "已记账"), ("refused", "未通过")], verbose_name="决定"),
                ),
                ("reason", models.TextField(db_default="", verbose_name="理由")),
                (
                    "staff_id",
                    models.BigIntegerField(
                        db_default=models.Func(function="tuodi_staff", output_field=models.BigIntegerField()),
                        null=True,
                        verbose_name="复核人",
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
                "db_table": "fund_decision",
            },
        ),
        migrations.AddIndex(
            model_name="voucher",
            index=models.Index(fields=["region", "-id"], name="fund_voucher_of"),
        ),
        migrations.RunSQL(VOUCHERS, UNDO_VOUCHERS),
        guarded("fund_voucher", reads=READERS, writes=WRITERS),
        guarded("fund_decision", reads=READERS, writes=WRITERS),
        migrations.RunSQL(VOUCHER_GRANTS, migrations.RunSQL.noop),
        append_only("fund_voucher"),
        append_only("fund_decision"),
    ]
