"""Spoilt messages at the platform's desk: each is answered, and books, bills and messages stand the audit."""

import json
import os
from datetime import datetime
from random import Random

import pytest

from tests.gateway.at_desk.books import no_findings
from tests.gateway.at_desk.test_days import days
from tests.gateway.mutating import mutated
from tests.platform.settlement.town import COUNTY, HOSPITAL
from tuodi.gateway.at_desk.door import closed_line

pytestmark = pytest.mark.slow
MOST = int(os.environ.get("TUODI_MANY", "800"))


def test_spoilt_messages_among_good_ones_leave_nothing_unsound(town: None):
    line, chance, sent = closed_line(HOSPITAL, COUNTY), Random(28), []

    def spoiling(body: bytes, now: datetime) -> bytes:
        sent.append(body)
        for _ in range(4 if len(sent) * 4 < MOST else 0):
            answer = line(mutated(body, chance, sent), now)
            assert answer[:2] == b"PK" or json.loads(answer)["infcode"] in (0, -1)
        return line(body, now)

    days(spoiling, 2, seed=6)

    assert len(sent) > 100
    no_findings()
