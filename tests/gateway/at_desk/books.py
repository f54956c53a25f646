"""The audits of the rooms that a message reaches."""

from tuodi.gateway import audit as messages
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered
from tuodi.platform.fund import audit as books
from tuodi.platform.settlement import audit as bills


def no_findings() -> None:
    """Neither books nor settlements nor messages have anything wrong with them."""
    with entered(SYSTEM):
        assert [] == [str(finding) for finding in [*books.findings(), *bills.findings(), *messages.findings()]]
