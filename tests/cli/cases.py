"""Cases for tests of the command line: a plain one of Liaocheng, and changes to it by path."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

AMOUNTS = {
    "total": "50000.00",
    "in_policy": "45000.00",
    "basic": "28000.00",
    "critical_illness": "3000.00",
    "supplementary": "0.00",
    "commercial": "0.00",
    "other_relief": "0.00",
}
EVENT = {
    "id": "e1",
    "date": "2023-03-01",
    "service": "inpatient",
    "facility": {"designated": True, "level": 3, "county": True, "region": True},
    "disease": None,
    "amounts": AMOUNTS,
}
CASE = {
    "policy": "liaocheng-2022-5",
    "parameters": {},
    "person": {
        "id": "P1",
        "insurance": "resident",
        "birth_date": "1950-01-01",
        "statuses": [{"status": "subsistence_allowance", "from": "2023-01-01", "to": None}],
    },
    "events": [EVENT],
}
MISSING = object()


def case(*changes: tuple[str, Any], person: str = "P1") -> dict[str, Any]:
    """The plain case with each (path, value) changed: `events.0.amounts.total`; MISSING takes the field away."""
    made: dict[str, Any] = deepcopy(CASE)
    for path, value in (("person.id", person), *changes):
        holder: Any = made
        *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        for step in steps:
            holder = holder[step]
        if value is MISSING:
            del holder[last]
        else:
            holder[last] = value
    return made


def line(*changes: tuple[str, Any], person: str = "P1") -> str:
    return json.dumps(case(*changes, person=person), ensure_ascii=False)
