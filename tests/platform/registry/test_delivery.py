"""What comes with a roster, and whether it came in time."""

from datetime import date

from tests.platform.registry.conftest import TODAY
from tests.platform.registry.sheets import delivery
from tuodi.platform.base.workdays import shipped
from tuodi.platform.registry.delivery import delivery_findings, working_days_late
from tuodi.platform.registry.domain import Department


def test_every_fault_of_a_delivery_is_told_at_once():
    wrong = delivery(
        status="poor", covers=frozenset({"entitled_group"}), received_on=date(2027, 1, 1), adjusted_on=date(2027, 2, 1)
    )

    assert ["department-wrong", "status-unknown", "received-later", "received-early"] == [
        finding.code for finding in delivery_findings(wrong, TODAY)
    ]


def test_the_office_that_recognises_may_deliver():
    assert [] == delivery_findings(delivery(department=Department.veterans, status="entitled_group"), TODAY)


def test_a_delay_over_days_that_nobody_knows_is_not_guessed():
    assert None is working_days_late(delivery(received_on=date(2031, 1, 1)), shipped())


def test_another_deadline_may_be_set():
    assert 4 == working_days_late(delivery(received_on=date(2026, 10, 13), within_working_days=1), shipped())
