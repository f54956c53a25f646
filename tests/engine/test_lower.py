"""What the language says becomes guards and steps, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.engine.small import small_policy
from tuodi.core.finding import Faults
from tuodi.engine.lower import lower
from tuodi.engine.program import (
    NO_LIMIT,
    Add,
    Max,
    Program,
    Round,
    RoundOver,
    Rule,
    Scale,
    Select,
    SetBill,
    Slot,
    Uncovered,
    Within,
)
from tuodi.language.model import AnyOf, Reached, Since

STAY = """
counts:
  year_burden: {per: year, clause: 一, label: 年度负担}
  year_relief: {per: year, clause: 一, label: 年度限额}
quantities:
  burden: {label: 负担, take: in_policy, less: [basic], at_most: [unpaid]}
"""


def _rule(program: Program, rule_id: str) -> Rule:
    return next(rule for rule in program.rules if rule.id == rule_id)


def _paths(program: Program) -> dict[str, int | None]:
    return {slot.path: slot.fixed for slot in program.table if slot.path}


def test_refusals_frame_the_benefits_in_their_order(tmp_path: Path) -> None:
    policy = small_policy(
        tmp_path,
        STAY
        + """
general_conditions:
  - {id: insured, clause: 一, when: {insurance: [resident]}, refusal: 未参保}
benefits:
  - {id: stay, clause: 一, for: poor, services: [inpatient], of: burden, rate: 70%, limit: {year_relief: 100}}
  - {id: never, clause: 一, for: margin, services: [inpatient], refuse: 另有规定}
""",
    )

    program = lower(policy)

    heads = [program.rules[index].id for index in program.layers[0].heads]
    assert ["not_in_force", "stay", "never", "no_class", "no_service", "insured", "no_rule"] == heads


def test_every_number_of_the_document_has_a_path(tmp_path: Path) -> None:
    policy = small_policy(
        tmp_path,
        STAY
        + """
benefits:
  - id: stay
    clause: 一
    for: [poor, margin]
    services: [inpatient]
    of: burden
    above: {year_burden: 1000}
    rate: {by: level, cases: {1: 80%}, otherwise: 70%}
    limit: {year_relief: 30000}
    adjust:
      - {changes: rate, clause: 一, when: {insurance: employee}, times: 50%, plus: 5%, at_least: 10%, at_most: 90%}
      - {changes: above, clause: 一, when: {class: poor}, none: true}
      - {changes: limit, clause: 一, minus: 1000}
""",
    )

    paths = _paths(lower(policy))

    assert {
        "benefits.stay.rate.cases[0]": 8000,
        "benefits.stay.rate.otherwise": 7000,
        "benefits.stay.rate.adjust[0].times": 5000,
        "benefits.stay.rate.adjust[0].plus": 500,
        "benefits.stay.rate.adjust[0].at_least": 1000,
        "benefits.stay.rate.adjust[0].at_most": 9000,
        "benefits.stay.above": 100000,
        "benefits.stay.limit.year_relief": 3000000,
        "benefits.stay.limit.year_relief.adjust[2].minus": 100000,
    } == paths


def test_a_lifted_limit_comes_after_every_scaling(tmp_path: Path) -> None:
    policy = small_policy(
        tmp_path,
        STAY
        + """
benefits:
  - id: stay
    clause: 一
    for: poor
    services: [inpatient]
    of: burden
    rate: 70%
    limit: {year_relief: 30000}
    adjust:
      - {changes: limit, clause: 一, when: {insurance: employee}, none: true}
      - {changes: limit, clause: 一, times: 50%}
""",
    )

    stay = _rule(lower(policy), "stay")

    selects = [place for place, step in enumerate(stay.steps) if isinstance(step, Select)]
    assert NO_LIMIT in [slot.fixed for slot in lower(policy).table]
    assert all(type(step).__name__ != "Round" for step in stay.steps[selects[-1] :])


def test_tests_become_masks_and_equal_tests_share_a_bit(tmp_path: Path) -> None:
    policy = small_policy(
        tmp_path,
        STAY
        + """
benefits:
  - id: first
    clause: 一
    for: poor
    services: [inpatient]
    when: {any: [{designated: true}, {class: margin}], region: true}
    unless: {any: [{level: 1}, {level: 2}]}
    of: burden
    rate: 70%
  - id: second
    clause: 一
    for: poor
    services: [inpatient]
    when: {not: {all: [{designated: true}, {region: true}]}}
    unless: {county: true}
    of: burden
    rate: 60%
""",
    )

    program = lower(policy)

    first, second = _rule(program, "first").guard, _rule(program, "second").guard
    poor, margin = program.bit("class:poor").mask, program.bit("class:margin").mask
    assert first.all & poor
    assert any(mask & margin for mask in first.any)
    assert 2 == first.none.bit_count()
    assert 2 == second.none.bit_count()
    designated = [bit for bit in program.bits if bit.label == "designated"]
    assert 1 == len(designated)


def test_a_test_on_money_inside_a_compound_one_is_refused(tmp_path: Path) -> None:
    policy = small_policy(
        tmp_path,
        STAY
        + """
benefits:
  - id: stay
    clause: 一
    for: poor
    services: [inpatient]
    when: {any: [{all: [{designated: true}, {reached: {year_burden: 50000}}]}, {region: true}]}
    of: burden
    above: {year_burden: 0}
    rate: 70%
""",
    )

    with pytest.raises(Faults, match="reached-too-deep"):
        lower(policy)


def test_a_test_on_money_beside_others_is_a_bit_of_its_own(tmp_path: Path) -> None:
    policy = small_policy(
        tmp_path,
        STAY
        + """
benefits:
  - id: stay
    clause: 一
    for: poor
    services: [inpatient]
    when: {reached: {year_burden: 50000}, designated: true}
    of: burden
    above: {year_burden: 0}
    rate: 70%
""",
    )

    tests = [bit.test for bit in lower(policy).bits if isinstance(bit.test, Reached)]

    assert ["year_burden"] == [test.count for test in tests]


def test_what_a_limit_left_uncovered_is_divided_before_the_one_rounding(tmp_path: Path) -> None:
    policy = small_policy(
        tmp_path,
        STAY
        + """
benefits:
  - id: more
    clause: 一
    after: stay
    for: poor
    services: [inpatient]
    of: {uncovered_of: stay}
    rate: 50%
    limit: {year_burden: none}
  - {id: stay, clause: 一, for: poor, services: [inpatient], of: burden, rate: 70%, limit: {year_relief: 100}}
""",
    )

    program = lower(policy)

    stay, more = _rule(program, "stay"), _rule(program, "more")
    assert stay.index < more.index  # the parent is written first, wherever it stands
    assert stay.index == more.after
    assert {Uncovered, RoundOver} <= {type(step) for step in more.steps}
    assert more.trace is not None
    assert () == more.trace.limits


def test_a_bill_cap_comes_before_everything_else(tmp_path: Path) -> None:
    policy = small_policy(
        tmp_path,
        """
facts:
  package_limit: {type: money, label: 限额, default: null}
  days: {type: count, label: 天数}
benefits:
  - id: package
    clause: 一
    for: poor
    services: [inpatient]
    when: {package_limit: {given: true}}
    bill: package_limit
    of: {take: [in_policy, supplementary], times: 90%, less: [basic, commercial], at_most: [package_limit]}
    rate: 20%
  - {id: bed, clause: 一, for: margin, services: [inpatient], amount: 20, each: days}
""",
    )

    program = lower(policy)

    kinds = [type(step) for step in _rule(program, "package").steps]
    assert 1 == kinds.index(SetBill)
    assert ("package_limit", "days") == program.columns[7:]


def test_bands_start_above_the_threshold_or_at_their_own_start(tmp_path: Path) -> None:
    policy = small_policy(
        tmp_path,
        STAY
        + """
benefits:
  - id: yearly
    clause: 一
    for: poor
    services: [inpatient]
    of: burden
    above: {year_burden: 5000}
    bands: [{to: 10000, rate: 50%}, {rate: 60%}]
  - {id: single, clause: 一, for: margin, services: [inpatient], of: burden, bands: [{to: 100, rate: 5%}, {rate: 6%}]}
""",
    )

    yearly, single = _rule(lower(policy), "yearly").trace, _rule(lower(policy), "single").trace

    assert yearly is not None
    assert single is not None
    assert "year_burden" == yearly.measure
    assert single.before is None
    assert [None] == [band.end for band in yearly.bands[1:]]
    assert yearly.bands[0].start != single.bands[0].start


def test_the_numbers_of_bands_have_paths_and_are_measured_above_the_threshold(tmp_path: Path) -> None:
    policy = small_policy(
        tmp_path,
        STAY
        + """
benefits:
  - id: yearly
    clause: 一
    for: poor
    services: [inpatient]
    of: burden
    above: {year_burden: 5000}
    bands: [{to: 10000, rate: 50%}, {rate: 60%}]
    adjust: [{changes: rate, clause: 一, when: {insurance: employee}, minus: 10%}]
""",
    )

    program = lower(policy)

    assert {
        "benefits.yearly.above": 500000,
        "benefits.yearly.bands[0].from": 0,
        "benefits.yearly.bands[0].to": 1000000,
        "benefits.yearly.bands[0].rate": 5000,
        "benefits.yearly.bands[0].rate.adjust[0].minus": 1000,
        "benefits.yearly.bands[1].from": 1000000,
        "benefits.yearly.bands[1].rate": 6000,
        "benefits.yearly.bands[1].rate.adjust[0].minus": 1000,
    } == _paths(program)
    rule = _rule(program, "yearly")
    assert rule.trace is not None
    parts = [step for step in rule.steps if isinstance(step, Within)]
    assert [(band.start, band.end, band.part) for band in rule.trace.bands] == [
        (part.start, part.end, part.dst) for part in parts
    ]
    assert {rule.trace.before} == {part.before for part in parts}
    assert {rule.trace.base} == {part.base for part in parts}
    starts = [step for step in rule.steps if isinstance(step, Max)]
    assert [part.start for part in parts] == [step.dst for step in starts]
    assert {rule.trace.threshold} == {step.b for step in starts}
    scaled = {step.dst: step for step in rule.steps if isinstance(step, Scale)}
    summed = next(step for step in rule.steps if isinstance(step, Add) and step.a in scaled)
    assert [(band.part, band.rate) for band in rule.trace.bands] == [
        (scaled[name].money, scaled[name].rate) for name in (summed.a, summed.b)
    ]
    due = next(step for step in rule.steps if isinstance(step, Round) and step.dst == rule.trace.due)
    assert summed.dst == due.scaled


def test_a_parameter_given_by_day_is_chosen_by_the_day(tmp_path: Path) -> None:
    policy = small_policy(
        tmp_path,
        STAY
        + """
parameters:
  income: {type: money, clause: 一, label: 收入}
benefits:
  - id: stay
    clause: 一
    for: poor
    services: [inpatient]
    of: burden
    above: {share: 10%, of: {parameter: income}}
    rate: {from: {2023-01-01: 70%, 2024-01-01: 75%}}
""",
    )

    program = lower(policy, dated={"income": (date(2023, 1, 1), date(2024, 7, 1))})

    by_day = [slot for slot in program.table if slot.parameter == "income"]
    assert [date(2024, 7, 1), date(2023, 1, 1)] == [slot.since for slot in by_day]
    assert [Slot(parameter="income", path="benefits.stay.above.of")] == [
        slot for slot in lower(policy).table if slot.parameter == "income"
    ]


def test_plan_and_policy_must_not_share_names(tmp_path: Path) -> None:
    policy = small_policy(
        tmp_path,
        STAY
        + """
benefits:
  - {id: stay, clause: 一, for: poor, services: [inpatient], of: burden, rate: 70%, limit: {year_relief: 100}}
""",
    )
    plan = small_policy(
        tmp_path,
        """
layers: [{id: basic, label: 基本, choose: first_rule}]
counts:
  year_relief: {per: year, clause: 一, label: 限额}
benefits:
  - id: stay
    clause: 一
    layer: basic
    for: everyone
    services: [inpatient]
    of: in_policy
    rate: 60%
    limit: {year_relief: 1}
""",
        kind="plan",
        name="plan",
    )

    with pytest.raises(Faults) as caught:
        lower(policy, plan)
    kinds = [finding.message.split("都定义了")[1] for finding in caught.value.findings]
    assert ["累计项“year_relief”", "待遇“stay”"] == kinds


def test_a_plan_pays_first_and_the_document_bends_it(tmp_path: Path) -> None:
    policy = small_policy(
        tmp_path,
        STAY
        + """
benefits:
  - {id: stay, clause: 一, for: poor, services: [inpatient], of: burden, rate: 70%, limit: {year_relief: 100}}
insurance_tilts:
  - {id: tilt, clause: 一, for: poor, layer: basic, adjust: [{changes: rate, plus: 5%}]}
  - {id: other, clause: 一, for: poor, layer: critical_illness, adjust: [{changes: rate, plus: 5%}]}
""",
    )
    plan = small_policy(
        tmp_path,
        """
layers: [{id: basic, label: 基本, choose: first_rule}]
general_conditions: [{id: resident, clause: 一, when: {insurance: resident}, refusal: 未参保}]
benefits:
  - {id: plan_stay, clause: 一, layer: basic, for: everyone, services: [inpatient], of: in_policy, rate: 60%}
""",
        kind="plan",
        name="plan",
    )

    program = lower(policy, plan)

    assert ["basic", "relief"] == [layer.layer.id for layer in program.layers]
    assert 500 == _paths(program)["benefits.plan_stay.rate.adjust[0].plus"]
    assert "condition:plan:resident" in [bit.id for bit in program.bits]


def test_a_plan_has_no_classes_of_its_own(tmp_path: Path) -> None:
    policy = small_policy(
        tmp_path,
        "benefits: [{id: stay, clause: 一, for: [poor, margin], services: [inpatient], of: unpaid, rate: 70%}]\n",
    )
    plan = small_policy(
        tmp_path,
        """
layers: [{id: basic, label: 基本, choose: first_rule}]
no_class: {clause: 一}
classes: [{id: special, label: 特, clause: 一, any: [orphan]}]
benefits:
  - {id: plan_stay, clause: 一, layer: basic, for: special, services: [inpatient], of: in_policy, rate: 60%}
""",
        kind="plan",
        name="plan",
    )

    with pytest.raises(Faults, match="plan-classes"):
        lower(policy, plan)


def test_neither_plan_nor_tilt_works_outside_its_days(tmp_path: Path) -> None:
    policy = small_policy(
        tmp_path,
        STAY
        + """
benefits:
  - {id: stay, clause: 一, for: poor, services: [inpatient], of: burden, rate: 70%, limit: {year_relief: 100}}
insurance_tilts:
  - {id: tilt, clause: 一, for: [subsistence_allowance], layer: basic, adjust: [{changes: rate, plus: 5%}]}
""",
    )
    plan = small_policy(
        tmp_path,
        """
layers: [{id: basic, label: 基本, choose: first_rule}]
benefits:
  - {id: plan_stay, clause: 一, layer: basic, for: everyone, services: [inpatient], of: in_policy, rate: 60%}
""",
        kind="plan",
        name="plan",
    )
    ended = replace(plan, document=replace(plan.document, end=date(2024, 1, 1)))

    program = lower(policy, ended)

    since = {bit.test: bit.mask for bit in program.bits if isinstance(bit.test, Since)}
    guard = _rule(program, "plan_stay").guard
    assert since[Since(day=date(2023, 1, 1))] & guard.all
    assert since[Since(day=date(2024, 1, 1))] & guard.none
    selects = [step for step in _rule(program, "plan_stay").rate_steps if isinstance(step, Select)]
    assert since[Since(day=date(2023, 1, 1))] & selects[-1].cases[0][0].all


def test_a_nested_condition_is_one_bit_with_its_own_test(tmp_path: Path) -> None:
    policy = small_policy(
        tmp_path,
        STAY
        + """
benefits:
  - id: stay
    clause: 一
    for: poor
    services: [inpatient]
    when: {any: [{not: {region: true}}, {level: 1}]}
    of: burden
    rate: 70%
""",
    )

    program = lower(policy)

    compound = [bit for bit in program.bits if isinstance(bit.test, AnyOf)]
    assert 1 == len(compound)
    assert compound[0].mask & _rule(program, "stay").guard.all


def test_without_classes_nobody_is_refused_for_want_of_one(tmp_path: Path) -> None:
    policy = small_policy(
        tmp_path,
        STAY + "benefits: [{id: stay, clause: 一, for: everyone, services: [inpatient], of: burden, rate: 70%}]\n",
    )

    program = lower(replace(policy, classes=()))

    assert ["not_in_force", "stay", "no_service", "no_rule"] == [
        program.rules[index].id for index in program.layers[0].heads
    ]
