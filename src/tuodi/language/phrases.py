"""Phrases for what is not a benefit: persons, premiums, insurance, funds, warnings, steps and their deadlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuodi.core.money import format_rate
from tuodi.language.model import (
    STATUSES,
    Cover,
    CoverEnd,
    Enrolment,
    Funding,
    Indicator,
    InsuranceTilt,
    Member,
    PayerShare,
    PersonClass,
    Procedure,
    Step,
    Unit,
    WarningLine,
)
from tuodi.language.words import SCOPES, Words, listed

ROUTES: Mapping[str, str] = {
    "at_counter": "医疗机构或窗口直接结算",
    "on_application": "依申请",
    "roster": "按名单",
    "yearly": "每年",
    "monthly": "每月",
    "quarterly": "每季",
}


def members(person_class: PersonClass, words: Words) -> str:
    """Who belongs to a class: statuses and classes, each with its condition."""
    text = listed(_member(member, words) for member in person_class.members) or "全体"
    return f"{text}（{words.test(person_class.when)}）" if person_class.when is not None else text


def _member(member: Member, words: Words) -> str:
    name = STATUSES[member.status] if member.status else words.classes([member.class_id or ""])
    return f"{name}（{words.test(member.when)}）" if member.when is not None else name


def covers(person_class: PersonClass) -> list[str]:
    """How far a recognition on application reaches, for each status that is granted so."""
    return [_cover(member.cover) for member in person_class.members if member.cover is not None]


def _cover(cover: Cover) -> str:
    parts = ["自申请之日起"]
    if cover.months_before:
        first = "该月1日" if cover.from_first_of_month else "同日"
        parts = [f"可追溯至申请之前第{cover.months_before}个月的{first}"]
    parts.append(
        {
            CoverEnd.STATUS_END: "至身份终止",
            CoverEnd.YEAR_END: "至申请当年12月31日",
            CoverEnd.APPLICATION: "至申请前一日",
        }[cover.until]
    )
    if cover.one_application_per_year:
        parts.append("一个年度内只认一次申请")
    if cover.except_held:
        parts.append("已有认定的日子不再追溯")
    return "，".join(parts)


def enrolled(enrolment: Enrolment, words: Words) -> str:
    """Whose premium is subsidised."""
    names = [text for text in (words.classes(enrolment.classes), words.statuses(enrolment.statuses)) if text]
    text = listed(names) or "不限对象"
    return f"{text}（{words.test(enrolment.when)}）" if enrolment.when is not None else text


def subsidy(enrolment: Enrolment, words: Words) -> str:
    """How much of the premium, or which document says so."""
    if enrolment.share is not None:
        floor = "不低于" if enrolment.at_least_share else ""
        return f"{floor}{words.value(enrolment.share, Unit.RATE)}"
    if enrolment.amount is not None:
        return words.value(enrolment.amount)
    return f"由{enrolment.elsewhere or '其他文件'}规定"


def payers(shares: Sequence[PayerShare]) -> str:
    """Budgets with their shares."""
    return listed(f"{one.payer} {format_rate(one.share)}" for one in shares)


def tilted(tilt: InsuranceTilt, words: Words) -> str:
    """For whom an insurance layer is bent."""
    return words.test(tilt.when) if tilt.when is not None else "全体"


def tilt(tilt: InsuranceTilt, words: Words) -> str:
    """What is bent, and how."""
    return words.adjusts(tilt.adjust)


def funded(funding: Funding, words: Words) -> str:
    """The spending that a rule of funding is about."""
    labels = {benefit.id: benefit.label for benefit in words.policy.benefits}
    subsidies = {one.id: f"参保资助（{enrolled(one, words)}）" for one in words.policy.enrolment}
    names = listed(label for name, label in {**labels, **subsidies}.items() if name in funding.pays)
    return f"{names}（{words.test(funding.when)}）" if funding.when is not None else names


def fund(funding: Funding) -> str:
    """Who bears it, or which document says so."""
    return payers(funding.payers) or f"由{funding.elsewhere or '其他文件'}规定"


def watched(warning: WarningLine, words: Words) -> str:
    """Who is watched."""
    return words.classes(warning.classes) or "其他人员"


def passes(warning: WarningLine, words: Words) -> str:
    """What must pass which amount."""
    over = "单次" if warning.each_event else f"{SCOPES[warning.per]}累计"
    return f"{words.operand(warning.of)}{over}超过{words.value(warning.exceeds)}"


def deadline(step: Step) -> str:
    """Within how long, or by which day."""
    limits = [
        f"{number}{unit}内"
        for number, unit in (
            (step.within_working_days, "个工作日"),
            (step.within_days, "日"),
            (step.within_months, "个月"),
        )
        if number is not None
    ]
    if step.by_day:
        month, _, day = step.by_day.partition("-")
        limits.append(f"{'次年' if step.next_year else ''}{int(month)}月{int(day)}日前")
    return listed(limits)


def bound(indicator: Indicator) -> str:
    """Between which bounds the figure shall stay."""
    bounds = [
        f"{word}{format_rate(figure)}"
        for word, figure in (("不低于", indicator.at_least), ("不高于", indicator.at_most))
        if figure is not None
    ]
    return "，".join(bounds) or "只观察，未定界限"


def step(step: Step) -> str:
    """One step in a line: "受理（乡镇）：5个工作日内，公示"."""
    marks = [deadline(step), "公示" if step.publicity else "", step.form]
    by = f"（{step.by}）" if step.by else ""
    after = listed(mark for mark in marks if mark)
    return f"{step.does}{by}" + (f"：{after}" if after else "")


def terms(procedure: Procedure, words: Words) -> str:
    """How a procedure begins, for whom, and what governs it."""
    facts = [f"办理方式：{ROUTES.get(procedure.route, '其他')}"]
    if procedure.classes:
        facts.append(f"对象：{words.classes(procedure.classes)}")
    if procedure.when is not None:
        facts.append(f"条件：{words.test(procedure.when)}")
    if procedure.elsewhere:
        facts.append(f"由{procedure.elsewhere}规定")
    return "；".join(facts)
