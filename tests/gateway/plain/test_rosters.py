"""Rosters from a department's program, over HTTP in a session."""

import json
import time
from typing import Any

import pytest
from django.test import Client

from tests.gateway.plain.window import ROOT
from tests.platform.conftest import institutions, regions  # noqa: F401 - fixtures
from tests.platform.registry.conftest import number
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.models import Staff
from tuodi.platform.base.scope import entered
from tuodi.platform.base.sign_in import SEEN_AT, SIGNED_IN_AT
from tuodi.platform.registry.models import Status

RECORD = {"name": "赵一", "number": number(1), "starts_on": "2026-10-01"}


def roster(key: str = "2026Q4", **changed: Any) -> dict[str, Any]:
    return {
        "key": key, "region": "371502", "department": "veterans", "mode": "full", "adjusted_on": "2026-10-01",
        "effective_on": "2026-10-01", "status": "entitled_group", "records": [RECORD],
    } | changed  # fmt: skip


class Office:
    """Somebody signed in, whose program keeps session and token."""

    def __init__(self, **staff: Any) -> None:
        with entered(SYSTEM):
            somebody = Staff.objects.create(name="办事员", **staff)
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.client.force_login(somebody)
        session = self.client.session
        session[SIGNED_IN_AT] = session[SEEN_AT] = int(time.time())
        session.save()
        self.client.cookies["csrftoken"] = "a" * 32

    def push(self, given: dict[str, Any], status: int = 200, **headers: str) -> Any:
        return self.read(
            self.client.post(
                f"{ROOT}/rosters", json.dumps(given), "application/json", headers=headers or {"X-CSRFToken": "a" * 32}
            ),
            status,
        )

    def get(self, number: str, status: int = 200) -> Any:
        return self.read(self.client.get(f"{ROOT}/rosters/{number}"), status)

    @staticmethod
    def read(response: Any, status: int) -> Any:
        assert status == response.status_code, response.content
        told = json.loads(response.content)
        return told if status == 200 else {finding["code"] for finding in told["findings"]}


@pytest.fixture
def veterans(institutions: object) -> Office:  # noqa: F811
    return Office(username="v", desk="department", region_id="371502", department="veterans")


def test_a_roster_is_taken_in_once_a_key(veterans: Office) -> None:
    first, again = veterans.push(roster()), veterans.push(roster())
    with entered(SYSTEM):
        held = list(Status.objects.values_list("status", "starts_on"))

    assert first == again
    assert ("imported", 1, 0) == (first["state"], first["counts"]["new"], first["finding_count"])
    assert [("entitled_group", "2026-10-01")] == [(status, day.isoformat()) for status, day in held]
    assert {"push-key-reused"} == veterans.push(roster(records=[RECORD | {"name": "赵二"}]), 422)
    assert "imported" == veterans.get(first["roster"])["state"]


def test_all_faults_of_records_are_told_and_nothing_is_taken_in(veterans: Office) -> None:
    wrong = [RECORD, {"name": "", "number": "1"}, {"name": "<script>", "number": number(2), "starts_on": "昨天"}]
    told = veterans.push(roster(records=wrong))
    with entered(SYSTEM):
        assert 0 == Status.objects.count()

    assert "previewed" == told["state"]
    assert {"records[1].name", "records[1].number", "records[2].starts_on"} == {
        finding["place"] for finding in told["findings"]
    }


def test_a_department_speaks_for_itself_and_for_its_county(veterans: Office) -> None:
    assert {"department-not-yours"} == veterans.push(roster(department="civil_affairs", status=None), 422)
    assert {"region-not-yours"} == veterans.push(roster(region="371521"), 422)
    assert {"department-wrong"} == veterans.push(roster(status="subsistence_allowance"), 422)


def test_who_is_not_of_it_sees_nothing_of_it(veterans: Office) -> None:
    told = veterans.push(roster())
    others = Office(username="h", desk="department", region_id="371502", department="health")
    elsewhere = Office(username="e", desk="department", region_id="371521", department="veterans")

    assert {"roster-unknown"} == others.get(told["roster"], 404)
    assert {"roster-unknown"} == elsewhere.get(told["roster"], 404)


def test_strangers_forgers_and_other_desks_are_turned_away(veterans: Office) -> None:
    stranger = Client().get(f"{ROOT}/rosters/1")
    supervisor = Office(username="f", desk="supervisor", region_id="371500")

    assert {"not-signed-in"} == Office.read(stranger, 401)
    assert {"csrf"} == veterans.push(roster(), 403, Accept="application/json")
    assert {"desk-wrong"} == supervisor.get("1", 403)
    assert {"signature-missing"} == Office.read(veterans.client.get(f"{ROOT}/statements"), 401)


def test_a_form_and_a_heavy_body_are_findings(veterans: Office) -> None:
    token = {"X-CSRFToken": "a" * 32}
    form = veterans.client.post(f"{ROOT}/rosters", {"key": "1"}, headers=token)
    heavy = veterans.client.generic(
        "POST", f"{ROOT}/rosters", b" " * (8 * 1024 * 1024 + 1), "application/json", headers=token
    )

    assert {"not-json"} == Office.read(form, 422)
    assert {"message-too-large"} == Office.read(heavy, 413)
