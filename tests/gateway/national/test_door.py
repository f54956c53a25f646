"""The door: who may come in, for whom they speak, and what a web server sends."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from tests.gateway.national.test_signature import Seen
from tests.gateway.sample import ASSISTED, NOW, desk, message
from tuodi.gateway.national.door import Door, Gate, serve
from tuodi.gateway.national.signature import Credential, ca_signature

BODY = message("1101", {"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": ASSISTED.document_number}})
TIME = str(int(NOW.timestamp()))


class Keys:
    def __init__(self, *institutions: str) -> None:
        self.holder = Credential(
            key="AK1", secret=b"s", variants=frozenset({"ca", "apikey"}), institutions=frozenset(institutions)
        )

    def find(self, key: str) -> Credential | None:
        return self.holder if key == "AK1" else None

    def find_by_secret(self, secret: bytes) -> Credential | None:
        return self.holder if secret == b"s" else None


def served(headers: dict[str, str], *institutions: str, body: bytes = BODY, now: datetime = NOW) -> tuple[int, object]:
    """Status, and the text of a refusal."""
    gate = Gate(credentials=Keys(*institutions), nonces=Seen())
    response = serve(body, headers, Door(gate=gate), lambda _: desk(), now)
    decoded = json.loads(response.body)
    return response.status, decoded.get("message", decoded.get("err_msg"))


def signed(body: bytes = BODY) -> dict[str, str]:
    return {"X-Ca-Key": "AK1", "X-Ca-Signature": ca_signature(TIME, body, b"s")}


def test_who_is_known_is_answered() -> None:
    assert (200, None) == served(signed())
    assert (200, None) == served(signed(), "H99000000001", "H99000000002")
    assert (200, None) == served({"apikey": "s"})


def test_who_is_not_gets_401_before_anything_is_read() -> None:
    assert (401, "请求头缺少 签名信息") == served({}, body=b"\xff")


def test_a_key_speaks_only_for_its_own_institutions() -> None:
    assert (200, "访问密钥不属于机构 H99000000001") == served(signed(), "H99000000002")


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        (
            {"x-tif-paasid": "AK1", "x-tif-timestamp": TIME, "x-tif-nonce": "n", "x-tif-signature": "0"},
            "访问密钥不存在",
        ),
        ({"x-tif-paasid": "AK1"}, "请求头缺少 x_tif_timestamp、x_tif_nonce、x_tif_signature"),
        ({"x-ca-key": "AK1"}, "请求头缺少 x_ca_signature"),
        ({"apikey": ""}, "访问密钥不存在"),
    ],
)
def test_what_a_key_may_not_do_or_leaves_out_is_told(headers: dict[str, str], reason: str) -> None:
    assert (401, reason) == served(headers)


def test_a_file_is_bytes_and_everything_else_json() -> None:
    at = desk()
    at.state.files["7"] = b"PK"
    wanted = {"fsDownloadIn": {"file_qury_no": "7", "filename": "x", "fixmedins_code": "H99000000001"}}

    file, other = (serve(body, {}, Door(), lambda _: at, NOW) for body in (message("9102", wanted), BODY))

    assert (200, "application/octet-stream", b"PK") == (file.status, file.content_type, file.body)
    assert "application/json; charset=utf-8" == other.content_type


def test_the_edition_of_results_is_the_sites_own() -> None:
    totals = {
        "insutype": "390", "clr_type": "21", "setl_optins": "371500", "stmt_begndate": "2025-01-10",
        "stmt_enddate": "2025-01-10", "medfee_sumamt": 0, "fund_pay_sumamt": 0, "acct_pay": 0, "fixmedins_setl_cnt": 0,
    }  # fmt: skip

    response = serve(message("3201", {"data": totals}), {}, Door(statement_edition="long"), lambda _: desk(), NOW)

    assert "000000" == json.loads(response.body)["output"]["stmtinfo"]["stmt_rslt"]
