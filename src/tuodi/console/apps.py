"""The room as a Django application."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Pages, templates, style and script; no tables."""

    name = "tuodi.console"
    label = "console"
    verbose_name = "工作台"
