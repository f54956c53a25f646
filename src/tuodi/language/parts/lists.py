"""Disease lists and item catalogues, from CSV files beside the policy."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

from tuodi.core.finding import Finding, Place
from tuodi.language.model import Catalogue, CatalogueEntry, Disease, DiseaseList
from tuodi.language.parts.citing import CLAUSE
from tuodi.language.parts.scalars import TEXT
from tuodi.language.reading import Kind, Reading, near_miss
from tuodi.language.shapes import Key, Name, Record, Scalar
from tuodi.language.tree import Node, Text

DISEASE_COLUMNS = ("name", "aliases", "icd10", "needs", "note")
ITEM_COLUMNS = ("disease", "item", "kind", "aliases")
_CODE = re.compile(r"[A-Z][0-9]{2}(\.[0-9A-Z]{1,4})?\Z", re.ASCII)
_AGE = re.compile(r"age under ([0-9]{1,3})\Z", re.ASCII)


def normalised_name(name: str) -> str:
    """A disease or item name as it is compared: without white space, full-width forms and Roman numerals unified."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name))


# ---- the entries in policy.yaml ------------------------------------------------------------------------------------------------


def _file(node: Text, reading: Reading) -> Text:
    name = node.value
    if not re.fullmatch(r"lists/[\w.-]+\.csv", name) or ".." in name:
        raise reading.fault("bad-file", node, f"“{name}”不是 lists 里的 CSV 文件", "写成 lists/名称.csv")
    if name not in reading.files:
        remedy = near_miss(name, reading.files) or "把文件放进 lists 文件夹"
        raise reading.fault("no-such-file", node, f"没有文件 {name}", remedy)
    reading.used_files.add(name)
    return node


FILE = Scalar("文件名", _file, {"type": "string", "pattern": r"^lists/.+\.csv$"})

LIST = Record(
    "病种目录",
    Key("file", FILE, required=True),
    Key("label", TEXT, required=True),
    Key("clause", CLAUSE, required=True),
    build=dict,
)
CATALOGUE = Record(
    "项目目录",
    Key("file", FILE, required=True),
    Key("diseases", Name(Kind.LIST), required=True),
    Key("label", TEXT, required=True),
    Key("clause", CLAUSE, required=True),
    build=dict,
)


def read_lists(reading: Reading) -> dict[str, DiseaseList]:
    lists = {}
    for name, values in reading.each_keyed(Kind.LIST, LIST):
        rows = Rows(values.pop("file").value, reading)
        diseases = tuple(_disease(row, rows) for row in rows.read(DISEASE_COLUMNS, ("name",)))
        _refuse_shared_names(((disease.name, *disease.aliases) for disease in diseases), rows)
        lists[name] = DiseaseList(id=name, diseases=diseases, **values)
    return lists


def read_catalogues(lists: dict[str, DiseaseList], reading: Reading) -> dict[str, Catalogue]:
    catalogues = {}
    for name, values in reading.each_keyed(Kind.CATALOGUE, CATALOGUE):
        rows = Rows(values.pop("file").value, reading)
        diseases = lists.get(values["diseases"])
        known = [disease.name for disease in diseases.diseases] if diseases else None
        entries = tuple(_entry(row, known, rows) for row in rows.read(ITEM_COLUMNS, ("disease", "item", "kind")))
        _refuse_twice(entries, rows)
        catalogues[name] = Catalogue(id=name, entries=entries, **values)
    return catalogues


# ---- CSV -----------------------------------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """A line of a file: its number and its cells by column."""

    line: int
    cells: dict[str, str]


class Rows:
    """One CSV file of the policy; its findings go into the reading."""

    def __init__(self, file: str, reading: Reading) -> None:
        self.file = file
        self.reading = reading
        self.lines: list[int] = []

    def read(self, columns: tuple[str, ...], filled: tuple[str, ...]) -> Iterator[Row]:
        """The lines that have as many cells as the head, each cell without surrounding white space."""
        text = self.decoded()
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            head = next(reader, [])
            if tuple(head) != columns:
                self.fault("csv-columns", 1, f"表头应为 {','.join(columns)}，实为 {','.join(head)}", "照这个顺序写表头")
                return
            for cells in reader:
                yield from self.checked(cells, columns, filled, reader.line_num)
        except csv.Error as error:
            self.fault(
                "csv-syntax", reader.line_num, f"CSV 写法有误：{error}", "检查引号；单元格里有逗号或引号时整格加引号"
            )

    def checked(self, cells: list[str], columns: tuple[str, ...], filled: tuple[str, ...], line: int) -> Iterator[Row]:
        if not any(cells):
            return
        if len(cells) != len(columns):
            message = f"这一行有 {len(cells)} 格，表头有 {len(columns)} 格"
            self.fault("csv-cells", line, message, "单元格里有半角逗号时整格加引号")
            return
        row = Row(line, {column: cell.strip() for column, cell in zip(columns, cells, strict=True)})
        for column in filled:
            if not row.cells[column]:
                self.fault("csv-empty", line, f"{column} 是空的", "补上，或删去这一行", column)
        self.lines.append(line)
        yield row

    def decoded(self) -> str:
        try:
            return self.reading.files[self.file].decode("utf-8-sig")
        except UnicodeDecodeError:
            self.fault("not-utf-8", 0, "文件不是 UTF-8 编码", "另存为“CSV UTF-8”")
            return ""

    def fault(self, code: str, line: int, message: str, remedy: str, column: str = "") -> None:
        place = Place(file=self.reading.beside(self.file), line=line, path=column)
        self.reading.findings.append(Finding(code=code, message=message, place=place, remedy=remedy))


def _disease(row: Row, rows: Rows) -> Disease:
    cells = row.cells
    codes = tuple(cells["icd10"].split())
    for code in codes:
        if not _CODE.match(code):
            rows.fault(
                "bad-icd10", row.line, f"“{code}”不是 ICD-10 编码", "写成 C34 或 C92.1，几个编码用空格隔开", "icd10"
            )
    needs = cells["needs"]
    age = _AGE.match(needs)
    return Disease(
        name=cells["name"],
        aliases=_aliases(cells["aliases"]),
        icd10=codes,
        needs=needs,
        needs_below_age=int(age[1]) if age else None,
        note=cells["note"],
    )


def _aliases(cell: str) -> tuple[str, ...]:
    return tuple(alias.strip() for alias in cell.split("|") if alias.strip())


def _refuse_shared_names(names: Iterator[tuple[str, ...]], rows: Rows) -> None:
    """Each name stands for one line only."""
    seen: dict[str, int] = {}
    for line, written in zip(rows.lines, names, strict=True):
        for name in dict.fromkeys(normalised_name(one) for one in written):
            first = seen.setdefault(name, line)
            if first != line:
                rows.fault("name-twice", line, f"“{name}”在第 {first} 行已经有了", "删去其中一个", "name")


def _entry(row: Row, known: list[str] | None, rows: Rows) -> CatalogueEntry:
    disease = row.cells["disease"]
    if known is not None and disease and disease not in known:
        remedy = near_miss(disease, known) or "先写进病种目录"
        rows.fault("unknown-disease", row.line, f"病种目录里没有“{disease}”", remedy, "disease")
    values: dict[str, Any] = row.cells | {"aliases": _aliases(row.cells["aliases"])}
    return CatalogueEntry(**values)


def _refuse_twice(entries: tuple[CatalogueEntry, ...], rows: Rows) -> None:
    """An item stands once for a disease, and an alias means one item."""
    pairs: dict[tuple[str, str], int] = {}
    meaning: dict[str, str] = {}
    for line, entry in zip(rows.lines, entries, strict=True):
        first = pairs.setdefault((entry.disease, normalised_name(entry.item)), line)
        if first != line:
            rows.fault(
                "name-twice", line, f"“{entry.disease}”的“{entry.item}”在第 {first} 行已经有了", "删去其中一行", "item"
            )
        for name in (entry.item, *entry.aliases):
            other = meaning.setdefault(normalised_name(name), entry.item)
            if other != entry.item:
                rows.fault("name-twice", line, f"“{name}”已经是“{other}”的名称", "一个别名只给一个项目", "aliases")
