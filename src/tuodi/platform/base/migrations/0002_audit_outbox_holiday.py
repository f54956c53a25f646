"""The audit trail, the outbox, and the holidays that an administrator enters."""

import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models

import tuodi.platform.base.models
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.rls import (
    MORE_FUNCTIONS,
    ROLE,
    UNDO_MORE_FUNCTIONS,
    append_only,
    granted,
    guarded,
)

# Anybody within a scope adds to the trail, about any region, and only under their own name. Number, time and
# transaction are the database's to give.
TRAIL = f"""
revoke insert on base_audit from {ROLE};
grant insert (staff_id, desk, institution_id, region_id, act, subject, reason, details) on base_audit to {ROLE};
drop policy adds on base_audit;
create policy adds on base_audit for insert to {ROLE} with check (
  tuodi_scope() <> '' and desk = tuodi_desk() and institution_id = tuodi_institution()
  and staff_id is not distinct from tuodi_staff());
"""
# Anybody within a scope leaves an errand; only the system sees them and says that they are done.
ERRANDS = f"""
alter table base_outbox enable row level security;
grant select, insert (topic, key, payload, due_at), update (due_at, tries, trouble, done_at), delete
  on base_outbox to {ROLE};
create policy adds on base_outbox for insert to {ROLE} with check (tuodi_scope() <> '');
create policy sees on base_outbox for select to {ROLE} using (tuodi_desk() = 'system');
create policy changes on base_outbox for update to {ROLE} using (tuodi_desk() = 'system');
create policy forgets on base_outbox for delete to {ROLE} using (tuodi_desk() = 'system' and done_at is not null);
"""
# Holidays are everybody's to read; entering them is the administrator's.
HOLIDAYS = f"""
alter table base_holiday enable row level security;
grant insert on base_holiday to {ROLE};
create policy sees on base_holiday for select to {ROLE} using (true);
create policy adds on base_holiday for insert to {ROLE} with check (tuodi_desk() in ('administrator', 'system'));
"""
READERS = (Desk.county, Desk.finance, Desk.city, Desk.supervisor, Desk.administrator)


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial")]

    operations = [
        migrations.RunSQL(MORE_FUNCTIONS, UNDO_MORE_FUNCTIONS),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "rests",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), size=None, verbose_name="放假日期"
                    ),
                ),
                (
                    "works",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), size=None, verbose_name="调休上班日期"
                    ),
                ),
                ("document", models.TextField(verbose_name="依据的文件")),
                (
                    "at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="录入时间"),
                ),
            ],
            options={
                "db_table": "base_holiday",
            },
        ),
        migrations.CreateModel(
            name="Audit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
                        verbose_name="时间",
                    ),
                ),
                (
                    "staff_id",
                    models.BigIntegerField(
                        db_default=models.Func(function="tuodi_staff", output_field=models.BigIntegerField()),
                        null=True,
                        verbose_name="人员",
                    ),
                ),
                (
                    "desk",
                    models.TextField(
                        db_default=models.Func(function="tuodi_desk", output_field=models.TextField()),
                        verbose_name="岗位",
                    ),
                ),
                (
                    "institution_id",
                    models.TextField(
                        db_default=models.Func(function="tuodi_institution", output_field=models.TextField()),
                        verbose_name="机构",
                    ),
                ),
                (
                    "region_id",
                    models.TextField(
                        db_default=models.Func(function="tuodi_region", output_field=models.TextField()),
                        verbose_name="区划",
                    ),
                ),
                ("act", models.TextField(verbose_name="行为")),
                ("subject", models.TextField(verbose_name="对象")),
                ("reason", models.TextField(db_default="", verbose_name="理由")),
                ("details", models.JSONField(db_default={}, verbose_name="详情")),
                (
                    "transaction",
                    tuodi.platform.base.models.TransactionField(
                        db_default=models.Func(
                            function="pg_current_xact_id", output_field=tuodi.platform.base.models.TransactionField()
                        )
                    ),
                ),
            ],
            options={
                "db_table": "base_audit",
                "indexes": [
                    models.Index(fields=["transaction"], name="base_audit_transaction"),
                    models.Index(fields=["subject", "id"], name="base_audit_subject"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Outbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
                        verbose_name="时间",
                    ),
                ),
                ("topic", models.TextField(verbose_name="事项")),
                ("key", models.TextField(verbose_name="关于")),
                ("payload", models.JSONField(db_default={}, verbose_name="内容")),
                (
                    "due_at",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
                        verbose_name="最早办理时间",
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(db_default=0, verbose_name="已试次数")),
                ("trouble", models.TextField(db_default="", verbose_name="上次的问题")),
                ("done_at", models.DateTimeField(null=True, verbose_name="办结时间")),
            ],
            options={
                "db_table": "base_outbox",
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None)), fields=["due_at", "id"], name="base_outbox_waiting"
                    ),
                    models.Index(fields=["topic", "key"], name="base_outbox_about"),
                ],
            },
        ),
        guarded("base_audit", reads=READERS),
        migrations.RunSQL(TRAIL, migrations.RunSQL.noop),
        append_only("base_audit"),
        migrations.RunSQL(ERRANDS, migrations.RunSQL.noop),
        granted("base_holiday"),
        migrations.RunSQL(HOLIDAYS, migrations.RunSQL.noop),
        append_only("base_holiday"),
    ]
