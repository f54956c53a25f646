"""The room as a Django application."""

from django.apps import AppConfig


class DisbursementConfig(AppConfig):
    """Payment orders for persons and what becomes of them; tables are `disbursement_…`."""

    name = "tuodi.platform.disbursement"
    label = "disbursement"
    verbose_name = "个人支付"
    default_auto_field = "django.db.models.BigAutoField"
