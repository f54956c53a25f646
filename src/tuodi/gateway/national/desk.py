"""The questions that the protocol asks, in our own words: whoever answers them is the platform behind the interface.

Amounts are whole fen, times are aware, services, insurances and statuses are those of the policies. Each question
is answered by a record or by `Refused`: a sentence for the clerk at the window. Faults in the message itself never
reach a desk. A desk keeps visits, fee lines, settlements and files; `once` is where it makes sure that a message does
its work one time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from tuodi.core.period import Period
from tuodi.gateway.national.behaviour import MessageKey
from tuodi.gateway.national.json_text import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """No, with the reason in Chinese for a clerk."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sends a message, and which."""

    institution: str
    institution_name: str
    operator: str
    operator_name: str
    message: str
    transaction: str
    region: str
    insured_region: str
    received_at: datetime


# ---- persons ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonQuestion:
    """A certificate shown at the window. `certificate` is a code of mdtrt_cert_type, `document` of psn_cert_type."""

    certificate: str
    certificate_number: str
    card_serial: str
    document: str
    document_number: str
    name: str
    insured_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """One insurance of a person: `resident` or `employee`; `person_kind` is a code of psn_type."""

    insurance: str
    person_kind: str
    active: bool
    region: str
    since: date | None = None
    paused_on: date | None = None
    civil_servant: bool = False
    employer: str = ""
    balance: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldStatus:
    """A status and the days on which it holds."""

    status: str
    period: Period
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFound:
    """Who it is; `sex` is a code of gend. Statuses come with the one that helps most first."""

    number: str
    name: str
    document: str
    document_number: str
    sex: str
    birth_date: date
    ethnic_group: str = ""
    enrolments: tuple[Enrolment, ...] = ()
    statuses: tuple[HeldStatus, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitlementQuestion:
    """May this person be paid for this care from that day."""

    person: str
    insutype: str
    service: str
    institution: str
    start: datetime
    end: datetime | None
    disease: str
    disease_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """One fund (a code of fund_pay_type): yes, or no with the reason."""

    fund: str
    entitled: bool
    start: date
    end: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionFound:
    """An institution; `kind` is a code of fixmedins_type, `level` of hosp_lv."""

    code: str
    name: str
    credit_code: str
    kind: str
    level: str


class PersonDesk(Protocol):
    """Who works here, who comes, what they may get."""

    def sign_in(self, sender: Sender, operator: str) -> str | Refused:
        """The number of the sign-in."""

    def sign_out(self, sender: Sender, number: str, operator: str) -> Refused | None:
        """Ends the sign-in."""

    def find_person(self, sender: Sender, question: PersonQuestion) -> PersonFound | Refused:
        """The person whose certificate it is."""

    def find_institution(self, sender: Sender, code: str, name: str) -> InstitutionFound | Refused:
        """The institution with this code, or else this name."""

    def entitlements(self, sender: Sender, question: EntitlementQuestion) -> tuple[Entitlement, ...] | Refused:
        """What each fund would do."""


# ---- visits ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisGiven:
    """One diagnosis, ICD-10; `rank` orders them, `main` is the first one's mark. A withdrawn one has `valid` false."""

    code: str
    name: str
    rank: int
    main: bool
    valid: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitOpened:
    """A registration (2201) or an admission (2401). A registration does not say yet for which service."""

    stay: bool
    person: str
    insutype: str
    certificate: str
    certificate_number: str
    hospital_number: str
    started_at: datetime
    med_type: str
    service: str | None
    department: str
    doctor: str
    disease: str
    disease_name: str
    diagnoses: tuple[DiagnosisGiven, ...]
    extension: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDescribed:
    """What a visit is for (2203), or an admission changed (2403). A diagnosis with a known rank replaces that one."""

    visit: str
    person: str
    started_at: datetime
    med_type: str
    service: str
    disease: str
    disease_name: str
    diagnoses: tuple[DiagnosisGiven, ...]
    extension: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargeGiven:
    """A discharge (2402)."""

    visit: str
    person: str
    insutype: str
    ended_at: datetime
    disease: str
    disease_name: str
    way: str
    diagnoses: tuple[DiagnosisGiven, ...]
    extension: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLineGiven:
    """One fee line; a return has a negative count and names the line that it returns.

    `approved` is the hospital's own mark (1 approved, 2 not); `extension` may bring the line's four parts.
    """

    visit: str
    person: str
    line: str
    returns: str
    batch: str
    occurred_at: datetime
    item: str
    local_item: str
    amount: int
    count: Decimal
    price: Decimal
    approved: str
    disease: str
    extension: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLineSplit:
    """How a fee line divides: the four parts add up to its amount. Charge codes are those of the interface."""

    line: str
    amount: int
    count: Decimal
    price: Decimal
    price_limit: Decimal
    own_paid: int
    over_limit: int
    prepaid: int
    in_policy: int
    prepaid_rate: Decimal
    charge_level: str
    charge_kind: str
    restricted: bool
    remark: str = ""


class VisitDesk(Protocol):
    """Visits and stays with their fee lines."""

    def open_visit(self, sender: Sender, visit: VisitOpened) -> str | Refused:
        """The number of the visit."""

    def describe_visit(self, sender: Sender, visit: VisitDescribed) -> Refused | None:
        """Says what the visit is for, or changes the admission."""

    def discharge(self, sender: Sender, discharge: DischargeGiven) -> Refused | None:
        """Ends a stay."""

    def withdraw_discharge(self, sender: Sender, person: str, visit: str) -> Refused | None:
        """The patient stays after all."""

    def withdraw_visit(self, sender: Sender, person: str, visit: str) -> Refused | None:
        """The visit never was."""

    def add_fee_lines(self, sender: Sender, lines: tuple[FeeLineGiven, ...]) -> tuple[FeeLineSplit, ...] | Refused:
        """Takes all lines or none, and says how each divides, in their order."""

    def withdraw_batch(self, sender: Sender, person: str, visit: str, batch: str | None) -> Refused | None:
        """Takes away the unsettled lines of one batch, or of all."""

    def withdraw_fee_lines(
        self, sender: Sender, person: str, visit: str, lines: tuple[str, ...] | None
    ) -> Refused | None:
        """Takes away these unsettled lines, or all of the visit."""


# ---- settlement ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A bill in four parts: what the catalogue leaves out, what is above price limits, what is paid first, the rest."""

    total: int
    own_paid: int
    over_limit: int
    prepaid: int
    in_policy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FundPayment:
    """What a fund (a code of fund_pay_type) pays, and which of our payers that is."""

    fund: str
    payer: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """What was paid before relief, as the message brings it. Then nothing of insurance is computed here.

    What the hospital bears leaves less for relief and the person, as other relief does; in the answer it stays the
    hospital's part (`Settled.hospital`).
    """

    payments: tuple[FundPayment, ...]
    account: int = 0
    hospital: int = 0
    deductible: int = 0

    def paid_by(self, payer: str) -> int:
        """What one of our payers has paid, for the policy; the hospital's part counts as other relief."""
        hospital = self.hospital if payer == "other_relief" else 0
        return hospital + sum(payment.amount for payment in self.payments if payment.payer == payer)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementQuestion:
    """A trial or a settlement. Without `upstream` the desk computes insurance, or refuses; without `bill` it takes the
    fee lines' own parts. `med_type` and `service` are empty where the message leaves it to the visit.
    """

    stay: bool
    person: str
    visit: str
    insutype: str
    med_type: str
    service: str | None
    certificate: str
    total: int
    bill: Bill | None
    upstream: Upstream | None
    batch: str
    account_used: bool
    midway: bool
    discharged_on: date | None
    invoice: str
    facts: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefLine:
    """One benefit; a grant may pay more than the bill leaves. `limit_left` is what the year's limit leaves after it."""

    label: str
    clause: str
    paid: int
    grant: bool = False
    limit_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A settlement, or what one would be (then without number and time). `personal` includes the account.

    `payments` are all funds but relief; `why` tells what relief was paid for, or why there is none.
    `message` is the sender's number of the settlement. A cancelled one has the day of its cancel.
    """

    person: PersonFound
    visit: str
    insutype: str
    med_type: str
    certificate: str
    bill: Bill
    payments: tuple[FundPayment, ...]
    relief: tuple[ReliefLine, ...]
    personal: int
    account: int
    hospital: int
    why: str
    clearing_region: str
    deductible: int = 0
    basic_rate: Decimal = Decimal(0)
    balance: int = 0
    number: str = ""
    settled_at: datetime | None = None
    message: str = ""
    cancelled_at: datetime | None = None
    institution: InstitutionFound | None = None
    started_on: date | None = None
    ended_on: date | None = None
    disease: str = ""
    disease_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """A cancel: a record of its own beside the settlement that it takes back."""

    number: str
    cancelled_at: datetime
    original: Settled
    balance: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CountHeld:
    """A count of a year: a code of cum_type_code."""

    insutype: str
    year: int
    month: int
    code: str
    amount: int


class SettlementDesk(Protocol):
    """Settling, and taking back."""

    def try_settlement(self, sender: Sender, question: SettlementQuestion) -> Settled | Refused:
        """What a settlement would give. Nothing is kept."""

    def settle(self, sender: Sender, question: SettlementQuestion) -> Settled | Refused:
        """Settles."""

    def cancel_settlement(self, sender: Sender, person: str, visit: str, settlement: str) -> Cancelled | Refused:
        """Takes a settlement back by a record of its own."""

    def reverse(self, sender: Sender, person: str, key: MessageKey) -> Refused | None:
        """Leaves nothing behind of what that message did. Nothing found is no refusal, and so is a second time."""

    def settlement(self, sender: Sender, person: str, settlement: str) -> Settled | Refused:
        """A settlement as it stands."""

    def counts(self, sender: Sender, person: str, month: str) -> tuple[CountHeld, ...] | Refused:
        """What the year has used up; `month` is "202501", "2025", or empty for now."""


# ---- reconciliation --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsWanted:
    """Settlements by the time that we gave them, days included. Empty codes are all."""

    first: date
    last: date
    insutype: str = ""
    clearing_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledRow:
    """One settlement or cancel as reconciliation sees it; a cancel's amounts are negative.

    `cancels` is the settlement that a cancel takes back, `cancelled` marks one that was taken back. A reversed one is
    no row.
    """

    number: str
    visit: str
    person: str
    message: str
    total: int
    funds: int
    account: int
    cash: int
    cancels: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingAsked:
    """A month that an institution wants cleared."""

    clearing_type: str
    month: str
    first: date
    last: date
    visits: int
    total: int
    recognised: int
    funds: int
    cash: int
    account: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file that waits to be fetched."""

    number: str
    name: str
    until: datetime


class ReconciliationDesk(Protocol):
    """Comparing and clearing."""

    def settled_rows(self, sender: Sender, wanted: RowsWanted) -> tuple[SettledRow, ...]:
        """The sender's settlements and cancels of those days."""

    def apply_for_clearing(self, sender: Sender, asked: ClearingAsked) -> str | Refused:
        """The number of the application."""

    def withdraw_clearing(self, sender: Sender, number: str) -> Refused | None:
        """Takes the application back."""

    def keep_file(self, sender: Sender, name: str, data: bytes) -> KeptFile | Refused:
        """Keeps a file for the sender."""

    def file(self, sender: Sender, number: str) -> bytes | Refused:
        """A file of the sender."""


class Desk(PersonDesk, VisitDesk, SettlementDesk, ReconciliationDesk, Protocol):
    """Everything that the protocol asks."""

    @property
    def region(self) -> str:
        """Six digits: the region whose desk this is."""

    def next_serial(self) -> int:
        """A number that no other answer of this second has."""

    def once(self, key: MessageKey, digest: bytes, work: Callable[[], bytes | None]) -> bytes | Refused | None:
        """What `work` gives, and never twice for one key.

        The same key and digest again gives the first answer's bytes. Another digest is refused, and so is a key that a
        reversal has withdrawn (`behaviour.repeat`). Work that gives None did nothing that may stay: roll back, keep
        nothing, give None. The bytes are kept in one transaction with what `work` does; where what it does commits on
        its own, it must know its key again, so that work done twice settles once.
        """
