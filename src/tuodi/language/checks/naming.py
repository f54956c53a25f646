"""Names: none means two things, none stands unused, a class rests on classes before it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tuodi.language.model import AMOUNTS, BUILT_IN_FACTS, SERVICES, Policy
from tuodi.language.parts.persons import EVERYONE_WORDS
from tuodi.language.parts.quantities import OPERAND_WORDS
from tuodi.language.parts.services import ALL
from tuodi.language.parts.terms import VALUE_KEYS, test_words
from tuodi.language.reading import CHINESE, ID_FORM, Kind, Reading

CASE_FIELDS = frozenset(
    {"id", "date", "service", "facility", "disease", "diagnoses", "amounts", "items", "item", "personal", "opening"}
)
"""Fields of an event that every policy has."""


def names_are_free(_policy: Policy, reading: Reading) -> None:
    """No name is one of the language's, of the case format's, or of something else that stands in the same place."""
    taken: Mapping[Kind, Collection[str]] = {
        Kind.FACT: {*BUILT_IN_FACTS, *AMOUNTS, *OPERAND_WORDS, *CASE_FIELDS, *test_words()},
        Kind.QUANTITY: {*AMOUNTS, *OPERAND_WORDS, *reading.names[Kind.FACT]},
        Kind.GROUP: {*SERVICES, ALL},
        Kind.COUNT: VALUE_KEYS,
        Kind.CLASS: EVERYONE_WORDS,
        Kind.ENROLMENT: reading.names[Kind.BENEFIT],
    }
    for kind, words in taken.items():
        for name in reading.names[kind]:
            if name in words:
                node = reading.declared(kind, name)
                reading.fault("name-taken", node, f"{CHINESE[kind]}不能叫“{name}”，这个名称已有所指", "换一个名称")


USED_KINDS = (Kind.GROUP, Kind.LIST, Kind.CATALOGUE, Kind.FACT, Kind.QUANTITY, Kind.COUNT, Kind.PARAMETER)


def everything_is_used(_policy: Policy, reading: Reading) -> None:
    """What the file declares, something refers to."""
    for kind in USED_KINDS:
        for name in reading.names[kind]:
            if ID_FORM.match(name) and not reading.is_mentioned(kind, name):
                node = reading.declared(kind, name)
                message = f"{CHINESE[kind]}“{name}”没有用到"
                reading.fault(f"unused-{kind.name.lower()}", node, message, "用上它，或删去")


def classes_rest_on_earlier_ones(policy: Policy, reading: Reading) -> None:
    """A class that a class is made of stands before it, so that there are no circles."""
    if Kind.CLASS in reading.unsound:
        return
    earlier: set[str] = set()
    for each in policy.classes:
        for member in each.members:
            if member.class_id and member.class_id not in earlier:
                node = reading.node(Kind.CLASS, each.id, "any")
                message = f"类别“{each.id}”由“{member.class_id}”组成，它却不在前面"
                reading.fault("class-order", node, message, f"把“{member.class_id}”移到“{each.id}”前面")
                reading.unsound.add(Kind.CLASS)
        earlier.add(each.id)
