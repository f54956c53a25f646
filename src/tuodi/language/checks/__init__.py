"""What is wrong with a policy that can be read: each check goes over the whole and writes its findings down.

A check gets what could be read; where something of a kind could not, `Reading.unsound` says so, and a check that
would then blame the wrong place keeps quiet.
"""

from __future__ import annotations

from collections.abc import Callable

from tuodi.language.checks import clauses, counting, families, naming, numbers, order, quantities
from tuodi.language.model import Policy
from tuodi.language.reading import Reading

Check = Callable[[Policy, Reading], None]

CHECKS: tuple[Check, ...] = (
    naming.names_are_free,
    naming.everything_is_used,
    naming.classes_rest_on_earlier_ones,
    clauses.every_clause_has_its_entry,
    clauses.refusals_have_a_clause,
    quantities.quantities_end_somewhere,
    quantities.rests_are_of_something_paid,
    quantities.uncovered_stands_alone,
    quantities.items_stay_with_items,
    counting.counts_rise_and_are_read,
    counting.sums_are_only_read,
    counting.tallies_grow_by_themselves,
    counting.scopes_have_a_key,
    counting.uses_are_not_money,
    numbers.dated_values_begin_in_time,
    numbers.adjusted_rates_are_exact,
    order.layers_follow_the_bill,
    order.after_comes_after,
    order.competitors_have_one_rate,
    order.reached_stands_free,
    order.every_class_is_served,
    order.every_class_can_be_reached,
    order.every_rule_can_apply,
    families.siblings_feed_the_same_counts,
)
"""All of them, each named for what holds once it is silent."""


def run(policy: Policy, reading: Reading) -> None:
    """Every check."""
    for check in CHECKS:
        check(policy, reading)
