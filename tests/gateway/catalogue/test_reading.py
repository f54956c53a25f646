"""A catalogue's file: what is read of it, and every fault with its row and column."""

from datetime import date
from decimal import Decimal

import pytest

from tests.platform.registry.sheets import csv, workbook
from tuodi.core.finding import Faults
from tuodi.gateway.catalogue.reading import read

HEAD = ("编码", "名称", "类别", "先自付比例", "支付上限", "起", "止")
YEAR = date(2026, 1, 1)


def faults(*rows: tuple[str, ...]) -> list[tuple[str, int, str]]:
    return [(one.code, one.place.line, one.place.path) for one in read(csv(rows, HEAD), YEAR).findings]


def test_rows_are_read_with_their_shares_ceilings_and_days() -> None:
    rows = [
        ("XA01", "甲药", "甲", "", "", "", ""),
        ("XB02", "乙药", "乙类", "12.5%", "40.5", "2026-03-01", "2026-12-31"),
        ("XB02", "乙药", "乙", "0.1", "", "20270101", ""),
        ("YC03", "丙项目", "丙", "100%", "", "", ""),
        ("", "", "", "", "", "", ""),
    ]
    found = read(csv(rows, HEAD, "gb18030"), YEAR)

    assert () == found.findings
    assert [
        ("XA01", "01", 0, None, YEAR, None),
        ("XB02", "02", 1_250, Decimal("40.5"), date(2026, 3, 1), date(2027, 1, 1)),
        ("XB02", "02", 1_000, None, date(2027, 1, 1), None),
        ("YC03", "03", 10_000, None, YEAR, None),
    ] == [(one.code, one.grade, one.self_pay, one.ceiling, one.starts_on, one.ends_on) for one in found.items]


def test_a_workbook_with_numbers_and_days_in_cells_and_a_title_is_read() -> None:
    rows = [("XA01", "药", "乙", 0.1, 12.3, date(2026, 2, 1), None)]

    found = read(workbook(rows, HEAD, title="某市医保目录"), YEAR)

    assert ((), 1_000, Decimal("12.3"), date(2026, 2, 1)) == (
        found.findings, found.items[0].self_pay, found.items[0].ceiling, found.items[0].starts_on
    )  # fmt: skip


def test_all_faults_are_told_at_once_with_row_and_column() -> None:
    assert [
        ("catalogue-code", 2, "编码"),
        ("catalogue-grade", 3, "类别"),
        ("catalogue-share", 4, "先自付比例"),
        ("catalogue-share", 5, "先自付比例"),
        ("catalogue-share", 6, "先自付比例"),
        ("catalogue-share", 7, "先自付比例"),
        ("catalogue-ceiling", 8, "支付上限"),
        ("catalogue-day", 9, "起"),
        ("catalogue-days", 10, "止"),
        ("catalogue-twice", 12, "编码"),
    ] == faults(
        ("", "", "甲", "", "", "", ""),
        ("A2", "", "丁", "", "", "", ""),
        ("A3", "", "乙", "", "", "", ""),
        ("A4", "", "甲", "10%", "", "", ""),
        ("A5", "", "乙", "10", "", "", ""),
        ("A6", "", "乙", "120%", "", "", ""),
        ("A7", "", "甲", "", "-1", "", ""),
        ("A8", "", "甲", "", "", "2026-13-01", ""),
        ("A9", "", "甲", "", "", "2026-05-01", "2026-04-01"),
        ("A10", "", "甲", "", "", "", ""),
        ("A10", "", "甲", "", "", "2026-06-01", ""),
    )


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"a,b\r\n1,2", "编码,名称\r\n1,2".encode()])
def test_what_is_no_catalogue_is_refused_whole(content: bytes) -> None:
    with pytest.raises(Faults):
        read(content, YEAR)


def test_a_file_without_a_row_is_a_finding() -> None:
    assert ["catalogue-empty"] == [one[0] for one in faults()]
