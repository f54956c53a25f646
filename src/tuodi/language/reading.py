"""What is known while one policy file is read: what it declares, what has been used, what is wrong so far."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tuodi.core.finding import Finding, Place
from tuodi.language.model import Fact, ParameterHole, Quantity
from tuodi.language.tree import Keyed, Listing, Node, Text

if TYPE_CHECKING:
    from tuodi.language.shapes import Shape

T = TypeVar("T")
ID_FORM = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z", re.ASCII)


class Kind(Enum):
    """What a name may name. The value is the part that declares it."""

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


CHINESE: Mapping[Kind, str] = {
    Kind.CLASS: "人员类别",
    Kind.GROUP: "服务类别",
    Kind.LIST: "病种目录",
    Kind.CATALOGUE: "项目目录",
    Kind.CONDITION: "一般条件",
    Kind.FACT: "事实",
    Kind.QUANTITY: "费用口径",
    Kind.COUNT: "累计",
    Kind.LAYER: "层次",
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


class Reading:
    """One policy file while it is read. Faults are collected here; nothing is printed, nothing is raised to the caller.

    `names` are the declared ids by kind, in the order of the file; `used` those that something refers to. `owner` is
    the entry that is being read: unnamed quantities are named after it.
    """

    def __init__(self, root: Keyed, folder: Path, files: Mapping[str, bytes]) -> None:
        self.root = root
        self.folder = folder
        self.file = str(folder / "policy.yaml")
        self.files = files
        self.used_files: set[str] = set()
        self.is_plan = "plan" in root.entries
        self.findings: list[Finding] = []
        self.names: dict[Kind, dict[str, Node]] = {kind: _declared(root.get(kind.value)) for kind in Kind}
        self.used: dict[Kind, set[str]] = defaultdict(set)
        self.unsound: set[Kind] = set()
        self.cited: dict[str, list[str]] = {}
        self.facts: dict[str, Fact] = {}
        self.parameters: dict[str, ParameterHole] = {}
        self.groups: dict[str, frozenset[str]] = {}
        self.inline: dict[str, Quantity] = {}
        self.dated: list[tuple[date, Node]] = []
        self.owner = ""

    def fault(self, code: str, node: Node, message: str, remedy: str = "") -> Unreadable:
        """Writes the finding down; the caller raises what comes back where no value can be made."""
        place = Place(file=self.file, line=node.line, column=node.column)
        self.findings.append(Finding(code=code, message=message, place=place, remedy=remedy))
        return Unreadable()

    def each_keyed(self, kind: Kind, shape: Shape[T], *, free_names: bool = False) -> Iterator[tuple[str, T]]:
        """Name and value of each readable entry of a part that is a mapping. Each owns what is unnamed in it."""
        part = self.root.get(kind.value)
        if part is None:
            return
        if not isinstance(part, Keyed):
            self.unsound.add(kind)
            self.fault(
                "not-a-mapping", part, f"{kind.value} 应写成“名称: 内容”", "每个名称一行，内容缩进或写在花括号里"
            )
            return
        for name, entry in part.entries.items():
            if not free_names:
                self.check_id(entry.key, kind)
            yield from self.owned(kind, name, entry.value, shape)

    def each_listed(self, kind: Kind, shape: Shape[T]) -> Iterator[tuple[str, T]]:
        """Id ("" without one) and value of each readable entry of a part that is a list; ids are told apart."""
        part = self.root.get(kind.value)
        if part is None:
            return
        if not isinstance(part, Listing):
            self.unsound.add(kind)
            self.fault("not-a-list", part, f"{kind.value} 应是列表", "每项一行，行首写“- ”")
            return
        for item in part.items:
            name = item.get("id") if isinstance(item, Keyed) else None
            if isinstance(name, Text) and self.names[kind].get(name.value) is not item:
                self.fault("duplicate-id", name, f"{CHINESE[kind]}“{name.value}”已经有了", "每一项用不同的 id")
                self.unsound.add(kind)
            yield from self.owned(kind, name.value if isinstance(name, Text) else "", item, shape)

    def owned(self, kind: Kind, name: str, node: Node, shape: Shape[T]) -> Iterator[tuple[str, T]]:
        self.owner = name
        try:
            yield name, shape.read(node, self)
        except Unreadable:
            self.unsound.add(kind)
        self.owner = ""

    def check_id(self, key: Text, kind: Kind) -> None:
        if not ID_FORM.match(key.value):
            self.unsound.add(kind)
            remedy = "用小写英文字母、数字和单个下划线，以字母开头"
            self.fault("bad-id", key, f"“{key.value}”不能作{CHINESE[kind]}的名称", remedy)

    def key_of(self, part: str, name: str) -> Text:
        """The key under which a mapping declares the name."""
        found = self.root.get(part)
        assert isinstance(found, Keyed)
        return found.entries[name].key

    def beside(self, file: str) -> str:
        """The path of another file of the policy, as messages write it."""
        return str(self.folder / file)

    def use(self, kind: Kind, node: Text) -> str:
        """The name in the node, which must be declared; it counts as used."""
        if node.value not in self.names[kind]:
            self.unsound.add(kind)
            raise self.unknown(node, CHINESE[kind], self.names[kind], f"在 {kind.value} 中声明它")
        self.used[kind].add(node.value)
        return node.value

    def unknown(self, node: Text, what: str, known: Iterable[str], otherwise: str, code: str = "") -> Unreadable:
        remedy = near_miss(node.value, known) or otherwise
        return self.fault(
            code or f"unknown-{_CODES.get(what, 'name')}", node, f"没有名为“{node.value}”的{what}", remedy
        )


_CODES = {word: kind.name.lower() for kind, word in CHINESE.items()} | {
    "身份": "status",
    "服务": "service",
    "键": "key",
    "词": "word",
    "计费基数": "operand",
    "层": "layer",
}


def near_miss(word: str, known: Iterable[str]) -> str:
    """ "是否想写“…”？" with the nearest known words, else nothing."""
    from difflib import get_close_matches  # only a fault needs it

    words = list(known)
    nearest = get_close_matches(word, words, n=2, cutoff=0.6)
    if not nearest:
        nearest = [other for other in words if len(word) > 3 and (word in other or other in word)][:2]
    return f"是否想写{'或'.join(f'“{other}”' for other in nearest)}？" if nearest else ""


def _declared(part: Node | None) -> dict[str, Node]:
    """Ids that a part declares: keys of a mapping, or `id` of the mappings in a list."""
    if isinstance(part, Keyed):
        return {key: entry.value for key, entry in part.entries.items()}
    if not isinstance(part, Listing):
        return {}
    found: dict[str, Node] = {}
    for item in part.items:
        name = item.get("id") if isinstance(item, Keyed) else None
        if isinstance(name, Text):
            found.setdefault(name.value, item)
    return found
