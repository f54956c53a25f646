"""Applications of institutions to be cleared for a month, in their own figures, and their withdrawal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction

from tuodi.core.finding import Faults, Finding, finding
from tuodi.core.month import Month
from tuodi.platform.base import audit
from tuodi.platform.base.models import Institution
from tuodi.platform.clearing import content, models
from tuodi.platform.clearing.domain.steps import Status
from tuodi.platform.clearing.here import take_turn

APPROVED = frozenset({Status.approved_by_business, Status.approved_by_finance, Status.ordered, Status.paid})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What an institution wants cleared, in fen. `clearing_type` is a code of the national interface."""

    clearing_type: str
    month: Month
    first: date
    last: date
    visits: int
    total: int
    recognised: int
    funds: int
    cash: int
    account: int


@transaction.atomic
def apply(*, institution: str, claim: Claim) -> int:
    """The application's number; the same claim again gives the first one. Raises Faults: `application-…`.

    Another claim for the same type and month is refused until the first one is withdrawn.
    """
    found = Institution.objects.filter(pk=institution).first()
    if found is None:
        raise Faults([finding("application-institution", f"没有机构“{institution}”", institution, "核对机构代码")])
    take_turn(found.region_id, institution)
    standing = models.Application.objects.filter(
        institution_id=institution, month=claim.month.first, clearing_type=claim.clearing_type,
        applicationwithdrawal=None,
    ).first()  # fmt: skip
    if standing is not None and claim_of(standing) == claim:
        return int(standing.pk)
    if faults := [*_wrong(institution, claim, standing)]:
        raise Faults(faults)
    made = models.Application.objects.create(
        institution_id=institution, region_id=found.region_id, clearing_type=claim.clearing_type,
        month=claim.month.first, first=claim.first, last=claim.last, visits=claim.visits, total_fen=claim.total,
        recognised_fen=claim.recognised, funds_fen=claim.funds, cash_fen=claim.cash, account_fen=claim.account,
    )  # fmt: skip
    details = {**asdict(claim), "month": str(claim.month), "first": str(claim.first), "last": str(claim.last)}
    audit.record(act="clearing.apply", subject=f"application:{made.pk}", region=found.region_id, details=details)
    return int(made.pk)


@transaction.atomic
def withdraw(*, application: int) -> None:
    """The application is taken back; done again, nothing more. Raises Faults: `application-unknown`, `-cleared`."""
    found = models.Application.objects.filter(pk=application).first()
    if found is None:
        message = f"没有编号为 {application} 的清算申请"
        raise Faults([finding("application-unknown", message, str(application), "核对编号")])
    take_turn(found.region_id, found.institution_id)
    if models.ApplicationWithdrawal.objects.filter(application=found).exists():
        return
    statements = models.Statement.objects.filter(institution_id=found.institution_id, month=found.month)
    if any(content.status(each.pk) in APPROVED for each in statements):
        message = f"{Month.of(found.month)} 的结算单已经核准，清算申请不能撤回"
        raise Faults([finding("application-cleared", message, str(application), "差异列入以后的结算单")])
    models.ApplicationWithdrawal.objects.create(
        application=found, institution_id=found.institution_id, region_id=found.region_id
    )
    audit.record(act="clearing.withdraw_application", subject=f"application:{application}", region=found.region_id)


def claim_of(row: models.Application) -> Claim:
    """The stored application as it was made."""
    return Claim(
        clearing_type=row.clearing_type, month=Month.of(row.month), first=row.first, last=row.last, visits=row.visits,
        total=row.total_fen, recognised=row.recognised_fen, funds=row.funds_fen, cash=row.cash_fen,
        account=row.account_fen,
    )  # fmt: skip


def _wrong(institution: str, claim: Claim, standing: models.Application | None) -> Iterable[Finding]:
    if standing is not None:
        message = f"{claim.month} 这一清算类别已经申请过，编号 {standing.pk}，内容不同"
        yield finding("application-twice", message, institution, "先撤回原申请，再重新申请")
    if not claim.month.first <= claim.first <= claim.last < claim.month.following.first:
        message = f"起止日期 {claim.first} 到 {claim.last} 不在 {claim.month} 之内"
        yield finding("application-days", message, institution, "核对清算年月和起止日期")
    if claim.visits < 0:
        yield finding("application-visits", "清算人次为负数", institution, "核对清算人次")
