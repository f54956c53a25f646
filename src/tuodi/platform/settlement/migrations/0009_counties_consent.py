"""Each county consents to what a change does to its own bills; a policy can be looked at before it is adopted."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from tuodi.platform.base.domain import Desk
from tuodi.platform.base.rls import append_only, guarded
from tuodi.platform.settlement.schema import CONCERNED, CONSENTS, DRAFTS, UNDO_CONSENTS, UNDO_DRAFTS

DESKS = (Desk.county, Desk.finance, Desk.city, Desk.supervisor)
CLOCK = models.Func(function="clock_timestamp", output_field=models.DateTimeField())


class Migration(migrations.Migration):
    dependencies = [("settlement", "0008_reviews")]

    operations = [
        migrations.AddField("policy", "draft", models.BooleanField(db_default=False, verbose_name="拟采用")),
        migrations.AddField(
            "policy",
            "drafted_as",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="settlement.policy",
                verbose_name="采用前的测算",
            ),
        ),
        migrations.RunSQL(DRAFTS, UNDO_DRAFTS),
        migrations.AddField(
            "proposal",
            "regions",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), default=list, size=None, verbose_name="涉及的区划"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "proposal",
            "adoption",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="settlement.policy",
                verbose_name="因采用的政策",
            ),
        ),
        migrations.CreateModel(
            name="Concern",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bills", models.IntegerField(verbose_name="笔数")),
                ("relief_fen", models.BigIntegerField(verbose_name="救助差额")),
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
                "db_table": "settlement_concern",
                "constraints": [models.UniqueConstraint(fields=("proposal", "region"), name="settlement_concern_once")],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("staff_id", models.BigIntegerField(null=True, verbose_name="同意人")),
                ("reason", models.TextField(db_default="", verbose_name="理由")),
                ("at", models.DateTimeField(db_default=CLOCK, verbose_name="时间")),
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
                "db_table": "settlement_consent",
                "constraints": [models.UniqueConstraint(fields=("proposal", "region"), name="settlement_consent_once")],
            },
        ),
        migrations.RunSQL(CONCERNED, migrations.RunSQL.noop),
        guarded("settlement_concern", reads=DESKS),
        guarded("settlement_consent", reads=DESKS, writes=(Desk.county,)),
        migrations.RunSQL(CONSENTS, UNDO_CONSENTS),
        append_only("settlement_concern"),
        append_only("settlement_consent"),
    ]
