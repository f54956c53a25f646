"""A stay from the window to the books, over HTTP."""

import pytest

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


@pytest.mark.parametrize(
    "fact",
    [
        {"facility": {"designated": True}},
        {"date": "2025-12-31"},
        {"amounts": {"total": "99999.00", "in_policy": "99999.00", "basic": "0.00", "critical_illness": "0.00"}},
        {"service": "late_stage_care"},
    ],
)
def test_a_hospital_says_nothing_under_the_names_of_facts_that_is_not_one(window: Window, fact: dict[str, object]):
    number, visit = window.stay(patient("subsistence_allowance"))
    extension = {"hifp_pay": "6000.00", "hifmi_pay": "700.00", "facts": fact}

    assert "事实不能叫" in window.why_not("2304", window.settlement(number, visit, exp_content=extension))
    assert 0 == Settlement.objects.count()
