"""Order: layers follow the bill, classes are served, rules can apply, and where two can, the file says which first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from tuodi.language.guards import Event, Formula, No, Space, Undecided
from tuodi.language.model import (
    SERVICES,
    STATUSES,
    AllOf,
    AnyOf,
    Bands,
    Benefit,
    Choose,
    Grant,
    Layer,
    Not,
    PersonsIn,
    Policy,
    Reached,
    Refuse,
    Test,
)
from tuodi.language.parts.benefits import LAYERS
from tuodi.language.reading import RELIEF, Kind, Reading
from tuodi.language.tree import Keyed
from tuodi.language.walk import atoms

# ---- layers, after ---------------------------------------------------------------------------------------------------


def layers_follow_the_bill(policy: Policy, reading: Reading) -> None:
    """Layers stand in the order in which they pay, each once and with benefits; a plan has no relief."""
    order = list(LAYERS)
    names = [layer.id for layer in policy.layers]
    if names != sorted(set(names), key=order.index):
        reading.fault(
            "layer-order", reading.part(Kind.LAYER), "各层不是按支付的先后，或写了两次", f"先后：{'、'.join(order)}"
        )
    if reading.is_plan and RELIEF in names:
        message = "参保方案只有医疗救助以前的各层"
        reading.fault(
            "plan-relief", reading.part(Kind.LAYER), message, "写 layers: [{id: basic}, …]；医疗救助写在政策里"
        )
    if reading.is_plan and policy.classes:
        message = "参保方案不分人员类别"
        reading.fault("plan-classes", reading.part(Kind.CLASS), message, "类别写在政策里，用 insurance_tilts 调整方案")
    served = {benefit.layer for benefit in policy.benefits}
    for name in names:
        if name not in served and Kind.BENEFIT not in reading.unsound:
            reading.fault(
                "layer-empty", reading.node(Kind.LAYER, name), f"层“{name}”没有待遇", "写上它的待遇，或删去这一层"
            )


def after_comes_after(policy: Policy, reading: Reading) -> None:
    """What is settled behind a benefit stands behind it, in the same layer, and the benefit pays something."""
    earlier: dict[str, Benefit] = {}
    for benefit in policy.benefits:
        if benefit.after:
            first = earlier.get(benefit.after)
            node = reading.node(Kind.BENEFIT, benefit.id, "after")
            if first is None and Kind.BENEFIT not in reading.unsound:
                reading.fault("after-order", node, f"“{benefit.after}”不在“{benefit.id}”前面", "把先结算的写在前面")
            if first and first.layer != benefit.layer:
                reading.fault("after-order", node, f"“{benefit.after}”在另一层", "同一层的待遇才能接着结算")
            if first and isinstance(first.pay, Refuse):
                reading.fault("after-order", node, f"“{benefit.after}”不予救助，后面没有可接着结算的", "改写 after")
        earlier[benefit.id] = benefit


def competitors_have_one_rate(policy: Policy, reading: Reading) -> None:
    """Where the highest rate is taken, a benefit with bands or a flat amount has none and competes with nobody.

    Benefits behind another and refusals don't compete; two that share no service never meet.
    """
    contests = {layer.id for layer in policy.layers if layer.choose is Choose.HIGHEST_RATE}
    heads = [each for each in policy.benefits if each.layer in contests and each.after is None]
    rivals = [each for each in heads if not isinstance(each.pay, Refuse)]
    for benefit in rivals:
        meets = [each for each in rivals if each.layer == benefit.layer and each.services & benefit.services]
        if isinstance(benefit.pay, Bands | Grant) and meets != [benefit]:
            message = f"“{benefit.id}”没有单一的比例，不能与别的待遇比高低"
            node = reading.node(Kind.BENEFIT, benefit.id, "bands" if isinstance(benefit.pay, Bands) else "amount")
            reading.fault("competes-without-rate", node, message, "让它的 services 不与别的待遇重叠，或改用 first_rule")


def reached_stands_free(policy: Policy, reading: Reading) -> None:
    """Counts may be asked only by benefits, and only beside other conditions, not within a choice of several."""
    for benefit in policy.benefits:
        for test in (benefit.when, *(adjust.when for adjust in benefit.adjust)):
            if test and _hides_reached(test):
                message = "“累计达到”不能放进 any 与 all、not 的嵌套里"
                node = reading.node(Kind.BENEFIT, benefit.id, "when" if test is benefit.when else "adjust")
                reading.fault("reached-too-deep", node, message, "与其他条件并列写")
    elsewhere: list[tuple[Kind, str, Test | None]] = [(Kind.CONDITION, c.id, c.when) for c in policy.general_conditions]
    elsewhere += [(Kind.COUNT, count.id, count.feed.when) for count in policy.counts.values() if count.feed]
    for each in policy.classes:
        elsewhere += [(Kind.CLASS, each.id, test) for test in (each.when, *(member.when for member in each.members))]
    for kind, name, test in elsewhere:
        if any(isinstance(atom, Reached) for atom in atoms(test)):
            message = "“累计达到”只能写在待遇里"
            reading.fault("reached-outside", reading.node(kind, name), message, "写在待遇的 when 里")


def _hides_reached(test: Test) -> bool:
    """Whether a `reached` stands deeper than beside other conditions, negated, or in a plain choice."""
    if isinstance(test, AllOf):
        return any(_hides_reached(each) for each in test.tests)
    inner = test.test if isinstance(test, Not) else test
    parts = inner.tests if isinstance(inner, AnyOf) else (inner,)
    compound = any(isinstance(part, AllOf | AnyOf | Not) for part in parts)
    return compound and any(isinstance(atom, Reached) for atom in atoms(test))


# ---- classes ---------------------------------------------------------------------------------------------------------


def every_class_is_served(policy: Policy, reading: Reading) -> None:
    """Some rule names each class, or a class that it is part of."""
    if Kind.CLASS in reading.unsound:
        return
    named = {name for benefit in policy.benefits for name in benefit.classes}
    named |= {member.class_id for each in policy.classes for member in each.members if member.class_id}
    for each in policy.classes:
        unread = Kind.BENEFIT in reading.unsound and reading.is_mentioned(Kind.CLASS, each.id)
        if each.id not in named and not unread:
            message = f"没有一条规则管类别“{each.id}”"
            reading.fault("class-unserved", reading.node(Kind.CLASS, each.id), message, "写上它的待遇或不予救助的规则")


def every_class_can_be_reached(policy: Policy, reading: Reading) -> None:
    """Where the first class settles, no class stands wholly behind others."""
    if policy.persons_in is PersonsIn.FIRST_CLASS and Kind.CLASS not in reading.unsound:
        with suppress(Undecided):
            _check_classes(policy, Space(policy), reading)


def _check_classes(policy: Policy, space: Space, reading: Reading) -> None:
    for each in policy.classes:
        if space.example(space.classes[each.id]) is None:
            message = f"类别“{each.id}”的人都已归入前面的类别"
            reading.fault("unreachable-class", reading.node(Kind.CLASS, each.id), message, "调整先后，或删去")


# ---- rules -----------------------------------------------------------------------------------------------------------


def every_rule_can_apply(policy: Policy, reading: Reading) -> None:
    """Each rule holds for some event, not always behind another; of two that can hold the file says which is first."""
    if {Kind.CLASS, Kind.CONDITION, Kind.LIST} & reading.unsound:
        return
    with suppress(Undecided):
        _check_rules(policy, Space(policy), reading)


def _check_rules(policy: Policy, space: Space, reading: Reading) -> None:
    guards = {benefit.id: space.guard(benefit) for benefit in policy.benefits}
    for benefit in policy.benefits:
        if space.example(*_with_first(benefit, guards)) is None:
            message = f"待遇“{benefit.id}”的条件互相矛盾，永远不会成立"
            node = reading.node(Kind.BENEFIT, benefit.id)
            reading.fault("never-applies", node, message, "核对 for、services、when、unless")
            del guards[benefit.id]
    for layer in policy.layers:
        if layer.choose is Choose.FIRST_RULE:
            heads = [
                each for each in policy.benefits if each.layer == layer.id and not each.after and each.id in guards
            ]
            _check_heads(layer, heads, _Rules(space, guards), reading)


def _with_first(benefit: Benefit, guards: dict[str, Formula]) -> Iterator[Formula]:
    """The guard, and that of the benefit behind which it is settled."""
    yield guards[benefit.id]
    if benefit.after in guards:
        yield guards[benefit.after]


class _Rules:
    """The guards of a policy's rules and what they can do together."""

    def __init__(self, space: Space, guards: dict[str, Formula]) -> None:
        self.space = space
        self.guards = guards

    def event(self, held: list[Benefit], not_held: list[Benefit]) -> Event | None:
        """An event for which all of the ones and none of the others hold."""
        yes = [self.guards[each.id] for each in held]
        no: list[Formula] = [No(self.guards[each.id]) for each in not_held]
        return self.space.example(*yes, *no)

    def cross(self, first: Benefit, second: Benefit) -> bool:
        """Both can hold, and the first is no special case of the second, which needs no word. Two refusals never do."""
        if isinstance(first.pay, Refuse) and isinstance(second.pay, Refuse):
            return False
        return self.event([first, second], []) is not None and self.event([first], [second]) is not None


def _check_heads(layer: Layer, heads: list[Benefit], rules: _Rules, reading: Reading) -> None:
    stated = _order_is_stated(layer, reading)
    crossing: list[tuple[Benefit, Benefit]] = []
    for number, benefit in enumerate(heads):
        earlier = [each for each in heads[:number] if not each.services.isdisjoint(benefit.services)]
        node = reading.node(Kind.BENEFIT, benefit.id)
        if earlier and rules.event([benefit], earlier) is None:
            before = "、".join(f"“{each.id}”" for each in earlier if rules.event([benefit, each], []))
            message = f"待遇“{benefit.id}”永远轮不到：前面的{before}总是先成立"
            reading.fault("unreachable-rule", node, message, "移到前面，或收窄前面的条件")
        elif not stated:
            crossing += [(each, benefit) for each in earlier if rules.cross(each, benefit)]
    if crossing:
        _fault_crossing(crossing, rules, reading)


def _order_is_stated(layer: Layer, reading: Reading) -> bool:
    written = reading.node(Kind.LAYER, layer.id)
    return "choose" in reading.root.entries or (isinstance(written, Keyed) and "choose" in written.entries)


def _fault_crossing(crossing: list[tuple[Benefit, Benefit]], rules: _Rules, reading: Reading) -> None:
    first, second = crossing[0]
    event = rules.event([first, second], []) or {}
    more = f"；这样的共 {len(crossing)} 对" if len(crossing) > 1 else ""
    message = f"“{first.id}”与“{second.id}”可能同时成立（例如{_told(event)}），没有说哪个先{more}"
    remedy = "以列出的先后为准就写 choose: first_rule；否则用 unless 分开"
    reading.fault("rules-overlap", reading.node(Kind.BENEFIT, second.id), message, remedy)


def _told(event: Event) -> str:
    """The service and the statuses of an event in Chinese."""
    service = SERVICES.get(str(event.get("service")), "")
    statuses = [STATUSES[name.partition(":")[2]] for name, held in event.items() if name.startswith("status:") and held]
    return "、".join(filter(None, [service, *statuses])) or "任何事件"
