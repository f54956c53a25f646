"""What is known of one person, changed at the desk: every act shows first which settlements it touches, then is done.

The act is tried and taken back, so that what is shown is what the act itself does; the button then does it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tuodi.console import persons
from tuodi.console.desks import BILL_READERS, COUNTIES, ROSTER_WRITERS
from tuodi.console.forms import ConsoleForm, posted
from tuodi.console.people.known import (
    CorrectPersonForm,
    EndForm,
    GrantForm,
    HandOverForm,
    HouseholdForm,
    InsuranceForm,
    PeriodForm,
    WhyForm,
)
from tuodi.console.settlements.found import seen
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.signed_in import desks
from tuodi.platform.registry import insurance, person, selectors, status
from tuodi.platform.registry.selectors import Band
from tuodi.platform.settlement.models import Settlement

STATUS_VERBS = frozenset({"end", "correct", "withdraw"})
INSURANCE_VERBS = frozenset({"correct", "withdraw"})


class Touched(NamedTuple):
    """From which day on what is known of the past would change (None: it would not), and which bills lie there."""

    from_day: date | None
    bills: tuple[Settlement, ...] = ()


@desks(*ROSTER_WRITERS)
def grant(request: HttpRequest, number: int) -> HttpResponse:
    """One recognition, from a day on."""
    form = GrantForm(posted(request), user=request.user)
    return _acted(request, number, form, lambda: form.grants(number), "新增身份", "登记这项身份")


@desks(*ROSTER_WRITERS)
def change_status(request: HttpRequest, number: int, row: int, verb: str) -> HttpResponse:
    """It ends, was otherwise than we knew, or never was; what was known stays as knowledge of its time."""
    old = _current(selectors.timeline(number).statuses, row, verb in STATUS_VERBS)
    said: dict[str, Any] = {"starts_on": old.starts_on, "ends_on": old.ends_on, "applied_on": old.applied_on}
    if verb == "end":
        ending = EndForm(posted(request))
        title, act = f"终止{old.label}", lambda: status.end(status=row, **ending.cleaned_data)
        return _acted(request, number, ending, act, title, "终止这项身份", old)
    if verb == "correct":
        period = PeriodForm(posted(request), initial=_shown(said | {"certificate": old.certificate}))
        title, act = f"更正{old.label}", lambda: period.corrects(row, old.word)
        return _acted(request, number, period, act, title, "更正这项身份", old)
    why = WhyForm(posted(request))
    return _acted(
        request, number, why, lambda: status.withdraw(status=row, **why.cleaned_data), f"撤销{old.label}",
        "撤销这项身份", old,
    )  # fmt: skip


@desks(*COUNTIES)
def begin_insurance(request: HttpRequest, number: int) -> HttpResponse:
    """An enrolment in insurance, from a day on."""
    form = InsuranceForm(posted(request))
    return _acted(
        request, number, form, lambda: insurance.begin(person=number, **form.cleaned_data), "新增参保", "登记参保"
    )


@desks(*COUNTIES)
def change_insurance(request: HttpRequest, number: int, row: int, verb: str) -> HttpResponse:
    """Another kind or other days than we knew; or never enrolled."""
    old = _current(selectors.timeline(number).insurance, row, verb in INSURANCE_VERBS)
    if verb == "correct":
        said = {"kind": old.word, "starts_on": old.starts_on, "ends_on": old.ends_on}
        form = InsuranceForm(posted(request), initial=_shown(said))
        act: Callable[[], object] = lambda: insurance.correct(insurance=row, **form.cleaned_data)  # noqa: E731
        return _acted(request, number, form, act, f"更正{old.label}", "更正参保", old)
    why = WhyForm(posted(request))
    return _acted(
        request, number, why, lambda: insurance.withdraw(insurance=row, **why.cleaned_data), f"撤销{old.label}",
        "撤销参保", old,
    )  # fmt: skip


@desks(*COUNTIES)
def household(request: HttpRequest, number: int) -> HttpResponse:
    """Into a household, as its head or as a member of it; or out of any."""
    who = persons.seen(number)
    home = selectors.household(who.household, day=timezone.localdate()) if who.household else None
    initial = {"number": home.number if home else "", "relation": who.relation}
    form = HouseholdForm(posted(request), initial=initial)
    return _acted(request, number, form, lambda: form.settles(number, who.region), "家庭", "登记家庭")


@desks(*COUNTIES)
def identity(request: HttpRequest, number: int) -> HttpResponse:
    """The name or the number as the identity card has it."""
    form = CorrectPersonForm(posted(request))
    return _acted(request, number, form, lambda: form.corrects(number), "更正姓名或号码", "更正")


@desks(*COUNTIES)
def hand_over(request: HttpRequest, number: int) -> HttpResponse:
    """To the county that bears the relief from now on; from then on this one sees them no more."""
    form = HandOverForm(posted(request), region=persons.seen(number).region)
    return _acted(
        request, number, form, lambda: person.hand_over(person=number, **form.cleaned_data), "移交到外区划",
        "移交这个人",
    )  # fmt: skip


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _acted(
    request: HttpRequest,
    number: int,
    form: ConsoleForm,
    act: Callable[[], object],
    title: str,
    verb: str,
    old: Band | None = None,
) -> HttpResponse:
    """The form; sent, what it would touch; and seen, it is done."""
    who, leaves = persons.seen(number), isinstance(form, HandOverForm)
    if "agreed" in request.POST and form.does(act):
        messages.success(request, "已办好，记入登记和审计记录。")
        return redirect("search") if leaves else redirect("person", number)
    touched = _tried(form, number, act) if form.is_bound and not form.findings else None
    context = {
        "who": who, "form": form, "title": title, "verb": verb, "old": old, "touched": touched, "leaves": leaves,
        "reads_bills": Desk[request.user.desk] in BILL_READERS,
    }  # fmt: skip
    return render(request, "console/people/act.html", context)


def _tried(form: ConsoleForm, number: int, act: Callable[[], object]) -> Touched | None:
    """What the act would touch; nothing of it stays. None where it cannot be done, with the findings on the form."""

    def trying() -> Touched:
        before = selectors.last_change(number)
        with transaction.atomic():
            act()
            days = [one.from_day for one in selectors.changes_of(number, after=before)]
            transaction.set_rollback(True)
        from_day = min(days, default=None)
        return Touched(from_day, _bills(number, from_day) if from_day else ())

    return form.result if form.does(trying) else None


def _bills(number: int, from_day: date) -> tuple[Settlement, ...]:
    """The desk's bills of the person from the day on, as they stand."""
    standing = seen().filter(person_id=number, happened_on__gte=from_day, replaced=False)
    return tuple(standing.exclude(kind="cancelled").order_by("happened_on", "id"))


def _current(bands: tuple[Band, ...], row: int, known: bool) -> Band:
    """What is known now under that number; 404 for another person's, for what was superseded, for no such act."""
    found = next((one for one in bands if known and one.id == row and one.known_until is None), None)
    if found is None:
        raise Http404
    return found


def _shown(said: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) if value is not None else "" for name, value in said.items()}
