"""Policies written for one test: a small one that is well, and what loading says after some of its text is replaced."""

from __future__ import annotations

from pathlib import Path

from tuodi.core.finding import Faults, Finding
from tuodi.language.load import load_policy
from tuodi.language.model import Policy

SMALL = """\
document:
  id: small
  number: 示例〔2023〕1号
  title: 示例救助办法
  issuer: 示例市医疗保障局
  region: "000000"
  issued: 2023-01-01
  in_force: {from: 2023-01-01}

no_class: {clause: 一}
classes:
  - {id: poor, label: 低保对象, clause: 一, any: [subsistence_allowance]}

quantities:
  burden: {take: in_policy, less: [basic, critical_illness], at_most: [unpaid]}

counts:
  relief_of_year: {per: year, clause: 二, label: 年度救助限额}

benefits:
  - id: relief
    clause: 二
    for: poor
    services: [inpatient]
    of: burden
    rate: 70%
    limit: {relief_of_year: 30000}

clauses:
  一: {is: classes, says: 低保对象}
  二: {is: benefit, says: 住院救助70%，年度限额30000元}
"""
DISEASES = "name,aliases,icd10,needs,note\n肺癌,肺恶性肿瘤,C34,,\n胃癌,,C16,,\n"

Edit = tuple[str, str]


def before(marker: str, text: str) -> Edit:
    """The text goes in before the marker."""
    return marker, text + marker


def after(marker: str, text: str) -> Edit:
    """The text goes in behind the marker."""
    return marker, marker + text


def part(text: str) -> Edit:
    """Another part, before the clauses."""
    return before("clauses:\n", text + "\n")


def write(folder: Path, *edits: Edit, text: str = SMALL, lists: dict[str, str] | None = None) -> Path:
    """The folder with the small policy after the edits, each of which fits once."""
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    (folder / "policy.yaml").write_text(text, encoding="utf-8")
    for name, content in (lists or {}).items():
        (folder / "lists").mkdir(exist_ok=True)
        (folder / "lists" / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


def policy(folder: Path, *edits: Edit, text: str = SMALL, lists: dict[str, str] | None = None) -> Policy:
    """The policy, which must be well."""
    return load_policy(write(folder, *edits, text=text, lists=lists))


def findings(folder: Path, *edits: Edit, text: str = SMALL, lists: dict[str, str] | None = None) -> list[Finding]:
    """What loading says; [] for a policy that is well."""
    try:
        load_policy(write(folder, *edits, text=text, lists=lists))
    except Faults as faults:
        return list(faults.findings)
    return []


def codes(folder: Path, *edits: Edit, text: str = SMALL, lists: dict[str, str] | None = None) -> list[str]:
    """The codes of the findings, in the order of the file."""
    return [finding.code for finding in findings(folder, *edits, text=text, lists=lists)]
