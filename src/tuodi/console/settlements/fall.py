"""An explanation as rows from the whole bill to what the family pays: amount, rate, limit left, clause, steps beneath.

Pure. The rows end in the explanation's own fen: what everybody takes adds up to the bill, flat grants apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.safestring import SafeString

from tuodi.console.amounts import rate_text, yuan_text
from tuodi.console.picture.fall import Step, falling
from tuodi.console.picture.shapes import Part, Tone, strip
from tuodi.core.citation import Citation
from tuodi.engine.shape import RELIEF
from tuodi.engine.why import Explanation, LimitWhy, LineWhy


class Row(NamedTuple):
    """A step: who takes how much, at which rate, what is left of the limit, by which clause; `left` of the bill."""

    label: str
    fen: int
    left: int
    picture: SafeString
    rate: str = ""
    limit: str = ""
    citation: Citation | None = None
    steps: tuple[str, ...] = ()
    strong: bool = False


def rows(why: Explanation, in_policy: int) -> list[Row]:
    """The bill, what lies outside the policy and stays with the family, each payer, each relief line, the end."""
    beyond = min(why.total - in_policy, why.personal)
    lines = [line for line in why.lines if line.layer == RELIEF]
    taken = [
        *([(Step("目录外费用", beyond, Tone.before), None)] if beyond else []),
        *((Step(payer.label, payer.paid, Tone.pale), None) for payer in why.payers),
        *([(Step("超出限额，医院承担", why.hospital, Tone.pale), None)] if why.hospital else []),
        *((Step(_named(line), line.paid, Tone.main), line) for line in lines),
    ]
    fallen = falling(why.total, (step for step, _ in taken))
    middle = [_row(one.step, one.left, one.picture, line) for one, (_, line) in zip(fallen, taken, strict=True)]
    whole = strip([Part(why.total, Tone.ground)], why.total, "医疗总费用")
    family = strip([Part(why.personal, Tone.before)], why.total, f"个人付 {yuan_text(why.personal)} 元")
    return [
        Row("医疗总费用", why.total, why.total, whole, strong=True),
        *middle,
        Row("个人付", why.personal, 0, family, strong=True, steps=_own(beyond, why.personal)),
    ]


def _own(beyond: int, personal: int) -> tuple[str, ...]:
    if not beyond:
        return ()
    return (f"其中目录外 {yuan_text(beyond)} 元、目录内 {yuan_text(personal - beyond)} 元",)


def _row(step: Step, left: int, picture: SafeString, line: LineWhy | None) -> Row:
    if line is None:
        told = ("不在医保目录和价格规定之内，不能救助",) if step.tone is Tone.before else ()
        return Row(step.label, step.fen, left, picture, steps=told)
    return Row(
        step.label, step.fen, left, picture, rate=_rate(line), limit="；".join(map(_limit_left, line.limits)),
        citation=line.citation, steps=tuple(_steps(line)),
    )  # fmt: skip


def _named(line: LineWhy) -> str:
    return f"{line.label}（{line.item}）" if line.item else line.label


def _rate(line: LineWhy) -> str:
    if line.bands:
        return "、".join(rate_text(band.rate) for band in line.bands if band.part)
    if line.grant is not None:
        return "定额"
    return "" if line.rate is None else rate_text(line.rate)


def _limit_left(limit: LimitWhy) -> str:
    return f"{limit.label}不设限额" if limit.left is None else f"{limit.label}还剩 {yuan_text(limit.left)}"


def _steps(line: LineWhy) -> Iterator[str]:
    """How the amount came about, in order: base, threshold, rate, limits, the bill."""
    if line.basis is not None:
        yield f"{line.basis.label} {yuan_text(line.basis.amount)} 元"
    if line.threshold is not None and line.threshold.amount:
        at = line.threshold
        counted = f"，{at.label}累计 {yuan_text(at.before)} → {yuan_text(at.after)} 元" if at.count_id else ""
        yield f"起付线 {yuan_text(at.amount)} 元{counted}，超过的部分 {yuan_text(line.part or 0)} 元"
        yield from (f"起付线调整：{one.says}（{one.citation.clause}）" for one in at.adjusted)
    for band in line.bands:
        if band.part:
            yield f"{yuan_text(band.part)} 元 × {rate_text(band.rate)}"
    yield from (f"比例调整：{one.says}（{one.citation.clause}）" for one in line.adjusted)
    yield f"应付 {yuan_text(line.due)} 元"
    for limit in line.limits:
        if limit.limit is not None:
            used = f"已用 {yuan_text(limit.used)} 元，这笔之前还剩 {yuan_text(limit.room)} 元"
            yield f"{limit.label} {yuan_text(limit.limit)} 元，{used}（{limit.citation.clause}）"
    if line.cut_by is not None:
        yield f"受{'账单未付部分' if line.cut_by == 'bill' else '限额'}限制，付 {yuan_text(line.paid)} 元"
