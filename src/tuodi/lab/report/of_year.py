"""The report on the fund's year: what a batch run paid, to whom, out of which budget, and what it refused."""

from __future__ import annotations

from collections.abc import Iterator

from tuodi.lab.report.amounts import money, number, rate
from tuodi.lab.report.document import (
    Bar,
    Bars,
    Block,
    Figure,
    Month,
    Months,
    Report,
    Row,
    Section,
    Shown,
    Tone,
    section,
)
from tuodi.lab.report.ground import Ground, people_said, receipt
from tuodi.lab.report.said import ONLY_RELIEF, SETTLED, findings, limits_of, named
from tuodi.lab.report.year import FundYear, GroupRow, PeriodRow
from tuodi.lab.results import share

_BOTH = ((Tone.BEFORE, "政策范围内个人负担（救助前）"), (Tone.MAIN, "救助支出"))


def of_year(year: FundYear, ground: Ground) -> Report:
    """The report."""
    return Report(
        title=f"医疗救助基金的一年：{year.title}",
        subtitle=people_said(ground, year.people),
        question=f"按《{year.title}》结算，医疗救助一年支出多少，付给了谁，哪些没有付，为什么？",
        answer=tuple(_answer(year)),
        figures=tuple(_figures(year)),
        sections=tuple(_sections(year)),
        method=(SETTLED, ONLY_RELIEF),
        limits=limits_of(ground, set_apart=year.set_apart),
        receipt=receipt(ground),
        sheets=year.sheets(),
    )


def _answer(year: FundYear) -> Iterator[str]:
    covered = share(year.relief, year.burden)
    yield (
        f"全年救助 {number(year.relieved)} 人，支出 {money(year.relief)}；"
        f"救助对象政策范围内自己负担的 {money(year.burden)}里，救助付了 {rate(covered or 0)}。"
    )
    if year.months:
        most = max(year.months, key=lambda one: one.relief)
        yield f"支出最多的月份是 {most.month}，{money(most.relief)}。"
    classes = [one for one in year.classes if one.relief]
    if classes:
        first = max(classes, key=lambda one: one.relief)
        yield f"支出的 {rate(share(first.relief, year.relief) or 0)} 付给了“{first.group}”。"
    if year.refused:
        yield (
            f"救助对象的账单里有 {number(year.refused)} 次不予救助，占 {rate(share(year.refused, year.events) or 0)}；"
            "理由和条款见后。"
        )


def _figures(year: FundYear) -> Iterator[Figure]:
    yield Figure(label="救助支出", text=money(year.relief), note=f"{number(year.events)} 次结算")
    yield Figure(
        label="获救助", text=f"{number(year.relieved)} 人", note=f"有账单的救助对象 {number(year.concerned)} 人"
    )
    mean = (2 * year.relief + year.relieved) // (2 * year.relieved) if year.relieved else 0
    yield Figure(label="每人全年救助", text=money(mean), note="获救助的人平均")
    covered = share(year.relief, year.burden)
    yield Figure(label="救助占负担", text=rate(covered or 0), note="政策范围内个人负担中由救助支付的")
    yield Figure(label="救助后个人自付", text=money(year.personal), note="救助对象全年，含政策范围外")
    if year.set_apart:
        yield Figure(label="没有计入", text=f"{number(year.set_apart)} 人", note="数据有误或缺少事实", tone=Tone.ALARM)


def _sections(year: FundYear) -> Iterator[Section]:
    sheets = named(year.sheets())
    hidden = frozenset({"benefit", "above", "up_to"})
    shown = {name: Shown(sheet=one, leave_out=hidden) for name, one in sheets.items()}
    yield section("months", "按月", _months(year), shown.get("months"))
    classes = _groups("各类救助对象：负担和救助", year.classes)
    yield section("classes", "付给了谁", classes, shown.get("classes"), _persons(year), shown.get("bands"))
    yield section("services", "哪些服务", _groups("各类服务：负担和救助", year.services), shown.get("services"))
    yield section("benefits", "哪些待遇", shown.get("benefits"))
    yield section("budgets", "由谁出钱", _budgets(year), shown.get("budgets"))
    yield section("steps", "从医疗费用到个人自付", _steps(year), shown.get("steps"))
    yield section("refusals", "不予救助的理由", _refusals(year), shown.get("refusals"))
    yield section("findings", "数据里的问题", findings(year.findings))


def _months(year: FundYear) -> Block | None:
    if len(year.months) < 2:
        return None
    columns = tuple(
        Month(label=_month_label(one.month, year.months), parts=(Bar(value=one.relief, text=money(one.relief)),))
        for one in year.months
    )
    return Months(title="每月救助支出", columns=columns, note="按结算日所在的月份")


def _month_label(month: str, several: tuple[PeriodRow, ...]) -> str:
    """ "3月"; where there is more than a year, "23-03"."""
    return f"{int(month[5:])}月" if len(several) <= 12 else month[2:]


def _groups(title: str, rows: tuple[GroupRow, ...]) -> Block | None:
    """Burden and relief, of those who may be relieved at all."""
    shown = tuple(
        Row(
            label=one.group,
            bars=(
                Bar(value=one.burden, text=money(one.burden), tone=Tone.BEFORE),
                Bar(value=one.relief, text=f"{money(one.relief)}，{rate(one.share or 0)}"),
            ),
        )
        for one in rows
        if one.relief or one.relieved
    )
    return Bars(title=title, rows=shown, legend=_BOTH) if shown else None


def _persons(year: FundYear) -> Block | None:
    rows = tuple(
        Row(label=one.label, bars=(Bar(value=one.persons, text=f"{number(one.persons)} 人，{money(one.relief)}"),))
        for one in year.bands
    )
    note = "有账单的救助对象；后面是人数和他们一共得到的救助"
    return Bars(title="每人全年得到多少救助", rows=rows, note=note) if year.concerned else None


def _budgets(year: FundYear) -> Block | None:
    rows = tuple(Row(label=one.payer, bars=(Bar(value=one.relief, text=money(one.relief)),)) for one in year.budgets)
    return Bars(title="救助支出由谁负担", rows=rows) if len(rows) > 1 else None


def _steps(year: FundYear) -> Block | None:
    tones = {"医疗救助": Tone.MAIN, "个人自付": Tone.ALARM}
    rows = tuple(
        Row(
            label=one.step,
            bars=(
                Bar(
                    value=one.amount,
                    text=f"{money(one.amount)}，{rate(one.of_total or 0)}",
                    tone=tones.get(one.step, Tone.BEFORE),
                ),
            ),
        )
        for one in year.steps
    )
    return Bars(title="救助对象的医疗费用由谁支付", rows=rows, note="政策范围外费用多半留给个人，已含在个人自付里")


def _refusals(year: FundYear) -> Block | None:
    """Of those concerned: others are most of the people, and how many of them are refused says nothing."""
    rows = tuple(
        Row(
            label=f"{one.reason}（{one.clause}）",
            bars=(Bar(value=one.of_concerned, text=f"{number(one.of_concerned)} 次", tone=Tone.BEFORE),),
        )
        for one in sorted(year.refusals, key=lambda one: -one.of_concerned)
        if one.of_concerned
    )
    return Bars(title="救助对象的账单为什么没有救助", rows=rows[:12]) if rows else None
