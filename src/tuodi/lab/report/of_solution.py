"""The report on a search: the value of one number that meets a budget, exact to the fen on both sides."""

from __future__ import annotations

from collections.abc import Iterator

from tuodi.lab.report.amounts import exact, money, number
from tuodi.lab.report.document import Block, Bullets, Curve, Figure, Point, Report, Section, Shown, Tone, section
from tuodi.lab.report.ground import Ground, people_said, receipt
from tuodi.lab.report.said import ONLY_RELIEF, SETTLED, findings, limits_of, named
from tuodi.lab.results import Outcome, Solution

HALVED = "先试取值范围里的几个值，看支出是不是随它单向变化；再逐次对半缩小，每试一个值都把全部账单重新结算。"
EXACT = "给出的值满足预算，再多一步（一分钱，或万分之一）就不满足；两边的支出都是实际算出来的，没有内插。"
UNMOVED = "只动这一个数，其他规定不变。"


def of_solution(solution: Solution, ground: Ground) -> Report:
    """The report."""
    return Report(
        title=f"政策求解：{solution.label}",
        subtitle=people_said(ground, solution.people),
        question=f"{solution.label}（{solution.clause}）定为多少，才能做到{solution.goal}？",
        answer=(solution.says,),
        figures=tuple(_figures(solution)),
        sections=tuple(_sections(solution)),
        method=(HALVED, EXACT, SETTLED, ONLY_RELIEF),
        limits=limits_of(ground, (UNMOVED,), solution.set_apart),
        receipt=receipt(ground),
        sheets=solution.sheets(),
    )


def _figures(one: Solution) -> Iterator[Figure]:
    if one.outcome is Outcome.FOUND:
        yield Figure(label="求得的值", text=one.text, note=f"现在是 {one.current_text}")
    else:
        yield Figure(label=one.outcome.value, text=one.text, note=f"现在是 {one.current_text}", tone=Tone.ALARM)
    yield Figure(label="此时支出", text=exact(one.spent), note=f"预算 {exact(one.budget)}")
    if one.next_spent is not None:
        yield Figure(label=f"再多一步（{one.next_text}）", text=exact(one.next_spent), note="不再满足")
    yield Figure(label="现行政策支出", text=exact(one.current_spent), note=one.current_text)
    if one.broken is not None:
        yield Figure(
            label="这个值不能采用", text="证明不成立", note=f"{len(one.broken.findings)} 个问题", tone=Tone.ALARM
        )


def _sections(one: Solution) -> Iterator[Section]:
    sheets = named(one.sheets())
    shown = {name: Shown(sheet=sheet, leave_out=frozenset({"path"})) for name, sheet in sheets.items()}
    yield section("curve", "支出怎样随它变化", _curve(one), shown.get("tried"))
    yield section("changes", "改了什么", shown.get("changes"))
    against = "支出不随这个数单向变化，下面的值可以说明；求得的值只是其中一个分界。"
    yield section("against", "不单调", against if "against" in shown else None, shown.get("against"))
    yield section("broken", "为什么不能采用", *_broken(one))


def _curve(one: Solution) -> Block | None:
    """Spending over the values tried; the one that was found, and the one in force, are named."""
    rows = sorted(one.tried, key=lambda row: row.value)
    if len(rows) < 2:
        return None
    points = tuple(
        Point(
            x=row.value,
            y=row.spent,
            text=f"{row.text}：{exact(row.spent)}",
            big=row.value == one.value,
            tone=Tone.MAIN if row.within else Tone.BEFORE,
        )
        for row in rows
    )
    return Curve(
        title=f"{one.label}取不同的值，全年救助支出多少",
        points=points,
        line=(one.budget, f"预算 {money(one.budget)}"),
        x_ends=(rows[0].text, rows[-1].text),
        x_label="取值",
        y_label="全年救助支出；蓝点满足预算，灰点不满足",
        note=f"试了 {number(len(rows))} 个值",
    )


def _broken(one: Solution) -> Iterator[Block]:
    if one.broken is not None:
        yield "这个值满足预算，但改后的政策有下列问题，最小的反例已经找到："
        yield from findings(one.broken.findings)
        if one.broken.failures:
            yield Bullets(items=tuple(str(failure) for failure in one.broken.failures[:12]))
