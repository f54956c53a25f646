"""Entries that balance, and everything that keeps them so."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from tuodi.platform.base.domain import Desk
from tuodi.platform.base.rls import append_only, guarded
from tuodi.platform.fund.schema import BOOK, CHECKED, CHECKED_BY, CONSTRAINTS, GRANTS, MONTHS, RELIEF, RULES, UNDO

READERS = (Desk.county, Desk.finance, Desk.city, Desk.supervisor)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("base", "0002_audit_outbox_holiday"),
    ]

    operations = [
        migrations.RunSQL("create sequence fund_order", "drop sequence fund_order"),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        db_default=models.Func(
                            models.Value("fund_order"), function="nextval", output_field=models.BigIntegerField()
                        ),
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("cause", models.TextField(unique=True, verbose_name="事由")),
                ("movement", models.TextField(verbose_name="业务类型")),
                (
                    "regions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None, verbose_name="涉及区划"
                    ),
                ),
                ("booked_on", models.DateField(verbose_name="记账日")),
                ("happened_on", models.DateField(verbose_name="发生日")),
                ("known_on", models.DateField(verbose_name="知悉日")),
                ("reason", models.TextField(verbose_name="理由")),
                ("lines", models.PositiveSmallIntegerField(verbose_name="行数")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
                        verbose_name="入库时间",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="base.region",
                        verbose_name="区划",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        db_column="reverses",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="fund.entry",
                        to_field="cause",
                        verbose_name="冲销的分录",
                    ),
                ),
            ],
            options={
                "db_table": "fund_entry",
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entry_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="行号")),
                ("source", models.TextField(verbose_name="资金来源")),
                ("kind", models.TextField(verbose_name="科目")),
                ("party", models.TextField(db_default="", verbose_name="对方")),
                ("fen", models.BigIntegerField(verbose_name="金额（分）")),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="booked",
                        to="fund.entry",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="base.region",
                        verbose_name="区划",
                    ),
                ),
            ],
            options={
                "db_table": "fund_line",
            },
        ),
        migrations.CreateModel(
            name="Closing",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        db_default=models.Func(
                            models.Value("fund_order"), function="nextval", output_field=models.BigIntegerField()
                        ),
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("month", models.DateField(verbose_name="月份")),
                ("closed_on", models.DateField(verbose_name="关账日")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="base.region", verbose_name="区划"
                    ),
                ),
            ],
            options={
                "db_table": "fund_closing",
                "constraints": [
                    models.UniqueConstraint(fields=("region", "month"), name="fund_closing_once"),
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="fund_closing_month"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["region", "booked_on"], name="fund_entry_booked"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("booked_on__gte", models.F("happened_on")), ("known_on__gte", models.F("happened_on"))
                ),
                name="fund_entry_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(condition=models.Q(("lines__gt", 0)), name="fund_entry_lines"),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(condition=models.Q(("fen", 0), _negated=True), name="fund_line_not_zero"),
        ),
        migrations.RunSQL(RULES + CONSTRAINTS + CHECKED + CHECKED_BY + MONTHS + BOOK + RELIEF, UNDO),
        guarded("fund_entry", reads=READERS),
        guarded("fund_line", reads=READERS),
        guarded("fund_closing", reads=READERS),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        append_only("fund_entry"),
        append_only("fund_line"),
        append_only("fund_closing"),
    ]
