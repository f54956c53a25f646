"""Cancels and reversals: of records of their own, of nothing, and of what other settlements rest on."""

import threading
from typing import Any

from django.db import connections as django_connections

from tests.gateway.at_desk.books import no_findings
from tests.gateway.at_desk.window import Window, patient
from tests.platform.settlement.town import AT_COUNTY, OTHER_COUNTY, TODAY
from tuodi.gateway import audit, models
from tuodi.gateway.at_desk import keeping
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from tuodi.platform.registry import person
from tuodi.platform.settlement import connections, revision
from tuodi.platform.settlement.models import Proposal, Settlement


def cancel(number: str, visit: str, settlement: str) -> dict[str, Any]:
    return {"data": {"setl_id": settlement, "mdtrt_id": visit, "psn_no": number}}


def reversal(number: str, msgid: str, infno: str = "2304") -> dict[str, Any]:
    return {"data": {"psn_no": number, "omsgid": msgid, "oinfno": infno}}


def test_a_cancel_is_the_negative_mirror_and_the_lines_are_free_again(window: Window):
    number, visit = window.stay(patient("subsistence_allowance"))
    first = window.done("2304", window.settlement(number, visit))["setlinfo"]
    info = window.done("2305", cancel(number, visit, first["setl_id"]))["setlinfo"]

    assert ("-2310.00", "-10000.00") == (info["maf_pay"], info["medfee_sumamt"])
    assert info["setl_id"] != first["setl_id"]
    assert "该结算已撤销，不能重复撤销" == window.why_not("2305", cancel(number, visit, first["setl_id"]))
    assert "2310.00" == window.done("2304", window.settlement(number, visit))["setlinfo"]["maf_pay"]
    no_findings()


def test_another_hospital_cancels_nothing_and_sees_nothing(window: Window, next_window: Window):
    who = patient("subsistence_allowance")
    number, visit = window.stay(who)
    settled = window.done("2304", window.settlement(number, visit))["setlinfo"]
    next_window.identified(who)

    assert "就诊ID不存在" in next_window.why_not("2305", cancel(number, visit, settled["setl_id"]))
    asked = {"data": {"psn_no": number, "setl_id": settled["setl_id"]}}
    assert "未找到该结算记录，请核对结算ID" == next_window.why_not("5203", asked)
    assert "就诊ID不存在" in next_window.why_not("2304", next_window.settlement(number, visit))


def test_a_reversal_leaves_nothing_and_uses_the_number_up(window: Window):
    number, visit = window.stay(patient("subsistence_allowance"))
    settled = window.done("2304", window.settlement(number, visit), "M1")["setlinfo"]
    window.done("2601", reversal(number, "M1"))
    window.done("2601", reversal(number, "M1"))

    assert "已被冲正" in window.why_not("2304", window.settlement(number, visit), "M1")
    asked = {"data": {"psn_no": number, "setl_id": settled["setl_id"]}}
    assert "未找到该结算记录，请核对结算ID" == window.why_not("5203", asked)
    assert "2310.00" == window.done("2304", window.settlement(number, visit), "M2")["setlinfo"]["maf_pay"]
    no_findings()


def test_what_never_arrived_is_reversed_and_a_late_original_refused(window: Window):
    number, visit = window.stay(patient("subsistence_allowance"))
    window.done("2601", reversal(number, "M1"))

    assert "已被冲正" in window.why_not("2304", window.settlement(number, visit), "M1")
    assert 0 == Settlement.objects.count()


def test_a_settlement_whose_answer_was_lost_with_its_transaction_is_found_again_or_taken_back(
    window: Window, monkeypatch: Any
):
    number, visit = window.stay(patient("subsistence_allowance"))
    bulk = models.SettledLine.objects.bulk_create

    def broken(*_: Any) -> None:
        raise RuntimeError("the power fails")

    monkeypatch.setattr(models.SettledLine.objects, "bulk_create", broken)
    window.client.raise_request_exception = False
    failed = window.post(window.body("2304", window.settlement(number, visit), "M1"))
    monkeypatch.setattr(models.SettledLine.objects, "bulk_create", bulk)
    assert (500, 1, 0) == (failed.status_code, Settlement.objects.count(), models.Settled.objects.count())

    with entered(SYSTEM):
        assert ["answer-lost"] == [finding.code for finding in audit.findings()]
    assert "报文 M1 已结算该就诊" in window.why_not("2304", window.settlement(number, visit), "M2")
    again = window.done("2304", window.settlement(number, visit), "M1")["setlinfo"]
    assert ("2310.00", 1) == (again["maf_pay"], Settlement.objects.count())
    no_findings()


def test_a_lost_settlement_is_reversed(window: Window, monkeypatch: Any):
    number, visit = window.stay(patient("subsistence_allowance"))
    with monkeypatch.context() as patched:
        patched.setattr(models.SettledLine.objects, "bulk_create", lambda *_: 1 / 0)
        window.client.raise_request_exception = False
        window.post(window.body("2304", window.settlement(number, visit), "M1"))
    window.done("2601", reversal(number, "M1"))

    assert ["cancelled", "settled"] == sorted(Settlement.objects.values_list("kind", flat=True))
    assert "已被冲正" in window.why_not("2304", window.settlement(number, visit), "M1")
    no_findings()


def test_a_cancel_and_a_reversal_at_the_same_moment_are_one(window: Window):
    number, visit = window.stay(patient("subsistence_allowance"))
    settled = window.done("2304", window.settlement(number, visit), "M1")["setlinfo"]
    asked = [("2305", cancel(number, visit, settled["setl_id"])), ("2601", reversal(number, "M1"))]
    answers: list[str] = []

    def send(infno: str, message: dict[str, Any]) -> None:
        try:
            answers.append(window.ask(infno, message)["infcode"])
        finally:
            connections.dropped()
            django_connections.close_all()

    threads = [threading.Thread(target=send, args=each) for each in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ["-1", "0"] == sorted(answers)
    assert ["cancelled", "settled"] == sorted(Settlement.objects.values_list("kind", flat=True))
    no_findings()


def test_an_admission_is_reversed_unless_it_is_settled(window: Window):
    who = patient("subsistence_allowance")
    number = window.identified(who)["baseinfo"]["psn_no"]
    visit = window.admitted(who, number, "A1")
    window.done("2601", reversal(number, "A1", "2401"))

    assert "该就诊已撤销" == window.why_not("2301", {"feedetail": [window.line(visit, number, "1", "1.00")]})


def cancelled(window: Window, number: str, visit: str, msgid: str = "C1") -> dict[str, Any]:
    """What a stay was settled to before it was cancelled."""
    settled = window.done("2304", window.settlement(number, visit), "M1")["setlinfo"]
    window.done("2305", cancel(number, visit, settled["setl_id"]), msgid)
    return dict(settled)


def looked_up(window: Window, number: str, settled: dict[str, Any]) -> dict[str, Any]:
    """5203."""
    return dict(window.done("5203", {"data": {"psn_no": number, "setl_id": settled["setl_id"]}})["setlinfo"])


def test_a_cancel_that_is_reversed_leaves_the_settlement_as_it_was_under_its_own_number(window: Window):
    number, visit = window.stay(patient("subsistence_allowance"))
    settled = cancelled(window, number, visit)
    assert "1" == looked_up(window, number, settled)["refd_setl_flag"]

    window.done("2601", reversal(number, "C1", "2305"))
    window.done("2601", reversal(number, "C1", "2305"))

    found = looked_up(window, number, settled)
    told = ("setl_id", "maf_pay", "medfee_sumamt", "medins_setl_id", "setl_time")
    assert {"refd_setl_flag": "0", **{name: settled[name] for name in told}} == {
        name: found[name] for name in ("refd_setl_flag", *told)
    }
    assert ["cancelled", "settled", "settled"] == sorted(Settlement.objects.values_list("kind", flat=True))
    assert "已被冲正" in window.why_not("2305", cancel(number, visit, settled["setl_id"]), "C1")
    assert "没有未结算的费用明细" == window.why_not("2304", window.settlement(number, visit))
    assert settled == window.done("2304", window.settlement(number, visit), "M1")["setlinfo"]
    no_findings()


def test_what_stands_again_is_cancelled_reversed_and_taken_back_like_any_other(window: Window):
    number, visit = window.stay(patient("subsistence_allowance"))
    settled = cancelled(window, number, visit)
    window.done("2601", reversal(number, "C1", "2305"))

    info = window.done("2305", cancel(number, visit, settled["setl_id"]), "C2")["setlinfo"]
    assert f"-{settled['maf_pay']}" == info["maf_pay"]
    assert "该结算已撤销，不能重复撤销" == window.why_not("2305", cancel(number, visit, settled["setl_id"]))
    window.done("2601", reversal(number, "C2", "2305"))
    assert "0" == looked_up(window, number, settled)["refd_setl_flag"]

    window.done("2601", reversal(number, "M1"))
    asked = {"data": {"psn_no": number, "setl_id": settled["setl_id"]}}
    assert "未找到该结算记录，请核对结算ID" == window.why_not("5203", asked)
    window.done("2304", window.settlement(number, visit))
    no_findings()


def test_what_would_come_to_something_else_by_now_stays_cancelled_and_the_reason_says_what_to_do(window: Window):
    who = patient("subsistence_allowance")
    (number, visit), (_, later) = (window.stay(who, "200000.00") for _ in range(2))
    paid = {"exp_content": {"hifp_pay": "0.00"}}
    settled = window.done("2304", window.settlement(number, visit, "200000.00", **paid), "M1")["setlinfo"]
    window.done("2305", cancel(number, visit, settled["setl_id"]), "C1")
    window.done("2304", window.settlement(number, later, "200000.00", **paid))

    why = window.why_not("2601", reversal(number, "C1", "2305"))

    assert f"原结算为 {settled['maf_pay']} 元，不能恢复" in why
    assert "重新结算" in why
    assert "1" == looked_up(window, number, settled)["refd_setl_flag"]
    no_findings()


def test_what_was_cancelled_does_not_stand_again_at_another_county_s_cost(window: Window):
    number, visit = window.stay(patient("subsistence_allowance"))
    settled = cancelled(window, number, visit)
    with entered(SYSTEM):
        person.hand_over(person=Settlement.objects.latest("pk").person_id, region=OTHER_COUNTY, reason="迁居")

    assert "已移交到另一县" in window.why_not("2601", reversal(number, "C1", "2305"))
    assert "1" == looked_up(window, number, settled)["refd_setl_flag"]
    assert ["cancelled", "settled"] == sorted(Settlement.objects.values_list("kind", flat=True))
    no_findings()


def test_a_reversal_of_a_cancel_whose_answer_was_lost_with_its_transaction_is_finished_when_it_comes_again(
    window: Window, monkeypatch: Any
):
    number, visit = window.stay(patient("subsistence_allowance"))
    settled = cancelled(window, number, visit)
    with monkeypatch.context() as patched:
        patched.setattr(keeping, "strike", lambda *_: 1 / 0)
        window.client.raise_request_exception = False
        assert 500 == window.post(window.body("2601", reversal(number, "C1", "2305"), "R1")).status_code
    with entered(SYSTEM):
        assert ["answer-lost"] == [finding.code for finding in audit.findings()]
    assert "对撤销 C1 的冲正" in window.why_not("2304", window.settlement(number, visit))

    window.done("2601", reversal(number, "C1", "2305"), "R2")

    assert "0" == looked_up(window, number, settled)["refd_setl_flag"]
    assert 2 == Settlement.objects.filter(kind="settled").count()
    no_findings()


def test_a_cancel_that_never_arrived_is_reversed_and_the_settlement_stands(window: Window):
    number, visit = window.stay(patient("subsistence_allowance"))
    settled = window.done("2304", window.settlement(number, visit), "M1")["setlinfo"]

    window.done("2601", reversal(number, "C1", "2305"))

    assert "已被冲正" in window.why_not("2305", cancel(number, visit, settled["setl_id"]), "C1")
    assert "0" == looked_up(window, number, settled)["refd_setl_flag"]


def test_a_cancel_that_changes_other_settlements_waits_for_the_county(window: Window):
    who = patient("subsistence_allowance")
    stays = [window.stay(who, "200000.00") for _ in range(3)]
    paid = {"hifp_pay": "0.00"}
    first, *others = [
        window.done("2304", window.settlement(number, visit, "200000.00", exp_content=paid))["setlinfo"]
        for number, visit in stays
    ]
    number, visit = stays[0]
    why = window.why_not("2305", cancel(number, visit, first["setl_id"]))

    assert "已提交县级医保部门审批" in why, (why, [one["maf_pay"] for one in others])
    assert 3 == Settlement.objects.count()
    proposal = Proposal.objects.get()
    with entered(AT_COUNTY):
        revision.approve(proposal=proposal.pk, on=TODAY.replace(year=2026, month=12), reason="测试")
    info = window.done("2305", cancel(number, visit, first["setl_id"]))["setlinfo"]
    assert f"-{first['maf_pay']}" == info["maf_pay"]
    no_findings()
