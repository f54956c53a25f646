"""Each request within the scope of whoever signed in: what a view sees, writes, and what stops before it."""

import time

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test import Client, override_settings
from django.urls import path

from tuodi.core.finding import Faults
from tuodi.platform.base import audit, sign_in, staff
from tuodi.platform.base.domain import SYSTEM, Desk
from tuodi.platform.base.models import Audit, Staff
from tuodi.platform.base.scope import entered
from tuodi.platform.base.signed_in import desks, own_scope, require_another

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"


def whose(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("select current_user, tuodi_scope(), tuodi_desk()")
        return JsonResponse(cursor.fetchone(), safe=False)


def failing(request: HttpRequest) -> HttpResponse:
    audit.record(act="half.done", subject="x")
    raise ZeroDivisionError


def late(request: HttpRequest) -> TemplateResponse:
    return TemplateResponse(request, engines["django"].from_string("{{ trail.count }}"), {"trail": Audit.objects.all()})


@own_scope
def signing_in(request: HttpRequest) -> HttpResponse:
    return HttpResponse(sign_in.sign_in(request, username="li.wei", password=request.POST["password"]).message)


@own_scope
def streaming(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter(["a", "b"]))


@desks(Desk.finance)
def for_finance(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def nonce(request: HttpRequest) -> TemplateResponse:
    return TemplateResponse(request, engines["django"].from_string("{{ csp_nonce }}"))


urlpatterns = [
    path(f"{view.__name__}/", view) for view in (whose, failing, late, signing_in, streaming, for_finance, nonce)
] + [path("password/", whose)]


@pytest.fixture(autouse=True)
def doors(settings: object) -> None:
    settings.ROOT_URLCONF = __name__
    processors = ["tuodi.platform.base.content_security.nonce"]
    engine = "django.template.backends.django.DjangoTemplates"
    settings.TEMPLATES = [{"BACKEND": engine, "OPTIONS": {"context_processors": processors}}]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def signed_in(desk: Desk = Desk.township, must_change: bool = False) -> Client:
    with entered(SYSTEM):
        person = staff.create(username="li.wei", name="李伟", desk=desk, region="371502").staff
    person.set_password(PASSWORD)
    person.must_change_password = must_change
    person.save()
    with connection.cursor() as cursor:
        cursor.execute("set local role tuodi_app")  # as it is served: below the owner of the tables
    client = Client(raise_request_exception=False)
    assert "已登录" == client.post("/signing_in/", {"password": PASSWORD}).content.decode()
    return client


def test_a_view_works_within_the_scope_of_whoever_signed_in(regions: object):
    assert ["tuodi_app", "/371502", "township"] == signed_in().get("/whose/").json()


def test_outside_of_a_view_there_is_no_scope(regions: object):
    signed_in().get("/whose/")

    with connection.cursor() as cursor:
        cursor.execute("select tuodi_scope()")
        assert ("",) == cursor.fetchone()


def test_what_a_view_wrote_before_it_failed_is_undone(regions: object):
    client = signed_in()

    assert 500 == client.get("/failing/").status_code
    with entered(SYSTEM):
        assert not Audit.objects.filter(act="half.done").exists()


def test_a_template_is_rendered_within_the_scope(regions: object):
    assert "0" == signed_in().get("/late/").content.decode()  # a township reads no trail, though it isn't empty


def test_a_view_of_its_own_scope_streams(regions: object):
    assert b"ab" == signed_in().get("/streaming/").getvalue()


@pytest.mark.parametrize(("desk", "status"), [(Desk.finance, 200), (Desk.county, 403)])
def test_a_view_is_for_its_desks(regions: object, settings: object, desk: Desk, status: int):
    settings.TWO_FACTOR_REQUIRED = False

    assert status == signed_in(desk).get("/for_finance/").status_code


def test_whoever_has_not_signed_in_signs_in_first(regions: object):
    assert "/sign-in/?next=/for_finance/" == Client().get("/for_finance/").headers["Location"]


@pytest.mark.parametrize(
    ("desk", "must_change", "page"), [(Desk.township, True, "/password/"), (Desk.county, False, "/two-factor/")]
)
def test_a_duty_comes_before_anything_else(regions: object, desk: Desk, must_change: bool, page: str):
    assert page == signed_in(desk, must_change).get("/whose/").headers["Location"]


def test_the_duty_s_own_page_is_open(regions: object):
    assert 200 == signed_in(must_change=True).get("/password/").status_code


@pytest.mark.parametrize("later", [31 * 60, 12 * 3600 + 1])
def test_a_session_ends_by_idleness_and_by_age(regions: object, monkeypatch: pytest.MonkeyPatch, later: int):
    client, now = signed_in(), time.time()
    session = client.session
    if later > 3600:
        session[sign_in.SEEN_AT] = int(now) + later
        session.save()
    monkeypatch.setattr(time, "time", lambda: now + later)

    assert "township" not in client.get("/whose/").content.decode()


def test_a_session_goes_on_while_it_is_used(regions: object, monkeypatch: pytest.MonkeyPatch):
    client, now = signed_in(), time.time()
    for minutes in (20, 40, 60):
        monkeypatch.setattr(time, "time", lambda minutes=minutes: now + minutes * 60)
        assert "township" in client.get("/whose/").content.decode()


def test_a_session_ends_with_a_lock_and_with_a_new_password(regions: object):
    client = signed_in()
    with entered(SYSTEM):
        staff.lock(username="li.wei", reason="离职")

    assert "township" not in client.get("/whose/").content.decode()


def test_a_page_may_load_nothing_from_elsewhere_and_runs_only_what_is_marked(regions: object):
    first, second = (Client().get("/nonce/") for _ in range(2))

    policy = first.headers["Content-Security-Policy"]
    assert f"script-src 'self' 'nonce-{first.content.decode()}'" in policy
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert first.content != second.content


def test_nobody_approves_their_own_work(regions: object):
    with entered(SYSTEM):
        person = staff.create(username="li.wei", name="李伟", desk=Desk.county, region="371502").staff

    require_another(prepared_by=person.pk + 1, staff=person)
    for prepared_by in (person.pk, None):
        with pytest.raises(Faults, match="four-eyes"):
            require_another(prepared_by=prepared_by, staff=person)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        ([], "1.2.3.4", "127.0.0.1"),
        (["127.0.0.1"], "1.2.3.4", "1.2.3.4"),
        (["127.0.0.1"], "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (["127.0.0.1", "10.0.0.0/8"], "1.2.3.4, 10.1.1.1", "1.2.3.4"),
        (["127.0.0.1"], "nonsense", "nonsense"),
    ],
)
def test_an_address_is_believed_of_trusted_proxies_only(proxies: list[str], forwarded: str, address: str):
    from django.test import RequestFactory

    from tuodi.platform.base.address import address_of

    with override_settings(PROXIES=proxies):
        assert address == address_of(RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}))


def test_staff_are_named_for_what_people_read():
    assert "李伟" == str(Staff(name="李伟"))
