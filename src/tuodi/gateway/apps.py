"""The room as a Django application."""

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    """Messages of institutions, their visits, fee lines, settlements and files; tables are `gateway_…`."""

    name = "tuodi.gateway"
    label = "gateway"
    verbose_name = "接口"
    default_auto_field = "django.db.models.BigAutoField"
