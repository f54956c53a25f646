"""Every way in which a cell of a roster can be wrong, each told with its cell; and what is read over."""

from datetime import date, datetime
from typing import Any

import pytest

from tests.platform.registry.conftest import TODAY, number
from tests.platform.registry.sheets import HEAD, delivery, workbook
from tuodi.platform.registry.columns import head
from tuodi.platform.registry.delivery import Delivery, Mode
from tuodi.platform.registry.entry import Read, read_rows
from tuodi.platform.registry.sheet import Sheet, sheets

WHOLE = (*HEAD, "终止日期", "申请日期", "变动", "户编号")
GOOD = ["赵一", number(1), "低保", "2024-01-01", "", "", "", ""]


def read(*rows: list[Any], about: Delivery | None = None, columns: tuple[str, ...] = WHOLE) -> Read:
    return read_rows(head([Sheet(name="", rows=[list(columns), *rows])]), about or delivery(), TODAY)


def row(place: int, cell: object) -> list[Any]:
    return [*GOOD[:place], cell, *GOOD[place + 1 :]]


@pytest.mark.parametrize(
    ("place", "cell", "code"),
    [
        (0, "", "name-missing"),
        (0, "张" * 61, "cell-long"),
        (0, "张?", "cell-garbled"),
        (0, "张\ue123", "cell-garbled"),
        (0, "=A1", "cell-formula"),
        (1, "", "number-missing"),
        (1, float(371591196001010000), "number-as-number"),
        (1, "3.71591E+17", "number-as-number"),
        (1, number(1)[:-1], "number-form"),
        (1, number(1)[:-1] + ("1" if number(1)[-1] != "1" else "2"), "number-check"),
        (2, "", "status-missing"),
        (2, "贫民", "status-unknown"),
        (2, "优抚对象", "department-wrong"),
        (3, "2024-02-30", "date-form"),
        (3, "2024-02", "date-form"),
        (3, 45292.0, "date-form"),
        (3, "1900-01-01", "date-range"),
        (4, "2024-01-01", "period-reversed"),
        (5, "2024-02-01", "from-before-application"),
        (5, "2026-12-01", "date-range"),
        (6, "调走", "change-unknown"),
        (7, "H" * 41, "cell-long"),
    ],
)
def test_a_fault_is_told_with_its_cell(place: int, cell: object, code: str):
    found = read(row(place, cell))

    told = [(finding.code, finding.place.path) for finding in found.findings]
    assert (code, "ABCDEFGH"[place] + "2") in told
    assert found.entries[0].faulty
    assert all(finding.remedy and number(1) not in str(finding) for finding in found.findings)


def test_all_faults_of_all_rows_are_told_at_once():
    found = read(row(0, ""), ["", "12", "x", "y", "", "", "", ""], row(1, number(3)))

    assert [(2, "A2"), (3, "A3"), (3, "B3"), (3, "C3"), (3, "D3")] == [
        (finding.place.line, finding.place.path) for finding in found.findings
    ]
    assert [True, True, False] == [entry.faulty for entry in found.entries]


@pytest.mark.parametrize(
    "cell",
    [
        date(2024, 3, 5), datetime.fromisoformat("2024-03-05"), "2024-03-05", "2024/3/5", "2024.3.5", "2024年3月5日",
        "20240305", 20240305.0, "2024-03-05 00:00:00", " 2024-3-5 ",
    ],
)  # fmt: skip
def test_a_day_is_read_however_offices_write_it(cell: object):
    assert date(2024, 3, 5) == read(row(3, cell)).entries[0].starts_on


def test_somebody_twice_with_the_same_status_is_told_with_the_first_row():
    found = read(GOOD, row(2, "特困"), GOOD)

    assert [("row-twice", "B4", "与第 2 行是同一人的同一身份")] == [
        (finding.code, finding.place.path, finding.message) for finding in found.findings
    ]


def test_lines_of_signatures_and_empty_lines_are_no_rows():
    found = read(["", "", "", "", "", "", "", ""], GOOD, ["", "", "填表人：", "", "", "", "", ""])

    assert ([3], []) == ([entry.position for entry in found.entries], list(found.findings))


def test_a_row_without_anybody_but_with_a_status_is_somebody_forgotten():
    assert {"name-missing", "number-missing"} == {
        finding.code for finding in read(["", "", "低保", "2024-01-01", "", "", "", ""]).findings
    }


def test_a_removal_has_no_place_in_a_full_list():
    found = read(row(6, "减少"), about=delivery(mode=Mode.full))

    assert ["change-in-full"] == [finding.code for finding in found.findings]


def test_a_roster_of_one_status_needs_no_such_column():
    found = read(["赵一", number(1)], about=delivery(status="orphan"), columns=("姓名", "身份证号码"))

    assert (["orphan"], []) == ([entry.status for entry in found.entries], list(found.findings))


def test_a_number_that_excel_keeps_as_text_by_a_formula_s_mark_is_read():
    assert not read(row(1, f'="{number(1)}"')).findings


def test_a_formula_and_a_number_of_a_real_workbook_are_told_by_cell():
    content = workbook([["赵一", 371591196001010013, "低保", None], ["=A2", number(3), "低保", None]], title="名单")
    found = read_rows(head(sheets(content)), delivery(), TODAY)

    assert [("number-as-number", "B3"), ("cell-formula", "A4")] == [
        (finding.code, finding.place.path) for finding in found.findings
    ]
