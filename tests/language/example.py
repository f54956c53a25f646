"""The template policy, loaded; tests change what they need of it."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from tuodi.language.load import load_policy
from tuodi.language.model import Policy
from tuodi.language.template import template


@cache
def example(name: str = "basic") -> Policy:
    with tempfile.TemporaryDirectory() as folder:
        for path, text in template(name, "example-2026").items():
            file = Path(folder) / path
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return load_policy(Path(folder))
