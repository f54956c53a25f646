"""Each fault that somebody plants past the triggers is named by the audit."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, transaction

from tests.platform.settlement.town import AT_HOSPITAL, COUNTY, TODAY, adopt, resident, settled, small_policy, stay
from tuodi.platform.base.domain import SYSTEM, Desk, Scope
from tuodi.platform.base.scope import entered
from tuodi.platform.fund import audit as books
from tuodi.platform.settlement import audit, revision
from tuodi.platform.settlement.models import Proposal, Settlement


@pytest.fixture
def bills(town: None, tmp_path: Path) -> list[int]:
    """Three bills of one person under a cap, the last one cancelled."""
    adopt(small_policy(tmp_path / "small", "rate: 100%, limit: {relief: 250}"))
    who = resident("subsistence_allowance")
    made = [settled(stay(who, "101")).settlement or 0 for _ in range(3)]
    with entered(AT_HOSPITAL):
        revision.cancel(settlement=made[2], on=TODAY, reason="票据有误")
    return made


def planted(statement: str, *values: object) -> None:
    """As a superuser past every trigger."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(statement, values)


def told(findings: Callable[[], list]) -> list[str]:
    with entered(SYSTEM):
        return sorted({finding.code for finding in findings()})


def test_what_the_service_writes_stands_up(bills: list[int]):
    assert ([], []) == (told(audit.findings), told(books.findings))


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        (
            "update settlement_settlement set relief_fen = relief_fen + 1 where id = %s",
            ["entry-differs", "lines-differ", "receipt-differs", "settlement-differs"],
        ),
        ("update settlement_settlement set chain = 'x' where id = %s", ["receipt-differs"]),
        (
            'update settlement_settlement set state_before = \'{"small": [["relief", 2023, 100]]}\' where id = %s',
            ["receipt-differs"],
        ),
        (
            "update settlement_settlement set event = jsonb_set(event, '{date}', '\"2024-03-01\"') where id = %s",
            ["account-differs", "receipt-differs"],
        ),
        ("delete from fund_entry where cause = 'settlement:' || %s", ["entry-differs", "entry-missing"]),
        ("delete from base_audit where subject = 'settlement:' || %s", ["trail-missing"]),
        (
            "delete from settlement_settlement where id = %s",
            ["account-differs", "entry-of-nothing"],
        ),
        (
            "update fund_line set fen = fen * 2 where entry_id = "
            "(select id from fund_entry where cause = 'settlement:' || %s)",
            ["entry-differs"],
        ),
    ],
)
def test_a_planted_fault_of_a_settlement_is_named(bills: list[int], statement: str, codes: list[str]):
    planted(statement, bills[0])

    assert set(codes) <= set(told(audit.findings))


@pytest.mark.parametrize("state", ["{}", '{"small": [["relief", 2023, 1]]}'])
def test_an_account_that_is_not_what_its_bills_come_to_is_named(bills: list[int], state: str):
    planted("update settlement_account set state = %s", state)

    assert ["account-differs"] == told(audit.findings)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("update fund_line set fen = fen + 1 where number = 1", "entry-unbalanced"),
        ("delete from fund_line where number = 1", "entry-unbalanced"),
        ("update fund_line set kind = 'interest' where kind = 'relief'", "account-foreign"),
        ("update fund_entry set reverses = 'settlement:0' where reverses is not null", "reversal-of-nothing"),
        ("update fund_line set fen = 2 * fen where entry_id = (select max(id) from fund_entry)", "reversal-differs"),
        (
            "insert into fund_closing (id, region_id, month, closed_on)"
            " select 1, '371502', date_trunc('month', max(booked_on)), '2030-01-01' from fund_entry",
            "month-closed",
        ),
    ],
)
def test_a_planted_fault_of_the_books_is_named(bills: list[int], statement: str, code: str):
    planted(statement)

    assert code in told(books.findings)


@pytest.fixture
def changed(bills: list[int]) -> Proposal:
    """A bill under the cap is cancelled, the one behind it gets what it leaves, and the county has approved that."""
    with entered(AT_HOSPITAL):
        revision.cancel(settlement=bills[0], on=TODAY, reason="票据有误")
    who = Settlement.objects.get(pk=bills[1]).person_id
    first = settled(stay(who, "101")).settlement or 0
    settled(stay(who, "101"))
    with entered(AT_HOSPITAL):
        revision.cancel(settlement=first, on=TODAY, reason="票据有误")
    proposal = Proposal.objects.get()
    with entered(Scope(desk=Desk.county, region=COUNTY, staff=8)):
        assert "done" == revision.approve(proposal=proposal.pk, on=TODAY).state
    assert "affected" == Settlement.objects.latest("pk").kind
    assert [] == told(audit.findings)
    return proposal


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("delete from settlement_consent where proposal_id = %s", "consent-missing"),
        ("update settlement_proposal set staff_id = 8 where id = %s", "consent-own"),
        ("update settlement_decision set decision = 'rejected' where proposal_id = %s", "change-unseen"),
    ],
)
def test_a_change_that_nobody_else_consented_to_is_named(changed: Proposal, statement: str, code: str):
    planted(statement, changed.pk)

    assert [code] == told(audit.findings)
