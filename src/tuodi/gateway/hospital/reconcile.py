"""The evening: totals by insurance and category (3201), and the rows in a file (9101, 3202, 9102)."""

from __future__ import annotations

from collections.abc import Sequence

from tuodi.core.finding import Faults
from tuodi.gateway.hospital.books import Booked, Books
from tuodi.gateway.hospital.client import Client
from tuodi.gateway.national.files import packed, unpacked
from tuodi.gateway.national.messages.reconciliation import (
    ResultRow,
    RowsAnswer,
    RowsClaimed,
    RowsMessage,
    TotalsAnswer,
    TotalsClaimed,
    TotalsMessage,
)
from tuodi.gateway.national.messages.transfer import FileDown, FileDownMessage, FileKept, FileUp, FileUpMessage

BALANCED = ("0", "000000")


def reconcile(client: Client, books: Books) -> None:
    """Compares every group with and without refunds; whatever does not agree is a complaint."""
    for group in books.groups():
        for refunds in (False, True):
            _totals(client, books, group, refunds=refunds)
    for category in sorted({category for _, category in books.groups()}):
        _rows(client, books, category)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _totals(client: Client, books: Books, group: tuple[str, str], *, refunds: bool) -> None:
    rows = [*books.of(group, refunds=refunds)]
    first, last = books.days()
    claimed = TotalsClaimed(
        insutype=group[0],
        clr_type=group[1],
        setl_optins=client.hospital.clearing_region,
        stmt_begndate=first,
        stmt_enddate=last,
        medfee_sumamt=sum(row.info.medfee_sumamt for row in rows),
        fund_pay_sumamt=sum(row.info.fund_pay_sumamt for row in rows),
        acct_pay=sum(row.info.acct_pay for row in rows),
        fixmedins_setl_cnt=len(rows),
        refd_setl_flag="1" if refunds else "0",
    )
    sent = client.ask("3201", TotalsMessage(data=claimed))
    answered = client.output(TotalsAnswer, sent)
    if answered is not None and answered.stmtinfo.stmt_rslt not in BALANCED:
        client.complain(sent, f"总账不平：{answered.stmtinfo.stmt_rslt_dscr}")


def _rows(client: Client, books: Books, category: str) -> None:
    rows = [row for row in books.rows if row.group[1] == category]
    upload = FileUp(
        data=packed([row.row() for row in rows], "detail.txt"),
        filename="detail.zip",
        fixmedins_code=client.hospital.code,
    )
    kept = client.output(FileKept, client.ask("9101", FileUpMessage(fsuploadin=upload)))
    if kept is None:
        return
    claimed = _claimed(client, books, category, rows, kept.file_qury_no)
    answered = client.output(RowsAnswer, client.ask("3202", RowsMessage(data=claimed)))
    if answered is not None:
        _result(client, answered.fileinfo.file_qury_no, answered.fileinfo.filename, len(rows))


def _claimed(client: Client, books: Books, category: str, rows: Sequence[Booked], file: str) -> RowsClaimed:
    first, last = books.days()
    return RowsClaimed(
        setl_optins=client.hospital.clearing_region,
        file_qury_no=file,
        stmt_begndate=first,
        stmt_enddate=last,
        medfee_sumamt=sum(row.info.medfee_sumamt for row in rows),
        fund_pay_sumamt=sum(row.info.fund_pay_sumamt for row in rows),
        cash_payamt=sum(row.info.psn_cash_pay for row in rows),
        fixmedins_setl_cnt=len(rows),
        clr_type=category,
        refd_setl_flag="1",
    )


def _result(client: Client, number: str, name: str, expected: int) -> None:
    """The result file: as many rows as were uploaded, each in balance."""
    wanted = FileDown(file_qury_no=number, filename=name, fixmedins_code=client.hospital.code)
    sent = client.fetch("9102", FileDownMessage(fsdownloadin=wanted))
    if not sent.received:
        return
    try:
        rows = unpacked(ResultRow, sent.received)
    except Faults as why:
        client.complain(sent, f"结果文件不能读取：{why}")
        return
    apart = [row for row in rows if row.stmt_rslt not in BALANCED]
    if apart or len(rows) != expected:
        memos = "；".join(f"{row.setl_id} {row.memo}" for row in apart[:3])
        client.complain(sent, f"明细账不平：{len(apart)}行不一致，上传{expected}行、返回{len(rows)}行；{memos}")
