"""`tuodi policy …`: the same for policies of the package and for any folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.cases import line
from tests.cli.terminal import tuodi
from tuodi.language.shelf import packaged_plans, packaged_policies
from tuodi.language.template import TEMPLATES


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A policy outside the package."""
    folder = tmp_path / "example-2026"
    assert 0 == tuodi("policy", "new", str(folder)).code
    return folder


def change(folder: Path, old: str, new: str, file: str = "policy.yaml") -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# ---- list ------------------------------------------------------------------------------------------------------------


def test_the_list_shows_policies_and_plans() -> None:
    run = tuodi("policy", "list")

    assert 0 == run.code
    assert all(name in run.out for name in packaged_policies())
    assert "liaocheng-resident-2022" in run.out


def test_the_list_of_a_folder_shows_what_stands_there(city: Path) -> None:
    assert "示医保发〔2026〕1号" in tuodi("policy", "list", str(city.parent)).out


def test_the_list_says_which_policy_has_faults(city: Path) -> None:
    change(city, "rate: 70%", "rate: 0.7")

    assert "有 1 个问题" in tuodi("policy", "list", str(city)).out


# ---- check -----------------------------------------------------------------------------------------------------------


def test_every_policy_of_the_package_is_well_and_settles_its_cases_to_the_fen() -> None:
    run = tuodi("policy", "check")

    assert (0, "") == (run.code, run.err)
    assert all(f"{name}：没有问题" in run.out for name in (*packaged_policies(), *packaged_plans()))
    assert run.out.count("逐分一致") >= 5


def test_a_check_shows_every_fault_with_its_place_and_remedy(city: Path) -> None:
    change(city, "rate: 70%", "rate: 0.7")
    change(city, "orphan, subsistence", "orphann, subsistence")
    run = tuodi("policy", "check", str(city))

    assert 1 == run.code
    assert f"{city}/policy.yaml:" in run.out
    assert "改法：" in run.out
    assert "共 2 个问题" in run.out


def test_a_check_tells_by_how_much_a_hand_worked_case_differs(city: Path) -> None:
    change(city, 'relief: "500.00"', 'relief: "500.01"', "cases/first.yaml")
    run = tuodi("policy", "check", str(city))

    assert 1 == run.code
    assert "事件 e1 救助：手算 500.01，结算 500.00 [worked-case-differs]" in run.out
    assert "cases/first.yaml:" in run.out


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("title: 低保边缘", "titel: 低保边缘", "缺少 title、case 或 expect"),
        ("    expect:\n", "    expect: none\n    other:\n", "expect 应是各事件的列表"),
        ("cases:\n", "case:\n", "文件里没有 cases 列表"),
        ('insurance: "resident"', 'insurance: "private"', ""),
        ("id: e1, relief", "id: e7, relief", "手算 ['e7', 'e2']"),
        ("service: inpatient", "service: surgery", "案例“低保边缘"),
        ("title: 低保边缘", "title: 低\tv", "制表符"),
        ("refusal: null", "refusal: {clause: 三(一)}", "不予救助的条款：手算 三(一)，结算 无"),
        ('lines: [{clause: 三(二)2, basis: "1000.00", paid: "500.00"}]', "lines: []", "待遇行数：手算 0，结算 1"),
    ],
)
def test_a_check_reads_hand_worked_cases_strictly(city: Path, old: str, new: str, told: str) -> None:
    text = (city / "cases/first.yaml").read_text(encoding="utf-8")
    if old in text:
        change(city, old, new, "cases/first.yaml")
        run = tuodi("policy", "check", str(city))
        assert 1 == run.code
        assert told in run.out


def test_a_policy_without_hand_worked_cases_says_so(city: Path) -> None:
    (city / "cases/first.yaml").unlink()
    run = tuodi("policy", "check", str(city))

    assert 0 == run.code
    assert "还没有手算案例" in run.out


def test_a_check_of_nothing_is_wrong_use(tmp_path: Path) -> None:
    run = tuodi("policy", "check", str(tmp_path))

    assert 2 == run.code
    assert f"tuodi policy new {tmp_path}" in run.err


# ---- coverage --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", packaged_policies())
def test_every_clause_of_the_package_has_its_entry(name: str) -> None:
    run = tuodi("policy", "coverage", name)

    assert 0 == run.code, run.out


def test_a_gap_in_the_numbering_is_a_clause_without_entry(city: Path) -> None:
    change(city, "  五(一): {is: warning, says: 高额费用监测预警}\n", "  五(三): {is: declaratory, says: 其他}\n")
    change(city, "clause: 五(一)", "clause: 五(二)")
    change(city, "clause: 五(一)", "clause: 五(二)")
    run = tuodi("policy", "coverage", str(city))

    assert 1 == run.code
    assert "没有 五(一)" in run.out


def test_coverage_of_a_policy_with_faults_shows_the_faults(city: Path) -> None:
    change(city, "rate: 70%", "rate: 0.7")
    run = tuodi("policy", "coverage", str(city))

    assert (1, "") == (run.code, run.out)
    assert "rate-without-percent" in run.err


# ---- describe --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", packaged_policies())
def test_every_policy_has_its_page_with_examples(name: str) -> None:
    run = tuodi("policy", "describe", name)

    assert 0 == run.code
    assert "## 算例" in run.out
    assert "恰好 |" in run.out


def test_examples_lie_around_thresholds_and_limits(city: Path) -> None:
    out = tuodi("policy", "describe", str(city)).out

    assert "| 3,001.00 | 0.50 | 0.50 | 3,000.50 | “医疗救助”起付线：多1元 |" in out
    assert "| 33,000.00 | 15,000.00 | 15,000.00 | 18,000.00 | “医疗救助”最高额：恰好 |" in out


def test_a_plan_has_a_page_without_examples() -> None:
    run = tuodi("policy", "describe", "liaocheng-resident-2022")

    assert 0 == run.code
    assert "算例" not in run.out


def test_a_page_is_written_as_markdown_or_html(city: Path, tmp_path: Path) -> None:
    for name, begins in (("page.md", "# 示例市"), ("page.html", "<!doctype html>")):
        assert 0 == tuodi("policy", "describe", str(city), "-o", str(tmp_path / name)).code
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)


def test_a_page_of_another_kind_is_wrong_use(city: Path) -> None:
    assert 2 == tuodi("policy", "describe", str(city), "-o", "page.docx").code


# ---- diff ------------------------------------------------------------------------------------------------------------


def test_a_policy_does_not_differ_from_itself_laid_out_otherwise(city: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    tuodi("policy", "new", str(other), "--from", str(city))
    change(other, "id: other", "id: example-2026")
    path = other / "policy.yaml"
    path.write_text(
        "# 另一种写法\n" + path.read_text(encoding="utf-8").replace("rate: 70%", 'rate: "70.00%"'), encoding="utf-8"
    )
    run = tuodi("policy", "diff", str(city), str(other))

    assert (0, "两份政策没有实质差别。\n") == (run.code, run.out)


def test_a_changed_number_is_shown_with_its_clause_and_what_it_means_for_cases(city: Path, tmp_path: Path) -> None:
    other, cases = tmp_path / "other", tmp_path / "cases.jsonl"
    tuodi("policy", "new", str(other), "--from", str(city))
    change(other, "rate: 70%", "rate: 75%")
    cases.write_text(
        f"{line(('parameters', {'unknown': '1.00'}))}\n{line(('events.0.date', '2026-03-01'))}\n{{\n", encoding="utf-8"
    )
    run = tuodi("policy", "diff", str(city), str(other), "--cases", str(cases))

    assert 1 == run.code
    assert "比例或定额" in run.out
    assert "9,800.00   10,500.00   +700.00" in run.out
    assert (
        "2 个事件：救助合计 9800.00 → 10500.00 元（+700.00），1 个增加，0 个减少；1 行不能按两份政策结算。" in run.out
    )
    assert "第 3 行：不是完整的 JSON" in run.out


def test_a_case_with_a_plan_is_compared_under_it(tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    planned = line(
        ("plan", "liaocheng-resident-2022"), ("events.0.amounts.basic", None), ("events.0.admission_number", 1)
    )
    cases.write_text(planned)
    run = tuodi("policy", "diff", "liaocheng-2022-5", "liaocheng-2022-5", "--cases", str(cases))

    assert 0 == run.code
    assert "1 个事件" in run.out


def test_cases_that_cannot_be_compared_are_findings(city: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text("[]")
    run = tuodi("policy", "diff", str(city), str(city), "--cases", str(cases))

    assert 1 == run.code
    assert "第 1 行：应为对象，这里是数组" in run.out


def test_a_case_file_that_is_not_there_is_wrong_use(city: Path) -> None:
    assert 2 == tuodi("policy", "diff", str(city), str(city), "--cases", "nowhere.jsonl").code


# ---- prove -----------------------------------------------------------------------------------------------------------


def test_a_proof_shows_what_holds_and_where_the_slope_changes(city: Path) -> None:
    run = tuodi("policy", "prove", str(city))

    assert 0 == run.code
    assert "限额不被突破               成立" in run.out
    assert "33,000.00" in run.out
    assert "低保边缘家庭成员，住院，居民医保" in run.out


def test_ways_of_settling_with_the_same_slopes_are_shown_once(city: Path) -> None:
    change(city, "rate: 50%", "rate: {by: level, cases: {1: 50%, 2: 50%, 3: 45%}}")
    run = tuodi("policy", "prove", str(city))

    assert 0 == run.code
    assert "，等 " in run.out
    assert 1 == run.out.count("33,000.00")


def test_a_counter_example_is_written_as_a_case_that_settles(city: Path, tmp_path: Path) -> None:
    change(city, "rate: 50%", "rate: 80%")
    change(city, "above: {burden_of_year: 3000}", "above: {burden_of_year: 0}")
    run = tuodi("policy", "prove", str(city), "-o", str(tmp_path / "proof"))
    files = sorted((tmp_path / "proof").iterdir())

    assert 1 == run.code
    assert "property-fails" in run.out
    assert ["class_order"] == sorted({path.name.partition("-")[0] for path in files})
    settled = tuodi("settle", str(files[0]), "--policies", str(city))
    assert 0 == settled.code
    earlier, later = (result["events"][0]["relief"] for result in settled.results)
    assert float(earlier) < float(later)


@pytest.mark.slow
def test_a_proof_takes_a_plan() -> None:
    run = tuodi("policy", "prove", "liaocheng-2022-5", "--plan", "liaocheng-resident-2022")

    assert 0 == run.code, run.out
    assert "按参保方案" in run.out or "逐层证明" in run.out


def test_a_proof_takes_parameters(city: Path, tmp_path: Path) -> None:
    run = tuodi("policy", "prove", str(city), "--set", "city_income=48000", "-o", str(tmp_path / "proof"))

    assert 0 == run.code
    assert "没有反例" in run.out
    assert 2 == tuodi("policy", "prove", str(city), "--set", "city_income").code
    assert 1 == tuodi("policy", "prove", str(city), "--set", "city_income=much").code
    assert 2 == tuodi("policy", "prove", str(city), "-o", "/proc/nothing").code


# ---- new -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("template", [*TEMPLATES, "yangquan-2019-45"])
def test_a_new_policy_checks_covers_and_describes_as_it_stands(template: str, tmp_path: Path) -> None:
    folder = str(tmp_path / "Neue Stadt")

    assert 0 == tuodi("policy", "new", folder, "--from", template).code
    assert "逐分一致" in tuodi("policy", "check", folder).out
    assert 0 == tuodi("policy", "coverage", folder).code
    assert "id: neue-stadt" in (tmp_path / "Neue Stadt/policy.yaml").read_text(encoding="utf-8")


def test_a_folder_that_is_there_stays_as_it_is(city: Path) -> None:
    run = tuodi("policy", "new", str(city))

    assert 2 == run.code
    assert "不会改动它" in run.err


def test_a_template_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    assert 2 == tuodi("policy", "new", str(tmp_path / "x"), "--from", "nothing-like-it").code


def test_a_template_with_faults_shows_the_faults(city: Path, tmp_path: Path) -> None:
    change(city, "rate: 50%", "rate: 0.5")
    run = tuodi("policy", "new", str(tmp_path / "copy"), "--from", str(city))

    assert 1 == run.code
    assert "rate-without-percent" in run.err


def test_a_template_in_an_old_encoding_is_wrong_use(city: Path, tmp_path: Path) -> None:
    (city / "notes.md").write_bytes("说明".encode("gb18030"))
    run = tuodi("policy", "new", str(tmp_path / "copy"), "--from", str(city))

    assert 2 == run.code
    assert "notes.md 不是 UTF-8 编码" in run.err


def test_a_place_where_nothing_may_be_written_is_wrong_use() -> None:
    assert 2 == tuodi("policy", "new", "/proc/nothing/city").code


def test_a_new_policy_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []

    def full(path: Path, text: str, encoding: str) -> None:
        if written:
            raise OSError(28, "No space left on device")
        written.append(path)
        path.write_bytes(text.encode(encoding))

    monkeypatch.setattr(Path, "write_text", full)
    run = tuodi("policy", "new", str(tmp_path / "deep" / "city"))

    assert 2 == run.code
    assert "磁盘已满" in run.err
    assert ([], 1) == (list(tmp_path.iterdir()), len(written))
