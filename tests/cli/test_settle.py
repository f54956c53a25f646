"""`tuodi settle`: every case gets its line, whatever stands on the others."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.cases import MISSING, case, line
from tests.cli.terminal import tuodi
from tuodi.cli.stock import MOST_ENGINES, Stock
from tuodi.engine.case import CaseNames
from tuodi.language.shelf import POLICIES

AMOUNTS = "events.0.amounts"


def written(folder: Path, *lines: str) -> str:
    path = folder / "cases.jsonl"
    path.write_text("".join(f"{one}\n" for one in lines), encoding="utf-8")
    return str(path)


def test_a_case_is_settled_to_the_fen_with_its_clauses() -> None:
    run = tuodi("settle", "-", stdin=line())

    assert 0 == run.code
    assert [
        {
            "policy": "liaocheng-2022-5",
            "person": "P1",
            "events": [
                {
                    "id": "e1",
                    "relief": "9800.00",
                    "personal": "9200.00",
                    "lines": [
                        {
                            "benefit": "relief_1",
                            "clause": "三(四)1",
                            "basis": "14000.00",
                            "rate": "70%",
                            "paid": "9800.00",
                        },
                        {"benefit": "re_relief_1", "clause": "三(四)1", "basis": "0.00", "rate": "70%", "paid": "0.00"},
                    ],
                    "refusal": None,
                }
            ],
        }
    ] == run.results
    assert "" == run.err


def test_results_come_in_the_order_of_the_cases() -> None:
    run = tuodi("settle", "-", stdin="\n".join(line(person=f"P{number}") for number in range(50)))

    assert [f"P{number}" for number in range(50)] == [result["person"] for result in run.results]


BAD_INPUT = {
    "unknown field": (("events.0.ward", "B2"), "unknown-field", "events[0].ward"),
    "missing amount": ((f"{AMOUNTS}.basic", MISSING), "missing-field", "events[0].amounts.basic"),
    "three decimals": ((f"{AMOUNTS}.total", "50000.001"), "money-decimals", "events[0].amounts.total"),
    "negative amount": ((f"{AMOUNTS}.basic", "-1.00"), "money-negative", "events[0].amounts.basic"),
    "number for money": ((f"{AMOUNTS}.basic", 28000.0), "money-not-text", "events[0].amounts.basic"),
    "unknown status": (("person.statuses.0.status", "poor"), "unknown-status", "person.statuses[0].status"),
    "unknown service": (("events.0.service", "surgery"), "unknown-service", "events[0].service"),
    "payers above bill": ((f"{AMOUNTS}.basic", "48000.00"), "payers-above-total", "events[0].amounts"),
    "in policy above bill": (
        (f"{AMOUNTS}.in_policy", "50000.01"),
        "in-policy-above-total",
        "events[0].amounts.in_policy",
    ),
    "unknown policy": (("policy", "nowhere-2020-1"), "no-policy", "policy"),
    "unknown plan": (("plan", "nowhere-plan"), "no-plan", "plan"),
    "unknown parameter": (("parameters", {"rate": "70%"}), "unknown-parameter", "parameters.rate"),
    "no events": (("events", MISSING), "missing-field", "events"),
    "no day": (("events.0.date", "2023-02-30"), "bad-date", "events[0].date"),
}


@pytest.mark.parametrize("name", BAD_INPUT)
def test_a_case_with_a_fault_says_where_why_and_what_mends_it(name: str) -> None:
    change, code, path = BAD_INPUT[name]
    run = tuodi("settle", "-", stdin=f"{line(change)}\n{line(person='P2')}\n")
    faulty, well = run.results

    assert 1 == run.code
    assert "P1" == faulty["person"]
    assert (code, path) in [(error["code"], error["path"]) for error in faulty["errors"]]
    assert all(
        error["code"] and error["message"] and error["remedy"] and error["line"] == 1 for error in faulty["errors"]
    )
    assert "9800.00" == well["events"][0]["relief"]


def test_all_faults_of_a_case_are_told_at_once() -> None:
    changes = [(f"{AMOUNTS}.total", "1.234"), ("events.0.service", "surgery"), ("person.insurance", "private")]
    (result,) = tuodi("settle", "-", stdin=line(*changes)).results

    assert ["person.insurance", "events[0].service", "events[0].amounts.total"] == [
        error["path"] for error in result["errors"]
    ]


def test_broken_json_on_line_3_of_10_leaves_the_other_nine_settled() -> None:
    lines = [line(person=f"P{number}") for number in range(1, 11)]
    lines[2] = lines[2][:200]
    run = tuodi("settle", "-", stdin="\n".join(lines))
    results = run.results

    assert 1 == run.code
    assert {"code": "broken-json", "line": 3} == {key: results[2]["errors"][0][key] for key in ("code", "line")}
    assert 9 == sum("events" in result for result in results)
    assert "10 个案例中有 1 个有错误" in run.err
    assert "第 3 行" in run.err


BROKEN_LINES = {
    "cut": (b'{"policy": "liaoch', "broken-json"),
    "nothing like it": (b"<xml/>", "broken-json"),
    "two values": (b"{} {}", "broken-json"),
    "not a number": (b'{"policy": NaN}', "not-a-number"),
    "infinity": (b'{"policy": -Infinity}', "not-a-number"),
    "latin bytes": (b'{"policy": "\xe9"}', "not-utf8"),
    "a list": (b"[]", "wrong-type"),
    "a text": (b'"case"', "wrong-type"),
    "key twice": (b'{"policy":"a","policy":"b"}', "duplicate-key"),
    "key twice, spaced": (b'{"policy" : "a", "policy" : "b"}', "duplicate-key"),
    "key twice, a colon escaped": (b'{"policy":"\\u003a","policy":"b"}', "duplicate-key"),
    "too deep": (b"[" * 5000, "nested-too-deep"),
    "too deep, closed": (b"[" * 1000 + b"]" * 1000, "nested-too-deep"),
    "too deep, with an escape": (b'["\\u0041",' + b"[" * 1000 + b"]" * 1001, "nested-too-deep"),
    "a number beyond all numbers": (b'{"policy": 1e999}', "not-a-number"),
}


@pytest.mark.parametrize("name", BROKEN_LINES)
def test_a_line_that_is_no_case_is_a_finding(name: str) -> None:
    broken, code = BROKEN_LINES[name]
    run = tuodi("settle", "-", stdin=broken + b"\n" + line().encode())

    assert 1 == run.code
    assert code == run.results[0]["errors"][0]["code"]
    assert None is run.results[0]["person"]
    assert "events" in run.results[1]


def test_a_file_in_an_old_encoding_is_told_how_to_convert() -> None:
    (result,) = tuodi("settle", "-", stdin=line(("person.id", "张")).encode("gb18030")).results

    assert "iconv -f GB18030 -t UTF-8" in result["errors"][0]["remedy"]


def test_many_keys_that_stand_twice_are_found_at_once_and_the_first_are_told() -> None:
    twice = ",".join(f'"k{number}":0,"k{number}":1' for number in range(50_000))
    (result,) = tuodi("settle", "-", stdin=f"{{{twice}}}").results

    assert 20 == len(result["errors"])
    assert {"duplicate-key"} == {error["code"] for error in result["errors"]}


def test_a_single_absurdly_long_line_is_skipped() -> None:
    long = line(("person.id", "x" * (17 * 1024 * 1024)))
    first, second = tuodi("settle", "-", stdin=f"{long}\n{line()}").results

    assert "line-too-long" == first["errors"][0]["code"]
    assert "events" in second


@pytest.mark.parametrize("content", ["", "\n\n  \n"], ids=["empty", "blank"])
def test_a_file_without_a_case_is_wrong_use_and_writes_nothing(content: str, tmp_path: Path) -> None:
    path, out = tmp_path / "cases.jsonl", tmp_path / "results.jsonl"
    path.write_text(content)
    run = tuodi("settle", str(path), "-o", str(out))

    assert 2 == run.code
    assert "里没有案例" in run.err
    assert not out.exists()


def test_a_byte_order_mark_blank_lines_and_windows_line_ends_are_read_over() -> None:
    run = tuodi("settle", "-", stdin=f"\ufeff{line()}\r\n\r\n   \n{line(person='P2')}")

    assert 0 == run.code
    assert ["P1", "P2"] == [result["person"] for result in run.results]


# ---- where results go ------------------------------------------------------------------------------------------------


def test_results_are_written_to_a_file_that_appears_whole(tmp_path: Path) -> None:
    cases, out = written(tmp_path, line()), tmp_path / "results.jsonl"
    run = tuodi("settle", cases, "-o", str(out))

    assert (0, "") == (run.code, run.out)
    assert "9800.00" == json.loads(out.read_text())["events"][0]["relief"]
    assert ["cases.jsonl", "results.jsonl"] == sorted(path.name for path in tmp_path.iterdir())


def test_the_input_is_never_overwritten(tmp_path: Path) -> None:
    cases = written(tmp_path, line())
    run = tuodi("settle", cases, "-o", str(tmp_path / "." / "cases.jsonl"))

    assert 2 == run.code
    assert "输出文件就是输入文件" in run.err
    assert case() == json.loads(Path(cases).read_text())


def test_nothing_half_done_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: Any) -> bytes:
        raise RuntimeError("out of luck")

    monkeypatch.setattr("tuodi.cli.settler.Settler.results", break_down)
    cases, out = written(tmp_path, line()), tmp_path / "results.jsonl"
    out.write_text("of yesterday")
    run = tuodi("settle", cases, "-o", str(out))

    assert 70 == run.code
    assert "RuntimeError: out of luck" in run.err
    assert "Traceback" not in run.err
    assert "of yesterday" == out.read_text()
    assert ["cases.jsonl", "results.jsonl"] == sorted(path.name for path in tmp_path.iterdir())


def test_a_device_is_written_straight(tmp_path: Path) -> None:
    assert 0 == tuodi("settle", written(tmp_path, line()), "-o", "/dev/null").code


@pytest.mark.parametrize(
    ("cases", "out", "why"),
    [
        ("missing.jsonl", "-", "没有这个文件"),
        (".", "-", "这是文件夹"),
        ("cases.jsonl", "no/such/folder/out.jsonl", "不能写"),
        ("cases.jsonl", ".", "不能写"),
    ],
)
def test_a_file_that_cannot_be_opened_is_wrong_use(
    cases: str, out: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, line())
    run = tuodi("settle", cases, "-o", out)

    assert 2 == run.code
    assert why in run.err


# ---- more than amounts -----------------------------------------------------------------------------------------------


def test_explanations_end_in_the_amounts_that_were_settled() -> None:
    (result,) = tuodi("settle", "-", "--explain", stdin=line()).results
    event = result["events"][0]
    explained = event["explanation"]

    assert event["lines"][0]["paid"] == explained["lines"][0]["paid"]
    assert "年度救助限额" == explained["lines"][0]["limits"][0]["label"]
    assert {"count": "relief_of_year", "key": 2023, "before": "0.00", "after": "9800.00"} in explained["counts"]
    assert explained["text"].startswith("住院总费用 50,000.00 元")


def test_explanations_come_in_english_too() -> None:
    (result,) = tuodi("settle", "-", "--explain", "--lang", "en", stdin=line()).results

    assert result["events"][0]["explanation"]["text"].startswith("Hospital stay, bill of 50,000.00 yuan")


def test_the_same_case_has_the_same_receipt() -> None:
    first, second = tuodi("settle", "-", "--receipts", stdin=f"{line()}\n{line()}").results

    assert first["receipt"] == second["receipt"]
    assert ["e1"] == first["receipt"]["events"]


def test_a_plan_computes_what_insurance_pays() -> None:
    computed = [(f"{AMOUNTS}.basic", None), (f"{AMOUNTS}.critical_illness", None), ("events.0.admission_number", 1)]
    (result,) = tuodi("settle", "-", stdin=line(("plan", "liaocheng-resident-2022"), *computed)).results

    assert {"basic", "critical_illness"} == set(result["events"][0]["layers"])


# ---- policies from elsewhere -----------------------------------------------------------------------------------------


def a_copy(folder: Path, document_id: str, old: str = "", new: str = "") -> Path:
    shutil.copytree(POLICIES / "liaocheng-2022-5", folder)
    path = folder / "policy.yaml"
    text = path.read_text().replace("id: liaocheng-2022-5", f"id: {document_id}").replace(old, new)
    path.write_text(text)
    return folder


def test_a_policy_outside_the_package_settles_the_same_way(tmp_path: Path) -> None:
    a_copy(tmp_path / "shelf" / "copy", "copy-city-1", "rate: 70%", "rate: 80%")
    run = tuodi("settle", "-", "--policies", str(tmp_path / "shelf"), stdin=line(("policy", "copy-city-1")))

    assert ["11200.00"] == [run.results[0]["events"][0]["lines"][0]["paid"]]


def test_a_given_policy_stands_before_that_of_the_package(tmp_path: Path) -> None:
    a_copy(tmp_path / "copy", "liaocheng-2022-5", "rate: 70%", "rate: 80%")
    run = tuodi("settle", "-", "--policies", str(tmp_path / "copy"), stdin=line())

    assert "11200.00" == run.results[0]["events"][0]["lines"][0]["paid"]


def test_a_given_policy_with_faults_is_told_before_anything_is_settled(tmp_path: Path) -> None:
    a_copy(tmp_path / "copy", "copy-city-1", "rate: 70%", "rate: 0.7")
    run = tuodi("settle", "-", "--policies", str(tmp_path), stdin=line())

    assert (1, "") == (run.code, run.out)
    assert "policy.yaml:" in run.err


def test_a_shelf_without_policies_is_wrong_use(tmp_path: Path) -> None:
    run = tuodi("settle", "-", "--policies", str(tmp_path), stdin=line())

    assert 2 == run.code
    assert "policy.yaml" in run.err


def test_engines_are_kept_for_the_same_parameters_and_not_for_ever() -> None:
    stock, names = Stock(), CaseNames(policy="ningbo-2019-27", plan=None)
    rates = [{"other_special_rate": f"{cents // 100}.{cents % 100:02d}%"} for cents in range(MOST_ENGINES + 1)]
    first = stock.engine(names, rates[0])

    assert stock.engine(names, rates[0]) is first
    for rate in rates[1:]:
        stock.engine(names, rate)
    assert stock.engine(names, rates[-1]) is stock.engine(names, rates[-1])
    assert stock.engine(names, rates[0]) is not first
