"""Movements: the closed list of what can happen to a fund, each with the accounts that it touches (INV-23)."""

from __future__ import annotations

from enum import Enum

from tuodi.ledger.account import Kind, Nature


class Movement(Enum):
    """What happened: its label, the kinds that it debits and the kinds that it credits."""

    opening_balance = (
        "期初余额",
        {Kind.bank, Kind.refund_due, Kind.carried_over},
        {Kind.payable_institution, Kind.payable_person, Kind.payable_enrolment, Kind.carried_over},
    )

    appropriation = ("财政拨款", {Kind.bank}, {Kind.appropriation})
    donation = ("捐赠", {Kind.bank}, {Kind.donation})
    interest = ("利息", {Kind.bank}, {Kind.interest})
    other_income = ("其他收入", {Kind.bank}, {Kind.other_income})
    deficit_cover = ("缺口弥补", {Kind.bank}, {Kind.deficit_cover})
    transfer = ("调剂", {Kind.bank, Kind.transfer}, {Kind.bank, Kind.transfer})

    relief_by_institution = ("一站式救助", {Kind.relief}, {Kind.payable_institution})
    relief_to_person = ("手工救助", {Kind.relief}, {Kind.payable_person})
    second_relief = ("二次救助", {Kind.second_relief}, {Kind.payable_person})
    premium_subsidy = ("参保资助", {Kind.premium_subsidy}, {Kind.payable_enrolment})

    payment_to_institution = ("支付医疗机构", {Kind.payable_institution}, {Kind.bank})
    payment_to_person = ("支付个人", {Kind.payable_person}, {Kind.bank})
    payment_of_premiums = ("支付参保资助", {Kind.payable_enrolment}, {Kind.bank})

    disallowance = ("扣减", {Kind.payable_institution}, {Kind.relief})
    recovery = ("追回", {Kind.refund_due}, {Kind.relief})
    claim_on_institution = ("医疗机构应退", {Kind.refund_due}, {Kind.payable_institution})
    claim_on_person = ("个人应退", {Kind.refund_due}, {Kind.payable_person})
    offset = ("抵扣", {Kind.payable_institution}, {Kind.refund_due})
    offset_of_person = ("个人抵扣", {Kind.payable_person}, {Kind.refund_due})
    refund = ("退回", {Kind.bank}, {Kind.refund_due})

    budget = ("批准预算", {Kind.budget_available}, {Kind.budget})
    budget_cut = ("核减预算", {Kind.budget}, {Kind.budget_available})
    commitment = ("占用预算", {Kind.budget_committed}, {Kind.budget_available})
    release = ("释放预算", {Kind.budget_available}, {Kind.budget_committed})
    use_of_commitment = ("执行占用", {Kind.budget_used}, {Kind.budget_committed})
    use_of_budget = ("执行预算", {Kind.budget_used}, {Kind.budget_available})

    # A year's corrections can leave any of these on either side.
    carry_over = (
        "年终结转",
        {kind for kind in Kind if kind.nature in (Nature.income, Nature.expense, Nature.surplus)},
        {kind for kind in Kind if kind.nature in (Nature.income, Nature.expense, Nature.surplus)},
    )

    def __init__(self, label: str, debits: set[Kind], credits_: set[Kind]) -> None:
        self.label = label
        self.debits = frozenset(debits)
        self.credits = frozenset(credits_)

    def __str__(self) -> str:
        return self.label
