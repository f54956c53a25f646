"""Bills: tried, settled once a key, cancelled after a look at what changes, and explained to the fen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from tuodi.core.finding import Faults, finding
from tuodi.engine.record import FactValue
from tuodi.gateway import models
from tuodi.gateway.at_desk.days import day_of
from tuodi.gateway.plain.explained import Explained, explained
from tuodi.gateway.plain.findings import WRONG, Findings
from tuodi.gateway.plain.gate import Signed
from tuodi.gateway.plain.persons import scope_of, seen
from tuodi.gateway.plain.words import Day, Fen, Given, Key, Line, Number, Reason, Service, Told, Yuan, yuan
from tuodi.platform.base.domain import Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.settlement import of_institutions, revision, selectors, settlement
from tuodi.platform.settlement.domain import TAKEN_NAMES, Amounts, Answer, Bill, BilledItem
from tuodi.platform.settlement.history import Difference
from tuodi.platform.settlement.revision import Revision

if TYPE_CHECKING:
    from tuodi.platform.settlement.models import Settlement

router = Router(auth=Signed(), tags=["bills"])


def _facts(given: dict[str, FactValue]) -> dict[str, FactValue]:
    """Told already here, with the other fields, and for a bill and its items alike; settling refuses them anyway."""
    if taken := sorted(TAKEN_NAMES & given.keys()):
        raise PydanticCustomError("told", "{why}", {"why": f"事实不能叫 {'、'.join(taken)}"})
    return given


FactName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Fact = bool | Annotated[int, Field(ge=-(10**10), le=10**10)] | Line | None
Facts = Annotated[dict[FactName, Fact], Field(max_length=40), AfterValidator(_facts)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.+*_/-]{1,40}$")]


# ---- what is given ---------------------------------------------------------------------------------------------------
class AmountsGiven(Given):
    """What was charged, and who has paid of it. null: to be computed by the region's insurance plan."""

    total: Fen
    in_policy: Fen
    basic: Fen | None
    critical_illness: Fen | None
    supplementary: Fen | None
    commercial: Fen | None
    other_relief: Fen | None


class ItemGiven(Given):
    """A catalogue item and what the person still bears of it."""

    item: Code
    personal: Fen
    facts: Facts = Field(default_factory=dict)


class TrialGiven(Given):
    """A bill; `date` is the day of settlement, of a stay that of discharge. `facts`: those that the policy asks."""

    person: Number
    service: Service
    date: Day
    amounts: AmountsGiven
    disease: Line | None = None
    diagnoses: Annotated[list[Code], Field(max_length=40)] = Field(default_factory=list)
    items: Annotated[list[ItemGiven], Field(max_length=500)] = Field(default_factory=list)
    facts: Facts = Field(default_factory=dict)


class BillGiven(TrialGiven):
    """A bill with its key: sent again with the same key and content it is the same settlement."""

    key: Key


class CancelGiven(Given):
    """Why a settlement is taken back."""

    reason: Reason


# ---- what is told ----------------------------------------------------------------------------------------------------
class LineTold(Told):
    """One benefit's share. `basis` null: a flat grant; `cut_by`: what limit cut it."""

    benefit: str
    label: str
    clause: str
    paid: Yuan
    basis: Yuan | None
    rate: str | None
    cut_by: str | None
    item: str | None


class RefusalTold(Told):
    """The law says no: the clause and the reason."""

    clause: str
    reason: str


class AnswerTold(Told):
    """A bill as it was settled, or would be. `settlement` null: a trial. `repeated`: it had been settled before.

    `layers`: what the region's plan computed of insurance. A refusal is an answer as well as any other.
    """

    settlement: Number | None
    repeated: bool
    person: Number
    region: str
    policy: str
    relief: Yuan
    personal: Yuan
    hospital: Yuan
    layers: dict[str, Yuan]
    lines: list[LineTold]
    refusal: RefusalTold | None


class Change(Told):
    """A settlement that becomes another. `own`: it is the one that is taken back."""

    settlement: Number
    happened_on: date
    own: bool
    cancelled: bool
    old: Yuan
    new: Yuan


class CancelTold(Told):
    """What a cancel did, or would do.

    `done`: taken back. `proposed`: others change with it, and the county decides first, under `proposal`.
    `differences`: of the hospital's own bills.
    """

    state: Literal["done", "proposed", "nothing"]
    proposal: Number | None
    cancel: Number | None
    differences: list[Change]


class SettlementTold(Told):
    """A settlement with its whole explanation. `standing` is the row that holds now: another one after a correction.

    `explanation` null: a cancel, which comes to nothing.
    """

    settlement: Number
    origin: Number
    standing: Number
    kind: Literal["settled", "cancelled", "corrected", "affected"]
    key: str
    person: Number
    region: str
    service: str
    happened_on: date
    known_on: date
    relief: Yuan
    personal: Yuan
    explanation: Explained | None


# ---- endpoints -------------------------------------------------------------------------------------------------------
@router.post("/trials", response={200: AnswerTold, WRONG: Findings})
def tried(request: HttpRequest, bill: TrialGiven) -> AnswerTold:
    """What a bill would be settled to now. Nothing is kept."""
    scope = scope_of(request)
    with entered(scope):
        return _told(settlement.trial(scope=scope, bill=_bill(scope, bill, "trial"), on=_today()), bill.date)


@router.post("/settlements", response={200: AnswerTold, WRONG: Findings})
def settled(request: HttpRequest, bill: BillGiven) -> AnswerTold:
    """Settles a bill, once however often it is sent."""
    scope = scope_of(request)
    with entered(scope):
        return _told(settlement.settle(scope=scope, bill=_bill(scope, bill, bill.key), on=_today()), bill.date)


@router.get("/settlements/{number}", response={200: SettlementTold, WRONG: Findings})
def shown(request: HttpRequest, number: Number) -> SettlementTold:
    """A settlement of the hospital's, with each line's reason."""
    with entered(scope_of(request)):
        row = _own(number)
        why = None if row.kind == "cancelled" else explained(selectors.explanation(row.pk))
        return _settlement(row, selectors.of_person(row.person_id), why)


@router.post("/settlements/{number}/cancel-preview", response={200: CancelTold, WRONG: Findings})
def cancel_previewed(request: HttpRequest, number: Number) -> CancelTold:
    """What a cancel would do: just that is done, and rolled back."""
    with entered(scope_of(request)):
        told = _cancel(number, "预览")
        transaction.set_rollback(True)
    return told.model_copy(update={"proposal": None, "cancel": None})


@router.post("/settlements/{number}/cancel", response={200: CancelTold, WRONG: Findings})
def cancelled(request: HttpRequest, number: Number, why: CancelGiven) -> CancelTold:
    """Takes a settlement back, once however often it is asked; where others would change the county decides."""
    with entered(scope_of(request)):
        return _cancel(number, why.reason)


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _today() -> date:
    return day_of(timezone.now())


def _bill(scope: Scope, given: TrialGiven, key: str) -> Bill:
    """The bill of somebody whose card the hospital has seen; inside its scope."""
    return Bill(
        person=seen(given.person), key=key, service=given.service, date=given.date,
        amounts=Amounts(**given.amounts.model_dump()), institution=scope.institution, disease=given.disease or None,
        diagnoses=tuple(given.diagnoses),
        items=tuple(BilledItem(item=one.item, personal=one.personal, facts=one.facts) for one in given.items),
        facts=given.facts,
    )  # fmt: skip


def _told(answer: Answer, day: date) -> AnswerTold:
    labels = selectors.labels(answer.region, day)
    refusal = answer.refusal
    return AnswerTold(
        settlement=None if answer.settlement is None else str(answer.settlement), repeated=answer.repeated,
        person=str(answer.person), region=answer.region, policy=answer.policy, relief=yuan(answer.relief),
        personal=yuan(answer.personal), hospital=yuan(answer.hospital),
        layers={layer: yuan(fen) for layer, fen in answer.layers.items()}, lines=_lines(answer, labels),
        refusal=refusal and RefusalTold(clause=refusal.clause, reason=refusal.reason),
    )  # fmt: skip


def _lines(answer: Answer, labels: Mapping[str, str]) -> list[LineTold]:
    return [
        LineTold(
            benefit=line.benefit, label=labels.get(line.benefit, line.benefit), clause=line.clause,
            paid=yuan(line.paid), basis=None if line.basis is None else yuan(line.basis), rate=line.rate,
            cut_by=line.cut_by, item=line.item,
        )
        for line in answer.lines
    ]  # fmt: skip


def _own(number: str) -> Settlement:
    row = of_institutions.one(int(number))
    if row is None:
        raise Faults([finding("settlement-unknown", f"没有结算 {number}，或不是本机构的", "number", "核对编号")])
    return row


def _settlement(row: Settlement, of_person: Sequence[Settlement], why: Explained | None) -> SettlementTold:
    rows = [one.pk for one in of_person if one.origin == row.origin]
    return SettlementTold(
        settlement=str(row.pk), origin=str(row.origin), standing=str(max(rows)), kind=row.kind, key=row.sender_key,
        person=str(row.person_id), region=row.region_id, service=row.service, happened_on=row.happened_on,
        known_on=row.known_on, relief=yuan(row.relief_fen), personal=yuan(row.personal_fen), explanation=why,
    )  # fmt: skip


def _cancel(number: str, reason: str) -> CancelTold:
    row = _own(number)
    if models.Settled.objects.filter(pk=row.origin).exists():
        message = "这一笔是由国家接口结算的"
        raise Faults([finding("settlement-of-message", message, "number", "由国家接口撤销（2305、2208）")])
    return _revised(revision.cancel(settlement=row.pk, on=_today(), reason=reason))


def _revised(done: Revision) -> CancelTold:
    made = done.rows[-1] if done.rows and done.state == "done" else None
    return CancelTold(
        state=done.state, proposal=None if done.proposal is None else str(done.proposal),  # type: ignore[arg-type]
        cancel=None if made is None else str(made), differences=[_change(one) for one in done.differences],
    )  # fmt: skip


def _change(one: Difference) -> Change:
    return Change(
        settlement=str(one.settlement), happened_on=date.fromisoformat(one.date), own=one.own, cancelled=one.cancelled,
        old=yuan(one.old), new=yuan(one.new),
    )  # fmt: skip
