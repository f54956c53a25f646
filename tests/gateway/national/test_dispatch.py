"""Messages put to a desk: every transaction, as a hospital would send it."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.gateway.sample import ASSISTED, HOSPITAL, NOW, OTHER, asked, desk, fee_line, message, opened_stay, settlement
from tuodi.gateway.national.desk import PersonFound
from tuodi.gateway.national.dispatch import answer
from tuodi.gateway.national.envelope import read_request
from tuodi.gateway.national.files import packed, unpacked
from tuodi.gateway.national.messages.reconciliation import ClaimedRow, ResultRow

# 10000.00 = 500.00 own + 500.00 first + 9000.00 in policy; insurance 6000.00 and 700.00; burden 9000 - 6700 = 2300.00.
# 低保 in Liaocheng: 70 % without deductible: 1610.00; the person keeps 10000 - 6700 - 1610 = 1690.00.
RELIEF, FUNDS, PERSONAL = "1610.00", "8310.00", "1690.00"


def test_a_person_comes_with_insurances_and_identities() -> None:
    given = {"mdtrt_cert_type": "02", "mdtrt_cert_no": ASSISTED.document_number, "psn_cert_type": "01"}

    output = asked("1101", {"data": given}, desk())["output"]

    assert ("37150000000000000001", "1960-01-01", "65.0") == tuple(
        output["baseinfo"][name] for name in ("psn_no", "brdy", "age")
    )
    assert [("390", "1", "0.00")] == [
        (row["insutype"], row["psn_insu_stas"], row["balc"]) for row in output["insuinfo"]
    ]
    assert [("2303", "2024-01-01 00:00:00", None)] == [
        (row["psn_idet_type"], row["begntime"], row["endtime"]) for row in output["idetinfo"]
    ]


def test_an_unknown_person_is_a_refusal_that_a_clerk_can_read() -> None:
    given = {"mdtrt_cert_type": "02", "mdtrt_cert_no": "371591196001010076"}

    refused = asked("1101", {"data": given}, desk())

    assert ("-1", "未查询到该人员的参保信息", None) == tuple(refused[name] for name in ("infcode", "err_msg", "output"))


def test_all_faults_of_a_message_are_told_at_once() -> None:
    at = desk()
    faulty = settlement("1", mdtrt_cert_type="07", medfee_sumamt="12.345", psn_setlway="", insutype="999")

    refused = asked("2304", faulty, at)

    assert ["data.mdtrt_cert_type", "data.medfee_sumamt", "data.psn_setlway", "data.insutype"] == [
        line.partition("：")[0] for line in refused["warn_msg"].splitlines()
    ]
    assert refused["err_msg"].startswith("共4处问题：")
    assert "金额 12.345 的小数超过两位" in refused["err_msg"]


def test_a_stay_is_tried_and_settled_with_the_relief_in_its_field() -> None:
    at = desk()
    visit = opened_stay(at)

    trial = asked("2303", settlement(visit), at)["output"]["setlinfo"]
    settled = asked("2304", settlement(visit), at)["output"]

    told = ("medfee_sumamt", "inscp_scp_amt", "hifp_pay", "hifmi_pay", "maf_pay", "fund_pay_sumamt", "psn_part_amt")
    expected = ("10000.00", "9000.00", "6000.00", "700.00", RELIEF, FUNDS, PERSONAL)
    assert expected == tuple(trial[name] for name in told)
    assert expected == tuple(settled["setlinfo"][name] for name in told)
    assert (None, "2025-01-10 10:00:01") == (trial["setl_id"], settled["setlinfo"]["setl_time"])
    assert [("390100", "6000.00"), ("390200", "700.00"), ("610100", RELIEF)] == [
        (row["fund_pay_type"], row["fund_payamt"]) for row in settled["setldetail"]
    ]


def test_a_settlement_of_somebody_without_status_says_why_there_is_no_relief() -> None:
    at = desk()
    visit = opened_stay(at, OTHER)

    settled = asked("2304", settlement(visit, OTHER), at)["output"]

    assert "0.00" == settled["setlinfo"]["maf_pay"]
    assert "610100" == settled["setldetail"][-1]["fund_pay_type"]
    assert settled["setldetail"][-1]["setl_proc_info"]


def test_the_same_message_again_gets_the_first_answer() -> None:
    at = desk()
    visit = opened_stay(at)

    first = answer(read_request(message("2304", settlement(visit), "M9")), at, NOW).body()
    again = answer(
        read_request(message("2304", settlement(visit), "M9", inf_time="2025-01-10 10:05:00")), at, NOW
    ).body()

    assert first == again
    assert 1 == len(at.state.settlements)


def test_the_same_number_with_other_content_is_refused() -> None:
    at = desk()
    visit = opened_stay(at)
    asked("2304", settlement(visit), at, "M9")

    refused = asked("2304", settlement(visit, invono="8"), at, "M9")

    assert "该发送方报文ID（msgid）已用于内容不同的报文，请更换报文ID后重发" == refused["err_msg"]


def test_a_refused_message_may_be_sent_again_once_its_cause_is_gone() -> None:
    at = desk()
    refused = asked("2304", settlement("000000000001"), at, "M9")
    visit = opened_stay(at)

    accepted = asked("2304", settlement(visit), at, "M9")

    assert ("000000000001", "-1", "0") == (visit, refused["infcode"], accepted["infcode"])


def test_settled_fee_lines_are_not_settled_twice() -> None:
    at = desk()
    visit = opened_stay(at)
    asked("2304", settlement(visit), at, "M1S")

    assert "没有未结算的费用明细" == asked("2304", settlement(visit), at, "M2S")["err_msg"]


def test_a_cancel_is_the_negative_mirror_with_both_spellings_of_cash() -> None:
    at = desk()
    visit = opened_stay(at)
    setl_id = asked("2304", settlement(visit), at, "M1S")["output"]["setlinfo"]["setl_id"]

    cancel = {"data": {"mdtrt_id": visit, "setl_id": setl_id, "psn_no": ASSISTED.number}}
    output = asked("2305", cancel, at, "M1C")["output"]

    told = ("medfee_sumamt", "maf_pay", "fund_pay_sumamt", "psn_cash_pay", "pdn_cash_pay", "balc", "medins_setl_id")
    expected = ("-10000.00", "-1610.00", "-8310.00", "-1690.00", "-1690.00", "0.00", "M1C")
    assert expected == tuple(output["setlinfo"][name] for name in told)
    assert ["-6000.00", "-700.00", "-1610.00"] == [row["fund_payamt"] for row in output["setldetail"]]
    assert output["setlinfo"]["setl_id"] != setl_id


def test_a_cancelled_settlement_gives_its_relief_back_and_shows_it() -> None:
    at = desk()
    visit = opened_stay(at)
    setl_id = asked("2304", settlement(visit), at, "M1S")["output"]["setlinfo"]["setl_id"]
    asked("2305", {"data": {"mdtrt_id": visit, "setl_id": setl_id, "psn_no": ASSISTED.number}}, at)

    queried = asked("5203", {"data": {"psn_no": ASSISTED.number, "setl_id": setl_id}}, at)["output"]["setlinfo"]
    counted = asked("5206", {"data": {"psn_no": ASSISTED.number, "cum_ym": "202501"}}, at)["output"]["cuminfo"]

    assert ("1", PERSONAL) == (queried["refd_setl_flag"], queried["psn_pay"])
    assert [("D610101", "0.00")] == [(row["cum_type_code"], row["cum"]) for row in counted]


def test_a_reversal_leaves_nothing_behind_and_may_come_twice() -> None:
    at = desk()
    visit = opened_stay(at)
    asked("2304", settlement(visit), at, "M1S")
    reversal = {"data": {"psn_no": ASSISTED.number, "omsgid": "M1S", "oinfno": "2304"}}

    codes = [asked("2601", reversal, at, msgid)["infcode"] for msgid in ("R1", "R1", "R2")]

    assert ["0", "0", "0"] == codes
    assert (
        "该发送方报文ID（msgid）对应的交易已被冲正，不能再用，请更换报文ID后重发"
        == (asked("2304", settlement(visit), at, "M1S")["err_msg"])
    )
    assert "0" == asked("2304", settlement(visit), at, "M2S")["infcode"]


def test_a_reversal_that_comes_before_its_message_keeps_that_message_out() -> None:
    at = desk()
    visit = opened_stay(at)
    reversal = {"data": {"psn_no": ASSISTED.number, "omsgid": "LATE", "oinfno": "2304"}}

    accepted = asked("2601", reversal, at)

    assert "0" == accepted["infcode"]
    assert "-1" == asked("2304", settlement(visit), at, "LATE")["infcode"]


def test_what_cannot_be_reversed_is_refused() -> None:
    reversal = {"data": {"psn_no": "1", "omsgid": "X", "oinfno": "2303"}}

    assert "交易 2303 不支持冲正" == asked("2601", reversal, desk())["err_msg"]


@pytest.mark.parametrize(
    ("changed", "result"),
    [
        ({}, "0"),
        ({"medfee_sumamt": "9999.99"}, "1"),
        ({"medfee_sumamt": "10000.01"}, "2"),
        ({"medfee_sumamt": "9999.99", "fund_pay_sumamt": "9000"}, "3"),
        ({"fixmedins_setl_cnt": "2"}, "2"),
    ],
)
def test_totals_are_compared(changed: dict[str, str], result: str) -> None:
    at = desk()
    asked("2304", settlement(opened_stay(at)), at)

    output = asked("3201", {"data": {**_totals(), **changed}}, at)["output"]

    assert result == output["stmtinfo"]["stmt_rslt"]


def _totals() -> dict[str, Any]:
    return {
        "insutype": "390",
        "clr_type": "21",
        "setl_optins": "371500",
        "stmt_begndate": "2025-01-10",
        "stmt_enddate": "2025-01-10",
        "medfee_sumamt": "10000.00",
        "fund_pay_sumamt": FUNDS,
        "acct_pay": "0",
        "fixmedins_setl_cnt": "1",
        "REFD_SETL_FLAG": "0",
    }


def test_rows_are_compared_by_files_and_ours_are_told_too() -> None:
    at = desk()
    first = opened_stay(at)
    settled = asked("2304", settlement(first), at, "M1S")["output"]["setlinfo"]
    second = opened_stay(at, OTHER, "M2")
    missing = asked("2304", settlement(second, OTHER), at, "M2S")["output"]["setlinfo"]
    rows = [_row(settled["setl_id"], first, ASSISTED.number, 831_000), _row("300000000009", "9", OTHER.number, 1)]
    upload = {
        "fsUploadIn": {"in": _signed(packed(rows, "detail.txt")), "filename": "d.zip", "fixmedins_code": HOSPITAL}
    }
    number = asked("9101", upload, at)["output"]["file_qury_no"]

    detail = {**_totals(), "file_qury_no": number, "cash_payamt": "0"}
    told = asked("3202", {"data": detail}, at)["output"]["fileinfo"]
    wanted = {"fsDownloadIn": {"file_qury_no": told["file_qury_no"], "filename": "x", "fixmedins_code": HOSPITAL}}
    result = answer(read_request(message("9102", wanted)), at, NOW)

    results = [(row.setl_id, row.stmt_rslt, row.msgid) for row in unpacked(ResultRow, result.body())]
    assert [(settled["setl_id"], "0", "M1S"), ("300000000009", "2", ""), (missing["setl_id"], "1", "M2S")] == results
    assert result.is_file


def _row(settlement_number: str, visit: str, who: str, funds: int) -> ClaimedRow:
    return ClaimedRow(
        setl_id=settlement_number,
        mdtrt_id=visit,
        psn_no=who,
        medfee_sumamt=1_000_000,
        fund_pay_sumamt=funds,
        acct_pay=0,
        refd_setl_flag="0",
    )


def _signed(data: bytes) -> list[int]:
    return [byte - 256 if byte > 127 else byte for byte in data]


def test_a_file_may_come_as_base64_too() -> None:
    at = desk()
    upload = {"fsUploadIn": {"in": base64.b64encode(b"PK").decode(), "filename": "d.zip", "fixmedins_code": HOSPITAL}}

    number = asked("9101", upload, at)["output"]["file_qury_no"]

    assert b"PK" == at.state.files[number]


def test_a_visit_without_bed_is_registered_described_and_settled() -> None:
    at = desk()
    start = {
        "psn_no": ASSISTED.number, "insutype": "390", "begntime": "2025-01-10 09:00:00", "mdtrt_cert_type": "02",
        "mdtrt_cert_no": ASSISTED.document_number, "ipt_otp_no": "MZ1", "dept_code": "03", "dept_name": "内科",
        "caty": "A03",
    }  # fmt: skip
    visit = asked("2201", {"data": start}, at)["output"]["data"]["mdtrt_id"]
    info = {"mdtrt_id": visit, "psn_no": ASSISTED.number, "med_type": "14", "begntime": "2025-01-10 09:00:00"}
    described = asked("2203", {"mdtrtinfo": info, "diseinfo": []}, at)
    line = {
        "feedetl_sn": "A1", "mdtrt_id": visit, "psn_no": ASSISTED.number, "chrg_bchno": "B1", "rx_circ_flag": "0",
        "fee_ocur_time": "2025-01-10 09:10:00", "med_list_codg": "XA", "medins_list_codg": "1",
        "det_item_fee_sumamt": 100, "cnt": 1, "pric": 100, "bilg_dept_codg": "03", "bilg_dept_name": "内科",
        "bilg_dr_codg": "D1", "bilg_dr_name": "医师甲", "hosp_appr_flag": "0",
    }  # fmt: skip
    split = asked("2204", {"feedetail": line}, at)["output"]["result"]
    bill = {
        "psn_no": ASSISTED.number, "mdtrt_cert_type": "02", "mdtrt_cert_no": ASSISTED.document_number, "med_type": "14",
        "medfee_sumamt": "100", "psn_setlway": "01", "mdtrt_id": visit, "chrg_bchno": "B1", "insutype": "390",
        "acct_used_flag": "0", "exp_content": {"setldetail": [{"fund_pay_type": "390100", "fund_payamt": 60.0}]},
    }  # fmt: skip

    settled = asked("2207", {"data": bill}, at)["output"]["setlinfo"]

    assert "0" == described["infcode"]
    assert [("100.00", "100.00", "1.0000")] == [
        (row["det_item_fee_sumamt"], row["inscp_scp_amt"], row["cnt"]) for row in split
    ]
    assert ("60.00", "28.00", "12.00") == (settled["hifp_pay"], settled["maf_pay"], settled["psn_cash_pay"])


def test_signing_in_and_out_names_the_nodes_as_recorded() -> None:
    at = desk()

    signed_in = asked("9001", {"signIn": {"opter_no": "0001", "mac": "", "ip": ""}}, at)["output"]
    signed_out = asked("9002", {"signOut": {"sign_no": "S0001", "opter_no": "0001"}}, at)["output"]

    assert {"signinoutb": {"sign_time": "2025-01-10 10:00:01", "sign_no": "S0001"}} == signed_in
    assert {"signoutoutb": {"sign_time": "2025-01-10 10:00:01"}} == signed_out


def test_an_application_for_clearing_is_taken_and_taken_back() -> None:
    at = desk()
    month = {
        "clr_type": "21", "setlym": "202501", "psntime": 1, "medfee_sumamt": 100, "med_sumfee": 100,
        "fund_appy_sum": 80, "cash_payamt": 20, "acct_pay": 0, "begndate": "2025-01-01", "enddate": "2025-01-31",
    }  # fmt: skip

    number = asked("3203", {"data": month}, at)["output"]["result"]["clr_appy_evt_id"]
    back = [asked("3204", {"data": {"clr_appy_evt_id": number}}, at, msgid)["infcode"] for msgid in ("B1", "B2")]

    assert ["0", "-1"] == back


def test_an_unknown_transaction_is_refused_by_its_number() -> None:
    assert "不支持交易 4101" == asked("4101", {"data": {}}, desk())["err_msg"]


def test_an_answer_bears_region_time_and_serial() -> None:
    given = {"mdtrt_cert_type": "02", "mdtrt_cert_no": ASSISTED.document_number}

    found = asked("1101", {"data": given}, desk())

    assert ("371500202501101000010000000001", "20250110100001250") == (found["inf_refmsgid"], found["respond_time"])


def test_the_letter_of_a_variant_is_the_same_transaction() -> None:
    at = desk()

    settled = asked("2304A", settlement(opened_stay(at)), at, "M1S")

    assert RELIEF == settled["output"]["setlinfo"]["maf_pay"]


def test_input_may_be_the_text_of_an_object() -> None:
    at = desk()
    given = {"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": ASSISTED.document_number}}

    assert "0" == asked("1101", json.dumps(given), at)["infcode"]


def test_an_institution_is_found_by_code_or_name_and_one_of_them_is_needed() -> None:
    found = asked("1201", {"medinsinfo": {"fixmedins_type": "1", "fixmedins_code": "H1"}}, desk())["output"]
    refused = asked("1201", {"medinsinfo": {"fixmedins_type": "1"}}, desk())

    assert ("H1", "2") == (found["medinsinfo"]["fixmedins_code"], found["medinsinfo"]["hosp_lv"])
    assert "医药机构编号和名称至少填写一项" == refused["err_msg"]


@pytest.mark.parametrize(("who", "flag", "reason"), [(ASSISTED, "1", None), (OTHER, "0", "当日不属于医疗救助对象")])
def test_an_entitlement_is_yes_or_no_with_the_reason(who: PersonFound, flag: str, reason: str | None) -> None:
    question = {
        "psn_no": who.number, "insutype": "390", "fixmedins_code": HOSPITAL, "med_type": "21",
        "begntime": "2025-01-10 00:00:00",
    }  # fmt: skip

    (row,) = asked("2001", {"data": question}, desk())["output"]["trtinfo"]

    assert ("610100", flag, reason) == (row["fund_pay_type"], row["trt_enjymnt_flag"], row["trt_chk_rslt"])


def test_a_stay_is_changed_discharged_taken_back_and_withdrawn() -> None:
    at = desk()
    visit = opened_stay(at)
    both = {"mdtrt_id": visit, "psn_no": ASSISTED.number}
    change = {
        **both, "ipt_otp_no": "ZY001", "begntime": "2025-01-02", "mdtrt_cert_type": "02", "med_type": "2102",
        "atddr_no": "D1", "chfpdr_name": "医师甲", "adm_diag_dscr": "肺炎", "adm_dept_codg": "0301",
        "adm_dept_name": "呼吸内科", "adm_bed": "13", "dscg_maindiag_code": "J18.900", "dscg_maindiag_name": "肺炎",
    }  # fmt: skip
    leave = {
        **both, "insutype": "390", "endtime": "2025-01-10 09:00:00", "dscg_dept_codg": "0301",
        "dscg_dept_name": "呼吸内科", "dscg_way": "1",
    }  # fmt: skip

    codes = [
        asked(infno, given, at)["infcode"]
        for infno, given in [
            ("2403", {"adminfo": change, "diseinfo": []}),
            ("2402", {"dscginfo": leave}),
            ("2405", {"data": both}),
            ("2302", {"data": {**both, "feedetl_sn": "0000"}}),
            ("2404", {"data": both}),
        ]
    ]

    assert ["0"] * 5 == codes
    assert {} == at.state.visits


def test_fee_lines_of_two_visits_or_with_one_number_twice_are_refused() -> None:
    at = desk()
    visit = opened_stay(at)
    lines = [fee_line(ASSISTED, visit, "8", "XA", "1.00"), fee_line(ASSISTED, visit, "8", "XA", "1.00")]
    elsewhere = [lines[0], fee_line(OTHER, "9", "9", "XA", "1.00")]

    twice = asked("2301", {"feedetail": lines}, at)["warn_msg"]
    several = asked("2301", {"feedetail": elsewhere}, at)["err_msg"]
    withdrawn = [{"feedetl_sn": "1", "mdtrt_id": one, "psn_no": ASSISTED.number} for one in (visit, "9")]

    assert twice.startswith("feedetail[1].feedetl_sn：第2条的费用明细流水号 8 与前面重复")
    assert "一次只能上传同一人员、同一就诊的费用明细" == several
    assert "一次只能撤销同一就诊的费用明细" == asked("2302", {"data": withdrawn}, at)["err_msg"]


def test_days_the_wrong_way_round_and_another_agency_are_told() -> None:
    reversed_days = asked("3201", {"data": {**_totals(), "stmt_enddate": "2025-01-09"}}, desk())
    elsewhere = asked("3201", {"data": {**_totals(), "setl_optins": "370100"}}, desk())

    assert "对账结束日期早于对账开始日期" == reversed_days["err_msg"]
    assert elsewhere["err_msg"].startswith("结算经办机构 370100 不是本经办机构（371500）")


def test_a_bill_above_what_we_can_count_is_refused() -> None:
    refused = asked("2304", settlement("1", medfee_sumamt="100000000.00"), desk())

    assert "医疗费总额 100000000.00 超过上限 99999999.99 元" == refused["err_msg"]


def test_a_query_with_another_visit_is_refused() -> None:
    at = desk()
    number = asked("2304", settlement(opened_stay(at)), at, "M1S")["output"]["setlinfo"]["setl_id"]

    refused = asked("5203", {"data": {"psn_no": ASSISTED.number, "setl_id": number, "mdtrt_id": "9"}}, at)

    assert "结算ID与就诊ID不一致" == refused["err_msg"]


def test_a_long_refusal_stands_whole_beside_its_short_form() -> None:
    at = desk()
    visit = opened_stay(at)
    rows = [fee_line(ASSISTED, visit, str(number), "XA", "1.00") for number in range(1000, 1100)]
    asked("2301", {"feedetail": rows}, at, "L1")

    refused = asked("2301", {"feedetail": rows}, at, "L2")

    assert 200 == len(refused["err_msg"])
    assert refused["warn_msg"].endswith("1099")


def test_what_the_hospital_waives_leaves_less_to_bear_and_stays_its_part() -> None:
    """Burden 9000 - 6000 = 3000.00, relief 70 %: 2100.00; the person keeps 10000 - 6000 - 500 - 2100 = 1400.00."""
    at = desk()
    paid = {"hifp_pay": 6000, "hosp_part_amt": "500.00"}

    settled = asked("2304", settlement(opened_stay(at), exp_content=paid), at)["output"]

    told = tuple(settled["setlinfo"][name] for name in ("maf_pay", "fund_pay_sumamt", "hosp_part_amt", "psn_part_amt"))
    assert ("2100.00", "8100.00", "500.00", "1400.00") == told
    assert ("999996", "500.00") == tuple(settled["setldetail"][-1][name] for name in ("fund_pay_type", "fund_payamt"))


@pytest.mark.parametrize("month", ["0000", "000001", "202513", "2~2501", "20250", "２０２５０１"])
def test_counts_of_a_month_that_is_none_are_refused(month: str) -> None:
    refused = asked("5206", {"data": {"psn_no": ASSISTED.number, "cum_ym": month}}, desk())

    assert "累计年月应为六位数字，如 202501" == refused["err_msg"]
