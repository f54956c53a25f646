"""Settling a treatment, and what may come after: the same again, other content, a cancel, a reversal."""

from __future__ import annotations

from random import Random

from tuodi.gateway.hospital.asked import Asked
from tuodi.gateway.hospital.books import Booked, Books
from tuodi.gateway.hospital.client import Client, Sent
from tuodi.gateway.hospital.inputs import Treated, settlement_of, trial_of
from tuodi.gateway.hospital.look import look_up
from tuodi.gateway.national.amounts import check_identities
from tuodi.gateway.national.fields import Yuan, table_of
from tuodi.gateway.national.messages.reversal import Reversal, ReversalMessage
from tuodi.gateway.national.messages.settlement import (
    SettlementAnswer,
    SettlementCancelled,
    SettlementCancelMessage,
    SettlementInfo,
)

SHOWN_DIFFERENCES = 3
PATIENCE = 20
LOOKED_AT = 7
"""Every so many settlements one is sent again, contradicted and looked up."""


def settle(client: Client, books: Books, treated: Treated, chance: Random, asked: Asked) -> None:
    """Tries, settles, checks, and by chance repeats, cancels and settles anew, or reverses and settles anew.

    A cancel that stays without answer is reversed: the settlement is then as it was, and nothing is settled anew.
    """
    trial = _answered(client, client.ask("2303" if treated.stay else "2206", trial_of(treated)))
    booked = _settled(client, books, treated, trial)
    if booked is None:
        return
    dice = chance.randrange(100)
    if dice < asked.cancelled_per_100:
        _cancelled(client, books, treated, booked)
        if booked.cancelled:
            _settled(client, books, treated, None)
    elif dice < asked.cancelled_per_100 + asked.reversed_per_100:
        _reversed(client, books, treated, booked)
        _settled(client, books, treated, None)


def repeat(client: Client, sent: Sent) -> None:
    """Sends the same bytes again: the answer must be the same, too."""
    again = client.deliver(sent.transaction, sent.message, sent.body)
    client.told.repeated += 1
    if again.answer is not None and again.received != sent.received:
        client.complain(sent, "重发同一报文得到了不同的应答")


def contradict(client: Client, sent: Sent, message: object) -> None:
    """Sends other content under the same number: it must be refused."""
    if client.ask(sent.transaction, message, sent.message).accepted:
        client.complain(sent, "同一报文ID、不同内容的报文被接受")


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _settled(client: Client, books: Books, treated: Treated, trial: SettlementAnswer | None) -> Booked | None:
    transaction = "2304" if treated.stay else "2207"
    sent = client.ask(transaction, settlement_of(treated))
    if sent.answer is None:
        _withdraw(client, treated, sent)
        return None
    answered = _answered(client, sent)
    if answered is None:
        return None
    info = answered.setlinfo
    _check_settlement(client, sent, info, trial)
    client.told.settled += 1
    client.told.relief += info.maf_pay
    if not info.setl_time:
        return None
    booked = books.settled(info, sent.message)
    if client.told.settled % LOOKED_AT == 0:
        repeat(client, sent)
        contradict(client, sent, settlement_of(treated, invoice="改"))
        look_up(client, booked)
    return booked


def _answered(client: Client, sent: Sent) -> SettlementAnswer | None:
    """The answer with sums that hold, or a complaint for each that does not."""
    answered = client.output(SettlementAnswer, sent)
    for broken in check_identities(answered.setlinfo, answered.setldetail) if answered else ():
        client.complain(sent, f"金额不平：{broken}")
    return answered


def _check_settlement(client: Client, sent: Sent, info: SettlementInfo, trial: SettlementAnswer | None) -> None:
    if not info.setl_id or not info.setl_time or not info.clr_type:
        client.complain(sent, "结算应答缺少结算ID、结算时间或清算类别")
    if info.medins_setl_id != sent.message:
        client.complain(sent, "医药机构结算ID不是本次报文ID")
    if trial is not None and (changed := _different(trial.setlinfo, info)):
        client.complain(sent, f"结算与预结算不一致：{'、'.join(changed[:SHOWN_DIFFERENCES])}")


def _different(one: SettlementInfo, other: SettlementInfo) -> list[str]:
    money = [field.name for field in table_of(SettlementInfo) if isinstance(field.form, Yuan)]
    return [name for name in money if getattr(one, name) != getattr(other, name)]


def _cancelled(client: Client, books: Books, treated: Treated, booked: Booked) -> None:
    info = booked.info
    message = SettlementCancelMessage(
        data=SettlementCancelled(setl_id=info.setl_id, mdtrt_id=treated.visit, psn_no=treated.who.number)
    )
    transaction = "2305" if treated.stay else "2208"
    sent = client.ask(transaction, message)
    if sent.answer is None:
        _take_back(client, treated, sent)
        return
    answered = _answered(client, sent)
    if answered is None:
        return
    client.told.cancelled += 1
    client.told.relief -= info.maf_pay
    if not _mirrors(info, answered.setlinfo):
        client.complain(sent, "撤销应答的金额不是原结算的负数")
    books.cancelled(booked, answered.setlinfo, sent.message)
    if client.ask(transaction, message).accepted:
        client.complain(sent, "同一结算被撤销了两次")


def _mirrors(info: SettlementInfo, cancel: SettlementInfo) -> bool:
    money = [field.name for field in table_of(SettlementInfo) if isinstance(field.form, Yuan)]
    asked = [name for name in money if name not in ("balc", "pdn_cash_pay", "act_pay_dedc")]
    return all((getattr(info, name) or 0) == -(getattr(cancel, name) or 0) for name in asked)


def _reversed(client: Client, books: Books, treated: Treated, booked: Booked) -> None:
    transaction = "2304" if treated.stay else "2207"
    if client.done(_reversal(client, treated, transaction, booked.message)):
        client.told.reversed += 1
        client.told.relief -= booked.info.maf_pay
        books.reversed(booked)


def _withdraw(client: Client, treated: Treated, sent: Sent) -> None:
    """Nobody knows whether it was settled: whatever it was, it is to be gone."""
    if client.done(_reversal(client, treated, sent.transaction, sent.message)):
        client.told.withdrawn += 1


def _take_back(client: Client, treated: Treated, sent: Sent) -> None:
    """Nobody knows whether it was cancelled: the settlement is to stand."""
    reversal = _reversal(client, treated, sent.transaction, sent.message)
    if not client.done(reversal):
        client.complain(reversal, "没有应答的撤销不能冲正")
    client.told.withdrawn += 1


def _reversal(client: Client, treated: Treated, transaction: str, number: str) -> Sent:
    """Sent until it is answered: whatever it is about is unknown until then."""
    message = ReversalMessage(data=Reversal(psn_no=treated.who.number, omsgid=number, oinfno=transaction))
    sent = client.ask("2601", message)
    for _ in range(PATIENCE):
        if sent.answer is not None:
            break
        sent = client.deliver(sent.transaction, sent.message, sent.body)
    return sent
