"""Reconciliation with planted differences, files, and applications for clearing."""

import base64
from typing import Any

from django.utils import timezone

from tests.gateway.at_desk.window import Window, patient
from tests.platform.settlement.town import COUNTY, OTHER_COUNTY
from tuodi.gateway import models
from tuodi.gateway.national.fields import CHINA
from tuodi.gateway.national.files import packed, unpacked
from tuodi.gateway.national.messages.reconciliation import ClaimedRow, ResultRow
from tuodi.platform.clearing.models import Application, ApplicationWithdrawal


def today() -> str:
    return f"{timezone.now().astimezone(CHINA):%Y-%m-%d}"


def settled(window: Window) -> dict[str, Any]:
    number, visit = window.stay(patient("subsistence_allowance"))
    return dict(window.done("2304", window.settlement(number, visit))["setlinfo"])


def totals(infos: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    data = {
        "insutype": "390", "clr_type": "21", "setl_optins": COUNTY, "stmt_begndate": today(), "stmt_enddate": today(),
        "medfee_sumamt": f"{10000 * len(infos)}.00", "fund_pay_sumamt": f"{9010 * len(infos)}.00",
        "acct_pay": "0.00", "fixmedins_setl_cnt": str(len(infos)), **more,
    }  # fmt: skip
    return {"data": data}


def test_totals_agree_and_a_planted_difference_is_told(window: Window, next_window: Window):
    infos = [settled(window), settled(window)]
    settled(next_window)

    assert "0" == window.done("3201", totals(infos))["stmtinfo"]["stmt_rslt"]
    less = window.done("3201", totals(infos, fund_pay_sumamt="18019.99"))["stmtinfo"]
    assert "1" == less["stmt_rslt"]
    assert "基金支付总额医药机构 18019.99、中心 18020.00" in less["stmt_rslt_dscr"]
    assert "结算经办机构 370000 不是本经办机构" in window.why_not("3201", totals(infos, setl_optins="370000"))


def test_rows_in_a_file_are_compared_one_by_one(window: Window, next_window: Window):
    infos = [settled(window), settled(window), settled(window)]
    rows = [row(infos[0]), row(infos[1], fund_pay_sumamt=901_001), row(infos[0], setl_id="4711")]
    kept = window.done("9101", up(window, packed(rows, "detail.txt")))
    answer = window.done("3202", claimed(kept["file_qury_no"]))["fileinfo"]
    down = {"file_qury_no": answer["file_qury_no"], "filename": answer["filename"], "fixmedins_code": "plc"}
    body = window.body("9102", {"fsDownloadIn": {**down, "fixmedins_code": window.institution}})
    results = unpacked(ResultRow, window.post(body).content)

    assert ["0", "3", "2", "1"] == [one.stmt_rslt for one in results]
    assert ["", "基金支付总额中心为 9010.00", "中心没有该结算记录", "医药机构文件中没有该结算记录"] == [
        one.memo for one in results
    ]
    assert "文件不存在或已过期" in next_window.why_not("3202", claimed(kept["file_qury_no"], OTHER_COUNTY))


def test_a_settlement_whose_answer_was_lost_is_told_to_the_institution(window: Window, monkeypatch: Any):
    number, visit = window.stay(patient("subsistence_allowance"))
    with monkeypatch.context() as patched:
        patched.setattr(models.SettledLine.objects, "bulk_create", lambda *_: 1 / 0)
        window.client.raise_request_exception = False
        window.post(window.body("2304", window.settlement(number, visit), "M1"))
    told = window.done("3201", totals([]))["stmtinfo"]

    assert "1" == told["stmt_rslt"]
    assert "医疗费总额医药机构 0.00、中心 10000.00" in told["stmt_rslt_dscr"]


def test_a_month_is_applied_for_once_and_withdrawn(window: Window):
    data = {
        "clr_type": "21", "setlym": "202611", "psntime": "1", "medfee_sumamt": "10000.00", "med_sumfee": "9000.00",
        "fund_appy_sum": "2310.00", "cash_payamt": "990.00", "acct_pay": "0.00", "begndate": "2026-11-01",
        "enddate": "2026-11-30",
    }  # fmt: skip
    number = window.done("3203", {"data": data})["result"]["clr_appy_evt_id"]

    assert (1, str(Application.objects.get().pk)) == (Application.objects.count(), number)
    assert "已经申请过" in window.why_not("3203", {"data": {**data, "psntime": "2"}})
    assert "清算年月" in window.why_not("3203", {"data": {**data, "setlym": "202613"}})
    window.done("3204", {"data": {"clr_appy_evt_id": number, "clr_optins": COUNTY}})
    assert 1 == ApplicationWithdrawal.objects.count()
    assert "没有编号为 9999 的清算申请" in window.why_not("3204", {"data": {"clr_appy_evt_id": "9999"}})


def row(info: dict[str, Any], **more: Any) -> ClaimedRow:
    values = {
        "setl_id": info["setl_id"], "mdtrt_id": info["mdtrt_id"], "psn_no": info["psn_no"],
        "medfee_sumamt": 1_000_000, "fund_pay_sumamt": 901_000, "acct_pay": 0, "refd_setl_flag": "0", **more,
    }  # fmt: skip
    return ClaimedRow(**values)


def up(window: Window, data: bytes) -> dict[str, Any]:
    content = base64.b64encode(data).decode()
    return {"fsUploadIn": {"in": content, "filename": "detail.zip", "fixmedins_code": window.institution}}


def claimed(file: str, agency: str = COUNTY) -> dict[str, Any]:
    data = {
        "setl_optins": agency, "file_qury_no": file, "stmt_begndate": today(), "stmt_enddate": today(),
        "medfee_sumamt": "0.00", "fund_pay_sumamt": "0.00", "cash_payamt": "0.00", "fixmedins_setl_cnt": "3",
        "clr_type": "21", "refd_setl_flag": "1",
    }  # fmt: skip
    return {"data": data}
