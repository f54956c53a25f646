"""The people whom a simulated hospital treats, from a file: identity number and name, a row each."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from tuodi.core.finding import Faults, Finding, Place
from tuodi.gateway.hospital.asked import Patient

NUMBER_LENGTH = 18
MOST_FINDINGS = 20


def read_patients(path: Path) -> tuple[Patient, ...]:
    """The patients of a CSV file, in UTF-8; a first row without a number is its heading. Raises Faults, OSError."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise Faults([_finding("people-not-utf-8", path, 0, "文件不是 UTF-8 编码", "另存为 UTF-8 的 CSV")]) from None
    rows = [(number, row) for number, row in enumerate(csv.reader(text.splitlines()), 1) if any(map(str.strip, row))]
    if rows and not _is_number(rows[0][1][0].strip()):
        rows = rows[1:]
    if findings := [*_wrong(path, rows)]:
        raise Faults(findings[:MOST_FINDINGS])
    return tuple(Patient(document_number=row[0].strip().upper(), name=row[1].strip()) for _, row in rows)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _wrong(path: Path, rows: list[tuple[int, list[str]]]) -> Iterable[Finding]:
    if not rows:
        yield _finding("people-none", path, 0, "文件里没有人", "每行写一个身份证号码和姓名，用逗号分开")
    for number, row in rows:
        if len(row) < 2 or not _is_number(row[0].strip()) or not row[1].strip():
            yield _finding("people-row", path, number, "这一行不是身份证号码和姓名", "写成 号码,姓名")


def _is_number(text: str) -> bool:
    return len(text) == NUMBER_LENGTH and text[:-1].isascii() and text[:-1].isdecimal()


def _finding(code: str, path: Path, line: int, message: str, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(file=str(path), line=line), remedy=remedy)
