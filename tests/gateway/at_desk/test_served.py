"""A real server on the test's database: underscores in headers arrive, and a simulated hospital finds nothing wrong."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from tests.cli.terminal import tuodi
from tests.gateway.at_desk.books import no_findings
from tests.gateway.at_desk.conftest import window_of
from tests.gateway.at_desk.window import PATH, patient
from tests.platform.settlement.town import COUNTY, HOSPITAL
from tuodi.gateway.national.signature import api_signature

pytestmark = pytest.mark.slow


@pytest.fixture
def address(town: None) -> Iterator[str]:
    """Where the server listens, as a role that owns no table."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = [
        "--interface", "wsgi", "--port", str(port), "--workers", "1", "--blocking-threads", "2", "--no-ws",
        "--log-level", "warning", "tuodi.site.wsgi:application",
    ]  # fmt: skip
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", *arguments],
        env={**os.environ, "DATABASE_URL": database(), "TUODI_SERVES": "1"},
    )
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


def database() -> str:
    """The test's own database as a connection string."""
    own = connection.settings_dict
    host = f"?host={quote(own['HOST'])}" if own["HOST"].startswith("/") else ""
    place = "" if host else f"{own['HOST']}:{own['PORT']}"
    return f"postgresql://{own['USER']}:{quote(own['PASSWORD'])}@{place}/{own['NAME']}{host}"


def wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server does not listen")


def test_headers_with_underscores_arrive(address: str):
    api = window_of(HOSPITAL, "api")
    four = {
        "_api_access_key": api.key, "_api_name": "hssServives", "_api_timestamp": str(int(time.time() * 1000)),
        "_api_version": "1.0.0",
    }  # fmt: skip
    headers = {**four, "_api_signature": api_signature(four, api.secret), "Content-Type": "text/plain"}
    body = api.body("9001", {"signIn": {"opter_no": "0001"}})
    with urllib.request.urlopen(urllib.request.Request(address + PATH, body, headers)) as answered:
        assert 0 == json.loads(answered.read())["infcode"]


def test_a_simulated_hospital_finds_nothing_wrong(address: str, tmp_path: Path):
    people = [patient("subsistence_allowance"), patient(), patient("extreme_poverty")]
    (tmp_path / "people.csv").write_text("".join(f"{one.document_number},{one.name}\n" for one in people), "utf-8")
    window = window_of(HOSPITAL)
    (tmp_path / "key.txt").write_text(f"{window.key}\n{window.secret.decode()}\n", "utf-8")
    asked = [
        "gateway", "hospital", "--url", address + PATH, "--key", tmp_path / "key.txt", "--institution", HOSPITAL,
        "--region", COUNTY, "--people", tmp_path / "people.csv", "--days", "2", "--visits", "5",
    ]  # fmt: skip
    run = tuodi(*[str(word) for word in asked])

    assert (0, True) == (run.code, "每个应答都对。" in run.out), run.out + run.err
    no_findings()

    (tmp_path / "key.txt").write_text(f"{window.key}\nwrong\n", "utf-8")
    shut = tuodi(*[str(word) for word in asked])
    assert (1, True) == (shut.code, "签名不一致" in shut.err), shut.out + shut.err
