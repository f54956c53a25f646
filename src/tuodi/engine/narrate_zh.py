"""The Chinese sentences of an explanation."""

from __future__ import annotations

from collections.abc import Iterator

from tuodi.core.money import format_rate
from tuodi.engine.line import BY_BILL
from tuodi.engine.why import Adjusted, Explanation, GrantWhy, LimitWhy, LineWhy, ThresholdWhy
from tuodi.engine.wording import (
    Bill,
    Group,
    applied_to,
    exceeds_bill,
    groups,
    is_rounded,
    limits,
    notes_by_reason,
    paid_before,
    yuan,
)
from tuodi.language.model import APPLICATIONS, SERVICES


def sentences(why: Explanation) -> Iterator[str]:
    """The bill, each benefit, what was not relieved, the end."""
    bill = paid_before(why)
    yield _bill(why, bill)
    together = groups(why)
    for group in together:
        yield _benefit(group, named=len(together) > 1)
    if why.refusal is not None:
        yield f"不予救助（{why.refusal.citation.clause}）：{why.refusal.reason}。"
    for (clause, reason), items in notes_by_reason(why):
        yield f"{'、'.join(items)}{reason}（{clause}），不予救助。"
    yield from _end(why, bill)


def _bill(why: Explanation, bill: Bill) -> str:
    label = SERVICES[why.service]
    if not why.total and why.service in APPLICATIONS:
        return f"{label}（{why.year} 年度）。" if why.year is not None else f"{label}。"
    computed, given, _ = bill
    text = f"{label}总费用 {yuan(why.total)} 元"
    if computed:
        text += "，按参保待遇算得" + "、".join(f"{name}付 {yuan(paid)} 元" for name, paid in computed)
    if given:
        text += f"，{'其他' if computed else '医保等'}已付 {yuan(given)} 元"
    if why.hospital:
        text += f"，超出收费限额的 {yuan(why.hospital)} 元由医院承担"
    return text + "。"


def _benefit(group: Group, *, named: bool) -> str:
    name = f"“{group.label}”" if named else ""
    return f"按{group.clause}{name}，{'；'.join([_line(line) for line in group.lines])}。"


def _line(line: LineWhy) -> str:
    due = _due(line)
    if not line.due:
        return due
    text = due + "".join([_limit(limit, cut) for limit, cut in limits(line)])
    if line.limited < line.due:
        text += f"，付 {yuan(line.limited)} 元"
    if line.cut_by == BY_BILL:
        text += f"，账单只剩 {yuan(line.bill or 0)} 元未付，付 {yuan(line.paid)} 元"
    return text


def _due(line: LineWhy) -> str:
    """Up to the amount before limits."""
    if line.grant is not None:
        return _grant(line.grant, line.due)
    assert line.basis is not None, "a line that is no grant has a basis"
    text = f"{line.basis.label} {yuan(line.basis.amount)} 元"
    part = applied_to(line)
    if line.threshold is not None and line.basis.amount:
        text += _threshold(line.threshold, part)
    if not part:
        return f"{text}，付 0.00 元"
    return f"{text}{_rates(line)} = {yuan(line.due)} 元{'（四舍五入到分）' if is_rounded(line) else ''}"


def _grant(grant: GrantWhy, due: int) -> str:
    if grant.each is None:
        return f"定额救助 {yuan(due)} 元"
    return f"定额救助 {yuan(grant.amount)} 元 × {grant.each}（{grant.each_label}）= {yuan(due)} 元"


def _threshold(threshold: ThresholdWhy, part: int) -> str:
    amount, count, label, before, after, stated, adjusted = threshold
    if not amount and not adjusted:
        return ""
    line = f"起付线 {yuan(amount)} 元{_adjusted(adjusted, _money(stated)) if adjusted else ''}"
    if not amount:
        return f"（{line}）"
    if not part:
        return f"，{f'{label}累计 {yuan(after)} 元，' if count else ''}未超过{line}"
    if before >= amount:
        return f"（{label}此前累计 {yuan(before)} 元，已过{line}）"
    return f"，{f'{label}累计 {yuan(after)} 元，' if count else ''}超过{line}的部分 {yuan(part)} 元"


def _rates(line: LineWhy) -> str:
    changed = _adjusted(line.adjusted, _rate(line.stated)) if line.adjusted else ""
    if line.rate is not None:
        return f" × {format_rate(line.rate)}{changed}"
    parts = [f"{yuan(band.part)} 元 × {format_rate(band.rate)}" for band in line.bands if band.part]
    return f"，分段计算{changed}：{' + '.join(parts)}"


def _limit(limit: LimitWhy, cut: bool) -> str:
    _, label, _, amount, used, room, left, stated, adjusted = limit
    if "限额" not in label:
        label += "限额"
    changed = _adjusted(adjusted, _money(stated)) if adjusted else ""
    if amount is None or left is None:
        return f"，不设{label}{changed}"
    text = f"，{label} {yuan(amount)} 元{changed}"
    if not room:
        return f"{text}已用完（已用 {yuan(used)} 元）"
    if cut:
        return f"{text}已用 {yuan(used)} 元，只剩 {yuan(room)} 元"
    return f"{text}已用 {yuan(used)} 元，还剩 {yuan(left)} 元"


def _rate(basis_points: int | None) -> str | None:
    return None if basis_points is None else format_rate(basis_points)


def _money(fen: int | None) -> str | None:
    return None if fen is None else f"{yuan(fen)} 元"


def _adjusted(adjusted: tuple[Adjusted, ...], stated: str | None) -> str:
    """What made the number differ, and what it was before."""
    was = f"原为 {stated}，" if stated is not None else ""
    return f"（{was}{'，'.join([f'{one.citation.clause}“{one.says}”' for one in adjusted])}）"


def _end(why: Explanation, bill: Bill) -> Iterator[str]:
    person = f"个人付 {yuan(why.personal)} 元"
    of_bill = why.total > 0 or why.service not in APPLICATIONS
    if why.refusal is not None:
        if of_bill:
            yield f"{person}。"
        return
    relief = f"本次救助 {yuan(why.relief)} 元"
    if exceeds_bill(why, bill):
        yield f"{relief}，定额发放，高于账单未付部分，{person}。"
    else:
        yield f"{relief}，{person}。" if of_bill else f"{relief}。"
