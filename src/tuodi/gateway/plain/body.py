"""A request's bytes to values: exact, and within limits of size and depth."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django.http import HttpRequest
from ninja.parser import Parser

from tuodi.core.finding import Faults
from tuodi.gateway.national.json_text import Json, Limits, read_json

LIMITS = Limits(bytes=8 * 1024 * 1024, depth=8, digits=18)


class Exact(Parser):
    """Reads JSON as the national interface does: no float, no key twice, no half character."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The value; faults are remembered, since ninja swallows what is raised here."""
        try:
            return cast(dict[str, Any], _plain(read_json(request.body, LIMITS)))
        except Faults as why:
            request.faults = why
            raise


def faults_of(request: HttpRequest) -> Faults | None:
    """What was wrong with the bytes."""
    return getattr(request, "faults", None)


def _plain(value: Json) -> Any:
    """Whole numbers as such; others stay decimals, which no field takes: money is text."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else value
        case Mapping():
            return {key: _plain(member) for key, member in value.items()}
        case list():
            return [_plain(member) for member in value]
    return value
