"""Policies held against everybody's bills, before they are adopted and after."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from tuodi.platform.base.domain import Desk
from tuodi.platform.base.rls import append_only, guarded
from tuodi.platform.settlement.schema import SWEEPS, UNDO_WAITING, WAITING

DESKS = (Desk.county, Desk.finance, Desk.city, Desk.supervisor)
CLOCK = models.Func(function="clock_timestamp", output_field=models.DateTimeField())


class Migration(migrations.Migration):
    dependencies = [("settlement", "0009_counties_consent")]

    operations = [
        migrations.CreateModel(
            name="Sweep",
            fields=[
                (
                    "policy",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="settlement.policy",
                    ),
                ),
                ("persons", models.IntegerField(verbose_name="人数")),
                ("at", models.DateTimeField(db_default=CLOCK, verbose_name="时间")),
            ],
            options={"db_table": "settlement_sweep"},
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bills", models.IntegerField(verbose_name="笔数")),
                ("relief_fen", models.BigIntegerField(verbose_name="救助差额")),
                ("trouble", models.TextField(db_default="", verbose_name="不能重算的原因")),
                (
                    "policy",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="settlement.policy"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="registry.person",
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
                "db_table": "settlement_outcome",
                "indexes": [
                    models.Index(
                        condition=models.Q(("trouble", ""), _negated=True),
                        fields=["policy", "region", "person"],
                        name="settlement_outcome_amiss",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("policy", "person", "region"), name="settlement_outcome_once")
                ],
            },
        ),
        migrations.AlterField(
            "proposal",
            "adoption",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="settlement.policy",
                verbose_name="因采用的政策",
            ),
        ),
        migrations.AddIndex(
            "proposal",
            models.Index(
                condition=models.Q(("adoption__isnull", False)),
                fields=["adoption", "id"],
                name="settlement_proposal_for",
            ),
        ),
        migrations.AddConstraint(
            "policy",
            models.UniqueConstraint(
                condition=models.Q(("drafted_as__isnull", False)),
                fields=("drafted_as",),
                name="settlement_draft_adopted_once",
            ),
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "regions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None, verbose_name="涉及的区划"
                    ),
                ),
                (
                    "adoption",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="settlement.policy",
                        verbose_name="因采用的政策",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="settlement.proposal"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="base.region",
                        verbose_name="区划",
                    ),
                ),
            ],
            options={
                "db_table": "settlement_waiting",
                "indexes": [models.Index(fields=["region", "adoption", "proposal"], name="settlement_waiting_for")],
                "constraints": [models.UniqueConstraint(fields=("proposal", "region"), name="settlement_waiting_once")],
            },
        ),
        migrations.RunSQL(WAITING, UNDO_WAITING),
        migrations.RunSQL(SWEEPS, migrations.RunSQL.noop),
        guarded("settlement_outcome", reads=DESKS),
        append_only("settlement_sweep"),
        append_only("settlement_outcome"),
    ]
