"""Forms: amounts, days and reasons as people type them, and what a service finds wrong, told beside its field."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, QueryDict

from tuodi.core.finding import Faults, Finding
from tuodi.core.money import LARGEST_FEN, parse_yuan
from tuodi.core.period import parse_day

_PLAIN_DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?\Z", re.ASCII)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: whatever was posted, be it nothing at all."""
    return request.POST if request.method == "POST" else None


class ConsoleForm(forms.Form):
    """A form whose act is one call of a service, which may find more than the form itself does."""

    use_required_attribute = False  # the server tells all faults at once, the browser only the first one

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.findings: tuple[Finding, ...] = ()
        self.result: Any = None
        for field in self.fields.values():
            asks = "请选择" if isinstance(field, forms.ChoiceField) else "请填写"
            field.error_messages["required"] = asks

    def does(self, act: Callable[[], Any]) -> bool:
        """Whether the form was sent, is whole, and the act was done; its answer is `result`, its faults `findings`.

        A refused act leaves nothing behind.
        """
        if not self.is_bound or not self.is_valid():
            return False
        try:
            with transaction.atomic():
                self.result = act()
        except Faults as faults:
            self.findings = faults.findings
            self._point_at_fields()
            return False
        return True

    def _point_at_fields(self) -> None:
        """What names a field of the form is told there too."""
        for finding in self.findings:
            if finding.place.path in self.fields:
                self.add_error(finding.place.path, finding.remedy or finding.message)


class YuanField(forms.CharField):
    """An amount in yuan, thousands apart or not; its value is fen, at most `largest`."""

    widget = forms.TextInput(attrs={"class": "money", "inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, *, largest: int = LARGEST_FEN, **named: Any) -> None:
        super().__init__(**named)
        self.largest = largest

    def clean(self, value: Any) -> int | None:
        """Fen, None for nothing. ValidationError says what is no amount."""
        text = str(super().clean(value) or "").replace(",", "").replace("，", "").removesuffix("元").strip()
        if not text:
            return None
        try:
            return parse_yuan(text, self.largest)
        except ValueError as why:
            raise forms.ValidationError(str(why)) from None


class DayField(forms.CharField):
    """A day as 2026-11-22; 20261122, 2026/11/22 and 2026年11月22日 are read too."""

    widget = forms.TextInput(attrs={"class": "day", "placeholder": "年-月-日", "autocomplete": "off"})

    def clean(self, value: Any) -> date | None:
        """The day, None for none. ValidationError says what is no day."""
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        if parts := _PLAIN_DAY.match(text):
            text = f"{parts[1]}-{int(parts[2]):02d}-{int(parts[3]):02d}"
        try:
            return parse_day(text)
        except ValueError as why:
            raise forms.ValidationError(str(why)) from None


def reason_field(label: str = "理由") -> forms.CharField:
    """Why somebody does it; it stands in the audit trail."""
    return forms.CharField(label=label, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
