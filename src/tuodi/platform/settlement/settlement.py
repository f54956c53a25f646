"""Bills: tried, settled, settled by hand. A bill is settled once, however often and wherever it is sent.

Nothing is locked while the engine works. What it read has a version; the database writes only onto that version, and
whoever comes second reads and settles again. So two bills of one person never exceed a limit, and different persons
never wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import orjson
import psycopg

from tuodi.core.finding import Faults, Finding, finding
from tuodi.platform.base.domain import Desk, Scope
from tuodi.platform.base.scope import arguments
from tuodi.platform.settlement import adopted, connections
from tuodi.platform.settlement.adjudging import Adjudged, Counts, adjudge
from tuodi.platform.settlement.domain import Answer, Bill, Facility, Payee, event_of, result_of, unkept
from tuodi.platform.settlement.engines import Ready

ONE_STOP = "一站式结算"
_TRIES = 10


def trial(*, scope: Scope, bill: Bill, on: date) -> Answer:
    """What the bill would be settled to now. Commits nothing. Raises Faults as `settle`, but for the key."""
    looked = _looked(scope, bill)
    return _answer(_adjudged(looked, scope, bill, on), bill, looked, None)


def settle(*, scope: Scope, bill: Bill, on: date) -> Answer:
    """The bill settled and booked; `on` is the day on which we know of it. The same bill again gives the first answer.

    It is a transaction of its own on a connection of its own: what an open transaction has written it doesn't see.
    Raises Faults: `key-taken` (the key stands for other content), `key-length`, `text-unwritable`, `person-unknown`,
    `institution-unknown`, `not-own-institution`, `no-policy`, `bill-in-future`, and whatever is wrong with the bill as
    a case.
    """
    return _settled(scope, bill, on, payee=Payee.institution, reason=ONE_STOP)


def settle_by_hand(*, scope: Scope, bill: Bill, on: date, reason: str) -> Answer:
    """A paper bill settled at the county, payable to the person: care outside the area, small hospitals, employees.

    As `settle`. The county is the sender; where the hospital is not in our list the bill says what it is (`facility`).
    """
    return _settled(scope, bill, on, payee=Payee.person, reason=reason)


def grounds(*, scope: Scope, bill: Bill, on: date) -> tuple[Ready, Mapping[str, Any], Facility]:
    """The engine, the person and the hospital that a bill would be settled on. Raises Faults as `trial`."""
    looked = _looked(scope, bill)
    ready, who, facility = _ground(looked, scope, bill, on)
    return ready, who, facility


# ---- the way of a bill -----------------------------------------------------------------------------------------------
def _settled(scope: Scope, bill: Bill, on: date, *, payee: Payee, reason: str) -> Answer:
    """Again where another bill of the person came between, or the connection broke: the key tells what became of it.

    Who has lost once waits in line behind the others who have, so that nobody loses for ever.
    """
    answer = _tried(scope, bill, on, payee, reason)
    if answer is not None:
        return answer
    for _ in range(_TRIES):
        with connections.in_line(bill.person):
            answer = _tried(scope, bill, on, payee, reason)
        if answer is not None:
            return answer
    raise Faults([finding("busy", "现在不能结算，这一笔没有结算", remedy="稍后用同一编号重发")])


def _tried(scope: Scope, bill: Bill, on: date, payee: Payee, reason: str) -> Answer | None:
    try:
        return _once(scope, bill, on, payee, reason)
    except (psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected):
        return None
    except psycopg.OperationalError:
        connections.dropped()
        return None


def _once(scope: Scope, bill: Bill, on: date, payee: Payee, reason: str) -> Answer | None:
    looked = _looked(scope, bill)
    if looked.earlier is not None:
        return _earlier(looked, bill)
    adjudged = _adjudged(looked, scope, bill, on)
    row = connections.asked(connections.COMMIT, _committed(scope, bill, on, payee, reason, looked, adjudged))
    return None if row[0] is None else _answer(adjudged, bill, looked, int(row[0]))


class _Looked(NamedTuple):
    """All that settling needs, as one look of the database shows it. `earlier`: the settlement with this key."""

    earlier: dict[str, Any] | None
    region: str | None
    who: dict[str, Any] | None
    version: int
    state: Counts
    policy: int | None
    facility: Facility | None


def _looked(scope: Scope, bill: Bill) -> _Looked:
    if faults := [*unkept(bill), *_of_another(scope, bill)]:
        raise Faults(faults)
    values = [*_scope(scope), sender(scope, bill), bill.key, str(bill.person), bill.institution, bill.date.isoformat()]
    row = connections.asked(connections.LOOK, [value.encode() for value in values])
    earlier, region, who, version, state, policy, level, *flags = row
    return _Looked(
        None if earlier is None else orjson.loads(earlier),
        None if region is None else region.decode(),
        None if who is None else orjson.loads(who),
        0 if version is None else int(version),
        {} if state is None else orjson.loads(state),
        None if policy is None else int(policy),
        None if level is None else _facility(int(level), *(flag == b"t" for flag in flags)),
    )


def _facility(
    level: int, psychiatric: bool, single_disease: bool, county: bool, region: bool, designated: bool
) -> Facility:
    return Facility(
        designated=designated, level=level, county=county, region=region, psychiatric=psychiatric,
        single_disease=single_disease,
    )  # fmt: skip


def sender(scope: Scope, bill: Bill) -> str:
    """Whose numbers the keys are: the institution's, or of a bill that is settled by hand the county's."""
    return scope.region if scope.desk is Desk.county else bill.institution


def _scope(scope: Scope) -> list[str]:
    path, desk, institution, staff = arguments(scope)
    return [path, desk, institution, staff]


def _adjudged(looked: _Looked, scope: Scope, bill: Bill, on: date) -> Adjudged:
    ready, who, facility = _ground(looked, scope, bill, on)
    return adjudge(ready, who, event_of(bill, sender=sender(scope, bill), facility=facility), looked.state)


def _ground(looked: _Looked, scope: Scope, bill: Bill, on: date) -> tuple[Ready, dict[str, Any], Facility]:
    """What is settled on what. Raises Faults where something is missing, everything at once."""
    facility = bill.facility if scope.desk is Desk.county and looked.facility is None else looked.facility
    faults = [*_lacking(looked, facility, bill, on)]
    if faults:
        raise Faults(faults)
    assert looked.policy is not None and looked.who is not None and facility is not None, "nothing is lacking"
    return adopted.ready(looked.policy), looked.who, facility


# ---- what can be missing ---------------------------------------------------------------------------------------------
def _of_another(scope: Scope, bill: Bill) -> Iterator[Finding]:
    if scope.desk is Desk.hospital and bill.institution != scope.institution:
        message = f"账单是机构“{bill.institution}”的，不是本机构的"
        yield finding("not-own-institution", message, "institution", "各机构结算自己的账单；写本机构的代码")


def _lacking(looked: _Looked, facility: Facility | None, bill: Bill, on: date) -> Iterator[Finding]:
    if looked.who is None or looked.region is None:
        message = f"没有登记号为 {bill.person} 的人，或不归这里管"
        yield finding("person-unknown", message, "person", "先用身份证号码查到本人，再结算")
    elif looked.policy is None:
        message = f"{looked.region} 在 {bill.date} 没有施行的政策"
        yield finding("no-policy", message, "date", "核对日期；由市级设定政策及其施行日")
    if facility is None:
        message = f"没有机构“{bill.institution}”"
        yield finding(
            "institution-unknown", message, "institution", "核对机构代码；手工结算名单外的医院，写明医院的情况"
        )
    if bill.date > on:
        yield finding("bill-in-future", f"结算日期 {bill.date} 晚于今天 {on}", "date", "核对日期")


# ---- answers ---------------------------------------------------------------------------------------------------------
def _answer(adjudged: Adjudged, bill: Bill, looked: _Looked, settlement: int | None) -> Answer:
    outcome = adjudged.settlement.outcome
    assert looked.region is not None, "settled: the person has a county"
    return Answer(
        settlement=settlement, person=bill.person, region=looked.region,
        policy=adjudged.settlement.engine.bound.policy.document.id, relief=outcome.relief, personal=outcome.personal,
        hospital=outcome.hospital, written=adjudged.written,
    )  # fmt: skip


def _earlier(looked: _Looked, bill: Bill) -> Answer:
    earlier = looked.earlier
    assert earlier is not None, "there was an earlier one"
    if earlier["now"] == "cancelled":
        message = f"编号 {bill.key} 的结算已经冲销"
        raise Faults([finding("settlement-cancelled", message, "key", "另行结算，用新的编号")])
    if earlier["content"] != bill.content:
        message, remedy = (
            f"编号 {bill.key} 已经结算过内容不同的一笔",
            "重发时内容不变；另一笔用另一个编号；要改先冲销或更正",
        )
        raise Faults([finding("key-taken", message, "key", remedy)])
    policy = adopted.ready(earlier["policy"])
    return Answer(
        settlement=earlier["id"], person=earlier["person"], region=earlier["region"],
        policy=policy.policy.document.id, relief=earlier["relief"], personal=earlier["personal"],
        hospital=earlier["hospital"], repeated=True,
        written=result_of(
            earlier["event"], earlier["relief"], earlier["personal"], earlier["hospital"], earlier["lines"],
            earlier["refusal"], earlier["extras"],
        ),
    )  # fmt: skip


def _committed(
    scope: Scope, bill: Bill, on: date, payee: Payee, reason: str, looked: _Looked, adjudged: Adjudged
) -> list[bytes | None]:
    """The arguments of `settlement_commit`, in order, in text."""
    outcome, written = adjudged.settlement.outcome, adjudged.written
    total, in_policy = adjudged.settlement.situation.columns[:2]
    extras = {name: value for name, value in written.items() if name in ("layers", "notes")}
    sources = ",".join(part.source.name for part in adjudged.parts)
    fen = ",".join(str(part.fen) for part in adjudged.parts)
    texts = [
        *_scope(scope), str(bill.person), str(looked.version), looked.region, bill.institution, sender(scope, bill),
        bill.key, bill.content, bill.service, bill.date.isoformat(), on.isoformat(), str(total), str(in_policy),
        str(outcome.relief), str(outcome.personal), str(outcome.hospital),
    ]  # fmt: skip
    return [
        *[str(text).encode() for text in texts],
        orjson.dumps(written["lines"]),
        None if written["refusal"] is None else orjson.dumps(written["refusal"]),
        orjson.dumps(extras) if extras else None,
        orjson.dumps(adjudged.event),
        orjson.dumps(looked.who),
        str(adjudged.policy).encode(),
        adjudged.engine.encode(),
        adjudged.opening_hash.encode(),
        adjudged.chain.encode(),
        orjson.dumps(adjudged.before),
        orjson.dumps(adjudged.after),
        f"{{{sources}}}".encode(),
        f"{{{fen}}}".encode(),
        payee.name.encode(),
        reason.encode(),
    ]
