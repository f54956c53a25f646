"""Before and behind the bill: premium subsidies, tilts of the insurance layers, and who funds what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tuodi.language.model import PAYERS, Enrolment, Funding, InsuranceTilt, ParameterType, PayerShare, Value
from tuodi.language.parts.benefits import AdjustShape, guard_test
from tuodi.language.parts.citing import CLAUSE
from tuodi.language.parts.persons import EVERYONE, Whom
from tuodi.language.parts.scalars import FLAG, ID, RATE, TEXT
from tuodi.language.parts.terms import MONEY_VALUE, RATE_VALUE, TEST, Built
from tuodi.language.reading import Kind, Reading, Unreadable
from tuodi.language.shapes import Complaint, Key, Pairs, Record, Scalar, Schema, Several, Shape, Words
from tuodi.language.tree import Keyed, Node, Text

SHARES = Built(Pairs(TEXT, RATE), lambda pairs: tuple(PayerShare(payer=payer, share=share) for payer, share in pairs))


def _share_rules(key: str, payers: tuple[PayerShare, ...]) -> Iterator[Complaint]:
    total = sum(payer.share for payer in payers)
    if payers and total != 10_000:
        message = f"各方分担合计 {total / 100:g}%，不是 100%"
        yield Complaint(key, "shares-not-whole", message, "核对各方的份额")


# ---- enrolment -----------------------------------------------------------------------------------------------------------


class PaysShape(Shape[dict[str, Value]]):
    """`{share: 100%}`, `{amount: 280}` or `{parameter: id}`, by whose type it is one or the other."""

    written = Record("资助标准", Key("share", RATE_VALUE), Key("amount", MONEY_VALUE), build=dict)

    def read(self, node: Node, reading: Reading) -> dict[str, Value]:
        if isinstance(node, Keyed) and "parameter" in node.entries:
            return self.read_parameter(node, reading)
        found: dict[str, Value] = self.written.read(node, reading)
        return found

    def read_parameter(self, node: Keyed, reading: Reading) -> dict[str, Value]:
        name = node.get("parameter")
        hole = reading.parameters.get(name.value) if isinstance(name, Text) else None
        if hole and hole.type is ParameterType.RATE:
            return {"share": RATE_VALUE.read(node, reading)}
        return {"amount": MONEY_VALUE.read(node, reading)}

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [self.written.schema(defs), MONEY_VALUE.schema(defs)]}


def _enrolment(**values: Any) -> Enrolment:
    who = values.pop("who", EVERYONE)
    guard = {key: values.pop(key) for key in ("when", "unless") if key in values}
    pays = values.pop("pays", {})
    return Enrolment(
        id=values.pop("id", ""), classes=who.classes, statuses=who.statuses, when=guard_test(**guard), **pays, **values
    )


def _enrolment_rules(enrolment: Enrolment) -> Iterator[Complaint]:
    stated = [one for one in (enrolment.share, enrolment.amount) if one is not None]
    if len(stated) != 1 and not enrolment.elsewhere:
        yield Complaint(
            "",
            "one-way-to-pay",
            "参保资助要恰好写一个标准",
            "写 pays: {share: …} 或 {amount: …}；由其他文件规定的写 elsewhere",
        )
    if enrolment.at_least_share and enrolment.share is None:
        yield Complaint(
            "at_least_share", "floor-without-share", "at_least_share 只与 share 一起用", "写上 share，或删去它"
        )
    yield from _share_rules("payers", enrolment.payers)


ENROLMENT = Record(
    "参保资助",
    Key("id", ID),
    Key("clause", CLAUSE, required=True),
    Key("for", Whom("everyone", statuses=True), into="who", required=True),
    Key("when", TEST),
    Key("unless", TEST),
    Key("pays", PaysShape()),
    Key("share", RATE_VALUE),
    Key("amount", MONEY_VALUE),
    Key("at_least_share", FLAG),
    Key("payers", SHARES),
    Key("starts", TEXT),
    Key("elsewhere", TEXT),
    build=_enrolment,
    rules=_enrolment_rules,
)

# ---- tilts -----------------------------------------------------------------------------------------------------------------


def _tilt(**values: Any) -> InsuranceTilt:
    guard = {key: values.pop(key) for key in ("who", "services", "when", "unless") if key in values}
    clause = values["clause"]
    adjust = tuple(one if one.clause else replace(one, clause=clause) for one in values.pop("adjust", ()))
    benefits = frozenset(values.pop("benefits", ()))
    return InsuranceTilt(id=values.pop("id", ""), when=guard_test(**guard), adjust=adjust, benefits=benefits, **values)


def _tilt_rules(tilt: InsuranceTilt) -> Iterator[Complaint]:
    if not tilt.adjust and not tilt.says:
        yield Complaint("", "tilt-nothing", "保险倾斜没有说改什么", "写上 adjust，或用 says 说明")


def _tilt_record() -> Record[InsuranceTilt]:
    from tuodi.language.parts.terms import SERVICE_NAMES

    return Record(
        "保险倾斜",
        Key("id", ID),
        Key("clause", CLAUSE, required=True),
        Key("layer", Words("层", {payer: payer for payer in PAYERS}, "unknown-layer"), required=True),
        Key("benefits", Several(ID, one_will_do=True)),
        Key("for", Whom("everyone", statuses=True), into="who", required=True),
        Key("services", SERVICE_NAMES),
        Key("when", TEST),
        Key("unless", TEST),
        Key("adjust", Several(AdjustShape())),
        Key("says", TEXT),
        build=_tilt,
        rules=_tilt_rules,
    )


TILT = _tilt_record()

# ---- funding -----------------------------------------------------------------------------------------------------------------


def _funded(node: Text, reading: Reading) -> str:
    for kind in (Kind.BENEFIT, Kind.ENROLMENT):
        if node.value in reading.names[kind]:
            reading.used[kind].add(node.value)
            return node.value
    known = [*reading.names[Kind.BENEFIT], *reading.names[Kind.ENROLMENT]]
    raise reading.unknown(node, "待遇", known, "写 benefits 或 enrolment 中的 id")


def _funding(**values: Any) -> Funding:
    guard = {key: values.pop(key) for key in ("who", "services", "when", "unless") if key in values}
    pays = frozenset(values.pop("pays"))
    return Funding(
        id=values.pop("id", ""), pays=pays, payers=values.pop("payers", ()), when=guard_test(**guard), **values
    )


def _funding_rules(funding: Funding) -> Iterator[Complaint]:
    if not funding.payers and not funding.elsewhere:
        yield Complaint(
            "", "missing-key", "资金分担缺少 payers", "补上 payers: {出资方: 份额}；由其他文件规定的写 elsewhere"
        )
    yield from _share_rules("payers", funding.payers)


FUNDING = Record(
    "资金分担",
    Key("id", ID),
    Key("clause", CLAUSE, required=True),
    Key("pays", Several(Scalar("待遇", _funded, {"type": "string"}), one_will_do=True), required=True),
    Key("payers", SHARES),
    Key("for", Whom("everyone", statuses=True), into="who"),
    Key("when", TEST),
    Key("unless", TEST),
    Key("elsewhere", TEXT),
    build=_funding,
    rules=_funding_rules,
)
_ = Unreadable, Node
