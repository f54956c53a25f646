"""The door for institutions' programs over HTTP: bytes in, bytes out."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tuodi.gateway.at_desk.door import answered
from tuodi.gateway.national.door import JSON
from tuodi.gateway.national.envelope import refusal
from tuodi.platform.base.address import address_of
from tuodi.platform.base.signed_in import own_scope


@csrf_exempt
@require_POST
@own_scope
def national(request: HttpRequest, rest: str = "") -> HttpResponse:  # noqa: ARG001 - the body names the transaction
    """One message of the national interface."""
    try:
        body = request.body
    except RequestDataTooBig:
        return HttpResponse(refusal("报文超过 8 MB，请分批上传").body(), content_type=JSON)
    response = answered(body, request.headers, address=address_of(request), now=timezone.now())
    return HttpResponse(response.body, status=response.status, content_type=response.content_type)
