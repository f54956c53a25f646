"""The room as a Django application."""

from django.apps import AppConfig


class FundConfig(AppConfig):
    """Entries, their lines, closings; tables are `fund_…`."""

    name = "tuodi.platform.fund"
    label = "fund"
    verbose_name = "资金"
    default_auto_field = "django.db.models.BigAutoField"
