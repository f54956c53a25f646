"""Whatever the description allows, and much that it doesn't: no traceback, and always what the description says."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any, NamedTuple

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.gateway.plain.test_rosters import Office
from tests.gateway.plain.window import AMOUNTS, ROOT, Plain, bill
from tuodi.language.model import SERVICES

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 6
FACTS = ["bed_days", "regimen", "rare_disease", "year", "item", "x"]
FIELDS = ["person", "service", "date", "amounts", "disease", "diagnoses", "items", "facts", "x"]
WSGI = get_wsgi_application()


@pytest.fixture
def _quiet() -> Iterator[None]:
    """Hundreds of refusals are meant here, and each would be logged."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


class Signing:
    """Signs what is sent, behind everything that generates it: as WSGI hands it over."""

    def __init__(self, plain: Plain, office: Office) -> None:
        self.plain, self.office = plain, office

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        path = WSGIRequest(environ | {"wsgi.input": BytesIO()}).get_full_path()
        signed = self.plain.signed(environ["REQUEST_METHOD"], path, body)
        environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in signed.items()}
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.office.client.cookies.items())
        environ |= {"HTTP_COOKIE": cookies, "HTTP_X_CSRFTOKEN": "a" * 32, "HTTP_HOST": "127.0.0.1"}
        return WSGI(environ | {"wsgi.input": BytesIO(body)}, start)


@pytest.fixture
def signing(plain: Plain) -> Signing:
    return Signing(plain, Office(username="v", desk="department", region_id="371502", department="veterans"))


@pytest.mark.slow
@pytest.mark.usefixtures("_quiet")
def test_every_answer_is_as_described(signing: Signing, known: Callable[..., str]) -> None:
    person = known("subsistence_allowance")
    number = signing.plain.post("/settlements", bill(person))["settlement"]
    schema = schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", signing)
    statuses: dict[str, set[int]] = {}
    for result in schema.get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            tried(operation, mode, Real(person, number), statuses.setdefault(operation.label, set()))

    assert {200, 422} <= statuses[f"POST {ROOT}/trials"]
    assert {200, 404, 422} <= set().union(*statuses.values())


class Real(NamedTuple):
    """A person and a settlement that there are."""

    person: str
    settlement: str

    def put_into(self, case: Any) -> None:
        """The case asks for these."""
        if "number" in (case.path_parameters or {}):
            case.path_parameters["number"] = self.person if "/persons/" in case.path else self.settlement
        if isinstance(case.body, dict) and "person" in case.body:
            case.body |= bill(self.person) | {"facts": {}, "items": []}
            if "/trials" in case.path:
                del case.body["key"]


def tried(operation: Any, mode: GenerationMode, real: Real, statuses: set[int]) -> None:
    """Some requests to one address; every other one about somebody and something that there is."""

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate], derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode), about_real=st.booleans())
    def once(case: Any, about_real: bool) -> None:
        if about_real:
            real.put_into(case)
        response = case.call()
        statuses.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    once()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(allow_nan=False)
    | st.sampled_from(["\x00", "\ud800", "<script>", "9" * 400, "99999999.99", "2024-02-30", "-0.01", "0.00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
DAY = st.dates(date(2000, 1, 1), date(2030, 1, 1)).map(str)
AMOUNT = st.integers(0, 9_999_999_999).map(lambda fen: f"{fen // 100}.{fen % 100:02}") | st.none()


@pytest.mark.slow
@pytest.mark.usefixtures("_quiet")
def test_a_bill_with_anything_in_a_field_is_answered(signing: Signing, known: Callable[..., str]) -> None:
    person, seen = known("subsistence_allowance"), set()
    usual = {name: value for name, value in bill(person).items() if name != "key"}

    @settings(max_examples=150, deadline=None, derandomize=True, database=None)
    @given(
        st.dictionaries(
            st.sampled_from(sorted({*usual, "disease", "diagnoses", "items", "facts"})), ANYTHING, max_size=1
        )
        | st.fixed_dictionaries({"amounts": st.fixed_dictionaries(dict.fromkeys(AMOUNTS, AMOUNT))})
        | st.fixed_dictionaries(
            {
                "service": st.sampled_from(sorted(SERVICES)),
                "date": st.dates(date(2000, 1, 1), date(2030, 1, 1)).map(str),
            }
        )
        | st.fixed_dictionaries({"facts": st.dictionaries(st.sampled_from(FACTS), ANYTHING, max_size=3)})
    )
    def once(changed: dict[str, Any]) -> None:
        body = json.dumps(usual | changed).encode()
        headers = signing.plain.signed("POST", f"{ROOT}/trials", body)
        response = signing.plain.client.generic("POST", f"{ROOT}/trials", body, "application/json", headers=headers)
        seen.add(response.status_code)
        assert response.status_code in {200, 404, 422}, (changed, response.content)

    once()

    assert {200, 422} <= seen
