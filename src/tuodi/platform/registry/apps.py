"""The room as a Django application."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Persons, households, insurance, statuses, rosters; tables are `registry_…`."""

    name = "tuodi.platform.registry"
    label = "registry"
    verbose_name = "对象登记"
    default_auto_field = "django.db.models.BigAutoField"
