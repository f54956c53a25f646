"""YAML to a tree, without a single guess.

Every scalar stays text. Whatever makes YAML surprising is refused instead of inherited: duplicate keys, anchors,
aliases, tags, merge keys, tabs, several documents, plain text over several lines, and values that a comma or a `#`
seems to have cut. All findings of a file are collected; only what leaves no whole tree ends the reading early.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import yaml

from tuodi.core.finding import Faults, Finding, Place
from tuodi.language.tree import Entry, Keyed, Listing, Node, Text

_Parser: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""PyYAML's C half where it was built, else the same events from its Python half, some ten times slower."""

LARGEST_BYTES = 500_000
DEEPEST = 40


class Read(NamedTuple):
    """The tree of a file, and what is wrong with its YAML all the same."""

    root: Node
    findings: tuple[Finding, ...]


def read_tree(content: bytes, file: str) -> Node:
    """The tree of one YAML document; of an empty file an empty mapping. Raises Faults with everything that is wrong."""
    root, findings = read_what_can_be(content, file)
    if findings:
        raise Faults(findings)
    return root


def read_what_can_be(content: bytes, file: str) -> Read:
    """The same, with the findings beside the tree where they leave a whole one; raises Faults where they don't."""
    builder = _Builder(_decoded(content, file), file)
    builder.refuse_tabs()
    try:
        builder.run()
    except yaml.YAMLError as error:
        builder.findings.append(_syntax_finding(error, file))
        raise Faults(builder.findings) from None
    except _UnreadableRest:
        raise Faults(builder.findings) from None
    return Read(builder.root or Keyed(entries={}, line=1, column=1), tuple(builder.findings))


def _decoded(content: bytes, file: str) -> str:
    if len(content) > LARGEST_BYTES:
        message = f"文件有 {len(content):,} 字节，超过上限 {LARGEST_BYTES:,} 字节"
        raise Faults(
            [Finding(code="file-too-large", message=message, place=Place(file=file), remedy="政策文件应是人写的文本")]
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(file=file, line=content.count(b"\n", 0, error.start) + 1)
        raise Faults(
            [Finding(code="not-utf-8", message="文件不是 UTF-8 编码", place=place, remedy="另存为 UTF-8 编码")]
        ) from None


class _UnreadableRest(Exception):
    """The rest of the file can't be read; why is among the findings."""


class _Frame:
    """A collection that is still open. `key` is the pending key of a mapping; `flow`: written in braces."""

    __slots__ = ("entries", "flow", "items", "key", "mark")

    def __init__(self, event: Any) -> None:
        self.mark = event.start_mark
        self.flow = event.flow_style
        self.entries: dict[str, Entry] | None = {} if isinstance(event, yaml.MappingStartEvent) else None
        self.items: list[Node] = []
        self.key: Node | None = None


class _Builder:
    """Turns the parser's events into one tree."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.findings: list[Finding] = []
        self.root: Node | None = None
        self.stack: list[_Frame] = []
        self.documents = 0
        self.glued = _glued_comments(text)

    def refuse_tabs(self) -> None:
        if "\t" in self.text:
            for number, line in enumerate(self.text.split("\n"), 1):
                if "\t" in line:
                    self.fault("tab", number, line.index("\t") + 1, "这里有制表符，看不出缩进多少", "换成空格")

    def run(self) -> None:
        parser = _Parser(self.text)
        handlers: Mapping[type[yaml.Event], Callable[[Any], None]] = {
            yaml.ScalarEvent: self.on_scalar,
            yaml.MappingStartEvent: self.on_start,
            yaml.SequenceStartEvent: self.on_start,
            yaml.MappingEndEvent: self.on_end,
            yaml.SequenceEndEvent: self.on_end,
            yaml.AliasEvent: self.on_alias,
            yaml.DocumentStartEvent: self.on_document,
        }
        while parser.check_event():
            event = parser.get_event()
            handler = handlers.get(type(event))
            if handler:
                handler(event)

    # ---- events ------------------------------------------------------------------------------------------------------

    def on_document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self.at(event, "several-documents", "一个文件里有不止一份 YAML 文档（---）", "拆成几个文件，或删去 ---")
            raise _UnreadableRest

    def on_scalar(self, event: Any) -> None:
        start = event.start_mark
        node = Text(event.value, start.line + 1, start.column + 1, not event.style)
        if event.anchor or event.tag:
            self.refuse_extras(event)
        if node.plain:
            self.check_plain(event, node)
        self.place(node)

    def on_start(self, event: Any) -> None:
        if event.anchor or event.tag:
            self.refuse_extras(event)
        if len(self.stack) >= DEEPEST:
            self.at(event, "too-deep", f"嵌套超过 {DEEPEST} 层", "政策文件用不到这么深的嵌套")
            raise _UnreadableRest
        self.stack.append(_Frame(event))

    def on_end(self, _event: Any) -> None:
        frame = self.stack.pop()
        line, column = frame.mark.line + 1, frame.mark.column + 1
        if frame.entries is None:
            self.place(Listing(tuple(frame.items), line, column))
        else:
            self.place(Keyed(frame.entries, line, column))

    def on_alias(self, event: Any) -> None:
        self.at(event, "anchor", f"不用锚点与引用（*{event.anchor}）", "把内容照写一遍，或用语言自己的名称引用")
        raise _UnreadableRest

    # ---- the tree ----------------------------------------------------------------------------------------------------

    def place(self, node: Node) -> None:
        """The node as the next key, value or item of the innermost open collection."""
        if not self.stack:
            self.root = node
            return
        frame = self.stack[-1]
        if frame.entries is None:
            frame.items.append(node)
        elif frame.key is None:
            frame.key = node
        else:
            key, frame.key = frame.key, None
            entry = self.checked_entry(key, node, frame)
            if entry and entry.key.value not in frame.entries:
                frame.entries[entry.key.value] = entry

    def checked_entry(self, key: Node, node: Node, frame: _Frame) -> Entry | None:
        """The entry, with what YAML would let pass refused; None if nothing is left of it."""
        if not isinstance(key, Text):
            self.fault(
                "odd-key", key.line, key.column, "键必须是一个词，这里是一个列表或映射", "检查花括号、方括号是否配对"
            )
            return None
        if key.value == "<<" and key.plain:
            self.fault("merge-key", key.line, key.column, "不用合并键（<<）", "把内容照写一遍")
            return None
        if frame.flow and isinstance(node, Text) and node.plain and not node.value:
            return self.lost_value(key)
        earlier = frame.entries.get(key.value) if frame.entries else None
        if earlier:
            message = f"“{key.value}”在第 {earlier.key.line} 行已经写过"
            self.fault("duplicate-key", key.line, key.column, message, "删去其中一个；YAML 会悄悄只留后一个")
        return Entry(key, node)

    # ---- what YAML would let pass ------------------------------------------------------------------------------------

    def refuse_extras(self, event: Any) -> None:
        if event.anchor:
            self.at(event, "anchor", f"不用锚点与引用（&{event.anchor}）", "把内容照写一遍，或用语言自己的名称引用")
        if event.tag:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.at(event, "tag", f"不用类型标记（{tag}）", "删去标记；每个值的类型由政策语言规定")

    def check_plain(self, event: Any, node: Text) -> None:
        end = event.end_mark
        if end.line != event.start_mark.line and node.value:
            self.at(event, "folded-text", "没有引号的文字跨了几行，换行会变成空格", "写在一行里，或加引号")
        column = self.glued.get(end.line)
        if column is not None and not self.text.split("\n")[end.line][end.column : column].strip():
            message = f"“{node.value}”后面的 # 起被当作注释，值可能被截断了"
            self.fault("cut-at-hash", end.line + 1, column + 1, message, "值要含 # 就加引号；是注释就在 # 后空一格")

    def lost_value(self, key: Text) -> Entry | None:
        """The entry that `{key:value}` was meant to be; a key without value in braces is none."""
        name, colon, value = key.value.partition(":")
        if colon and key.plain:
            self.fault("glued-colon", key.line, key.column, f"“{key.value}”的冒号后面没有空格", "冒号后面空一格")
            meant = key._replace(value=value, column=key.column + len(name) + 1)
            return Entry(key._replace(value=name), meant)
        message = f"花括号里的“{key.value}”没有值，也许是前一个值被逗号截断了"
        self.fault("cut-at-comma", key.line, key.column, message, "值里有半角逗号就加引号，或改用全角逗号")
        return None

    def at(self, event: Any, code: str, message: str, remedy: str) -> None:
        mark = event.start_mark
        self.fault(code, mark.line + 1, mark.column + 1, message, remedy)

    def fault(self, code: str, line: int, column: int, message: str, remedy: str) -> None:
        place = Place(file=self.file, line=line, column=column)
        self.findings.append(Finding(code=code, message=message, place=place, remedy=remedy))


_GLUED = re.compile(r" (#)[^\s#]")


def _glued_comments(text: str) -> dict[int, int]:
    """Line -> column, from 0, of the first ` #` that text follows at once: by rule a comment, by looks a cut."""
    if not _GLUED.search(text):
        return {}
    found = ((number, _GLUED.search(line)) for number, line in enumerate(text.split("\n")))
    return {number: match.start(1) for number, match in found if match}


_PROBLEMS = (
    ("mapping values are not allowed", "这里多了一个冒号", "文字里有“: ”时加引号；检查缩进"),
    ("could not find expected ':'", "这一行缺冒号", "键后面写半角冒号和空格"),
    ("did not find expected ',' or", "括号里的各项没有用逗号隔开，或括号没有合上", "检查逗号和括号是否配对"),
    ("did not find expected key", "缩进与上文对不上，或引号没有合上", "同一层的键对齐到同一列"),
    ("did not find expected '-' indicator", "列表的各项没有对齐", "同一列表的“-”对齐到同一列"),
    ("expected <block end>", "缩进与上文对不上", "同一层的键对齐到同一列"),
    ("found unexpected end of stream", "文件结束时引号还没有合上", "补上引号"),
    ("cannot start any token", "这个字符不能开头", "给值加引号"),
    ("control characters are not allowed", "文件里有控制字符", "删去不可见的字符"),
    ("special characters are not allowed", "文件里有控制字符", "删去不可见的字符"),
    ("block sequence entries are not allowed", "这里不能有列表的“-”", "列表另起一行，或写成 [甲, 乙]"),
)


def _syntax_finding(error: yaml.YAMLError, file: str) -> Finding:
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    mark = getattr(error, "problem_mark", None)
    place = Place(file=file, line=mark.line + 1, column=mark.column + 1) if mark else Place(file=file)
    known = ((message, remedy) for text, message, remedy in _PROBLEMS if text in problem)
    usual = (f"YAML 写法有误：{problem}", "检查这一行和上一行的缩进、冒号、引号、括号")
    message, remedy = next(known, usual)
    return Finding(code="yaml-syntax", message=message, place=place, remedy=remedy)
