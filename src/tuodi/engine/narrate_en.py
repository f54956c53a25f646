"""The English sentences of an explanation. Labels of the policy stay Chinese, quoted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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
from tuodi.language.model import APPLICATIONS

SERVICES: Mapping[str, str] = {
    "inpatient": "Hospital stay",
    "outpatient": "Out-patient care",
    "outpatient_chronic": "Chronic out-patient care",
    "psychiatric_inpatient": "Psychiatric stay",
    "childbirth": "Birth",
    "rehabilitation": "Rehabilitation",
    "late_stage_care": "Late-stage care",
    "annual_relief": "Application for annual relief",
}


def sentences(why: Explanation) -> Iterator[str]:
    """The bill, each benefit, what was not relieved, the end; all but the first begin with a space."""
    bill = paid_before(why)
    yield _bill(why, bill)
    together = groups(why)
    for group in together:
        yield _benefit(group, named=len(together) > 1)
    if why.refusal is not None:
        yield f" Refused under {why.refusal.citation.clause}: “{why.refusal.reason}”."
    for (clause, reason), items in notes_by_reason(why):
        yield f" Not relieved under {clause}: {', '.join([f'“{item}”' for item in items])} (“{reason}”)."
    yield from _end(why, bill)


def _bill(why: Explanation, bill: Bill) -> str:
    label = SERVICES[why.service]
    if not why.total and why.service in APPLICATIONS:
        return f"{label} for {why.year}." if why.year is not None else f"{label}."
    computed, given, _ = bill
    text = f"{label}, bill of {yuan(why.total)} yuan"
    if computed:
        text += "; by the rules of insurance " + ", ".join(f"“{name}” pays {yuan(paid)}" for name, paid in computed)
    if given:
        text += f"; {'others' if computed else 'insurance and others'} have paid {yuan(given)}"
    if why.hospital:
        text += f"; the hospital bears {yuan(why.hospital)} above what it may charge"
    return text + "."


def _benefit(group: Group, *, named: bool) -> str:
    name = f" “{group.label}”" if named else ""
    return f" Under {group.clause}{name}: {'; '.join([_line(line) for line in group.lines])}."


def _line(line: LineWhy) -> str:
    due = _due(line)
    if not line.due:
        return due
    text = due + "".join([_limit(limit, cut) for limit, cut in limits(line)])
    if line.limited < line.due:
        text += f", pays {yuan(line.limited)}"
    if line.cut_by == BY_BILL:
        text += f", cut to {yuan(line.paid)} as the bill leaves only {yuan(line.bill or 0)} unpaid"
    return text


def _due(line: LineWhy) -> str:
    """Up to the amount before limits."""
    if line.grant is not None:
        return _grant(line.grant, line.due)
    assert line.basis is not None, "a line that is no grant has a basis"
    text = f"“{line.basis.label}” {yuan(line.basis.amount)}"
    part = applied_to(line)
    if line.threshold is not None and line.basis.amount:
        text += _threshold(line.threshold, part)
    if not part:
        return f"{text}, pays 0.00"
    return f"{text}{_rates(line)} = {yuan(line.due)}{' (rounded)' if is_rounded(line) else ''}"


def _grant(grant: GrantWhy, due: int) -> str:
    if grant.each is None:
        return f"flat grant of {yuan(due)}"
    return f"flat grant of {yuan(grant.amount)} × {grant.each} (“{grant.each_label}”) = {yuan(due)}"


def _threshold(threshold: ThresholdWhy, part: int) -> str:
    amount, count, label, before, after, stated, adjusted = threshold
    if not amount and not adjusted:
        return ""
    line = f"the threshold of {yuan(amount)}{_adjusted(adjusted, _money(stated)) if adjusted else ''}"
    if not amount:
        return f" ({line})"
    if not part:
        return f", {f'“{label}” is now {yuan(after)}, ' if count else ''}not above {line}"
    if before >= amount:
        return f" (“{label}” was {yuan(before)}, past {line})"
    return f", {f'“{label}” is now {yuan(after)}, ' if count else ''}{yuan(part)} of it above {line},"


def _rates(line: LineWhy) -> str:
    changed = _adjusted(line.adjusted, _rate(line.stated)) if line.adjusted else ""
    if line.rate is not None:
        return f" × {format_rate(line.rate)}{changed}"
    parts = [f"{yuan(band.part)} × {format_rate(band.rate)}" for band in line.bands if band.part]
    return f", in bands{changed}: {' + '.join(parts)}"


def _limit(limit: LimitWhy, cut: bool) -> str:
    _, label, _, amount, used, room, left, stated, adjusted = limit
    changed = _adjusted(adjusted, _money(stated)) if adjusted else ""
    if amount is None or left is None:
        return f", no limit “{label}”{changed}"
    text = f", limit “{label}” {yuan(amount)}{changed}"
    if not room:
        return f"{text} used up ({yuan(used)} used)"
    if cut:
        return f"{text}: {yuan(used)} used, only {yuan(room)} left"
    return f"{text}: {yuan(used)} used, {yuan(left)} left"


def _rate(basis_points: int | None) -> str | None:
    return None if basis_points is None else format_rate(basis_points)


def _money(fen: int | None) -> str | None:
    return None if fen is None else yuan(fen)


def _adjusted(adjusted: tuple[Adjusted, ...], stated: str | None) -> str:
    """What made the number differ, and what it was before."""
    was = f"{stated} before, " if stated is not None else ""
    return f" ({was}{', '.join([f'{one.citation.clause} “{one.says}”' for one in adjusted])})"


def _end(why: Explanation, bill: Bill) -> Iterator[str]:
    person = f"the person pays {yuan(why.personal)}"
    of_bill = why.total > 0 or why.service not in APPLICATIONS
    if why.refusal is not None:
        if of_bill:
            yield f" T{person[1:]}."
        return
    relief = f" Relief pays {yuan(why.relief)}"
    if exceeds_bill(why, bill):
        yield f"{relief}, a flat grant above what the bill leaves; {person}."
    else:
        yield f"{relief}; {person}." if of_bill else f"{relief}."
