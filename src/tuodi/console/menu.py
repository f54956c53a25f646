"""Which rooms a desk finds in its navigation, and whether it looks people up: for the frame of every page."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from tuodi.console.desks import (
    ADMINISTRATORS,
    ALL,
    BILL_READERS,
    FINDERS,
    FUND_READERS,
    HOSPITALS,
    PROPOSAL_READERS,
    ROSTER_READERS,
    TRAIL_READERS,
)
from tuodi.platform.base.domain import Desk
from tuodi.platform.registry.domain import Department


class Room(NamedTuple):
    """An entry of the navigation: the name of its first page, and whose it is."""

    label: str
    page: str
    desks: frozenset[Desk]


ROOMS = (
    Room("工作台", "home", ALL),
    Room("对象", "search", FINDERS),
    Room("名册", "rosters", ROSTER_READERS),
    Room("办结算", "counter", HOSPITALS),
    Room("重算", "proposals", PROPOSAL_READERS),
    Room("结算", "settlements", BILL_READERS),
    Room("清算", "clearing", BILL_READERS),
    Room("个人支付", "payment-orders", FUND_READERS),
    Room("资金账", "ledger", FUND_READERS),
    Room("政策", "policies", ALL),
    Room("人员账号", "staff", ADMINISTRATORS),
    Room("区划", "regions", ADMINISTRATORS),
    Room("医药机构", "institutions", ADMINISTRATORS),
    Room("节假日", "holidays", ADMINISTRATORS),
    Room("审计记录", "trail", TRAIL_READERS),
)


class Entry(NamedTuple):
    """As the frame shows it."""

    label: str
    address: str
    here: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """For every page: the desk's rooms, where it works, whether it has the search."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    desk = Desk[user.desk]
    return {
        "rooms": _entries(desk, request.path),
        "place": " · ".join(filter(None, (_department(user.department), str(user.institution or user.region)))),
        "desk_finds": desk in FINDERS,
    }


def _department(name: str) -> str:
    return Department[name].value if name in Department.__members__ else name


def _entries(desk: Desk, path: str) -> list[Entry]:
    addresses = [(room.label, reverse(room.page)) for room in ROOMS if desk in room.desks]
    here = max((address for _, address in addresses if path.startswith(address)), key=len, default="")
    return [Entry(label, address, address == here) for label, address in addresses]
