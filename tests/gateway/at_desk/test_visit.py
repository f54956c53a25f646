"""Visits without a stay, and fee lines with their parts, returns and withdrawals."""

from typing import Any

from tests.gateway.at_desk.books import no_findings
from tests.gateway.at_desk.window import Window, patient
from tuodi.gateway.hospital.asked import Patient
from tuodi.platform.settlement.models import Settlement


def registered(window: Window, who: Patient) -> tuple[str, str]:
    number = str(window.identified(who)["baseinfo"]["psn_no"])
    data = {
        "psn_no": number, "insutype": "390", "begntime": "2026-11-05 09:00:00", "mdtrt_cert_type": "02",
        "mdtrt_cert_no": who.document_number, "ipt_otp_no": "MZ1", "dept_code": "0201", "dept_name": "内科",
        "caty": "A03",
    }  # fmt: skip
    return number, str(window.done("2201", {"data": data})["data"]["mdtrt_id"])


def described(window: Window, number: str, visit: str, med_type: str = "14") -> None:
    info = {
        "mdtrt_id": visit, "psn_no": number, "med_type": med_type, "begntime": "2026-11-05 09:00:00",
        "dise_name": "糖尿病",
    }  # fmt: skip
    window.done("2203", {"mdtrtinfo": info})


def line(window: Window, visit: str, number: str, name: str, amount: str, **more: Any) -> dict[str, Any]:
    return window.line(
        visit, number, name, amount, chrg_bchno="B1", rx_circ_flag="0", hosp_appr_flag="0", med_type="14",
        fee_ocur_time="2026-11-05 09:30:00", **more,
    )  # fmt: skip


def settlement(number: str, visit: str, amount: str, **more: Any) -> dict[str, Any]:
    data = {
        "psn_no": number, "mdtrt_cert_type": "02", "mdtrt_cert_no": "0", "med_type": "14", "medfee_sumamt": amount,
        "psn_setlway": "01", "mdtrt_id": visit, "chrg_bchno": "B1", "acct_used_flag": "0", "insutype": "390",
        "exp_content": {"hifp_pay": "0.00"}, **more,
    }  # fmt: skip
    return {"data": data}


def test_a_visit_is_registered_described_tried_settled_and_cancelled(window: Window):
    number, visit = registered(window, patient("subsistence_allowance"))
    described(window, number, visit)
    window.done("2204", {"feedetail": [line(window, visit, number, "1", "300.00")]})
    tried = window.done("2206", settlement(number, visit, "300.00"))["setlinfo"]
    settled = window.done("2207", settlement(number, visit, "300.00"))["setlinfo"]

    assert (tried["maf_pay"], "14") == (settled["maf_pay"], settled["clr_type"])
    row = Settlement.objects.get(pk=int(settled["setl_id"]))
    assert ("outpatient_chronic", "2026-11-05", "糖尿病") == (row.service, str(row.happened_on), row.event["disease"])
    cancel = {"data": {"setl_id": settled["setl_id"], "mdtrt_id": visit, "psn_no": number}}
    assert "-300.00" == window.done("2208", cancel)["setlinfo"]["medfee_sumamt"]
    no_findings()


def test_lines_divide_as_the_hospital_says_or_count_as_in_policy(window: Window):
    number, visit = registered(window, patient())
    split = {"fulamt_ownpay_amt": "10.00", "preselfpay_amt": "20.00", "inscp_scp_amt": "70.00"}
    rows = [
        line(window, visit, number, "1", "100.00", exp_content=split),
        line(window, visit, number, "2", "50.00"),
        {**line(window, visit, number, "3", "40.00"), "hosp_appr_flag": "2"},
    ]
    told = [
        [row["fulamt_ownpay_amt"], row["preselfpay_amt"], row["inscp_scp_amt"]]
        for row in window.done("2204", {"feedetail": rows})["result"]
    ]

    assert [["10.00", "20.00", "70.00"], ["0.00", "0.00", "50.00"], ["40.00", "0.00", "0.00"]] == told
    wrong = line(window, visit, number, "4", "100.00", exp_content={"inscp_scp_amt": "70.00"})
    assert "四项之和 70.00 与金额 100.00 不符" in window.why_not("2204", {"feedetail": [wrong]})


def test_lines_are_uploaded_once_returned_and_withdrawn(window: Window):
    who = patient("subsistence_allowance")
    number = str(window.identified(who)["baseinfo"]["psn_no"])
    visit = window.admitted(who, number)
    one, two = (window.line(visit, number, name, "100.00") for name in ("1", "2"))
    window.done("2301", {"feedetail": [one, two]})

    assert "费用明细流水号已上传：1" == window.why_not("2301", {"feedetail": [one]})
    back = {**window.line(visit, number, "3", "-30.00"), "cnt": "-1", "pric": "30.00", "init_feedetl_sn": "1"}
    window.done("2301", {"feedetail": [back]})
    more = {**back, "feedetl_sn": "4", "det_item_fee_sumamt": "-80.00", "pric": "80.00"}
    assert "退费超过原明细：4" in window.why_not("2301", {"feedetail": [more]})
    gone = {"data": [{"feedetl_sn": "2", "mdtrt_id": visit, "psn_no": number}]}
    window.done("2302", gone)
    assert "费用明细不存在：2" == window.why_not("2302", gone)
    window.discharged(visit, number)
    paid = {"hifp_pay": "0.00"}
    wrong = window.settlement(number, visit, "100.00", exp_content=paid)
    assert "合计 70.00 不一致" in window.why_not("2304", wrong)
    assert "0" == window.ask("2304", window.settlement(number, visit, "70.00", exp_content=paid))["infcode"]
    again = window.settlement(number, visit, "70.00", exp_content=paid)
    assert "没有未结算的费用明细" == window.why_not("2304", again)


def test_a_stay_is_settled_after_its_discharge_and_not_taken_back_under_its_settlement(window: Window):
    who = patient("subsistence_allowance")
    number = str(window.identified(who)["baseinfo"]["psn_no"])
    visit = window.admitted(who, number)
    window.done("2301", {"feedetail": [window.line(visit, number, "1", "10000.00")]})
    asked = {"data": {"mdtrt_id": visit, "psn_no": number}}

    window.done("2303", window.settlement(number, visit))
    assert "尚未办理出院，请先办理出院（2402）" == window.why_not("2304", window.settlement(number, visit))
    assert "该就诊没有办理出院" == window.why_not("2405", asked)
    window.discharged(visit, number)
    window.done("2405", asked)
    window.discharged(visit, number)
    window.done("2304", window.settlement(number, visit))
    assert "请先撤销结算" in window.why_not("2404", asked)
    assert "请先撤销结算" in window.why_not("2405", asked)


def test_without_what_insurance_paid_and_without_a_plan_it_is_told_what_is_missing(window: Window):
    number, visit = window.stay(patient("subsistence_allowance"))
    answer = window.ask("2304", window.settlement(number, visit, exp_content=None))

    assert "-1" == answer["infcode"]
    assert "basic" in answer["warn_msg"]
    assert 0 == Settlement.objects.count()


def test_another_insurance_than_the_registered_one_is_refused(window: Window):
    number, visit = window.stay(patient("subsistence_allowance"))

    assert "险种" in window.why_not("2304", window.settlement(number, visit, insutype="310"))
