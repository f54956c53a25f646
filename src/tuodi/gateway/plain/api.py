"""All of the plain interface together: its routers, its one form of findings, its description."""

from __future__ import annotations

import logging

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from tuodi import __version__
from tuodi.core.finding import Faults, finding
from tuodi.gateway.plain import findings
from tuodi.gateway.plain.bills import router as bills
from tuodi.gateway.plain.body import Exact, faults_of
from tuodi.gateway.plain.comparing import router as comparing
from tuodi.gateway.plain.findings import TurnedAway
from tuodi.gateway.plain.persons import router as persons
from tuodi.gateway.plain.rosters import router as rosters
from tuodi.gateway.plain.statements import router as statements

LOG = logging.getLogger("django.request")

api = NinjaAPI(
    title="托底 平台接口", version=__version__, description="金额一律为字符串，单位元；日期为 2026-11-28。",
    urls_namespace="plain", parser=Exact(), docs_url=None,
)  # fmt: skip
for router in (persons, bills, comparing, statements, rosters):
    api.add_router("", router)


@api.exception_handler(Faults)
def _wrong(request: HttpRequest, why: Faults) -> HttpResponse:  # noqa: ARG001
    return findings.response(why.findings)


@api.exception_handler(TurnedAway)
def _turned_away(request: HttpRequest, why: TurnedAway) -> HttpResponse:  # noqa: ARG001
    return findings.response([why.finding], why.status)


@api.exception_handler(ValidationError)
def _fields(request: HttpRequest, why: ValidationError) -> HttpResponse:  # noqa: ARG001
    return findings.response(findings.of_fields(why.errors), 422)


@api.exception_handler(HttpError)
def _unread(request: HttpRequest, why: HttpError) -> HttpResponse:
    faults = faults_of(request)
    if faults is not None:
        return findings.response(faults.findings, 422)
    return findings.response([finding("request-refused", "请求不能受理", remedy=str(why)[:100])], why.status_code)


@api.exception_handler(Http404)
def _not_there(request: HttpRequest, why: Http404) -> HttpResponse:  # noqa: ARG001
    return not_found(request)


@api.exception_handler(Exception)
def _broken(request: HttpRequest, why: Exception) -> HttpResponse:
    """A bug: told to the operators whole, and to the caller only that it is one."""
    LOG.error("plain interface: %s", request.path, exc_info=why, extra={"status_code": 500, "request": request})
    return findings.response([finding("broken", "系统出错，已记录", remedy="稍后用同一编号（key）重发")], 500)


def not_found(request: HttpRequest, rest: str = "") -> HttpResponse:  # noqa: ARG001
    """Nothing is at this address."""
    return findings.response([finding("path-unknown", "没有这个地址", remedy="按接口说明核对路径")], 404)
