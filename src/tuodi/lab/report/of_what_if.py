"""The report on a what-if: what a change costs, who gains and who loses, what becomes of the fund and the warnings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pyarrow.compute as pc

from tuodi.lab.report.amounts import as_text, money, more, number, rate
from tuodi.lab.report.document import (
    Bar,
    Bars,
    Block,
    Figure,
    Report,
    Row,
    Section,
    Shown,
    Span,
    Spans,
    Tone,
    section,
)
from tuodi.lab.report.ground import Ground, people_said, receipt
from tuodi.lab.report.said import ONLY_RELIEF, SETTLED, findings, limits_of, named
from tuodi.lab.results import BenefitRow, EffectRow, GroupRow, PayerRow, SpreadRow, Standing, WhatIf
from tuodi.lab.sheet import Sheet

_BEFORE_AFTER = ((Tone.BEFORE, "原政策"), (Tone.MAIN, "新政策"))
_GAIN_LOSS = ((Tone.MAIN, "受益"), (Tone.ALARM, "受损"))
_HIDDEN = frozenset({"path", "benefit", "unit", "warning", "above", "up_to"})

NOT_IN_CLASS = "不属于救助对象"
"""The group of those in no class."""

TWO_WAYS = "原政策和新政策各把同样的人、同样的账单结算一遍，逐人相减。"
BOTH_PROVED = (
    "改动先经证明：限额、不超过负担、费用增加救助不减少等性质对任何账单都成立，才拿来试算；不成立的改动会被拒绝。"
)
SPREAD_SAYS = "重复抽样：用不同的种子各造一座城，全部重算；给出的是各次的最小、中位和最大值，不是置信区间。"
CLIFFS_SAY = "费用跨过拐点，每多花一元得到的救助就变了；跨过断崖，救助突然跳变。由证明得出，对任何账单成立。"


def of_what_if(result: WhatIf, ground: Ground) -> Report:
    """The report."""
    return Report(
        title=f"政策试算：{result.title}",
        subtitle=people_said(ground, result.people),
        question=_question(result),
        answer=tuple(_answer(result)),
        figures=tuple(_figures(result)),
        sections=tuple(_sections(result)),
        method=tuple(_method(result)),
        limits=limits_of(ground, result.notes, result.set_apart),
        receipt=receipt(ground),
        sheets=result.sheets(),
    )


def _question(result: WhatIf) -> str:
    changes = "；".join(f"{one.label}的{one.facet}由 {one.before} 改为 {one.after}" for one in result.changes[:3])
    rest = f"等 {len(result.changes)} 处" if len(result.changes) > 3 else ""
    fund = "，基金够不够" if result.reserve else ""
    return f"如果把{changes}{rest}，支出怎样变，谁多得、谁少得{fund}？"


# ---- the answer ------------------------------------------------------------------------------------------------------


def _answer(result: WhatIf) -> Iterator[str]:
    relief = result.measure("relief")
    yield (
        f"一年的救助支出由 {money(relief.before)}变为 {money(relief.after)}，"
        f"{_verb(relief.change)}{_by(relief.change, relief.before)}。"
    )
    yield f"{_effect_says(result.effects, '个人', '人')}；{_effect_says(result.effects, '家庭', '户')}。"
    yield from (f"{one.policy}：{one.says}（年末结余 {money(one.reserve)}）。" for one in result.reserve)
    watched = [one for one in result.warnings if one.newly or one.no_longer]
    for one in watched:
        yield (
            f"救助之后仍超过预警线的人：新增 {number(one.newly or 0)} 人，不再超线 {number(one.no_longer or 0)} 人"
            f"（{one.label}，{one.clause}）。"
        )
    new = [one for one in result.cliffs if one.standing is Standing.NEW and one.kind == "断崖"]
    if new:
        yield f"新出现 {len(new)} 处断崖：多花一分钱，救助反而少一截，见“拐点和断崖”。"


def _verb(change: int) -> str:
    return "不变" if not change else "增加 " if change > 0 else "减少 "


def _by(change: int, before: int) -> str:
    if not change:
        return ""
    part = f"（{rate(10_000 * abs(change) // before)}）" if before else ""
    return f"{money(abs(change))}{part}"


def _effect_says(effects: Iterable[EffectRow], who: str, unit: str) -> str:
    rows = {one.effect: one for one in effects if one.who == who}
    said = []
    for effect in ("受益", "受损"):
        row = rows.get(effect)
        if row is None or not row.number:
            said.append(f"没有{who}{effect}" if effect == "受损" else f"{who}没有{effect}")
        else:
            middle = f"，中位数一年 {money(row.p50)}" if row.p50 is not None else ""
            said.append(f"{number(row.number)} {unit}{effect}{middle}")
    return "，".join(said)


def _figures(result: WhatIf) -> Iterator[Figure]:
    relief = result.measure("relief")
    yield Figure(label="救助支出", text=money(relief.after), note=f"原政策 {money(relief.before)}")
    yield Figure(label="支出增减", text=more(money(relief.change)), note=_by(relief.change, relief.before))
    before, after = (_covered(result.classes, name) for name in ("before", "after"))
    yield Figure(label="救助占负担", text=rate(after), note=f"救助对象；原政策 {rate(before)}")
    rows = {(one.who, one.effect): one for one in result.effects}
    for effect, tone in (("受益", Tone.MAIN), ("受损", Tone.ALARM)):
        one, home = rows.get(("个人", effect)), rows.get(("家庭", effect))
        if one is not None:
            homes = f"{number(home.number)} 户" if home is not None else ""
            yield Figure(
                label=f"{effect}的人",
                text=f"{number(one.number)} 人",
                note=homes,
                tone=tone if one.number else Tone.MAIN,
            )
    for row in result.reserve[1:]:
        ratio = f"结余率 {rate(row.ratio)}" if row.ratio is not None else ""
        tone = Tone.ALARM if row.reserve < 0 else Tone.MAIN
        yield Figure(label="新政策年末结余", text=money(row.reserve), note=ratio, tone=tone)


def _covered(classes: Iterable[GroupRow], which: str) -> int:
    """Relief over burden of those in a class, in basis points."""
    rows = [one for one in classes if one.group != NOT_IN_CLASS]
    burden = sum(one.burden for one in rows)
    relief = sum(one.before if which == "before" else one.after for one in rows)
    return (20_000 * relief + burden) // (2 * burden) if burden else 0


# ---- sections --------------------------------------------------------------------------------------------------------


def _sections(result: WhatIf) -> Iterator[Section]:
    sheets = named(result.sheets())
    shown = {name: Shown(sheet=one, leave_out=_HIDDEN) for name, one in sheets.items()}
    yield section("changes", "改了什么", shown.get("changes"))
    yield section("measures", "总账", shown.get("measures"), _payers(result.payers), shown.get("payers"))
    yield section("benefits", "哪些待遇变了", _benefits(result.benefits), shown.get("benefits"))
    yield section("effects", "谁受益，谁受损", _bins(result), shown.get("effects"))
    yield section("classes", "各类对象", *_groups("各类对象", result.classes), shown.get("classes"))
    yield section("bands", "负担轻的和重的", _deciles(result), *_groups("按全年负担", result.bands), shown.get("bands"))
    yield section("counties", "各县（市、区）", *_groups("各县（市、区）", result.counties), shown.get("counties"))
    yield section("warnings", "监测预警线", shown.get("warnings"))
    yield section("cliffs", "拐点和断崖", *_cliffs(sheets.get("cliffs")))
    yield section("reserve", "基金结余", _reserve(result), shown.get("reserve"))
    yield section("spread", "有多大把握", _spread(result.spread), shown.get("spread"))
    yield section("findings", "数据里的问题", findings(result.findings))


def _payers(rows: tuple[PayerRow, ...]) -> Block | None:
    return Bars(
        title="救助支出由谁负担",
        rows=tuple(_pair(one.payer, one.before, one.after) for one in rows),
        legend=_BEFORE_AFTER,
    )


def _benefits(rows: tuple[BenefitRow, ...]) -> Block | None:
    changed = [one for one in rows if one.change]
    shown = tuple(_pair(f"{one.label}（{one.clause}）", one.before, one.after) for one in changed)
    return Bars(title="支出有变化的待遇", rows=shown, legend=_BEFORE_AFTER) if shown else None


def _pair(label: str, before: int, after: int) -> Row:
    change = f"，{more(money(after - before))}" if after != before else ""
    return Row(
        label=label,
        bars=(
            Bar(value=before, text=money(before), tone=Tone.BEFORE),
            Bar(value=after, text=f"{money(after)}{change}"),
        ),
    )


def _bins(result: WhatIf) -> Block | None:
    """Persons by what they gain or lose; those for whom nothing changes would hide all others."""
    same = next((one.persons for one in result.bins if one.above is None and one.up_to is None), 0)
    rows = []
    for one in result.bins:
        loses = one.up_to is not None and one.up_to <= 0
        if one.above is None and one.up_to is None:
            continue
        tone = Tone.ALARM if loses else Tone.MAIN
        rows.append(Row(label=one.label, bars=(Bar(value=one.persons, text=f"{number(one.persons)} 人", tone=tone),)))
    kept = tuple(_without_empty_ends(rows))
    note = f"另有 {number(same)} 人没有变化"
    return Bars(title="每人全年多得或少得多少", rows=kept, legend=_GAIN_LOSS, note=note) if kept else None


def _without_empty_ends(rows: list[Row]) -> list[Row]:
    """From the first row with somebody to the last one."""
    filled = [place for place, row in enumerate(rows) if row.bars[0].value]
    return rows[filled[0] : filled[-1] + 1] if filled else []


def _groups(title: str, rows: tuple[GroupRow, ...]) -> Iterator[Block]:
    """What each group gains and loses, then how much of its burden is covered."""
    touched = [one for one in rows if one.better or one.worse]
    if touched:
        yield Bars(
            title=f"{title}：一年多得和少得的合计",
            rows=tuple(Row(label=one.group, bars=tuple(_gain_and_loss(one))) for one in touched),
            legend=_GAIN_LOSS,
        )
    covered = [one for one in rows if one.before or one.after]
    if covered:
        yield Bars(
            title=f"{title}：政策范围内负担中救助付了多少",
            rows=tuple(Row(label=one.group, bars=tuple(_shares(one))) for one in covered),
            legend=_BEFORE_AFTER,
        )


def _gain_and_loss(row: GroupRow) -> Iterator[Bar]:
    if row.better:
        yield Bar(value=row.gained, text=f"{number(row.better)} 人，{more(money(row.gained))}")
    if row.worse:
        yield Bar(value=-row.lost, text=f"{number(row.worse)} 人，{money(-row.lost)}", tone=Tone.ALARM)


def _shares(row: GroupRow) -> Iterator[Bar]:
    for value, tone in ((row.share_before, Tone.BEFORE), (row.share_after, Tone.MAIN)):
        yield Bar(value=value or 0, text=rate(value or 0), tone=tone)


def _deciles(result: WhatIf) -> Block | None:
    rows = tuple(
        Row(
            label=_decile_label(one.decile, one.least, one.most),
            bars=(
                Bar(value=one.share_before or 0, text=rate(one.share_before or 0), tone=Tone.BEFORE),
                Bar(value=one.share_after or 0, text=rate(one.share_after or 0)),
            ),
        )
        for one in result.deciles
    )
    if not rows:
        return None
    return Bars(
        title="救助是不是到了负担重的人那里：按负担轻重分成十份，各份负担中救助付了多少",
        rows=rows,
        legend=_BEFORE_AFTER,
    )


def _decile_label(decile: int, least: int, most: int) -> str:
    end = {1: "最轻的一成", 10: "最重的一成"}.get(decile, f"第 {decile} 成")
    return f"{end}：{money(least)}至{money(most)}"


def _cliffs(sheet: Sheet | None) -> Iterator[Block]:
    """Those that are new or gone; the others stand in the files."""
    if sheet is None:
        return
    yield CLIFFS_SAY
    kept = pc.equal(sheet.data["standing"], Standing.KEPT.value)
    changed = sheet.data.filter(pc.invert(kept))
    if changed.num_rows:
        yield Shown(sheet=replace(sheet, data=changed))
    rest = sheet.data.num_rows - changed.num_rows
    if rest:
        yield f"{'另有' if changed.num_rows else '全部'} {number(rest)} 处没有变化，见随附的表格。"


def _reserve(result: WhatIf) -> Block | None:
    rows = tuple(
        Row(
            label=f"{one.policy}年末结余",
            bars=(
                Bar(
                    value=one.reserve,
                    text=money(one.reserve) + (f"，{rate(one.ratio)}" if one.ratio is not None else ""),
                    tone=Tone.ALARM if one.reserve < 0 else Tone.MAIN,
                ),
            ),
        )
        for one in result.reserve
    )
    return Bars(title="年末结余：上年结余加当年筹集，减支出", rows=rows) if rows else None


def _spread(rows: tuple[SpreadRow, ...]) -> Block | None:
    spans = tuple(
        Span(
            label=one.measure,
            least=one.least,
            most=one.most,
            marks=tuple(Bar(value=value, text=as_text(value, one.unit)) for value in sorted(set(one.values))),
            text="{} 至 {}，中位 {}".format(*(as_text(value, one.unit) for value in (one.least, one.most, one.middle))),
        )
        for one in rows
        if one.least != one.most
    )
    runs = rows[0].runs if rows else 0
    note = f"{runs} 次，每次另一个种子；每行各有自己的尺度"
    return Spans(title="重复抽样：每次得到的数", rows=spans, note=note, shared=False) if spans else None


def _method(result: WhatIf) -> Iterator[str]:
    yield TWO_WAYS
    yield SETTLED
    yield ONLY_RELIEF
    yield BOTH_PROVED
    if result.payers:
        yield "资金来源：逐笔按文件的分担比例、最大余数法分到分，与入账一致。"
    if result.spread:
        yield SPREAD_SAYS
