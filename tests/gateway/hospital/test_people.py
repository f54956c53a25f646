"""The patients of a file, and everything that is wrong with one at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tuodi.core.finding import Faults
from tuodi.gateway.hospital.asked import Patient
from tuodi.gateway.hospital.people import read_patients


def written(folder: Path, data: bytes) -> Path:
    (folder / "people.csv").write_bytes(data)
    return folder / "people.csv"


def test_a_heading_is_passed_over_and_spaces_are_none(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufeff身份证号码,姓名\n37159119600101005x, 示例甲 ,more\n\n".encode())

    assert (Patient(document_number="37159119600101005X", name="示例甲"),) == read_patients(path)


def test_all_rows_that_are_none_are_told_with_their_line(tmp_path: Path) -> None:
    path = written(tmp_path, "371591196001010033,甲\n1,乙\n371591196001010033\n371591196001010033, \n".encode())
    with pytest.raises(Faults) as raised:
        read_patients(path)

    assert [2, 3, 4] == [finding.place.line for finding in raised.value.findings]


@pytest.mark.parametrize(("data", "code"), [(b"", "people-none"), ("甲".encode("gb18030"), "people-not-utf-8")])
def test_a_file_without_people_is_told(tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(Faults) as raised:
        read_patients(written(tmp_path, data))

    assert [code] == [finding.code for finding in raised.value.findings]
