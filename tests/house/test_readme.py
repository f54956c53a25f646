"""The example in both READMEs is what the program says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_example_prints_what_the_page_shows(name: str, tmp_path: Path) -> None:
    case, shown = re.findall(r"```(?:json)?\n(\{.*?|\$ tuodi explain.*?)\n```", (ROOT / name).read_text("utf-8"), re.S)
    (tmp_path / "case.json").write_text(json.dumps(json.loads(case)), "utf-8")

    command = [Path(sys.executable).with_name("tuodi"), "explain", tmp_path / "case.json"]
    told = subprocess.run(command, env={**os.environ, "COLUMNS": "200"}, check=True, capture_output=True, text=True)

    lines = [line.rstrip() for line in told.stdout.splitlines()]
    wanted = [line for line in shown.splitlines()[1:] if line.strip() and line.strip() != "…"]
    assert [] == [line for line in wanted if line not in lines]
