"""The hospital's end of the wire: numbers and sends messages, reads answers, and knows three outcomes.

Success, refusal, and unknown: no answer, or an unreadable one. An unknown outcome is repeated with the same bytes; what
stays unknown is for the caller to reverse.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from tuodi.core.finding import Faults
from tuodi.gateway.hospital.asked import Clock, Hospital, Send, Sign
from tuodi.gateway.hospital.told import Complaint, Told
from tuodi.gateway.national.envelope import SUCCESS, AnswerRead, Head, read_answer, write_request
from tuodi.gateway.national.fields import CHINA, read_record

Record = TypeVar("Record")

TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that went out; `answer` is None where the outcome is unknown."""

    transaction: str
    message: str
    body: bytes
    received: bytes
    answer: AnswerRead | None

    @property
    def accepted(self) -> bool:
        """Whether it succeeded."""
        return self.answer is not None and self.answer.code == SUCCESS


@dataclass(slots=True, kw_only=True)
class Client:
    """Sends for one hospital."""

    hospital: Hospital
    send: Send
    sign: Sign
    clock: Clock
    told: Told
    insured_region: str = ""
    sign_number: str = ""
    _serial: int = field(default=0)

    def ask(self, transaction: str, message: object, number: str = "") -> Sent:
        """Sends the transaction with this input, as often as its outcome is unknown and it may be repeated."""
        number = number or self.next_number()
        return self.deliver(transaction, number, write_request(self._head(transaction, number), message))

    def deliver(self, transaction: str, number: str, body: bytes) -> Sent:
        """Sends these bytes, the same ones again while no answer comes."""
        received = b""
        for _ in range(TRIES):
            self.told.sent[transaction] += 1
            try:
                received = self.send(body, self.sign(body))
                answer = read_answer(received)
            except (OSError, Faults):
                self.told.unknown += 1
                continue
            if answer.code != SUCCESS:
                self.told.refused[transaction] += 1
            return Sent(transaction=transaction, message=number, body=body, received=received, answer=answer)
        return Sent(transaction=transaction, message=number, body=body, received=received, answer=None)

    def fetch(self, transaction: str, message: object) -> Sent:
        """Sends the transaction whose answer is a file, not an envelope."""
        number = self.next_number()
        body = write_request(self._head(transaction, number), message)
        received = b""
        for _ in range(TRIES):
            self.told.sent[transaction] += 1
            try:
                received = self.send(body, self.sign(body))
                break
            except OSError:
                self.told.unknown += 1
        return Sent(transaction=transaction, message=number, body=body, received=received, answer=None)

    def output(self, kind: type[Record], sent: Sent) -> Record | None:
        """The output's record; None with a refusal told or a complaint where there is none."""
        if not sent.accepted or sent.answer is None:
            self._refused(sent)
            return None
        try:
            return read_record(kind, dict(sent.answer.output or {}))
        except Faults as why:
            self.complain(sent, "应答不符合接口规定：" + "；".join(str(one) for one in why.findings))
            return None

    def done(self, sent: Sent) -> bool:
        """Whether a transaction without output succeeded; a refusal is told."""
        if not sent.accepted:
            self._refused(sent)
        return sent.accepted

    def complain(self, sent: Sent, text: str) -> None:
        """Tells that an answer is not as it should be."""
        self.told.complaints.append(Complaint(transaction=sent.transaction, message=sent.message, text=text))

    def next_number(self) -> str:
        """Institution, time, four digits: the form of msgid. No number twice."""
        self._serial += 1
        now = self.clock().astimezone(CHINA)
        return f"{self.hospital.code:0<12.12}{now:%Y%m%d%H%M%S}{self._serial % 10_000:04d}"

    def now(self) -> datetime:
        """The time at the hospital."""
        return self.clock().astimezone(CHINA)

    def _refused(self, sent: Sent) -> None:
        text = "没有收到应答" if sent.answer is None else sent.answer.message or "拒绝但没有说明原因"
        self.told.refusals.append(Complaint(transaction=sent.transaction, message=sent.message, text=text))
        if sent.answer is not None and not sent.answer.message:
            self.complain(sent, text)

    def _head(self, transaction: str, number: str) -> Head:
        return Head(
            infno=transaction,
            msgid=number,
            mdtrtarea_admvs=self.hospital.region,
            insuplc_admdvs=self.insured_region,
            recer_sys_code="99",
            infver="V1.0",
            opter_type="1",
            opter="0001",
            opter_name="收费员",
            inf_time=self.clock(),
            fixmedins_code=self.hospital.code,
            fixmedins_name=self.hospital.name,
            sign_no=self.sign_number,
        )
