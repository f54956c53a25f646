"""Shapes: what a piece of the file must look like, how it is read, and how an editor's JSON Schema says the same.

A shape reads a node into a value, or writes its findings into the reading and raises Unreadable. Every part of the
language is put together from these few; nothing else looks at nodes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from tuodi.language.reading import CHINESE, Kind, Reading, Unreadable
from tuodi.language.tree import Keyed, Listing, Node, Text, is_nothing

T = TypeVar("T")
Schema = dict[str, Any]


class Shape(ABC, Generic[T]):
    """`read` makes the value; `schema` tells the form, with shared definitions by name in `defs`."""

    @abstractmethod
    def read(self, node: Node, reading: Reading) -> T:
        """The value. Raises Unreadable when there is none; its findings are in the reading."""

    @abstractmethod
    def schema(self, defs: dict[str, Schema]) -> Schema:
        """The JSON Schema of the form."""


# ---- scalars ---------------------------------------------------------------------------------------------------------


class Scalar(Shape[T]):
    """One text, typed by `parse`. `what` names it in messages."""

    def __init__(self, what: str, parse: Callable[[Text, Reading], T], schema: Schema) -> None:
        self.what = what
        self.parse = parse
        self.form = schema

    def read(self, node: Node, reading: Reading) -> T:
        return self.parse(text_of(node, self.what, reading), reading)

    def schema(self, defs: dict[str, Schema]) -> Schema:  # noqa: ARG002
        return self.form


def text_of(node: Node, what: str, reading: Reading) -> Text:
    """The node as a text that is there; a list, a mapping or nothing is a fault."""
    if not isinstance(node, Text):
        raise reading.fault("not-a-text", node, f"这里应是{what}，写成了{form_of(node)}", f"写一个{what}")
    if is_nothing(node):
        raise reading.fault("nothing", node, f"这里应有{what}，却是空的", f"写上{what}，或删去这个键")
    return node


def form_of(node: Node) -> str:
    """The node's form in Chinese."""
    return "文字" if isinstance(node, Text) else "列表" if isinstance(node, Listing) else "映射"


class Words(Shape[T]):
    """One word of a closed list. `code` is the finding's where the word isn't in it."""

    def __init__(self, what: str, words: Mapping[str, T], code: str = "unknown-word") -> None:
        self.what = what
        self.words = words
        self.code = code

    def read(self, node: Node, reading: Reading) -> T:
        text = text_of(node, self.what, reading)
        if text.value not in self.words:
            listed = f"可写：{'、'.join(self.words)}"
            raise reading.unknown(text, self.what, self.words, listed, self.code)
        return self.words[text.value]

    def schema(self, defs: dict[str, Schema]) -> Schema:  # noqa: ARG002
        return {"enum": list(self.words)}


class Name(Shape[str]):
    """The id of something that the file declares."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def read(self, node: Node, reading: Reading) -> str:
        return reading.use(self.kind, text_of(node, f"{CHINESE[self.kind]}的名称", reading))

    def schema(self, defs: dict[str, Schema]) -> Schema:  # noqa: ARG002
        return {"type": "string"}


# ---- collections -----------------------------------------------------------------------------------------------------


class Several(Shape[tuple[T, ...]]):
    """A list. Where `one_will_do`, a single item may stand for a list of one."""

    def __init__(self, item: Shape[T], *, one_will_do: bool = False) -> None:
        self.item = item
        self.one_will_do = one_will_do

    def read(self, node: Node, reading: Reading) -> tuple[T, ...]:
        if self.one_will_do and not isinstance(node, Listing):
            return (self.item.read(node, reading),)
        return tuple(read_each(self.item, items_of(node, reading), reading))

    def schema(self, defs: dict[str, Schema]) -> Schema:
        item = self.item.schema(defs)
        listing = {"type": "array", "items": item, "minItems": 1}
        return {"anyOf": [item, listing]} if self.one_will_do else listing


def items_of(node: Node, reading: Reading) -> tuple[Node, ...]:
    """The items of a list that is not empty."""
    if not isinstance(node, Listing):
        raise reading.fault(
            "not-a-list", node, f"这里应是列表，写成了{form_of(node)}", "写成 [甲, 乙] 或每项一行，行首写“- ”"
        )
    if not node.items:
        raise reading.fault("nothing", node, "列表是空的", "写上至少一项，或删去这个键")
    return node.items


def read_each(item: Shape[T], nodes: tuple[Node, ...], reading: Reading) -> list[T]:
    """All items, so that each one's faults are found; Unreadable if one of them has none."""
    values: list[T] = []
    broken = False
    for node in nodes:
        try:
            values.append(item.read(node, reading))
        except Unreadable:
            broken = True
    if broken:
        raise Unreadable
    return values


class Pairs(Shape[tuple[tuple[str, T], ...]]):
    """A mapping whose keys are names of the writer's choice or of something declared; in the order of the file."""

    def __init__(self, key: Shape[str], value: Shape[T]) -> None:
        self.key = key
        self.value = value

    def read(self, node: Node, reading: Reading) -> tuple[tuple[str, T], ...]:
        pairs: list[tuple[str, T]] = []
        broken = False
        for entry in keyed_of(node, reading).entries.values():
            try:
                pairs.append((self.key.read(entry.key, reading), self.value.read(entry.value, reading)))
            except Unreadable:
                broken = True
        if broken:
            raise Unreadable
        return tuple(pairs)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        names = self.key.schema(defs)
        return {
            "type": "object",
            "propertyNames": names,
            "additionalProperties": self.value.schema(defs),
            "minProperties": 1,
        }


def keyed_of(node: Node, reading: Reading) -> Keyed:
    """The node as a mapping that is not empty."""
    if not isinstance(node, Keyed):
        raise reading.fault("not-a-mapping", node, f"这里应是“键: 值”，写成了{form_of(node)}", "冒号后面空一格")
    if not node.entries:
        raise reading.fault("nothing", node, "花括号里是空的", "写上至少一项，或删去这个键")
    return node


# ---- records ---------------------------------------------------------------------------------------------------------


class Key(NamedTuple):
    """A key of a record. `into` is the argument of `build`, the key's own name by default."""

    name: str
    shape: Shape[Any]
    required: bool = False
    into: str = ""


class Complaint(NamedTuple):
    """What a record's rule finds wrong, at one of its keys or at the whole."""

    key: str
    code: str
    message: str
    remedy: str


class Record(Shape[T]):
    """A mapping with known keys. All its keys are read, so that all faults are found, before anything is built.

    `what` names it in messages. `rules` look at the built value. A record with an `id` owns what is unnamed in it.
    """

    def __init__(
        self, what: str, *keys: Key, build: Callable[..., T], rules: Callable[[T], Iterator[Complaint]] | None = None
    ) -> None:
        self.what = what
        self.keys = {key.name: key for key in keys}
        self.required = [key.name for key in keys if key.required]
        self.build = build
        self.rules = rules

    def read(self, node: Node, reading: Reading) -> T:
        keyed = self.checked(node, reading)
        values: dict[str, Any] = {}
        broken = False
        for name, entry in keyed.entries.items():
            key = self.keys.get(name)
            try:
                if key is None:
                    listed = f"可写的键：{'、'.join(self.keys)}"
                    raise reading.unknown(entry.key, f"{self.what}的键", self.keys, listed, "unknown-key")
                values[key.into or name] = key.shape.read(entry.value, reading)
            except Unreadable:
                broken = True
        if self.missing(keyed, reading) or broken:
            raise Unreadable
        return self.built(keyed, values, reading)

    def checked(self, node: Node, reading: Reading) -> Keyed:
        if isinstance(node, Keyed) and node.entries:
            return node
        first = self.required[0] if self.required else next(iter(self.keys))
        message = f"{self.what}应写成“键: 值”，这里是{'空的' if isinstance(node, Keyed) or is_nothing(node) else form_of(node)}"
        raise reading.fault("not-a-mapping", node, message, f"例如 {first}: …")

    def missing(self, keyed: Keyed, reading: Reading) -> bool:
        absent = [name for name in self.required if name not in keyed.entries]
        for name in absent:
            reading.fault("missing-key", keyed, f"{self.what}缺少 {name}", f"补上 {name}: …")
        return bool(absent)

    def built(self, keyed: Keyed, values: dict[str, Any], reading: Reading) -> T:
        value = self.build(**values)
        complaints = list(self.rules(value)) if self.rules else []
        for complaint in complaints:
            node = keyed.get(complaint.key) or keyed
            reading.fault(complaint.code, node, complaint.message, complaint.remedy)
        if complaints:
            raise Unreadable
        return value

    def schema(self, defs: dict[str, Schema]) -> Schema:
        properties = {name: key.shape.schema(defs) for name, key in self.keys.items()}
        schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        return schema | ({"required": self.required} if self.required else {"minProperties": 1})


# ---- choices of form -------------------------------------------------------------------------------------------------


class Forms(Shape[T]):
    """Another shape for each form: a text, a list, a mapping. A form without a shape is a fault."""

    def __init__(
        self, what: str, *, text: Shape[T] | None = None, listing: Shape[T] | None = None, keyed: Shape[T] | None = None
    ) -> None:
        self.what = what
        self.shapes: dict[type, Shape[T]] = {
            form: shape for form, shape in ((Text, text), (Listing, listing), (Keyed, keyed)) if shape
        }

    def read(self, node: Node, reading: Reading) -> T:
        shape = self.shapes.get(type(node))
        if shape is None:
            raise reading.fault("wrong-form", node, f"{self.what}不能写成{form_of(node)}", "对照语言说明改写")
        return shape.read(node, reading)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [shape.schema(defs) for shape in self.shapes.values()]}


class Variants(Shape[T]):
    """Mappings told apart by a key: the first of `variants` that the mapping has."""

    def __init__(self, what: str, variants: Mapping[str, Shape[T]]) -> None:
        self.what = what
        self.variants = variants

    def read(self, node: Node, reading: Reading) -> T:
        keyed = keyed_of(node, reading)
        for key, shape in self.variants.items():
            if key in keyed.entries:
                return shape.read(node, reading)
        first = next(iter(keyed.entries.values())).key
        listed = f"{self.what}可写的键：{'、'.join(self.variants)}"
        raise reading.unknown(first, f"{self.what}的键", self.variants, listed, "unknown-key")

    def schema(self, defs: dict[str, Schema]) -> Schema:
        shapes = {id(shape): shape for shape in self.variants.values()}
        return {"anyOf": [shape.schema(defs) for shape in shapes.values()]}


class Later(Shape[T]):
    """A shape that contains itself; named once in the schema's definitions."""

    def __init__(self, name: str, make: Callable[[], Shape[T]]) -> None:
        self.name = name
        self.make = make
        self.made: Shape[T] | None = None

    def shape(self) -> Shape[T]:
        """The shape, made on first use."""
        if self.made is None:
            self.made = self.make()
        return self.made

    def read(self, node: Node, reading: Reading) -> T:
        return self.shape().read(node, reading)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        if self.name not in defs:
            defs[self.name] = {}
            defs[self.name] = self.shape().schema(defs)
        return {"$ref": f"#/$defs/{self.name}"}


class Nullable(Shape[T | None]):
    """The shape, or an open `null`: "not given" said aloud."""

    def __init__(self, shape: Shape[T]) -> None:
        self.shape = shape

    def read(self, node: Node, reading: Reading) -> T | None:
        if isinstance(node, Text) and node.plain and node.value == "null":
            return None
        return self.shape.read(node, reading)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [{"type": "null"}, self.shape.schema(defs)]}
