"""Identity numbers: what is accepted, and each way in which one is wrong."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.platform.registry.conftest import TODAY, number
from tuodi.core.finding import Finding
from tuodi.platform.registry.domain import Sex
from tuodi.platform.registry.identity import Identity, identity

VALID = number(7)


@given(birth=st.dates(date(1900, 1, 1), TODAY), sequence=st.integers(1, 999))
def test_a_valid_number_tells_birth_and_sex(birth: date, sequence: int):
    text = number(sequence, birth=birth.strftime("%Y%m%d"))

    assert Identity(number=text, birth_date=birth, sex=Sex.male if sequence % 2 else Sex.female) == identity(
        text, TODAY
    )


@given(place=st.integers(0, 16), digit=st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_found(place: int, digit: str):
    text = VALID[:place] + digit + VALID[place + 1 :]

    assert (text == VALID) == isinstance(identity(text, TODAY), Identity)


@pytest.mark.parametrize(
    "text", [f" {VALID} ", f"'{VALID}", f"{VALID[:6]} {VALID[6:14]} {VALID[14:]}", f"\ufeff{VALID}"]
)
def test_marks_of_spreadsheets_are_read_over(text: str):
    assert identity(text, TODAY) == identity(VALID, TODAY)


def test_full_width_digits_and_a_small_x_are_the_same_number():
    ends_in_x = next(text for text in map(number, range(1, 99)) if text.endswith("X"))
    wide = ends_in_x.replace("X", "ｘ").translate({ord(str(digit)): ord("０") + digit for digit in range(10)})

    assert identity(ends_in_x, TODAY) == identity(wide, TODAY)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "number-missing"),
        ("371502600101001", "number-old"),
        (VALID[:-1], "number-form"),
        (VALID + "0", "number-form"),
        ("A" + VALID[1:], "number-form"),
        (number(1, birth="19601301"), "number-birth"),
        (number(1, birth="20991231"), "number-birth"),
        (number(1, birth="18891231"), "number-birth"),
        (number(1, county="991591"), "number-region"),
        (VALID[:-1] + ("1" if VALID[-1] == "0" else "0"), "number-check"),
    ],
)
def test_each_fault_has_its_code_and_never_repeats_the_number(text: str, code: str):
    found = identity(text, TODAY)

    assert isinstance(found, Finding) and code == found.code
    assert found.remedy and not (text and text in str(found))


@pytest.mark.parametrize("county", ["811591", "830001", "937156"])
def test_residents_from_hong_kong_taiwan_and_abroad_have_such_numbers_too(county: str):
    assert isinstance(identity(number(1, county=county), TODAY), Identity)


def test_a_number_is_not_printed_by_accident():
    assert VALID not in repr(identity(VALID, TODAY))
