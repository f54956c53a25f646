"""Fee lines without the hospital's split: by the region's catalogue, or taken whole and told so, or refused."""

from datetime import date
from typing import Any

import pytest

from tests.gateway.at_desk.books import no_findings
from tests.gateway.at_desk.window import Window, patient
from tests.platform.registry.sheets import csv
from tuodi.core.finding import Faults
from tuodi.gateway.catalogue import keeping
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered

HEAD = ("编码", "类别", "先自付比例", "支付上限")
ROWS = [("XA01", "乙", "10%", "40"), ("YB02", "甲", "", ""), ("ZC03", "丙", "", "")]


def imported(region: str = "371500", rows: list[Any] = ROWS, since: date = date(2026, 1, 1)) -> None:
    with entered(SYSTEM):
        keeping.take_in(content=csv(rows, HEAD), region=region, starts_on=since, document="鲁医保发〔2025〕1号")


def begun(window: Window) -> tuple[str, str]:
    who = patient("subsistence_allowance")
    number = str(window.identified(who)["baseinfo"]["psn_no"])
    return number, window.admitted(who, number)


def parts(row: dict[str, Any]) -> tuple[str, ...]:
    names = ("fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt", "selfpay_prop", "chrgitm_lv")
    return tuple(row[name] for name in names)


def test_lines_divide_by_the_catalogue_and_go_back_as_they_were_divided(window: Window):
    imported()
    number, visit = begun(window)
    lines = [
        window.line(visit, number, "1", "150.00", med_list_codg="XA01", cnt="3", pric="50.00"),
        window.line(visit, number, "2", "10.00", med_list_codg="YB02"),
        window.line(visit, number, "3", "20.00", med_list_codg="ZC03"),
        window.line(visit, number, "4", "30.00", med_list_codg="NONE"),
        window.line(
            visit, number, "5", "40.00", med_list_codg="ZC03",
            exp_content={"inscp_scp_amt": "40.00"},
        ),
    ]  # fmt: skip
    rows = window.done("2301", {"feedetail": lines})["result"]

    assert [
        ("0.00", "30.00", "12.00", "108.00", "0.1000", "02"),
        ("0.00", "0.00", "0.00", "10.00", "0.0000", "01"),
        ("20.00", "0.00", "0.00", "0.00", "1.0000", "03"),
        ("30.00", "0.00", "0.00", "0.00", "1.0000", "03"),
        ("0.00", "0.00", "0.00", "40.00", "0.0000", "01"),
    ] == [parts(row) for row in rows]
    assert ["", "", "", "目录中没有该项目：全自费", ""] == [row["memo"] or "" for row in rows]

    back = [window.line(visit, number, f"R{one}", "-50.00", cnt="-1", init_feedetl_sn="1") for one in range(3)]
    gone = [parts(row)[:4] for row in window.done("2301", {"feedetail": back})["result"]]
    assert 3 * [("0.00", "-10.00", "-4.00", "-36.00")] == gone


def test_a_settlement_rests_on_the_parts_and_says_nothing_more(window: Window):
    imported(rows=[("XA01", "乙", "10%", "")])
    number, visit = window.stay(patient("subsistence_allowance"))
    settled = window.done("2304", window.settlement(number, visit))

    info = settled["setlinfo"]
    assert ("1000.00", "9000.00") == (info["preselfpay_amt"], info["inscp_scp_amt"])
    assert "没有拆分" not in told(settled)
    no_findings()


def test_without_a_catalogue_the_answer_says_what_it_rests_on(window: Window):
    number, visit = window.stay(patient("subsistence_allowance"))
    assert "1 条费用明细没有拆分，也没有目录：全部按政策范围内计" in told(
        window.done("2303", window.settlement(number, visit))
    )
    assert "没有拆分" in told(window.done("2304", window.settlement(number, visit)))

    number, visit = window.stay(patient("subsistence_allowance"))
    own = {"inscp_scp_amt": "9000.00", "preselfpay_amt": "1000.00", "fulamt_ownpay_amt": "0", "overlmt_selfpay": "0"}
    assert "没有拆分" not in told(window.done("2303", window.settlement(number, visit, **own)))


def told(settled: dict[str, Any]) -> str:
    return str(next(row["setl_proc_info"] for row in settled["setldetail"] if row["fund_pay_type"] == "610100"))


def test_an_institution_whose_lines_must_be_divided_is_refused_the_others(window: Window):
    number, visit = begun(window)
    with entered(SYSTEM):
        keeping.require_divided(institution=window.institution, required=True, reason="目录没有导入")
    lines = [window.line(visit, number, one, "10.00") for one in ("1", "2")]
    answer = window.ask("2301", {"feedetail": lines})

    assert ("-1", 2) == (answer["infcode"], answer["warn_msg"].count("没有拆分，本区划也没有目录"))
    window.done("2301", {"feedetail": [window.line(visit, number, "1", "1.00", exp_content={"inscp_scp_amt": "1.00"})]})
    imported()
    window.done("2301", {"feedetail": [window.line(visit, number, "2", "10.00")]})


def test_the_nearest_region_s_catalogue_holds_and_of_one_region_the_last_from_its_day_on(window: Window):
    imported("370000", [("XA01", "丙", "", "")])
    imported("371500", [("XA01", "乙", "10%", "")])
    imported("371500", [("XA01", "乙", "20%", "")])
    imported("371502", [("XA01", "甲", "", "")], since=date(2027, 1, 1))
    imported("370200", [("XA01", "丙", "", "")])
    number, visit = begun(window)

    (row,) = window.done("2301", {"feedetail": [window.line(visit, number, "1", "10.00")]})["result"]

    assert ("2.00", "8.00") == (row["preselfpay_amt"], row["inscp_scp_amt"])


def test_one_fault_and_nothing_is_imported(town: None):
    with entered(SYSTEM), pytest.raises(Faults) as caught:
        keeping.take_in(
            content=csv([("XA01", "丁", "", "")], HEAD), region="999999", starts_on=date(2026, 1, 1), document=" "
        )

    assert ["catalogue-grade", "region-unknown", "document-missing"] == [one.code for one in caught.value.findings]
    with entered(SYSTEM):
        assert keeping.held("371502", date(2026, 11, 3)) is None


def test_a_return_that_the_hospital_divides_gives_back_what_its_line_has_left(window: Window):
    number, visit = begun(window)
    lines = [
        window.line(visit, number, "1", "100.00", exp_content={"inscp_scp_amt": "60.00", "preselfpay_amt": "40.00"}),
        window.line(visit, number, "2", "100.00", exp_content={"fulamt_ownpay_amt": "100.00"}),
    ]
    window.done("2301", {"feedetail": lines})

    def back(one: str, amount: str, **split: str) -> dict[str, Any]:
        line = window.line(visit, number, one, amount, cnt="-1", init_feedetl_sn="1", exp_content=split)
        return {"feedetail": [line]}

    why = window.why_not("2301", back("R1", "-50.00", fulamt_ownpay_amt="-50.00"))
    assert "退费明细 R1 的拆分与原明细 1 的不符" in why
    window.done("2301", back("R2", "-50.00", inscp_scp_amt="-30.00", preselfpay_amt="-20.00"))
    assert "的不符" in window.why_not("2301", back("R3", "-50.00", inscp_scp_amt="-50.00"))
    window.done("2301", back("R4", "-50.00", inscp_scp_amt="-30.00", preselfpay_amt="-20.00"))
