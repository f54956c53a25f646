"""What people type: amounts, days, items; what a service finds wrong; and nothing left behind by a refusal."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.db import connection

from tuodi.console.administration.holidays import DaysField
from tuodi.console.forms import ConsoleForm, DayField, YuanField
from tuodi.console.settlements.bill import ItemsField
from tuodi.core.finding import Faults, Finding, Place
from tuodi.platform.fund.deeds import MOST_FEN
from tuodi.platform.settlement.domain import BilledItem


@pytest.mark.parametrize(
    ("typed", "fen"),
    [("1234.5", 123450), ("1,234.50", 123450), (" 12，000元 ", 1200000), ("0", 0), ("", None)],
)
def test_an_amount_is_read_as_fen(typed: str, fen: int | None) -> None:
    assert fen == YuanField(required=False).clean(typed)


@pytest.mark.parametrize(("typed", "why"), [("1.234", "小数超过两位"), ("-5", "为负数"), ("五", "不是金额")])
def test_what_is_no_amount_says_why(typed: str, why: str) -> None:
    with pytest.raises(forms.ValidationError, match=why):
        YuanField().clean(typed)


def test_a_fund_s_amount_may_be_more_than_a_bill_s() -> None:
    assert 15_000_000_000 == YuanField(largest=MOST_FEN).clean("150,000,000.00")
    for field, typed in ((YuanField(), "150,000,000"), (YuanField(largest=MOST_FEN), "9" * 40)):
        with pytest.raises(forms.ValidationError, match="超过上限"):
            field.clean(typed)


@pytest.mark.parametrize(
    "typed", ["2026-11-22", "20261122", "2026/11/22", "2026.11.22", "2026年11月22日", " 2026-11-22 "]
)
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    assert date(2026, 11, 22) == DayField().clean(typed)


@pytest.mark.parametrize("typed", ["2026-02-30", "明天", "22.11.2026"])
def test_what_is_no_day_is_told(typed: str) -> None:
    with pytest.raises(forms.ValidationError, match="不是日期"):
        DayField().clean(typed)


def test_holidays_are_days_and_runs_of_days() -> None:
    expected = [date(2027, 1, 1), date(2027, 10, 1), date(2027, 10, 2), date(2027, 10, 3)]

    assert expected == DaysField().clean("2027-01-01、2027-10-01至2027-10-03")


@pytest.mark.parametrize("typed", ["2027-10-03至2027-10-01", "2027-01-01至2027-12-31"])
def test_what_is_no_run_of_holidays_is_told(typed: str) -> None:
    with pytest.raises(forms.ValidationError, match="不是一段假期"):
        DaysField().clean(typed)


def test_items_are_a_name_and_an_amount_a_line() -> None:
    expected = (BilledItem(item="克唑替尼", personal=120000), BilledItem(item="BH4 片", personal=1))

    assert expected == ItemsField().clean("克唑替尼 1,200.00\nBH4 片：0.01元")


def test_an_item_without_an_amount_is_named() -> None:
    with pytest.raises(forms.ValidationError, match="克唑替尼"):
        ItemsField().clean("克唑替尼")


class NameForm(ConsoleForm):
    """One field, and an act that finds two things wrong."""

    name = forms.CharField(label="姓名")


def refused() -> None:
    with connection.cursor() as cursor:
        cursor.execute("create table left_behind ()")
    raise Faults(
        [
            Finding(code="name", message="没有写姓名", place=Place(path="name"), remedy="填写姓名"),
            Finding(code="month", message="这个月已经关账", remedy="记到下个月"),
        ]
    )


@pytest.mark.django_db
def test_a_refused_act_leaves_nothing_behind_and_tells_everything() -> None:
    form = NameForm({"name": "某"})

    assert not form.does(refused)
    assert ["没有写姓名", "这个月已经关账"] == [finding.message for finding in form.findings]
    assert {"name": ["填写姓名"]} == form.errors
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('left_behind')")
        assert (None,) == cursor.fetchone()


def test_an_act_is_not_tried_before_the_form_is_whole() -> None:
    assert not NameForm().does(refused)
    assert not NameForm({"name": ""}).does(refused)


@pytest.mark.django_db
def test_an_act_that_is_done_gives_its_answer() -> None:
    form = NameForm({"name": "某"})

    assert form.does(lambda: 7)
    assert 7 == form.result
