"""Forms by which what is known of one person is changed; each ends in one call of a service of the registry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from tuodi.console.forms import ConsoleForm, DayField, reason_field
from tuodi.language.model import INSURANCES, STATUSES
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.models import Region, Staff
from tuodi.platform.registry import household, person, selectors, status
from tuodi.platform.registry.domain import ENROLLED, RECOGNISES, Department, Held

_OPEN = "从这天起不再算；没有终止的不填。"


def _certificate() -> forms.CharField:
    return forms.CharField(label="证明文号", required=False, max_length=60)


class WhyForm(ConsoleForm):
    """Why it never was."""

    reason = reason_field()


class EndForm(ConsoleForm):
    """From which day on it is no longer held."""

    ends_on = DayField(label="终止日", help_text="从这天起不再算。")
    certificate = _certificate()
    reason = reason_field()


class PeriodForm(ConsoleForm):
    """The days as they really are."""

    starts_on = DayField(label="起日")
    ends_on = DayField(label="终止日", required=False, help_text=_OPEN)
    applied_on = DayField(label="申请日", required=False, help_text="依申请认定的才填，不晚于起日。")
    certificate = _certificate()
    reason = reason_field()

    def held(self, word: str) -> Held:
        """The status over the days of the form."""
        said = self.cleaned_data
        return Held(status=word, starts_on=said["starts_on"], ends_on=said["ends_on"], applied_on=said["applied_on"])

    def corrects(self, row: int, word: str) -> int:
        """The row's days become these. Faults as `status.correct`."""
        said = self.cleaned_data
        return status.correct(status=row, held=self.held(word), certificate=said["certificate"], reason=said["reason"])


class GrantForm(PeriodForm):
    """A recognition by a department: a department's own, at a county's desk any."""

    status = forms.ChoiceField(label="身份")
    department = forms.ChoiceField(label="认定部门")
    field_order = ("status", "department")

    def __init__(self, *arguments: Any, user: Staff, **named: Any) -> None:
        super().__init__(*arguments, **named)
        own = [one for one in Department if user.desk != Desk.department.name or one.name == user.department]
        words = {word for one in own for word in RECOGNISES[one]}
        self.fields["status"].choices = [(word, label) for word, label in STATUSES.items() if word in words]
        self.fields["department"].choices = [(one.name, one.value) for one in own]

    def grants(self, number: int) -> int:
        """Faults as `status.grant`."""
        said = self.cleaned_data
        return status.grant(
            person=number, held=self.held(said["status"]), department=Department[said["department"]],
            certificate=said["certificate"], reason=said["reason"],
        )  # fmt: skip


class InsuranceForm(ConsoleForm):
    """In which insurance, over which days."""

    kind = forms.ChoiceField(label="参保类型", choices=[(kind, INSURANCES[kind]) for kind in ENROLLED])
    starts_on = DayField(label="起日")
    ends_on = DayField(label="终止日", required=False, help_text=_OPEN)
    reason = reason_field()


class HouseholdForm(ConsoleForm):
    """A household by its number; without one, none. The address is that of a household which is not there yet."""

    number = forms.CharField(label="户编号", required=False, max_length=40, help_text="不填表示不属于任何一户。")
    relation = forms.CharField(label="与户主关系", required=False, max_length=20, help_text="户主本人写“户主”。")
    township = forms.CharField(label="乡镇（街道）", required=False, max_length=60, help_text="只在新立户时填。")
    village = forms.CharField(label="村（社区）", required=False, max_length=60)
    address = forms.CharField(label="住址", required=False, max_length=200)

    def settles(self, number: int, region: str) -> None:
        """Into the household, which is added where the county has no such number yet."""
        said = self.cleaned_data
        home = selectors.household_numbered(region, said["number"]) if said["number"] else None
        if said["number"] and home is None:
            place = {name: said[name] for name in ("township", "village", "address")}
            home = household.register(region=region, number=said["number"], **place)
        person.settle_in(person=number, household=home, relation=said["relation"] if home else "")


class CorrectPersonForm(ConsoleForm):
    """What is left empty stays as it is."""

    name = forms.CharField(label="姓名", required=False, max_length=60, help_text="不改的不填。")
    number = forms.CharField(
        label="身份证号码", required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="不改的不填。号码里的出生日期变了，过去的结算要重新看。",
    )  # fmt: skip
    reason = reason_field()

    def clean(self) -> dict[str, Any]:
        """Something must be another."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not said.get("name") and not said.get("number"):
            self.add_error("name", "请填写更正后的姓名或号码")
        return said

    def corrects(self, number: int) -> None:
        """Faults as `person.correct`."""
        said = self.cleaned_data
        person.correct(
            person=number, name=said["name"] or None, number=said["number"] or None, reason=said["reason"],
            today=timezone.localdate(),
        )  # fmt: skip


class HandOverForm(ConsoleForm):
    """To which county, and why."""

    region = forms.ChoiceField(label="移交到")
    reason = reason_field()

    def __init__(self, *arguments: Any, region: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        others = Region.objects.exclude(code=region).exclude(code__endswith="00").order_by("code")
        self.fields["region"].choices = [("", "请选择"), *others.values_list("code", "name")]
