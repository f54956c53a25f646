"""The room as a Django application."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """Regions, institutions, staff; tables are `base_…`."""

    name = "tuodi.platform.base"
    label = "base"
    verbose_name = "基础"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Signing in notes its time itself, within a scope; Django's own note comes when there is none."""
        from django.contrib.auth.signals import user_logged_in

        user_logged_in.disconnect(dispatch_uid="update_last_login")
