"""Classes of persons: from statuses, or from classes before them; with cover that reaches back."""

from __future__ import annotations

from typing import Any, NamedTuple

from tuodi.language.model import (
    STATUSES,
    AnyOf,
    ClassIn,
    Cover,
    CoverEnd,
    Member,
    PersonClass,
    PersonsIn,
    StatusIn,
    Test,
)
from tuodi.language.parts.citing import CLAUSE
from tuodi.language.parts.scalars import FLAG, ID, NUMBER, TEXT
from tuodi.language.parts.terms import STATUS, TEST, Built
from tuodi.language.reading import CHINESE, Kind, Reading
from tuodi.language.shapes import Forms, Key, Name, Record, Scalar, Schema, Several, Shape, Variants, Words
from tuodi.language.tree import Node, Text

PERSONS_IN = Words("归类方式", {choice.value: choice for choice in PersonsIn})

COVER = Record(
    "追溯",
    Key("months_before", NUMBER),
    Key("from_first_of_month", FLAG),
    Key("until", Words("追溯的止日", {end.value: end for end in CoverEnd}), required=True),
    Key("one_application_per", Words("申请的期间", {"year": True}), into="one_application_per_year"),
    Key("except_held", FLAG),
    build=Cover,
)


def _by_status(status: tuple[str, ...], cover: Cover | None = None, when: Test | None = None) -> tuple[Member, ...]:
    return tuple(Member(status=name, cover=cover, when=when) for name in status)


def _by_class(when: Test | None = None, **names: Any) -> tuple[Member, ...]:
    return tuple(Member(class_id=name, when=when) for name in names["class"])


MEMBERS = Forms(
    "人员类别的成员",
    text=Built(STATUS, lambda name: (Member(status=name),)),
    keyed=Variants(
        "人员类别的成员",
        {
            "status": Record(
                "按身份的成员",
                Key("status", Several(STATUS, one_will_do=True), required=True),
                Key("cover", COVER),
                Key("when", TEST),
                build=_by_status,
            ),
            "class": Record(
                "按类别的成员",
                Key("class", Several(Name(Kind.CLASS), one_will_do=True), required=True),
                Key("when", TEST),
                build=_by_class,
            ),
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

NO_CLASS: Record[str] = Record("不予救助的条款", Key("clause", CLAUSE, required=True), build=lambda clause: clause)


def read_classes(reading: Reading) -> tuple[PersonClass, ...]:
    return tuple(each for _, each in reading.each_listed(Kind.CLASS, CLASS))


class Who(NamedTuple):
    """Whom an entry is for; both empty: everyone."""

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


def _who(node: Text, reading: Reading) -> Who:
    if node.value in reading.names[Kind.CLASS]:
        return Who(frozenset({reading.use(Kind.CLASS, node)}), frozenset())
    if node.value in STATUSES:
        return Who(frozenset(), frozenset({node.value}))
    known = [*reading.names[Kind.CLASS], *STATUSES, "everyone"]
    raise reading.unknown(node, CHINESE[Kind.CLASS], known, "写 classes 中的类别，或一种身份")


class Whom(Shape[Who]):
    """`for:` one or several classes (and, where `statuses`, statuses), or one of the `words` that mean everyone."""

    def __init__(self, *words: str, statuses: bool) -> None:
        one = Scalar("人员类别", _who, {"type": "string"}) if statuses else Built(Name(Kind.CLASS), _class_only)
        self.words = words
        self.names: Several[Who] = Several(one, one_will_do=True)

    def read(self, node: Node, reading: Reading) -> Who:
        if isinstance(node, Text) and node.value in self.words:
            return EVERYONE
        named = self.names.read(node, reading)
        return Who(
            frozenset().union(*(who.classes for who in named)), frozenset().union(*(who.statuses for who in named))
        )

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return self.names.schema(defs)


def _class_only(name: str) -> Who:
    return Who(frozenset({name}), frozenset())
