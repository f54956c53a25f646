"""Who may come in: the platform's credentials and spent numbers, as the gate asks for them. Before any scope."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest

from django.db import transaction

from tuodi.gateway.national.signature import Credential
from tuodi.platform.base import credential as credentials
from tuodi.platform.base.credential import Known

KEY_LENGTH = 32
"""An API key is the access key, which has this length, and its secret."""


@dataclass(slots=True, kw_only=True)
class Keys:
    """The credentials for one request. `refused`: why a known one isn't taken from there or then."""

    address: str
    now: datetime
    known: Known | None = None
    refused: str = field(default="")

    def find(self, key: str) -> Credential | None:
        """The credential of an access key, if it may be used from this address now."""
        self.known = credentials.known(key)
        if self.known is None:
            return None
        if finding := self.known.refusal(address=self.address, now=self.now):
            self.refused = finding.message
            return None
        return Credential(
            key=key, secret=self.known.secret.encode(), variants=frozenset({self.known.variant}),
            institutions=frozenset({self.known.institution}),
        )  # fmt: skip

    def find_by_secret(self, secret: bytes) -> Credential | None:
        """The credential of an API key, which is the access key and its secret in one."""
        found = self.find(secret[:KEY_LENGTH].decode(errors="replace"))
        return found if found and compare_digest(found.secret, secret[KEY_LENGTH:]) else None

    def claim(self, key: str, nonce: str, digest: bytes, until: datetime) -> bytes:  # noqa: ARG002 - base keeps them longer
        """The digest that the nonce is bound to from its first use on; nothing where it was another one."""
        assert self.known is not None and self.known.institution, f"the gate has found the credential {key}"
        bound = f"{nonce}|{digest.hex()}"
        with transaction.atomic():
            if credentials.spent_once(number=self.known.number, nonce=nonce):
                credentials.spent_once(number=self.known.number, nonce=bound)
                return digest
            if credentials.spent_once(number=self.known.number, nonce=bound):
                transaction.set_rollback(True)  # a replay with another body leaves no trace that it could use later
                return b""
        return digest
