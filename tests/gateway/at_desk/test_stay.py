"""A stay from the window to the books, over HTTP."""

from tests.gateway.at_desk.books import no_findings
from tests.gateway.at_desk.window import Window, patient
from tuodi.platform.settlement.models import Settlement


def test_a_stay_is_settled_and_booked(window: Window):
    who = patient("subsistence_allowance")
    number, visit = window.stay(who)
    tried = window.done("2303", window.settlement(number, visit))["setlinfo"]
    settled = window.done("2304", window.settlement(number, visit))["setlinfo"]

    assert tried["maf_pay"] == settled["maf_pay"] == "2310.00"
    assert ("990.00", "9010.00") == (settled["psn_cash_pay"], settled["fund_pay_sumamt"])
    row = Settlement.objects.get(pk=int(settled["setl_id"]))
    assert (231_000, "inpatient", ["J18.900"]) == (row.relief_fen, row.service, row.event["diagnoses"])
    no_findings()
