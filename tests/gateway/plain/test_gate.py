"""Who comes in, and how everybody else is told."""

import json
from time import time

import pytest

from tests.gateway.plain.conftest import plain_of
from tests.gateway.plain.window import ROOT, Plain
from tests.platform.settlement.town import HOSPITAL
from tuodi.platform.base import credential
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered

WHERE = "/statements"


def test_a_signature_is_taken_once(plain: Plain) -> None:
    signed = plain.signed("GET", ROOT + WHERE, b"")

    assert {"statements": []} == plain.send("GET", WHERE, b"", 200, signed)
    assert {"nonce-spent"} == plain.codes("GET", WHERE, b"", 401, signed)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("POST", WHERE, b""), ("GET", "/statements?month=2026-10", b""), ("GET", WHERE, b" ")],
)
def test_a_signature_holds_for_one_method_path_and_body(plain: Plain, method: str, path: str, body: bytes) -> None:
    signed = plain.signed("GET", ROOT + WHERE, b"")
    codes = {"method-not-allowed"} if method == "POST" else {"signature-wrong"}

    assert codes == plain.codes(method, path, body, 405 if method == "POST" else 401, signed)


def test_a_signature_of_another_path_opens_nothing_there(plain: Plain) -> None:
    signed = plain.signed("POST", f"{ROOT}/settlements/1/cancel-preview", b"")

    assert {"signature-wrong"} == plain.codes("POST", "/settlements/1/cancel", b"", 401, signed)


def test_old_unknown_and_missing_signatures_are_told_apart(plain: Plain) -> None:
    signed = plain.signed("GET", ROOT + WHERE, b"")
    old = plain.signed("GET", ROOT + WHERE, b"", at=time() - 1801)

    assert {"signature-missing"} == plain.codes("GET", WHERE, b"", 401, {})
    assert {"signature-expired"} == plain.codes("GET", WHERE, b"", 401, old)
    assert {"credential-unknown"} == plain.codes("GET", WHERE, b"", 401, signed | {"x-ca-key": "0" * 32})
    assert {"credential-unknown"} == plain.codes("GET", WHERE, b"", 401, signed | {"x-ca-key": "\u00ff"})
    assert {"nonce-form"} == plain.codes("GET", WHERE, b"", 401, signed | {"x-ca-nonce": "x"})


def test_another_variant_s_credential_and_a_revoked_one_are_turned_away(plain: Plain) -> None:
    other = plain_of(HOSPITAL, "apikey")
    assert {"credential-unknown"} == other.codes("GET", WHERE, b"", 401)
    with entered(SYSTEM):
        credential.revoke(access_key=plain.key, reason="测试")

    assert {"credential-expired"} == plain.codes("GET", WHERE, b"", 401)


def test_what_is_not_there_and_too_large_is_told_in_the_same_form(plain: Plain) -> None:
    assert {"path-unknown"} == plain.codes("GET", "/nothing", b"", 404)
    assert {"path-unknown"} == plain.codes("POST", "/", b"", 404)
    assert {"message-too-large"} == plain.codes("POST", "/trials", b" " * (8 * 1024 * 1024 + 1), 413)


def test_the_description_is_open_and_asks_nothing_of_the_world(plain: Plain) -> None:
    response = plain.client.get(f"{ROOT}/openapi.json")
    described = json.loads(response.content)

    assert 200 == response.status_code
    assert 404 == plain.client.get(f"{ROOT}/docs").status_code
    assert {f"{ROOT}/settlements", f"{ROOT}/rosters", f"{ROOT}/months/{{month}}/totals"} <= set(described["paths"])
    assert '"type": "number"' not in json.dumps(described)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "field-missing"), (b"{", "not-json"), (b"[]", "field-form"), (b"\xff", "message-not-utf-8"),
        (b"[" * 1000, "message-too-deep"), (b'{"key": "\\u0000"}', "broken-text"),
        (b'{"key": "\\ud800"}', "broken-text"),
        (b'{"key": 1, "key": 2}', "key-twice"), (b'{"key": 1e999}', "number-too-long"), (b'{"key": NaN}', "not-json"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_request_are_findings(plain: Plain, body: bytes, code: str) -> None:
    assert code in plain.codes("POST", "/settlements", body, 422)
