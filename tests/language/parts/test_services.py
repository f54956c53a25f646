"""Services and groups of them, wherever they are named."""

from pathlib import Path

import pytest

from tests.language.written import codes, part, policy
from tuodi.language.model import SERVICES

GROUP = part("services:\n  covered: [inpatient, outpatient_chronic]\n")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("covered", {"inpatient", "outpatient_chronic"}),
        ("[covered, outpatient]", {"inpatient", "outpatient_chronic", "outpatient"}),
    ],
)
def test_groups_and_services_mix(tmp_path: Path, written: str, expected: set[str]) -> None:
    found = policy(tmp_path, GROUP, ("services: [inpatient]", f"services: {written}"))

    assert expected == found.benefits[0].services


def test_all_are_all(tmp_path: Path) -> None:
    assert set(SERVICES) == policy(tmp_path, ("services: [inpatient]", "services: all")).benefits[0].services


def test_a_group_holds_services_only_and_its_faults_are_told_once(tmp_path: Path) -> None:
    groups = part("services:\n  covered: [stays]\n")

    assert ["unknown-service"] == codes(tmp_path, groups, ("services: [inpatient]", "services: covered"))
