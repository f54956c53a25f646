"""Where nothing was settled upstream the region's plan computes insurance, and its funds are told."""

from datetime import date

from tests.gateway.at_desk.books import no_findings
from tests.gateway.at_desk.window import Window, patient
from tests.platform.settlement.town import CITY
from tuodi.language.shelf import PLANS, POLICIES
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from tuodi.platform.settlement import adopted


def test_the_plan_computes_the_layers_and_each_fund_has_its_row(window: Window):
    with entered(SYSTEM):
        adopted.adopt(
            region=CITY, folder=POLICIES / "liaocheng-2022-5", plan=PLANS / "liaocheng-resident-2022",
            starts_on=date(2020, 1, 1), reason="测试",
        )  # fmt: skip
    number, visit = window.stay(patient("subsistence_allowance"), "100000.00")
    facts = {"facts": {"admission_number": 1}}
    asked = window.settlement(number, visit, "100000.00", exp_content=facts)
    without = window.settlement(number, visit, "100000.00", exp_content=None)
    assert "年内第几次住院" in window.why_not("2303", without)
    tried = window.done("2303", asked)["setlinfo"]
    output = window.done("2304", asked)
    info = output["setlinfo"]
    funds = {row["fund_pay_type"]: row["fund_payamt"] for row in output["setldetail"]}

    assert tried["maf_pay"] == info["maf_pay"]
    assert {"390100", "390200", "610100"} <= set(funds)
    assert (info["hifp_pay"], info["hifmi_pay"], info["maf_pay"]) == (
        funds["390100"], funds["390200"], funds["610100"],
    )  # fmt: skip
    assert float(info["hifp_pay"]) > float(info["maf_pay"]) > 0
    no_findings()


def test_a_midway_settlement_leaves_later_lines_for_the_next(window: Window):
    who = patient("subsistence_allowance")
    number = str(window.identified(who)["baseinfo"]["psn_no"])
    visit = window.admitted(who, number)
    paid = {"hifp_pay": "0.00"}
    window.done("2301", {"feedetail": [window.line(visit, number, "1", "500.00")]})
    window.done("2304", window.settlement(number, visit, "500.00", mid_setl_flag="1", exp_content=paid))
    window.done("2301", {"feedetail": [window.line(visit, number, "2", "300.00")]})
    window.discharged(visit, number)
    window.done("2304", window.settlement(number, visit, "300.00", exp_content=paid))

    assert "没有未结算的费用明细" == window.why_not(
        "2304", window.settlement(number, visit, "300.00", exp_content=paid)
    )
    no_findings()
