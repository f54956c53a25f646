"""Made-up fee lines and what a made-up insurer pays of them: plausible, exact, and nobody's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from tuodi.core.money import format_yuan, round_half_up
from tuodi.gateway.national.codes import fund_of_payer
from tuodi.gateway.national.json_text import Json
from tuodi.gateway.national.messages.outpatient import SplitLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One fee line: how many of an item at which price, in fen."""

    number: str
    item: str
    count: int
    price: int

    @property
    def amount(self) -> int:
        """Fen."""
        return self.count * self.price


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A bill in its four parts, from the platform's own answers to the lines."""

    total: int
    own_paid: int
    over_limit: int
    prepaid: int
    in_policy: int


def lines(chance: Random, *, stay: bool) -> tuple[Line, ...]:
    """The lines of a stay or a visit; item codes begin with X (class A), Y (class B) or Z (outside the catalogue)."""
    most = 200_000 if stay else 8_000
    return tuple(
        Line(
            number=str(index + 1),
            item=f"{chance.choices('XYZ', (6, 3, 1))[0]}{chance.randint(1, 9999):04d}",
            count=chance.randint(1, 20 if stay else 3),
            price=chance.randint(100, most // 4),
        )
        for index in range(chance.randint(3, 12) if stay else chance.randint(1, 4))
    )


def split_of(rows: Sequence[SplitLine]) -> Split:
    """The four parts added up over the lines."""
    return Split(
        total=sum(row.det_item_fee_sumamt for row in rows),
        own_paid=sum(row.fulamt_ownpay_amt or 0 for row in rows),
        over_limit=sum(row.overlmt_amt or 0 for row in rows),
        prepaid=sum(row.preselfpay_amt or 0 for row in rows),
        in_policy=sum(row.inscp_scp_amt or 0 for row in rows),
    )


def forwarded(split: Split, insurance: str) -> Json:
    """What an insurer has answered for this bill, as a hospital forwards it: 70 % above 500, then 60 % above 11,000."""
    above = max(split.in_policy - 50_000, 0)
    basic = round_half_up(above * 70, 100)
    critical = round_half_up(max(split.in_policy - basic - 1_100_000, 0) * 60, 100)
    field = "hifmi_pay" if insurance == "resident" else "hifob_pay"
    rows: list[Json] = [
        {"fund_pay_type": fund_of_payer(insurance, payer), "fund_payamt": _yuan(paid)}
        for payer, paid in (("basic", basic), ("critical_illness", critical))
        if paid
    ]
    info: dict[str, Json] = {
        "medfee_sumamt": _yuan(split.total),
        "inscp_scp_amt": _yuan(split.in_policy),
        "act_pay_dedc": _yuan(min(split.in_policy, 50_000)),
        "hifp_pay": _yuan(basic),
        field: _yuan(critical),
        "maf_pay": _yuan(0),
    }
    return {"setlinfo": info, "setldetail": rows}


def _yuan(fen: int) -> Decimal:
    return Decimal(format_yuan(fen))
