"""Identity numbers that are valid in form and nobody's: GB 11643 with its check digit, of counties that are none.

A number is the city's four digits, two digits of a county that was never given out (91 to 98), the day of birth, three
digits of sequence (001 to 997 odd for men, 002 to 998 even for women) and the check digit. No register has such a
county, so that no number of a population is that of a living person.
"""

from __future__ import annotations

import numpy as np

from tuodi.core.finding import Faults, Finding
from tuodi.lab.population.chance import Flags, Ints
from tuodi.lab.population.running import numbered, stretches

COUNTIES = tuple(range(91, 99))
"""Fifth and sixth digit of a made number: no county of the five cities has or had one of these."""

_SEQUENCES = 499  # of each sex: 001, 003, … 997 for men; 002, 004, … 998 for women
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = np.frombuffer(b"10X98765432", np.uint8)
_FIRST_DAY = 660_000  # an ordinal of 1808: everybody is born later
_DAYS = 80_000


class Office:
    """Gives out numbers in the order in which it is asked; no number twice."""

    def __init__(self, city_code: str) -> None:
        self._prefix = int(city_code[:4])
        self._given = np.zeros((2, _DAYS), np.int64)

    def numbers(self, birth: Ints, born: Ints, male: Flags) -> Ints:
        """Eighteen characters for each person; `birth` ordinals, `born` the same days as 19500101.

        Raises Faults where more persons of one sex are born on a day than there are numbers.
        """
        place = self._places(birth - _FIRST_DAY, male.astype(np.int64))
        if len(place) and place.max() >= _SEQUENCES * len(COUNTIES):
            raise Faults([_full()])
        county = np.array(COUNTIES)[place // _SEQUENCES]
        sequence = 2 * (place % _SEQUENCES) + np.where(male, 1, 2)
        head = (self._prefix * 100 + county) * 10**11 + born * 1000 + sequence
        return _with_check_digit(head)

    def _places(self, day: Ints, sex: Ints) -> Ints:
        """The how-many-eth of its day and sex each person is, from 0; counts on."""
        key = sex * _DAYS + day
        order = np.argsort(key, kind="stable")
        ordered = key[order]
        first, sizes = stretches(ordered)
        given = self._given.reshape(-1)
        places = np.empty(len(key), np.int64)
        places[order] = given[ordered] + numbered(ordered) - 1
        given[ordered[first]] += sizes
        return places


def check_digit(seventeen: str) -> str:
    """The eighteenth character of a number (GB 11643, ISO 7064 mod 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(seventeen, _WEIGHTS, strict=True))
    return chr(_CHECK[total % 11])


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _with_check_digit(head: Ints) -> Ints:
    """Numbers of seventeen digits as rows of eighteen characters."""
    digits = head[:, None] // 10 ** np.arange(16, -1, -1, dtype=np.int64) % 10
    check = _CHECK[digits @ np.array(_WEIGHTS) % 11]
    return np.concatenate([(digits + ord("0")).astype(np.uint8), check[:, None]], axis=1)


def _full() -> Finding:
    return Finding(
        code="identity-numbers-used-up",
        message="一天出生的人多于可用的合成证件号码",
        remedy=f"一个城市的人数不超过约一亿；一天一个性别至多 {_SEQUENCES * len(COUNTIES)} 人",
    )
