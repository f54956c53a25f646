"""Reading settlements: the answers that were given, what they rest on, and why they are what they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import F, QuerySet, Sum

from tuodi.engine.explain import explain
from tuodi.engine.why import Explanation
from tuodi.platform.settlement import adjudging, adopted, rows
from tuodi.platform.settlement.adjudging import Counts
from tuodi.platform.settlement.domain import Answer
from tuodi.platform.settlement.elevated import as_system
from tuodi.platform.settlement.engines import Ready
from tuodi.platform.settlement.models import Account, Concern, Consent, Proposal, Settlement, Waiting


def answer(row: Settlement) -> Answer:
    """A stored settlement as the answer that it was."""
    return Answer(
        settlement=row.pk, person=row.person_id, region=row.region_id,
        policy=adopted.ready(row.policy_id).policy.document.id, relief=row.relief_fen, personal=row.personal_fen,
        hospital=row.hospital_fen, written=rows.written(row),
    )  # fmt: skip


def explanation(settlement: int, lang: str = "zh") -> Explanation:
    """Why the settlement is what it is, from what was stored with it; it ends in the stored fen (INV-13)."""
    row = Settlement.objects.get(pk=settlement)
    again = adjudging.settled(adopted.ready(row.policy_id), row.who, row.event, row.state_before)
    assert (again.relief, again.personal) == (row.relief_fen, row.personal_fen), "INV-13 the readings of a policy agree"
    return explain(again, lang)


def of_person(person: int) -> Sequence[Settlement]:
    """Every settlement of the person that the scope sees, in order."""
    return list(Settlement.objects.filter(person_id=person).order_by("origin", "id"))


def labels(region: str, day: date) -> Mapping[str, str]:
    """What the benefits are called that the region settles by on the day; what was adopted is everybody's to read."""
    ready = _ready_on(region, day)
    return {benefit.id: benefit.label for benefit in ready.policy.benefits} if ready else {}


def computed_layers(region: str, day: date) -> frozenset[str] | None:
    """Which payers before relief the region's plan computes on the day; None where no plan is adopted."""
    ready = _ready_on(region, day)
    if ready is None or ready.plan is None:
        return None
    return frozenset(benefit.layer for benefit in ready.plan.benefits)


def _ready_on(region: str, day: date) -> Ready | None:
    with as_system(), connection.cursor() as cursor:
        cursor.execute("select settlement_policy_on(%s, %s)", [region, day])
        (policy,) = cursor.fetchone()
    return None if policy is None else adopted.ready(policy)


def relieved_in(person: int, year: int) -> int:
    """What relief has paid of the person's bills of a year, at every institution: who settles bills may know it."""
    with as_system():
        return sum(row.relief_fen for row in rows.history(person) if row.happened_on.year == year)


def persons(settlements: Collection[int]) -> dict[int, int]:
    """Whose these bills are, by the bill's first settlement, as far as the scope sees them."""
    found = Settlement.objects.filter(pk__in=settlements, origin=F("pk"))
    return dict(found.values_list("pk", "person_id"))


def counts(person: int) -> Counts | None:
    """What the person's bills have used up, by policy; None where the scope's desk doesn't see it."""
    account = Account.objects.filter(person_id=person).first()
    if account is not None:
        found: Counts = account.state
        return found
    with connection.cursor() as cursor:
        cursor.execute("select tuodi_desk() in ('county', 'finance', 'city', 'supervisor', 'system')")
        return {} if cursor.fetchone()[0] else None


def proposals_to_decide(region: str) -> QuerySet[Proposal]:
    """Changes one by one that wait for the county's consent, the oldest first; those of an adoption are a group's."""
    waits = Waiting.objects.filter(region_id=region, adoption=None).values("proposal_id")
    return Proposal.objects.filter(pk__in=waits).order_by("pk")


def proposals_waiting(adoption: int | None = None) -> QuerySet[Proposal]:
    """Changes that wait for any county's consent, as far as the scope sees them: of an adoption, or of none."""
    waits = Waiting.objects.filter(adoption_id=adoption).values("proposal_id")
    return Proposal.objects.filter(pk__in=waits).order_by("pk")


def relief_of(proposals: Collection[int]) -> Mapping[int, int]:
    """By how much each proposal changes relief of the bills of the scope's counties, in fen."""
    sums = Concern.objects.filter(proposal_id__in=proposals).values("proposal_id").annotate(fen=Sum("relief_fen"))
    return dict(sums.values_list("proposal_id", "fen"))


def consents(proposal: int) -> Sequence[str]:
    """The counties that have consented, in the order in which they did."""
    return list(Consent.objects.filter(proposal_id=proposal).order_by("pk").values_list("region_id", flat=True))


class Bill(NamedTuple):
    """A bill as it was first settled: its number, the sender's, whose it is, when it happened and was known."""

    settlement: int
    key: str
    person: int
    happened_on: date
    known_on: date


def told(numbers: Collection[int]) -> list[Bill]:
    """These settlements as bills, in order, as far as the scope sees them."""
    found = Settlement.objects.filter(pk__in=numbers).order_by("pk")
    return [Bill(*row) for row in found.values_list("pk", "sender_key", "person_id", "happened_on", "known_on")]
