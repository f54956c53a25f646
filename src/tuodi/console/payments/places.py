"""Whose payments a page is about: the user's own region, or one within it that is asked for."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from tuodi.console.administration.places import counties
from tuodi.platform.base.models import Region


def place(request: HttpRequest) -> tuple[str, list[Region]]:
    """The region asked for, else the first one; and all there are to choose from. Http404 for anybody else's."""
    found = counties(request.user.region_id)
    codes = [each.code for each in found]
    asked = request.GET.get("region", "")
    if asked and asked not in codes:
        raise Http404
    return asked or next(iter(codes), request.user.region_id), found
