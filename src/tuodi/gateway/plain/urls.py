"""Where the plain interface is mounted: each address in a scope of its own, and whatever is not there told so."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt

from tuodi.core.finding import finding
from tuodi.gateway.plain import findings
from tuodi.gateway.plain.api import api, not_found
from tuodi.platform.base.signed_in import own_scope

NOT_ALLOWED = 405


def in_one_form(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view; a method that it doesn't have is told as findings."""

    @wraps(view)
    def answered(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        answer = view(request, *arguments, **named)
        return _not_allowed(answer) if answer.status_code == NOT_ALLOWED else answer

    return own_scope(csrf_exempt(answered))  # the gate of sessions asks for the token itself


def _not_allowed(answer: HttpResponseBase) -> HttpResponse:
    methods = answer.headers.get("Allow", "")
    told = findings.response(
        [finding("method-not-allowed", "这个地址不用这种方法", remedy=f"用 {methods}")], NOT_ALLOWED
    )
    told.headers["Allow"] = methods
    return told


def _mounted(pattern: URLPattern) -> URLPattern:
    """The address of the whole is there for its name alone."""
    view = not_found if pattern.name == "api-root" else pattern.callback
    pattern.callback = in_one_form(view)
    return pattern


_PATTERNS, APP, NAMESPACE = api.urls
urlpatterns = [
    *(_mounted(pattern) for pattern in _PATTERNS),
    re_path(r"(?P<rest>.*)", in_one_form(not_found)),
]
MOUNTED = (urlpatterns, APP, NAMESPACE)
