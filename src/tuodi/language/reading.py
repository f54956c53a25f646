"""What is known while one policy file is read: what it declares, what has been used, what is wrong so far."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypeVar

from tuodi.core.finding import Finding, Place
from tuodi.language.model import Fact, ParameterHole, Quantity
from tuodi.language.tree import Entry, Keyed, Listing, Node, Text, texts

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

POLICY_FILE = "policy.yaml"
RELIEF = "relief"
"""The last layer, and the only one where the file names none."""

MOST_NEAR_MISSES = 200
"""Finding the nearest name takes time; a file with more faults than that is not one of small slips."""

ID_FORM = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z", re.ASCII)
ID_REMEDY = "用小写英文字母、数字和单个下划线，以字母开头"


class Kind(Enum):
    """What a name may name. The value is the part of the file that declares it."""

    CLASS = "classes"
    GROUP = "services"
    LIST = "lists"
    CATALOGUE = "catalogues"
    CONDITION = "general_conditions"
    FACT = "facts"
    QUANTITY = "quantities"
    COUNT = "counts"
    LAYER = "layers"
    BENEFIT = "benefits"
    ENROLMENT = "enrolment"
    TILT = "insurance_tilts"
    FUNDING = "funding"
    WARNING = "warnings"
    PROCEDURE = "procedures"
    INDICATOR = "indicators"
    PARAMETER = "parameters"
    CLAUSE = "clauses"


LISTED = frozenset(
    {
        Kind.CLASS,
        Kind.CONDITION,
        Kind.LAYER,
        Kind.BENEFIT,
        Kind.ENROLMENT,
        Kind.TILT,
        Kind.FUNDING,
        Kind.WARNING,
        Kind.PROCEDURE,
        Kind.INDICATOR,
    }
)
"""The parts that are lists; the others are mappings from a name."""

CHINESE: Mapping[Kind, str] = {
    Kind.CLASS: "人员类别",
    Kind.GROUP: "服务组",
    Kind.LIST: "病种目录",
    Kind.CATALOGUE: "项目目录",
    Kind.CONDITION: "一般条件",
    Kind.FACT: "事实",
    Kind.QUANTITY: "费用口径",
    Kind.COUNT: "累计",
    Kind.LAYER: "层",
    Kind.BENEFIT: "待遇",
    Kind.ENROLMENT: "参保资助",
    Kind.TILT: "保险倾斜",
    Kind.FUNDING: "资金分担",
    Kind.WARNING: "预警线",
    Kind.PROCEDURE: "经办流程",
    Kind.INDICATOR: "考核指标",
    Kind.PARAMETER: "参数",
    Kind.CLAUSE: "条款",
}


class Unreadable(Exception):
    """A subtree without a value. Its findings stand in the reading already."""


class Readable(Protocol[T_co]):
    """What can make a value of a node."""

    def read(self, node: Node, reading: Reading) -> T_co:
        """The value. Raises Unreadable when there is none; why is among the reading's findings."""


class Reading:
    """One policy file while it is read. Faults are collected here; nothing is printed, nothing is raised to the caller.

    `names` are the declared ids by kind, in the order of the file; `used` those that something refers to, `missed` what
    something refers to in vain; `unsound` the kinds of which something could not be read or found. `owner` is the entry
    that is being read: what is unnamed in it takes its name.
    """

    def __init__(self, root: Keyed, folder: Path, files: Mapping[str, bytes]) -> None:
        self.root = root
        self.folder = folder
        self.files = files
        self.is_plan = "plan" in root.entries and "document" not in root.entries
        self.findings: list[Finding] = []
        self.names: dict[Kind, dict[str, Node]] = {kind: dict(_declared(kind, root)) for kind in Kind}
        if Kind.LAYER.value not in root.entries:
            self.names[Kind.LAYER] = {RELIEF: root}
        self.used: dict[Kind, set[str]] = defaultdict(set)
        self.missed: dict[Kind, list[str]] = defaultdict(list)
        self.unsound: set[Kind] = set()
        self.cited: dict[str, list[str]] = {}
        self.facts: dict[str, Fact] = {}
        self.parameters: dict[str, ParameterHole] = {}
        self.groups: dict[str, frozenset[str]] = {}
        self.inline: dict[str, Quantity] = {}
        self.dated: list[tuple[date, Node]] = []
        self.owner = ""

    # ---- faults ------------------------------------------------------------------------------------------------------

    def fault(self, code: str, node: Node, message: str, remedy: str) -> Unreadable:
        """Writes the finding down; the caller raises what comes back where no value can be made."""
        place = Place(file=self.beside(POLICY_FILE), line=node.line, column=node.column)
        self.findings.append(Finding(code=code, message=message, place=place, remedy=remedy))
        return Unreadable()

    def unknown(self, code: str, node: Text, what: str, known: Iterable[str], otherwise: str) -> Unreadable:
        """A name that nothing has; the remedy is the nearest one that something has."""
        remedy = _glued_names(node.value) or self.nearest(node.value, known) or otherwise
        return self.fault(code, node, f"没有“{node.value}”这个{what}", remedy)

    def unknown_key(self, node: Text, what: str, known: Iterable[str]) -> Unreadable:
        """A key that a record does not have."""
        remedy = self.nearest(node.value, known) or f"可写：{'、'.join(known)}"
        return self.fault("unknown-key", node, f"{what}没有“{node.value}”这个键", remedy)

    def nearest(self, word: str, known: Iterable[str]) -> str:
        """The nearest known words as a question, while there is time to look for them."""
        return near_miss(word, known) if len(self.findings) < MOST_NEAR_MISSES else ""

    def beside(self, file: str) -> str:
        """The path of a file of the policy, as messages write it."""
        return str(self.folder / file)

    # ---- names -------------------------------------------------------------------------------------------------------

    def use(self, kind: Kind, node: Text) -> str:
        """The name in the node, which must be declared; it counts as used."""
        if node.value in self.names[kind]:
            self.used[kind].add(node.value)
            return node.value
        raise self.miss(kind, node, self.names[kind], f"在 {kind.value} 中声明它")

    def miss(self, kind: Kind, node: Text, known: Iterable[str], otherwise: str) -> Unreadable:
        """A name of the kind that nothing has; no finding where the part that would declare it can't be read."""
        unreadable = kind in self.unsound and not self.names[kind]
        self.unsound.add(kind)
        self.missed[kind].append(node.value)
        if unreadable:
            return Unreadable()
        return self.unknown(f"unknown-{kind.name.lower()}", node, CHINESE[kind], known, otherwise)

    def is_mentioned(self, kind: Kind, name: str) -> bool:
        """Something uses the name or, where not all could be read, might: it stands somewhere, or nearly."""
        if name in self.used[kind]:
            return True
        elsewhere = bool(self.findings) and self.texts[name] > 1
        return elsewhere or any(self.nearest(missed, [name]) for missed in self.missed[kind])

    @cached_property
    def texts(self) -> Counter[str]:
        """How often each text stands in the file."""
        return Counter(texts(self.root))

    @cached_property
    def headings(self) -> frozenset[str]:
        """Clauses that stand above entries: 三 and 三(四) above 三(四)1."""
        return frozenset(
            entry[: part.start()] for entry in self.names[Kind.CLAUSE] for part in re.finditer(r"[(0-9]", entry)
        )

    # ---- parts -------------------------------------------------------------------------------------------------------

    def each_keyed(self, kind: Kind, shape: Readable[T], *, free_names: bool = False) -> Iterator[tuple[str, T]]:
        """Name and value of each readable entry of a part that is a mapping."""
        for name, entry in self.entries_of(kind).items():
            if not free_names and not ID_FORM.match(name):
                self.unsound.add(kind)
                self.fault("bad-id", entry.key, f"“{name}”不能作{CHINESE[kind]}的名称", ID_REMEDY)
            yield from self.owned(kind, name, entry.value, shape)

    def entries_of(self, kind: Kind) -> dict[str, Entry]:
        """The entries of a part that is a mapping; {} where it is missing or none."""
        part = self.root.get(kind.value)
        if part is None:
            return {}
        if isinstance(part, Keyed) and part.entries:
            return part.entries
        self.unsound.add(kind)
        self.fault("not-a-mapping", part, f"{kind.value} 应写成“名称: 内容”", "每个名称一行，内容缩进或写在花括号里")
        return {}

    def each_listed(self, kind: Kind, shape: Readable[T]) -> Iterator[tuple[str, T]]:
        """Id ("" without one) and value of each readable entry of a part that is a list; no id stands twice."""
        part = self.root.get(kind.value)
        if part is not None and not (isinstance(part, Listing) and part.items):
            self.unsound.add(kind)
            self.fault("not-a-list", part, f"{kind.value} 应是列表，至少有一项", "每项一行，行首写“- ”")
        for item in part.items if isinstance(part, Listing) else ():
            name = item.get("id") if isinstance(item, Keyed) else None
            if isinstance(name, Text) and self.names[kind][name.value] is not item:
                self.unsound.add(kind)
                self.fault("duplicate-id", name, f"{CHINESE[kind]}“{name.value}”已经有了", "每一项用不同的 id")
            yield from self.owned(kind, name.value if isinstance(name, Text) else "", item, shape)

    def owned(self, kind: Kind, name: str, node: Node, shape: Readable[T]) -> Iterator[tuple[str, T]]:
        """The entry's value under its name, if it has one; it owns what is unnamed in it."""
        self.owner = name
        try:
            yield name, shape.read(node, self)
        except Unreadable:
            self.unsound.add(kind)
        self.owner = ""

    def single(self, key: str, shape: Readable[T], default: T) -> T:
        """A part that is one thing; where it is missing or unreadable, the default."""
        node = self.root.get(key)
        if node is None:
            return default
        self.owner = ""
        try:
            return shape.read(node, self)
        except Unreadable:
            return default

    def node(self, kind: Kind, name: str, *keys: str) -> Node:
        """Where an entry stands, or what stands under its keys, as far down as there are such."""
        node = self.names[kind].get(name, self.root)
        for key in keys:
            deeper = node.get(key) if isinstance(node, Keyed) else None
            node = deeper or node
        return node

    def declared(self, kind: Kind, name: str) -> Node:
        """Where a name is declared: its key in a part that is a mapping, else its entry."""
        part = self.root.get(kind.value)
        return part.entries[name].key if isinstance(part, Keyed) else self.node(kind, name)

    def part(self, kind: Kind) -> Node:
        """Where a whole part stands; the file where it is missing."""
        return self.root.get(kind.value) or self.root

    def item(self, kind: Kind, number: int) -> Node:
        """Where the so-many-eth entry of a list stands, from 0."""
        part = self.part(kind)
        return part.items[number] if isinstance(part, Listing) else part


def near_miss(word: str, known: Iterable[str]) -> str:
    """ "是否想写“…”？" with the nearest known words, else nothing."""
    from difflib import get_close_matches  # only a fault needs it

    words = list(dict.fromkeys(known))
    nearest = get_close_matches(word, words, n=2, cutoff=0.6)
    if not nearest and len(word) > 3:
        nearest = [other for other in words if word in other or (len(other) > 3 and other in word)][:2]
    return f"是否想写{'或'.join(f'“{other}”' for other in nearest)}？" if nearest else ""


def _glued_names(word: str) -> str:
    return "各项之间用半角逗号隔开" if re.search("[，、；]", word) else ""


def _declared(kind: Kind, root: Keyed) -> Iterator[tuple[str, Node]]:
    """Ids that a part declares, each once: keys of a mapping, or `id` of the mappings in a list."""
    part = root.get(kind.value)
    if isinstance(part, Keyed) and kind not in LISTED:
        yield from ((key, entry.value) for key, entry in part.entries.items())
    seen: set[str] = set()
    for item in part.items if isinstance(part, Listing) and kind in LISTED else ():
        name = item.get("id") if isinstance(item, Keyed) else None
        if isinstance(name, Text) and name.value not in seen:
            seen.add(name.value)
            yield name.value, item
