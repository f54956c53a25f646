"""Random histories beside a naive model: the model forgets everything and settles all bills from the first again.

Bills, cancellations in any order, corrected bills, statuses found late or taken away, other parameters; each approved
at once. After each act every bill has the model's fen, and what was posted adds up to it.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.platform.settlement.town import (
    COUNTY,
    TODAY,
    adopt,
    recognise,
    resident,
    settled,
    stay,
)
from tuodi.core.finding import Faults
from tuodi.core.money import format_yuan, parse_yuan
from tuodi.engine.bind import bind
from tuodi.engine.case import read_case
from tuodi.engine.settle import Engine
from tuodi.language.load import load_policy
from tuodi.language.shelf import POLICIES
from tuodi.ledger.account import Kind
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from tuodi.platform.fund import audit as books_audit
from tuodi.platform.fund import selectors as books
from tuodi.platform.registry import status
from tuodi.platform.settlement import audit, engines, revision, rows
from tuodi.platform.settlement.domain import Amounts, Bill, state_read
from tuodi.platform.settlement.history import Past, Planned, replayed
from tuodi.platform.settlement.models import Account

HISTORIES = int(os.environ.get("TUODI_HISTORIES", "60"))
STATUSES = ("subsistence_allowance", "extreme_poverty", "subsistence_margin", "returned_to_poverty")


@dataclass(slots=True)
class Naive:
    """What it was told of each bill: event, person and engine as they were known when it was last settled."""

    bills: dict[str, tuple[dict[str, Any], dict[str, Any], Engine]] = field(default_factory=dict)

    def reliefs(self) -> dict[str, int]:
        return self.settled()[0]

    def settled(self) -> tuple[dict[str, int], dict[Any, int]]:
        """Relief of each bill, and the counts behind the last."""
        state: dict[Any, int] = {}
        reliefs = {}
        for name, (event, who, engine) in self.bills.items():
            raw = {"policy": engine.bound.policy.document.id, "person": who, "events": [event]}
            case = read_case(raw, engine.bound.policy)
            reliefs[name] = engine.settle(engine.person(case.person), case.events[0], state).relief
        return reliefs, {key: amount for key, amount in state.items() if amount}


# ---- pure: the replay itself -----------------------------------------------------------------------------------------
LIAOCHENG = POLICIES / "liaocheng-2022-5"


@pytest.fixture(scope="module")
def ready() -> engines.Ready:
    files = {"policy.yaml": (LIAOCHENG / "policy.yaml").read_text(encoding="utf-8")}
    return engines.made(
        engines.Adopted(id=1, files=files, plan_files=None, parameters={}, otherwise=(("county", 10_000),))
    )


def person_with(words: list[str]) -> dict[str, Any]:
    periods = [{"status": word, "from": "2023-01-01"} for word in words]
    return {"id": "1", "insurance": "resident", "birth_date": "1960-01-01", "statuses": periods}


def event(name: str, fen: int, day: str = "2023-03-01") -> dict[str, Any]:
    yuan = format_yuan(fen)
    nothing = ("basic", "critical_illness", "supplementary", "commercial", "other_relief")
    return {
        "id": name, "date": day, "service": "inpatient", "disease": None,
        "facility": {"designated": True, "level": 3, "county": True, "region": True},
        "amounts": {"total": yuan, "in_policy": yuan, **dict.fromkeys(nothing, "0.00")},
    }  # fmt: skip


BILLS = st.lists(
    st.tuples(st.integers(0, 9_000_000), st.sampled_from(["2023-03-01", "2023-11-30", "2024-02-29"])), max_size=8
)
KNOWN = st.lists(st.lists(st.sampled_from(STATUSES), max_size=2), min_size=7, max_size=7)
EDITS = st.lists(st.tuples(st.sampled_from(["cancel", "correct", "resettle"]), st.integers(0, 7)), max_size=6)


@settings(max_examples=HISTORIES * 20, deadline=None)
@given(
    bills=BILLS, edits=EDITS, known=st.lists(st.lists(st.sampled_from(STATUSES), max_size=2), min_size=7, max_size=7)
)
def test_a_replay_is_the_naive_history_without_what_was_cancelled(ready, bills, edits, known):
    model, who = Naive(), person_with(known[0])
    standing = {f"e{n}": _settled(ready, model, who, event(f"e{n}", *bill), n) for n, bill in enumerate(bills)}
    _agree(ready, model, standing)
    for number, (act, place) in enumerate(edits, 1):
        now = person_with(known[number])
        name = f"e{place}"
        if act == "resettle":
            model.bills = {key: (bill, now, engine) for key, (bill, _, engine) in model.bills.items()}
            standing = {key: past._replace(who=now) for key, past in standing.items()}
        elif name in standing and act == "cancel":
            del model.bills[name], standing[name]
        elif name in standing:
            better = event(name, 123_456 * number)
            model.bills[name] = (better, now, ready.engine)
            standing[name] = standing[name]._replace(event=better, who=now)
        standing = _agree(ready, model, standing)


def _settled(ready: engines.Ready, model: Naive, who: Mapping[str, Any], bill: dict[str, Any], number: int) -> Past:
    model.bills[bill["id"]] = (bill, dict(who), ready.engine)
    return Past(number, number, 1, who, bill, {"relief": "0.00", "personal": "0.00", "lines": [], "refusal": None})


def _agree(ready: engines.Ready, model: Naive, standing: dict[str, Past]) -> dict[str, Past]:
    plan = [Planned(past, ready, past.who, past.event, None, False) for past in standing.values()]
    steps, counts = replayed({}, plan)
    written = {name: step.now.written for name, step in zip(standing, steps, strict=True) if step.now}
    reliefs, state = model.settled()

    assert reliefs == {name: parse_yuan(result["relief"]) for name, result in written.items()}
    assert state == state_read(counts.get("liaocheng-2022-5", []))
    return {name: past._replace(written=written[name]) for name, past in standing.items()}


# ---- the running service ---------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Life:
    """A person in the service and in the model, and every act that can happen to them."""

    who: int
    model: Naive
    engine: Engine
    chance: random.Random
    keys: dict[str, int] = field(default_factory=dict)  # key -> first settlement
    advanced: dict[str, int] = field(default_factory=dict)  # what the hospital relieved by its own act
    sent: dict[str, Bill] = field(default_factory=dict)
    held: list[int] = field(default_factory=list)
    corrections: int = 0

    def settle(self) -> None:
        fen = self.chance.randint(1, 6_000_000)
        day = date(2023, 1, 1) + timedelta(days=self.chance.randint(0, 500))
        bill = replace(stay(self.who, "1", on=day), amounts=Amounts(fen, fen))
        answer = settled(bill)
        self.keys[bill.key], self.sent[bill.key] = answer.settlement or 0, bill
        self.advanced[bill.key] = answer.relief
        self._tell(bill.key)

    def cancel(self) -> None:
        if name := self._one():
            self._done(lambda: revision.cancel(settlement=self.keys[name], on=TODAY, reason="冲销"))
            del self.model.bills[name]
            self.advanced[name] = 0

    def correct(self) -> None:
        if name := self._one():
            self.corrections += 1
            fen = self.chance.randint(1, 6_000_000)
            bill = replace(self.sent[name], key=f"{name}-{self.corrections}", amounts=Amounts(fen, fen))
            self._done(lambda: revision.correct(settlement=self.keys[name], bill=bill, on=TODAY, reason="更正"))
            self._tell(name)
            self.advanced[name] = self.model.reliefs()[name]

    def recognise(self) -> None:
        word = self.chance.choice(STATUSES)
        since = date(2023, 1, 1) + timedelta(days=self.chance.randint(0, 400))
        with entered(SYSTEM), suppress(Faults):  # the same status on the same days
            self.held.append(recognise(self.who, word, since=since))
        self.resettle()

    def withdraw(self) -> None:
        if self.held:
            with entered(SYSTEM):
                status.withdraw(status=self.held.pop(self.chance.randrange(len(self.held))), reason="撤销")
            self.resettle()

    def resettle(self) -> None:
        if self.keys:
            self._done(lambda: revision.resettle(person=self.who, on=TODAY, reason="追溯"))
            for name in self.model.bills:
                self._tell(name)

    def reform(self, engine: Engine) -> None:
        self.engine = engine
        self.resettle()

    def _one(self) -> str | None:
        return self.chance.choice(list(self.model.bills)) if self.model.bills else None

    def _done(self, act: Callable[[], revision.Revision]) -> None:
        with entered(SYSTEM):
            made = act()
        while made.state == "proposed":
            with entered(SYSTEM):
                made = revision.approve(proposal=made.proposal or 0, on=TODAY)

    def _tell(self, name: str) -> None:
        """The model knows the person as the registry does, and not as a row has kept them."""
        row = rows.standing(self.who, self.keys[name])
        with entered(SYSTEM), connection.cursor() as cursor:
            cursor.execute("select registry_case_person(%s, %s)", [self.who, row.happened_on])
            known = orjson.loads(cursor.fetchone()[0])
        self.model.bills[name] = (row.event, known, self.engine)

    def agrees(self) -> None:
        reliefs, state = self.model.settled()
        stored = {name: rows.standing(self.who, origin).relief_fen for name, origin in self.keys.items()}
        assert {name: reliefs.get(name, 0) for name in self.keys} == stored
        if self.keys:
            account = Account.objects.get(person_id=self.who)
            assert state == state_read(account.state.get(self.engine.bound.policy.document.id, []))
        self._adds_up(reliefs)

    def _adds_up(self, reliefs: Mapping[str, int]) -> None:
        """What is owed to the hospital is what it advanced; to and by the person, the difference."""
        with entered(SYSTEM):
            for name, origin in self.keys.items():
                claim = f"settlement:{origin}"
                owed = sum(books.owed_to(COUNTY, Kind.payable_person, claim).values())
                due = sum(books.owed_to(COUNTY, Kind.refund_due, claim).values())
                assert reliefs.get(name, 0) - self.advanced[name] == owed - due
                assert 0 in (owed, due)


@pytest.mark.slow
def test_histories_in_the_service_are_the_naive_ones(town: None, tmp_path: Path):
    chance = random.Random(int(os.environ.get("TUODI_SEED", "3")))
    folders = [_liaocheng(tmp_path / f"l{rate}", rate) for rate in (70, 65)]
    now = [Engine(bind(load_policy(folder))) for folder in folders]
    adopt(folders[0])
    for number in range(HISTORIES):
        life = Life(resident(), Naive(), now[number % 2], chance)
        if number:
            adopt(folders[number % 2])
        for _ in range(chance.randint(3, 9)):
            act = chance.choice([life.settle] * 4 + [life.cancel, life.correct, life.recognise, life.withdraw])
            act()
            life.agrees()
        adopt(folders[(number + 1) % 2])
        life.reform(now[(number + 1) % 2])
        life.agrees()
    with entered(SYSTEM):
        assert [] == audit.findings()
        assert [] == books_audit.findings()


def _liaocheng(folder: Path, rate: int) -> Path:
    """The document, with another rate of the first class."""
    folder.mkdir()
    text = (LIAOCHENG / "policy.yaml").read_text(encoding="utf-8")
    assert "rate: 70%" in text
    (folder / "policy.yaml").write_text(text.replace("rate: 70%", f"rate: {rate}%"), encoding="utf-8")
    return folder
