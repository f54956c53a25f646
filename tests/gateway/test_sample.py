"""The people of the messages are nobody: their numbers are valid in form, of a county that never was."""

import re
from pathlib import Path

from tuodi.lab.population.identity import COUNTIES, check_digit

HERE = Path(__file__).parent


def test_identity_numbers_are_valid_and_nobodys() -> None:
    texts = [path.read_text(encoding="utf-8") for path in HERE.rglob("*.py")]
    numbers = {number for text in texts for number in re.findall(r"\b3715\d{13}[\dX]\b", text)}

    assert len(numbers) >= 4
    assert numbers == {number[:17] + check_digit(number[:17]) for number in numbers}
    assert {int(number[4:6]) for number in numbers} <= set(COUNTIES)
