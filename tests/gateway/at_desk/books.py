"""The audits of the rooms that a message reaches."""

from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from tuodi.platform.fund import audit as books
from tuodi.platform.settlement import audit as bills


def no_findings() -> None:
    """Neither the books nor the settlements have anything wrong with them."""
    with entered(SYSTEM):
        assert [] == [str(finding) for finding in [*books.findings(), *bills.findings()]]
