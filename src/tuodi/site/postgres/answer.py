"""Who answers at a port: our server, another one, or nobody. Signing in tells; process numbers don't."""

from __future__ import annotations

import secrets
import socket
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from urllib.parse import quote

import psycopg

HOST = "127.0.0.1"
ROLE = "tuodi"
DATABASE = "tuodi"
PATIENCE_SECONDS = 3
PORTS = range(20_000, 30_000)
"""Below those that Linux hands out to outgoing connections, above those that services are known by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """How to reach a server. The password is shown by nobody but `url`."""

    port: int
    password: str = field(repr=False)

    def url(self, database: str = DATABASE) -> str:
        """A connection string with the password in it."""
        return f"postgresql://{ROLE}:{quote(self.password, safe='')}@{HOST}:{self.port}/{database}"

    def connect(self, database: str = DATABASE) -> psycopg.Connection[tuple[object, ...]]:
        """A connection that commits each statement. Nothing of the environment (PGOPTIONS, PGSERVICE) plays a part.

        SCRAM is required: no server gets the password itself, and one that doesn't know it is found out.
        """
        return psycopg.connect(
            host=HOST, hostaddr=HOST, port=self.port, user=ROLE, password=self.password, dbname=database,
            require_auth="scram-sha-256", sslmode="disable", gssencmode="disable", options="",
            connect_timeout=PATIENCE_SECONDS, application_name="tuodi", autocommit=True,
        )  # fmt: skip


class Answer(Enum):
    """What came back from a port."""

    ours = "our server, ready"
    nobody = "nothing listens"
    another = "something else, or a server that isn't ready"


def ask(address: Address, data: Path) -> Answer:
    """Who is there; ours is the server that accepts the password and keeps just this folder."""
    if not taken(address.port):
        return Answer.nobody
    try:
        with address.connect("postgres") as connection:
            row = connection.execute("select current_setting('data_directory')").fetchone()
    except psycopg.Error:
        return Answer.another
    return Answer.ours if row == (str(data),) else Answer.another


def taken(port: int) -> bool:
    """Whether something listens at the port."""
    try:
        socket.create_connection((HOST, port), timeout=PATIENCE_SECONDS).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    """A port to stay at: one that is free now, and that no outgoing connection is ever given."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
        return port
