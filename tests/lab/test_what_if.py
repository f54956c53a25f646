"""Every figure of a what-if is recomputed from the engine's settlements, case by case, and is the same to the fen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import pytest

from tests.lab.lab_cases import PARAMETERS, POLICIES, Settled, by_engine, change, people, plan, policy, standing
from tuodi.core.finding import Faults
from tuodi.engine.funding import funding_of, split
from tuodi.lab import groups
from tuodi.lab.budget import UNSAID, Fund
from tuodi.lab.change import changed_by, changed_to, regime
from tuodi.lab.people import CasePeople
from tuodi.lab.results import Progress, WhatIf
from tuodi.lab.what_if import repeated, what_if

FUND = Fund(income=300_000_000, opening=20_000_000, other=10_000_000)


@cache
def result(name: str) -> WhatIf:
    return what_if(change(name), people(name), FUND)


@cache
def settled(name: str) -> tuple[list[Settled], list[Settled]]:
    """Every case under both policies, by the engine."""
    both = change(name)
    cases = people(name).cases
    return by_engine(both.before, cases), by_engine(both.after, cases)  # type: ignore[arg-type]


# ---- sums ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", POLICIES)
def test_the_whole_is_the_sum_of_the_engines_settlements(name: str) -> None:
    found = result(name)
    for side, cases in zip(("before", "after"), settled(name), strict=True):
        events = [event for case in cases for event in case.result.settlements]
        expected = {
            "relief": sum(event.relief for event in events),
            "personal": sum(event.personal for event in events),
            "burden": sum(map(sum, map(burdens, cases))),
            "relieved_persons": sum(case.relief > 0 for case in cases),
            "relieved_events": sum(event.relief > 0 for event in events),
            "refused": sum(event.refusal is not None for event in events),
            "persons": len(cases),
            "events": len(events),
            "heavy_without": sum(sum(burdens(case)) >= 2_000_000 and case.relief == 0 for case in cases),
            "relieved_households": sum(amount > 0 for amount in by_household(name, cases).values()),
        }
        assert expected == {key: getattr(found.measure(key), side) for key in expected}
    assert len([case for case in people(name).cases if case["events"]]) - len(settled(name)[0]) == found.set_apart


@pytest.mark.parametrize("name", POLICIES)
def test_each_line_is_split_over_its_budgets_as_the_engine_splits_it(name: str) -> None:
    for side, cases in zip(("before", "after"), settled(name), strict=True):
        expected: Counter[str] = Counter()
        for line in lines(cases):
            funding = funding_of(policy(name), line.rule.id)
            if funding is None:
                expected[UNSAID] += line.paid
            else:
                expected.update({share.payer: share.fen for share in split(line.paid, funding.payers)})
        assert +expected == +Counter({row.payer: getattr(row, side) for row in result(name).payers})


@pytest.mark.parametrize("name", POLICIES)
def test_each_benefit_has_the_engines_lines(name: str) -> None:
    for side, cases in zip(("before", "after"), settled(name), strict=True):
        expected: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for line in lines(cases):
            number, paid = expected[line.rule.id]
            expected[line.rule.id] = number + 1, paid + line.paid
        rows = {row.benefit: (getattr(row, f"lines_{side}"), getattr(row, side)) for row in result(name).benefits}
        assert dict(expected) == {benefit: row for benefit, row in rows.items() if row != (0, 0)}


@pytest.mark.parametrize("name", POLICIES)
def test_each_person_has_the_engines_relief(name: str) -> None:
    before, after = settled(name)
    expected = {
        case.person: (sum(burdens(case)), case.relief, other.relief) for case, other in zip(before, after, strict=True)
    }
    rows = result(name).persons.to_pylist()

    assert expected == {row["person"]: (row["burden_fen"], row["before_fen"], row["after_fen"]) for row in rows}


# ---- groups ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", POLICIES)
def test_groups_add_up_to_the_whole(name: str) -> None:
    found = result(name)
    for rows in (found.classes, found.bands, found.counties):
        for side in ("before", "after", "burden"):
            whole = found.measure("relief" if side != "burden" else "burden")
            assert getattr(whole, side if side != "burden" else "before") == sum(getattr(row, side) for row in rows)
        assert found.measure("persons").before == sum(row.persons for row in rows)
        assert found.measure("relief").change == sum(row.gained - row.lost for row in rows)


@pytest.mark.parametrize("name", POLICIES)
def test_counties_and_bands_hold_the_right_persons(name: str) -> None:
    of = people(name)
    counties: Counter[str] = Counter()
    bands: Counter[str] = Counter()
    for case in settled(name)[0]:
        counties[of.counties.get(of.county_of.get(case.person, ""), "未写明")] += 1
        bands[band(sum(burdens(case)))] += 1

    assert counties == {row.group: row.persons for row in result(name).counties}
    assert bands == {row.group: row.persons for row in result(name).bands}


@pytest.mark.parametrize("name", POLICIES)
def test_a_person_is_in_the_class_of_the_last_event_in_one(name: str) -> None:
    """Of a policy of one class a person the class is the event's; of others one of those that hold."""
    labels = [one.label for one in policy(name).classes]
    by_id = {row["person"]: row["class"] for row in result(name).persons.to_pylist()}
    bits = {one.id: standing(name).bound.program.bit(f"class:{one.id}").mask for one in policy(name).classes}
    for case in settled(name)[0]:
        held = [
            {place for place, one in enumerate(policy(name).classes) if event.situation.word & bits[one.id]}
            for event in case.result.settlements
        ]
        last = next((classes for classes in reversed(held) if classes), set())
        found = by_id[case.person]
        assert found in last if last else found == -1
        if policy(name).persons_in.value == "first_class" and last:
            assert found == min(last)
    assert {row.group for row in result(name).classes} <= {*labels, "不属于救助对象"}


# ---- gains and losses ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", POLICIES)
def test_gains_and_losses_of_persons_and_households(name: str) -> None:
    before, after = settled(name)
    changes = {case.person: other.relief - case.relief for case, other in zip(before, after, strict=True)}
    homes: Counter[str] = Counter()
    for case in before:
        homes[home(name, case.person)] += changes[case.person]
    rows = {(row.who, row.effect): row for row in result(name).effects}
    for who, amounts in (("个人", changes), ("家庭", homes)):
        gains = sorted(amount for amount in amounts.values() if amount > 0)
        losses = sorted(-amount for amount in amounts.values() if amount < 0)
        assert len(amounts) - len(gains) - len(losses) == rows[who, "不变"].number
        for effect, several in (("受益", gains), ("受损", losses)):
            row = rows[who, effect]
            assert (len(several), sum(several)) == (row.number, row.total)
            assert [quantile(several, each) for each in (10, 25, 50, 75, 90, 100)] == [
                row.p10, row.p25, row.p50, row.p75, row.p90, row.largest,
            ]  # fmt: skip


@pytest.mark.parametrize("name", POLICIES)
def test_everybody_is_in_one_bin(name: str) -> None:
    before, after = settled(name)
    changes = [other.relief - case.relief for case, other in zip(before, after, strict=True)]
    for row in result(name).bins:
        if row.above is None and row.up_to is None:
            expected = changes.count(0)
        elif row.up_to is not None and row.up_to <= 0:
            expected = sum((row.above is None or row.above <= one) and one < row.up_to for one in changes)
        else:
            assert row.above is not None
            expected = sum(row.above < one and (row.up_to is None or one <= row.up_to) for one in changes)
        assert expected == row.persons
    assert len(changes) == sum(row.persons for row in result(name).bins)


@pytest.mark.parametrize("name", POLICIES)
def test_deciles_are_tenths_of_the_burdened_of_a_class(name: str) -> None:
    rows = result(name).persons.to_pylist()
    ordered = sorted(
        (row for row in rows if row["class"] >= 0 and row["burden_fen"] > 0), key=lambda r: r["burden_fen"]
    )
    found = result(name).deciles

    assert len(ordered) == sum(row.persons for row in found)
    assert max(row.persons for row in found) - min(row.persons for row in found) <= 1
    start = 0
    for row in found:
        part = ordered[start : start + row.persons]
        assert (part[0]["burden_fen"], part[-1]["burden_fen"]) == (row.least, row.most)
        assert sum(one["burden_fen"] for one in part) == row.burden
        assert (sum(one["before_fen"] for one in part), sum(one["after_fen"] for one in part)) == (
            row.before,
            row.after,
        )
        start += row.persons


# ---- warnings, reserve, cliffs ---------------------------------------------------------------------------------------


def test_warning_lines_by_class_and_year() -> None:
    name = "liaocheng-2022-5"
    lines = {"margin_burden": 200_000, "ordinary_burden": 600_000}
    bit = standing(name).bound.program.bit("class:class_2").mask
    over: dict[tuple[str, str], set[tuple[str, int]]] = defaultdict(set)
    for side, cases in zip(("before", "after"), settled(name), strict=True):
        for case in cases:
            for year, (borne, left, word) in years(case).items():
                line = "margin_burden" if word & bit else "ordinary_burden"
                if borne > lines[line]:
                    over[line, f"persons_{side}"].add((case.person, year))
                if left > lines[line]:
                    over[line, f"left_{side}"].add((case.person, year))
    for row in result(name).warnings:
        counts = {
            key: len(over[row.warning, key]) for key in ("persons_before", "persons_after", "left_before", "left_after")
        }
        was, now = over[row.warning, "left_before"], over[row.warning, "left_after"]
        assert counts == {key: getattr(row, key) for key in counts}
        assert (len(now - was), len(was - now)) == (row.newly, row.no_longer)
        assert (lines[row.warning], lines[row.warning]) == (row.threshold_before, row.threshold_after)
    assert any(row.newly or row.no_longer for row in result(name).warnings)


def test_a_warning_line_for_one_bill_looks_at_the_largest() -> None:
    name = "yangquan-2019-45"
    rows = {row.warning: row for row in result(name).warnings}
    once = {(case.person, year) for case in settled(name)[0] for year in years(case) if largest(case, year) > 1_999_999}

    assert len(once) == rows["hardship_once"].persons_before
    assert (1_999_999, 4_999_999) == (rows["hardship_once"].threshold_before, rows["hardship_year"].threshold_before)


def test_a_warning_line_without_its_parameter_says_so() -> None:
    before = regime(policy("liaocheng-2022-5"))
    found = what_if(changed_by(before, ["benefits.relief_1.rate=75%"]), people("liaocheng-2022-5", 20))

    assert {row.warning: row.persons_before for row in found.warnings} == dict.fromkeys(
        ("margin_burden", "ordinary_burden")
    )
    assert all("全省上年度居民人均可支配收入" in row.note for row in found.warnings)


def test_a_changed_warning_line_changes_who_passes_it() -> None:
    name = "liaocheng-2022-5"
    found = what_if(changed_by(standing(name), ["warnings.ordinary_burden.exceeds.share=100%"]), people(name))
    row = next(row for row in found.warnings if row.warning == "ordinary_burden")

    assert (600_000, 400_000) == (row.threshold_before, row.threshold_after)
    assert row.persons_before is not None and row.persons_after is not None
    assert row.persons_before < row.persons_after
    assert 0 == found.measure("relief").change


def test_the_reserve_is_what_relief_leaves_of_the_year() -> None:
    before, after = result("yangquan-2019-45").reserve
    relief = result("yangquan-2019-45").measure("relief")

    assert (310_000_000 - relief.before, 310_000_000 - relief.after) == (before.reserve, after.reserve)
    assert (1500, "本文件 七(二)") == (before.bound, before.source)
    assert "二次救助" in before.says


@pytest.mark.parametrize(
    ("income", "opening", "ratio", "says"),
    [
        (100_000, 0, 10_000, "结余超过上限 850.00 元"),
        (100_000, -85_000, 1_500, "结余在上限以内"),
        (100_000, -84_999, 1_500, "结余超过上限 0.01 元"),
        (100_000, -100_001, 0, "收不抵支，缺口 0.01 元"),
        (0, 5, None, "结余超过上限 0.05 元"),
    ],
)
def test_the_reserve_against_the_bound(income: int, opening: int, ratio: int | None, says: str) -> None:
    nobody = CasePeople(label="没有人", cases=[])
    found = what_if(change("qingdao-2018-1"), nobody, Fund(income=income, opening=opening))

    assert [ratio, ratio] == [row.ratio for row in found.reserve]
    assert all(row.says.startswith(says) for row in found.reserve)


def test_kinks_that_move_are_told_as_gone_and_new() -> None:
    rows = result("liaocheng-2022-5").cliffs
    moved = [
        (row.standing.value, row.at)
        for row in rows
        if "class" not in row.why and "再救助：超过起付线 5000.00" in row.why
    ]

    assert [("新出现", 2_000_000), ("消失", 1_666_667)] == sorted(moved, key=lambda one: one[0] != "新出现")


# ---- people ----------------------------------------------------------------------------------------------------------


def test_persons_who_cannot_be_settled_are_in_no_figure() -> None:
    name = "liaocheng-2022-5"
    whole = people(name, 40)
    broken = [dict(case) for case in whole.cases]
    broken[3] = {**broken[3], "events": [{**event, "amounts": {}} for event in broken[3]["events"]]}
    found = what_if(change(name), replace(whole, cases=broken))
    rest = what_if(change(name), replace(whole, cases=[case for place, case in enumerate(whole.cases) if place != 3]))

    assert 1 == found.set_apart
    assert found.findings
    assert any("1 人缺少事实" in note for note in found.notes)
    assert rest.measures == found.measures
    assert rest.persons.equals(found.persons)


def test_two_documents_settle_the_same_people_apart() -> None:
    name = "liaocheng-2022-5"
    other = changed_to(standing(name), replace(change(name).after))
    as_program = changed_to(standing(name), regime(change(name).after.policy, PARAMETERS[name]))
    found = what_if(as_program, people(name))

    assert other.shares_program
    assert not as_program.shares_program
    assert result(name).measures == found.measures
    assert result(name).benefits == found.benefits
    assert result(name).persons.equals(found.persons)
    assert result(name).warnings == found.warnings


def test_a_change_of_insurance_that_no_bill_asks_for_is_refused() -> None:
    before = regime(policy("liaocheng-2022-5"), None, plan("liaocheng-resident-2022"))
    found = changed_by(before, ["plan.benefits.critical_illness.above=8000"])

    with pytest.raises(Faults) as caught:
        what_if(found, people("liaocheng-2022-5", 20))

    assert ["plan-computes-nothing"] == [one.code for one in caught.value.findings]


def test_insurance_that_bills_leave_open_is_computed_under_both() -> None:
    before = regime(policy("liaocheng-2022-5"), None, plan("liaocheng-resident-2022"))
    found = changed_by(before, ["plan.benefits.basic_stay.rate.cases[2]=70%"])
    whole = people("liaocheng-2022-5", 60)
    opened = [opened_case(case) for case in whole.cases]
    figures = what_if(found, replace(whole, cases=opened))

    for side, under in (("before", found.before), ("after", found.after)):
        cases = by_engine(under, opened)
        assert sum(case.relief for case in cases) == getattr(figures.measure("relief"), side)
        personal = sum(event.personal for case in cases for event in case.result.settlements)
        assert personal == getattr(figures.measure("personal"), side)
    assert figures.measure("payers").change > 0
    assert "账单没有写明的保险支付，由参保方案逐笔计算" in figures.notes


def test_a_change_without_effect_on_these_people_says_so() -> None:
    found = what_if(
        changed_by(standing("liaocheng-2022-5"), ["benefits.illness.rate=61%"]), CasePeople(label="", cases=[])
    )

    assert any("没有影响" in note for note in found.notes)
    assert 0 == found.measure("persons").before


def test_progress_is_told_portion_by_portion() -> None:
    told: list[Progress] = []
    whole = people("qingdao-2018-1")
    what_if(change("qingdao-2018-1"), whole, tell=told.append)

    assert sorted(one.done for one in told) == [one.done for one in told]
    assert (whole.events, whole.events) == (told[-1].done, told[-1].total)


def test_repeated_populations_give_the_spread_of_each_figure() -> None:
    name = "liaocheng-2022-5"
    several = [what_if(change(name), people(name, 40, first)) for first in (0, 1000, 2000, 3000)]
    found = repeated(iter(several))
    row = next(row for row in found.spread if row.measure == "救助支出：增减")
    values = [one.measure("relief").change for one in several]

    assert several[0].measures == found.measures
    assert tuple(values) == row.values
    assert (min(values), sorted(values)[1], max(values)) == (row.least, row.middle, row.most)


def test_every_table_has_a_sheet_with_labels_and_whole_numbers() -> None:
    sheets = {one.id: one for one in result("liaocheng-2022-5").sheets()}

    assert {"changes", "measures", "payers", "classes", "effects", "warnings", "cliffs", "reserve"} <= sheets.keys()
    for one in sheets.values():
        assert [column.id for column in one.columns] == one.data.column_names
        assert all(column.label for column in one.columns)
        assert {"int64", "string", "bool"} >= {str(kind) for kind in one.data.schema.types}


# ---- plain computations ----------------------------------------------------------------------------------------------


def burdens(case: Settled) -> list[int]:
    """By event, from the case's own amounts and what was computed."""
    found = []
    for event in case.result.settlements:
        total, in_policy, *payers = (0 if amount is None else amount for amount in event.event.amounts)
        names = ("basic", "critical_illness", "supplementary", "commercial", "other_relief")
        paid = dict(zip(names, payers, strict=True)) | event.layers
        insured = sum(paid[one] for one in paid if one not in ("commercial", "other_relief"))
        found.append(max(0, min(in_policy - insured, total - sum(paid.values()))))
    return found


def lines(cases: Iterable[Settled]) -> list:  # type: ignore[type-arg]
    return [line for case in cases for event in case.result.settlements for line in event.lines]


def years(case: Settled) -> dict[int, tuple[int, int, int]]:
    """By year: burden, what relief leaves of it, and the word of the last event."""
    found: dict[int, tuple[int, int, int]] = {}
    for event, burden in zip(case.result.settlements, burdens(case), strict=True):
        year = event.event.year
        borne, left, _ = found.get(year, (0, 0, 0))
        found[year] = borne + burden, left + max(0, burden - event.relief), event.situation.word
    return found


def largest(case: Settled, year: int) -> int:
    """The largest burden of a bill; in Yangquan every payer is named."""
    found = []
    for event in case.result.settlements:
        total, in_policy, *payers = event.event.amounts
        if event.event.year == year:
            found.append(max(0, min(in_policy - sum(payers), total - sum(payers))))  # type: ignore[operator,arg-type]
    return max(found)


def home(name: str, person: str) -> str:
    return people(name).households.get(person, person)


def by_household(name: str, cases: Iterable[Settled]) -> Counter[str]:
    found: Counter[str] = Counter()
    for case in cases:
        found[home(name, case.person)] += case.relief
    return found


def band(burden: int) -> str:
    names = groups.band_names()
    return names[0] if burden == 0 else names[1 + sum(burden > bound for bound in groups.BANDS)]


def quantile(ordered: list[int], per_cent: int) -> int | None:
    """The smallest that so many per cent don't pass."""
    return next((one for place, one in enumerate(ordered, 1) if 100 * place >= per_cent * len(ordered)), None)


def opened_case(case: dict) -> dict:  # type: ignore[type-arg]
    """The case with what insurance paid left open where the plan says it."""
    events = []
    for event in case["events"]:
        asked = case["person"]["insurance"] == "resident" and (event.get("facility") or {}).get("designated")
        if asked and event["service"] in ("inpatient", "outpatient_chronic"):
            amounts = {**event["amounts"], "basic": None, "critical_illness": None}
            event = {**event, "amounts": amounts, "admission_number": 1}  # noqa: PLW2901
            event["facility"] = {"level": 3, "county": True, "region": True, **event["facility"]}
        events.append(event)
    return {**case, "events": events}
