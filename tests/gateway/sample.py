"""Messages in the notation of the field, and the people they are about: nobody who exists."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from tests.gateway.memory_desk import MemoryDesk
from tuodi.core.period import Period
from tuodi.gateway.national.desk import Enrolment, HeldStatus, PersonFound
from tuodi.gateway.national.dispatch import answer
from tuodi.gateway.national.envelope import read_request
from tuodi.gateway.national.fields import CHINA

NOW = datetime(2025, 1, 10, 10, 0, 1, 250_000, tzinfo=CHINA)
HOSPITAL = "H99000000001"


def person(
    number: str = "37150000000000000001",
    document: str = "371591196001010017",
    *statuses: str,
    insurance: str = "resident",
) -> PersonFound:
    enrolment = Enrolment(insurance=insurance, person_kind="15", active=True, region="371500", since=date(2008, 1, 1))
    held = tuple(HeldStatus(status=one, period=Period(start=date(2024, 1, 1), end=None)) for one in statuses)
    return PersonFound(
        number=number,
        name="示例甲",
        document="01",
        document_number=document,
        sex="1",
        birth_date=date(1960, 1, 1),
        ethnic_group="01",
        enrolments=(enrolment,),
        statuses=held,
    )


ASSISTED = person("37150000000000000001", "371591196001010017", "subsistence_allowance")
OTHER = person("37150000000000000002", "371591196001010033")


def desk() -> MemoryDesk:
    return MemoryDesk([ASSISTED, OTHER])


def message(infno: str, input: Any, msgid: str = "", **head: Any) -> bytes:  # noqa: A002
    """A request as a hospital sends it; each message has its own number unless one is given."""
    envelope = {
        "infno": infno,
        "msgid": msgid or f"{HOSPITAL}20250110100000{infno}",
        "mdtrtarea_admvs": "371500",
        "insuplc_admdvs": "371500",
        "recer_sys_code": "99",
        "dev_no": "null",
        "dev_safe_info": "",
        "cainfo": "",
        "signtype": "SM3",
        "infver": "V1.0",
        "opter_type": "1",
        "opter": "0001",
        "opter_name": "操作员",
        "inf_time": "2025-01-10 10:00:00",
        "fixmedins_code": HOSPITAL,
        "fixmedins_name": "示例医院",
        "sign_no": "null",
    }
    return json.dumps({**envelope, **head, "input": input}, ensure_ascii=False).encode()


def asked(infno: str, input: Any, at: MemoryDesk, msgid: str = "", now: datetime = NOW) -> Any:  # noqa: A002
    """The decoded answer of the desk; its numbers are texts, digit by digit."""
    body = answer(read_request(message(infno, input, msgid)), at, now).body()
    return json.loads(body, parse_float=str, parse_int=str)


def opened_stay(at: MemoryDesk, who: PersonFound = ASSISTED, msgid: str = "M1") -> str:
    """A stay with 10000.00 of fee lines: 9000.00 in policy."""
    admission = {
        "psn_no": who.number,
        "insutype": "390",
        "begntime": "2025-01-02 08:30:00",
        "mdtrt_cert_type": "02",
        "mdtrt_cert_no": who.document_number,
        "med_type": "21",
        "ipt_no": "ZY001",
        "atddr_no": "D1",
        "chfpdr_name": "医师甲",
        "adm_diag_dscr": "肺炎",
        "adm_dept_codg": "0301",
        "adm_dept_name": "呼吸内科",
        "adm_bed": "12",
        "dscg_maindiag_code": "J18.900",
        "dscg_maindiag_name": "肺炎",
    }
    diagnosis = {
        "diag_type": "1",
        "maindiag_flag": "1",
        "diag_srt_no": "1",
        "diag_code": "J18.900",
        "diag_name": "肺炎",
        "diag_dept": "呼吸内科",
        "dise_dor_no": "D1",
        "dise_dor_name": "医师甲",
        "diag_time": "2025-01-02 09:00:00",
    }
    admitted = asked("2401", {"mdtrtinfo": admission, "diseinfo": [diagnosis]}, at, msgid + "A")
    visit: str = admitted["output"]["result"]["mdtrt_id"]
    lines = [fee_line(who, visit, "1", "XA01", "4500.00"), fee_line(who, visit, "2", "YB02", "5000.00", "500")]
    lines.append(fee_line(who, visit, "3", "ZC03", "500.00"))
    assert asked("2301", {"feedetail": lines}, at, msgid + "F")["infcode"] == "0"
    return visit


def fee_line(who: PersonFound, visit: str, number: str, item: str, amount: str, price: str = "") -> dict[str, Any]:
    return {
        "feedetl_sn": number,
        "mdtrt_id": visit,
        "psn_no": who.number,
        "med_type": "21",
        "fee_ocur_time": "2025-01-03 08:00:00",
        "med_list_codg": item,
        "medins_list_codg": f"L{item}",
        "det_item_fee_sumamt": amount,
        "cnt": "10" if price else "1",
        "pric": price or amount,
        "bilg_dept_codg": "0301",
        "bilg_dept_name": "呼吸内科",
        "bilg_dr_codg": "D1",
        "bilg_dr_name": "医师甲",
    }


def settlement(visit: str, who: PersonFound = ASSISTED, **more: Any) -> dict[str, Any]:
    """Input of 2303 and 2304: insurance has paid 6000.00 and 700.00."""
    data = {
        "psn_no": who.number,
        "mdtrt_cert_type": "02",
        "mdtrt_cert_no": who.document_number,
        "medfee_sumamt": 10000.00,
        "psn_setlway": "01",
        "mdtrt_id": visit,
        "insutype": "390",
        "acct_used_flag": "0",
        "mid_setl_flag": "0",
        "exp_content": json.dumps({"hifp_pay": "6000.00", "hifmi_pay": 700}),
    }
    return {"data": {**data, **more}}
