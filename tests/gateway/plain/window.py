"""A hospital's program that speaks plain JSON, and a department's; signed as a stranger would sign."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from time import time
from typing import Any

from django.test import Client

from tuodi.gateway.plain.gate import signature

ROOT = "/api/v1"
AMOUNTS = {
    "total": "10000.00", "in_policy": "9000.00", "basic": "6000.00", "critical_illness": "700.00",
    "supplementary": "0.00", "commercial": "0.00", "other_relief": "0.00",
}  # fmt: skip


@dataclass
class Plain:
    """Sends signed requests of one hospital and reads the answers."""

    key: str
    secret: bytes = field(repr=False)
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path: str, status: int = 200) -> Any:
        return self.send("GET", path, b"", status)

    def post(self, path: str, data: Any = None, status: int = 200) -> Any:
        body = b"" if data is None else json.dumps(data, ensure_ascii=False).encode()
        return self.send("POST", path, body, status)

    def send(self, method: str, path: str, body: bytes, status: int, headers: dict[str, str] | None = None) -> Any:
        whole = ROOT + path
        signed = self.signed(method, whole, body) if headers is None else headers
        response = self.client.generic(method, whole, body, "application/json", headers=signed)
        assert status == response.status_code, response.content
        return json.loads(response.content)

    def codes(
        self, method: str, path: str, body: bytes, status: int, headers: dict[str, str] | None = None
    ) -> set[str]:
        """The codes of what is wrong."""
        return {finding["code"] for finding in self.send(method, path, body, status, headers)["findings"]}

    def signed(self, method: str, path: str, body: bytes, at: float = 0) -> dict[str, str]:
        timestamp, nonce = str(int(at or time())), secrets.token_hex(12)
        given = signature(
            secret=self.secret, timestamp=timestamp, nonce=nonce, method=method, path=path, body=body
        )  # fmt: skip
        return {"x-ca-key": self.key, "x-ca-nonce": nonce, "x-ca-signature": given}


def bill(person: str, key: str = "B1", /, **changed: Any) -> dict[str, Any]:
    """A stay that insurance has paid for in part."""
    return {
        "key": key, "person": person, "service": "inpatient", "date": "2026-11-09", "amounts": AMOUNTS,
    } | changed  # fmt: skip
