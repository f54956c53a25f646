"""The vectors of RFC 6238, and what else a code must not be."""

from base64 import b32encode

import pytest

from tuodi.platform.base.totp import address, code_at, new_secret, step_of

SECRET = b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"),
        (2000000000, "69279037"), (20000000000, "65353130"),
    ],
)  # fmt: skip
def test_codes_are_those_of_the_standard(seconds: int, code: str):
    assert code == code_at(seconds // 30, SECRET, digits=8)


@pytest.mark.parametrize(("later", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_differ_by_one_step(later: int, taken: bool):
    code = code_at(1_000_000, SECRET)

    assert taken == (step_of(code, SECRET, 30_000_000 + later) == 1_000_000)


@pytest.mark.parametrize("code", ["", "1", "000000", "１２３４５６", "abcdef", "12345678901234567890"])
def test_what_is_no_code_is_none(code: str):
    assert step_of(code, SECRET, 59) is None


def test_secrets_differ_and_fit_an_authenticator():
    first, second = new_secret(), new_secret()

    assert first != second
    assert 32 == len(first)
    assert f"otpauth://totp/%E6%89%98%E5%BA%95:li.wei?secret={first}" in address(first, "li.wei")
