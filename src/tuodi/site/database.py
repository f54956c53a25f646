"""Which PostgreSQL: the one that `DATABASE_URL` names, or the one that comes along, started if it is not running."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tuodi.site.postgres import data_folder, home_in, start

URL = "DATABASE_URL"


def url() -> str:
    """The connection string. Starts the embedded server where `DATABASE_URL` is not set; Faults if it cannot."""
    return os.environ.get(URL) or start(home_in(data_folder())).url()


def django_settings(address: str) -> dict[str, Any]:
    """The connection string as Django's settings of a database; parameters behind `?` go to libpq."""
    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
