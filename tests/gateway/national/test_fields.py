"""Field tables: what is read, what is refused and how it is told, and that writing is the inverse of reading."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuodi.core.finding import Faults
from tuodi.gateway.national.fields import (
    CHINA,
    Day,
    Extension,
    FileBytes,
    Form,
    Many,
    Moment,
    Number,
    One,
    Text,
    Whole,
    Yuan,
    nodes_of,
    read_record,
    rows_of,
    table_of,
    write_record,
)
from tuodi.gateway.national.json_text import read_json, write_json
from tuodi.gateway.national.messages.catalogue import TRANSACTIONS
from tuodi.gateway.national.messages.inpatient import StayFeeLinesMessage
from tuodi.gateway.national.messages.settlement import StayTrial, VisitSettlementMessage


@pytest.mark.parametrize(
    ("form", "raw", "value"),
    [
        (Yuan("x"), "10", 1000),
        (Yuan("x"), Decimal("10.5"), 1050),
        (Yuan("x"), "10.500", 1050),
        (Yuan("x"), "1E+3", 100_000),
        (Yuan("x"), "0E-9", 0),
        (Yuan("x"), " 0.07 ", 7),
        (Yuan("x"), "99999999999999.99", 9_999_999_999_999_999),
        (Yuan("x", signed=True), "-0.01", -1),
        (Yuan("x"), "", None),
        (Yuan("x"), None, None),
        (Whole("x", 3), "12.0", 12),
        (Number("x", 16, 6), "0.333333", Decimal("0.333333")),
        (Text("x", 5), Decimal(15), "15"),
        (Text("x", 5), Decimal("1E+2"), "100"),
        (Text("x", 5), " a ", "a"),
        (Text("x", 5), "", None),
        (Day("x"), "2025-01-02", date(2025, 1, 2)),
        (Day("x"), "2025-01-02 08:30:15", date(2025, 1, 2)),
        (Moment("x"), "2025-01-02", datetime(2025, 1, 2, tzinfo=CHINA)),
        (Moment("x"), "2025-01-02T08:30:15.123", datetime(2025, 1, 2, 8, 30, 15, tzinfo=CHINA)),
        (Moment("x"), "20250102083015", datetime(2025, 1, 2, 8, 30, 15, tzinfo=CHINA)),
        (Moment("x"), "null", None),
        (FileBytes("x", 9), [Decimal(80), Decimal(-1), Decimal(255)], b"P\xff\xff"),
        (FileBytes("x", 9), base64.b64encode(b"PK").decode(), b"PK"),
        (Extension(), '{"a": 0.10}', {"a": Decimal("0.10")}),
        (Extension(), {"a": "b"}, {"a": "b"}),
        (Extension(), "note", "note"),
        (Extension(), "", None),
    ],
)
def test_what_clients_send_is_read_exactly(form: Form, raw: Any, value: Any) -> None:
    assert value == form.read(raw)


@pytest.mark.parametrize(
    ("form", "raw", "reason"),
    [
        (Yuan("x"), "1.005", "金额 1.005 的小数超过两位"),
        (Yuan("x"), Decimal("1." + "0" * 30 + "1"), "小数超过两位"),
        (Yuan("x"), "-1", "金额 -1 为负数"),
        (Yuan("x"), "100000000000000", "金额超过16位"),
        (Yuan("x"), "12,5", "不是数值"),
        (Yuan("x"), "1_0", "不是数值"),
        (Yuan("x"), "１２", "不是数值"),
        (Yuan("x"), "NaN", "不是数值"),
        (Yuan("x"), True, "应是文本"),
        (Yuan("x"), ["1"], "应是文本"),
        (Whole("x", 3), "1234", "整数部分超过 3 位"),
        (Whole("x", 3), "1.5", "小数超过 0 位"),
        (Number("x", 5, 4), "1.23456", "小数超过 4 位"),
        (Text("x", 2), "abc", "长度 3 超过 2"),
        (Text("x", 2), {}, "不是对象或数组"),
        (Day("x"), "2025-02-30", "日期“2025-02-30”不存在"),
        (Day("x"), "2025/01/02", "不是日期"),
        (Moment("x"), "2025-01-02 25:00:00", "不存在"),
        (FileBytes("x", 1), base64.b64encode(b"PK").decode(), "文件 2 字节，超过 1 字节"),
        (FileBytes("x", 9), "%%", "不是 Base64 编码"),
        (FileBytes("x", 9), [Decimal(300)], "-128 至 255"),
        (Extension(), '{"a":', "不是完整的 JSON"),
    ],
)
def test_what_is_wrong_is_told_in_words(form: Form, raw: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason.replace("(", r"\(")):
        form.read(raw)


def test_all_faults_of_rows_come_with_their_row_and_path() -> None:
    rows = [{"feedetl_sn": "1", "cnt": "x"}, {"feedetl_sn": "2", "pric": "-1"}]

    with pytest.raises(Faults) as caught:
        read_record(StayFeeLinesMessage, {"feedetail": rows})  # type: ignore[dict-item]

    told = {finding.place.path: finding.message for finding in caught.value.findings}
    assert "第1条的“数量”值“x”不是数值" == told["feedetail[0].cnt"]
    assert "第2条的“就诊ID”未填写" == told["feedetail[1].mdtrt_id"]
    assert len(told) > 20


def test_names_are_found_whatever_their_case() -> None:
    given = {"DSCGTIME": "2025-01-02", "Psn_No": "1"}
    rest: dict[str, Any] = {
        "mdtrt_cert_type": "02", "medfee_sumamt": "1", "psn_setlway": "01", "mdtrt_id": "1", "insutype": "390",
        "mid_setl_flag": "0",
    }  # fmt: skip

    trial = read_record(StayTrial, {**given, **rest})

    assert ("1", date(2025, 1, 2)) == (trial.psn_no, trial.dscgtime)


def test_one_name_in_two_cases_is_refused() -> None:
    with pytest.raises(Faults, match="大小写不同"):
        read_record(StayTrial, {"psn_no": "1", "PSN_NO": "2"})


def test_a_missing_node_is_named_with_what_it_is() -> None:
    with pytest.raises(Faults, match="缺少节点“结算”（data）"):
        read_record(VisitSettlementMessage, {})


@pytest.mark.parametrize("number", TRANSACTIONS)
def test_every_table_can_be_read_for_documentation(number: str) -> None:
    transaction = TRANSACTIONS[number]

    for kind in (transaction.asks, transaction.answers):
        for place, field in rows_of(kind) if kind else ():
            assert place
            assert field.form.label


@pytest.mark.parametrize("number", TRANSACTIONS)
@settings(max_examples=5)
@given(data=st.data())
def test_what_is_written_is_read_again(number: str, data: st.DataObject) -> None:
    transaction = TRANSACTIONS[number]
    for kind in (transaction.asks, transaction.answers):
        if kind is not None:
            record = data.draw(records(kind))
            assert record == read_record(kind, as_json(write_json(write_record(record))))


def as_json(body: bytes) -> dict[str, Any]:
    read = read_json(body)
    assert isinstance(read, dict)
    return read


@cache
def records(kind: Any) -> st.SearchStrategy[Any]:
    """Records of that kind with any values that its table allows."""
    drawn: Mapping[str, st.SearchStrategy[Any]] = {
        field.name: values(kind, field.name, field.form, field.required, field.default) for field in table_of(kind)
    }
    return st.builds(kind, **drawn)


def values(kind: Any, name: str, form: Any, required: bool, default: Any) -> st.SearchStrategy[Any]:
    match form:
        case One():
            return records(nodes_of(kind)[name])
        case Many():
            return st.lists(records(nodes_of(kind)[name]), min_size=int(required), max_size=2).map(tuple)
    drawn = of_form(form)
    return drawn if required else st.just(default) | drawn


def of_form(form: Any) -> st.SearchStrategy[Any]:
    match form:
        case Text(codes=codes) if codes is not None and codes.closed:
            return st.sampled_from(sorted(codes.names))
        case Text(length=length):
            return st.text("甲乙Az09-_.é龥𠮷", min_size=1, max_size=min(length, 12))
        case Yuan(signed=signed):
            most = 10**15
            return st.integers(-most if signed else 0, most)
        case Whole(digits=digits, signed=signed):
            most = 10 ** min(digits, 9) - 1
            return st.integers(-most if signed else 0, most)
        case Number(digits=digits, decimals=decimals, signed=signed):
            most = 10 ** min(digits, 12) - 1
            return st.integers(-most if signed else 0, most).map(lambda value: Decimal(value).scaleb(-decimals))
        case Day():
            return st.dates(min_value=date(1900, 1, 1))
        case Moment():
            moments = st.datetimes(min_value=datetime(1992, 1, 1), max_value=datetime(2999, 1, 1))  # noqa: DTZ001
            return moments.map(lambda at: at.replace(microsecond=0, tzinfo=CHINA))
        case FileBytes():
            return st.binary(min_size=1, max_size=20)
    return st.none() | st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from(["x", Decimal("1.50"), None, True]))


def test_a_mandatory_field_is_one_without_default() -> None:
    for transaction in TRANSACTIONS.values():
        table = {field.name: field.required for field in table_of(transaction.asks)}
        assert {one.name: one.default is MISSING for one in fields(transaction.asks)} == table
