"""Clearing at its desks: cut, sent, objected to, answered, approved by other hands, paid; late, terms, refunds."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.console.conftest import Offices, SignIn, Town, somebody
from tests.platform.settlement.town import AT_HOSPITAL, COUNTY, HOSPITAL, stay
from tuodi.console.clearing import one
from tuodi.core.month import Month
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.clearing import models, selectors, term
from tuodi.platform.clearing.domain.lateness import Terms
from tuodi.platform.clearing.domain.steps import Status
from tuodi.platform.settlement import revision
from tuodi.platform.settlement.settlement import settle

TODAY = str(timezone.localdate())
LAST_MONTH = timezone.localdate().replace(day=1) - timedelta(days=1)


@pytest.fixture
def at(signed_in: SignIn, offices: Offices) -> Callable[[str], Client]:
    """Browsers of the clerk who prepares, and of everybody who checks the work of others."""
    with entered(SYSTEM):
        for desk in (Desk.county, Desk.finance):
            other = somebody(desk, "3715", offices[desk, "3715"].password)
            other.username, other.name = f"{desk.name}-other", f"{desk.value}复核"
            other.save()
            offices[desk, "other"] = other
    places = {"clerk": (Desk.county, "3715"), "chief": (Desk.county, "other"), "hospital": (Desk.hospital, "3715"),
              "accountant": (Desk.finance, "3715"), "cashier": (Desk.finance, "other"),
              "city": (Desk.city, "3715")}  # fmt: skip
    return lambda who: signed_in(*places[who])


def page(browser: Client, address: str) -> str:
    """What the page says."""
    answer = browser.get(address)
    assert (address, 200) == (address, answer.status_code)
    return answer.content.decode()


def does(browser: Client, number: int, verb: str, **typed: object) -> str:
    """Opens the act's page, sends what it holds with what was typed; what stands there afterwards."""
    address = f"/clearing/{number}/{verb}/"
    seen = dict(re.findall(r'name="(fingerprint)" value="([0-9a-f]+)"', page(browser, address)))
    return browser.post(address, {**seen, **typed}, follow=True).content.decode()


def status(number: int) -> Status:
    """Where the statement stands."""
    with entered(SYSTEM):
        return selectors.statement(number).line.status


def withdrawn(number: int) -> list[int]:
    """Disallowances that were withdrawn."""
    with entered(SYSTEM):
        return [*models.Withdrawal.objects.filter(statement_id=number).values_list("disallowance_id", flat=True)]


def test_the_way_from_an_objection_to_the_payment(settled_town: Town, at: Callable[[str], Client]) -> None:
    number = settled_town.statement

    does(at("hospital"), number, "object", reason="这项检查有医嘱", concerns=[settled_town.disallowance])
    assert "这项检查有医嘱" in page(at("clerk"), f"/clearing/{number}/answer/")
    does(at("clerk"), number, "answer", reason="医嘱属实", concerns=[settled_town.disallowance])
    does(at("chief"), number, "approve-business")
    does(at("accountant"), number, "approve-finance")
    does(at("accountant"), number, "order")
    told = does(at("cashier"), number, "pay", paid_on=TODAY, reference="V2024-07")

    assert "这张结算单办结" in told
    assert "银行凭证 V2024-07" in told
    assert ([settled_town.disallowance], Status.paid) == (withdrawn(number), status(number))


def test_an_objection_without_a_reason_keeps_what_was_chosen(settled_town: Town, at: Callable[[str], Client]) -> None:
    told = does(at("hospital"), settled_town.statement, "object", reason="", concerns=[settled_town.disallowance])

    assert "请填写" in told
    assert re.search(rf'value="{settled_town.disallowance}"[^>]* checked', told)
    assert Status.sent is status(settled_town.statement)


def test_who_prepared_is_told_that_another_must_approve(settled_town: Town, at: Callable[[str], Client]) -> None:
    number = settled_town.statement
    does(at("hospital"), number, "confirm")
    does(at("clerk"), number, "send-back", reason="扣减有误")
    does(at("clerk"), number, "send")
    does(at("hospital"), number, "confirm")

    assert "业务核准要由另一位有权限的人员办理：业务核准的人已经办过：送达" in page(at("clerk"), f"/clearing/{number}/")
    assert f"/clearing/{number}/approve-business/" in page(at("chief"), f"/clearing/{number}/")
    assert "没有办成" in at("clerk").post(
        f"/clearing/{number}/approve-business/", {"fingerprint": fingerprint(number)}
    ).content.decode()  # fmt: skip
    assert Status.confirmed is status(number)


def fingerprint(number: int) -> str:
    """Of the statement as it is."""
    with entered(SYSTEM):
        return selectors.statement(number).fingerprint


def test_what_was_not_seen_is_not_confirmed(settled_town: Town, at: Callable[[str], Client]) -> None:
    browser = at("hospital")
    told = browser.post(f"/clearing/{settled_town.statement}/confirm/", {"fingerprint": "0" * 64}).content.decode()

    assert "结算单的内容与您看到的不同" in told
    assert Status.sent is status(settled_town.statement)


def test_an_act_is_its_desk_s_alone(settled_town: Town, at: Callable[[str], Client]) -> None:
    number = settled_town.statement
    tried = [("city", "confirm"), ("clerk", "confirm"), ("hospital", "approve-business"), ("clerk", "order"),
             ("accountant", "send-back"), ("clerk", "nothing")]  # fmt: skip

    assert [403, 403, 403, 403, 200, 404] == [
        at(who).post(f"/clearing/{number}/{verb}/").status_code for who, verb in tried
    ]
    assert Status.sent is status(number)


def test_a_line_is_cut_with_reason_and_clause_and_the_cut_withdrawn(
    settled_town: Town, at: Callable[[str], Client]
) -> None:
    number, browser = settled_town.statement, at("clerk")
    does(at("hospital"), number, "confirm")
    does(browser, number, "send-back", reason="补扣")
    address = f"/clearing/{number}/disallow/{settled_town.first}/"
    assert "29,900.00" in page(browser, address)

    refused = browser.post(address, {"line": "1", "fen": "29,900.01", "reason": "分解收费", "clause": "七(一)"})
    assert "不能扣减 29900.01" in refused.content.decode()
    assert 'value="29,900.01"' in refused.content.decode()
    told = browser.post(
        address, {"line": "1", "fen": "1,000", "reason": "分解收费", "clause": "七(一)"}, follow=True
    ).content.decode()
    assert "已扣减 1,000.00 元" in told
    assert "48,900.00" in told

    one = settled_town.disallowance
    assert "扣减已撤回" in does(browser, number, f"withdraw/{one}", reason="核对有误")
    assert [one] == withdrawn(number)


def test_an_earlier_settlement_is_found_by_its_number(settled_town: Town, at: Callable[[str], Client]) -> None:
    browser, number = at("clerk"), settled_town.statement
    key = re.search(rf'/settlements/{settled_town.first}/">([^<]+)<', page(browser, f"/clearing/{number}/"))
    assert key

    found = browser.get(f"/clearing/{number}/disallow/", {"key": key[1]})
    assert f"/clearing/{number}/disallow/{settled_town.first}/" == found.headers["Location"]
    missed = browser.get(f"/clearing/{number}/disallow/", {"key": "没有的"}, follow=True)
    assert "没有编号为“没有的”的结算" in missed.content.decode()


def test_each_sees_whose_turn_it_is(settled_town: Town, at: Callable[[str], Client]) -> None:
    for who in ("clerk", "accountant", "city", "hospital"):
        told = page(at(who), "/clearing/")
        assert (who, True) == (who, "定点医药机构：待确认" in told)
        assert (who, True) == (who, "49,900.00" in told)


def test_the_first_page_names_statements_that_wait(settled_town: Town, at: Callable[[str], Client]) -> None:
    assert "2024-06 的结算单待确认" in page(at("hospital"), "/")
    assert "的结算单待" not in page(at("clerk"), "/")
    does(at("hospital"), settled_town.statement, "confirm")
    assert "2024-06 的结算单待业务核准" in page(at("clerk"), "/")


def test_a_hospital_knows_nothing_of_a_draft(settled_town: Town, at: Callable[[str], Client]) -> None:
    number = settled_town.statement
    does(at("hospital"), number, "confirm")
    does(at("chief"), number, "send-back", reason="补扣")

    assert "还没有结算单" in page(at("hospital"), "/clearing/?month=all")
    assert 404 == at("hospital").get(f"/clearing/{number}/").status_code


def test_a_month_is_drawn_after_a_look(settled_town: Town, at: Callable[[str], Client]) -> None:
    cancelled(settled_town.second)
    browser = at("clerk")
    assert "还有 1 家医疗机构的结算没有列入结算单" in page(browser, "/clearing/")
    assert "生成 1 张结算单" in page(browser, "/clearing/draw/?month=2024-07")

    told = browser.post("/clearing/draw/", {"month": "2024-07"}, follow=True).content.decode()

    assert "已生成 2024-07 的 1 张结算单" in told
    assert "撤销" in page(browser, f"/clearing/{newest()}/")
    assert "没有要列入结算单的结算" in page(browser, "/clearing/draw/?month=2024-07")


def cancelled(number: int) -> None:
    """The hospital takes a bill back in July."""
    with entered(AT_HOSPITAL):
        revision.cancel(settlement=number, on=date(2024, 7, 8), reason="重复结算")


def newest() -> int:
    """The newest statement."""
    with entered(SYSTEM):
        return int(models.Statement.objects.order_by("-id")[0].pk)


def test_a_month_that_is_none_is_told(settled_town: Town, at: Callable[[str], Client]) -> None:
    assert 200 == at("clerk").post("/clearing/draw/", {"month": "明年"}).status_code


def test_three_sides_are_compared_and_rows_lead_to_settlements(settled_town: Town, at: Callable[[str], Client]) -> None:
    told = page(at("clerk"), f"/clearing/{settled_town.statement}/")

    assert "2 笔核对过，没有差异" in told
    assert "2 笔医疗机构还没有报对账明细" in told
    assert f'href="/settlements/{settled_town.second}/"' in told
    assert "三方对账" not in page(at("hospital"), f"/clearing/{settled_town.statement}/")


def test_a_long_statement_goes_whole_onto_paper(settled_town: Town, at: Callable[[str], Client]) -> None:
    for day in range(1, 32):
        bill = stay(settled_town.person, "100", on=date(2024, 7, day))
        settle(scope=AT_HOSPITAL, bill=bill, on=date(2024, 7, 31))
    at("clerk").post("/clearing/draw/", {"month": "2024-07"})
    number = newest()

    assert 30 == page(at("clerk"), f"/clearing/{number}/").count("<td>住院</td>") - 1
    assert "?whole#rows" in page(at("clerk"), f"/clearing/{number}/")
    assert 31 == page(at("clerk"), f"/clearing/{number}/?whole").count("<td>住院</td>") - 1


def test_what_is_late_has_its_days(settled_town: Town, at: Callable[[str], Client]) -> None:
    assert "没有约定支付期限" in page(at("clerk"), "/clearing/late/?year=2023")
    with entered(Scope(desk=Desk.county, region=COUNTY)):
        agreed = Terms(pay_within=None, confirm_within=None, within_year=True, basis="甬医保发〔2019〕27号 四(四)")
        term.agree(region=COUNTY, starts_on=date(2023, 1, 1), terms=agreed)
    told = page(at("city"), "/clearing/late/?year=2023")

    assert "2023-12-31" in told
    assert "天</span>" in told
    assert "甬医保发〔2019〕27号 四(四)" in told
    assert "没有欠付医疗机构的" in page(at("city"), "/clearing/late/?year=2022")


def test_a_statement_s_rows_are_taken_as_a_file(settled_town: Town, at: Callable[[str], Client]) -> None:
    address = f"/clearing/{settled_town.statement}/rows"
    told = at("hospital").get(f"{address}.csv")
    head, *rows = b"".join(told.streaming_content).decode("utf-8-sig").splitlines()
    workbook = at("city").get(f"{address}.xlsx")

    assert ("结算编号,结算号,类型", True) == (head[:11], "attachment" in told.headers["Content-Disposition"])
    with entered(SYSTEM):
        assert [str(each.row.settlement) for each in selectors.page(settled_town.statement, most=100)] == [
            row.split(",")[1] for row in rows
        ]
    assert b"PK" == b"".join(workbook.streaming_content)[:2]
    assert 404 == at("clerk").get(f"{address}.exe").status_code


def test_a_long_statement_is_compared_when_somebody_asks(
    settled_town: Town, at: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one, "SHORT", 0)
    address = f"/clearing/{settled_town.statement}/"

    assert "逐笔核对要几秒钟" in page(at("clerk"), address)
    assert "笔核对过" in page(at("clerk"), f"{address}?compared")
    assert "三方对账" not in page(at("hospital"), f"{address}?compared")


def test_a_month_whose_day_has_passed_is_a_task(settled_town: Town, at: Callable[[str], Client]) -> None:
    typed = {"starts_on": "2024-01-01", "draw_on": "1", "basis": "协议"}
    settle(scope=AT_HOSPITAL, bill=stay(settled_town.person, "100.00", on=LAST_MONTH), on=LAST_MONTH)
    assert f"生成 {Month.of(LAST_MONTH)} 的结算单" in page(at("clerk"), "/")
    told = at("clerk").post("/clearing/terms/", typed, follow=True).content.decode()

    assert "月末后第 1 个工作日" in told
    assert "自动生成" in page(at("clerk"), "/clearing/")
    assert "自动生成" in page(at("accountant"), "/clearing/late/")


def test_terms_are_entered_by_the_county_alone(settled_town: Town, at: Callable[[str], Client]) -> None:
    typed = {"starts_on": "2024-01-01", "confirm_within": "5", "pay_within": "20", "basis": "2024 年协议第八条"}

    assert 403 == at("accountant").post("/clearing/terms/", typed).status_code
    refused = at("clerk").post("/clearing/terms/", {**typed, "pay_within": "0", "basis": "协议"}).content.decode()
    assert "0 个工作日不是期限" in refused
    assert 'value="协议"' in refused
    told = at("clerk").post("/clearing/terms/", typed, follow=True).content.decode()
    assert "月末后 20 个工作日" in told
    assert "2024 年协议第八条" in page(at("city"), "/clearing/terms/")


def test_what_was_paid_and_cancelled_comes_back(settled_town: Town, at: Callable[[str], Client]) -> None:
    cancelled(settled_town.second)
    ordered(settled_town.statement, at)
    does(at("cashier"), settled_town.statement, "pay", paid_on=TODAY, reference="V1")
    address = f"/clearing/refunds/{HOSPITAL}/"
    assert "账上应退 9,500.00 元，现在可退回 0.00 元" in page(at("accountant"), address)
    assert address not in page(at("accountant"), "/clearing/refunds/")
    at("clerk").post("/clearing/draw/", {"month": "2024-07"})
    assert "冲销在 2024-07 的结算单上" in page(at("accountant"), address)
    does(at("clerk"), newest(), "send")
    assert "先同这个月新的费用相抵" in page(at("hospital"), f"/clearing/{newest()}/")
    ordered(newest(), at)
    assert "9,500.00" in page(at("city"), "/clearing/refunds/")
    assert address in page(at("accountant"), "/clearing/refunds/")
    assert 'value="9500.00"' in page(at("accountant"), address)
    typed = {"received_on": TODAY, "reference": "R1", "county": "9,500.00"}

    assert "照银行回单写金额" in at("accountant").post(address, {**typed, "county": "0"}).content.decode()
    told = at("accountant").post(address, typed, follow=True).content.decode()
    assert "退回已记入资金账" in told
    assert "没有医疗机构应退的" in told


def ordered(number: int, at: Callable[[str], Client]) -> None:
    """From the hospital's confirmation to the order."""
    does(at("hospital"), number, "confirm")
    does(at("chief"), number, "approve-business")
    does(at("accountant"), number, "approve-finance")
    does(at("accountant"), number, "order")
