"""The report on a made population: how it compares with the published figures that it is held against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from tuodi.lab.population.report import Comparison, PopulationReport, shown
from tuodi.lab.population.settings import Kind
from tuodi.lab.report.amounts import more, number, rate
from tuodi.lab.report.document import Bar, Bars, Block, Figure, Report, Row, Section, Shown, Span, Spans, Tone, section
from tuodi.lab.report.ground import Ground, receipt
from tuodi.lab.results import FLAG, NUMBER, RATE
from tuodi.lab.sheet import Said, Sheet, sheet
from tuodi.language.model import SERVICES

HOW = "先有户和人，再有参保、身份的起止和申请，再有疾病、就医和账单；保险支付由引擎按样本参保方案算出，到分。"
SEEDED = "同一座城、同样的人数和种子，无论怎样运行都得到同样的文件。"
CHECKED = "“校准”的项是照着目标造的；“检验”的项没有用来造，拿来核对；“参考”的项口径不同，只供参看。"
ALLOWED = "允许的偏差：目标本身的误差，加三倍的抽样误差；人越少，允许的偏差越大。"
NATIONAL = "目标多是全国数，本地的数不会正好一样。"
NOBODY = "这些人、户、证件号码和账单都是随机生成的，不对应任何真实的人。"
NO_TRUTH = "合乎这些目标，不等于合乎本地的实际：没有列为目标的分布（疾病之间、年份之间的关系）没有核对过。"

_KINDS = {Kind.CALIBRATED: "校准", Kind.EXPECTED: "检验", Kind.ORIENTATION: "参考"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow:
    """A target and what was made; numbers as texts in the target's own unit, the deviation as a share of it."""

    label: Annotated[str, Said("指标")]
    kind: Annotated[str, Said("用途")]
    made: Annotated[str, Said("生成的人群")]
    target: Annotated[str, Said("目标")]
    allowed: Annotated[str, Said("允许偏差")]
    deviation: Annotated[int | None, Said("偏差", RATE)]
    within: Annotated[bool | None, Said("在允许范围内", FLAG)]
    source: Annotated[str, Said("来源")]
    confidence: Annotated[str, Said("可信度")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """How many events of a service."""

    service: Annotated[str, Said("服务")]
    events: Annotated[int, Said("账单数", NUMBER)]


def of_population(made: PopulationReport, ground: Ground) -> Report:
    """The report."""
    return Report(
        title=f"{made.city.label}的合成人群",
        subtitle=f"{made.city.year}年，{number(made.persons)} 人，种子 {made.seed}",
        question="造出来的这些人，像不像公布的统计数字？",
        answer=tuple(_answer(made)),
        figures=tuple(_figures(made)),
        sections=tuple(_sections(made)),
        method=(HOW, SEEDED, CHECKED, ALLOWED),
        limits=(NOBODY, NATIONAL, NO_TRUTH),
        receipt=receipt(ground),
        sheets=sheets(made),
    )


def sheets(made: PopulationReport) -> tuple[Sheet, ...]:
    """Its tables."""
    services = [ServiceRow(service=SERVICES[name], events=events) for name, events in made.by_service.items() if events]
    return (
        sheet("targets", "与目标比", TargetRow, map(_row, made.comparisons)),
        sheet("services", "账单按服务", ServiceRow, services),
    )


def _answer(made: PopulationReport) -> Iterator[str]:
    judged = [one for one in made.comparisons if one.within is not None]
    missed = made.missed
    if missed:
        yield f"{len(judged)} 项里有 {len(missed)} 项超出允许的偏差：{'、'.join(one.target.label for one in missed)}。"
    else:
        yield f"可以判断的 {len(judged)} 项都在允许的偏差之内。"


def _figures(made: PopulationReport) -> Iterator[Figure]:
    yield Figure(label="人", text=number(made.persons), note=f"{number(made.households)} 户")
    yield Figure(label="账单", text=number(made.events), note=f"身份 {number(made.periods)} 段")
    tone = Tone.ALARM if made.missed else Tone.MAIN
    yield Figure(label="超出允许偏差", text=f"{len(made.missed)} 项", note=f"共 {len(made.comparisons)} 项", tone=tone)


def _sections(made: PopulationReport) -> Iterator[Section]:
    targets, services = sheets(made)
    yield section("targets", "与目标比", _deviations(made), Shown(sheet=targets))
    rows = tuple(
        Row(label=SERVICES[name], bars=(Bar(value=events, text=f"{number(events)} 笔"),))
        for name, events in made.by_service.items()
        if events
    )
    yield section("services", "账单按服务", Bars(title="一年的账单", rows=rows), Shown(sheet=services))


def _deviations(made: PopulationReport) -> Block:
    """Each made figure as its deviation from the target, over the range that is allowed."""
    spans = []
    for one in made.comparisons:
        deviation = _deviation(one)
        if deviation is None or one.target.kind is Kind.ORIENTATION:
            continue
        allowed = _share(one.allowed, one.target.value) or 0
        tone = Tone.ALARM if one.within is False else Tone.MAIN
        spans.append(
            Span(
                label=one.target.label,
                least=-allowed,
                most=allowed,
                marks=(Bar(value=deviation, text=more(rate(deviation)), tone=tone),),
                text=f"{_text(one.made, one)}，目标 {shown(one.target.value, one.target)}",
            )
        )
    return Spans(
        title="偏离目标多少：中间的竖线是目标，浅色是允许的范围，圆点是造出来的",
        rows=tuple(spans),
        zero=True,
        legend=((Tone.MAIN, "在范围内"), (Tone.ALARM, "超出"), (Tone.PALE, "允许的范围")),
    )


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _row(one: Comparison) -> TargetRow:
    target = one.target
    return TargetRow(
        label=target.label,
        kind=_KINDS[target.kind],
        made=_text(one.made, one),
        target=shown(target.value, target),
        allowed="" if one.allowed is None else f"±{shown(one.allowed, target)}",
        deviation=_deviation(one),
        within=one.within,
        source=target.source,
        confidence=target.confidence,
    )


def _text(value: Decimal | None, one: Comparison) -> str:
    return "没有" if value is None else shown(value, one.target)


def _deviation(one: Comparison) -> int | None:
    return None if one.made is None else _share(one.made - one.target.value, one.target.value)


def _share(part: Decimal | None, whole: Decimal) -> int | None:
    """In basis points of the whole, half up."""
    return None if part is None else int((part / whole * 10_000).to_integral_value(ROUND_HALF_UP))
