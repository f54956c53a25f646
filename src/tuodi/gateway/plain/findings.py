"""What is wrong, in one form whatever it is: all of it at once, each with code, message, place and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from django.http import HttpResponse
from pydantic import BaseModel

from tuodi.core.finding import Finding, finding
from tuodi.gateway.national.json_text import clean

JSON = "application/json"
MOST = 100


class FindingTold(BaseModel):
    """One fault: a stable code, what is wrong, where, and what would mend it."""

    code: str
    message: str
    place: str
    remedy: str


class Findings(BaseModel):
    """Everything that is wrong with a request."""

    findings: list[FindingTold]


WRONG = frozenset({401, 403, 404, 413, 422})
"""The statuses that come with findings: who it is, whose it is, what there is not, what is too large, the rest."""

UNKNOWN = frozenset(
    {"person-unknown", "person-not-found", "settlement-unknown", "statement-unknown", "roster-unknown", "path-unknown"}
)


class TurnedAway(Exception):
    """Refused before anybody reads what is asked."""

    def __init__(self, status: int, finding: Finding) -> None:
        self.status, self.finding = status, finding
        super().__init__(finding.message)


def response(findings: Sequence[Finding], status: int | None = None) -> HttpResponse:
    """The findings as a response; without a status 404 where all is of something that there isn't, else 422."""
    if status is None:
        status = 404 if all(one.code in UNKNOWN for one in findings) else 422
    told = Findings(findings=[_told(one) for one in findings[:MOST]])
    return HttpResponse(orjson.dumps(told.model_dump()), status=status, content_type=JSON)


def of_fields(errors: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """What pydantic has found of the fields of a request."""
    return [_of_field(error) for error in errors]


# ---- helpers ---------------------------------------------------------------------------------------------------------

_SAYS = {
    "missing": ("field-missing", "缺少这个字段", "补上这个字段"),
    "extra_forbidden": ("field-unknown", "没有这个字段", "去掉它，或核对字段名"),
    "string_pattern_mismatch": ("field-form", "写法不对", "按接口说明中的格式填写"),
    "string_too_long": ("field-long", "太长", "不超过接口说明中的长度"),
    "string_too_short": ("field-missing", "不能为空", "填写这个字段"),
    "too_long": ("field-long", "项数太多", "分批发送"),
    "too_short": ("field-missing", "至少要有一项", "补上内容"),
    "told": ("field-form", "", "按接口说明中的格式填写"),
}
_OTHERWISE = ("field-form", "类型或取值不对", "按接口说明填写")
_LONGEST = 120


def _of_field(error: Mapping[str, Any]) -> Finding:
    code, message, remedy = _SAYS.get(str(error["type"]), _OTHERWISE)
    message = message or str(error["msg"])
    return finding(code, message, _path(error["loc"]), remedy)


def _path(where: Sequence[str | int]) -> str:
    """`amounts.total`, `items[2].facts`: without the names that only the program knows."""
    parts = list(where)[2 if where[:1] == ("body",) else 1 :]
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).removeprefix(".")
    return text[:_LONGEST]


def _told(one: Finding) -> FindingTold:
    return FindingTold(
        code=one.code, message=clean(one.message), place=clean(str(one.place)), remedy=clean(one.remedy)
    )  # fmt: skip
