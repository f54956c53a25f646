"""A disease is found on a list by its certified name, or by a code where a code can tell."""

from __future__ import annotations

import pytest

from tests.engine.by_hand import CATALOGUE, LISTS
from tuodi.engine import diseases
from tuodi.engine.diseases import NO_MATCH, CatalogueBook, DiseaseBook, Match, plain_code
from tuodi.language.model import Catalogue, CatalogueEntry, Disease, DiseaseList

BOOK = DiseaseBook(LISTS)
SERIOUS, RARE = 1, 2


def named(match: Match) -> set[tuple[str, str]]:
    return set(match.named)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("白血病", {("serious", "白血病")}),
        (" 白 血　病 ", {("serious", "白血病")}),
        ("肺癌(一代耐药)", {("serious", "肺癌（一代耐药）")}),
        ("肺癌（ 一代耐药 ）", {("serious", "肺癌（一代耐药）")}),
        ("一代耐药肺癌", {("serious", "肺癌（一代耐药）")}),
        ("I型戈谢病", {("serious", "Ⅰ型戈谢病")}),
        ("戈谢病", {("serious", "Ⅰ型戈谢病"), ("rare", "戈谢病")}),
        ("儿童先心病", {("serious", "儿童先心病")}),
        ("肺癌", set()),
        ("", set()),
    ],
)
def test_a_certified_name_asks_nothing_but_its_spelling(name: str, expected: set[tuple[str, str]]) -> None:
    match = BOOK.match(name, ())

    assert expected == named(match)
    assert BOOK.mask({list_id for list_id, _ in expected}) == match.lists
    assert () == match.young


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("C91", {"白血病"}),
        ("C91.0", {"白血病"}),
        ("c91.000x001", {"白血病"}),
        ("C910", {"白血病"}),
        ("Ｃ91．0", {"白血病"}),
        ("C92.1", {"白血病"}),
        ("C921", {"白血病"}),
        ("C92", set()),
        ("C92.2", set()),
        ("C9", set()),
        ("XC91", set()),
        ("", set()),
        ("C34.1", set()),
    ],
)
def test_a_code_matches_by_its_beginning(code: str, expected: set[str]) -> None:
    assert expected == {name for _, name in BOOK.match(None, (code,)).named}


def test_a_code_matches_every_list_that_has_it() -> None:
    assert SERIOUS | RARE == BOOK.match(None, ("E75.2",)).lists


def test_name_and_codes_match_together() -> None:
    assert {"白血病", "Ⅰ型戈谢病", "戈谢病"} == {name for _, name in BOOK.match("白血病", ("I10", "E75.2")).named}


@pytest.mark.parametrize(
    ("code", "age", "certain", "perhaps"),
    [
        ("Q21.1", 17, SERIOUS, 0),
        ("Q21.1", 18, 0, 0),
        ("Q21.1", None, 0, SERIOUS),
        ("C91.0", 6, SERIOUS | RARE, 0),
        ("C91.0", 7, SERIOUS, 0),
        ("C91.0", None, SERIOUS, RARE),
    ],
)
def test_an_age_is_asked_where_a_row_only_needs_one(code: str, age: int | None, certain: int, perhaps: int) -> None:
    match = BOOK.match(None, (code,)).at(age)

    assert (certain, perhaps, ()) == (match.lists, match.perhaps, match.young)


def test_diseases_follow_their_lists_at_every_age() -> None:
    found = BOOK.match(None, ("Q21.1", "C91.0"))

    assert {("serious", "白血病"), ("serious", "儿童先心病")} == named(found.at(10))
    assert {("serious", "儿童先心病"), ("rare", "幼年病")} == set(found.at(None).perhaps_named)


def test_an_age_is_asked_only_of_lists_that_need_one() -> None:
    adults = DiseaseList(id="a", label="a", clause="一", diseases=(Disease(name="病", aliases=(), icd10=("A00",)),))

    assert BOOK.asks_age
    assert not DiseaseBook({"a": adults}).asks_age


def test_nothing_given_nothing_matched() -> None:
    assert NO_MATCH == BOOK.match(None, ())
    assert NO_MATCH == DiseaseBook({}).match("白血病", ("C91",))


def test_answers_are_remembered_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diseases, "_REMEMBERED", 2)
    book, items = DiseaseBook(LISTS), CatalogueBook({"annex": CATALOGUE})

    for name in ("白血病", "感冒", "戈谢病", "白血病"):
        assert BOOK.match(name, ()) == book.match(name, ())
        assert name == items.item(name).name

    assert book.match("白血病", ()) is book.match("白血病", ())
    assert len(book._known) <= 2
    assert len(items._known) <= 2


def test_a_code_is_compared_without_dot_and_case() -> None:
    assert "C921" == plain_code(" c92.1 ")


# ---- catalogues ------------------------------------------------------------------------------------------------------

SPECIAL = Catalogue(
    id="special",
    label="特药",
    clause="一",
    diseases="rare",
    entries=(CatalogueEntry(disease="戈谢病", item="达沙替尼", kind="drug"),),
)
ITEMS = CatalogueBook({"annex": CATALOGUE, "special": SPECIAL})


@pytest.mark.parametrize("text", ["达沙替尼", "达沙替尼片", " 达沙替尼 片"])
def test_an_item_has_one_name_and_all_its_diseases(text: str) -> None:
    name, (annex, _) = ITEMS.item(text)

    assert ("达沙替尼", {("serious", "白血病"), ("serious", "Ⅰ型戈谢病")}) == (name, set(annex))


def test_an_item_of_two_catalogues_counts_in_both() -> None:
    assert {("rare", "戈谢病")} == set(ITEMS.item("达沙替尼").diseases[1])


def test_an_item_of_no_catalogue_keeps_its_name_and_has_no_disease() -> None:
    assert ("无名 药", (frozenset(), frozenset())) == ITEMS.item("无名 药")


def test_an_item_of_one_catalogue_has_none_in_the_other() -> None:
    name, (annex, special) = ITEMS.item("凝血因子VIII")

    assert ("凝血因子Ⅷ", {("serious", "Ⅰ型戈谢病")}, set()) == (name, set(annex), set(special))
