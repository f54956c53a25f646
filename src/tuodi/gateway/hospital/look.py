"""Looking a settlement up afterwards: 5203 tells the same amounts, and 5206 counts its relief."""

from __future__ import annotations

from tuodi.gateway.hospital.books import Booked
from tuodi.gateway.hospital.client import Client
from tuodi.gateway.national.codes import ASSISTED_COUNT
from tuodi.gateway.national.messages.queries import (
    CountsAnswer,
    CountsAsked,
    CountsMessage,
    SettlementAsked,
    SettlementQueryAnswer,
    SettlementQueryMessage,
)


def look_up(client: Client, booked: Booked) -> None:
    """Asks for the settlement and for the year's counts of its person; whatever contradicts it is a complaint."""
    info = booked.info
    asked = SettlementAsked(psn_no=info.psn_no, setl_id=info.setl_id, mdtrt_id=info.mdtrt_id)
    sent = client.ask("5203", SettlementQueryMessage(data=asked))
    found = client.output(SettlementQueryAnswer, sent)
    if found is not None:
        told = (found.setlinfo.medfee_sumamt, found.setlinfo.maf_pay, found.setlinfo.psn_pay)
        if told != (info.medfee_sumamt, info.maf_pay, info.psn_part_amt):
            client.complain(sent, "查询到的结算与结算应答不一致")
    counted = client.ask("5206", CountsMessage(data=CountsAsked(psn_no=info.psn_no, cum_ym=f"{booked.day:%Y%m}")))
    counts = client.output(CountsAnswer, counted)
    if counts is not None:
        paid = sum(row.cum for row in counts.cuminfo if row.cum_type_code == ASSISTED_COUNT)
        if paid < info.maf_pay:
            client.complain(counted, "年度累计的医疗救助少于一次结算的医疗救助")
