"""Accounts: whose money, from which source, and what it is for.

A fund is one source of money in one region. Each fund keeps two books, one of money and one of its budget.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

DEBIT, CREDIT = 1, -1


class Source(Enum):
    """Where money comes from. It stays with it: what is spent is booked on the source that bears it."""

    central = "中央"
    provincial = "省级"
    city = "市级"
    county = "县级"
    donation = "社会捐赠"
    temporary_relief = "临时救助资金"

    def __str__(self) -> str:
        return self.value


class Book(Enum):
    """What is counted: money that is there or owed, or what the budget allows."""

    money = "资金"
    budget = "预算"


class Nature(Enum):
    """What an account's balance means, its book, and the side on which it grows."""

    asset = ("资产", Book.money, DEBIT)
    liability = ("负债", Book.money, CREDIT)
    surplus = ("结余", Book.money, CREDIT)
    income = ("收入", Book.money, CREDIT)
    expense = ("支出", Book.money, DEBIT)
    budget_granted = ("预算来源", Book.budget, CREDIT)
    budget_placed = ("预算去向", Book.budget, DEBIT)

    def __init__(self, label: str, book: Book, side: int) -> None:
        self.label = label
        self.book = book
        self.side = side


class Kind(Enum):
    """What an account is for. `by_party`: one account for each institution or claim. `owed`: never below zero."""

    bank = ("财政专户存款", Nature.asset)
    refund_due = ("应收退回", Nature.asset, "by_party", "owed")

    payable_institution = ("应付医疗机构", Nature.liability, "by_party", "owed")
    payable_person = ("应付个人", Nature.liability, "by_party", "owed")
    payable_enrolment = ("应付参保资助", Nature.liability, "owed")

    carried_over = ("结转结余", Nature.surplus)
    transfer = ("调剂", Nature.surplus)

    appropriation = ("财政拨款收入", Nature.income)
    donation = ("捐赠收入", Nature.income)
    interest = ("利息收入", Nature.income)
    other_income = ("其他收入", Nature.income)
    deficit_cover = ("缺口弥补收入", Nature.income)

    relief = ("医疗救助支出", Nature.expense)
    second_relief = ("二次救助支出", Nature.expense)
    premium_subsidy = ("参保资助支出", Nature.expense)

    budget = ("批准预算", Nature.budget_granted)
    budget_available = ("可用预算", Nature.budget_placed)
    budget_committed = ("已占用预算", Nature.budget_placed, "owed")
    budget_used = ("已执行预算", Nature.budget_placed)

    def __init__(self, label: str, nature: Nature, *traits: str) -> None:
        self.label = label
        self.nature = nature
        self.by_party = "by_party" in traits
        self.owed = "owed" in traits

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund:
    """One source of money in one region."""

    region: str
    source: Source

    def __str__(self) -> str:
        return f"{self.region} {self.source}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Region, source and kind; the party is an institution's code or a claim's key, where the kind goes by party."""

    region: str
    source: Source
    kind: Kind
    party: str = ""

    def __post_init__(self) -> None:
        assert self.region, "an account has a region"
        assert bool(self.party) == self.kind.by_party, f"{self.kind.name} goes by party, or it doesn't"

    @property
    def fund(self) -> Fund:
        """The fund that the account belongs to."""
        return Fund(region=self.region, source=self.source)

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Sort key: by region, then sources, kinds and parties as they are listed."""
        return (self.region, _SOURCES.index(self.source), _KINDS.index(self.kind), self.party)

    def __str__(self) -> str:
        return f"{self.fund} {self.kind}" + (f" {self.party}" if self.party else "")


_SOURCES = tuple(Source)
_KINDS = tuple(Kind)
