"""Policies of regions, accounts, settlements, and the two functions of the way that every bill takes."""

import django.db.models.deletion
from django.db import migrations, models

from tuodi.platform.base.domain import Desk
from tuodi.platform.base.rls import append_only, granted, guarded
from tuodi.platform.settlement.schema import ADOPTED, COMMIT, GRANTS, LOOK, LOOKED, POLICY, STORAGE, UNDO

DESKS = (Desk.county, Desk.finance, Desk.city, Desk.supervisor, Desk.insurer)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("base", "0002_audit_outbox_holiday"),
        ("fund", "0001_entries"),
        ("registry", "0002_times_and_scopes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("hash", models.TextField(primary_key=True, serialize=False, verbose_name="内容指纹")),
                ("name", models.TextField(verbose_name="编号")),
                ("files", models.JSONField(verbose_name="文件")),
            ],
            options={
                "db_table": "settlement_document",
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="registry.person",
                    ),
                ),
                ("version", models.BigIntegerField(verbose_name="版本")),
                ("state", models.JSONField(db_default={}, verbose_name="累计")),
                ("opening", models.JSONField(db_default={}, verbose_name="期初累计")),
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
                "db_table": "settlement_account",
            },
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="起")),
                ("parameters", models.JSONField(db_default={}, verbose_name="参数")),
                ("otherwise", models.JSONField(verbose_name="文件没有写分担时的分担")),
                (
                    "known_at",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
                        verbose_name="知悉时间",
                    ),
                ),
                ("reason", models.TextField(verbose_name="依据")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="settlement.document",
                        verbose_name="政策文件",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="settlement.document",
                        verbose_name="参保方案",
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
                "db_table": "settlement_policy",
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.BigIntegerField(verbose_name="原结算")),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("settled", "结算"),
                            ("cancelled", "冲销"),
                            ("corrected", "更正"),
                            ("affected", "重算"),
                        ],
                        verbose_name="类型",
                    ),
                ),
                ("institution_id", models.TextField(db_default="", verbose_name="机构")),
                ("payee", models.TextField(verbose_name="支付对象")),
                ("sender", models.TextField(verbose_name="发送方")),
                ("sender_key", models.TextField(verbose_name="发送方编号")),
                ("content_hash", models.TextField(verbose_name="内容指纹")),
                ("service", models.TextField(verbose_name="服务类别")),
                ("happened_on", models.DateField(verbose_name="发生日")),
                ("known_on", models.DateField(verbose_name="知悉日")),
                (
                    "known_at",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
                        verbose_name="知悉时间",
                    ),
                ),
                ("total_fen", models.BigIntegerField(verbose_name="医疗总费用")),
                ("in_policy_fen", models.BigIntegerField(verbose_name="政策范围内费用")),
                ("relief_fen", models.BigIntegerField(verbose_name="救助金额")),
                ("personal_fen", models.BigIntegerField(verbose_name="个人自付")),
                ("hospital_fen", models.BigIntegerField(db_default=0, verbose_name="医院承担")),
                ("lines", models.JSONField(verbose_name="明细")),
                ("refusal", models.JSONField(null=True, verbose_name="不予救助")),
                ("extras", models.JSONField(null=True, verbose_name="其他结果")),
                ("event", models.JSONField(verbose_name="事件")),
                ("who", models.JSONField(db_column="person", verbose_name="当时的对象信息")),
                ("engine", models.TextField(verbose_name="程序版本")),
                ("opening_hash", models.TextField(verbose_name="此前累计的指纹")),
                ("chain", models.TextField(verbose_name="回执")),
                ("state_before", models.JSONField(verbose_name="此前累计")),
                ("state_after", models.JSONField(verbose_name="此后累计")),
                ("reason", models.TextField(db_default="", verbose_name="理由")),
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
                    "policy",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="settlement.policy",
                        verbose_name="政策",
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
                (
                    "replaces",
                    models.OneToOneField(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="settlement.settlement",
                        verbose_name="取代的结算",
                    ),
                ),
            ],
            options={
                "db_table": "settlement_settlement",
            },
        ),
        migrations.AddIndex(
            model_name="policy",
            index=models.Index(fields=["region", "-starts_on", "-id"], name="settlement_policy_on"),
        ),
        migrations.AddIndex(
            model_name="settlement",
            index=models.Index(fields=["person", "origin", "id"], name="settlement_of_person"),
        ),
        migrations.AddIndex(
            model_name="settlement",
            index=models.Index(fields=["region", "known_on", "id"], name="settlement_in_region"),
        ),
        migrations.AddIndex(
            model_name="settlement",
            index=models.Index(fields=["institution_id", "known_on", "id"], name="settlement_of_institution"),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.UniqueConstraint(fields=("sender", "sender_key"), name="settlement_once"),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("hospital_fen__gte", 0),
                    ("in_policy_fen__lte", models.F("total_fen")),
                    ("known_on__gte", models.F("happened_on")),
                    ("personal_fen__gte", 0),
                    ("relief_fen__gte", 0),
                ),
                name="settlement_amounts",
            ),
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunSQL(POLICY + ADOPTED + LOOKED + LOOK + COMMIT, UNDO),
        granted("settlement_document", "select, insert"),
        guarded("settlement_policy", reads=DESKS, writes=(Desk.county, Desk.city)),
        guarded("settlement_account", reads=DESKS),
        guarded(
            "settlement_settlement",
            reads=(*DESKS, Desk.hospital),
            institution="institution_id",
        ),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        append_only("settlement_document"),
        append_only("settlement_policy"),
        append_only("settlement_settlement"),
    ]
