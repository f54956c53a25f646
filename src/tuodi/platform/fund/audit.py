"""What the books must stand up to, recounted from the rows alone: every check of the ledger, over everything stored."""

from __future__ import annotations

from tuodi.core.finding import Finding
from tuodi.ledger.checks import Books, check
from tuodi.platform.fund import selectors


def findings() -> list[Finding]:
    """Every breach, inside a scope that sees the books; empty where all holds."""
    records = selectors.records()
    # Nobody keeps balances beside the lines, so there is none to differ (INV-22).
    return [finding for finding in check(Books(records=records)) if finding.code != "balance-differs"]
