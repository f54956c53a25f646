"""The policy author's guide: its blocks are a policy, its commands run, in the order in which they stand."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.terminal import tuodi
from tests.house.tree import ROOT
from tuodi.language.model import BUILT_IN_FACTS, ClauseKind, Property
from tuodi.language.shelf import find

GUIDE = (ROOT / "docs/policy-authors-guide.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(yaml|yaml cases/first.yaml|console)\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What each command said, after the policy has been written as far as the page goes before it."""
    monkeypatch.chdir(tmp_path)
    said = {}
    whole = "".join(block for kind, block in BLOCKS if kind == "yaml")
    for kind, block in BLOCKS:
        if kind == "yaml cases/first.yaml":
            (tmp_path / "shili-2026-8/cases/first.yaml").write_text(block, encoding="utf-8")
        for command in re.findall(r"^\$ tuodi (.*)$", block, re.MULTILINE) if kind == "console" else ():
            run = tuodi(*shlex.split(command))
            assert run.code == 0, f"{command}\n{run.out}{run.err}"
            said[command] = run.out
            if command == "policy new shili-2026-8":
                (tmp_path / "shili-2026-8/cases/first.yaml").unlink()
                (tmp_path / "shili-2026-8/policy.yaml").write_text(whole, encoding="utf-8")
    return said


def test_whoever_follows_the_guide_has_a_checked_and_proved_policy(followed: dict[str, str]) -> None:
    assert "手算案例 1 个、事件 2 个，逐分一致" in tuodi("policy", "check", "shili-2026-8").out
    assert "待遇 6 项，条款 17 条" in followed["policy check shili-2026-8"]
    assert "不成立" not in followed["policy prove shili-2026-8 --set city_income=48000"]
    assert "两份政策没有实质差别" in followed["policy diff shili-2026-8 shili-draft"]
    assert "医疗救助" in Path("shili.html").read_text(encoding="utf-8")
    assert Path("shili-2026-8") == find("shili-2026-8")


def test_the_reference_names_what_the_language_knows() -> None:
    for word in (
        *BUILT_IN_FACTS,
        *(kind.value for kind in ClauseKind),
        *(each.value for each in Property),
        *("first_class", "every_class", "first_rule", "highest_rate", "all"),
    ):
        assert f"`{word}`" in GUIDE, word


def test_both_languages_write_the_same_policy() -> None:
    chinese = (ROOT / "docs/policy-authors-guide.zh-CN.md").read_text(encoding="utf-8")
    english, translated = (re.findall(r"```.*?```", page, re.DOTALL) for page in (GUIDE, chinese))

    assert english == translated
    assert set(re.findall(r"`([a-z_]+)`", GUIDE)) == set(re.findall(r"`([a-z_]+)`", chinese))
