"""What goes wrong at a counter and is taken back before the settlement: a wrong line, a wrong visit."""

from __future__ import annotations

from datetime import datetime

from tuodi.gateway.hospital.bills import Line
from tuodi.gateway.hospital.client import Client, Sent
from tuodi.gateway.hospital.inputs import Who, registration, stay_line, visit_line
from tuodi.gateway.national.messages import inpatient, outpatient

WRONG = Line(number="90001", item="Z9999", count=1, price=99_999)
WRONG_BATCH = "B9"


def wrong_stay_line(client: Client, who: Who, visit: str, day: datetime) -> None:
    """A line too many, uploaded (2301) and withdrawn (2302)."""
    rows = inpatient.StayFeeLinesMessage(feedetail=(stay_line(who, visit, WRONG, day),))
    if client.done(client.ask("2301", rows)):
        wanted = inpatient.StayFeeLineCancelled(feedetl_sn=WRONG.number, mdtrt_id=visit, psn_no=who.number)
        _expect(client, client.ask("2302", inpatient.StayFeeLinesCancelMessage(data=(wanted,))))


def wrong_visit_line(client: Client, who: Who, visit: str, day: datetime) -> None:
    """A batch too many, uploaded (2204) and withdrawn (2205)."""
    rows = outpatient.FeeLinesMessage(feedetail=(visit_line(who, visit, WRONG, day, WRONG_BATCH),))
    if client.done(client.ask("2204", rows)):
        wanted = outpatient.FeeLinesCancelled(mdtrt_id=visit, chrg_bchno=WRONG_BATCH, psn_no=who.number)
        _expect(client, client.ask("2205", outpatient.FeeLinesCancelMessage(data=wanted)))


def wrong_visit(client: Client, who: Who, day: datetime) -> None:
    """A registration (2201) at the wrong window, withdrawn (2202)."""
    number = client.next_number()
    asked = outpatient.RegistrationMessage(data=registration(who, number, day))
    registered = client.output(outpatient.RegistrationAnswer, client.ask("2201", asked))
    if registered is not None:
        data = registered.data
        wanted = outpatient.RegistrationCancelled(psn_no=who.number, mdtrt_id=data.mdtrt_id, ipt_otp_no=data.ipt_otp_no)
        _expect(client, client.ask("2202", outpatient.RegistrationCancelMessage(data=wanted)))


def _expect(client: Client, sent: Sent) -> None:
    """What was not settled yet can be withdrawn: a refusal is a complaint."""
    if not client.done(sent) and sent.answer is not None:
        client.complain(sent, "结算前的撤销被拒绝")
