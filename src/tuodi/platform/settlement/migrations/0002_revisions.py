"""Revisions: proposals, what was decided of them, and changes of the registry whose consequences were looked at."""

import django.db.models.deletion
from django.db import migrations, models

from tuodi.platform.base.domain import Desk
from tuodi.platform.base.rls import append_only, guarded
from tuodi.platform.settlement.schema import LOOK, REVISIONS

DESKS = (Desk.county, Desk.finance, Desk.city, Desk.supervisor)


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_times_and_scopes"),
        ("settlement", "0001_settlements"),
    ]

    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "act",
                    models.TextField(
                        choices=[("cancel", "冲销"), ("correct", "更正"), ("resettle", "重新结算")], verbose_name="事项"
                    ),
                ),
                ("institution_id", models.TextField(db_default="", verbose_name="提出的机构")),
                ("staff_id", models.BigIntegerField(null=True, verbose_name="提出人")),
                ("bill", models.JSONField(null=True, verbose_name="更正后的账单")),
                ("differences", models.JSONField(verbose_name="差额")),
                ("reason", models.TextField(verbose_name="理由")),
                ("proposed_on", models.DateField(verbose_name="提出日")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
                        verbose_name="时间",
                    ),
                ),
            ],
            options={
                "db_table": "settlement_proposal",
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="registry.change",
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
                "db_table": "settlement_review",
            },
        ),
        migrations.RemoveConstraint(
            model_name="settlement",
            name="settlement_once",
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ("settled", "corrected"))),
                fields=("sender", "sender_key"),
                name="settlement_once",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="person",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="registry.person"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="region",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="base.region", verbose_name="区划"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="settlement",
            field=models.ForeignKey(
                db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="settlement.settlement"
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="proposal",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="settlement.proposal"),
        ),
        migrations.AddField(
            model_name="review",
            name="region",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="base.region", verbose_name="区划"),
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="settlement.proposal",
                    ),
                ),
                (
                    "decision",
                    models.TextField(
                        choices=[("approved", "同意"), ("rejected", "不同意"), ("overtaken", "已变动")],
                        verbose_name="决定",
                    ),
                ),
                ("staff_id", models.BigIntegerField(null=True, verbose_name="决定人")),
                ("reason", models.TextField(db_default="", verbose_name="理由")),
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
                        on_delete=django.db.models.deletion.PROTECT, to="base.region", verbose_name="区划"
                    ),
                ),
            ],
            options={
                "db_table": "settlement_decision",
            },
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["region", "id"], name="settlement_proposal_in"),
        ),
        migrations.RunSQL(LOOK + REVISIONS, migrations.RunSQL.noop),
        guarded("settlement_proposal", reads=(*DESKS, Desk.hospital), institution="institution_id"),
        guarded("settlement_decision", reads=DESKS),
        guarded("settlement_review", reads=DESKS),
        append_only("settlement_proposal"),
        append_only("settlement_decision"),
        append_only("settlement_review"),
    ]
