"""The line over HTTP: signatures that the gate takes, and a door that stays shut told apart from no answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tuodi.gateway.hospital.wire import VARIANTS, Key, TurnedAway, sender, signer
from tuodi.gateway.national.signature import Credential, verify

NOW = datetime(2025, 1, 10, 2, tzinfo=UTC)
SECRET = b"secret"


class Doors:
    """One credential, for every variant; nonces are not remembered."""

    def find(self, key: str) -> Credential | None:
        return Credential(key=key, secret=SECRET, variants=frozenset(VARIANTS)) if key == "K" else None

    def find_by_secret(self, secret: bytes) -> Credential | None:
        return self.find("K") if secret == b"K" + SECRET else None

    def claim(self, key: str, nonce: str, digest: bytes, until: datetime) -> bytes:
        del key, nonce, until
        return digest


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_signs_as_the_gate_wants_it(variant: str) -> None:
    sign = signer(Key(variant=variant, access_key="K", secret=SECRET), lambda: NOW)

    assert isinstance(verify(sign(b"body"), b"body", Doors(), Doors(), NOW), Credential)


@pytest.fixture
def address() -> Iterator[str]:
    """A server that answers with the status that is the path."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(int(self.path[1:]))
            self.end_headers()
            self.wfile.write(b'{"message": "no"}' if self.path == "/401" else body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_answer_a_shut_door_and_a_broken_server_are_three_things(address: str) -> None:
    assert b"hello" == sender(address + "/200")(b"hello", {})
    with pytest.raises(TurnedAway, match="HTTP 401 no"):
        sender(address + "/401")(b"hello", {})
    with pytest.raises(OSError, match="500") as broken:
        sender(address + "/500")(b"hello", {})
    broken.value.close()  # type: ignore[attr-defined]


def test_nobody_there_is_an_unknown_outcome() -> None:
    with pytest.raises(OSError, match="refused"):
        sender("http://127.0.0.1:1/")(b"hello", {})
