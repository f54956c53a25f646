"""`make bench`: every comparison, one after the other."""

from __future__ import annotations

from bench import engine

engine.main()
