"""YAML without a guess: text stays text, and whatever surprises is refused."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tuodi.core.finding import Faults
from tuodi.language import reader
from tuodi.language.reader import DEEPEST, LARGEST_BYTES, read_tree, read_what_can_be
from tuodi.language.tree import Keyed, Listing, Node, Text

SPECIMEN = Path(__file__).parent / "specimen" / "policy.yaml"


def plain(node: Node) -> Any:
    """The tree without its places."""
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    return {key: plain(entry.value) for key, entry in node.entries.items()}


def faults(text: str | bytes) -> list[tuple[str, int, int]]:
    """Code, line and column of each finding."""
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(Faults) as caught:
        read_tree(content, "policy.yaml")
    assert all(finding.remedy for finding in caught.value.findings)
    return [(finding.code, finding.place.line, finding.place.column) for finding in caught.value.findings]


@pytest.mark.parametrize(
    "written", ["no", "0.70", "2022-12-27", "1_000", "0o17", "null", "~", "1e3", ".inf", "12:30:00"]
)
def test_a_scalar_stays_the_text_that_it_is(written: str) -> None:
    assert {"a": written} == plain(read_tree(f"a: {written}".encode(), ""))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("# nothing\n", {}),
        ("a:\n  - b\n  - {c: d}\n", {"a": ["b", {"c": "d"}]}),
        ("---\na: 1\n", {"a": "1"}),
        ("\ufeffa: 1\n", {"a": "1"}),
        ("a: 'it''s'\nb: \"x\\ty\"\nc: |\n  两\n  行\n", {"a": "it's", "b": "x\ty", "c": "两\n行\n"}),
        ("a: x # a comment\n", {"a": "x"}),
        ("a: x#1\n", {"a": "x#1"}),
        ("a: 'x' #comment\n", {"a": "x"}),
        ("{a: '', b: ~}", {"a": "", "b": "~"}),
        ("a:\n", {"a": ""}),
        ("just words", "just words"),
    ],
)
def test_what_is_written_is_read(text: str, expected: object) -> None:
    assert expected == plain(read_tree(text.encode(), ""))


def test_every_node_knows_its_line_and_column_in_characters() -> None:
    root = read_tree("甲: 乙\n丙:\n  - 丁: {戊: 己}\n".encode(), "")

    assert isinstance(root, Keyed)
    assert Text("乙", 1, 4, plain=True) == root.get("甲")
    listing = root.get("丙")
    assert isinstance(listing, Listing)
    (item,) = listing.items
    assert (3, 5) == (item.line, item.column)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\na: 2\na: 3\n", [("duplicate-key", 2, 1), ("duplicate-key", 3, 1)]),
        ("{a: 1, a: 2}", [("duplicate-key", 1, 8)]),
        ("a: &x 1\n", [("anchor", 1, 4)]),
        ("a: &x {b: 1}\nc: *x\n", [("anchor", 1, 4), ("anchor", 2, 4)]),
        ("a: !!int 1\n", [("tag", 1, 4)]),
        ("a: !mine [1]\n", [("tag", 1, 4)]),
        ("<<: {a: 1}\n", [("merge-key", 1, 1)]),
        ("a: 1\n---\nb: 2\n", [("several-documents", 2, 1)]),
        ("a: x\n  y\n", [("folded-text", 1, 4)]),
        ("a: x #y\n", [("cut-at-hash", 1, 6)]),
        ("a: {b: x, y}\n", [("cut-at-comma", 1, 11)]),
        ("a: {b: }\n", [("cut-at-comma", 1, 5)]),
        ("a: {b:1}\n", [("glued-colon", 1, 5)]),
        ("? [a]\n: b\n", [("odd-key", 1, 3)]),
        ("[" * (DEEPEST + 1), [("too-deep", 1, DEEPEST + 1)]),
    ],
)
def test_what_yaml_would_let_pass_is_refused(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert expected == faults(text)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: b: c", 1, "多了一个冒号"),
        ("a: {b: c", 2, "没有合上"),
        ("a: [b\nc: d", 2, "没有合上"),
        ("a: 'b", 1, "没有合上"),
        ("a: @b", 1, "不能开头"),
        ("a: - b", 1, "列表"),
        ("a: b\nc\nd: e", 3, "缺冒号"),
        ("a:\n  b: 1\n c: 2", 3, "缩进"),
        ("a:\n - b\n - c\n  - d: [", 4, "多了一个冒号"),
        ('"a":b', 1, "YAML 写法有误"),
    ],
)
def test_broken_yaml_says_where_and_what_in_chinese(text: str, line: int, says: str) -> None:
    with pytest.raises(Faults) as caught:
        read_tree(text.encode(), "")
    finding = caught.value.findings[-1]

    assert ("yaml-syntax", line) == (finding.code, finding.place.line)
    assert says in finding.message


def test_a_control_character_has_no_line() -> None:
    assert [("yaml-syntax", 0, 0)] == faults("a: \x01")


def test_each_line_with_a_tab_is_told_before_yaml_stumbles() -> None:
    assert [("tab", 2, 1), ("tab", 3, 3), ("yaml-syntax", 2, 1)] == faults("a:\n\tb: 1\nc:\td\n")


def test_bytes_that_are_no_utf_8_are_told_with_their_line() -> None:
    assert [("not-utf-8", 2, 0)] == faults("a: 1\nb: 聊城\n".encode("gb18030"))


def test_a_file_that_nobody_wrote_by_hand_is_not_read() -> None:
    assert [("file-too-large", 0, 0)] == faults(b"#" * (LARGEST_BYTES + 1))


def test_what_can_be_read_is_read_beside_its_faults() -> None:
    root, findings = read_what_can_be(b"a: 1\na: 2\nb: {c:3, d}\n<<: x\n", "")

    assert {"a": "1", "b": {"c": "3"}} == plain(root)
    assert ["duplicate-key", "glued-colon", "cut-at-comma", "merge-key"] == [finding.code for finding in findings]


def test_both_halves_of_the_yaml_library_make_the_same_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = read_tree(SPECIMEN.read_bytes(), "")
    monkeypatch.setattr(reader, "_Parser", yaml.BaseLoader)

    assert quick == read_tree(SPECIMEN.read_bytes(), "")
    assert [("yaml-syntax", 1, 5)] == faults("a: b: c")
