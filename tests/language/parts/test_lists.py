"""Lists and catalogues from CSV: read exactly, faults told by line and column."""

from pathlib import Path

import pytest

from tests.language.written import DISEASES, codes, findings, part, write
from tuodi.core.finding import Faults
from tuodi.language.load import load_policy
from tuodi.language.parts.lists import normalised_name

LISTS = part("lists:\n  serious: {file: lists/serious.csv, label: 重大疾病, clause: 二}\n")
WHEN = ("    of: burden\n", "    when: {disease: serious}\n    of: burden\n")
CATALOGUE = part(
    "lists:\n  serious: {file: lists/serious.csv, label: 重大疾病, clause: 二}\n"
    "catalogues:\n  annex: {file: lists/annex.csv, diseases: serious, label: 目录, clause: 二}\n"
)
ITEMS = ("    of: burden\n", "    for_each_item: annex\n    of: item_burden\n")
NO_QUANTITY = ("quantities:\n  burden: {take: in_policy, less: [basic, critical_illness], at_most: [unpaid]}\n\n", "")
HEAD = "name,aliases,icd10,needs,note\n"
ITEM_HEAD = "disease,item,kind,aliases\n"


@pytest.mark.parametrize(
    ("one", "other"),
    [("I 型糖尿病", "Ⅰ型糖尿病"), ("血友病（儿童）", "血友病(儿童)"), ("BH4 缺乏症", "BH4缺乏症"), ("肺　癌", "肺癌")],
)
def test_names_are_compared_without_their_typing(one: str, other: str) -> None:
    assert normalised_name(one) == normalised_name(other)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("", []),
        ("肺癌,,C34,,\n\n", []),
        ("肺癌,,C34\n", ["csv-cells"]),
        (",肺癌,C34,,\n", ["csv-empty"]),
        ("肺癌,,c34,,\n", ["bad-icd10"]),
        ("肺癌,,C34 C3 Z99.12345,,\n", ["bad-icd10", "bad-icd10"]),
        ("肺癌,肺 癌,C34,,\n", []),
        ("肺癌,,C34,,\n胃癌,肺癌,C16,,\n", ["name-twice"]),
        ('"肺癌,,C34,,\n', ["csv-syntax"]),
        ('"肺癌"x,,C34,,\n', ["csv-syntax"]),
    ],
)
def test_rows_of_a_list(tmp_path: Path, rows: str, expected: list[str]) -> None:
    found = codes(tmp_path, LISTS, WHEN, lists={"serious": HEAD + rows})

    assert expected == [code for code in found if code != "never-applies"]


def test_a_list_without_a_disease_serves_nobody(tmp_path: Path) -> None:
    assert ["never-applies"] == codes(tmp_path, LISTS, WHEN, lists={"serious": HEAD})


@pytest.mark.parametrize("head", ["", "病种,编码\n", "name,icd10,aliases,needs,note\n"])
def test_the_head_of_a_list_is_fixed(tmp_path: Path, head: str) -> None:
    assert ["csv-head"] == codes(tmp_path, LISTS, WHEN, lists={"serious": head + "a,b,c,d,e\n"})


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("肺癌,克唑替尼,drug,\n", []),
        ("肺癌,克唑替尼,drug,\n胃癌,克唑替尼,drug,\n", []),
        ("肺癌,,drug,\n", ["csv-empty"]),
        (",克唑替尼,drug,\n", ["csv-empty"]),
        ("肺,克唑替尼,drug,\n", ["unknown-disease"]),
        ("肺癌,克唑替尼,drug,\n肺癌,克唑替尼,drug,\n", ["name-twice"]),
        ("肺癌,克唑替尼,drug,埃克替尼\n胃癌,埃克替尼,drug,\n", ["name-twice"]),
    ],
)
def test_rows_of_a_catalogue(tmp_path: Path, rows: str, expected: list[str]) -> None:
    lists = {"serious": DISEASES, "annex": ITEM_HEAD + rows}

    assert expected == codes(tmp_path, CATALOGUE, ITEMS, NO_QUANTITY, lists=lists)


def test_a_catalogue_of_a_list_that_cannot_be_read_is_not_blamed(tmp_path: Path) -> None:
    catalogue = (CATALOGUE[0], CATALOGUE[1].replace("label: 重大疾病, clause: 二", "clause: 二"))
    lists = {"serious": DISEASES, "annex": ITEM_HEAD + "肺炎,甲,drug,\n"}

    assert ["missing-key"] == codes(tmp_path, catalogue, ITEMS, NO_QUANTITY, lists=lists)


def test_a_fault_of_a_list_has_its_file_line_and_column(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, LISTS, WHEN, lists={"serious": DISEASES + "乳腺癌,,50,,\n"})

    assert (str(tmp_path / "lists/serious.csv"), 4, "icd10") == (
        finding.place.file,
        finding.place.line,
        finding.place.path,
    )


def test_a_list_in_another_encoding_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path, LISTS, WHEN, lists={"serious": HEAD})
    (folder / "lists" / "serious.csv").write_bytes(DISEASES.encode("gb18030"))
    with pytest.raises(Faults) as caught:
        load_policy(folder)

    assert ["not-utf-8"] == [finding.code for finding in caught.value.findings]


@pytest.mark.parametrize(
    "file", ["serious.csv", "lists/../serious.csv", "/etc/passwd", "lists/serious.xlsx", "lists/a/b.csv"]
)
def test_a_list_stands_in_the_policys_folder(tmp_path: Path, file: str) -> None:
    lists = (LISTS[0], LISTS[1].replace("lists/serious.csv", file))

    assert ["bad-file"] == codes(tmp_path, lists, WHEN, lists={"serious": DISEASES})
