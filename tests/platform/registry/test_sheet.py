"""Files that are not what they seem are refused before they can do harm."""

import io
import zipfile

import pytest
import xlsxwriter

from tests.platform.registry.sheets import csv, workbook
from tuodi.core.finding import Faults
from tuodi.platform.registry import sheet as sheet_module
from tuodi.platform.registry.sheet import letters, sheets

ROWS = [["赵一", "1", "低保", ""]]
PLAIN = workbook(ROWS)


def refusal(content: bytes) -> str:
    with pytest.raises(Faults) as caught:
        sheets(content)
    (finding,) = caught.value.findings
    assert finding.remedy
    return finding.code


def packed(entries: dict[str, bytes]) -> bytes:
    """The plain workbook with entries changed or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [*(name for name in old.namelist() if name not in entries), *entries]:
            new.writestr(name, entries[name] if name in entries else old.read(name))
    return target.getvalue()


def with_cells(xml: str) -> bytes:
    head = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    return packed({"xl/worksheets/sheet1.xml": f"{head}{xml}</sheetData></worksheet>".encode()})


def test_a_workbook_s_places_are_those_of_the_file():
    (one,) = sheets(workbook(ROWS, title="名单"))

    assert ("名单", ["名单", "", "", ""], "赵一") == (one.name, list(one.rows[0]), one.rows[2][0])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b" \r\n", "file-empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file-old"),
        (b"%PDF-1.7 ...", "file-kind"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "file-kind"),
        ("姓名,身份证号码".encode("utf-16"), "file-encoding"),
        (b"\xff\xff\xff,\x81", "file-encoding"),
        (b"a\0b,c", "file-kind"),
        ('姓名,身份证\n"张三,1\n'.encode(), "file-csv"),
        (",".join("x" * 60).encode(), "file-columns"),
        (b"PK\x03\x04 but nothing follows", "file-damaged"),
        (PLAIN[: len(PLAIN) // 2], "file-damaged"),
        (packed({"xl/vbaProject.bin": b"macro"}), "file-macros"),
        (packed({"xl/workbook.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}), "file-damaged"),
        (packed({"xl/workbook.xml": b"<workbook"}), "file-damaged"),
        (packed({"xl/worksheets/sheet1.xml": b"0" * 30_000_000}), "file-bomb"),
        (packed({f"x/{number}": b"" for number in range(1_001)}), "file-bomb"),
        (with_cells('<row r="1"><c r="XFD1" t="str"><v>x</v></c></row>'), "file-far"),
        (with_cells('<row r="900000"><c r="A900000" t="str"><v>x</v></c></row>'), "file-far"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_trusted_is_refused_with_what_to_do(content: bytes, code: str):
    assert code == refusal(content)


def test_a_file_that_is_another_archive_is_no_workbook():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")

    assert "file-kind" == refusal(target.getvalue())


def test_a_bomb_that_lies_about_its_size_is_refused_too():
    content = bytearray(packed({"xl/worksheets/sheet1.xml": b"0" * 30_000_000}))
    truth, lie = (30_000_000).to_bytes(4, "little"), (3_000).to_bytes(4, "little")
    assert truth in content

    assert "file-damaged" == refusal(bytes(content).replace(truth, lie))


def test_a_file_that_is_too_large_is_not_even_opened(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sheet_module, "BYTES_MOST", 100)

    assert "file-large" == refusal(PLAIN)


def test_a_workbook_with_a_password_is_told_apart():
    content = bytearray(PLAIN)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(mark, place + 1)

    assert "file-locked" == refusal(bytes(content))


def test_formulas_are_told_by_cell_and_sheet_and_hidden_sheets_are_not_read():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        first, second, hidden = (book.add_worksheet(name) for name in ("名单", "汇总", "旧"))
        first.write_row(0, 0, ["姓名", "身份证号码"])
        first.write_formula("B2", '="3"&"7"', None, "37")
        second.write_formula("A1", "=1+1", None, 2)
        hidden.write(0, 0, "姓名")
        hidden.hide()

    assert [("名单", {"B2"}), ("汇总", {"A1"})] == [(one.name, set(one.formulas)) for one in sheets(target.getvalue())]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_read_in_every_encoding_and_with_every_delimiter(encoding: str, delimiter: str):
    content = csv([["䶮㛃", "1", "低保", "2024"]]).decode().replace(",", delimiter).encode(encoding)

    assert ["䶮㛃", "1", "低保", "2024"] == list(sheets(content)[0].rows[1])


def test_columns_are_named_as_in_the_file():
    assert ["A", "Z", "AA", "AZ", "BA"] == [letters(index) for index in (0, 25, 26, 51, 52)]
