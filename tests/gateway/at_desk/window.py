"""What a hospital's window sends over HTTP, and the people who come to it: nobody who exists."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from django.test import Client

from tests.platform.settlement.town import COUNTY, recognise
from tuodi.gateway.hospital.asked import Patient
from tuodi.gateway.national.signature import ca_signature
from tuodi.lab.population.identity import check_digit
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from tuodi.platform.registry import insurance, person

PATH = "/fsi/api/hsecfc/localcfc"
TODAY = date(2026, 11, 28)
_SEQUENCE = count(1)
_NUMBERS = count(1)


def patient(*statuses: str, county: str = COUNTY, kind: str = "resident") -> Patient:
    """Somebody who is enrolled and insured, with these statuses since 2022."""
    sequence = next(_SEQUENCE)
    head = f"371591{1940 + sequence // 900 % 60:04}0101{sequence % 900:03}"
    number = head + check_digit(head)
    with entered(SYSTEM):
        who = person.enrol(number=number, name="单雄信", region=county, today=TODAY)
        insurance.begin(person=who, kind=kind, starts_on=date(2015, 1, 1))
        for word in statuses:
            recognise(who, word, since=date(2022, 1, 1))
    return Patient(document_number=number, name="单雄信")


@dataclass
class Window:
    """Sends signed messages of one hospital and reads the answers."""

    institution: str
    key: str
    secret: bytes = field(repr=False)
    client: Client = field(default_factory=Client)

    def ask(self, infno: str, input: Any, msgid: str = "", **head: Any) -> dict[str, Any]:  # noqa: A002
        """The decoded answer; amounts are texts, digit by digit."""
        body = self.body(infno, input, msgid, **head)
        response = self.post(body)
        assert 200 == response.status_code, response.content
        return dict(json.loads(response.content, parse_float=str, parse_int=str))

    def done(self, infno: str, input: Any, msgid: str = "") -> dict[str, Any]:  # noqa: A002
        """The output of a message that succeeds."""
        answer = self.ask(infno, input, msgid)
        assert "0" == answer["infcode"], answer
        return dict(answer["output"] or {})

    def why_not(self, infno: str, input: Any, msgid: str = "") -> str:  # noqa: A002
        """The reason of a refusal."""
        answer = self.ask(infno, input, msgid)
        assert "-1" == answer["infcode"], answer
        return str(answer["err_msg"])

    def post(self, body: bytes, headers: Mapping[str, str] | None = None) -> Any:
        return self.client.post(PATH, body, "text/plain", headers=self.signed(body) if headers is None else headers)

    def signed(self, body: bytes) -> dict[str, str]:
        from time import time

        return {"x-ca-key": self.key, "x-ca-signature": ca_signature(str(int(time())), body, self.secret)}

    def body(self, infno: str, input: Any, msgid: str = "", **head: Any) -> bytes:  # noqa: A002
        envelope = {
            "infno": infno, "msgid": msgid or f"{self.institution}{next(_NUMBERS):018d}", "mdtrtarea_admvs": "371502",
            "insuplc_admdvs": "371502", "recer_sys_code": "99", "infver": "V1.0", "opter_type": "1", "opter": "0001",
            "opter_name": "收费员", "inf_time": "2026-11-28 10:00:00", "fixmedins_code": self.institution,
            "fixmedins_name": "示例医院",
        }  # fmt: skip
        return json.dumps({**envelope, **head, "input": input}, ensure_ascii=False).encode()

    # ---- the steps of a stay and of a visit --------------------------------------------------------------------------

    def identified(self, who: Patient) -> dict[str, Any]:
        data = {
            "mdtrt_cert_type": "02", "mdtrt_cert_no": who.document_number, "psn_cert_type": "01",
            "certno": who.document_number, "psn_name": who.name,
        }  # fmt: skip
        return self.done("1101", {"data": data})

    def admitted(self, who: Patient, number: str, msgid: str = "") -> str:
        info = {
            "psn_no": number, "insutype": "390", "begntime": "2026-11-02 08:30:00", "mdtrt_cert_type": "02",
            "mdtrt_cert_no": who.document_number, "med_type": "21", "ipt_no": "ZY001", "atddr_no": "D1",
            "chfpdr_name": "医师甲", "adm_diag_dscr": "肺炎", "adm_dept_codg": "0301", "adm_dept_name": "呼吸内科",
            "adm_bed": "12", "dscg_maindiag_code": "J18.900", "dscg_maindiag_name": "肺炎",
        }  # fmt: skip
        diagnosis = {
            "diag_type": "1", "maindiag_flag": "1", "diag_srt_no": "1", "diag_code": "J18.900", "diag_name": "肺炎",
            "diag_dept": "呼吸内科", "dise_dor_no": "D1", "dise_dor_name": "医师甲", "diag_time": "2026-11-02 09:00:00",
        }  # fmt: skip
        output = self.done("2401", {"mdtrtinfo": info, "diseinfo": [diagnosis]}, msgid)
        return str(output["result"]["mdtrt_id"])

    def line(self, visit: str, number: str, line: str, amount: str, **more: Any) -> dict[str, Any]:
        return {
            "feedetl_sn": line, "mdtrt_id": visit, "psn_no": number, "med_type": "21",
            "fee_ocur_time": "2026-11-03 08:00:00", "med_list_codg": "XA01", "medins_list_codg": "LXA01",
            "det_item_fee_sumamt": amount, "cnt": "1", "pric": amount, "bilg_dept_codg": "0301",
            "bilg_dept_name": "呼吸内科", "bilg_dr_codg": "D1", "bilg_dr_name": "医师甲", **more,
        }  # fmt: skip

    def discharged(self, visit: str, number: str) -> None:
        info = {
            "mdtrt_id": visit, "psn_no": number, "insutype": "390", "endtime": "2026-11-09 10:00:00",
            "dscg_dept_codg": "0301", "dscg_dept_name": "呼吸内科", "dscg_way": "1",
        }  # fmt: skip
        self.done("2402", {"dscginfo": info})

    def stay(self, who: Patient, amount: str = "10000.00") -> tuple[str, str]:
        """A stay ready to be settled: the person's number and the visit's."""
        number = str(self.identified(who)["baseinfo"]["psn_no"])
        visit = self.admitted(who, number)
        self.done("2301", {"feedetail": [self.line(visit, number, "1", amount)]})
        self.discharged(visit, number)
        return number, visit

    def settlement(self, number: str, visit: str, amount: str = "10000.00", **more: Any) -> dict[str, Any]:
        """The input of 2303 and 2304: insurance has paid 6000.00 and 700.00."""
        data = {
            "psn_no": number, "mdtrt_cert_type": "02", "mdtrt_cert_no": "", "medfee_sumamt": amount,
            "psn_setlway": "01", "mdtrt_id": visit, "insutype": "390", "acct_used_flag": "0", "mid_setl_flag": "0",
            "exp_content": {"hifp_pay": "6000.00", "hifmi_pay": "700.00"}, **more,
        }  # fmt: skip
        return {"data": data}
