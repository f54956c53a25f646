"""The report on a comparison: what the same people would receive under several documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import pyarrow as pa

from tuodi.lab.report.amounts import exact, money, number, rate
from tuodi.lab.report.document import Bar, Bars, Block, Figure, Parts, Report, Row, Section, Shown, Tone, section
from tuodi.lab.report.ground import Ground, people_said, receipt
from tuodi.lab.report.said import ONLY_RELIEF, SETTLED, findings, limits_of, named
from tuodi.lab.results import ComparedRow, Comparison, FamilyRow, ReasonRow
from tuodi.lab.sheet import Column, Sheet, Unit

SAME_PEOPLE = "同样的人、同样的账单、同样的身份，分别按各份文件结算；一份文件不认识的身份和事实，它就不用。"
OWN_WORDS = "各地对象的名称和范围不同：这里按人的身份分组，不按各地文件的类别。"
INSURED_ALIKE = "保险支付按账单原样，没有换成各地自己的医保待遇：比的是医疗救助，不是整个保障。"
_MOST_GROUPS = 12
_HIDDEN = frozenset({"policy"})


def of_comparison(result: Comparison, ground: Ground) -> Report:
    """The report."""
    names = "、".join(one.label for one in result.policies)
    return Report(
        title=f"{len(result.policies)} 份政策用在同一群人身上",
        subtitle=people_said(ground, result.people),
        question=f"同样的家庭、同样的病，在{names}各能得到多少救助？",
        answer=tuple(_answer(result)),
        figures=tuple(_figures(result)),
        sections=tuple(_sections(result)),
        method=(SAME_PEOPLE, OWN_WORDS, SETTLED, ONLY_RELIEF),
        limits=limits_of(ground, (INSURED_ALIKE, *result.notes)),
        receipt=receipt(ground),
        sheets=(*result.sheets(), *across(result)),
    )


def _answer(result: Comparison) -> Iterator[str]:
    paying = sorted((one for one in result.policies if one.relief), key=lambda one: -one.relief)
    if len(paying) > 1:
        most, least = paying[0], paying[-1]
        yield (
            f"同一群人，一年的救助从 {money(least.relief)}（{least.label}）到 {money(most.relief)}（{most.label}）；"
            f"政策范围内负担中，救助付了 {rate(least.share or 0)}到 {rate(most.share or 0)}。"
        )
        wide, narrow = max(paying, key=lambda one: one.relieved), min(paying, key=lambda one: one.relieved)
        fewest, most_persons = number(narrow.relieved), number(wide.relieved)
        yield f"得到救助的人从 {fewest} 人（{narrow.label}）到 {most_persons} 人（{wide.label}）。"
    for group, rows in _by_group(result.classes):
        relieving = [one for one in rows if one.relief]
        if len(relieving) > 1:
            best = max(relieving, key=lambda one: one.share or 0)
            none = len(rows) - len(relieving)
            without = f"；{none} 地没有救助" if none else ""
            yield f"{group}：负担中救助付得最多的是{best.label}，{rate(best.share or 0)}{without}。"
    for one in result.policies:
        if not one.relief:
            yield f"{one.label}的文件在这群人身上没有一笔救助，原因见“不予救助的理由”。"


def _figures(result: Comparison) -> Iterator[Figure]:
    for one in result.policies:
        yield Figure(
            label=one.label, text=money(one.relief), note=f"{number(one.relieved)} 人，占负担 {rate(one.share or 0)}"
        )


def _sections(result: Comparison) -> Iterator[Section]:
    sheets = named(result.sheets())
    policies = Shown(sheet=sheets["policies"], leave_out=_HIDDEN) if "policies" in sheets else None
    told = "各地每一户的条款和说明，见随附表格里的“同一个家庭在各地”。" if result.families else None
    yield section("families", "同一个家庭在各地", *_families(result.families), told)
    yield section("policies", "总账", _policies(result), policies)
    groups = {
        "classes": ("各类人群", result.classes),
        "diseases": ("各种疾病", result.diseases),
        "services": ("各类服务", result.services),
        "bands": ("负担轻的和重的", result.bands),
    }
    for name, (title, rows) in groups.items():
        yield section(name, title, _shares("政策范围内负担中，救助付了多少", rows), _across(name, rows))
    yield section("households", "每个家庭", _means("有负担的家庭：平均每户得到多少", result.households))
    reasons = "每一条理由的次数和负担，见随附的表格。" if result.reasons else None
    yield section("reasons", "不予救助的理由", *_reasons(result.reasons), reasons)
    yield section("findings", "数据里的问题", findings(result.findings))


def across(result: Comparison) -> Iterator[Sheet]:
    """Groups down, policies across: what a person of the group receives on average."""
    for name, rows in (("classes", result.classes), ("diseases", result.diseases), ("services", result.services)):
        found = _across(name, rows)
        if found is not None:
            yield found.sheet


def _across(name: str, rows: Sequence[ComparedRow]) -> Shown | None:
    groups = _by_group(rows)
    labels = list(dict.fromkeys(one.label for one in rows))
    if not groups:
        return None
    columns = [Column("group", "人群", Unit.TEXT), Column("number", "人数", Unit.NUMBER)]
    columns += [Column(f"mean_{place}", label, Unit.FEN) for place, label in enumerate(labels, 1)]
    data: dict[str, list[object]] = {"group": [group for group, _ in groups]}
    data["number"] = [several[0].number for _, several in groups]
    for place, label in enumerate(labels, 1):
        means = [{one.label: one.mean for one in several} for _, several in groups]
        data[f"mean_{place}"] = [one.get(label) for one in means]
    title = {"classes": "人群", "diseases": "疾病", "services": "服务", "bands": "负担"}[name]
    table = pa.table(data, schema=pa.schema([(one.id, _ARROW[one.unit]) for one in columns]))
    return Shown(sheet=_sheet(f"{name}_across", f"各地人均救助，按{title}", columns, table))


def _sheet(name: str, title: str, columns: list[Column], data: pa.Table) -> Sheet:
    note = "这一组的人平均每人一年得到的救助；没有得到的也算在内"
    return Sheet(id=name, title=title, columns=tuple(columns), data=data, note=note)


_ARROW = {Unit.TEXT: pa.string(), Unit.NUMBER: pa.int64(), Unit.FEN: pa.int64()}


# ---- pictures --------------------------------------------------------------------------------------------------------


def _families(rows: Sequence[FamilyRow]) -> Iterator[Block]:
    """For each family a picture: of its burden, what relief pays and what is left to it."""
    for family, several in groupby(rows, lambda one: one.family):
        members = tuple(several)
        bill, burden = members[0].total, members[0].burden
        yield Parts(
            title=family,
            rows=tuple(Row(label=one.label, bars=tuple(_borne(one))) for one in members),
            legend=((Tone.MAIN, "救助付"), (Tone.PALE, "政策范围内还要自己付")),
            note=f"医疗总费用 {exact(bill)}，保险之后政策范围内自己负担 {exact(burden)}",
        )


def _borne(one: FamilyRow) -> Iterator[Bar]:
    if one.relief is None:
        yield Bar(value=one.burden, text=f"没有算：{one.reason}", tone=Tone.PALE)
        return
    if one.relief:
        yield Bar(value=one.relief, text=f"救助 {exact(one.relief)}")
    left = max(one.burden - one.relief, 0)
    refused = f"不予救助：{one.reason}（{one.clause}）；" if not one.relief and one.reason else ""
    if left:
        yield Bar(value=left, text=f"{refused}自己付 {exact(left)}", tone=Tone.PALE)


def _policies(result: Comparison) -> Block | None:
    rows = tuple(
        Row(
            label=one.label,
            bars=(Bar(value=one.relief, text=f"{money(one.relief)}，{number(one.relieved)} 人"),),
        )
        for one in result.policies
    )
    return Bars(title="同一群人一年的救助", rows=rows)


def _shares(title: str, rows: Sequence[ComparedRow]) -> Block | None:
    """A group of bars for each group of people: one bar a policy, on one scale."""
    groups = [(group, several) for group, several in _by_group(rows) if any(one.relief for one in several)]
    shown = tuple(
        Row(
            label=one.label,
            group=f"{group}（{number(several[0].number)} 人）",
            bars=(Bar(value=one.share or 0, text=rate(one.share or 0), tone=_tone(one, several)),),
        )
        for group, several in groups[:_MOST_GROUPS]
        for one in several
    )
    rest = len(groups) - _MOST_GROUPS
    note = f"另有 {rest} 组，见下表" if rest > 0 else ""
    legend = ((Tone.MAIN, "这一组里付得最多的"), (Tone.BEFORE, "其他"))
    return Bars(title=title, rows=shown, legend=legend, note=note) if shown else None


def _means(title: str, rows: Sequence[ComparedRow]) -> Block | None:
    shown = tuple(
        Row(
            label=one.label,
            group=group if len(groups) > 1 else "",
            bars=(Bar(value=one.mean, text=f"{money(one.mean)}，中位数 {money(one.median)}"),),
        )
        for groups in (_by_group(rows),)
        for group, several in groups[:_MOST_GROUPS]
        for one in several
    )
    return Bars(title=title, rows=shown) if shown else None


def _reasons(rows: Sequence[ReasonRow]) -> Iterator[Block]:
    """The reasons of each policy that refuse most of the burden."""
    shown = []
    for label, several in groupby(rows, lambda one: one.label):
        first = sorted(several, key=lambda one: -one.burden)[:4]
        shown += [
            Row(
                label=f"{one.reason}（{one.clause}）",
                group=label,
                bars=(Bar(value=one.burden, text=f"{money(one.burden)}，{number(one.events)} 次", tone=Tone.BEFORE),),
            )
            for one in first
        ]
    if shown:
        yield Bars(title="不予救助的账单里有多少政策范围内负担", rows=tuple(shown), note="各地负担最多的四条理由")


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _by_group(rows: Iterable[ComparedRow]) -> list[tuple[str, tuple[ComparedRow, ...]]]:
    """In the order in which groups first come; each with all its rows."""
    found: dict[str, list[ComparedRow]] = {}
    for row in rows:
        found.setdefault(row.group, []).append(row)
    return [(group, tuple(several)) for group, several in found.items()]


def _tone(row: ComparedRow, several: Sequence[ComparedRow]) -> Tone:
    """The one that pays most stands out."""
    return Tone.MAIN if row.share == max(one.share or 0 for one in several) and row.share else Tone.BEFORE
