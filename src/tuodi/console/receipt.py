"""Money that came back to the fund, as the bank's receipt tells it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from tuodi.console.forms import ConsoleForm, DayField, YuanField
from tuodi.core.money import format_yuan
from tuodi.ledger.account import Source


class RefundForm(ConsoleForm):
    """What the bank's receipt says, by the source that it is due to. `called`: a source as the page names it."""

    received_on = DayField(label="到账日期", help_text="照银行回单写。")
    reference = forms.CharField(label="银行凭证号", max_length=60)

    def __init__(self, *arguments: Any, due: dict[Source, int], called: Callable[[Source], str], **named: Any) -> None:
        self.due = due
        initial = {source.name: format_yuan(fen) for source, fen in due.items()}
        super().__init__(*arguments, initial=initial, **named)
        for source in due:
            self.fields[source.name] = YuanField(label=f"退回{called(source)}（元）", required=False)

    def sources(self) -> dict[Source, int]:
        """What came back, by source."""
        return {source: self.cleaned_data[source.name] or 0 for source in self.due}
