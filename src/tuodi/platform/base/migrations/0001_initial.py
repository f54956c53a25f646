"""Regions, institutions, staff, and the functions on which row-level security rests."""

import django.db.models.deletion
from django.db import migrations, models

from tuodi.platform.base.rls import FUNCTIONS, UNDO_FUNCTIONS, granted


class Migration(migrations.Migration):
    initial = True

    dependencies = [("sessions", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTIONS, UNDO_FUNCTIONS),
        migrations.CreateModel(
            name="Region",
            fields=[
                ("code", models.CharField(max_length=6, primary_key=True, serialize=False, verbose_name="区划代码")),
                ("name", models.CharField(max_length=50, verbose_name="名称")),
            ],
            options={
                "db_table": "base_region",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[1-9][0-9]{5}$")), name="base_region_code"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Institution",
            fields=[
                ("code", models.CharField(max_length=12, primary_key=True, serialize=False, verbose_name="机构代码")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "一级"), (2, "二级"), (3, "三级")], verbose_name="级别"
                    ),
                ),
                ("psychiatric", models.BooleanField(default=False, verbose_name="精神专科")),
                ("single_disease", models.BooleanField(default=True, verbose_name="执行单病种限额")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="base.region", verbose_name="所在区划"
                    ),
                ),
            ],
            options={
                "db_table": "base_institution",
            },
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="起")),
                ("ends_on", models.DateField(null=True, verbose_name="止")),
                ("institution", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="base.institution")),
            ],
            options={
                "db_table": "base_agreement",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gt", models.F("starts_on")), _connector="OR"
                        ),
                        name="base_agreement_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Staff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=50, unique=True, verbose_name="用户名")),
                ("name", models.CharField(max_length=50, verbose_name="姓名")),
                (
                    "desk",
                    models.CharField(
                        choices=[
                            ("hospital", "定点医药机构"),
                            ("township", "乡镇（街道）"),
                            ("county", "县级医疗保障"),
                            ("department", "部门"),
                            ("finance", "财政"),
                            ("city", "市级医疗保障"),
                            ("supervisor", "监督审计"),
                            ("insurer", "商业保险机构"),
                            ("administrator", "系统管理"),
                        ],
                        max_length=20,
                        verbose_name="岗位",
                    ),
                ),
                ("department", models.CharField(blank=True, max_length=30, verbose_name="部门")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                (
                    "institution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="base.institution",
                        verbose_name="机构",
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
                "db_table": "base_staff",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("desk", "hospital"), ("institution__isnull", False)),
                            models.Q(models.Q(("desk", "hospital"), _negated=True), ("institution__isnull", True)),
                            _connector="OR",
                        ),
                        name="base_staff_institution",
                    )
                ],
            },
        ),
        granted("base_region"),
        granted("base_institution"),
        granted("base_agreement"),
        granted("base_staff", "select, update"),
        granted("django_session", "select, insert, update, delete"),
    ]
