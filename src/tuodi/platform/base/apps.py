"""The room as a Django application."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """Regions, institutions, staff; tables are `base_…`."""

    name = "tuodi.platform.base"
    label = "base"
    verbose_name = "基础"
    default_auto_field = "django.db.models.BigAutoField"
