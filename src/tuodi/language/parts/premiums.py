"""Before and behind the bill: premium subsidies, tilts of the insurance layers, and which budget bears what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tuodi.core.money import BASIS_POINTS, format_rate
from tuodi.language.model import PAYERS, Enrolment, Funding, InsuranceTilt, ParameterType, PayerShare, Value
from tuodi.language.parts.adjusting import ADJUSTS, with_clause
from tuodi.language.parts.citing import CLAUSE
from tuodi.language.parts.persons import CLASSES_OR_STATUSES, EVERYONE, GUARD_KEYS, WHEN_KEYS, Who, taken_guard
from tuodi.language.parts.scalars import FLAG, ID, RATE, TEXT
from tuodi.language.parts.terms import MONEY_VALUE, RATE_VALUE
from tuodi.language.reading import Kind, Reading
from tuodi.language.shapes import Complaint, Into, Key, Pairs, Record, Scalar, Schema, Several, Shape, Words
from tuodi.language.tree import Keyed, Node, Text


def _payers(pairs: tuple[tuple[str, int], ...]) -> tuple[PayerShare, ...]:
    return tuple(PayerShare(payer=payer, share=share) for payer, share in pairs)


PAYER_SHARES = Into(Pairs(TEXT, RATE), _payers)


def _share_rules(payers: tuple[PayerShare, ...]) -> Iterator[Complaint]:
    total = sum(payer.share for payer in payers)
    if payers and total != BASIS_POINTS:
        yield Complaint("payers", "shares-not-whole", f"各方份额合计 {format_rate(total)}，不是 100%", "核对各方的份额")


# ---- enrolment -------------------------------------------------------------------------------------------------------


class PaysShape(Shape[dict[str, Value]]):
    """`{share: 100%}`, `{amount: 280}` or `{parameter: id}`, which is one or the other by the parameter's type."""

    written: Record[dict[str, Value]] = Record(
        "资助标准", Key("share", RATE_VALUE), Key("amount", MONEY_VALUE), build=dict
    )

    def _read(self, node: Node, reading: Reading) -> dict[str, Value]:
        name = node.get("parameter") if isinstance(node, Keyed) else None
        if name is None:
            return self.written.read(node, reading)
        hole = reading.parameters.get(name.value) if isinstance(name, Text) else None
        if hole and hole.type is ParameterType.RATE:
            return {"share": RATE_VALUE.read(node, reading)}
        return {"amount": MONEY_VALUE.read(node, reading)}

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        parameter = {"type": "object", "properties": {"parameter": {"type": "string"}}, "required": ["parameter"]}
        return {"anyOf": [self.written.schema(defs), parameter]}


def _enrolment(**values: Any) -> Enrolment:
    who: Who = values.pop("for", EVERYONE)
    return Enrolment(
        id=values.pop("id", ""),
        classes=who.classes,
        statuses=who.statuses,
        when=taken_guard(values),
        **values.pop("pays", {}),
        **values,
    )


def _enrolment_rules(enrolment: Enrolment) -> Iterator[Complaint]:
    stated = [value for value in (enrolment.share, enrolment.amount) if value is not None]
    if len(stated) > 1 or not (stated or enrolment.elsewhere):
        remedy = "写 pays: {share: …} 或 {amount: …}；由其他文件规定的写 elsewhere"
        yield Complaint("pays", "one-way-to-pay", "参保资助要恰好写一个标准", remedy)
    if enrolment.at_least_share and enrolment.share is None:
        yield Complaint(
            "at_least_share", "floor-without-share", "没有比例，at_least_share 说的是什么的下限", "写比例，或删去"
        )
    yield from _share_rules(enrolment.payers)


ENROLMENT = Record(
    "参保资助",
    Key("id", ID),
    Key("clause", CLAUSE, required=True),
    Key("for", CLASSES_OR_STATUSES, required=True),
    *WHEN_KEYS,
    Key("pays", PaysShape()),
    Key("at_least_share", FLAG),
    Key("payers", PAYER_SHARES),
    Key("starts", TEXT),
    Key("elsewhere", TEXT),
    build=_enrolment,
    rules=_enrolment_rules,
)

# ---- tilts -----------------------------------------------------------------------------------------------------------


def _tilt(**values: Any) -> InsuranceTilt:
    adjust = with_clause(values.pop("adjust", ()), values["clause"])
    benefits = frozenset(values.pop("benefits", ()))
    when = taken_guard(values)
    return InsuranceTilt(id=values.pop("id", ""), when=when, adjust=adjust, benefits=benefits, **values)


def _tilt_rules(tilt: InsuranceTilt) -> Iterator[Complaint]:
    if not tilt.adjust and not tilt.says:
        yield Complaint("", "adjust-nothing", "保险倾斜没有说改什么", "写 adjust，或用 says 说明")


TILT = Record(
    "保险倾斜",
    Key("id", ID),
    Key("clause", CLAUSE, required=True),
    Key("layer", Words("层", {payer: payer for payer in PAYERS}, "unknown-layer"), required=True),
    Key("benefits", Several(ID, one_will_do=True)),
    *GUARD_KEYS,
    Key("adjust", ADJUSTS),
    Key("says", TEXT),
    build=_tilt,
    rules=_tilt_rules,
)

# ---- funding ---------------------------------------------------------------------------------------------------------


def _paid(node: Text, reading: Reading) -> str:
    kind = Kind.ENROLMENT if node.value in reading.names[Kind.ENROLMENT] else Kind.BENEFIT
    return reading.use(kind, node)


def _funding(**values: Any) -> Funding:
    pays = frozenset(values.pop("pays"))
    payers = values.pop("payers", ())
    return Funding(id=values.pop("id", ""), pays=pays, payers=payers, when=taken_guard(values), **values)


def _funding_rules(funding: Funding) -> Iterator[Complaint]:
    if not funding.payers and not funding.elsewhere:
        remedy = "补上 payers: {出资方: 份额}；由其他文件规定的写 elsewhere"
        yield Complaint("", "missing-key", "资金分担缺少 payers", remedy)
    yield from _share_rules(funding.payers)


FUNDING = Record(
    "资金分担",
    Key("id", ID),
    Key("clause", CLAUSE, required=True),
    Key("pays", Several(Scalar("待遇或参保资助", _paid, {"type": "string"}), one_will_do=True), required=True),
    Key("payers", PAYER_SHARES),
    *GUARD_KEYS,
    Key("elsewhere", TEXT),
    build=_funding,
    rules=_funding_rules,
)
