"""What differs in substance between two policies: persons, benefits, numbers with their clauses, lists, procedures.

Two files that mean the same have no difference, however they are laid out. Things are matched by their ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from tuodi.language import phrases
from tuodi.language.coverage import KINDS
from tuodi.language.model import Benefit, Choose, Disease, ParameterType, PersonsIn, Policy, Refuse
from tuodi.language.words import Words, day_text, listed


class Change(Enum):
    """What happened from the old to the new policy."""

    ADDED = "新增"
    REMOVED = "删去"
    CHANGED = "改变"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing of a part (`待遇`), and of a changed thing the facet (`比例`) with both its texts."""

    change: Change
    part: str
    label: str
    clause: str
    facet: str = ""
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thing:
    label: str
    clause: str
    facets: Mapping[str, str]


_Part = Mapping[str, _Thing]


def differences(old: Policy, new: Policy) -> tuple[Difference, ...]:
    """Every difference, part by part, in the order of the new policy; what was removed stands last in its part."""
    before, after = _parts(old), _parts(new)
    return tuple(one for part in after for one in _part_differences(part, before[part], after[part]))


def _part_differences(part: str, old: _Part, new: _Part) -> Iterator[Difference]:
    for name, thing in new.items():
        if name not in old:
            yield _whole(Change.ADDED, part, thing)
        else:
            yield from _facet_differences(part, old[name], thing)
    yield from (_whole(Change.REMOVED, part, thing) for name, thing in old.items() if name not in new)
    kept, now = [name for name in old if name in new], [name for name in new if name in old]
    if part in _ORDERED and kept != now:
        yield Difference(
            change=Change.CHANGED,
            part=part,
            label="先后次序",
            clause="",
            facet="次序",
            old=listed(old[name].label for name in kept),
            new=listed(new[name].label for name in now),
        )


_ORDERED = {"对象类别", "待遇"}


def _whole(change: Change, part: str, thing: _Thing) -> Difference:
    said = "；".join(f"{facet}：{text}" for facet, text in thing.facets.items() if text)
    old, new = ("", said) if change is Change.ADDED else (said, "")
    return Difference(change=change, part=part, label=thing.label, clause=thing.clause, old=old, new=new)


def _facet_differences(part: str, old: _Thing, new: _Thing) -> Iterator[Difference]:
    before = {"名称": old.label, "条款": old.clause, **old.facets}
    after = {"名称": new.label, "条款": new.clause, **new.facets}
    for facet in dict.fromkeys((*before, *after)):
        one, other = before.get(facet, ""), after.get(facet, "")
        if one != other:
            yield Difference(
                change=Change.CHANGED,
                part=part,
                label=new.label,
                clause=new.clause,
                facet=facet,
                old=one,
                new=other,
            )


# ---- a policy as named things with facets in words -----------------------------------------------------


def _parts(policy: Policy) -> dict[str, _Part]:
    words = Words(policy=policy)
    return {
        "文件": {"document": _document(policy)},
        "对象类别": _classes(policy, words),
        "一般条件": {
            one.id: _Thing(label=one.refusal, clause=one.clause, facets={"条件": words.test(one.when)})
            for one in policy.general_conditions
        },
        "费用口径": {
            name: _Thing(label=one.label, clause="", facets={"算法": words.quantity(one)})
            for name, one in policy.quantities.items()
        },
        "累计": {
            name: _Thing(label=one.label, clause=one.clause, facets={"范围": words.scope(one)})
            for name, one in policy.counts.items()
        },
        "待遇": {one.id: _benefit(one, words) for one in policy.benefits},
        "名单": _lists(policy),
        **_beside_benefits(policy, words),
        "条款": {
            one.id: _Thing(label=one.id, clause=one.id, facets={"落在": listed(KINDS[kind] for kind in one.kinds)})
            for one in policy.clauses.values()
        },
    }


def _document(policy: Policy) -> _Thing:
    document = policy.document
    return _Thing(
        label="文件",
        clause=document.start_clause,
        facets={
            "文号": document.number,
            "标题": document.title,
            "发文机关": document.issuer,
            "地区": document.region,
            "施行": day_text(document.start),
            "止": day_text(document.end) if document.end else "",
            "多重身份": {PersonsIn.FIRST_CLASS: "只按第一类", PersonsIn.EVERY_CLASS: "各类都算"}[policy.persons_in],
            "选取": "；".join(f"{layer.label}{_CHOICES[layer.choose]}" for layer in policy.layers),
        },
    )


_CHOICES = {Choose.FIRST_RULE: "取第一项", Choose.HIGHEST_RATE: "取比例最高", Choose.ALL: "全部给予"}


def _classes(policy: Policy, words: Words) -> _Part:
    return {
        one.id: _Thing(
            label=one.label,
            clause=one.clause,
            facets={"包括": phrases.members(one, words), "追溯": listed(phrases.covers(one))},
        )
        for one in policy.classes
    }


def _benefit(benefit: Benefit, words: Words) -> _Thing:
    refusal = isinstance(benefit.pay, Refuse)
    facets = {
        "对象": words.who(benefit),
        "服务": words.services(benefit.services),
        "条件": words.test(benefit.when) if benefit.when is not None else "",
        "不看": listed(sorted(benefit.waives)),
        "基数": words.operand(benefit.of) if benefit.of is not None else "",
        "起付线": "" if refusal else words.threshold(benefit.above),
        "比例或定额": words.pay(benefit.pay),
        "限额": "" if refusal else words.limits(benefit),
        "在其后": words.benefit(benefit.after).label if benefit.after else "",
        "次数": f"{words.count(benefit.once)}一次" if benefit.once else "",
        "收费上限": words.operand(benefit.bill) if benefit.bill is not None else "",
        "调整": words.adjusts(benefit.adjust),
    }
    return _Thing(label=benefit.label, clause=benefit.clause, facets=facets)


def _lists(policy: Policy) -> _Part:
    """Each list with each of its rows as a facet, so that an added disease is one difference."""
    lists = {
        name: _Thing(label=one.label, clause=one.clause, facets={row.name: _disease(row) for row in one.diseases})
        for name, one in policy.lists.items()
    }
    catalogues = {
        name: _Thing(
            label=one.label,
            clause=one.clause,
            facets={f"{row.disease}：{row.item}": f"有（{row.kind}）" for row in one.entries},
        )
        for name, one in policy.catalogues.items()
    }
    return {**lists, **catalogues}


def _disease(disease: Disease) -> str:
    parts = [" ".join(disease.icd10), listed(disease.aliases), disease.needs]
    return "有" + "".join(f"（{part}）" for part in parts if part)


def _beside_benefits(policy: Policy, words: Words) -> dict[str, _Part]:
    return {
        "参保资助": _things(
            (one.id, f"参保资助：{phrases.enrolled(one, words)}", one.clause, {
                "资助": phrases.subsidy(one, words), "出资": phrases.payers(one.payers), "何时起": one.starts})
            for one in policy.enrolment
        ),
        "保险倾斜": _things(
            (one.id, one.says or one.id, one.clause, {
                "对象": phrases.tilted(one, words), "倾斜": phrases.tilt(one, words)})
            for one in policy.insurance_tilts
        ),
        "资金分担": _things(
            (one.id, phrases.funded(one, words), one.clause, {"分担": phrases.fund(one)}) for one in policy.funding
        ),
        "监测预警": _things(
            (one.id, f"预警：{phrases.watched(one, words)}", one.clause, {
                "界线": phrases.passes(one, words), "告知": listed(one.tell)})
            for one in policy.warnings
        ),
        "经办流程": _things(
            (one.id, one.label, one.clause, {"办理": phrases.terms(one, words)} | {
                f"步骤{place}": phrases.step(step) for place, step in enumerate(one.steps, 1)})
            for one in policy.procedures
        ),
        "考核指标": _things((one.id, one.label, one.clause, {"界限": phrases.bound(one)}) for one in policy.indicators),
        "参数": _things(
            (one.id, one.label, one.clause, {
                "类型": _TYPES[one.type], "由谁确定": one.set_by, "可以不定": "是" if one.optional else "否"})
            for one in policy.parameters.values()
        ),
    }  # fmt: skip


_TYPES = {ParameterType.MONEY: "金额", ParameterType.RATE: "比例", ParameterType.MONEY_BY_ITEM: "按项目的金额"}


def _things(rows: Iterable[tuple[str, str, str, Mapping[str, str]]]) -> _Part:
    return {name: _Thing(label=label, clause=clause, facets=facets) for name, label, clause, facets in rows}
