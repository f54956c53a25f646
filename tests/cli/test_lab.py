"""`tuodi lab …`: cities, changes, searches, comparisons, on the terminal and as reports."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.city import POLICY, city
from tests.cli.terminal import tuodi

RATE = "benefits.relief_1.rate"


def test_a_city_is_made_and_held_against_its_targets(tmp_path: Path) -> None:
    asked = ("--city", "liaocheng", "--persons", "1,000", "--seed", "3")
    run = tuodi("lab", "population", *asked, "--out", str(tmp_path / "c"), "--report", str(tmp_path / "c.html"))
    manifest = json.loads((tmp_path / "c" / "manifest.json").read_bytes())

    assert (0, "") == (run.code, run.err)
    assert (1000, 3) == (manifest["persons"], manifest["seed"])
    assert "低保人口占比" in run.out
    assert "种子 3" in (tmp_path / "c.html").read_text(encoding="utf-8")


def test_numbers_lists_what_the_other_commands_take() -> None:
    run = tuodi("lab", "numbers", POLICY)

    assert 0 == run.code
    assert RATE in run.out
    assert "parameters.provincial_income" in run.out


def test_a_what_if_tells_its_cost_and_who_gains(tmp_path: Path) -> None:
    report = tmp_path / "w.html"
    run = tuodi(
        "lab", "what-if", POLICY, "--set", f"{RATE}=80%", "--population", str(city()),
        *("--income", "30万", "--opening", "1,000.50", "--other-spending", "0.5万"), "--report", str(report),
    )  # fmt: skip

    assert 0 == run.code, run.err
    assert "一年的救助支出由" in run.out
    assert "年末结余" in run.out
    assert "受益" in run.out
    assert f"--set {RATE}=80%" in report.read_text(encoding="utf-8")
    assert (tmp_path / "w.xlsx").exists()


def test_another_policy_is_tried_as_a_whole(tmp_path: Path) -> None:
    draft = tmp_path / "draft"
    tuodi("policy", "new", str(draft), "--from", POLICY)
    text = (draft / "policy.yaml").read_text(encoding="utf-8")
    (draft / "policy.yaml").write_text(text.replace("rate: 60%", "rate: 65%"), encoding="utf-8")
    run = tuodi("lab", "what-if", POLICY, "--policy", str(draft), "--population", str(city()))

    assert 0 == run.code, run.err
    assert "65%" in run.out


def test_repeated_populations_show_how_far_the_figures_spread() -> None:
    run = tuodi(
        "lab", "what-if", POLICY, "--set", f"{RATE}=80%", "--population", str(city(persons=1_000)), "--repeat", "3"
    )

    assert 0 == run.code, run.err
    assert "重复抽样的范围" in run.out


def test_a_change_that_breaks_what_is_proved_is_refused_with_its_bill() -> None:
    run = tuodi(
        "lab", "what-if", "anshan-2019-37", "--set", "benefits.destitute_stay.rate=10%", "--population", str(city())
    )

    assert (1, "") == (run.code, run.out)
    assert "这样改不成立，没有试算：" in run.err
    assert "账单增加，个人负担反而减少" in run.err


def test_a_search_gives_the_value_and_its_neighbour(tmp_path: Path) -> None:
    run = tuodi(
        "lab", "solve", POLICY, "--path", RATE, "--target", "5万", "--population", str(city()),
        "--report", str(tmp_path / "s.html"),
    )  # fmt: skip

    assert 0 == run.code, run.err
    assert "不超过 50000.00 元" in run.out
    assert "试过的值" in run.out
    assert "现行政策支出" in (tmp_path / "s.html").read_text(encoding="utf-8")


def test_a_search_may_leave_a_share_of_the_income() -> None:
    run = tuodi(
        "lab", "solve", POLICY, "--path", RATE, "--target", "5%", "--income", "8万", "--population", str(city()),
        "--from", "10%", "--to", "90%",
    )  # fmt: skip

    assert run.code in (0, 1), run.err
    assert "年末结余" in run.out or "支出" in run.out


def test_a_budget_that_no_value_meets_is_told_with_1() -> None:
    run = tuodi("lab", "solve", POLICY, "--path", RATE, "--target", "1元", "--population", str(city()))

    assert 1 == run.code
    assert run.out


def test_policies_are_compared_on_the_same_people(tmp_path: Path) -> None:
    run = tuodi(
        "lab", "compare", POLICY, "ningbo-2019-27", "--population", str(city()), "--report", str(tmp_path / "c.html")
    )

    assert 0 == run.code, run.err
    assert "宁波市" in run.out
    assert "低保家庭" in (tmp_path / "c.html").read_text(encoding="utf-8")


def test_real_files_serve_as_well_as_a_population() -> None:
    tables = [
        word for name in ("events", "statuses", "persons") for word in (f"--{name}", str(city() / f"{name}.parquet"))
    ]
    given = tuodi("lab", "what-if", POLICY, "--set", f"{RATE}=80%", *tables)
    whole = tuodi("lab", "what-if", POLICY, "--set", f"{RATE}=80%", "--population", str(city()))

    assert (0, 0) == (given.code, whole.code)
    assert given.out.splitlines()[2:] == whole.out.splitlines()[2:]


def test_a_population_without_a_manifest_is_still_people(tmp_path: Path) -> None:
    shutil.copytree(city(), tmp_path / "bare")
    (tmp_path / "bare" / "manifest.json").unlink()
    asked = ("lab", "what-if", POLICY, "--set", f"{RATE}=80%", "--population", str(tmp_path / "bare"))

    assert 0 == tuodi(*asked).code
    again = tuodi(*asked, "--repeat", "2")
    assert (2, True) == (again.code, "--repeat 只用于" in again.err)


PEOPLE = ("--population", "p")
WRONG_USE = {
    "no city": (("population", "--city", "atlantis", "--persons", "9", "--out", "x"), "没有城市“atlantis”"),
    "nobody": (("population", "--city", "liaocheng", "--persons", "0", "--out", "x"), "“0”不是从 1 起的整数"),
    "too many": (("population", "--city", "liaocheng", "--persons", "9" * 12, "--out", "x"), "换一个人数"),
    "no change": (("what-if", POLICY, *PEOPLE), "要有 --set 或者 --policy"),
    "two changes": (("what-if", POLICY, "--set", "a=1", "--policy", "b", *PEOPLE), "要有 --set 或者 --policy"),
    "nobody to try": (("what-if", POLICY, "--set", f"{RATE}=80%"), "要有 --population"),
    "opening alone": (("what-if", POLICY, "--set", f"{RATE}=80%", "--opening", "1万", "CITY"), "算结余要有 --income"),
    "no sum": (("what-if", POLICY, "--set", f"{RATE}=80%", "--income", "many", "CITY"), "写成金额，如 3000万"),
    "half a fen": (("what-if", POLICY, "--set", f"{RATE}=80%", "--income", "0.005", "CITY"), "写成金额"),
    "unknown number": (("what-if", POLICY, "--set", "benefits.x.rate=80%", "CITY"), "没有“benefits.x.rate”这个数"),
    "not a setting": (("what-if", POLICY, "--set", RATE, "CITY"), "写成 路径=数值"),
    "nothing changes": (("what-if", POLICY, "--set", f"{RATE}=70%", "CITY"), "没有改动"),
    "no share without income": (("solve", POLICY, "--path", RATE, "--target", "5%", "CITY"), "要有 --income"),
    "no rate": (("solve", POLICY, "--path", RATE, "--target", "x%", "--income", "1万", "CITY"), "--target"),
    "no target": (("solve", POLICY, "--path", RATE, "CITY"), "缺少 --target"),
    "no policies": (("compare", "CITY"), "缺少 POLICY..."),
    "no policy": (("compare", "nowhere-2020-1", "CITY"), "nowhere-2020-1"),
    "not a report": (("compare", POLICY, "CITY", "--report", "r.pdf"), "不以 .html 结尾"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_USE)
def test_wrong_use_is_told_with_a_way_out(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    arguments, told = WRONG_USE[name]
    filled = [word for one in arguments for word in (("--population", str(city())) if one == "CITY" else (one,))]
    run = tuodi("lab", *filled)

    assert (2, "") == (run.code, run.out)
    assert told in run.err
    assert [] == list(tmp_path.iterdir())


def test_sums_are_exact() -> None:
    from tuodi.cli.speech import chinese
    from tuodi.cli.yuan import fen_of

    texts = ["3000万", "1.2亿", "1,250,000.50", "0.0001万元", "7元"]
    assert [3_000_000_000, 12_000_000_000, 125_000_050, 100, 700] == [fen_of(one, "--x", chinese) for one in texts]


@pytest.mark.slow
def test_the_demonstration_makes_a_city_and_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(2):  # an earlier one gives way
        run = tuodi("demo", "--persons", "2000")

        assert 0 == run.code, run.err
        assert "build/demo/year.html" in run.out
        assert (tmp_path / "build" / "demo" / "what-if.html").exists()
        assert (tmp_path / "build" / "demo" / "settled" / "summary.json").exists()


@pytest.mark.slow
def test_the_demonstration_leaves_other_peoples_folders_alone(tmp_path: Path) -> None:
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "mine.txt").write_text("mine")
    run = tuodi("demo", "--persons", "500", "--out", str(tmp_path))

    assert 2 == run.code
    assert "mine" == (tmp_path / "city" / "mine.txt").read_text()
