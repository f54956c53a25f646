"""The page of one policy for officials: who, of what, how much, by which clause; with worked examples where given.

Everything on the page comes from the policy itself, in Chinese. Examples are settled elsewhere and only set out here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tuodi.core.money import format_yuan
from tuodi.language import phrases
from tuodi.language.model import (
    Choose,
    ClauseKind,
    Layer,
    ParameterType,
    PersonsIn,
    Policy,
    Procedure,
    Property,
    Refuse,
)
from tuodi.language.page import Block, Bullets, Page, Section, Table
from tuodi.language.words import Words, day_text, listed


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleRow:
    """One bill: all in fen. `paid` follows the example's `lines`."""

    total: int
    paid: tuple[int, ...]
    relief: int
    personal: int
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Bills of one kind of person, settled by the engine; `lines` are the labels of the benefits that paid.

    `measure` says which amount the rows differ in, `total` of each row.
    """

    title: str
    measure: str
    assumptions: str
    lines: tuple[str, ...]
    rows: tuple[ExampleRow, ...]


def describe(policy: Policy, examples: Sequence[Example] = ()) -> Page:
    """The page. Sections that the policy has nothing for are left out."""
    words = Words(policy=policy)
    sections = [
        *_persons(policy, words),
        *_care(policy, words),
        *_benefits(policy, words),
        *_amounts(policy, words),
        *_examples(examples),
        *_parameters(policy),
        *_enrolment(policy, words),
        *_tilts(policy, words),
        *_funding(policy, words),
        *_warnings(policy, words),
        *_procedures(policy, words),
        *_indicators(policy),
        *_lists(policy),
        *_exceptions(policy),
        *_elsewhere(policy),
    ]
    return Page(title=policy.document.title, blocks=_document(policy), sections=tuple(sections))


def _document(policy: Policy) -> tuple[Block, ...]:
    document = policy.document
    until = f"至{day_text(document.end)}止（不含当日）" if document.end else ""
    rows = [
        ("文号", document.number),
        ("发文机关", document.issuer),
        ("行政区划代码", document.region),
        ("印发", day_text(document.issued) if document.issued else "文本上没有日期"),
        ("施行", f"{day_text(document.start)}起{until}"),
        ("替代", document.replaces),
        ("政策编号", document.id),
        ("内容指纹", policy.content_hash[:16]),
    ]
    return (Table(headers=("项目", "内容"), rows=tuple(row for row in rows if row[1])),)


# ---- who --------------------------------------------------------


def _persons(policy: Policy, words: Words) -> Iterator[Section]:
    if not policy.classes:
        return
    order = {
        PersonsIn.FIRST_CLASS: "同时符合几类的，按排在最前的一类救助，不重复享受。",
        PersonsIn.EVERY_CLASS: "同时符合几类的，各类待遇都予以考虑。",
    }[policy.persons_in]
    rows = tuple((one.label, phrases.members(one, words), one.clause) for one in policy.classes)
    covers = [f"{one.label}：{text}" for one in policy.classes for text in phrases.covers(one)]
    blocks: list[Block] = [order, Table(headers=("类别", "包括", "条款"), rows=rows)]
    if covers:
        blocks.append(Bullets(items=tuple(covers)))
    yield Section(title="救助谁", blocks=tuple(blocks))


# ---- of what --------------------------------------------------------


def _care(policy: Policy, words: Words) -> Iterator[Section]:
    blocks: list[Block] = []
    served = {name for benefit in policy.benefits if not isinstance(benefit.pay, Refuse) for name in benefit.services}
    if served:
        blocks.append(f"救助的服务：{words.services(served)}。")
    if policy.general_conditions:
        rows = tuple((words.test(one.when), one.refusal, one.clause) for one in policy.general_conditions)
        blocks.append(Table(headers=("一般条件", "不符合时", "条款"), rows=rows))
    if blocks:
        yield Section(title="救助哪些服务，有什么条件", blocks=tuple(blocks))


def _amounts(policy: Policy, words: Words) -> Iterator[Section]:
    blocks: list[Block] = []
    if policy.quantities:
        rows = tuple((one.label, words.quantity(one)) for one in policy.quantities.values())
        blocks.append(Table(headers=("口径", "算法（不足零的按零）"), rows=rows))
    if policy.counts:
        counted = tuple((one.label, words.scope(one), one.clause) for one in policy.counts.values())
        blocks.append(Table(headers=("累计项", "累计范围", "条款"), rows=counted))
    if blocks:
        blocks.append("每一行救助金额只四舍五入一次，到分；再依次受限额限制；最后不超过账单未付部分。")
        yield Section(title="金额怎样算", blocks=tuple(blocks))


# ---- how much --------------------------------------------------------


def _benefits(policy: Policy, words: Words) -> Iterator[Section]:
    for layer in policy.layers:
        benefits = [benefit for benefit in policy.benefits if benefit.layer == layer.id]
        if not benefits:
            continue
        rows = tuple(
            (
                benefit.label,
                words.who(benefit),
                words.services(benefit.services),
                "" if isinstance(benefit.pay, Refuse) else words.threshold(benefit.above),
                words.pay(benefit.pay),
                "" if isinstance(benefit.pay, Refuse) else words.limits(benefit),
                benefit.clause,
            )
            for benefit in benefits
        )
        headers = ("待遇", "对象", "服务", "起付线", "比例或定额", "限额", "条款")
        sentences = Bullets(items=tuple(f"{one.label}（{one.clause}）：{words.sentence(one)}" for one in benefits))
        yield Section(
            title=f"{layer.label}：多少", blocks=(_choice(layer), Table(headers=headers, rows=rows), sentences)
        )


def _choice(layer: Layer) -> str:
    return {
        Choose.FIRST_RULE: "几项都符合时，按下表的先后，取第一项（及其后的附加项）；限额是否用完不影响取哪一项。",
        Choose.HIGHEST_RATE: "几项都符合时，取比例最高的一项；比例相同的，取限额较少的一项。",
        Choose.ALL: "几项都符合时，依次都给。",
    }[layer.choose]


def _examples(examples: Sequence[Example]) -> Iterator[Section]:
    if not examples:
        return
    yield Section(title="算例", blocks=("以下各例由结算程序按本政策算出，专取起付线和限额上下的金额。",))
    for example in examples:
        headers = (example.measure, *example.lines, "救助合计", "个人自付", "说明")
        rows = tuple(
            (
                _money(row.total),
                *map(_money, row.paid),
                _money(row.relief),
                _money(row.personal),
                row.remark,
            )
            for row in example.rows
        )
        table = Table(headers=headers, rows=rows, right=frozenset(range(len(headers) - 1)))
        yield Section(title=example.title, blocks=(example.assumptions, table), level=3)


def _money(fen: int) -> str:
    whole, _, decimals = format_yuan(fen).partition(".")
    return f"{int(whole):,}.{decimals}"


# ---- holes, premiums, insurance, funds --------------------------------------------------------


def _parameters(policy: Policy) -> Iterator[Section]:
    if not policy.parameters:
        return
    kinds = {
        ParameterType.MONEY: "金额",
        ParameterType.RATE: "比例",
        ParameterType.MONEY_BY_ITEM: "按项目列出的金额",
    }
    rows = tuple(
        (
            one.label,
            kinds[one.type],
            one.set_by,
            "未确定时，有关待遇不予给付" if one.optional else "未确定时，有关计算不能进行",
            one.clause,
            one.id,
        )
        for one in policy.parameters.values()
    )
    table = Table(headers=("数值", "类型", "由谁确定", "未确定时", "条款", "参数名"), rows=rows)
    yield Section(title="由经办机构确定的数值", blocks=("文件没有写明、留给主管部门确定的数值：", table))


def _enrolment(policy: Policy, words: Words) -> Iterator[Section]:
    if policy.enrolment:
        rows = tuple(
            (
                phrases.enrolled(one, words),
                phrases.subsidy(one, words),
                phrases.payers(one.payers),
                one.starts,
                one.clause,
            )
            for one in policy.enrolment
        )
        table = Table(headers=("对象", "资助个人缴费", "谁出资", "何时起", "条款"), rows=rows)
        yield Section(title="参保资助", blocks=(table,))


def _tilts(policy: Policy, words: Words) -> Iterator[Section]:
    if policy.insurance_tilts:
        rows = tuple(
            (phrases.tilted(one, words), phrases.tilt(one, words), one.says, one.clause)
            for one in policy.insurance_tilts
        )
        table = Table(headers=("对象", "倾斜", "说明", "条款"), rows=rows)
        yield Section(title="基本医保、大病保险的倾斜", blocks=(table,))


def _funding(policy: Policy, words: Words) -> Iterator[Section]:
    if policy.funding:
        rows = tuple((phrases.funded(one, words), phrases.fund(one), one.clause) for one in policy.funding)
        yield Section(title="资金由谁负担", blocks=(Table(headers=("支出", "分担", "条款"), rows=rows),))


# ---- watching and doing --------------------------------------------------------


def _warnings(policy: Policy, words: Words) -> Iterator[Section]:
    if policy.warnings:
        rows = tuple(
            (phrases.watched(one, words), phrases.passes(one, words), listed(one.tell), one.says, one.clause)
            for one in policy.warnings
        )
        table = Table(headers=("监测对象", "达到什么时预警", "告知", "说明", "条款"), rows=rows)
        yield Section(title="监测预警", blocks=(table,))


def _procedures(policy: Policy, words: Words) -> Iterator[Section]:
    if not policy.procedures:
        return
    yield Section(title="经办流程", blocks=(f"共{len(policy.procedures)}项。",))
    for procedure in policy.procedures:
        yield Section(
            title=f"{procedure.label}（{procedure.clause}）", blocks=tuple(_procedure(procedure, words)), level=3
        )


def _procedure(procedure: Procedure, words: Words) -> Iterator[Block]:
    yield f"{phrases.terms(procedure, words)}。"
    if procedure.steps:
        rows = tuple(
            (str(place), step.does, step.by, phrases.deadline(step), "公示" if step.publicity else "", step.form)
            for place, step in enumerate(procedure.steps, 1)
        )
        yield Table(headers=("步骤", "做什么", "谁办", "时限", "公示", "表单"), rows=rows)


def _indicators(policy: Policy) -> Iterator[Section]:
    if policy.indicators:
        rows = tuple((one.label, phrases.bound(one), one.says, one.clause) for one in policy.indicators)
        yield Section(title="考核指标", blocks=(Table(headers=("指标", "界限", "说明", "条款"), rows=rows),))


# ---- lists, exceptions, other documents --------------------------------------------------------


def _lists(policy: Policy) -> Iterator[Section]:
    diseases = [
        (one.label, str(len(one.diseases)), listed(row.name for row in one.diseases), one.clause)
        for one in policy.lists.values()
    ]
    items = [
        (
            one.label,
            str(len({row.item for row in one.entries})),
            listed(dict.fromkeys(row.item for row in one.entries)),
            one.clause,
        )
        for one in policy.catalogues.values()
    ]
    if diseases or items:
        table = Table(headers=("名单", "数目", "内容", "条款"), rows=(*diseases, *items))
        yield Section(title="名单和目录", blocks=(table,))


_PROPERTIES = {
    Property.LIMIT: "已付不超过限额",
    Property.BURDEN: "救助不超过个人负担",
    Property.MONOTONE_RELIEF: "费用越高，救助不减",
    Property.MONOTONE_PERSONAL: "费用越高，个人自付不减",
    Property.CLASS_ORDER: "排在前的类别不比后的差",
    Property.INT64: "计算不溢出",
}


def _exceptions(policy: Policy) -> Iterator[Section]:
    if policy.known_exceptions:
        rows = tuple((_PROPERTIES[one.property], one.reason, one.clause) for one in policy.known_exceptions)
        table = Table(headers=("一般性质", "本文件为何例外", "条款"), rows=rows)
        yield Section(title="已知的例外", blocks=(table,))


def _elsewhere(policy: Policy) -> Iterator[Section]:
    rows = tuple(
        (one.id, one.says, one.governed_by) for one in policy.clauses.values() if ClauseKind.ELSEWHERE in one.kinds
    )
    if rows:
        table = Table(headers=("条款", "内容", "由哪份文件规定"), rows=rows)
        yield Section(title="由其他文件规定的内容", blocks=(table,))
