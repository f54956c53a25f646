"""The same message again, at the same moment, or with other content."""

import threading
from typing import Any

from django.db import connections as django_connections

from tests.gateway.at_desk.books import no_findings
from tests.gateway.at_desk.window import Window, patient
from tuodi.gateway import models
from tuodi.platform.settlement import connections
from tuodi.platform.settlement.models import Settlement


def test_the_same_message_gets_the_first_answer_byte_by_byte(window: Window):
    number, visit = window.stay(patient("subsistence_allowance"))
    body = window.body("2304", window.settlement(number, visit), "M1")
    first, second = (window.post(body).content for _ in range(2))

    assert first == second
    assert 1 == Settlement.objects.count()
    assert [True, False] == [*models.Answer.objects.filter(number="M1").order_by("pk").values_list("kept", flat=True)]


def test_the_same_number_with_other_content_is_refused(window: Window):
    number, visit = window.stay(patient("subsistence_allowance"))
    window.done("2304", window.settlement(number, visit), "M1")
    why = window.why_not("2304", window.settlement(number, visit, invono="1"), "M1")

    assert why.startswith("该发送方报文ID（msgid）已用于内容不同的报文")


def test_a_refusal_changed_nothing_and_the_number_may_be_used_again(window: Window):
    number, visit = window.stay(patient("subsistence_allowance"))

    assert "不一致" in window.why_not("2304", window.settlement(number, visit, "9999.00"), "M1")
    assert "2310.00" == window.done("2304", window.settlement(number, visit), "M1")["setlinfo"]["maf_pay"]


def test_the_same_message_twice_at_the_same_moment_settles_once(window: Window):
    number, visit = window.stay(patient("subsistence_allowance"))
    body = window.body("2304", window.settlement(number, visit), "M1")
    answers: list[Any] = []

    def send() -> None:
        try:
            answers.append(window.post(body).content)
        finally:
            connections.dropped()
            django_connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (4, 1) == (len(answers), len({*answers}))
    assert 1 == Settlement.objects.count()
    no_findings()


def test_two_settlements_of_one_visit_at_the_same_moment_settle_one(window: Window):
    number, visit = window.stay(patient("subsistence_allowance"))
    answers: list[Any] = []

    def send(msgid: str) -> None:
        try:
            answers.append(window.ask("2304", window.settlement(number, visit), msgid)["infcode"])
        finally:
            connections.dropped()
            django_connections.close_all()

    threads = [threading.Thread(target=send, args=(f"M{index}",)) for index in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ["-1", "-1", "0"] == sorted(answers)
    assert 1 == Settlement.objects.count()
