"""Each desk's first page: what came in, what is due and when, what is stuck and with whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tuodi.console.administration.institutions import of_region as institutions_of
from tuodi.console.administration.staff import of_region as staff_of
from tuodi.console.desks import ALL
from tuodi.platform.base import holiday
from tuodi.platform.base.domain import MOVES_MONEY, Desk
from tuodi.platform.base.models import Staff
from tuodi.platform.base.signed_in import desks


class Figure(NamedTuple):
    """A number that leads to the list behind it; `alarm` where a person must do something."""

    label: str
    value: str
    address: str
    note: str = ""
    alarm: bool = False


class Task(NamedTuple):
    """Something to do: what, why, where; `days_left` in working days where it is due on a day."""

    what: str
    why: str
    address: str
    verb: str
    days_left: int | None = None

    @property
    def overdue(self) -> int:
        """Working days past the day on which it was due."""
        return -(self.days_left or 0)


Figures = Callable[[Staff], Iterator[Figure]]
Tasks = Callable[[Staff], Iterator[Task]]


@desks(*ALL)
def home(request: HttpRequest) -> HttpResponse:
    """The desk's own work."""
    desk = Desk[request.user.desk]
    context = {
        "figures": [figure for own in FIGURES.get(desk, ()) for figure in own(request.user)],
        "tasks": [task for own in TASKS.get(desk, ()) for task in own(request.user)],
        "today": timezone.localdate(),
    }
    return render(request, "console/home.html", context)


# ---- administrator ---------------------------------------------------------------------------------------------------


def _accounts(user: Staff) -> Iterator[Figure]:
    people = staff_of(user.region_id)
    address = reverse("staff")
    yield Figure("账号", f"{people.count()}", address)
    yield Figure("已停用", f"{people.filter(is_active=False).count()}", address)
    unchanged = people.filter(must_change_password=True, is_active=True).count()
    yield Figure("未改初始密码", f"{unchanged}", address, "本人登录时改")
    wanting = people.filter(desk__in=[desk.name for desk in MOVES_MONEY], two_factor_since=None, is_active=True).count()
    yield Figure("应启用动态码而未启用", f"{wanting}", address, "本人登录时启用")


def _institutions(user: Staff) -> Iterator[Figure]:
    yield Figure("医药机构", f"{institutions_of(user.region_id).count()}", reverse("institutions"))


def _next_year(user: Staff) -> Iterator[Task]:  # noqa: ARG001
    """Once the notice may be out, deadlines soon reach into the next year."""
    today = timezone.localdate()
    if today.month >= 11 and today.year + 1 not in holiday.calendar().years:
        yield Task(
            f"录入 {today.year + 1} 年的节假日",
            "跨年的办理期限要用到，没有录入就不能推算。",
            reverse("holidays"),
            "去录入",
        )


def _lapsed(user: Staff) -> Iterator[Task]:
    today = timezone.localdate()
    for one in institutions_of(user.region_id):
        if one.agreements and one.agreements[0].ends_on and one.agreements[0].ends_on <= today:
            yield Task(
                f"{one.name}的协议已到期", "到期后的费用不能救助。", reverse("institution", args=[one.code]), "查看"
            )


FIGURES: dict[Desk, tuple[Figures, ...]] = {Desk.administrator: (_accounts, _institutions)}
TASKS: dict[Desk, tuple[Tasks, ...]] = {Desk.administrator: (_next_year, _lapsed)}
