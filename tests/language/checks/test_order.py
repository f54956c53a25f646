"""Order: layers, after, classes, and which of two rules goes first."""

from pathlib import Path

import pytest

from tests.language.written import Edit, codes, findings, part
from tuodi.language.guards import Solver

LAST = "    limit: {relief_of_year: 30000}\n"
CLASS = "  - {id: poor, label: 低保对象, clause: 一, any: [subsistence_allowance]}\n"
BASIC = (
    "\n  - {id: basic_stay, clause: 二, layer: basic, for: everyone, services: [inpatient], of: in_policy, rate: 80%}\n"
)

BEHIND_RELIEF = (
    "  - {id: more, clause: 二, after: relief, layer: basic, for: poor, services: [inpatient], of: total, rate: 1%}\n"
)


def rule(name: str = "other", pays: str = "of: burden, rate: 50%, limit: {relief_of_year: 1}", **keys: str) -> Edit:
    """Another rule behind the first, for the same persons and services unless said otherwise."""
    keys = {"id": name, "clause": "二", "for": "poor", "services": "[inpatient]"} | {
        key.rstrip("_"): value for key, value in keys.items()
    }
    return LAST, LAST + "  - {" + ", ".join(f"{key}: {value}" for key, value in keys.items()) + ", " + pays + "}\n"


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ("[{id: basic}, {id: relief}]", []),
        ("[{id: relief}, {id: basic}]", ["layer-order"]),
        ("[{id: basic}, {id: critical_illness}, {id: relief}]", ["layer-empty"]),
    ],
)
def test_layers_follow_the_bill(tmp_path: Path, layers: str, expected: list[str]) -> None:
    assert expected == codes(tmp_path, part(f"layers: {layers}\n"), (LAST, LAST + BASIC))


def test_a_layer_stands_once(tmp_path: Path) -> None:
    assert ["duplicate-id", "layer-order"] == sorted(codes(tmp_path, part("layers: [{id: relief}, {id: relief}]\n")))


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([rule(after="relief", pays="of: {left_of: burden}, rate: 50%")], []),
        ([("    of: burden\n", "    after: relief\n    of: burden\n")], ["after-order"]),
        (
            [
                rule(after="relief", pays="of: {left_of: burden}, rate: 5%"),
                ("    of: burden\n", "    after: other\n    of: burden\n"),
            ],
            ["after-order"],
        ),
        (
            [
                (LAST, LAST + BASIC + BEHIND_RELIEF),
                part("layers: [{id: basic}, {id: relief}]\n"),
            ],
            ["after-order"],
        ),
    ],
)
def test_after_comes_after(tmp_path: Path, edits: list[Edit], expected: list[str]) -> None:
    assert expected == codes(tmp_path, *edits)


def test_nothing_is_settled_behind_a_refusal(tmp_path: Path) -> None:
    more = (
        "  - {id: no, clause: 二, for: poor, services: childbirth, refuse: 不}\n"
        "  - {id: again, clause: 二, after: no, for: poor, services: childbirth, of: total, rate: 1%}\n"
    )

    assert ["after-order"] == codes(tmp_path, (LAST, LAST + more))


def test_after_is_not_blamed_while_a_benefit_cannot_be_read(tmp_path: Path) -> None:
    again = rule(after="relief", pays="of: total, rate: 5%")

    assert ["rate-without-percent"] == codes(tmp_path, again, ("rate: 70%", "rate: 0.7"))


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("{reached: {relief_of_year: 1}, level: 3}", []),
        ("{not: {reached: {relief_of_year: 1}}}", []),
        ("{any: [{reached: {relief_of_year: 1}}, {level: 3}]}", []),
        ("{not: {any: [{reached: {relief_of_year: 1}}, {level: 3}]}}", []),
        ("{any: [{all: [{reached: {relief_of_year: 1}}, {level: 3}]}, {level: 1}]}", ["reached-too-deep"]),
        ("{not: {all: [{reached: {relief_of_year: 1}}, {level: 3}]}}", ["reached-too-deep"]),
        ("{any: [{not: {reached: {relief_of_year: 1}}}, {level: 1}]}", ["reached-too-deep"]),
    ],
)
def test_reached_stands_beside_other_conditions(tmp_path: Path, test: str, expected: list[str]) -> None:
    assert expected == codes(tmp_path, ("    of: burden\n", f"    when: {test}\n    of: burden\n"))
    adjust = f"    adjust: [{{changes: rate, when: {test}, times: 50%}}]\n    of: burden\n"
    assert expected == codes(tmp_path, ("    of: burden\n", adjust))


@pytest.mark.parametrize(
    "edit",
    [
        (CLASS.strip(), CLASS.strip()[:-1] + ", when: {reached: {relief_of_year: 1}}}"),
        ("[subsistence_allowance]", "[{status: subsistence_allowance, when: {not: {reached: {relief_of_year: 1}}}}]"),
        part("general_conditions:\n  - {id: a, clause: 二, when: {reached: {relief_of_year: 1}}, refusal: 甲}\n"),
    ],
)
def test_reached_is_asked_by_benefits_only(tmp_path: Path, edit: Edit) -> None:
    assert ["reached-outside"] == codes(tmp_path, edit)


def test_reached_is_not_asked_by_tallies(tmp_path: Path) -> None:
    tally = "  tally: {per: year, clause: 二, label: 甲, feed: {of: burden, when: {reached: {relief_of_year: 1}}}}\n"
    count = ("  relief_of_year: {per", tally + "  relief_of_year: {per")

    assert ["reached-outside"] == codes(tmp_path, count, ("of: burden\n    rate", "of: {tally: tally}\n    rate"))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("  - {id: near, label: 甲, clause: 一, any: [subsistence_margin]}\n", ["class-unserved"]),
        ("  - {id: near, label: 甲, clause: 一, any: [{class: poor}]}\n", ["class-unserved", "unreachable-class"]),
    ],
)
def test_every_class_is_served_and_can_be_reached(tmp_path: Path, more: str, expected: list[str]) -> None:
    assert expected == codes(tmp_path, (CLASS, CLASS + more))


def test_a_class_is_served_through_the_class_that_it_is_part_of(tmp_path: Path) -> None:
    key = "  - {id: key, label: 甲, clause: 一, any: [{class: poor}, orphan]}\n"

    assert [] == codes(tmp_path, (CLASS, CLASS + key), ("    for: poor\n", "    for: key\n"))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("[subsistence_allowance]", "[subsistence_allowance]", ["unreachable-class"]),
        ("[subsistence_allowance]", "[subsistence_allowance, orphan]", []),
        ("[subsistence_allowance, orphan]", "[orphan]", ["unreachable-class"]),
        ("[{status: orphan, when: {age: {below: 18}}}]", "[orphan]", []),
        ("[orphan]", "[{status: orphan, when: {age: {below: 18}}}]", ["unreachable-class"]),
        ("[orphan]", "[{status: orphan, cover: {until: year_end}}]", []),
    ],
)
def test_no_class_stands_wholly_behind_another(tmp_path: Path, first: str, second: str, expected: list[str]) -> None:
    classes = "".join(
        f"  - {{id: {name}, label: 甲, clause: 一, any: {members}}}\n"
        for name, members in (("poor", first), ("late", second))
    )
    edits = [(CLASS, classes), ("    for: poor\n", "    for: [poor, late]\n")]

    assert expected == codes(tmp_path, *edits)
    assert [] == codes(tmp_path, *edits, ("no_class:", "persons_in: every_class\nno_class:"))


STATED = part("choose: first_rule\n")
OLD_FIRST = ("    of: burden\n", "    when: {age: {at_least: 60}}\n    of: burden\n")


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([rule()], ["unreachable-rule"]),
        ([rule(when="{level: 3}")], ["unreachable-rule"]),
        ([rule(services="outpatient")], []),
        ([rule(services="[inpatient, outpatient]")], []),
        ([OLD_FIRST, rule()], []),
        ([OLD_FIRST, rule(when="{age: {at_least: 70}}")], ["unreachable-rule"]),
        ([OLD_FIRST, rule(when="{age: {at_least: 50}}")], []),
        ([OLD_FIRST, rule(when="{level: 3}")], ["rules-overlap"]),
        ([OLD_FIRST, rule(when="{level: 3}"), STATED], []),
        ([OLD_FIRST, rule(when="{level: 3}"), part("layers: [{id: relief, choose: first_rule}]\n")], []),
        ([OLD_FIRST, rule(when="{level: 3}"), part("layers: [{id: relief}]\n")], ["rules-overlap"]),
        ([OLD_FIRST, rule(unless="{age: {at_least: 60}}")], []),
        ([rule(when="{service: outpatient}")], ["never-applies"]),
        ([rule(when="{level: [4, 5]}", services="outpatient")], ["never-applies"]),
        ([rule(when="{month: {at_least: 13}}", services="outpatient")], ["never-applies"]),
        ([rule(when="{all: [{level: 1}, {level: 2}]}", services="outpatient")], ["never-applies"]),
        ([rule(when="{since: 2024-01-01, not: {since: 2023-01-01}}", services="outpatient")], ["never-applies"]),
        ([rule(when="{since: 2024-01-01}")], ["unreachable-rule"]),
        ([rule(after="relief", services="outpatient")], ["never-applies"]),
        ([rule(), part("choose: all\n")], []),
        ([rule(), part("choose: highest_rate\n")], []),
        ([rule("no", "refuse: 不", when="{level: 3}"), OLD_FIRST], ["rules-overlap"]),
        ([rule("no", "refuse: 不"), OLD_FIRST], []),
    ],
)
def test_every_rule_can_apply_and_crossing_ones_have_an_order(
    tmp_path: Path, edits: list[Edit], expected: list[str]
) -> None:
    assert expected == codes(tmp_path, *edits)


def test_two_refusals_need_no_order(tmp_path: Path) -> None:
    more = (
        "  - {id: a, clause: 二, for: poor, services: childbirth, when: {level: 1}, refuse: 甲}\n"
        "  - {id: b, clause: 二, for: poor, services: childbirth, when: {county: true}, refuse: 乙}\n"
    )

    assert [] == codes(tmp_path, (LAST, LAST + more))


def test_crossing_rules_are_told_once_with_an_example(tmp_path: Path) -> None:
    more = rule(when="{level: 3}")[1] + rule("third", when="{county: true}")[1].replace(LAST, "", 1)
    (finding,) = findings(tmp_path, OLD_FIRST, (LAST, more))

    assert "住院、低保对象" in finding.message
    assert "共 3 对" in finding.message


def test_rules_for_everyone_cross_without_a_status(tmp_path: Path) -> None:
    first = rule("a", for_="everyone", services="all", when="{level: 1}")[1]
    more = first + rule("b", for_="everyone", services="all", when="{county: true}")[1].replace(LAST, "", 1)

    assert ["rules-overlap"] == codes(tmp_path, (LAST, more))


def test_a_policy_with_conditions_beyond_reason_is_let_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Solver.__init__, "__defaults__", (3,))

    assert [] == codes(tmp_path, rule())


def test_a_plan_has_no_classes(tmp_path: Path) -> None:
    text = (
        "plan:\n  id: plan\n  title: 方案\n  issuer: 医保局\n  region: '370000'\n  in_force: {from: 2023-01-01}\n"
        "no_class: {clause: 一}\nclasses:\n" + CLASS + "layers: [{id: basic}]\n"
        "benefits:\n  - {id: a, clause: 甲, for: poor, services: all, of: in_policy, rate: 60%}\n"
    )

    assert ["plan-classes"] == codes(tmp_path, text=text)


def test_relief_may_be_named_where_it_is_the_only_layer(tmp_path: Path) -> None:
    assert [] == codes(tmp_path, ("    of: burden\n", "    layer: relief\n    of: burden\n"))
    assert ["unknown-layer"] == codes(tmp_path, ("    of: burden\n", "    layer: basic\n    of: burden\n"))
    assert ["not-a-list"] == codes(tmp_path, part("layers: []\n"))


@pytest.mark.parametrize(
    ("pays", "services", "expected"),
    [
        ("of: burden, bands: [{to: 1000, rate: 50%}, {rate: 80%}]", "[inpatient]", ["competes-without-rate"]),
        ("amount: 100", "[inpatient]", ["competes-without-rate"]),
        ("of: burden, bands: [{to: 1000, rate: 50%}, {rate: 80%}]", "[childbirth]", []),
        ("amount: 100", "[childbirth]", []),
        ("of: burden, rate: 50%", "[inpatient]", []),
    ],
)
def test_only_single_rates_compete(tmp_path: Path, pays: str, services: str, expected: list[str]) -> None:
    more = f"  - {{id: other, clause: 二, for: everyone, services: {services}, {pays}}}\n"

    assert expected == codes(tmp_path, (LAST, LAST + more), part("choose: highest_rate\n"))
