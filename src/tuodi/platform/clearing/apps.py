"""The room as a Django application."""

from django.apps import AppConfig


class ClearingConfig(AppConfig):
    """Statements of institutions and what becomes of them; tables are `clearing_…`."""

    name = "tuodi.platform.clearing"
    label = "clearing"
    verbose_name = "清算"
    default_auto_field = "django.db.models.BigAutoField"
