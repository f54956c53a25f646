"""`tuodi explain`: one case, from the bill to what the family pays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.cases import case, line
from tests.cli.terminal import tuodi
from tuodi.language.shelf import POLICIES


@pytest.fixture
def cases(tmp_path: Path) -> str:
    path = tmp_path / "cases.jsonl"
    path.write_text(f"{line()}\n\n{line(person='P2')}\n", encoding="utf-8")
    return str(path)


def test_the_bill_goes_step_by_step_to_what_the_person_pays(cases: str) -> None:
    run = tuodi("explain", cases)

    assert 0 == run.code
    for told in (
        "住院总费用 50,000.00 元",
        "医疗总费用              50,000.00",
        "救助（三(四)1）       9,800.00   14,000.00 × 70%",
        "个人自付              9,200.00",
        "年度救助限额      30,000.00   9,800.00   20,200.00",
        "年度政策范围内个人负担   2023   0.00   14,000.00",
    ):
        assert told in run.out
    assert "还有 1 个案例" in run.out


def test_a_line_is_chosen_by_its_number(cases: str) -> None:
    chosen = tuodi("explain", cases, "--line", "3")

    assert chosen.out == tuodi("explain", f"{cases}#3").out
    assert "cases.jsonl #3" in chosen.out


def test_a_json_file_may_be_laid_out_as_one_likes(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case(), indent=2), encoding="utf-8")

    assert "个人自付" in tuodi("explain", str(path)).out


def test_a_hand_worked_case_is_found_by_policy_and_title() -> None:
    run = tuodi("explain", "liaocheng-2022-5", "--title", "低保住院，逐次支付恰好到年度限额", "--event", "e2")

    assert 0 == run.code
    assert "手算：" in run.out
    assert "【e2】" in run.out
    assert "【e1】" not in run.out


def test_a_hand_worked_case_is_found_in_its_file() -> None:
    path = sorted((POLICIES / "liaocheng-2022-5" / "cases").glob("*.yaml"))[0]

    assert 0 == tuodi("explain", str(path)).code


def test_every_step_of_the_program_may_be_seen(cases: str) -> None:
    run = tuodi("explain", cases, "--steps")

    assert "程序的每一步" in run.out
    assert "pay(amount=" in run.out


def test_the_account_comes_in_english(cases: str) -> None:
    run = tuodi("explain", cases, "--lang", "en")

    assert "Hospital stay, bill of 50,000.00 yuan" in run.out
    assert "= the person pays" in run.out


def test_a_refusal_names_its_clause(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(line(("person.insurance", "none")), encoding="utf-8")
    run = tuodi("explain", str(path))

    assert "不予救助" in run.out
    assert "三(三)" in run.out


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("nowhere.jsonl",), 2, "没有这个案例文件"),
        (("liaocheng-2022-5", "--title", "没有这样的题目"), 2, "没有这个案例"),
        (("liaocheng-2022-5#999",), 2, "没有这个案例"),
        (("missing.yaml",), 2, "不能读"),
    ],
)
def test_a_case_that_is_not_there_is_wrong_use(arguments: tuple[str, ...], code: int, told: str) -> None:
    run = tuodi("explain", *arguments)

    assert code == run.code
    assert told in run.err


def test_a_line_that_is_not_there_is_wrong_use(cases: str) -> None:
    assert "没有第 9 行案例" in tuodi("explain", cases, "--line", "9").err
    assert "没有第 0 行案例" in tuodi("explain", cases, "--line", "0").err
    assert 2 == tuodi("explain", "liaocheng-2022-5#0").code


def test_an_event_that_is_not_there_is_wrong_use(cases: str) -> None:
    run = tuodi("explain", cases, "--event", "e9")

    assert 2 == run.code
    assert "没有事件“e9”；有：e1" in run.err


def test_a_case_with_faults_shows_them_all(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(line(("person.insurance", "private"), ("events.0.service", "surgery")), encoding="utf-8")
    run = tuodi("explain", str(path))

    assert 1 == run.code
    assert "共 2 个问题" in run.err
