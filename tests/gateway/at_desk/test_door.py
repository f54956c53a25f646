"""Who comes in, and what is kept of what they say."""

import json
from datetime import timedelta
from time import time

import pytest
from django.utils import timezone

from tests.gateway.at_desk.conftest import window_of
from tests.gateway.at_desk.window import PATH, Window, patient
from tests.platform.settlement.town import AT_COUNTY, AT_HOSPITAL, HOSPITAL, NEXT_DOOR, NEXT_HOSPITAL
from tuodi.gateway import models
from tuodi.gateway.at_desk.kept import unpacked
from tuodi.gateway.national.signature import api_signature, tif_signature
from tuodi.platform.base import credential
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.models import Nonce
from tuodi.platform.base.scope import entered

SIGN_IN = {"signIn": {"opter_no": "0001"}}


def turned_away(window: Window, body: bytes, headers: dict[str, str]) -> str:
    response = window.post(body, headers)
    assert 401 == response.status_code
    return str(json.loads(response.content)["message"])


def test_a_wrong_signature_is_turned_away_and_nothing_is_kept(window: Window):
    body = window.body("9001", SIGN_IN)

    assert "签名不一致" == turned_away(window, body + b" ", window.signed(body))
    assert "访问密钥不存在" == turned_away(window, body, window.signed(body) | {"x-ca-key": "0" * 32})
    assert "请求头缺少 签名信息" == turned_away(window, body, {})
    assert 0 == models.Message.objects.count()


def test_a_revoked_key_is_told_so(window: Window):
    with entered(SYSTEM):
        credential.revoke(access_key=window.key, reason="测试")
    body = window.body("9001", SIGN_IN)

    assert "接口凭证不在有效期内" == turned_away(window, body, window.signed(body))


def test_a_key_speaks_for_its_own_institution_only(window: Window):
    answer = window.ask("9001", SIGN_IN, fixmedins_code=NEXT_HOSPITAL)

    assert ("-1", f"访问密钥不属于机构 {NEXT_HOSPITAL}") == (answer["infcode"], answer["err_msg"])


def test_a_nonce_binds_one_body_and_a_replay_leaves_nothing_that_could_be_used_later(town: None):
    window = window_of(HOSPITAL, "tif")
    body, other = window.body("9001", SIGN_IN), window.body("9001", {"signIn": {"opter_no": "0002"}})
    now = str(int(time()))
    headers = {
        "x-tif-paasid": window.key, "x-tif-timestamp": now, "x-tif-nonce": "N1",
        "x-tif-signature": tif_signature(now, "N1", window.secret),
    }  # fmt: skip

    assert [200, 200] == [window.post(body, headers).status_code for _ in range(2)]
    assert ["签名随机数已用于其他报文"] * 2 == [turned_away(window, other, headers) for _ in range(2)]
    assert 2 == Nonce.objects.count()


def test_headers_with_underscores_and_api_keys_come_in(town: None):
    api = window_of(HOSPITAL, "api")
    body = api.body("9001", SIGN_IN)
    four = {
        "_api_access_key": api.key, "_api_name": "hssServives", "_api_timestamp": str(int(time() * 1000)),
        "_api_version": "1.0.0",
    }  # fmt: skip
    assert 200 == api.post(body, {**four, "_api_signature": api_signature(four, api.secret)}).status_code

    plain = window_of(HOSPITAL, "apikey")
    whole = plain.key + plain.secret.decode()
    assert 200 == plain.post(plain.body("9001", SIGN_IN), {"apikey": whole}).status_code
    assert 401 == plain.post(plain.body("9001", SIGN_IN), {"apikey": whole[:-1]}).status_code


def test_messages_are_kept_sealed_with_their_answers_and_without_secrets(window: Window):
    who = patient("subsistence_allowance")
    window.identified(who)
    row = models.Message.objects.get(transaction="1101")

    assert who.document_number.encode() in unpacked(row.body)
    assert who.document_number.encode() not in bytes(row.body)
    assert {"infno", "content-type", "content-length", "x-ca-key"} == set(row.headers)
    assert b'"infcode":0' in unpacked(models.Answer.objects.get(message=row).body)


def test_only_the_institution_and_its_county_see_them(window: Window):
    window.done("9001", SIGN_IN)
    seen = []
    for scope in (AT_HOSPITAL, AT_COUNTY, NEXT_DOOR):
        with entered(scope):
            seen.append(models.Message.objects.count())

    assert [1, 1, 0] == seen


def test_other_methods_and_bodies_that_are_none_are_answered(window: Window):
    assert 405 == window.client.get(PATH).status_code
    response = window.post(b"{}", window.signed(b"{}"))
    assert (200, "-1") == (response.status_code, str(json.loads(response.content)["infcode"]))


def test_a_body_that_is_too_large_is_refused_by_its_size(window: Window):
    response = window.post(b" " * (8 * 1024 * 1024 + 1), {})

    assert "报文超过 8 MB，请分批上传" == json.loads(response.content)["err_msg"]


@pytest.mark.parametrize("addresses", [["10.0.0.0/8"]])
def test_a_key_is_bound_to_its_addresses(town: None, addresses: list[str]):
    with entered(SYSTEM):
        issued = credential.issue(
            institution=HOSPITAL, variant="ca", addresses=addresses, ends_at=timezone.now() + timedelta(days=1)
        )
    window = Window(institution=HOSPITAL, key=issued.access_key, secret=issued.secret.encode())
    body = window.body("9001", SIGN_IN)

    assert "地址 127.0.0.1 不在凭证允许的范围内" == turned_away(window, body, window.signed(body))
