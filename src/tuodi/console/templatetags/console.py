"""How amounts, days and hidden names stand on a page, and the address of a static file with its content's mark."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils import timezone

from tuodi.console.amounts import rate_text, yuan_text
from tuodi.console.words import ACTS, CAUSES
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.models import Region
from tuodi.platform.registry.domain import Department

register = template.Library()

NOTHING = "—"


@register.filter
def yuan(fen: int | None) -> str:
    """1,234.50 for 123450 fen; a dash for nothing."""
    return NOTHING if fen is None else yuan_text(fen)


@register.filter
def rate(basis_points: int | None) -> str:
    """70% for 7000 basis points."""
    return NOTHING if basis_points is None else rate_text(basis_points)


@register.filter
def day(value: date | datetime | str | None) -> str:
    """2026-11-22, of a moment the day in the office's zone; a dash for none."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return NOTHING if not value else str(value)[:10]


@register.filter
def moment(value: datetime | None) -> str:
    """2026-11-22 09:05, in the office's zone."""
    return NOTHING if value is None else f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


@register.filter
def last_day(ends_on: date | None) -> str:
    """The last day of a half-open period as people write it; without an end, that it goes on."""
    return "至今" if ends_on is None else str(date.fromordinal(ends_on.toordinal() - 1))


@register.filter
def of(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The mapping's entry."""
    return mapping.get(key, "")


@register.simple_tag
def asset(path: str) -> str:
    """The address of a file that is served as it is. Another content is another address, so browsers may keep it."""
    return f"{static(path)}?v={_mark(path)}"


@cache
def _mark(path: str) -> str:
    found = finders.find(path)
    assert isinstance(found, str), f"{path} is among the static files"
    return sha256(Path(found).read_bytes()).hexdigest()[:12]


@register.filter
def act(name: str) -> str:
    """An act of the trail in the words of the offices."""
    return ACTS.get(name, name)


@register.filter
def desk(name: str) -> str:
    """A desk's name of the trail in Chinese."""
    return Desk[name].value if name in Desk.__members__ else name


@register.filter
def minus(fen: int) -> int:
    """The opposite amount: credits are negative in the books and positive in their column."""
    return -fen


@register.filter
def department(name: str) -> str:
    """A department's name in Chinese."""
    return Department[name].value if name in Department.__members__ else name


@register.filter
def balance(fen: int) -> str:
    """What stands on an account, with the side on which it stands: 借 12.00, 贷 12.00, 0.00."""
    side = "借 " if fen > 0 else "贷 " if fen < 0 else ""
    return side + yuan_text(abs(fen))


@register.filter
def signed(fen: int) -> str:
    """A difference: +1,234.50 or -1,234.50."""
    return f"+{yuan_text(fen)}" if fen > 0 else yuan_text(fen)


@register.filter
def region(code: str) -> str:
    """A region's name."""
    return _REGIONS.get(code) or _named(code)


@register.filter
def cause(name: str) -> str:
    """What made an entry, as people call it: settlement:12:recovery -> 结算 12 追回."""
    return " ".join(CAUSES.get(part, part) for part in name.split(":"))


_REGIONS: dict[str, str] = {}
"""Names that were asked for: a region keeps its name."""


def _named(code: str) -> str:
    name = Region.objects.filter(pk=code).values_list("name", flat=True).first()
    if name is not None:
        _REGIONS[code] = name
    return name or code
