"""Rosters: what was delivered, row by row, what it would change, and what is wrong with it."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0003_sign_in_credential_seal"),
        ("registry", "0002_times_and_scopes"),
    ]

    operations = [
        migrations.CreateModel(
            name="RosterFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="行")),
                ("column", models.CharField(max_length=30, verbose_name="列")),
                ("code", models.CharField(max_length=40)),
                ("message", models.TextField(verbose_name="问题")),
                ("remedy", models.TextField(verbose_name="改法")),
            ],
            options={
                "db_table": "registry_roster_finding",
            },
        ),
        migrations.CreateModel(
            name="RosterRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(null=True, verbose_name="行")),
                ("faulty", models.BooleanField(verbose_name="有问题")),
                ("kind", models.CharField(max_length=10, verbose_name="变化")),
                ("trouble", models.CharField(blank=True, max_length=30, verbose_name="与登记不符")),
                ("number_sealed", models.BinaryField(null=True)),
                ("number_index", models.BinaryField(null=True)),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("name_key", models.CharField(max_length=240)),
                ("name_initials", models.CharField(max_length=60)),
                ("sex", models.CharField(max_length=6, null=True)),
                ("birth_date", models.DateField(null=True)),
                ("status", models.CharField(max_length=30, null=True, verbose_name="身份")),
                ("given_start", models.DateField(null=True)),
                ("given_end", models.DateField(null=True)),
                ("given_applied", models.DateField(null=True)),
                ("ends", models.BooleanField(verbose_name="减少")),
                ("starts_on", models.DateField(null=True, verbose_name="起")),
                ("ends_on", models.DateField(null=True, verbose_name="止")),
                ("applied_on", models.DateField(null=True, verbose_name="申请日")),
                ("old_id", models.BigIntegerField(null=True, verbose_name="被取代的身份记录")),
                ("certificate", models.CharField(blank=True, max_length=60, verbose_name="证明文号")),
                ("household_number", models.CharField(blank=True, max_length=40, verbose_name="户编号")),
                ("relation", models.CharField(blank=True, max_length=20, verbose_name="与户主关系")),
                ("township", models.CharField(blank=True, max_length=60)),
                ("village", models.CharField(blank=True, max_length=60)),
                ("address", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "db_table": "registry_roster_row",
            },
        ),
        migrations.CreateModel(
            name="Roster",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "department",
                    models.CharField(
                        choices=[
                            ("civil_affairs", "民政"),
                            ("veterans", "退役军人"),
                            ("rural_revitalisation", "乡村振兴"),
                            ("disabled_federation", "残联"),
                            ("health", "卫健"),
                            ("public_security", "公安"),
                            ("healthcare_security", "医保"),
                        ],
                        max_length=30,
                        verbose_name="部门",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("full", "全量名单"), ("changes", "增减名单")], max_length=10, verbose_name="报送方式"
                    ),
                ),
                ("adjusted_on", models.DateField(verbose_name="调整日期")),
                ("effective_on", models.DateField(verbose_name="生效日期")),
                ("received_on", models.DateField(verbose_name="收到日期")),
                ("days_late", models.PositiveSmallIntegerField(null=True, verbose_name="迟报工作日")),
                ("certificate", models.CharField(blank=True, max_length=60, verbose_name="证明文号")),
                (
                    "covers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None, verbose_name="名单所列身份"
                    ),
                ),
                ("overwrite", models.BooleanField(verbose_name="覆盖不一致的记录")),
                ("ends_given", models.BooleanField(verbose_name="名单写明止日")),
                ("file_name", models.CharField(max_length=200, verbose_name="文件名")),
                ("content_hash", models.CharField(max_length=64, verbose_name="文件摘要")),
                ("push_key", models.CharField(max_length=80, null=True, verbose_name="推送编号")),
                ("counts", models.JSONField(verbose_name="各类人数")),
                ("finding_count", models.PositiveIntegerField(verbose_name="问题数")),
                (
                    "unread",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None, verbose_name="没有读的列"
                    ),
                ),
                ("plan_hash", models.CharField(max_length=64, verbose_name="变更摘要")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
                        verbose_name="预览时间",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("previewed", "待导入"),
                            ("imported", "已导入"),
                            ("undone", "已撤销导入"),
                            ("discarded", "已作废"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("changed_at", models.DateTimeField(null=True, verbose_name="办理时间")),
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
                "db_table": "registry_roster",
            },
        ),
        migrations.AddField(
            model_name="status",
            name="roster",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.roster",
            ),
        ),
        migrations.AddIndex(
            model_name="status",
            index=models.Index(
                condition=models.Q(("roster__isnull", False)), fields=["roster"], name="registry_status_of_roster"
            ),
        ),
        migrations.AddField(
            model_name="rosterfinding",
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
            model_name="rosterfinding",
            name="roster",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="registry.roster"),
        ),
        migrations.AddField(
            model_name="rosterrow",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="registry.person",
            ),
        ),
        migrations.AddField(
            model_name="rosterrow",
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
            model_name="rosterrow",
            name="roster",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="registry.roster"),
        ),
        migrations.AddIndex(
            model_name="roster",
            index=models.Index(fields=["region", "-id"], name="registry_roster_latest"),
        ),
        migrations.AddConstraint(
            model_name="roster",
            constraint=models.UniqueConstraint(
                fields=("region", "department", "push_key"), name="registry_roster_push_key"
            ),
        ),
        migrations.AddIndex(
            model_name="rosterfinding",
            index=models.Index(fields=["roster", "position", "id"], name="registry_roster_finding_place"),
        ),
        migrations.AddIndex(
            model_name="rosterrow",
            index=models.Index(fields=["roster", "kind", "position"], name="registry_roster_row_of_kind"),
        ),
    ]
