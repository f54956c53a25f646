"""Catalogues of drugs, services and materials; who has divided a fee line, and whose lines must be divided."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from tuodi.platform.base.rls import ROLE, append_only

# What a catalogue says is public; importing one, and the rule for an institution, are the system's.
LISTS = "".join(
    f"""
alter table {table} enable row level security;
grant select, insert on {table} to {ROLE};
create policy sees on {table} for select to {ROLE} using (tuodi_scope() <> '');
create policy adds on {table} for insert to {ROLE} with check (tuodi_desk() = 'system');
"""
    for table in ("gateway_catalogue", "gateway_catalogue_item", "gateway_line_rule")
)
ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
NOW = django.db.models.functions.datetime.Now()


class Migration(migrations.Migration):
    dependencies = [("gateway", "0003_standing_again"), ("base", "0007_sets_of_keys")]

    operations = [
        migrations.CreateModel(
            name="Catalogue",
            fields=[
                ID,
                ("at", models.DateTimeField(db_default=NOW, verbose_name="导入时间")),
                ("starts_on", models.DateField(verbose_name="起用日期")),
                ("document", models.TextField(verbose_name="依据的文件")),
                ("content_hash", models.TextField(verbose_name="文件指纹")),
                ("count", models.PositiveIntegerField(verbose_name="条数")),
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
            options={"db_table": "gateway_catalogue"},
        ),
        migrations.CreateModel(
            name="CatalogueItem",
            fields=[
                ID,
                ("code", models.TextField(verbose_name="编码")),
                ("name", models.TextField(verbose_name="名称")),
                (
                    "grade",
                    models.TextField(choices=[("01", "甲"), ("02", "乙"), ("03", "丙")], verbose_name="类别"),
                ),
                ("self_pay", models.PositiveSmallIntegerField(verbose_name="先自付比例（万分）")),
                (
                    "ceiling",
                    models.DecimalField(decimal_places=6, max_digits=16, null=True, verbose_name="支付上限（元）"),
                ),
                ("starts_on", models.DateField(verbose_name="起")),
                ("ends_on", models.DateField(null=True, verbose_name="止")),
                (
                    "catalogue",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="gateway.catalogue",
                    ),
                ),
            ],
            options={
                "db_table": "gateway_catalogue_item",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("catalogue", "code", "starts_on"), name="gateway_catalogue_item_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("self_pay__lte", 10000)), name="gateway_catalogue_item_share"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LineRule",
            fields=[
                ID,
                ("at", models.DateTimeField(db_default=NOW, verbose_name="时间")),
                ("divided_only", models.BooleanField(verbose_name="只收有拆分的费用明细")),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.institution",
                        verbose_name="机构",
                    ),
                ),
            ],
            options={"db_table": "gateway_line_rule"},
        ),
        migrations.AddField(
            model_name="feeline",
            name="divided_by",
            field=models.TextField(
                blank=True,
                choices=[("hospital", "医院"), ("catalogue", "目录"), ("nobody", "无")],
                default="",
                verbose_name="由谁拆分",
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(LISTS, migrations.RunSQL.noop),
        append_only("gateway_catalogue"),
        append_only("gateway_catalogue_item"),
        append_only("gateway_line_rule"),
    ]
