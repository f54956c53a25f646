"""Small policies for tests, written in the policy language as an author would."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from tuodi.core.finding import Faults
from tuodi.language.load import POLICY_FILE, read_files, read_policy
from tuodi.language.model import Policy
from tuodi.language.reader import read_tree
from tuodi.language.reading import Reading
from tuodi.language.tree import Keyed

HEAD = """
{kind}:
  id: {id}
  number: 测试〔2023〕1号
  title: 测试
  issuer: 测试
  region: "370000"
  issued: 2023-01-01
  in_force: {{from: 2023-01-01, clause: 一}}
"""

CLASSES = """
no_class: {clause: 一}
classes:
  - {id: poor, label: 低保, clause: 一, any: [subsistence_allowance]}
  - {id: margin, label: 低保边缘, clause: 一, any: [subsistence_margin]}
"""


def small_policy(folder: Path, rest: str, *, kind: str = "document", name: str = "small") -> Policy:
    """The policy with this body. The head, the two classes `poor` and `margin`, and clause 一 are written already.

    Read without the checks on the whole, so that a test may leave out what it doesn't need.
    """
    folder = folder / name
    folder.mkdir(exist_ok=True)
    body = dedent(rest)
    text = HEAD.format(kind=kind, id=name) + ("" if kind == "plan" or "classes:" in body else CLASSES) + body
    if "\nclauses:" not in body:
        text += "\nclauses:\n  一: {is: [classes, benefit], says: 全文}\n"
    (folder / "policy.yaml").write_text(text, "utf-8")
    files = read_files(folder)
    root = read_tree(files[POLICY_FILE], str(folder / POLICY_FILE))
    assert isinstance(root, Keyed)
    reading = Reading(root, folder, files)
    policy = read_policy(reading)
    if reading.findings:
        raise Faults(reading.findings)
    return policy
