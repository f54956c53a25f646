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
from tuodi.language.tree import Text

DISEASE_COLUMNS = ("name", "aliases", "icd10", "needs", "note")
ITEM_COLUMNS = ("disease", "item", "kind", "aliases")
_CODE = re.compile(r"[A-Z][0-9]{2}(\.[0-9A-Z]{1,4})?\Z", re.ASCII)
_AGE = re.compile(r"age under ([0-9]{1,3})\Z", re.ASCII)


def normalised_name(name: str) -> str:
    """A disease's or item's name as it is compared: no white space, full-width forms and Roman numerals unified."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name))


def read_lists(reading: Reading) -> dict[str, DiseaseList]:
    """The disease lists with their rows."""
    return {name: _disease_list(name, values, reading) for name, values in reading.each_keyed(Kind.LIST, LIST)}


def read_catalogues(lists: dict[str, DiseaseList], reading: Reading) -> dict[str, Catalogue]:
    """The catalogues with their rows; their diseases stand in one of the lists."""
    return {
        name: _catalogue(name, values, lists, reading) for name, values in reading.each_keyed(Kind.CATALOGUE, CATALOGUE)
    }


# ---- the entries in policy.yaml --------------------------------------------------------------------------------------


def _file(node: Text, reading: Reading) -> str:
    if not re.fullmatch(r"lists/[\w-]+\.csv", node.value):
        raise reading.fault("bad-file", node, f"“{node.value}”不是 lists 里的 CSV 文件", "写成 lists/名称.csv")
    if node.value not in reading.files:
        remedy = near_miss(node.value, reading.files) or "把文件放进 lists 文件夹"
        raise reading.fault("no-such-file", node, f"没有文件 {node.value}", remedy)
    return node.value


_FILE = Key("file", Scalar("文件名", _file, {"type": "string", "pattern": r"^lists/.+\.csv$"}), required=True)
_LABEL = Key("label", TEXT, required=True)
_CLAUSE = Key("clause", CLAUSE, required=True)

LIST: Record[dict[str, Any]] = Record("病种目录", _FILE, _LABEL, _CLAUSE, build=dict)
CATALOGUE: Record[dict[str, Any]] = Record(
    "项目目录", _FILE, Key("diseases", Name(Kind.LIST), required=True), _LABEL, _CLAUSE, build=dict
)

# ---- diseases --------------------------------------------------------------------------------------------------------


def _disease_list(name: str, values: dict[str, Any], reading: Reading) -> DiseaseList:
    table = Table(values["file"], reading)
    rows = list(table.rows(DISEASE_COLUMNS, filled=("name",)))
    diseases = tuple(_disease(row, table) for row in rows)
    seen: dict[str, int] = {}
    for row, disease in zip(rows, diseases, strict=True):
        for written in dict.fromkeys(normalised_name(one) for one in (disease.name, *disease.aliases)):
            first = seen.setdefault(written, row.line)
            if first != row.line:
                table.fault("name-twice", row.line, f"“{written}”在第 {first} 行已经有了", "一个名称只留在一行", "name")
    return DiseaseList(id=name, label=values["label"], clause=values["clause"], diseases=diseases)


def _disease(row: Row, table: Table) -> Disease:
    cells = row.cells
    codes = tuple(cells["icd10"].split())
    for code in codes:
        if not _CODE.match(code):
            table.fault(
                "bad-icd10", row.line, f"“{code}”不是 ICD-10 编码", "写成 C34 或 C92.1，几个编码用空格隔开", "icd10"
            )
    age = _AGE.match(cells["needs"])
    return Disease(
        name=cells["name"],
        aliases=_aliases(cells["aliases"]),
        icd10=codes,
        needs=cells["needs"],
        needs_below_age=int(age[1]) if age else None,
        note=cells["note"],
    )


def _aliases(cell: str) -> tuple[str, ...]:
    return tuple(alias.strip() for alias in cell.split("|") if alias.strip())


# ---- items -----------------------------------------------------------------------------------------------------------


def _catalogue(name: str, values: dict[str, Any], lists: dict[str, DiseaseList], reading: Reading) -> Catalogue:
    table = Table(values["file"], reading)
    rows = list(table.rows(ITEM_COLUMNS, filled=("disease", "item", "kind")))
    if values["diseases"] in lists:
        _refuse_unknown_diseases(rows, lists[values["diseases"]], table)
    entries = tuple(_entry(row) for row in rows)
    _refuse_two_meanings(rows, entries, table)
    return Catalogue(
        id=name, label=values["label"], clause=values["clause"], diseases=values["diseases"], entries=entries
    )


def _entry(row: Row) -> CatalogueEntry:
    cells = row.cells
    return CatalogueEntry(
        disease=cells["disease"], item=cells["item"], kind=cells["kind"], aliases=_aliases(cells["aliases"])
    )


def _refuse_unknown_diseases(rows: list[Row], diseases: DiseaseList, table: Table) -> None:
    known = [disease.name for disease in diseases.diseases]
    for row in rows:
        disease = row.cells["disease"]
        if disease and disease not in known:
            remedy = near_miss(disease, known) or "先写进病种目录"
            table.fault("unknown-disease", row.line, f"病种目录 {diseases.id} 里没有“{disease}”", remedy, "disease")


def _refuse_two_meanings(rows: list[Row], entries: tuple[CatalogueEntry, ...], table: Table) -> None:
    """An item stands once for a disease, and a name means one item."""
    pairs: dict[tuple[str, str], int] = {}
    meaning: dict[str, str] = {}
    for row, entry in zip(rows, entries, strict=True):
        first = pairs.setdefault((entry.disease, entry.item), row.line)
        if first != row.line:
            message = f"“{entry.disease}”的“{entry.item}”在第 {first} 行已经有了"
            table.fault("name-twice", row.line, message, "删去其中一行", "item")
        for name in (entry.item, *entry.aliases):
            other = meaning.setdefault(normalised_name(name), entry.item)
            if other != entry.item:
                table.fault("name-twice", row.line, f"“{name}”已经是“{other}”的名称", "一个名称只给一个项目", "aliases")


# ---- CSV -------------------------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """A line of a file: its number and its cells by column."""

    line: int
    cells: dict[str, str]


class Table:
    """One CSV file of the policy; what is wrong with it goes into the reading."""

    def __init__(self, file: str, reading: Reading) -> None:
        self.file = file
        self.reading = reading

    def rows(self, columns: tuple[str, ...], *, filled: tuple[str, ...]) -> Iterator[Row]:
        """The lines with as many cells as the head, each cell without surrounding white space."""
        reader = csv.reader(io.StringIO(self.text(), newline=""), strict=True)
        try:
            head = tuple(next(reader, ()))
            if head != columns:
                message = f"表头应为 {','.join(columns)}，实为 {','.join(head) or '空'}"
                self.fault("csv-head", 1, message, "照这个顺序写表头")
                return
            for cells in reader:
                if any(cells):
                    yield from self.checked(cells, columns, filled, reader.line_num)
        except csv.Error:
            remedy = "含引号的单元格整格加引号，里面的引号写成两个"
            self.fault("csv-syntax", reader.line_num, "这一行的引号没有配对", remedy)

    def text(self) -> str:
        """The file's text; "" where it can't be read."""
        try:
            return self.reading.files[self.file].decode("utf-8-sig")
        except UnicodeDecodeError:
            self.fault("not-utf-8", 0, "文件不是 UTF-8 编码", "另存为“CSV UTF-8”")
            return ",".join(DISEASE_COLUMNS)

    def checked(self, cells: list[str], columns: tuple[str, ...], filled: tuple[str, ...], line: int) -> Iterator[Row]:
        """The row, if it has the head's number of cells; the `filled` columns must not be empty."""
        if len(cells) != len(columns):
            message = f"这一行有 {len(cells)} 格，表头有 {len(columns)} 格"
            self.fault("csv-cells", line, message, "单元格里有半角逗号时整格加引号")
            return
        row = Row(line, {column: cell.strip() for column, cell in zip(columns, cells, strict=True)})
        for column in filled:
            if not row.cells[column]:
                self.fault("csv-empty", line, f"{column} 是空的", "补上，或删去这一行", column)
        yield row

    def fault(self, code: str, line: int, message: str, remedy: str, column: str = "") -> None:
        """Writes a finding down, at the line and column of the file."""
        self.reading.unsound.add(Kind.LIST)
        place = Place(file=self.reading.beside(self.file), line=line, path=column)
        self.reading.findings.append(Finding(code=code, message=message, place=place, remedy=remedy))
