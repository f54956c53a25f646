"""Pages for what went wrong: in plain words, with what to do; nothing of the program's inside."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


class _Wrong(NamedTuple):
    code: int
    what: str
    why: str
    remedy: str


_BAD = _Wrong(400, "这个请求看不懂", "浏览器送来的内容不完整，或者格式不对。", "请返回上一页，检查后再试。")
_FORBIDDEN = _Wrong(
    403, "这里不归您的岗位办理", "您的岗位或者区划不能看这一页，也不能办这件事。",
    "如果工作确实需要，请找系统管理员调整岗位。",
)  # fmt: skip
_STALE = _Wrong(
    403,
    "页面放得太久了",
    "为了安全，这一页已经失效，刚才的内容没有提交。",
    "请返回上一页，刷新后再提交；填过的内容还在。",
)
_MISSING = _Wrong(404, "没有这一页", "地址可能写错了，或者这条记录不在您的区划内。", "请从工作台或者查人框进入。")
_BROKEN = _Wrong(
    500,
    "系统出错了",
    "刚才的操作没有完成，也没有改动任何数据。",
    "请稍后再试；仍然不行，请把时间和当时在办的事告诉系统管理员。",
)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """400."""
    return _page(_BAD)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403."""
    return _page(_FORBIDDEN)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403, of a form whose token is not this session's."""
    return _page(_STALE)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404; also for what exists elsewhere: nobody learns that it does."""
    return _page(_MISSING)


def broken(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """500. Asks the database nothing: it may be what broke."""
    return _page(_BROKEN)


def _page(wrong: _Wrong) -> HttpResponse:
    return HttpResponse(render_to_string("console/error.html", wrong._asdict()), status=wrong.code)
