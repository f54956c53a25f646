"""Small policies and the five documents, proved once for all tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.engine.small import small_policy
from tuodi.language.load import load_policy
from tuodi.language.model import Policy
from tuodi.proof.prove import prove
from tuodi.proof.report import ProofReport

POLICIES = Path(__file__).parents[2] / "src/tuodi/policies"
SHAPES = Path(__file__).parents[1] / "policies/shapes"
FIVE = ("anshan-2019-37", "liaocheng-2022-5", "ningbo-2019-27", "qingdao-2018-1", "yangquan-2019-45")

COUNTS = """
counts:
  burden_of_year: {per: year, clause: 一, label: 年度负担}
  rest_of_year: {per: year, clause: 一, label: 年度救助后负担}
  relief_of_year: {per: year, clause: 一, label: 年度限额}
  again_of_year: {per: year, clause: 一, label: 再救助限额}
quantities:
  burden: {label: 负担, take: in_policy, less: [basic, critical_illness, supplementary], at_most: [unpaid]}
"""

TWO_LINES = """
benefits:
  - id: relief
    clause: 一
    for: [poor, margin]
    services: [inpatient]
    of: burden
    above: {burden_of_year: 1000}
    rate: 60%
    limit: {relief_of_year: 5000}
  - id: again
    clause: 一
    after: relief
    for: [poor, margin]
    services: [inpatient]
    of: {left_of: burden}
    above: {rest_of_year: 2000}
    rate: 50%
    limit: {again_of_year: 3000}
"""


def small(folder: Path, rest: str, counts: str = COUNTS) -> Policy:
    """A policy with the classes `poor` (before) and `margin`, usual counts and one quantity, `burden`."""
    return small_policy(folder, counts + rest)


def proved(folder: Path, rest: str, counts: str = COUNTS) -> ProofReport:
    """What is proved of such a policy."""
    return prove(small(folder, rest, counts))


@cache
def document(name: str) -> Policy:
    """One of the five documents, or of the shapes of other cities."""
    return load_policy(POLICIES / name if name in FIVE else SHAPES / name)


@cache
def document_proved(name: str) -> ProofReport:
    """What is proved of it without any parameter."""
    return prove(document(name))
