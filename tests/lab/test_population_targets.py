"""What is made holds what was published, at a size where chance plays little part."""

from __future__ import annotations

from pathlib import Path

import pytest

from tuodi.lab.population import cities, make_population
from tuodi.lab.population.settings import Kind

PERSONS = 200_000


@pytest.mark.slow
@pytest.mark.parametrize("city", cities())
def test_a_city_of_200_000_persons_holds_its_targets(city: str, tmp_path: Path) -> None:
    report = make_population(city, PERSONS, 2026, tmp_path / city)

    assert [] == [
        (one.target.id, one.made) for one in report.comparisons if one.within is False and not one.target.differs
    ]
    assert all(one.made is not None for one in report.comparisons)


@pytest.mark.slow
@pytest.mark.parametrize("city", cities())
def test_what_is_calibrated_holds_by_little_more_than_its_tolerance(city: str, tmp_path: Path) -> None:
    """Four seeds together: the error of sampling is half of one's, and the bias of the model would show."""
    reports = [make_population(city, PERSONS // 4, seed, tmp_path / str(seed)) for seed in range(4)]

    for several in zip(*(report.comparisons for report in reports), strict=True):
        target = several[0].target
        if target.kind is Kind.CALIBRATED:
            made = [one.made for one in several if one.made is not None]
            error = max(one.error for one in several) / 2
            assert target.tolerance is not None
            assert abs(sum(made) / len(made) - target.value) <= target.value * target.tolerance + 3 * error, target.id
