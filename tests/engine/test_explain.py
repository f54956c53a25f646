"""Every line says why, as data and in sentences, and ends in the fen that were settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.engine.explained import CARE, DOCUMENT, STAY, layered, policy_of, told, why
from tests.engine.told import MARGIN, bill, catalogue_policy
from tuodi.core.citation import Citation
from tuodi.engine.line import BandPart
from tuodi.engine.settle import Note
from tuodi.engine.why import (
    Adjusted,
    Formula,
    GrantWhy,
    LimitWhy,
    LineWhy,
    MoveWhy,
    Part,
    PayerWhy,
    RefusalWhy,
    ThresholdWhy,
)
from tuodi.language.model import ItemBurden, Quantity, QuantityRef

# ---- as data -------------------------------------------------------------------------------------------------------


def test_an_explanation_says_who_paid_and_what_moved(tmp_path: Path) -> None:
    found = told(tmp_path, STAY)

    assert ("e1", "inpatient", None, 5_000_000, 0) == (*found[:4], found.hospital)
    assert (
        PayerWhy("basic", "基本医保", 2_800_000, False),
        PayerWhy("critical_illness", "大病保险", 300_000, False),
    ) == found.payers
    clause = Citation(document=DOCUMENT, clause="三")
    assert (
        MoveWhy("relief", "年度救助限额", clause, 2023, 0, 980_000, False),
        MoveWhy("left", "全年自付", clause, 2023, 0, 1_900_000, False),
    ) == found.moves
    assert (980_000, 920_000, None, ()) == (found.relief, found.personal, found.refusal, found.notes)


def test_a_line_says_where_every_number_comes_from(tmp_path: Path) -> None:
    (line,) = told(tmp_path, STAY).lines

    burden = Formula(
        take=(Part("政策范围内费用", 4_500_000),),
        times=None,
        less=(Part("基本医保", 2_800_000), Part("大病保险", 300_000)),
        at_most=(Part("账单未付部分", 1_900_000),),
    )
    limit = LimitWhy(
        count_id="relief",
        label="年度救助限额",
        citation=Citation(document=DOCUMENT, clause="三"),
        limit=3_000_000,
        used=0,
        room=3_000_000,
        left=2_020_000,
        stated=None,
        adjusted=(),
    )
    assert (
        LineWhy(
            benefit="b0",
            label="待遇0",
            citation=Citation(document=DOCUMENT, clause="二"),
            layer="relief",
            item=None,
            basis=Part("合规负担", 1_400_000, burden),
            threshold=None,
            part=1_400_000,
            rate=7000,
            stated=None,
            adjusted=(),
            bands=(),
            grant=None,
            due=980_000,
            limits=(limit,),
            limited=980_000,
            bill=1_900_000,
            cut_by=None,
            paid=980_000,
        )
        == line
    )


def test_a_threshold_says_where_its_count_stood(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, "services: [inpatient], of: own, above: {burden: 3000}, rate: 70%")

    found = why(policy, bill("2000.00"), bill("2000.00")).lines[0].threshold

    assert ThresholdWhy(300_000, "burden", "年度负担", 200_000, 400_000, None, ()) == found


def test_a_threshold_of_the_event_alone_has_no_count(tmp_path: Path) -> None:
    found = told(tmp_path, "services: [inpatient], of: own, above: 3000, rate: 70%").lines[0].threshold

    assert ThresholdWhy(300_000, None, "", 0, 1_400_000, None, ()) == found


def test_bands_and_grants_are_told_as_they_are(tmp_path: Path) -> None:
    bands = told(tmp_path, "services: [inpatient], of: own, bands: [{to: 10000, rate: 50%}, {rate: 60%}]").lines[0]
    event = bill("3000.00", days=15)
    grant = told(tmp_path, "services: [inpatient], amount: 20, each: days", event=event).lines[0]

    assert (BandPart(0, 1_000_000, 1_000_000, 5000), BandPart(1_000_000, None, 400_000, 6000)) == bands.bands
    assert None is bands.rate
    assert (GrantWhy(2000, 15, "住院床日"), None) == (grant.grant, grant.basis)


def test_a_quantity_of_quantities_tells_each_of_them(tmp_path: Path) -> None:
    event = bill("50000.00", "45000.00", "28000.00", drugs="1000.01")
    policy = policy_of(
        tmp_path, "services: [inpatient], of: own, rate: 10%", "after: b0, services: [inpatient], of: half, rate: 10%"
    )

    part = why(policy, event).lines[1].basis

    assert part is not None
    assert part.formula is not None
    assert ("特药的一半", 900_001, 5000) == (part.label, part.amount, part.formula.times)
    assert [("特药费用", 100_001), ("合规负担", 1_700_000)] == [(one.label, one.amount) for one in part.formula.take]
    assert part.formula.take[1].formula is not None


def test_what_is_left_of_a_quantity_says_what_was_taken(tmp_path: Path) -> None:
    rest = "after: b0, services: [inpatient], of: {left_of: own}, rate: 50%"

    part = told(tmp_path, STAY, rest).lines[1].basis

    assert part is not None
    assert part.formula is not None
    assert ("合规负担的余额", 420_000) == part[:2]
    assert (Part("前面各项已救助", 980_000),) == part.formula.less


def test_a_quantity_may_be_made_of_a_tally(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, "services: [inpatient], of: whole_year, rate: 10%")

    part = why(policy, bill("100.00"), bill("100.00")).lines[0].basis

    assert part is not None
    assert part.formula is not None
    assert (Part("全年自付", 10_000), Part("账单未付部分", 10_000)) == part.formula.take


def test_a_quantity_may_be_made_of_an_items_burden(tmp_path: Path) -> None:
    policy = catalogue_policy(tmp_path)
    twice = Quantity(id="twice", label="两倍", take=(ItemBurden(), ItemBurden()))
    benefit = replace(policy.benefits[0], of=QuantityRef(quantity="twice"))
    policy = replace(policy, quantities={"twice": twice}, benefits=(benefit,))
    event = bill("1000.00", disease="甲病", items=[{"item": "甲", "personal": "50.00"}])

    part = why(policy, event, parameters={"prices": {"甲": "100.00"}}).lines[0].basis

    assert part is not None
    assert part.formula is not None
    assert ("两倍", 10_000, (Part("甲药个人负担", 5000),) * 2) == (part.label, part.amount, part.formula.take)


def test_other_bases_are_told_by_their_labels(tmp_path: Path) -> None:
    lines = told(
        tmp_path,
        "services: [inpatient], of: own, rate: 70%, limit: {relief: 7000}",
        "after: b0, services: [inpatient], of: {uncovered_of: b0}, rate: 70%",
        "after: b0, services: [inpatient], of: {tally: left}, rate: 10%",
        "after: b0, services: [inpatient], of: in_policy, rate: 1%",
        "after: b0, services: [inpatient], of: unpaid, rate: 1%",
    ).lines

    assert [
        ("“待遇0”因限额未救助的部分", 400_000),
        ("全年自付", 0),
        ("政策范围内费用", 4_500_000),
        ("账单未付部分", 1_900_000),
    ] == [line.basis[:2] for line in lines[1:] if line.basis is not None]


def test_a_count_that_moves_twice_is_told_once(tmp_path: Path) -> None:
    again = "after: b0, services: [inpatient], of: {left_of: own}, rate: 50%, limit: {relief: 30000}"

    found = told(tmp_path, STAY, again).moves[0]

    assert ("relief", 0, 980_000 + 210_000) == (found.count_id, found.before, found.after)


def test_uses_are_told_as_uses(tmp_path: Path) -> None:
    found = told(tmp_path, "services: [late_stage_care], amount: 5000, once: used", event=CARE).moves

    assert [("used", 0, 1, True)] == [(move.count_id, move.before, move.after, move.in_uses) for move in found]


def test_a_refusal_says_its_clause_and_reason(tmp_path: Path) -> None:
    found = told(tmp_path, STAY, statuses=[MARGIN])

    assert RefusalWhy(Citation(document=DOCUMENT, clause="一"), found.refusal.reason) == found.refusal
    assert () == found.lines


def test_an_item_is_told_with_its_own_words_and_facts(tmp_path: Path) -> None:
    goods = [{"item": "甲", "personal": "500.00", "expert_review": True}, {"item": "甲械", "personal": "10.00"}]
    event = bill("1000.00", disease="甲病", items=[*goods, {"item": "丙", "personal": "1.00"}])

    found = why(catalogue_policy(tmp_path), event, parameters={"prices": {"甲": "100.00", "甲械": "100.00"}})

    first, second = found.lines
    assert ("甲药", Part("甲药个人负担", 50_000)) == (first.item, first.basis)
    assert (Adjusted(Citation(document=DOCUMENT, clause="一"), "专家评审同意：限额×120%"),) == first.limits[0].adjusted
    assert () == second.limits[0].adjusted
    assert (Note("丙", "附件", "不在目录内"),) == found.notes


# ---- what makes a number differ ------------------------------------------------------------------------------------


def adjusted(tmp_path: Path, stated: str, when: str = "", *, insurance: str = "employee", **settling: Any) -> LineWhy:
    """The line of a stay at a rate as stated, where employees get half of it."""
    when = f"when: {when}, " if when else ""
    adjust = f"adjust: [{{changes: rate, clause: 四, {when}times: 50%}}]"
    benefit = f"services: [inpatient], of: own, rate: {stated}, {adjust}"
    (line,) = told(tmp_path, benefit, insurance=insurance, **settling).lines
    return line


EMPLOYEES = "{insurance: employee}"


def test_an_adjusted_rate_says_what_it_was_and_by_which_clause(tmp_path: Path) -> None:
    line = adjusted(tmp_path, "70%", EMPLOYEES)

    said = Adjusted(Citation(document=DOCUMENT, clause="四"), "参保为职工医保：比例×50%")
    assert (3500, 7000, (said,)) == (line.rate, line.stated, line.adjusted)


def test_an_adjustment_for_others_is_not_told(tmp_path: Path) -> None:
    line = adjusted(tmp_path, "70%", EMPLOYEES, insurance="resident")

    assert (7000, None, ()) == (line.rate, line.stated, line.adjusted)


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ("", True),
        ("{class: poor}", True),
        ("{class: margin}", False),
        ("{not: {insurance: employee}}", False),
        ("{not: {insurance: resident}}", True),
        ("{insurance: employee, level: 3}", True),
        ("{insurance: employee, level: 2}", False),
        ("{any: [{insurance: resident}, {level: 3}]}", True),
        ("{any: [{insurance: resident}, {level: 2}]}", False),
        ("{any: [{all: [{insurance: employee}, {level: 3}]}, {level: 1}]}", True),
    ],
)
def test_whom_an_adjustment_is_for_is_read_back_from_the_word(tmp_path: Path, when: str, holds: bool) -> None:
    assert holds == bool(adjusted(tmp_path, "70%", when).adjusted)


@pytest.mark.parametrize(
    ("stated", "number"),
    [
        ("70%", 7000),
        ("{parameter: share}", 6200),
        ("{from: {2020-01-01: 60%, 2023-01-01: 65%, 2024-01-01: 70%}}", 6500),
        ("{by: level, cases: {1: 90%, 3: 80%}}", 8000),
        ("{cases: [{when: {level: 1}, value: 90%}], otherwise: 55%}", 5500),
    ],
)
def test_what_a_number_was_is_read_back_from_the_table(tmp_path: Path, stated: str, number: int) -> None:
    line = adjusted(tmp_path, stated, EMPLOYEES, parameters={"share": "62%"})

    assert number == line.stated


def test_a_parameter_by_day_is_read_back_for_the_day(tmp_path: Path) -> None:
    by_day = {"2022-01-01": "60%", "2023-01-01": "64%", "2024-01-01": "70%"}

    assert 6400 == adjusted(tmp_path, "{parameter: share}", EMPLOYEES, parameters={"share": by_day}).stated


def test_a_share_of_a_parameter_is_read_back_as_it_was_made(tmp_path: Path) -> None:
    above = "above: {share: 10%, of: {parameter: income}}, adjust: [{changes: above, clause: 四, times: 50%}]"
    benefit = f"services: [inpatient], of: own, {above}, rate: 70%"

    threshold = told(tmp_path, benefit, parameters={"income": "40000.05"}).lines[0].threshold

    assert threshold is not None
    assert (200_001, 400_001) == (threshold.amount, threshold.stated)  # 4000.005, half up; then its half


def test_a_price_by_item_cannot_be_read_back_from_the_event(tmp_path: Path) -> None:
    event = bill("1000.00", disease="甲病", items=[{"item": "甲", "personal": "500.00", "expert_review": True}])

    (limit,) = why(catalogue_policy(tmp_path), event, parameters={"prices": {"甲": "100.00"}}).lines[0].limits

    assert (12_000, None) == (limit.limit, limit.stated)


def test_thresholds_and_limits_say_what_adjusted_them(tmp_path: Path) -> None:
    adjust = "[{changes: above, clause: 四, times: 50%}, {changes: {limit: joint}, clause: 四, minus: 1}]"
    limits = "limit: {relief: 30000, joint: 100, left: none}"
    benefit = f"services: [inpatient], of: own, above: {{burden: 3000}}, rate: 70%, {limits}, adjust: {adjust}"

    (line,) = told(tmp_path, benefit).lines

    assert line.threshold is not None
    assert (150_000, 300_000) == (line.threshold.amount, line.threshold.stated)
    assert ["四"] == [one.citation.clause for one in line.threshold.adjusted]
    assert [("relief", None, 0), ("joint", 10_000, 1)] == [
        (limit.count_id, limit.stated, len(limit.adjusted)) for limit in line.limits
    ]


# ---- layers --------------------------------------------------------------------------------------------------------


def test_layers_are_told_with_their_own_document_and_the_documents_tilts(tmp_path: Path) -> None:
    policy, plan = layered(tmp_path)

    found = why(policy, bill("10000.00", "10000.00", None, "0.00", None), plan=plan)

    assert (
        PayerWhy("basic", "基本医保", 620_750, True),  # (10000 - 450) x 65 %
        PayerWhy("supplementary", "补充保险", 41_718, True),
    ) == found.payers
    basic, drugs, relief = found.lines
    assert (Citation(document="样例", clause="样"), "basic") == (basic.citation, basic.layer)
    assert (6500, 6000) == (basic.rate, basic.stated)
    tilt = Citation(document=DOCUMENT, clause="四")
    assert [tilt] == [one.citation for one in basic.adjusted]
    assert [Citation(document="样例", clause="样")] == [one.citation for one in basic.threshold.adjusted]
    assert (None, 12_000_000) == (basic.limits[0].limit, basic.limits[0].stated)
    assert ("比例加1%", 1100) == (drugs.adjusted[0].says, drugs.rate)
    assert Citation(document=DOCUMENT, clause="二") == relief.citation


def test_a_tilt_says_whom_it_is_for(tmp_path: Path) -> None:
    policy, plan = layered(tmp_path)

    basic = why(policy, bill("10000.00", "10000.00", None, "0.00", None), plan=plan).lines[0]

    assert basic.adjusted[0].says.endswith("比例加5%")
    assert basic.adjusted[0].says.startswith("具有身份低保对象：")


def test_what_is_given_is_not_told_as_computed(tmp_path: Path) -> None:
    policy, plan = layered(tmp_path)

    found = why(policy, bill("10000.00", "10000.00", "6000.00"), plan=plan)

    assert PayerWhy("basic", "基本医保", 600_000, False) == found.payers[0]


def test_a_tilt_is_told_only_while_its_document_is_in_force(tmp_path: Path) -> None:
    policy, plan = layered(tmp_path)
    later = replace(policy, document=replace(policy.document, start=date(2023, 6, 1)))
    event = bill("10000.00", "10000.00", None, "0.00", None)

    before, after = (why(later, {**event, "date": day}, plan=plan).lines[0] for day in ("2023-05-31", "2023-06-01"))

    assert (6000, None, ()) == (before.rate, before.stated, before.adjusted)
    assert (6500, 6000, 1) == (after.rate, after.stated, len(after.adjusted))
