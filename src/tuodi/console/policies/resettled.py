"""What an adopted policy changes of settled bills: how far it is, by county; approved by each with one act."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tuodi.console.desks import PROPOSAL_READERS
from tuodi.console.forms import ConsoleForm, posted, reason_field
from tuodi.console.pages import paged
from tuodi.console.policies.drafting import troubles
from tuodi.platform.base.domain import Desk, prefix
from tuodi.platform.base.signed_in import desks
from tuodi.platform.settlement import adopted, group, selectors, sweep
from tuodi.platform.settlement.models import Policy


class ApproveForm(ConsoleForm):
    """What was seen, and why it is agreed to."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = reason_field("审批意见")

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)
        self.fields["reason"].required = False


@desks(*PROPOSAL_READERS)
def resettled(request: HttpRequest, number: int) -> HttpResponse:
    """The sum and the rows; a county agrees to all that wait for it as it has seen them."""
    row = get_object_or_404(Policy.objects.select_related("region"), pk=number, draft=False)
    region, county = request.user.region_id, Desk[request.user.desk] is Desk.county
    if not region.startswith(prefix(row.region_id)):
        raise Http404
    form = ApproveForm(posted(request))
    if form.is_bound and not county:
        raise Http404
    if form.does(lambda: group.approve(policy=number, region=region, **form.cleaned_data)):
        messages.success(request, f"已同意 {form.result} 件，正在逐件调整账目。")
        return redirect("resettled", number)
    page = paged(request, selectors.proposals_waiting(number))
    relief = selectors.relief_of([one.pk for one in page["page"].object_list])
    context = {
        "row": row, "document": adopted.ready(number).policy.document, "progress": sweep.progress(number),
        "group": group.group(number, region) if county else None, "form": form, "relief": relief, **page,
        **troubles(request, number),
    }  # fmt: skip
    return render(request, "console/policies/resettled.html", context)
