"""A policy to begin with works as it stands."""

from __future__ import annotations

import pytest

from tests.language.example import example
from tuodi.language.coverage import coverage
from tuodi.language.template import TEMPLATES, document_id, renamed, template


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_loads_and_covers_every_clause(name: str) -> None:
    policy = example(name)

    assert "example-2026" == policy.document.id
    assert () == coverage(policy).findings


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_brings_readings_and_a_hand_worked_case(name: str) -> None:
    files = template(name, "x-1")

    assert ["policy.yaml", "readings.md", "cases/first.yaml"] == list(files)
    assert "policy: x-1" in files["cases/first.yaml"]
    assert not any("__" in text for text in files.values())


def test_a_copy_has_its_own_id_in_the_document_and_in_the_cases() -> None:
    files = {
        "policy.yaml": "document:\n  id: old-1   # 说明\n  number: old-1\nclasses:\n  - id: old-1\n",
        "cases/a.yaml": 'policy: old-1\ncase: {policy: "old-1", x: old-1}\npolicy: old-12\n',
    }

    assert {
        "policy.yaml": "document:\n  id: new-2   # 说明\n  number: old-1\nclasses:\n  - id: old-1\n",
        "cases/a.yaml": "policy: new-2\ncase: {policy: new-2, x: old-1}\npolicy: old-12\n",
    } == renamed(files, "old-1", "new-2")


@pytest.mark.parametrize(
    ("folder", "made"),
    [("linzhou-2026-1", "linzhou-2026-1"), ("My City 2026", "my-city-2026"), ("新政策", "new-policy")],
)
def test_an_id_is_made_of_the_folders_name(folder: str, made: str) -> None:
    assert made == document_id(folder)
