"""The room as a Django application."""

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """Policies of regions, accounts of persons, settlements; tables are `settlement_…`."""

    name = "tuodi.platform.settlement"
    label = "settlement"
    verbose_name = "结算"
    default_auto_field = "django.db.models.BigAutoField"
