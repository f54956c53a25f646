"""What is proved of the five documents."""

from __future__ import annotations

import pytest

from tests.proof.policies import FIVE, document_proved
from tuodi.language.model import Property
from tuodi.proof.report import Failure, Verdict

HOLD_EVERYWHERE = (Property.LIMIT, Property.BURDEN, Property.MONOTONE_RELIEF, Property.INT64)


@pytest.mark.parametrize("name", FIVE)
def test_nothing_is_wrong_but_what_the_document_declares(name: str) -> None:
    assert () == document_proved(name).findings()


@pytest.mark.parametrize("name", FIVE)
def test_limits_burden_growth_and_arithmetic_need_no_exception(name: str) -> None:
    report = document_proved(name)

    assert dict.fromkeys(HOLD_EVERYWHERE, Verdict.HOLDS) == {of: report.result(of).verdict for of in HOLD_EVERYWHERE}


@pytest.mark.parametrize("name", FIVE)
def test_the_engine_comes_to_the_same_in_every_counter_example(name: str) -> None:
    failures = [failure for result in document_proved(name).properties for failure in result.failures]

    assert [] == [failure.names for failure in failures if not failure.counterexample.reproduced]


def test_a_single_disease_package_lets_the_person_pay_less_for_more() -> None:
    failure = _failure("yangquan-2019-45", Property.MONOTONE_PERSONAL, "package_20")

    smaller, larger = failure.counterexample.personal
    assert larger < smaller
    assert "package_limit" in failure.counterexample.cases[0]["events"][0]  # type: ignore[index]


def test_a_day_grant_can_be_worse_than_a_later_class() -> None:
    failure = _failure("anshan-2019-37", Property.CLASS_ORDER, "destitute>low_income")

    earlier, later = failure.counterexample.relief
    assert earlier < later


def test_the_counts_of_liaocheng_stay_within_each_other() -> None:
    said = {fact.says for fact in document_proved("liaocheng-2022-5").reachable}

    assert {
        "“年度救助限额”不超过 30000.00 元",
        "“年度再救助限额”不超过 20000.00 元",
        "“本次认定救助限额”不超过“本次认定内个人负担”超过 10000.00 元的部分",
    } <= said


def _failure(name: str, of: Property, about: str) -> Failure:
    return next(failure for failure in document_proved(name).result(of).failures if about in failure.names)
