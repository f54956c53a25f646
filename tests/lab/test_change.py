"""Numbers by their paths: a changed table is what the changed document compiles to; what is wrong is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lab.lab_cases import PARAMETERS, PLANS, POLICIES, change, plan, policy, standing
from tests.proof.policies import SHAPES, small
from tuodi.batch.kernel_text import kernel_source
from tuodi.core.finding import Faults
from tuodi.engine.bind import Bound, bind
from tuodi.engine.case import read_case
from tuodi.engine.settle import Engine, settle_case
from tuodi.lab.change import Known, Regime, changed_by, changed_to, chosen_by, regime, with_settings, wrong_with
from tuodi.lab.numbers import Kind, aliases_of, mapped, numbers_of, paths_of_table
from tuodi.lab.results import Broken
from tuodi.language.load import load_policy

SHAPE_NAMES = sorted(path.parent.name for path in SHAPES.glob("*/policy.yaml"))


def plan_of(name: str) -> str | None:
    return next((one for one in PLANS if one.partition("-")[0] == name.partition("-")[0]), None)


def with_plan(name: str) -> Regime:
    plan_name = plan_of(name)
    return regime(policy(name), PARAMETERS.get(name), plan(plan_name) if plan_name else None)


REGIMES = {
    **{name: standing(name) for name in POLICIES},
    **{f"{name} with its plan": with_plan(name) for name in POLICIES},
    **{name: regime(load_policy(SHAPES / name)) for name in SHAPE_NAMES},
}


# ---- paths -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REGIMES)
def test_every_number_of_the_table_that_a_document_states_has_a_path(name: str) -> None:
    bound = REGIMES[name].bound
    numbers = numbers_of(bound)

    for slot, entry, path in zip(bound.program.table, bound.table, paths_of_table(bound), strict=True):
        if path is None:
            assert slot.parameter is not None or not slot.path or slot.path.endswith("bands[0].from")
        else:
            assert numbers[path].amount == entry
            assert aliases_of(bound)[path] == path


@pytest.mark.parametrize("name", REGIMES)
def test_a_walk_that_changes_nothing_gives_the_same_document(name: str) -> None:
    bound = REGIMES[name].bound

    for owner in (bound.policy, bound.plan):
        if owner is not None:
            assert owner == mapped(owner, lambda _, amount: amount)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_changed_table_is_what_the_changed_document_compiles_to(data: st.DataObject) -> None:
    before = REGIMES[data.draw(st.sampled_from(sorted(REGIMES)))]
    paths = data.draw(st.lists(st.sampled_from(Known(before).paths or ("",)), max_size=4, unique=True))
    known = Known(before)
    chosen = [known.one(path, data.draw(st.integers(0, known.kind(path).most))) for path in paths if path]
    after = with_settings(before, chosen).bound
    again = bind(after.policy, with_settings(before, chosen).parameters, after.plan)

    assert again.table == after.table
    assert again.item_tables == after.item_tables
    assert kernel_source(again.program) == kernel_source(before.bound.program), "nothing is compiled again"
    assert all(numbers_of(after)[one.path].amount == one.after for one in chosen if one.path in known.numbers)


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_a_number_reads_back_as_it_is_written(data: st.DataObject) -> None:
    before = REGIMES[data.draw(st.sampled_from(sorted(REGIMES)))]
    known = Known(before)
    path = data.draw(st.sampled_from(known.paths))
    amount = data.draw(st.integers(0, known.kind(path).most))

    (chosen,) = chosen_by(before, [f" {path} = {known.kind(path).text(amount)} "])

    assert (path, amount) == (chosen.path, chosen.after)


def test_the_programs_own_paths_mean_the_documents_numbers() -> None:
    known = Known(with_plan("liaocheng-2022-5"))

    for written, path in {
        "benefits.critical_illness.bands[2].from": "plan.benefits.critical_illness.bands[1].to",
        "benefits.critical_illness.bands[2].rate.adjust[1].plus": (
            "insurance_tilts.critical_illness_tilt.adjust[1].plus"
        ),
        "benefits.basic_stay.above.adjust[0].times": "plan.benefits.basic_stay.adjust[0].times",
        "benefits.relief_1.rate": "benefits.relief_1.rate",
    }.items():
        assert (path,) == known.matching(written)


def test_a_star_stands_for_any_name() -> None:
    found = Known(standing("ningbo-2019-27")).matching("benefits.*.limit.relief_of_year")

    assert 8 == len(found)
    assert all(path.endswith(".limit.relief_of_year") for path in found)


def test_a_number_that_nothing_here_hangs_on_cannot_be_set() -> None:
    alone, insured = Known(standing("liaocheng-2022-5")), Known(with_plan("liaocheng-2022-5"))

    assert not [path for path in alone.paths if path.startswith("insurance_tilts.")]
    assert [path for path in insured.paths if path.startswith("insurance_tilts.")]


# ---- what is wrong ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "code", "says"),
    [
        ("benefits.relief_1.rat=75%", "unknown-number", "benefits.relief_1.rate"),
        ("benefits.relief_1.limit=3", "unknown-number", "benefits.relief_1.limit.relief_of_year"),
        ("relief_of_year=3", "unknown-number", "benefits.relief_2.limit.relief_of_year"),
        ("zzz=3", "unknown-number", "可改的数：benefits.relief_1.rate"),
        ("benefits.zzz.*=3", "unknown-number", "benefits."),
        ("benefits.relief_1.rate=75", "wrong-unit", "75%"),
        ("benefits.relief_1.above=75%", "wrong-unit", "元"),
        ("benefits.relief_1.rate=-5%", "wrong-unit", "百分数"),
        ("benefits.relief_1.rate=175%", "rate-too-high", "100%"),
        ("benefits.relief_1.limit.relief_of_year=999999999", "wrong-unit", "上限"),
        ("warnings.margin_burden.exceeds.share=2000%", "rate-too-high", "1000%"),
        ("parameters.provincial_incom=3", "unknown-number", "parameters.provincial_income"),
        ("parameters.provincial_income=70%", "wrong-unit", "元"),
        ("benefits.relief_1.rate", "setting-malformed", "路径=数值"),
        ("benefits.relief_1.rate=70%", "nothing-changes", "没有改动"),
    ],
)
def test_a_wrong_setting_is_a_finding_that_helps(setting: str, code: str, says: str) -> None:
    with pytest.raises(Faults) as caught:
        changed_by(standing("liaocheng-2022-5"), [setting])

    (finding,) = caught.value.findings
    assert code == finding.code
    assert says in f"{finding.message}{finding.remedy}"


def test_all_wrong_settings_are_told_at_once() -> None:
    with pytest.raises(Faults) as caught:
        changed_by(
            standing("liaocheng-2022-5"), ["x=1", "benefits.relief_1.rate=7", "benefits.*.rate=60%", "*.rate=6%"]
        )

    assert ["unknown-number", "wrong-unit", "unknown-number"] == [one.code for one in caught.value.findings]


def test_a_number_is_set_once() -> None:
    with pytest.raises(Faults) as caught:
        changed_by(standing("liaocheng-2022-5"), ["benefits.*.rate=60%", "benefits.relief_1.rate=70%"])

    assert ["set-twice"] == [one.code for one in caught.value.findings]


# ---- broken changes --------------------------------------------------------------------------------------------------

BROKEN = {
    "an earlier class gets less": (
        "liaocheng-2022-5",
        ["benefits.relief_1.limit.relief_of_year=6000"],
        "property-fails",
    ),
    "a later class gets more": ("ningbo-2019-27", ["parameters.other_special_rate=50%"], "property-fails"),
    "half of it is no basis point": ("anshan-2019-37", ["benefits.subsistence_stay.rate=70.33%"], "inexact-rate"),
    "shares in part": ("yangquan-2019-45", ["funding.local_budget.市级财政（配套）=60%"], "shares-not-whole"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_change_is_refused_and_says_why(name: str) -> None:
    of, wrong, code = BROKEN[name]

    with pytest.raises(Broken) as caught:
        changed_by(standing(of), wrong)

    assert {code} == {one.code for one in caught.value.findings}
    assert (code == "property-fails") == bool(caught.value.failures)


def test_a_failed_proof_comes_with_bills_that_the_changed_policy_settles_so() -> None:
    before = standing("liaocheng-2022-5")
    wrong = BROKEN["an earlier class gets less"][1]
    with pytest.raises(Broken) as caught:
        changed_by(before, wrong)
    engine = Engine(with_settings(before, chosen_by(before, wrong)).bound)

    for failure in caught.value.failures:
        example = failure.counterexample
        assert example.reproduced
        read = [read_case(case, engine.bound.policy) for case in example.cases]
        assert list(example.relief) == [settle_case(engine, case).settlements[-1].relief for case in read]


def test_bands_must_rise() -> None:
    before = with_plan("liaocheng-2022-5")

    with pytest.raises(Broken) as caught:
        changed_by(before, ["plan.benefits.critical_illness.bands[0].to=250000"])

    assert ["band-order"] == [one.code for one in caught.value.findings]


TILTED = """
benefits:
  - id: relief
    clause: 一
    for: [poor, margin]
    services: [inpatient]
    of: burden
    rate: {rate}
    limit: {relief_of_year: 5000}
    adjust:
      - {changes: rate, when: {class: {class}}, plus: 5%, clause: 一}
"""


def tilted(folder: Path, to: str, rate: str = "60%") -> Regime:
    """A policy in which one class gets five points more."""
    return regime(small(folder, TILTED.replace("{rate}", rate).replace("{class}", to)))


def test_a_rate_with_points_added_stays_below_100_per_cent(tmp_path: Path) -> None:
    before = tilted(tmp_path, "poor")

    with pytest.raises(Broken) as caught:
        changed_by(before, ["benefits.relief.rate=95.01%"])

    assert ["adjusted-too-far"] == [one.code for one in caught.value.findings]
    assert () == wrong_with(with_settings(before, chosen_by(before, ["benefits.relief.rate=95%"])))


def test_what_failed_before_is_not_held_against_a_change(tmp_path: Path) -> None:
    before = tilted(tmp_path, "margin")
    found = changed_by(before, ["benefits.relief.rate=50%"])

    assert not found.before_proof.well
    assert ("60%", "50%") == (found.rows[0].before, found.rows[0].after)


def test_a_change_that_holds_has_rows_and_both_proofs() -> None:
    found = change("liaocheng-2022-5")

    assert [
        ("benefits.relief_1.rate", "70%", "75%"),
        ("benefits.relief_2.limit.relief_of_year", "15000.00", "9000.00"),
    ] == [(row.path, row.before, row.after) for row in found.rows]
    assert found.shares_program
    assert found.before.policy.content_hash != found.after.policy.content_hash
    assert found.before_proof.policy_hash != found.after_proof.policy_hash


def test_another_document_is_a_change_told_by_its_differences() -> None:
    before = standing("liaocheng-2022-5")
    after = with_settings(before, chosen_by(before, ["benefits.illness.rate=55%"]))
    found = changed_to(before, regime(after.policy, {"provincial_income": "13000.00"}))

    assert not found.shares_program
    assert [("60%", "55%"), ("4000.00", "13000.00")] == [(row.before, row.after) for row in found.rows]


def test_kinds_know_their_largest_number() -> None:
    assert ["99999999.99", "100%", "1000%"] == [kind.text(kind.most) for kind in Kind]


def test_a_bound_policy_knows_its_plans_numbers_apart() -> None:
    bound: Bound = with_plan("ningbo-2019-27").bound

    assert "plan.benefits.critical_illness.above" in numbers_of(bound)
    assert "benefits.critical_illness.above" not in numbers_of(bound)
