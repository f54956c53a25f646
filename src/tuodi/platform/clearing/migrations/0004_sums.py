"""The sums of a statement are kept with it; those of earlier ones are made here."""

from django.db import migrations, models

from tuodi.platform.base.domain import Desk
from tuodi.platform.base.rls import append_only, guarded
from tuodi.platform.clearing.schema import PART_CHECKED, UNDO_PART_CHECKED

READERS = (Desk.county, Desk.finance, Desk.hospital, Desk.city, Desk.supervisor)
AMOUNTS = {
    "total_fen": "医疗总费用", "in_policy_fen": "政策范围内费用", "relief_fen": "救助金额", "personal_fen": "个人自付",
    "hospital_fen": "医院承担",
}  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("clearing", "0003_drawn_by_themselves")]

    operations = [
        migrations.CreateModel(
            name="Part",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.TextField(
                        choices=[("settled", "结算"), ("cancelled", "撤销"), ("correction", "更正")],
                        verbose_name="类型",
                    ),
                ),
                ("insurance", models.TextField(verbose_name="险种")),
                ("service", models.TextField(verbose_name="服务类别")),
                ("rows", models.PositiveIntegerField(verbose_name="笔数")),
                *((name, models.BigIntegerField(verbose_name=label)) for name, label in AMOUNTS.items()),
                ("sources", models.JSONField(verbose_name="各资金来源")),
                (
                    "institution",
                    models.ForeignKey(
                        db_constraint=False, db_index=False, on_delete=models.PROTECT, to="base.institution"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(db_constraint=False, db_index=False, on_delete=models.PROTECT, to="base.region"),
                ),
                ("statement", models.ForeignKey(on_delete=models.PROTECT, to="clearing.statement")),
            ],
            options={
                "db_table": "clearing_part",
                "constraints": (
                    models.UniqueConstraint(
                        fields=("statement", "kind", "insurance", "service"), name="clearing_part_once"
                    ),
                ),
            },
        ),
        guarded("clearing_part", reads=READERS, writes=(Desk.county,), institution="institution_id"),
        migrations.RunSQL(PART_CHECKED, UNDO_PART_CHECKED),
        append_only("clearing_part"),
    ]
