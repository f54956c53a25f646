"""Each property holds where it should, and fails, with the smallest bill, where a fault is planted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.proof.policies import COUNTS, TWO_LINES, proved, small
from tuodi.engine.bind import bind
from tuodi.engine.program import Min, Program, Round, Rule, Scale
from tuodi.language.model import KnownException, Policy, Property
from tuodi.proof.prove import prove, prove_bound
from tuodi.proof.report import Failure, ProofReport, Verdict

ONE_LINE = """
benefits:
  - id: relief
    clause: 一
    for: [poor, margin]
    services: [inpatient]
    of: burden
    rate: 70%
    limit: {relief_of_year: 500}
"""


def _failure(report: ProofReport, of: Property) -> Failure:
    """The one failure of the property, which the engine reproduces and which can be written as JSON."""
    (failure,) = report.result(of).failures
    assert failure.counterexample.reproduced, failure.counterexample
    assert json.loads(json.dumps(failure.counterexample.cases)), "a case is JSON"
    return failure


def _amounts(failure: Failure, case: int = 0) -> dict[str, str]:
    events = failure.counterexample.cases[case]["events"]
    assert isinstance(events, list)
    amounts: dict[str, str] = events[-1]["amounts"]
    return amounts


def test_everything_holds_of_a_sound_policy(tmp_path: Path) -> None:
    report = proved(tmp_path, TWO_LINES)

    assert dict.fromkeys(Property, Verdict.HOLDS) == {result.property: result.verdict for result in report.properties}
    assert report.well


# ---- limits ----------------------------------------------------------------------------------------------------------


def test_a_line_that_draws_on_a_limited_count_without_a_limit_breaks_it(tmp_path: Path) -> None:
    policy = """
benefits:
  - {id: held, clause: 一, for: poor, services: [inpatient], of: burden, rate: 70%, limit: {relief_of_year: 500}}
  - {id: free, clause: 一, for: margin, services: [inpatient], of: burden, rate: 50%, limit: {relief_of_year: none}}
"""

    failure = _failure(proved(tmp_path, policy), Property.LIMIT)

    assert ("free",) == failure.names
    assert "free 使“年度限额”从 0.00 元升到 500.01 元，超过 500.00 元" in failure.counterexample.says
    assert ("1000.01", 50001) == (_amounts(failure)["total"], failure.counterexample.relief[0])


def test_a_program_that_forgets_a_limit_is_found_out(tmp_path: Path) -> None:
    bound = bind(small(tmp_path, ONE_LINE))
    rule = _rule(bound.program, "relief")
    assert rule.trace is not None
    steps = tuple(step for step in rule.steps if not (isinstance(step, Min) and step.dst == rule.trace.limited))
    unlimited = replace(rule.trace, limits=(), limited=rule.trace.due)
    renamed = tuple(
        replace(step, a=rule.trace.due) if isinstance(step, Min) and step.a == rule.trace.limited else step
        for step in steps
    )
    faulty = _with(bound.program, replace(rule, steps=renamed, trace=unlimited))

    failure = _failure(prove_bound(replace(bound, program=faulty)), Property.LIMIT)

    assert ("relief",) == failure.names
    assert (50001,) == failure.counterexample.relief


def test_the_limit_that_binds_is_the_lines_own_also_after_a_change_of_class(tmp_path: Path) -> None:
    policy = """
benefits:
  - {id: more, clause: 一, for: poor, services: [inpatient], of: burden, rate: 70%, limit: {relief_of_year: 500}}
  - {id: less, clause: 一, for: margin, services: [inpatient], of: burden, rate: 70%, limit: {relief_of_year: 200}}
"""

    report = proved(tmp_path, policy)

    assert Verdict.HOLDS is report.result(Property.LIMIT).verdict
    assert ["“年度限额”不超过 500.00 元"] == [fact.says for fact in report.reachable]


def test_a_limit_on_a_sum_binds_each_of_its_counts(tmp_path: Path) -> None:
    both = "  both: {per: year, clause: 一, label: 合计限额, sum_of: [relief_of_year, again_of_year]}\n"
    counts = COUNTS.replace("quantities:", both + "quantities:")
    policy = """
benefits:
  - {id: a, clause: 一, for: poor, services: [inpatient], of: burden, rate: 70%, limit: {relief_of_year: none, both: 9}}
  - {id: b, clause: 一, for: margin, services: [inpatient], of: burden, rate: 70%, limit: {again_of_year: 5, both: 9}}
"""

    report = proved(tmp_path, policy, counts)

    assert Verdict.HOLDS is report.result(Property.LIMIT).verdict
    assert "“合计限额”不超过 9.00 元" in [fact.says for fact in report.reachable]


# ---- burden ----------------------------------------------------------------------------------------------------------


def test_two_benefits_on_one_burden_can_exceed_it(tmp_path: Path) -> None:
    policy = """
choose: all
benefits:
  - {id: first, clause: 一, for: poor, services: [inpatient], of: burden, rate: 70%}
  - {id: second, clause: 一, for: poor, services: [inpatient], of: burden, rate: 70%}
"""

    failure = _failure(proved(tmp_path, policy), Property.BURDEN)

    assert ("second",) == failure.names
    assert failure.counterexample.relief[0] > int(_amounts(failure)["in_policy"].replace(".", ""))


def test_a_rate_above_one_pays_more_than_its_base(tmp_path: Path) -> None:
    bound = bind(small(tmp_path, ONE_LINE))
    place = next(i for i, slot in enumerate(bound.program.table) if slot.path == "benefits.relief.rate")
    table = (*bound.table[:place], 12_000, *bound.table[place + 1 :])

    report = prove_bound(replace(bound, table=table))

    assert ("relief",) == report.result(Property.BURDEN).failures[0].names
    assert Verdict.FAILS is report.result(Property.MONOTONE_PERSONAL).verdict


def test_a_grant_has_no_burden(tmp_path: Path) -> None:
    policy = """
benefits:
  - {id: birth, clause: 一, for: poor, services: [childbirth], amount: 900}
"""

    report = proved(tmp_path, policy)

    assert Verdict.HOLDS is report.result(Property.BURDEN).verdict
    assert Verdict.HOLDS is report.result(Property.MONOTONE_PERSONAL).verdict


# ---- monotony --------------------------------------------------------------------------------------------------------


def test_a_base_that_shrinks_with_the_bill_gives_less_relief_for_more(tmp_path: Path) -> None:
    policy = """
facts:
  deposit: {type: money, label: 预交, default: 0}
benefits:
  - id: relief
    clause: 一
    for: poor
    services: [inpatient]
    of: {label: 预交余额, take: deposit, less: [in_policy], at_most: [unpaid]}
    rate: 70%
"""

    failure = _failure(proved(tmp_path, policy), Property.MONOTONE_RELIEF)

    smaller, larger = failure.counterexample.relief
    assert (1, 0) == (smaller, larger)
    assert 2 == len(failure.counterexample.cases)


def test_a_price_cap_lets_the_person_pay_less_for_more(tmp_path: Path) -> None:
    policy = """
facts:
  package: {type: money, label: 限价, default: null}
benefits:
  - id: relief
    clause: 一
    for: poor
    services: [inpatient]
    when: {package: {given: true}}
    bill: package
    of: {label: 限价内, take: in_policy, at_most: [package]}
    rate: 20%
"""

    report = proved(tmp_path, policy)
    failure = _failure(report, Property.MONOTONE_PERSONAL)

    assert Verdict.HOLDS is report.result(Property.MONOTONE_RELIEF).verdict
    assert [3, 2] == list(failure.counterexample.personal)


# ---- classes ---------------------------------------------------------------------------------------------------------


def test_a_class_that_is_worse_off_than_a_later_one_is_shown_in_yuan(tmp_path: Path) -> None:
    policy = """
benefits:
  - {id: a, clause: 一, for: poor, services: [inpatient], of: burden, rate: 90%, limit: {relief_of_year: 500}}
  - {id: b, clause: 一, for: margin, services: [inpatient], of: burden, rate: 50%, limit: {again_of_year: 800}}
"""

    failure = _failure(proved(tmp_path, policy), Property.CLASS_ORDER)

    assert ("poor>margin",) == failure.names
    assert (50000, 50001) == failure.counterexample.relief
    assert failure.counterexample.says.startswith(
        "“低保”所得少于“低保边缘”（10000.00 元的账单，500.00 元比 800.00 元）：账单 1000.01 元，支付 500.00 元"
    )


def test_a_service_that_only_the_later_class_has_makes_the_earlier_one_worse(tmp_path: Path) -> None:
    policy = """
benefits:
  - {id: a, clause: 一, for: poor, services: [inpatient], of: burden, rate: 90%}
  - {id: b, clause: 一, for: margin, services: [inpatient, outpatient], of: burden, rate: 50%}
"""

    failure = _failure(proved(tmp_path, policy), Property.CLASS_ORDER)

    assert (0, 1) == failure.counterexample.relief


def test_where_every_class_counts_persons_of_one_class_alone_are_compared(tmp_path: Path) -> None:
    policy = """
persons_in: every_class
choose: highest_rate
benefits:
  - {id: a, clause: 一, for: poor, services: [inpatient], of: burden, rate: 90%}
  - {id: b, clause: 一, for: margin, services: [inpatient], of: burden, rate: 50%}
"""

    assert Verdict.HOLDS is proved(tmp_path, policy).result(Property.CLASS_ORDER).verdict


# ---- arithmetic ------------------------------------------------------------------------------------------------------


def test_a_line_that_is_rounded_twice_is_found_out(tmp_path: Path) -> None:
    bound = bind(small(tmp_path, ONE_LINE))
    rule = _rule(bound.program, "relief")
    assert rule.trace is not None
    place = next(i for i, step in enumerate(rule.steps) if isinstance(step, Round) and step.dst == rule.trace.due)
    first = rule.steps[place]
    assert isinstance(first, Round) and rule.trace.rate is not None
    again = (
        replace(first, dst="once"),
        Scale(dst="half", money="once", rate=rule.trace.rate),
        Round(dst=rule.trace.due, scaled="half"),
    )
    faulty = _with(bound.program, replace(rule, steps=(*rule.steps[:place], *again, *rule.steps[place + 1 :])))

    failure = _failure(prove_bound(replace(bound, program=faulty)), Property.INT64)

    assert "relief 应付金额被舍入 2 次" in failure.counterexample.says


def test_a_number_beyond_64_bits_is_found_out(tmp_path: Path) -> None:
    bound = bind(small(tmp_path, ONE_LINE))
    rule = _rule(bound.program, "relief")
    assert rule.trace is not None and rule.trace.rate is not None
    place = next(i for i, step in enumerate(rule.steps) if isinstance(step, Scale))
    scale = rule.steps[place]
    assert isinstance(scale, Scale)
    wide = (
        replace(scale, dst="wide1"),
        Scale(dst="wide2", money="wide1", rate=rule.trace.rate),
        Scale(dst="wide3", money="wide2", rate=rule.trace.rate),
    )
    faulty = _with(bound.program, replace(rule, steps=(*rule.steps[:place], *wide, *rule.steps[place:])))

    failure = _failure(prove_bound(replace(bound, program=faulty)), Property.INT64)

    assert "超出 64 位整数" in failure.counterexample.says


# ---- exceptions ------------------------------------------------------------------------------------------------------

WORSE = """
benefits:
  - {id: a, clause: 一, for: poor, services: [inpatient], of: burden, rate: 50%}
  - {id: b, clause: 一, for: margin, services: [inpatient], of: burden, rate: 60%}
"""


def test_a_declared_exception_is_no_finding(tmp_path: Path) -> None:
    report = prove(_excepting(small(tmp_path, WORSE), Property.CLASS_ORDER, "poor>margin"))

    assert Verdict.DECLARED is report.result(Property.CLASS_ORDER).verdict
    assert report.well
    assert "文件如此" == getattr(_failure(report, Property.CLASS_ORDER).declared, "reason", None)


def test_an_undeclared_failure_is_a_finding_with_a_remedy(tmp_path: Path) -> None:
    (finding,) = proved(tmp_path, WORSE).findings()

    assert ("property-fails", "poor>margin") == (finding.code, finding.place.path)
    assert "known_exceptions" in finding.remedy


@pytest.mark.parametrize(("of", "name"), [(Property.CLASS_ORDER, "poor>margin"), (Property.BURDEN, "relief")])
def test_a_declared_exception_that_no_longer_occurs_is_a_fault(tmp_path: Path, of: Property, name: str) -> None:
    report = prove(_excepting(small(tmp_path, ONE_LINE), of, name))
    (finding,) = report.findings()

    assert "exception-stale" == finding.code
    assert name in finding.message
    assert not report.well


# ---- parameters and effort -------------------------------------------------------------------------------------------

OPEN = """
parameters:
  line: {type: money, clause: 一, label: 起付线, set_by: 县}
  share: {type: rate, clause: 一, label: 比例, set_by: 县}
benefits:
  - id: relief
    clause: 一
    for: poor
    services: [inpatient]
    of: burden
    above: {burden_of_year: {parameter: line}}
    rate: {parameter: share}
    limit: {relief_of_year: 500}
"""


def test_an_open_amount_may_be_any_and_an_open_rate_is_represented(tmp_path: Path) -> None:
    report = proved(tmp_path, OPEN)

    assert report.well
    assert {"参数“起付线”未确定，对任意金额成立", "参数“比例”未确定，按 70% 代入"} <= {*report.assumptions}


def test_given_parameters_are_those_of_the_proof_and_of_its_cases(tmp_path: Path) -> None:
    better = "  - {id: b, clause: 一, for: margin, services: [inpatient], of: burden, rate: 90%}\n"
    policy = small(tmp_path, OPEN + better)
    parameters = {"line": "800.00", "share": "80%"}

    report = prove(policy, parameters)
    failure = _failure(report, Property.CLASS_ORDER)

    assert parameters == failure.counterexample.cases[0]["parameters"]
    assert not [said for said in report.assumptions if "未确定" in said]


def test_a_question_without_an_answer_is_undecided_and_said_so(tmp_path: Path) -> None:
    report = prove(small(tmp_path, TWO_LINES), effort=1)

    assert Verdict.UNDECIDED is report.result(Property.LIMIT).verdict
    assert ("relief+again",) == report.result(Property.LIMIT).undecided
    assert "property-undecided" in {finding.code for finding in report.findings()}


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _excepting(policy: Policy, of: Property, *names: str) -> Policy:
    exception = KnownException(property=of, benefits=frozenset(names), reason="文件如此", clause="一")
    return replace(policy, known_exceptions=(exception,))


def _rule(program: Program, rule_id: str) -> Rule:
    return next(rule for rule in program.rules if rule.id == rule_id)


def _with(program: Program, rule: Rule) -> Program:
    return replace(program, rules=tuple(rule if rule.index == old.index else old for old in program.rules))
