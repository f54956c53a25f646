"""docs/gateway-fields.md, written from the field tables themselves: `python -m tests.gateway.field_tables`."""

from __future__ import annotations

from collections.abc import Iterable

from tests.house.tree import ROOT
from tuodi.gateway.national import codes
from tuodi.gateway.national.envelope import Head
from tuodi.gateway.national.fields import Many, One, Text, rows_of
from tuodi.gateway.national.messages.catalogue import TRANSACTIONS, Transaction

PATH = ROOT / "docs" / "gateway-fields.md"

HEAD = """\
# 国家平台接口：交易与字段

本页由程序中的字段表生成（`make docs`），与实际校验一致。类型：C 文本，N 数值，D 日期，DT 时间，数字为长度和小数位。
“必填”为 Y 的字段为空时拒绝，其余可以不传。字段名不分大小写；节点后带 `[]` 的可有多条。用法见 [gateway.md](gateway.md)。
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD, "## 报文头\n", _table(Head)]
    parts += [part for number in TRANSACTIONS for part in _transaction(TRANSACTIONS[number])]
    parts += ["## 代码表\n", *(_codes(table) for table in codes.TABLES)]
    return "\n".join(parts)


def _transaction(transaction: Transaction) -> Iterable[str]:
    yield f"## {transaction.number} {transaction.name}\n"
    yield "输入：\n"
    yield _table(transaction.asks)
    if transaction.answers is not None:
        yield "输出：\n"
        yield _table(transaction.answers)
    else:
        yield "输出：空对象；9102 为文件的字节。\n" if transaction.number == "9102" else "输出：空对象。\n"


def _table(kind: type) -> str:
    lines = ["| 字段 | 名称 | 类型 | 必填 | 代码表 |", "|---|---|---|---|---|"]
    for place, field in rows_of(kind):
        form = field.form
        many = "[]" if isinstance(form, Many) else ""
        described = "节点" if isinstance(form, One | Many) else form.described()
        table = form.codes.id if isinstance(form, Text) and form.codes is not None else ""
        lines.append(f"| `{place}{many}` | {form.label} | {described} | {'Y' if field.required else ''} | {table} |")
    return "\n".join(lines) + "\n"


def _codes(table: codes.CodeTable) -> str:
    closed = "只接受以下值。" if table.closed else "可有地方扩展。"
    return f"**{table.id} {table.label}**（{closed}）{table.listed()}\n"


if __name__ == "__main__":
    PATH.write_text(page(), encoding="utf-8")
