"""A statement's rows as a file for the office's own spreadsheet: read piece by piece, however many there are."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

import xlsxwriter
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse

from tuodi.console.clearing.found import keys, seen, taken_off
from tuodi.console.desks import BILL_READERS
from tuodi.language.model import INSURANCES, SERVICES
from tuodi.platform.base.domain import Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.base.signed_in import desks, own_scope
from tuodi.platform.clearing import selectors
from tuodi.platform.clearing.selectors import Listed

PIECE = 2000
TEXTS = ("结算编号", "结算号", "类型", "险种", "服务", "发生日", "知悉日")
AMOUNTS = ("总费用（元）", "政策范围内（元）", "救助（元）", "个人付（元）", "医院承担（元）", "扣减（元）")
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class Record(NamedTuple):
    """A row: what stands there in words, and the amounts in fen; signed, as a cancel takes away."""

    texts: tuple[str, ...]
    amounts: tuple[int, ...]


@own_scope
@desks(*BILL_READERS)
def exported(request: HttpRequest, number: int, form: str) -> HttpResponseBase:
    """All rows of the statement, streamed as CSV, or as xlsx written to disk first."""
    if form not in TYPES:
        raise Http404
    scope: Scope = request.user.scope
    with entered(scope):
        line = seen(number).line
        off = taken_off(number)
    records = _records(scope, number, off)
    name = f"结算单 {line.name} {line.month}.{form}"
    if form == "xlsx":
        return FileResponse(_workbook(line, records), as_attachment=True, filename=name, content_type=TYPES[form])
    response = StreamingHttpResponse(_csv(records), content_type=TYPES[form])
    response.headers["Content-Disposition"] = FileResponse(
        io.BytesIO(), as_attachment=True, filename=name
    ).headers["Content-Disposition"]  # fmt: skip
    return response


def _records(scope: Scope, number: int, off: dict[int, int]) -> Iterator[Record]:
    """Row by row; each piece in a scope of its own, so that nobody waits for who reads slowly."""
    after = 0
    while True:
        with entered(scope):
            piece = selectors.page(number, after=after, most=PIECE)
            known = keys(each.row.settlement for each in piece)
        for row in (each.row for each in piece):
            texts = (
                known.get(row.settlement, ""), str(row.settlement), str(row.kind),
                INSURANCES.get(row.insurance, row.insurance), SERVICES.get(row.service, row.service),
                str(row.happened_on), str(row.known_on),
            )  # fmt: skip
            sums = row.amounts
            amounts = (sums.total, sums.in_policy, sums.relief, sums.personal, sums.hospital)
            yield Record(texts, (*amounts, off.get(row.settlement, 0)))
        if len(piece) < PIECE:
            return
        after = piece[-1].row.settlement


def _csv(records: Iterator[Record]) -> Iterator[bytes]:
    """With the mark by which offices' spreadsheets know UTF-8."""
    yield b"\xef\xbb\xbf" + _written((*TEXTS, *AMOUNTS))
    for record in records:
        texts = [f"'{text}" if text.startswith(FORMULAS) else text for text in record.texts]
        yield _written((*texts, *(str(_yuan(fen)) for fen in record.amounts)))


def _written(values: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue().encode()


def _workbook(line: Listed, records: Iterator[Record]) -> io.BufferedIOBase:
    """Each row goes to disk as it is read."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet, money = book.add_worksheet(str(line.month)), book.add_format({"num_format": "#,##0.00"})
        sheet.set_column(0, len(TEXTS) - 1, 14)
        sheet.set_column(len(TEXTS), len(TEXTS) + len(AMOUNTS) - 1, 16)
        sheet.freeze_panes(1, 0)
        for place, head in enumerate((*TEXTS, *AMOUNTS)):
            sheet.write_string(0, place, head)
        for place, record in enumerate(records, 1):
            for column, text in enumerate(record.texts):
                sheet.write_string(place, column, text)
            for column, fen in enumerate(record.amounts, len(TEXTS)):
                sheet.write_number(place, column, _yuan(fen), money)
    file.seek(0)
    return file


def _yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)
