"""Every report as a page and as files: self-contained, whole, the same each time, with the numbers of its result."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pyarrow.parquet as pq
import pytest

from tests.lab.lab_cases import change, people, policy, standing
from tuodi.core.finding import Faults, Finding, Place
from tuodi.lab.budget import Fund
from tuodi.lab.compare import compare
from tuodi.lab.population import make_population
from tuodi.lab.report.amounts import money
from tuodi.lab.report.document import Report
from tuodi.lab.report.files import places, write
from tuodi.lab.report.ground import Ground, origin, receipt
from tuodi.lab.report.of_comparison import of_comparison
from tuodi.lab.report.of_population import of_population
from tuodi.lab.report.of_solution import of_solution
from tuodi.lab.report.of_what_if import of_what_if
from tuodi.lab.report.of_year import of_year
from tuodi.lab.report.page import page
from tuodi.lab.report.workbook import workbook
from tuodi.lab.report.year import fund_year
from tuodi.lab.results import Broken, Outcome
from tuodi.lab.solve import solve, spending
from tuodi.lab.what_if import repeated, what_if

NAME = "liaocheng-2022-5"
GROUND = Ground(
    made="2024-01-02 10:40",
    command="tuodi lab what-if <x> & more",
    policies=(("政策", policy(NAME)),),
    parameters={"provincial_income": "4000.00", "item_limits": {str(place): "1.00" for place in range(9)}},
)
FUND = Fund(income=100_000_000, opening=20_000_000)


@cache
def year() -> Report:
    return of_year(fund_year(standing(NAME).bound, people(NAME)), GROUND)


@cache
def tried() -> Report:
    several = [what_if(change(NAME), people(NAME, 300, first), FUND) for first in (0, 300, 600)]
    return of_what_if(repeated(several), GROUND)


@cache
def solved() -> Report:
    goal = spending(50_000_000)
    return of_solution(solve(standing(NAME), "benefits.relief_1.rate", goal, people(NAME)), GROUND)


@cache
def compared() -> Report:
    regimes = [standing(name) for name in (NAME, "ningbo-2019-27", "yangquan-2019-45")]
    return of_comparison(compare(regimes, people(NAME)), GROUND)


REPORTS: dict[str, Callable[[], Report]] = {"year": year, "what-if": tried, "solve": solved, "compare": compared}


# ---- pages -----------------------------------------------------------------------------------------------------------


class Reader(HTMLParser):
    """What a browser would fetch, and whether every mark is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [f"{name}={value}" for name, value in attrs if name in ("src", "srcset", "data", "xlink:href")]
        self.fetched += [str(value) for name, value in attrs if name == "href" and not str(value).startswith("#")]
        self.fetched += [tag] if tag in ("script", "link", "img", "iframe", "object", "embed", "base", "form") else []

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop(), tag


@pytest.mark.parametrize("name", REPORTS)
def test_a_page_fetches_nothing_and_closes_every_mark(name: str) -> None:
    text = page(REPORTS[name]())
    reader = Reader()
    reader.feed(text)

    assert ([], []) == (reader.fetched, reader.open)
    assert "default-src 'none'" in text
    assert not re.search(r"url\(|@import|https?:", text)


@pytest.mark.parametrize("name", REPORTS)
def test_every_place_that_the_contents_name_is_there(name: str) -> None:
    text = page(REPORTS[name]())
    named = re.findall(r'<a href="#([^"]+)"', text)

    assert named
    assert [] == [one for one in named if text.count(f'<section id="{one}"') != 1]


@pytest.mark.parametrize("name", REPORTS)
def test_a_page_says_question_answer_method_limits_and_ground(name: str) -> None:
    report, text = REPORTS[name](), page(REPORTS[name]())

    assert all((report.question, report.answer, report.figures, report.method, report.limits))
    for title in ("问题", "结论", "怎样算的", "这些数字不能说明什么", "依据"):
        assert f"<h2>{title}</h2>" in text
    assert policy(NAME).content_hash in text
    assert "tuodi lab what-if &lt;x&gt; &amp; more" in text
    assert "None" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)


def test_a_what_if_tells_the_change_and_the_sums() -> None:
    report, relief = tried(), what_if(change(NAME), people(NAME), FUND).measure("relief")

    assert "由 70% 改为 75%" in report.question
    assert money(relief.before) in report.answer[0]
    assert money(relief.after) in report.answer[0]
    assert ["救助支出", money(relief.after)] == [report.figures[0].label, report.figures[0].text]
    assert "重复抽样：每次得到的数" in page(report)


def test_a_change_that_moves_nothing_is_said_to() -> None:
    result = what_if(change(NAME), replace(people(NAME), cases=people(NAME).cases[:0]))
    report = of_what_if(result, GROUND)

    assert "不变" in report.answer[0]
    assert "没有" in report.answer[1]
    assert "基金" not in report.question
    page(report)


def test_findings_are_told_as_far_as_they_fit() -> None:
    result = replace(fund_year(standing(NAME).bound, people(NAME)), findings=tuple(map(finding, range(20))))
    text = page(of_year(result, GROUND))

    assert "第 11 处" in text
    assert "第 12 处" not in text
    assert "另有 8 条以上" in text


def test_a_value_that_fails_its_proof_is_said_not_to_be_usable() -> None:
    found = solve(standing(NAME), "benefits.relief_1.rate", spending(50_000_000), people(NAME))
    report = of_solution(replace(found, broken=Broken((finding(1),), ()), outcome=Outcome.NOT_MONOTONE), GROUND)
    text = page(report)

    assert "这个值不能采用" in text
    assert "第 1 处" in text
    assert Outcome.NOT_MONOTONE.value in text


def test_a_policy_that_pays_nothing_is_named() -> None:
    regimes = [standing(NAME), standing("qingdao-2018-1")]
    report = of_comparison(compare(regimes, people(NAME)), GROUND)

    assert any("青岛市的文件在这群人身上没有一笔救助" in one for one in report.answer)


# ---- what it rests on ------------------------------------------------------------------------------------------------


def test_a_made_population_is_named_with_its_seed_and_hashes(tmp_path: Path) -> None:
    made = make_population("liaocheng", 300, 7, tmp_path / "city")
    ground = replace(GROUND, folder=tmp_path / "city")
    report = of_population(made, ground)
    said = dict(receipt(ground))

    assert "聊城市 2023年合成人群 300 人，种子 7" == said["人群"]
    assert all(len(said[f"文件 {name}.parquet"].split()[-1]) == 64 for name in ("persons", "statuses", "events"))
    assert origin(ground).synthetic
    assert "300 人，种子 7" in page(report)
    assert len(made.comparisons) == report.sheets[0].data.num_rows


def test_real_files_are_named_with_their_sizes(tmp_path: Path) -> None:
    (tmp_path / "bills.parquet").write_bytes(b"1234567")
    ground = replace(GROUND, files=(tmp_path / "bills.parquet", tmp_path / "gone.parquet"))

    files = [value for what, value in receipt(ground) if what == "文件"]
    assert [f"{tmp_path / 'bills.parquet'}，7 字节", f"{tmp_path / 'gone.parquet'}"] == files
    assert not origin(ground).synthetic


def test_many_values_of_a_parameter_are_counted_instead_of_listed() -> None:
    assert "等 9 项" in dict(receipt(GROUND))["参数"]


# ---- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_the_same_file_each_time(name: str) -> None:
    report = REPORTS[name]()

    assert (page(report), workbook(report)) == (page(report), workbook(report))
    with ZipFile(BytesIO(workbook(report))) as book:
        assert {b"2000-01-01T00:00:00Z"} == set(
            re.findall(rb"[0-9]{4}-[0-9-]+T[0-9:]+Z", book.read("docProps/core.xml"))
        )


@pytest.mark.parametrize("name", REPORTS)
def test_every_table_stands_in_the_workbook_and_in_parquet(name: str, tmp_path: Path) -> None:
    report = REPORTS[name]()
    written = write(report, tmp_path / "报告.html")

    assert ["报告-tables", "报告.html", "报告.xlsx"] == sorted(path.name for path in tmp_path.iterdir())
    assert ["说明", *(one.title for one in report.sheets)] == titles(written.workbook)
    for one in report.sheets:
        table = pq.read_table(written.tables / f"{one.id}.parquet")
        assert one.data.to_pylist() == table.to_pylist()
        assert [(column.label, column.unit.value) for column in one.columns] == [
            (field.metadata[b"label"].decode(), field.metadata[b"unit"].decode()) for field in table.schema
        ]


def test_amounts_of_the_workbook_are_exact() -> None:
    report = year()
    (months,) = [one for one in report.sheets if one.id == "months"]
    place = ["说明", *(one.title for one in report.sheets)].index(months.title) + 1
    column = [one.id for one in months.columns].index("relief")
    letter = "ABCDEFGHIJ"[column]
    expected = [Decimal(fen).scaleb(-2) for fen in months.data["relief"].to_pylist()]

    assert expected == [
        Decimal(value) for cell, value in cells(workbook(report), place) if re.fullmatch(rf"{letter}[0-9]+", cell)
    ]


def test_a_newer_report_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    write(tried(), tmp_path / "r.html")
    written = write(year(), tmp_path / "r.html")

    assert {f"{one.id}.parquet" for one in year().sheets} == {path.name for path in written.tables.iterdir()}
    assert page(year()) == written.page.read_text(encoding="utf-8")


def test_a_report_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(year(), tmp_path / "r.html")
    before = (tmp_path / "r.html").read_bytes()

    def full(_report: Report) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tuodi.lab.report.files.workbook", full)
    with pytest.raises(Faults) as caught:
        write(tried(), tmp_path / "r.html")

    assert ["report-unwritable"] == [one.code for one in caught.value.findings]
    assert before == (tmp_path / "r.html").read_bytes()
    assert ["r-tables", "r.html", "r.xlsx"] == sorted(path.name for path in tmp_path.iterdir())


@pytest.mark.parametrize("name", ["r.pdf", "r", ".html"])
def test_a_report_is_named_as_what_it_is(name: str) -> None:
    with pytest.raises(Faults) as caught:
        places(Path(name))

    assert ["report-name"] == [one.code for one in caught.value.findings]


# ---- helpers ---------------------------------------------------------------------------------------------------------

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def finding(number: int) -> Finding:
    return Finding(code="x", message=f"第 {number} 处", place=Place(file="账单.csv", line=number))


def titles(path: Path) -> list[str]:
    with ZipFile(path) as book:
        return [str(one.get("name")) for one in ET.fromstring(book.read("xl/workbook.xml")).iter(f"{MAIN}sheet")]


def cells(content: bytes, place: int) -> list[tuple[str, Any]]:
    """Numbers of a sheet by cell, as the file writes them."""
    with ZipFile(BytesIO(content)) as book:
        root = ET.fromstring(book.read(f"xl/worksheets/sheet{place}.xml"))
    return [(str(one.get("r")), one.findtext(f"{MAIN}v")) for one in root.iter(f"{MAIN}c") if one.get("t") is None]
