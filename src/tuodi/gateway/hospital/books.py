"""The hospital's own books: each settlement and cancel as the platform answered it, for reconciliation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from tuodi.gateway.national.fields import CHINA
from tuodi.gateway.national.messages.reconciliation import ClaimedRow
from tuodi.gateway.national.messages.settlement import SettlementInfo


@dataclass(slots=True, kw_only=True)
class Booked:
    """A settlement, or a cancel with negative amounts; `cancelled` once another row takes it back."""

    info: SettlementInfo
    message: str
    cancels: str = ""
    cancelled: bool = False

    @property
    def day(self) -> date:
        """The day that the platform gave it."""
        assert self.info.setl_time is not None, "only what has a time is booked"
        return self.info.setl_time.astimezone(CHINA).date()

    @property
    def group(self) -> tuple[str, str]:
        """What totals are compared by: insurance and clearing category."""
        return self.info.insutype, self.info.clr_type

    def row(self) -> ClaimedRow:
        """The row of the file that 3202 compares."""
        return ClaimedRow(
            setl_id=self.info.setl_id,
            mdtrt_id=self.info.mdtrt_id,
            psn_no=self.info.psn_no,
            medfee_sumamt=self.info.medfee_sumamt,
            fund_pay_sumamt=self.info.fund_pay_sumamt,
            acct_pay=self.info.acct_pay,
            refd_setl_flag="1" if self.cancels else "0",
        )


@dataclass(slots=True, kw_only=True)
class Books:
    """All rows of a run."""

    rows: list[Booked] = field(default_factory=list)

    def settled(self, info: SettlementInfo, message: str) -> Booked:
        """Books a settlement."""
        self.rows.append(Booked(info=info, message=message))
        return self.rows[-1]

    def cancelled(self, original: Booked, info: SettlementInfo, message: str) -> None:
        """Books a cancel beside what it takes back."""
        original.cancelled = True
        self.rows.append(Booked(info=info, message=message, cancels=original.info.setl_id))

    def reversed(self, row: Booked) -> None:
        """Strikes what was reversed."""
        self.rows.remove(row)

    def groups(self) -> list[tuple[str, str]]:
        """The pairs of insurance and clearing category that occur."""
        return sorted({row.group for row in self.rows})

    def days(self) -> tuple[date, date]:
        """First and last day of the rows."""
        return min(row.day for row in self.rows), max(row.day for row in self.rows)

    def of(self, group: tuple[str, str], *, refunds: bool) -> Iterable[Booked]:
        """The rows of a group; without refunds, cancelled ones and their cancels are left out."""
        chosen = [row for row in self.rows if row.group == group]
        return chosen if refunds else [row for row in chosen if not (row.cancels or row.cancelled)]
