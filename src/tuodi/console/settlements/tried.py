"""What a trial shows: the same fall as a settlement's page, from the answer alone."""

from __future__ import annotations

from collections.abc import Mapping

from tuodi.console.picture.fall import Step, falling
from tuodi.console.picture.shapes import Part, Tone, strip
from tuodi.console.settlements.fall import Row
from tuodi.core.citation import Citation
from tuodi.language.model import PAYERS, Policy
from tuodi.platform.settlement.domain import Answer, Bill


def rows(bill: Bill, answer: Answer, policy: Policy) -> list[Row]:
    """The bill, who pays, each relief line with its clause, the end."""
    labels = {benefit.id: benefit.label for benefit in policy.benefits}
    beyond = min(bill.amounts.total - bill.amounts.in_policy, answer.personal)
    steps = [
        *([Step("目录外费用", beyond, Tone.before)] if beyond else []),
        *(Step(PAYERS[payer], paid, Tone.pale) for payer, paid in _paid(bill, answer).items() if paid),
        *([Step("超出限额，医院承担", answer.hospital, Tone.pale)] if answer.hospital else []),
    ]
    lines = [Step(labels.get(line.benefit, line.benefit), line.paid, Tone.main) for line in answer.lines]
    told = [None] * len(steps) + list(answer.lines)
    middle = [
        Row(
            one.step.label, one.step.fen, one.left, one.picture, rate=(line.rate or "定额") if line else "",
            citation=Citation(document=policy.document.number, clause=line.clause) if line else None,
        )
        for one, line in zip(falling(bill.amounts.total, [*steps, *lines]), told, strict=True)
    ]  # fmt: skip
    whole = bill.amounts.total
    family = strip([Part(answer.personal, Tone.before)], whole, "个人付")
    return [
        Row("医疗总费用", whole, whole, strip([Part(whole, Tone.ground)], whole, "医疗总费用"), strong=True),
        *middle,
        Row("个人付", answer.personal, 0, family, strong=True),
    ]


def _paid(bill: Bill, answer: Answer) -> Mapping[str, int]:
    """Payers before relief: what was given, or what a layer of the plan came to."""
    given: dict[str, int | None] = {name: getattr(bill.amounts, name) for name in PAYERS}
    return {name: answer.layers.get(name, 0) if paid is None else paid for name, paid in given.items()}
