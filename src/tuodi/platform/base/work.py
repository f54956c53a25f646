"""What is done in the background: errands of the outbox, sealing the audit trail, forgetting what is too old.

Any number of workers share the errands: each is taken by one of them, in one transaction with what it writes, so that a
worker that dies leaves it as it was. An errand that fails is tried again later and later, and told of by `tuodi audit`.

A room runs the errands that its module `errands` lists: `ERRANDS = {"notice.send": send}`, each a function of an
`Errand`. It runs within the system's scope; what it does outside of the database it may do twice.
"""

from __future__ import annotations

import importlib.util
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from tuodi.platform.base import chain, credential, lockout
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered

IDLE_SECONDS = 1.0
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=30), timedelta(hours=6)
KEPT = timedelta(days=90)
END_NOTED_EVERY_SECONDS, TIDIED_EVERY_SECONDS = 600, 3600
TROUBLE_LENGTH = 500

_TAKE = """
select id, topic, key, payload, tries from base_outbox
where done_at is null and due_at <= clock_timestamp() and topic = any(%s)
order by due_at, id limit 1 for update skip locked
"""
_DONE = "update base_outbox set done_at = clock_timestamp(), tries = tries + 1, trouble = '' where id = %s"
_FAILED = """
update base_outbox set tries = tries + 1, due_at = clock_timestamp() + %s, trouble = %s where id = %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One thing to do: what kind, what it is about, and what was put beside it."""

    number: int
    topic: str
    key: str
    payload: Mapping[str, Any] = field(repr=False)


Runner = Callable[[Errand], None]
Told = Callable[[str, str], None]
"""Hears which errand was run, and what went wrong; empty where all went well."""


def work(stopped: threading.Event, runners: Mapping[str, Runner], told: Told = lambda *_: None) -> None:
    """Works until it is stopped, which it heeds between errands; `told` hears what happens."""
    noted = tidied = 0.0
    while not stopped.is_set():
        close_old_connections()
        busy = one_errand(runners, told)
        busy = bool(_sealed()) or busy
        if time.monotonic() - noted > END_NOTED_EVERY_SECONDS:
            note_end()
            noted = time.monotonic()
        if time.monotonic() - tidied > TIDIED_EVERY_SECONDS:
            tidy()
            tidied = time.monotonic()
        if not busy:
            stopped.wait(IDLE_SECONDS)


def work_off(told: Told = lambda *_: None) -> int:
    """Does what is due now, seals, tidies, and ends; how many errands were run."""
    runners, count = known(), 0
    while one_errand(runners, told):
        count += 1
    while _sealed():
        pass
    note_end()
    tidy()
    return count


def known() -> dict[str, Runner]:
    """Who runs which topic: what the rooms' modules `errands` list."""
    found: dict[str, Runner] = {}
    for room in apps.get_app_configs():
        name = f"{room.name}.errands"
        if room.name.startswith("tuodi.") and importlib.util.find_spec(name):
            theirs: dict[str, Runner] = importlib.import_module(name).ERRANDS
            assert not theirs.keys() & found.keys(), "a topic has one runner"
            found |= theirs
    return found


def one_errand(runners: Mapping[str, Runner], told: Told = lambda *_: None) -> bool:
    """Runs the errand that is due first and that nobody else runs; False: there is none."""
    with entered(SYSTEM):
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [list(runners)])
            row = cursor.fetchone()
        if row is None:
            return False
        number, topic, key, payload, tries = row
        errand = Errand(number=number, topic=topic, key=key, payload=_decoded(payload))
        trouble = _trouble(runners[topic], errand)
        _finish(errand, tries, trouble)
    told(f"{topic} {key}", trouble)
    return True


def note_end() -> None:
    """Notes where the chain ends, outside of the database."""
    with entered(SYSTEM):
        end = chain.end()
    if end.position:
        chain.note(settings.AUDIT_ENDS, end)


def tidy() -> None:
    """Forgets errands done long ago, old failures to sign in, old numbers of messages, and sessions that ended."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    with entered(SYSTEM):
        with connection.cursor() as cursor:
            cursor.execute("delete from base_outbox where done_at < %s", [now - KEPT])
        lockout.prune(now)
        credential.prune(now)


def _sealed() -> int:
    with entered(SYSTEM):
        return chain.seal()


def _trouble(runner: Runner, errand: Errand) -> str:
    """Runs it; what went wrong, with everything that it wrote undone; empty where all went well."""
    try:
        with transaction.atomic():
            runner(errand)
    except Exception as why:  # whatever it is, the other errands go on, and this one is tried again
        return f"{type(why).__name__}: {why}"[:TROUBLE_LENGTH]
    return ""


def _finish(errand: Errand, tries: int, trouble: str) -> None:
    with connection.cursor() as cursor:
        if trouble:
            delay = min(FIRST_DELAY * 2 ** min(tries, 12), LONGEST_DELAY)
            cursor.execute(_FAILED, [delay, trouble, errand.number])
        else:
            cursor.execute(_DONE, [errand.number])


def _decoded(payload: Any) -> Mapping[str, Any]:
    """Django hands JSON over as text on a bare cursor."""
    found: Mapping[str, Any] = orjson.loads(payload) if isinstance(payload, str) else payload
    return found
