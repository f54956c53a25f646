"""The audit of messages sees what somebody with all rights has changed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from tests.gateway.at_desk.window import Window, patient
from tuodi.gateway import audit, models
from tuodi.platform.base.domain import SYSTEM
from tuodi.platform.base.scope import entered


def tampered(statement: str, *values: Any) -> None:
    """Done as the tables' owner, with triggers off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(statement, values)


def other_total(settled: int) -> None:
    tampered("update gateway_settled set total_fen = total_fen + 1, cash_fen = cash_fen + 1", *())
    assert settled


def no_line(settled: int) -> None:
    tampered("delete from gateway_settled_line where settled_id = %s", settled)


def reversed_by_hand(settled: int) -> None:
    row = models.Settled.objects.get(pk=settled)
    models.Reversal.objects.create(settled=row, institution_id=row.institution_id, region_id=row.region_id, at=row.at)


def never_kept(settled: int) -> None:
    no_line(settled)
    tampered("delete from gateway_settled where settlement_id = %s", settled)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (other_total, ["answer-differs", "lines-differ"]),
        (no_line, ["lines-differ"]),
        (reversed_by_hand, ["taken-back-stands"]),
        (never_kept, ["answer-lost"]),
    ],
)
def test_a_change_by_hand_is_named(window: Window, change: Callable[[int], None], codes: list[str]):
    number, visit = window.stay(patient("subsistence_allowance"))
    info = window.done("2304", window.settlement(number, visit))["setlinfo"]
    change(int(info["setl_id"]))
    with entered(SYSTEM):
        assert codes == [finding.code for finding in audit.findings()]


def test_rows_are_never_changed_or_removed(window: Window):
    from django.db import IntegrityError

    window.done("9001", {"signIn": {"opter_no": "0001"}})
    for statement, says in (
        ("update gateway_message set number = 'x'", "only sealed anew"),
        ("delete from gateway_answer", "only added"),
    ):
        with pytest.raises(IntegrityError, match=says), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
