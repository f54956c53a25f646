"""Persons, households, insurance, statuses, and the changes of what is known of the past."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("base", "0002_audit_outbox_holiday"),
    ]

    operations = [
        migrations.CreateModel(
            name="Household",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, verbose_name="户编号")),
                ("township", models.CharField(blank=True, max_length=60, verbose_name="乡镇（街道）")),
                ("village", models.CharField(blank=True, max_length=60, verbose_name="村（社区）")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="住址")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="base.region", verbose_name="区划"
                    ),
                ),
            ],
            options={
                "db_table": "registry_household",
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number_sealed", models.BinaryField(verbose_name="身份证号码（密文）")),
                ("number_index", models.BinaryField(unique=True, verbose_name="身份证号码（指纹）")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("name_key", models.CharField(max_length=240, verbose_name="姓名拼音")),
                ("name_initials", models.CharField(max_length=60, verbose_name="姓名拼音首字母")),
                (
                    "sex",
                    models.CharField(choices=[("male", "男"), ("female", "女")], max_length=6, verbose_name="性别"),
                ),
                ("birth_date", models.DateField(verbose_name="出生日期")),
                ("relation", models.CharField(blank=True, max_length=20, verbose_name="与户主关系")),
                (
                    "enrolled_at",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
                        verbose_name="登记时间",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="registry.household",
                        verbose_name="家庭",
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
                "db_table": "registry_person",
            },
        ),
        migrations.CreateModel(
            name="Insurance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("resident", "居民医保"), ("employee", "职工医保")],
                        max_length=10,
                        verbose_name="参保类型",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="起")),
                ("ends_on", models.DateField(null=True, verbose_name="止")),
                (
                    "known_from",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
                        verbose_name="知悉时间",
                    ),
                ),
                ("known_until", models.DateTimeField(null=True, verbose_name="被取代时间")),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.region",
                        verbose_name="区划",
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.insurance",
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
            ],
            options={
                "db_table": "registry_insurance",
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_day", models.DateField(verbose_name="自")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
                        verbose_name="时间",
                    ),
                ),
                ("reason", models.TextField(verbose_name="缘由")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="base.region", verbose_name="区划"
                    ),
                ),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="registry.person")),
            ],
            options={
                "db_table": "registry_change",
            },
        ),
        migrations.CreateModel(
            name="Status",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("extreme_poverty", "特困人员"),
                            ("orphan", "孤儿"),
                            ("unsupported_child", "事实无人抚养儿童"),
                            ("priority_child", "困境儿童"),
                            ("subsistence_allowance", "低保对象"),
                            ("subsistence_margin", "低保边缘家庭成员"),
                            ("returned_to_poverty", "返贫致贫人口"),
                            ("poverty_monitored", "防止返贫监测帮扶对象"),
                            ("illness_impoverished", "因病致贫重病患者"),
                            ("registered_poor", "建档立卡贫困人口"),
                            ("entitled_group", "优抚对象"),
                            ("low_income", "低收入家庭成员"),
                            ("low_income_elderly", "低收入家庭老年人"),
                            ("low_income_minor", "低收入家庭未成年人"),
                            ("severe_disability", "一、二级残疾人"),
                            ("family_planning_hardship", "计划生育特殊困难人员"),
                            ("other_hardship_patient", "其他特殊困难家庭重病患者"),
                            ("retrenched_worker", "精减退职职工"),
                            ("veteran_party_member", "建国前入党老党员等"),
                            ("hiv_opportunistic", "艾滋病机会性感染者"),
                            ("disability_living_subsidy", "困难残疾人生活补贴对象"),
                            ("bravery", "见义勇为者"),
                            ("other_special", "其他特殊困难人员"),
                        ],
                        max_length=30,
                        verbose_name="身份",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="起")),
                ("ends_on", models.DateField(null=True, verbose_name="止")),
                ("applied_on", models.DateField(null=True, verbose_name="申请日")),
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
                        verbose_name="认定部门",
                    ),
                ),
                ("certificate", models.CharField(blank=True, max_length=60, verbose_name="证明文号")),
                (
                    "known_from",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
                        verbose_name="知悉时间",
                    ),
                ),
                ("known_until", models.DateTimeField(null=True, verbose_name="被取代时间")),
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
                        related_name="+",
                        to="base.region",
                        verbose_name="区划",
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.status"
                    ),
                ),
            ],
            options={
                "db_table": "registry_status",
            },
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.UniqueConstraint(fields=("region", "number"), name="registry_household_number"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["region", "name_key", "id"], name="registry_person_sorted"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass("name", name="text_pattern_ops"), name="registry_person_by_name"
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass("name_initials", name="text_pattern_ops"),
                name="registry_person_by_initials",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(fields=("id", "region"), name="registry_person_in_region"),
        ),
        migrations.AddIndex(
            model_name="insurance",
            index=models.Index(
                condition=models.Q(("known_until__isnull", True)), fields=["person"], name="registry_insurance_now"
            ),
        ),
        migrations.AddConstraint(
            model_name="insurance",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__isnull", True), ("ends_on__gt", models.F("starts_on")), _connector="OR"),
                name="registry_insurance_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="insurance",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("resident", "employee"))), name="registry_insurance_kind"
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["region", "id"], name="registry_change_in_region"),
        ),
        migrations.AddIndex(
            model_name="status",
            index=models.Index(fields=["person"], name="registry_status_of_person"),
        ),
        migrations.AddIndex(
            model_name="status",
            index=models.Index(
                condition=models.Q(("known_until__isnull", True)), fields=["person"], name="registry_status_now"
            ),
        ),
        migrations.AddConstraint(
            model_name="status",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__isnull", True), ("ends_on__gt", models.F("starts_on")), _connector="OR"),
                name="registry_status_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="status",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("applied_on__isnull", True), ("applied_on__lte", models.F("starts_on")), _connector="OR"
                ),
                name="registry_status_applied",
            ),
        ),
        migrations.AddConstraint(
            model_name="status",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "extreme_poverty",
                            "orphan",
                            "unsupported_child",
                            "priority_child",
                            "subsistence_allowance",
                            "subsistence_margin",
                            "returned_to_poverty",
                            "poverty_monitored",
                            "illness_impoverished",
                            "registered_poor",
                            "entitled_group",
                            "low_income",
                            "low_income_elderly",
                            "low_income_minor",
                            "severe_disability",
                            "family_planning_hardship",
                            "other_hardship_patient",
                            "retrenched_worker",
                            "veteran_party_member",
                            "hiv_opportunistic",
                            "disability_living_subsidy",
                            "bravery",
                            "other_special",
                        ],
                    )
                ),
                name="registry_status_known",
            ),
        ),
    ]
