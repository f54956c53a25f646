"""Moments as days of China."""

from __future__ import annotations

from datetime import date, datetime

from tuodi.gateway.national.fields import CHINA


def day_of(at: datetime) -> date:
    """The day in China."""
    return at.astimezone(CHINA).date()
