"""The installation that a command works on: Django is started late, and what stands in the way is told as findings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from tuodi.cli.frame import FINDINGS
from tuodi.cli.speech import Say


@contextmanager
def installation(say: Say, *, migrated: bool = True) -> Iterator[None]:
    """Within it Django is there, on a database that answers. Leaves with 1 and findings where something is in the way.

    `migrated`: the tables must be up to date, and the keys those of the data.
    """
    with told(say):
        _start()
        from django.db import OperationalError

        from tuodi.site import readiness

        try:
            if migrated:
                _require_current()
            yield
        except OperationalError as why:
            raise readiness.unreachable(why) from why


@contextmanager
def told(say: Say) -> Iterator[None]:
    """Faults become findings on standard error, and exit code 1."""
    from tuodi.cli.findings import show
    from tuodi.core.finding import Faults

    try:
        yield
    except Faults as faults:
        show(faults.findings, say, err=True)
        raise click.exceptions.Exit(FINDINGS) from None


def _start() -> None:
    """Django with the site's settings; the embedded PostgreSQL is started by them where it is used."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuodi.site.settings")
    import django

    django.setup()


def _require_current() -> None:
    from django.db import DataError

    from tuodi.site import readiness, tables

    try:
        changes = tables.waiting()
    except DataError as why:  # the role to work under isn't there
        raise readiness.not_migrated(None) from why
    if changes:
        raise readiness.not_migrated(len(changes))
    tables.require_own_keys()
