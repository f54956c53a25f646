"""Shapes: what a piece of the file must look like, how it is read, and how an editor's JSON Schema says the same.

A shape reads a node into a value, or writes its findings into the reading and raises Unreadable. Every part of the
language is put together from these few; hardly anything else looks at nodes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from tuodi.language.reading import CHINESE, Kind, Reading, Unreadable
from tuodi.language.tree import Entry, Keyed, Listing, Node, Text, is_nothing

T = TypeVar("T")
S = TypeVar("S")
T_co = TypeVar("T_co", covariant=True)
Schema = dict[str, Any]


class Shape(ABC, Generic[T_co]):
    """A form of the language."""

    def read(self, node: Node, reading: Reading) -> T_co:
        """The value. Raises Unreadable when there is none; why is among the reading's findings."""
        return self._read(node, reading)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        """The JSON Schema of the form; definitions that it shares with others are put into `defs`."""
        return self._schema(defs)

    @abstractmethod
    def _read(self, node: Node, reading: Reading) -> T_co: ...

    @abstractmethod
    def _schema(self, defs: dict[str, Schema]) -> Schema: ...


# ---- scalars ---------------------------------------------------------------------------------------------------------


class Scalar(Shape[T_co]):
    """One text, typed by `parse`. `what` names it in messages."""

    def __init__(self, what: str, parse: Callable[[Text, Reading], T_co], schema: Schema) -> None:
        self.what = what
        self.parse = parse
        self.form = schema

    def _read(self, node: Node, reading: Reading) -> T_co:
        return self.parse(text_of(node, self.what, reading), reading)

    def _schema(self, _defs: dict[str, Schema]) -> Schema:
        return self.form


def text_of(node: Node, what: str, reading: Reading) -> Text:
    """The node as a text that is there; a list, a mapping or nothing is a fault."""
    if not isinstance(node, Text):
        raise reading.fault("wrong-form", node, f"这里应是{what}，写成了{form_of(node)}", f"写一个{what}")
    if is_nothing(node):
        raise reading.fault("nothing", node, f"这里应有{what}，却是空的", f"写上{what}，或删去这个键")
    return node


def form_of(node: Node) -> str:
    """The node's form in Chinese."""
    if isinstance(node, Text):
        return "空的" if is_nothing(node) else "文字"
    return "列表" if isinstance(node, Listing) else "映射"


class Words(Shape[T_co]):
    """One word of a closed list. `code` is the finding's where the word isn't in it."""

    def __init__(self, what: str, words: Mapping[str, T_co], code: str = "unknown-word") -> None:
        self.what = what
        self.words = words
        self.code = code

    def _read(self, node: Node, reading: Reading) -> T_co:
        text = text_of(node, self.what, reading)
        if text.value not in self.words:
            raise reading.unknown(self.code, text, self.what, self.words, f"可写：{'、'.join(self.words)}")
        return self.words[text.value]

    def _schema(self, _defs: dict[str, Schema]) -> Schema:
        return {"enum": list(self.words)}


class Name(Shape[str]):
    """The id of something that the file declares."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def _read(self, node: Node, reading: Reading) -> str:
        return reading.use(self.kind, text_of(node, f"{CHINESE[self.kind]}的名称", reading))

    def _schema(self, _defs: dict[str, Schema]) -> Schema:
        return {"type": "string"}


# ---- collections -----------------------------------------------------------------------------------------------------


class Several(Shape[tuple[T_co, ...]]):
    """A list. Where `one_will_do`, a single item may stand for a list of one."""

    def __init__(self, item: Shape[T_co], *, one_will_do: bool = False) -> None:
        self.item = item
        self.one_will_do = one_will_do

    def _read(self, node: Node, reading: Reading) -> tuple[T_co, ...]:
        if self.one_will_do and not isinstance(node, Listing):
            return (self.item.read(node, reading),)
        return read_all(items_of(node, reading), lambda item: self.item.read(item, reading))

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        item = self.item.schema(defs)
        listing = {"type": "array", "items": item, "minItems": 1}
        return {"anyOf": [item, listing]} if self.one_will_do else listing


class Pairs(Shape[tuple[tuple[S, T], ...]]):
    """A mapping whose keys are of the writer's choice, or names; in the order of the file."""

    def __init__(self, key: Shape[S], value: Shape[T]) -> None:
        self.key = key
        self.value = value

    def _read(self, node: Node, reading: Reading) -> tuple[tuple[S, T], ...]:
        def read_pair(entry: Entry) -> tuple[S, T]:
            return self.key.read(entry.key, reading), self.value.read(entry.value, reading)

        return read_all(entries_of(node, reading), read_pair)

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        return {"type": "object", "additionalProperties": self.value.schema(defs), "minProperties": 1}


def items_of(node: Node, reading: Reading) -> tuple[Node, ...]:
    """The items of a list that is not empty."""
    if not isinstance(node, Listing):
        message = f"这里应是列表，写成了{form_of(node)}"
        raise reading.fault("not-a-list", node, message, "写成 [甲, 乙]，或每项一行，行首写“- ”")
    if not node.items:
        raise reading.fault("nothing", node, "列表是空的", "写上至少一项，或删去这个键")
    return node.items


def entries_of(node: Node, reading: Reading) -> tuple[Entry, ...]:
    """The entries of a mapping that is not empty."""
    return tuple(keyed_of(node, "这里", reading).entries.values())


def keyed_of(node: Node, what: str, reading: Reading) -> Keyed:
    """The node as a mapping that is not empty."""
    if not isinstance(node, Keyed):
        wide = isinstance(node, Text) and "：" in node.value
        remedy = "冒号用半角，后面空一格" if wide else "写成 键: 值，几项时各占一行或放进花括号"
        raise reading.fault("not-a-mapping", node, f"{what}应写成“键: 值”，却是{form_of(node)}", remedy)
    if not node.entries:
        raise reading.fault("nothing", node, "花括号里是空的", "写上至少一项，或删去这个键")
    return node


def read_all(nodes: Iterable[S], read: Callable[[S], T]) -> tuple[T, ...]:
    """All of them, so that each one's faults are found; Unreadable if one has no value."""
    values: list[T] = []
    broken = False
    for node in nodes:
        try:
            values.append(read(node))
        except Unreadable:
            broken = True
    if broken:
        raise Unreadable
    return tuple(values)


# ---- records ---------------------------------------------------------------------------------------------------------


class Key(NamedTuple):
    """A key of a record. `into` is the argument of `build`, by default the key's own name."""

    name: str
    shape: Shape[Any]
    required: bool = False
    into: str = ""


class Complaint(NamedTuple):
    """What a record's rule finds wrong, at one of its keys, or ("") at the whole."""

    key: str
    code: str
    message: str
    remedy: str


class Record(Shape[T_co]):
    """A mapping with known keys. All its keys are read, so that all faults are found, before anything is built.

    `what` names it in messages. `rules` look at the built value.
    """

    def __init__(
        self,
        what: str,
        *keys: Key,
        build: Callable[..., T_co],
        rules: Callable[[Any], Iterator[Complaint]] | None = None,
    ) -> None:
        self.what = what
        self.keys = {key.name: key for key in keys}
        self.required = [key.name for key in keys if key.required]
        self.build = build
        self.rules = rules

    def _read(self, node: Node, reading: Reading) -> T_co:
        keyed = keyed_of(node, self.what, reading)
        values: dict[str, Any] = {}
        broken = self.misses_one(keyed, reading)
        for name, entry in keyed.entries.items():
            key = self.keys.get(name)
            try:
                if key is None:
                    raise reading.unknown_key(entry.key, self.what, self.keys)
                values[key.into or name] = key.shape.read(entry.value, reading)
            except Unreadable:
                broken = True
        if broken:
            raise Unreadable
        return self.built(keyed, values, reading)

    def misses_one(self, keyed: Keyed, reading: Reading) -> bool:
        """Whether a required key is missing; each that is becomes a finding."""
        absent = [name for name in self.required if name not in keyed.entries]
        for name in absent:
            reading.fault("missing-key", keyed, f"{self.what}缺少 {name}", f"补上 {name}: …")
        return bool(absent)

    def built(self, keyed: Keyed, values: dict[str, Any], reading: Reading) -> T_co:
        """The value that the keys' values make, if the rules have nothing against it."""
        value = self.build(**values)
        complaints = list(self.rules(value)) if self.rules else []
        for complaint in complaints:
            node = keyed.get(complaint.key) or keyed
            reading.fault(complaint.code, node, complaint.message, complaint.remedy)
        if complaints:
            raise Unreadable
        return value

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        properties = {name: key.shape.schema(defs) for name, key in self.keys.items()}
        schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        return schema | ({"required": self.required} if self.required else {"minProperties": 1})


# ---- choices ---------------------------------------------------------------------------------------------------------


class Forms(Shape[T_co]):
    """Another shape for each form: a text, a list, a mapping. A form without a shape is a fault."""

    def __init__(
        self,
        what: str,
        *,
        text: Shape[T_co] | None = None,
        listing: Shape[T_co] | None = None,
        keyed: Shape[T_co] | None = None,
    ) -> None:
        self.what = what
        forms = ((Text, text), (Listing, listing), (Keyed, keyed))
        self.shapes: dict[type, Shape[T_co]] = {form: shape for form, shape in forms if shape}

    def _read(self, node: Node, reading: Reading) -> T_co:
        shape = self.shapes.get(type(node))
        if shape is None:
            raise reading.fault("wrong-form", node, f"{self.what}不能写成{form_of(node)}", "对照语言说明改写")
        return shape.read(node, reading)

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [shape.schema(defs) for shape in self.shapes.values()]}


class Variants(Shape[T_co]):
    """Mappings told apart by a key: the first of `variants` that the mapping has."""

    def __init__(self, what: str, variants: Mapping[str, Shape[T_co]]) -> None:
        self.what = what
        self.variants = variants

    def _read(self, node: Node, reading: Reading) -> T_co:
        keyed = keyed_of(node, self.what, reading)
        for key, shape in self.variants.items():
            if key in keyed.entries:
                return shape.read(node, reading)
        first = next(iter(keyed.entries.values())).key
        raise reading.unknown_key(first, self.what, self.variants)

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        shapes = {id(shape): shape for shape in self.variants.values()}
        return {"anyOf": [shape.schema(defs) for shape in shapes.values()]}


class Into(Shape[T_co]):
    """Another shape's value, made into something."""

    def __init__(self, shape: Shape[Any], build: Callable[[Any], T_co]) -> None:
        self.shape = shape
        self.build = build

    def _read(self, node: Node, reading: Reading) -> T_co:
        return self.build(self.shape.read(node, reading))

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        return self.shape.schema(defs)


class Later(Shape[T_co]):
    """A shape that contains itself, made on first use; its schema is a definition of that name."""

    def __init__(self, name: str, make: Callable[[], Shape[T_co]]) -> None:
        self.name = name
        self.make = make
        self.made: Shape[T_co] | None = None

    def shape(self) -> Shape[T_co]:
        """The shape itself."""
        if self.made is None:
            self.made = self.make()
        return self.made

    def _read(self, node: Node, reading: Reading) -> T_co:
        return self.shape().read(node, reading)

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        if self.name not in defs:
            defs[self.name] = {}
            defs[self.name] = self.shape().schema(defs)
        return {"$ref": f"#/$defs/{self.name}"}


class Word(Shape[T_co]):
    """One word with a meaning of its own beside another shape: `none` for a limit, `null` for a default, `everyone`."""

    def __init__(self, words: Mapping[str, T_co], shape: Shape[T_co]) -> None:
        self.words = words
        self.shape = shape

    def _read(self, node: Node, reading: Reading) -> T_co:
        if isinstance(node, Text) and node.plain and node.value in self.words:
            return self.words[node.value]
        return self.shape.read(node, reading)

    def _schema(self, defs: dict[str, Schema]) -> Schema:
        written = [None if word == "null" else word for word in self.words]
        return {"anyOf": [{"enum": written}, self.shape.schema(defs)]}
