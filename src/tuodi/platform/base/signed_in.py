"""Each request of somebody who has signed in is one transaction within their scope; sessions end by age and idleness.

The view runs in it, and a template is rendered in it. What a view raises rolls everything back. A view that enters a
scope of its own, or none (signing in, a download that streams for long), is marked `own_scope`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from tuodi.core.finding import Faults, Finding, Place
from tuodi.platform.base.domain import Desk, Duty
from tuodi.platform.base.models import Staff
from tuodi.platform.base.scope import entered
from tuodi.platform.base.sign_in import SEEN_AT, SIGNED_IN_AT

View = Callable[..., HttpResponseBase]
NOTED_EVERY_SECONDS = 60


class SignedIn:
    """The last middleware: sees who asks, and runs the view in their scope."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, kept by no browser once somebody has signed in."""
        _end_old_session(request)
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")  # desks share computers
        return response

    def process_view(
        self, request: HttpRequest, view: View, arguments: tuple[Any, ...], named: dict[str, Any]
    ) -> HttpResponseBase | None:
        """The view's answer, made within the scope; None: Django calls the view as ever."""
        if not request.user.is_authenticated:
            return None
        if first := _first(request):
            return HttpResponseRedirect(first)
        if getattr(view, "own_scope", False):
            return None
        with entered(request.user.scope):
            response = view(request, *arguments, **named)
            if hasattr(response, "render") and callable(response.render):
                response = response.render()
        return response


def own_scope(view: View) -> View:
    """Marks a view that enters scopes itself."""
    view.own_scope = True  # type: ignore[attr-defined]
    return view


def desks(*allowed: Desk) -> Callable[[View], View]:
    """The view is for these desks: others are told no, and who has not signed in signs in first."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if Desk[request.user.desk] not in allowed:
                raise PermissionDenied(f"这一页由{'、'.join(str(desk) for desk in allowed)}使用")
            return view(request, *arguments, **named)

        return guarded

    return guard


def require_another(*, prepared_by: int | None, staff: Staff) -> None:
    """Four eyes: the same person may not approve what they prepared. Faults: `four-eyes`."""
    if prepared_by is None or prepared_by == staff.pk:
        raise Faults(
            [
                Finding(
                    code="four-eyes",
                    message="经办人不能复核自己经办的业务",
                    place=Place(path=f"staff:{staff.pk}"),
                    remedy="请同岗位的另一位同事复核",
                )
            ]
        )


def _end_old_session(request: HttpRequest) -> None:
    """Signs out who was idle for too long or signed in too long ago; else notes, now and then, that they are here."""
    if not request.user.is_authenticated:
        return
    now = int(time.time())
    since, seen = request.session.get(SIGNED_IN_AT, 0), request.session.get(SEEN_AT, 0)
    if now - since > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_SECONDS:
        auth.logout(request)
    elif now - seen > NOTED_EVERY_SECONDS:
        request.session[SEEN_AT] = now


def _first(request: HttpRequest) -> str | None:
    """Where somebody must go before anything else, unless they are there."""
    pages = {Duty.password: settings.PASSWORD_URL, Duty.two_factor: settings.TWO_FACTOR_URL}
    page = pages[request.user.duty] if request.user.duty else None
    return page if page is not None and request.path not in (page, settings.SIGN_OUT_URL) else None
