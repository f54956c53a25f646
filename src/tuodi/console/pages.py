"""Long lists page by page, with the filters kept in the addresses of the other pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

ROWS = 30
"""As many as an office screen shows with little scrolling, and well below the weight that a page may have."""


def paged(request: HttpRequest, rows: QuerySet | Sequence[Any], size: int = ROWS) -> dict[str, Any]:
    """For a template: `page` of so many rows, and `query` that keeps what was asked for."""
    others = request.GET.copy()
    others.pop("page", None)
    query = others.urlencode()
    page = Paginator(rows, size).get_page(request.GET.get("page"))
    return {"page": page, "query": f"{query}&" if query else ""}
