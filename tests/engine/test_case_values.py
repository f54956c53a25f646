"""Single values of a case file."""

from __future__ import annotations

from datetime import date

import pytest

from tuodi.engine import case_values
from tuodi.engine.case_values import Unfit, day_value, json_name, nearest, whole_number


def test_a_day_has_an_ordinal_and_a_number() -> None:
    assert (date(2024, 2, 29).toordinal(), 20240229) == day_value("2024-02-29")
    assert (date.max.toordinal(), 99991231) == day_value("9999-12-31")
    assert (date(1900, 1, 1).toordinal(), 19000101) == day_value("1900-01-01")


def test_days_are_remembered_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_values, "_DAYS", {})
    monkeypatch.setattr(case_values, "_DAYS_AT_MOST", 2)

    days = [day_value(text)[1] for text in ("2023-01-01", "2023-01-02", "2023-01-03", "2023-01-01")]

    assert [20230101, 20230102, 20230103, 20230101] == days
    assert len(case_values._DAYS) <= 2


@pytest.mark.parametrize("number", [0, 5])
def test_the_bounds_of_a_number_are_included(number: int) -> None:
    assert number == whole_number(number, 0, 5)


@pytest.mark.parametrize("number", [-1, 6, 10**41, -(10**41)])
def test_a_number_out_of_bounds_is_refused(number: int) -> None:
    with pytest.raises(Unfit, match="不在 0 到 5 之间"):
        whole_number(number, 0, 5)


@pytest.mark.parametrize(
    ("raw", "name"),
    [({}, "对象"), ([], "数组"), ("", "文字"), (True, "真假值"), (1, "数字"), (1.5, "数字"), (None, "null")],
)
def test_a_value_is_called_what_json_calls_it(raw: object, name: str) -> None:
    assert name == json_name(raw)


def test_the_nearest_word_is_found_by_label_or_by_spelling() -> None:
    words = {"orphan": "孤儿", "low_income": "低收入家庭成员"}

    assert "是否为“orphan”？" == nearest("孤儿", words)
    assert "是否为“low_income”？" == nearest("low-income", words)
    assert "可用的有：orphan、low_income" == nearest("", words)
    assert "可用的有：orphan、low_income" == nearest("xyz", words)
    assert "删去" == nearest("xyz", words, "删去")
