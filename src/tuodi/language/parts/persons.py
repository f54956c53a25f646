"""Persons: classes from statuses or from classes before them, cover that reaches back, and whom an entry is for."""

from __future__ import annotations

from typing import Any, NamedTuple

from tuodi.language.model import (
    STATUSES,
    AnyOf,
    ClassIn,
    Cover,
    CoverEnd,
    Member,
    Not,
    PersonClass,
    PersonsIn,
    ServiceIn,
    StatusIn,
    Test,
)
from tuodi.language.parts.citing import CLAUSE
from tuodi.language.parts.scalars import FLAG, ID, MONTHS, TEXT
from tuodi.language.parts.services import SERVICE_NAMES
from tuodi.language.parts.terms import STATUS, TEST, all_if_any
from tuodi.language.reading import Kind, Reading
from tuodi.language.shapes import Forms, Into, Key, Name, Record, Scalar, Several, Shape, Variants, Word, Words
from tuodi.language.tree import Text

# ---- classes ---------------------------------------------------------------------------------------------------------

PERSONS_IN = Words("归类方式", {choice.value: choice for choice in PersonsIn})


def _only_clause(clause: str) -> str:
    return clause


CLAUSE_ONLY = Record("不予救助的依据", Key("clause", CLAUSE, required=True), build=_only_clause)

COVER = Record(
    "追溯",
    Key("months_before", MONTHS),
    Key("from_first_of_month", FLAG),
    Key("until", Words("追溯的止日", {end.value: end for end in CoverEnd}), required=True),
    Key("one_application_per", Words("申请的期间", {"year": True}), into="one_application_per_year"),
    Key("except_held", FLAG),
    build=Cover,
)


def _by_status(**values: Any) -> tuple[Member, ...]:
    return tuple(Member(status=name, **values) for name in values.pop("status"))


def _by_class(**values: Any) -> tuple[Member, ...]:
    return tuple(Member(class_id=name, **values) for name in values.pop("class"))


_STATUSES = Key("status", Several(STATUS, one_will_do=True), required=True)
_CLASSES = Key("class", Several(Name(Kind.CLASS), one_will_do=True), required=True)
_WHEN = Key("when", TEST)

MEMBERS = Forms(
    "人员类别的成员",
    text=Into(STATUS, lambda name: (Member(status=name),)),
    keyed=Variants(
        "人员类别的成员",
        {
            "status": Record("按身份的成员", _STATUSES, Key("cover", COVER), _WHEN, build=_by_status),
            "class": Record("按类别的成员", _CLASSES, _WHEN, build=_by_class),
        },
    ),
)


def _class(**values: Any) -> PersonClass:
    members = tuple(member for group in values.pop("any") for member in group)
    return PersonClass(members=members, **values)


CLASS = Record(
    "人员类别",
    Key("id", ID, required=True),
    Key("label", TEXT, required=True),
    Key("clause", CLAUSE, required=True),
    Key("any", Several(MEMBERS, one_will_do=True), required=True),
    Key("when", TEST),
    build=_class,
)

# ---- whom an entry is for --------------------------------------------------------------------------------------------


class Who(NamedTuple):
    """Persons in one of the classes or with one of the statuses; both empty: everyone."""

    classes: frozenset[str]
    statuses: frozenset[str]

    def test(self) -> Test | None:
        """The same as a test; None for everyone."""
        tests: list[Test] = []
        if self.classes:
            tests.append(ClassIn(classes=self.classes))
        if self.statuses:
            tests.append(StatusIn(statuses=self.statuses))
        return AnyOf(tests=tuple(tests)) if len(tests) > 1 else next(iter(tests), None)


EVERYONE = Who(frozenset(), frozenset())
EVERYONE_WORDS = frozenset({"everyone", "everyone_else"})


def _class_or_status(node: Text, reading: Reading) -> Who:
    if node.value in STATUSES and node.value not in reading.names[Kind.CLASS]:
        return Who(frozenset(), frozenset({node.value}))
    if node.value in reading.names[Kind.CLASS]:
        return Who(frozenset({reading.use(Kind.CLASS, node)}), frozenset())
    known = [*reading.names[Kind.CLASS], *STATUSES, "everyone"]
    raise reading.miss(Kind.CLASS, node, known, "写 classes 中的类别，或一种身份")


def _class_only(node: Text, reading: Reading) -> Who:
    if node.value in STATUSES and node.value not in reading.names[Kind.CLASS]:
        reading.unsound.add(Kind.CLASS)
        message = f"“{node.value}”是身份，不是本文件的人员类别"
        raise reading.fault("status-for-class", node, message, f"写含有它的类别，或 when: {{status: {node.value}}}")
    return Who(frozenset({reading.use(Kind.CLASS, node)}), frozenset())


def _whom(one: Shape[Who], *words: str) -> Shape[Who]:
    def together(named: tuple[Who, ...]) -> Who:
        classes = frozenset().union(*(who.classes for who in named))
        return Who(classes, frozenset().union(*(who.statuses for who in named)))

    return Word(dict.fromkeys(words, EVERYONE), Into(Several(one, one_will_do=True), together))


_NAME_FORM = {"type": "string"}
CLASSES = _whom(Scalar("人员类别", _class_only, _NAME_FORM), "everyone")
CLASSES_OR_STATUSES = _whom(Scalar("人员类别或身份", _class_or_status, _NAME_FORM), "everyone")
CLASSES_OR_ELSE = _whom(Scalar("人员类别", _class_only, _NAME_FORM), "everyone", "everyone_else")
"""A name that is a class and a status means the class."""

# ---- for, services, when, unless as one test -------------------------------------------------------------------------

WHEN_KEYS = (Key("when", TEST), Key("unless", TEST))
GUARD_KEYS = (Key("for", CLASSES_OR_STATUSES, into="who"), Key("services", SERVICE_NAMES), *WHEN_KEYS)


def taken_guard(values: dict[str, Any]) -> Test | None:
    """`for`, `services`, `when` and `unless`, taken out of the values of a record, as one test."""
    who: Who = values.pop("who", EVERYONE)
    services = values.pop("services", None)
    where = ServiceIn(services=services) if services else None
    return all_if_any(who.test(), where, values.pop("when", None), negated(values.pop("unless", None)))


def negated(test: Test | None) -> Test | None:
    """The opposite of the test, if there is one."""
    return Not(test=test) if test else None
