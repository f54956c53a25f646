"""Files in and out: rows come back, and no archive harms."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.national.test_fields import records
from tuodi.core.finding import Faults
from tuodi.gateway.national.files import FileLimits, packed, unpacked
from tuodi.gateway.national.messages.reconciliation import ClaimedRow

ROW = ClaimedRow(
    setl_id="S1", mdtrt_id="V1", psn_no="P1", medfee_sumamt=1_000_000, fund_pay_sumamt=820_000, acct_pay=0,
    refd_setl_flag="0",
)  # fmt: skip


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def codes(data: bytes, limits: FileLimits = FileLimits()) -> list[str]:  # noqa: B008
    with pytest.raises(Faults) as caught:
        unpacked(ClaimedRow, data, limits)
    return [finding.code for finding in caught.value.findings]


def test_a_row_has_its_cells_in_the_order_of_the_table() -> None:
    with zipfile.ZipFile(io.BytesIO(packed([ROW], "detail.txt"))) as archive:
        assert b"S1\tV1\tP1\t10000.00\t8200.00\t0.00\t0" == archive.read("detail.txt")


@given(rows=st.lists(records(ClaimedRow), max_size=5).map(tuple))
def test_rows_come_back(rows: tuple[ClaimedRow, ...]) -> None:
    assert rows == unpacked(ClaimedRow, packed(rows, "a.txt"))


def test_the_same_rows_are_the_same_bytes() -> None:
    assert packed([ROW], "a.txt") == packed([ROW], "a.txt")


@pytest.mark.parametrize("line", ["S1\tV1\tP1\t10000\t8200.00\t0\t0\tnull\tmore", "S1\tV1\tP1\t1E4\t8200\t0\t0\r"])
def test_more_columns_and_other_line_ends_are_let_pass(line: str) -> None:
    assert (ROW,) == unpacked(ClaimedRow, zipped(("x.TXT", b"\xef\xbb\xbf" + line.encode() + b"\n\n")))


def test_faults_of_rows_are_told_with_their_line() -> None:
    with pytest.raises(Faults) as caught:
        unpacked(ClaimedRow, zipped(("a.txt", b"S1\tV1\tP1\tx\tnull\t0\t0\nS2")))

    assert [(1, "medfee_sumamt"), (1, "fund_pay_sumamt"), (2, "mdtrt_id")] == [
        (finding.place.line, finding.place.path) for finding in caught.value.findings[:3]
    ]
    assert caught.value.findings[0].message.startswith("第1行：")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-a-zip"),
        (b"PK\x03\x04", "not-a-zip"),
        (b"S1\tV1", "not-a-zip"),
        (zipped(("a.txt", b"x" * 100))[:-30], "not-a-zip"),
        (zipped(), "zip-members"),
        (zipped(*((f"{index}.txt", b"") for index in range(9))), "zip-members"),
        (zipped(("a.txt", "号".encode("gb18030"))), "file-not-utf-8"),
        (zipped(("a.txt", b"0" * 2_000_000)), "zip-too-large"),
        (zipped(("a.txt", b"1\n" * 2_000)), "too-many-rows"),
    ],
    ids=["empty", "two-words", "text", "cut-short", "no-member", "nine-members", "gb18030", "bomb", "many-rows"],
)
def test_what_is_no_sound_file_is_a_finding(data: bytes, code: str) -> None:
    assert [code] == codes(data, FileLimits(bytes=1_000_000, rows=1_000))


def test_a_zip_that_lies_about_its_size_is_read_no_further_than_agreed() -> None:
    bomb = bytearray(zipped(("a.txt", b"0" * 5_000_000)))
    place = bomb.rindex(b"PK\x01\x02")
    bomb[place + 24 : place + 28] = (10).to_bytes(4, "little")

    assert ["not-a-zip"] == codes(bytes(bomb), FileLimits(bytes=1_000_000))


@given(data=st.binary(max_size=300), at=st.integers(0, 200))
def test_any_damage_is_a_finding_or_harmless(data: bytes, at: int) -> None:
    sound = packed([ROW], "a.txt")
    try:
        unpacked(ClaimedRow, sound[:at] + data + sound[at + len(data) :])
    except Faults as why:
        assert why.findings  # noqa: PT017
