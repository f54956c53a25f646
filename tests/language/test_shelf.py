"""Policies are found by id, by folder, by file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tuodi.core.finding import Faults
from tuodi.language.shelf import PLANS, POLICIES, find, packaged_plans, packaged_policies, standing_on


def test_the_package_has_five_policies_and_their_sample_plans() -> None:
    assert [
        "anshan-2019-37",
        "liaocheng-2022-5",
        "ningbo-2019-27",
        "qingdao-2018-1",
        "yangquan-2019-45",
    ] == list(packaged_policies())
    assert all((folder / "policy.yaml").is_file() for folder in packaged_plans().values())


def test_a_policy_is_found_by_id_folder_and_file() -> None:
    folder = POLICIES / "liaocheng-2022-5"

    assert folder == find("liaocheng-2022-5")
    assert folder == find(str(folder))
    assert folder == find(str(folder / "policy.yaml"))
    assert PLANS / "liaocheng-resident-2022" == find("liaocheng-resident-2022")


def test_a_shelf_goes_before_the_package(tmp_path: Path) -> None:
    copy = tmp_path / "liaocheng-2022-5"
    copy.mkdir()
    (copy / "policy.yaml").write_text("")

    assert copy == find("liaocheng-2022-5", [tmp_path])
    assert {"liaocheng-2022-5": copy} == standing_on(copy)
    assert {} == standing_on(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("name", "told"),
    [("liaochen-2022-5", "是否想写“liaocheng-2022-5”？"), ("林州", "已有的政策："), (".", "tuodi policy new")],
)
def test_what_is_not_there_comes_with_a_way_out(
    name: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(Faults) as caught:
        find(name)
    (finding,) = caught.value.findings
    assert "no-policy" == finding.code
    assert told in finding.remedy
