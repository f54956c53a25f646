"""Each desk's first page: what came in, what is due and when, what is stuck and with whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tuodi.console.administration.institutions import of_region as institutions_of
from tuodi.console.administration.staff import of_region as staff_of
from tuodi.console.amounts import yuan_text
from tuodi.console.clearing.drawn import to_draw
from tuodi.console.clearing.offers import days_left, waiting_for
from tuodi.console.desks import ALL
from tuodi.console.payments.orders import waiting_for as orders_for
from tuodi.console.people.ending import ending
from tuodi.console.settlements.found import seen
from tuodi.core.finding import Faults
from tuodi.platform.base import holiday
from tuodi.platform.base.domain import MOVES_MONEY, Desk
from tuodi.platform.base.models import Staff
from tuodi.platform.base.signed_in import desks
from tuodi.platform.base.workdays import add_working_days, working_days_between
from tuodi.platform.disbursement.selectors import claims
from tuodi.platform.fund.selectors import fund_year
from tuodi.platform.fund.vouchers import for_whom as vouchers_for
from tuodi.platform.registry.delivery import WITHIN_WORKING_DAYS, RosterState
from tuodi.platform.registry.models import Roster
from tuodi.platform.settlement.group import adoptions_to_decide, group
from tuodi.platform.settlement.selectors import proposals_to_decide, proposals_waiting

MOST = 10
"""Tasks of one kind that are listed; the figure above them leads to all."""


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


# ---- bills -----------------------------------------------------------------------------------------------------------


def _bills(user: Staff) -> Iterator[Figure]:  # noqa: ARG001
    today = timezone.localdate()
    first = today.replace(day=1)
    standing = seen().filter(replaced=False).exclude(kind="cancelled")
    address = reverse("settlements")
    yield Figure("今天结算", f"{standing.filter(known_on=today).count()} 笔", f"{address}?first={today}&last={today}")
    month = standing.filter(known_on__gte=first, known_on__lte=today).aggregate(
        count=Count("id"), fen=Sum("relief_fen")
    )
    yield Figure("本月结算", f"{month['count']} 笔", f"{address}?first={first}&last={today}")
    yield Figure("本月救助（元）", yuan_text(month["fen"] or 0), f"{address}?first={first}&last={today}")


def _proposed(user: Staff) -> Iterator[Figure]:  # noqa: ARG001
    waiting = proposals_waiting().count()
    yield Figure("待审批的重算", f"{waiting}", reverse("proposals"))


def _to_approve(user: Staff) -> Iterator[Task]:
    for policy in adoptions_to_decide(user.region_id):
        part = group(policy.pk, user.region_id).waiting
        yield Task(
            "采用政策后的重算待审批",
            f"{policy.reason}；{part.proposals} 件，救助合计 {yuan_text(part.relief)} 元。",
            reverse("resettled", args=[policy.pk]), "审批",
        )  # fmt: skip
    for row in proposals_to_decide(user.region_id)[:MOST]:
        own = row.staff_id == user.pk
        why = "您提出的，要等另一位经办人审批。" if own else f"{row.reason}；{len(row.differences)} 笔结算会改变。"
        yield Task(
            f"{row.get_act_display()}影响别的结算", why, reverse("proposal", args=[row.pk]), "查看" if own else "审批"
        )


# ---- rosters and statuses --------------------------------------------------------------------------------------------


def _rosters(user: Staff) -> Iterator[Figure]:  # noqa: ARG001
    waiting = Roster.objects.filter(state=RosterState.previewed.name).count()
    yield Figure("待导入的名单", f"{waiting}", reverse("rosters"))


def _ending(user: Staff) -> Iterator[Figure]:  # noqa: ARG001
    yield Figure("30 天内到期的身份", f"{ending(timezone.localdate()).count()}", reverse("ending"))


def _to_take_in(user: Staff) -> Iterator[Task]:  # noqa: ARG001
    today = timezone.localdate()
    for row in Roster.objects.filter(state=RosterState.previewed.name).order_by("adjusted_on")[:MOST]:
        troubles = f"，{row.finding_count} 处有问题" if row.finding_count else ""
        yield Task(
            f"{row.get_department_display()}的名单还没有导入", f"{row.received_on} 收到{troubles}。",
            reverse("roster", args=[row.pk]), "查看变化", _left(row.adjusted_on, WITHIN_WORKING_DAYS, today),
        )  # fmt: skip


def _left(since: date, within: int, today: date) -> int | None:
    """Working days that are left until the deadline; None where a year's holidays are not known."""
    try:
        calendar = holiday.calendar()
        return working_days_between(today, add_working_days(since, within, calendar), calendar)
    except Faults:
        return None


# ---- the fund --------------------------------------------------------------------------------------------------------


def _fund(user: Staff) -> Iterator[Figure]:
    today = timezone.localdate()
    year = fund_year(user.region_id, today.year)
    yield Figure("本年收入（元）", yuan_text(year.raised), reverse("ledger"))
    yield Figure("本年支出（元）", yuan_text(year.spent), reverse("ledger"))
    yield Figure("滚存结余（元）", yuan_text(year.closing), reverse("ledger"), alarm=year.closing < 0)


def _to_clear(user: Staff) -> Iterator[Task]:
    """Statements whose turn is this desk's, the oldest first."""
    for line, now in [*waiting_for(Desk[user.desk])][:MOST]:
        yield Task(
            f"{line.name} {line.month} 的结算单待{now.act}", f"净额 {yuan_text(line.net)} 元，{line.rows} 笔。",
            reverse("statement", args=[line.id]), "查看", days_left(line, timezone.localdate()),
        )  # fmt: skip


def _to_draw(user: Staff) -> Iterator[Task]:
    """The last month's statements, where by now they should be there."""
    month, institutions = to_draw(user.region_id, timezone.localdate())
    if institutions:
        why = f"{institutions} 家医疗机构的结算没有列入结算单。"
        yield Task(f"生成 {month} 的结算单", why, f"{reverse('draw-statements')}?month={month}", "查看")


def _to_order(user: Staff) -> Iterator[Task]:
    """What persons are owed and is on no order yet."""
    free = [each for each in claims(user.region_id) if each.owed and each.order is None]
    if free:
        fen = sum(each.owed_fen for each in free)
        yield Task(
            f"{len(free)} 笔应付个人的还没有开支付单", f"{yuan_text(fen)} 元，最早的 {free[0].known_on} 知悉。",
            reverse("owed-persons"), "查看",
        )  # fmt: skip


def _to_pay(user: Staff) -> Iterator[Task]:
    """Orders for persons whose turn is this desk's, the oldest first."""
    for line, act in [*orders_for(Desk[user.desk])][:MOST]:
        yield Task(
            f"支付单 {line.id} 待{act}", f"{yuan_text(line.fen)} 元，{line.items} 笔，{line.drawn_on} 开单。",
            reverse("payment-order", args=[line.id]), "查看",
        )  # fmt: skip


def _to_check(user: Staff) -> Iterator[Task]:
    """Vouchers of the fund that wait for a second person, the oldest first."""
    for each in vouchers_for(user.region_id, Desk[user.desk], user.pk)[:MOST]:
        yield Task(
            f"记账凭证 {each.id} 待复核", f"{each.movement}，{each.document}，{each.by}制单。",
            reverse("voucher", args=[each.id]), "查看",
        )  # fmt: skip


FIGURES: dict[Desk, tuple[Figures, ...]] = {
    Desk.hospital: (_bills,),
    Desk.township: (_ending,),
    Desk.county: (_bills, _proposed, _rosters, _ending),
    Desk.department: (_rosters, _ending),
    Desk.finance: (_fund, _bills),
    Desk.city: (_bills, _proposed, _rosters, _ending),
    Desk.supervisor: (_bills, _proposed, _rosters),
    Desk.insurer: (_ending,),
    Desk.administrator: (_accounts, _institutions),
}
TASKS: dict[Desk, tuple[Tasks, ...]] = {
    Desk.county: (_to_approve, _to_take_in, _to_draw, _to_clear, _to_order, _to_pay),
    Desk.finance: (_to_clear, _to_pay, _to_check),
    Desk.city: (_to_check,),
    Desk.hospital: (_to_clear,),
    Desk.department: (_to_take_in,),
    Desk.administrator: (_next_year, _lapsed),
}
"""A room that is added later adds its own figures and tasks to the desks that work in it."""
