"""The questions of the protocol, answered by the platform: for one message, in the scope of its hospital."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from tuodi.gateway import models
from tuodi.gateway.at_desk import comparing, kept, settling
from tuodi.gateway.at_desk import entitlement as entitling
from tuodi.gateway.at_desk import person as persons
from tuodi.gateway.at_desk import sign as signs
from tuodi.gateway.at_desk import visit as visits
from tuodi.gateway.at_desk.days import day_of
from tuodi.gateway.at_desk.settling import Undecided
from tuodi.gateway.national.behaviour import REPEAT_REASONS, MessageKey, Repeat, repeat
from tuodi.gateway.national.desk import (
    Cancelled,
    ClearingAsked,
    CountHeld,
    DischargeGiven,
    Entitlement,
    EntitlementQuestion,
    FeeLineGiven,
    FeeLineSplit,
    InstitutionFound,
    KeptFile,
    PersonFound,
    PersonQuestion,
    Refused,
    RowsWanted,
    Sender,
    Settled,
    SettledRow,
    SettlementQuestion,
    VisitDescribed,
    VisitOpened,
)
from tuodi.gateway.national.envelope import SUCCESS
from tuodi.platform.base.domain import Scope
from tuodi.platform.base.scope import entered


@dataclass(slots=True, kw_only=True)
class AtDesk:
    """The desk for one message. `message` is the kept row, `answered` that its answer is kept already."""

    scope: Scope
    message: models.Message
    now: datetime
    answered: bool = False
    _inside: bool = field(default=False)
    _afterwards: Callable[[], object] | None = field(default=None)

    @property
    def region(self) -> str:
        """The institution's county: where it applies for clearing."""
        return self.scope.region

    def next_serial(self) -> int:
        """The number of the message as it is kept."""
        return int(self.message.pk)

    def once(self, key: MessageKey, digest: bytes, work: Callable[[], bytes | None]) -> bytes | Refused | None:
        """One transaction: the key is held, its answer found or made, and kept with all that the work did."""
        with self._within():
            given = self._once(key, digest, work)
            if given is None or isinstance(given, Refused):
                transaction.set_rollback(True)
        if self._afterwards is not None:
            with self._within():
                self._afterwards()
        return given

    def _once(self, key: MessageKey, digest: bytes, work: Callable[[], bytes | None]) -> bytes | Refused | None:
        kept.hold(key.institution, key.transaction, key.message)
        before = kept.remembered(key)
        match repeat(before, digest):
            case Repeat.SAME:
                assert before is not None, "the same again was there before"
                self._keep(before.answer, first=False)
                return before.answer
            case Repeat.NEW:
                given = work()
                if given is not None:
                    self._keep(given, first=True)
                return given
            case other:
                return Refused(reason=REPEAT_REASONS[other])

    def _keep(self, body: bytes, *, first: bool) -> None:
        kept.answered(self.message, code=SUCCESS, text="", body=body, kept=first, now=self.now)
        self.answered = True

    @contextmanager
    def _within(self) -> Iterator[None]:
        """The scope's transaction; entered once."""
        if self._inside:
            yield
            return
        self._inside = True
        try:
            with entered(self.scope):
                yield
        finally:
            self._inside = False

    def _refused(self, undecided: Undecided, sender: Sender) -> Refused:
        """What a proposal needs is kept after the message's own transaction is rolled back."""
        self._afterwards = lambda: settling.propose(settlement_id=undecided.settlement, sender=sender)
        return undecided.refused

    # ---- persons -----------------------------------------------------------------------------------------------------

    def sign_in(self, sender: Sender, operator: str) -> str | Refused:
        """The number of the sign-in."""
        with self._within():
            return signs.signed_in(scope=self.scope, sender=sender, operator=operator)

    def sign_out(self, sender: Sender, number: str, operator: str) -> Refused | None:
        """Ends the sign-in."""
        with self._within():
            return signs.signed_out(scope=self.scope, sender=sender, number=number, operator=operator)

    def find_person(self, sender: Sender, question: PersonQuestion) -> PersonFound | Refused:
        """The person whose certificate it is."""
        with self._within():
            return persons.find(
                scope=self.scope, question=question, operator=sender.operator,
                today=day_of(sender.received_at), now=sender.received_at,
            )  # fmt: skip

    def find_institution(self, sender: Sender, code: str, name: str) -> InstitutionFound | Refused:  # noqa: ARG002
        """The institution with this code, or else this name."""
        with self._within():
            return persons.institution(code, name)

    def entitlements(self, sender: Sender, question: EntitlementQuestion) -> tuple[Entitlement, ...] | Refused:
        """What relief would do."""
        with self._within():
            return entitling.entitlements(scope=self.scope, sender=sender, question=question)

    def counts(self, sender: Sender, person: str, month: str) -> tuple[CountHeld, ...] | Refused:
        """What the year has used up."""
        with self._within():
            return entitling.counts(sender=sender, who=person, month=month)

    # ---- visits ------------------------------------------------------------------------------------------------------

    def open_visit(self, sender: Sender, visit: VisitOpened) -> str | Refused:
        """The number of the visit."""
        with self._within():
            return visits.opened(scope=self.scope, sender=sender, visit=visit)

    def describe_visit(self, sender: Sender, visit: VisitDescribed) -> Refused | None:
        """Says what the visit is for, or changes the admission."""
        with self._within():
            return visits.described(scope=self.scope, sender=sender, visit=visit)

    def discharge(self, sender: Sender, discharge: DischargeGiven) -> Refused | None:
        """Ends a stay."""
        with self._within():
            return visits.discharged(scope=self.scope, sender=sender, discharge=discharge)

    def withdraw_discharge(self, sender: Sender, person: str, visit: str) -> Refused | None:
        """The patient stays after all."""
        with self._within():
            return visits.returned(scope=self.scope, sender=sender, who=person, number=visit)

    def withdraw_visit(self, sender: Sender, person: str, visit: str) -> Refused | None:
        """The visit never was."""
        with self._within():
            return visits.withdrawn(scope=self.scope, sender=sender, who=person, number=visit)

    def add_fee_lines(self, sender: Sender, lines: tuple[FeeLineGiven, ...]) -> tuple[FeeLineSplit, ...] | Refused:
        """Takes all lines or none, and says how each divides."""
        with self._within():
            return visits.added(scope=self.scope, sender=sender, lines=lines)

    def withdraw_batch(self, sender: Sender, person: str, visit: str, batch: str | None) -> Refused | None:
        """Takes away the unsettled lines of one batch, or of all."""
        with self._within():
            return visits.drop_batch(scope=self.scope, sender=sender, who=person, number=visit, batch=batch)

    def withdraw_fee_lines(
        self, sender: Sender, person: str, visit: str, lines: tuple[str, ...] | None
    ) -> Refused | None:
        """Takes away these unsettled lines, or all of the visit."""
        with self._within():
            return visits.drop(scope=self.scope, sender=sender, who=person, number=visit, lines=lines)

    # ---- settlement --------------------------------------------------------------------------------------------------

    def try_settlement(self, sender: Sender, question: SettlementQuestion) -> Settled | Refused:
        """What a settlement would give."""
        with self._within():
            return settling.tried(scope=self.scope, sender=sender, question=question)

    def settle(self, sender: Sender, question: SettlementQuestion) -> Settled | Refused:
        """Settles."""
        with self._within():
            return settling.settled(scope=self.scope, sender=sender, question=question)

    def cancel_settlement(self, sender: Sender, person: str, visit: str, settlement: str) -> Cancelled | Refused:
        """Takes a settlement back by a record of its own; where others would change, the county decides."""
        with self._within():
            done = settling.cancelled(scope=self.scope, sender=sender, who=person, visit=visit, number=settlement)
        return self._refused(done, sender) if isinstance(done, Undecided) else done

    def reverse(self, sender: Sender, person: str, key: MessageKey) -> Refused | None:
        """Leaves nothing behind of what that message did."""
        with self._within():
            done = settling.reversed_(scope=self.scope, sender=sender, who=person, key=key)
        return self._refused(done, sender) if isinstance(done, Undecided) else done

    def settlement(self, sender: Sender, person: str, settlement: str) -> Settled | Refused:  # noqa: ARG002
        """A settlement as it stands."""
        with self._within():
            return settling.shown(who=person, number=settlement)

    # ---- reconciliation ----------------------------------------------------------------------------------------------

    def settled_rows(self, sender: Sender, wanted: RowsWanted) -> tuple[SettledRow, ...]:  # noqa: ARG002
        """The sender's settlements and cancels of those days."""
        with self._within():
            return comparing.rows(scope=self.scope, wanted=wanted)

    def apply_for_clearing(self, sender: Sender, asked: ClearingAsked) -> str | Refused:  # noqa: ARG002
        """The number of the application."""
        with self._within():
            return comparing.apply(scope=self.scope, asked=asked)

    def withdraw_clearing(self, sender: Sender, number: str) -> Refused | None:  # noqa: ARG002
        """Takes the application back."""
        with self._within():
            return comparing.withdraw(number=number)

    def keep_file(self, sender: Sender, name: str, data: bytes) -> KeptFile | Refused:
        """Keeps a file for the sender."""
        with self._within():
            return comparing.keep_file(scope=self.scope, sender=sender, name=name, data=data)

    def file(self, sender: Sender, number: str) -> bytes | Refused:
        """A file of the sender."""
        with self._within():
            return comparing.file(sender=sender, number=number)
