"""A year's holidays and worked weekends: deadlines in working days rest on them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tuodi.console.desks import ADMINISTRATORS
from tuodi.console.forms import ConsoleForm, DayField, posted
from tuodi.platform.base import holiday
from tuodi.platform.base.signed_in import desks
from tuodi.platform.base.workdays import shipped


class DaysField(forms.CharField):
    """Days, one after the other, as 2027-01-01 or 1月1日 of the form's year; also from one to another with 至."""

    widget = forms.Textarea(attrs={"rows": 4})

    def clean(self, value: Any) -> list[date]:
        """The days. ValidationError names each that is none."""
        text = str(super().clean(value) or "")
        days: list[date] = []
        for part in (part for part in re.split(r"[\s,，、;；]+", text) if part):
            first, _, last = part.partition("至")
            start = _day(first)
            days += _through(start, _day(last) if last else start)
        return days


def _day(text: str) -> date:
    day = DayField().clean(text)
    if day is None:
        raise forms.ValidationError("“至”的前后都要写日期")
    return day


def _through(first: date, last: date) -> list[date]:
    if not 0 <= (last - first).days <= 31:
        raise forms.ValidationError(f"{first} 至 {last} 不是一段假期")
    return [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]


class HolidayForm(ConsoleForm):
    """A year as the State Council's notice arranges it."""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    rests = DaysField(label="放假日期", help_text="用空格分开；连续几天可写成 2027-10-01至2027-10-07。")
    works = DaysField(label="调休上班日期", required=False, help_text="要上班的周六、周日。")
    document = forms.CharField(label="依据的文件", help_text="国务院办公厅通知的文号。")


@desks(*ADMINISTRATORS)
def years(request: HttpRequest) -> HttpResponse:
    """The years that are known, and the form for one more."""
    form = HolidayForm(posted(request), initial={"year": timezone.localdate().year + 1})
    if form.does(lambda: holiday.declare(**form.cleaned_data)):
        messages.success(request, f"{form.cleaned_data['year']} 年的节假日已经录入。")
        return redirect("holidays")
    known, came = holiday.calendar().years, shipped().years
    rows = [
        (year, sorted(known[year].rests), sorted(known[year].works), known[year] is not came.get(year))
        for year in sorted(known, reverse=True)[:4]
    ]
    return render(request, "console/administration/holidays.html", {"form": form, "rows": rows})
