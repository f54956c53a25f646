"""What is kept of settlements and cancels beside their answers: rows that are added. Inside the hospital's scope."""

from __future__ import annotations

from tuodi.gateway import models
from tuodi.gateway.at_desk import told
from tuodi.gateway.at_desk.bill import Ground
from tuodi.gateway.at_desk.days import day_of
from tuodi.gateway.national.amounts import Amounts, mirrored, written
from tuodi.gateway.national.desk import Sender, Settled
from tuodi.platform.base.domain import Scope
from tuodi.platform.settlement.domain import Answer


def keep(
    scope: Scope, sender: Sender, ground: Ground, done: Settled, answer: Answer, stands_for: models.Settled | None
) -> None:
    """A settlement's row, with the fee lines that it has settled; perhaps in the place of one that was cancelled."""
    row = models.Settled.objects.create(
        settlement_id=answer.settlement, clearing_type=ground.clearing_type, invoice=ground.question.invoice,
        started_on=day_of(ground.visit.started_at), ended_on=ground.bill.date, visit=ground.visit.row,
        payments=told.payments_written(done.payments), upstream_account_fen=done.account,
        upstream_hospital_fen=done.hospital - answer.hospital, **_of(scope, sender), **amounts_of(written(done)),
        insutype=done.insutype, med_type=done.med_type, certificate=done.certificate, deductible_fen=done.deductible,
        stands_for=stands_for,
    )  # fmt: skip
    models.SettledLine.objects.bulk_create(
        models.SettledLine(
            settled=row, fee_line=line, institution_id=scope.institution, region_id=scope.region, at=sender.received_at
        )
        for line in ground.lines
    )


def keep_cancel(scope: Scope, sender: Sender, row: models.Settled, made: int, original: Settled) -> models.Settled:
    """The cancel's own row: the negative mirror of what it takes back."""
    same = {
        name: getattr(row, name)
        for name in (
            *("visit_id", "insutype", "med_type", "clearing_type", "certificate", "invoice", "started_on", "ended_on"),
            *("payments", "upstream_account_fen", "upstream_hospital_fen", "deductible_fen"),
        )
    }
    cancel: models.Settled = models.Settled.objects.create(
        settlement_id=made, cancels=row, **same, **_of(scope, sender), **amounts_of(mirrored(written(original)))
    )
    return cancel


def strike(scope: Scope, sender: Sender, row: models.Settled) -> None:
    """Nothing of the row is told any more."""
    models.Reversal.objects.create(
        settled=row, institution_id=scope.institution, region_id=scope.region, at=sender.received_at
    )


def found(number: str) -> models.Settled | None:
    """The settlement with the number that was told, as it stands: the row that stands for it again, if there is one."""
    if not (number.isascii() and number.isdecimal() and len(number) < _DIGITS):
        return None
    row: models.Settled | None = models.Settled.objects.filter(pk=int(number)).select_related("visit").first()
    return standing_for(row) if row is not None else None


def standing_for(row: models.Settled) -> models.Settled:
    """The row that stands for this one since a cancel was reversed; without any, itself."""
    again: models.Settled | None = models.Settled.objects.filter(stands_for=row).order_by("-pk").first()
    return again or row


def amounts_of(amounts: Amounts) -> dict[str, int]:
    """What is kept of the amounts of an answer, by column."""
    info = amounts.info
    return {
        "own_paid_fen": info.fulamt_ownpay_amt, "over_limit_fen": info.overlmt_selfpay or 0,
        "prepaid_fen": info.preselfpay_amt or 0, "in_policy_fen": info.inscp_scp_amt or 0,
        "total_fen": info.medfee_sumamt, "funds_fen": info.fund_pay_sumamt, "relief_fen": info.maf_pay,
        "account_fen": info.acct_pay, "cash_fen": info.psn_cash_pay, "hospital_fen": info.hosp_part_amt or 0,
    }  # fmt: skip


# ---- helpers ---------------------------------------------------------------------------------------------------------

_DIGITS = 19


def _of(scope: Scope, sender: Sender) -> dict[str, object]:
    return {
        "institution_id": scope.institution, "region_id": scope.region, "at": sender.received_at,
        "transaction": sender.transaction, "number": sender.message,
    }  # fmt: skip
