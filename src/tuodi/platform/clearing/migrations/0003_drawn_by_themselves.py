"""A county may agree on a day for drawing; a statement's rows are read page by page."""

from django.db import migrations, models

from tuodi.platform.base.rls import ROLE


class Migration(migrations.Migration):
    dependencies = [("clearing", "0002_drafts")]

    operations = [
        migrations.AddField(
            model_name="term",
            name="draw_on",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="月末后第几个工作日自动生成结算单"),
        ),
        migrations.RunSQL(
            f"grant insert (draw_on) on clearing_term to {ROLE}",
            f"revoke insert (draw_on) on clearing_term from {ROLE}",
        ),
        migrations.AddIndex(
            model_name="row",
            index=models.Index(fields=["statement", "settlement"], name="clearing_row_in_order"),
        ),
    ]
