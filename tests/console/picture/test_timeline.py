"""A time line: whole years, lanes in their order, things where their days are."""

import re
from datetime import date

from tuodi.console.picture.shapes import Tone
from tuodi.console.picture.timeline import Band, Lane, Mark, timeline

TODAY = date(2024, 7, 1)


def lane(*bands: Band, marks: tuple[Mark, ...] = ()) -> Lane:
    return Lane("低保", bands, marks)


def test_nothing_known_draws_nothing() -> None:
    assert [] == timeline([Lane("低保")], TODAY)


def test_a_band_of_one_of_two_years_fills_that_half() -> None:
    band = Band(date(2023, 1, 1), date(2024, 1, 1), Tone.main, "低保")
    drawn, _ = timeline([lane(band)], TODAY)

    assert ("0.00%", "49.93%") == re.search(r'<rect x="([\d.%]+)" width="([\d.%]+)"', drawn.picture).groups()


def test_an_open_band_goes_on_to_the_edge() -> None:
    band = Band(date(2023, 1, 1), None, Tone.main, "低保")
    drawn, _ = timeline([lane(band)], TODAY)

    assert '<rect x="0.00%" width="100.00%"' in drawn.picture


def test_a_band_that_ends_in_the_far_future_does_not_stretch_the_line() -> None:
    band = Band(date(2023, 1, 1), date(2099, 1, 1), Tone.main, "低保")
    *_, axis = timeline([lane(band)], TODAY)

    assert "2025-12-31" in axis.picture
    assert "2026" not in axis.picture


def test_a_mark_leads_to_its_record_and_says_what_it_is() -> None:
    mark = Mark(date(2024, 1, 1), Tone.main, "住院 <1>", "/settlements/7/")
    drawn, _ = timeline([lane(marks=(mark,))], TODAY)

    assert '<a href="/settlements/7/"><circle cx="0.00%"' in drawn.picture
    assert "<title>住院 &lt;1&gt;</title>" in drawn.picture


def test_one_year_is_marked_by_quarters_and_many_by_no_more_than_eight_years() -> None:
    one = timeline([lane(Band(date(2024, 1, 1), None, Tone.main, ""))], TODAY)[-1].picture
    many = timeline([lane(Band(date(1990, 1, 1), None, Tone.main, ""))], TODAY)[-1].picture

    assert ["2024-01", "2024-04", "2024-07", "2024-10"] == re.findall(r">(\d{4}-\d\d)<", one)
    assert 8 >= len(re.findall(r">(\d{4})<", many)) > 4
