"""Examples around thresholds and limits, for whatever policy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.terminal import tuodi
from tests.house.tree import ROOT
from tuodi.cli.boundary import examples
from tuodi.language.load import load_policy
from tuodi.language.model import Refuse
from tuodi.language.shelf import packaged_policies, standing_on

FOLDERS = {**packaged_policies(), **standing_on(ROOT / "tests/policies/shapes")}


@pytest.mark.parametrize("name", FOLDERS)
def test_every_benefit_has_an_example_that_pays(name: str) -> None:
    policy = load_policy(Path(FOLDERS[name]))
    heads = [one for one in policy.benefits if one.after is None and not isinstance(one.pay, Refuse)]
    found = examples(policy)

    assert len([head for head in heads if head.layer == "relief"]) == len(found)
    assert all(any(row.relief for row in example.rows) for example in found)


@pytest.mark.parametrize("name", FOLDERS)
def test_an_example_adds_up(name: str) -> None:
    for example in examples(load_policy(Path(FOLDERS[name]))):
        for row in example.rows:
            assert sum(row.paid) == row.relief


def test_just_below_a_threshold_nothing_is_paid_and_just_above_something() -> None:
    second = examples(load_policy(FOLDERS["liaocheng-2022-5"]))[1]
    remarks = {row.remark: row for row in second.rows}

    assert 0 == remarks["“救助”起付线：差1元"].relief == remarks["“救助”起付线：恰好"].relief
    assert 50 == remarks["“救助”起付线：多1元"].relief
    assert 300_000 == remarks["“救助”起付线：恰好"].total


def test_just_below_a_limit_less_is_paid_and_just_above_no_more() -> None:
    third = examples(load_policy(FOLDERS["liaocheng-2022-5"]))[2]
    remarks = {row.remark.partition("：")[2]: row for row in third.rows if "最高额" in row.remark}

    assert remarks["差1元"].relief < remarks["恰好"].relief == remarks["多1元"].relief == 2_000_000


def test_what_an_example_assumes_is_said() -> None:
    (qingdao,) = examples(load_policy(FOLDERS["qingdao-2018-1"]))

    assert "参数取示例值：" in qingdao.assumptions
    assert "病种" in qingdao.assumptions


def test_a_field_that_every_case_must_bring_is_brought_and_told(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    assert 0 == tuodi("policy", "new", str(folder)).code
    path = folder / "policy.yaml"
    asked = "facts:\n  province: {type: flag, label: 省内就医}\nquantities:"
    text = path.read_text(encoding="utf-8").replace("quantities:", asked, 1)
    path.write_text(text.replace("when: {region: false}", "when: {province: false}"), encoding="utf-8")
    found = examples(load_policy(folder))

    assert 2 == len(found)
    assert all("省内就医：是" in example.assumptions for example in found)
