"""Whom an entry is for, and what a class may be made of."""

from pathlib import Path

import pytest

from tests.language.written import codes, part
from tuodi.language.model import AnyOf, ClassIn, StatusIn
from tuodi.language.parts.persons import EVERYONE, Who

CLASSES, STATUSES = frozenset({"poor"}), frozenset({"orphan"})


def test_whom_an_entry_is_for_is_a_test() -> None:
    by_class, by_status = ClassIn(classes=CLASSES), StatusIn(statuses=STATUSES)

    assert None is EVERYONE.test()
    assert by_class == Who(CLASSES, frozenset()).test()
    assert by_status == Who(frozenset(), STATUSES).test()
    assert AnyOf(tests=(by_class, by_status)) == Who(CLASSES, STATUSES).test()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("subsistence", ["unknown-status"]),
        ("[[orphan]]", ["wrong-form"]),
        ("{status: orphan, since: 2020-01-01}", ["unknown-key"]),
        ("{statuses: orphan}", ["unknown-key"]),
        ("{class: rich}", ["unknown-class"]),
        ("{class: poor}", ["class-order"]),
        ("{status: orphan, cover: {months_before: 12}}", ["missing-key"]),
        ("{status: orphan, cover: {until: forever}}", ["unknown-word"]),
        ("{status: orphan, cover: {until: year_end, one_application_per: month}}", ["unknown-word"]),
    ],
)
def test_what_is_no_member_is_told(tmp_path: Path, written: str, expected: list[str]) -> None:
    assert expected == codes(tmp_path, ("any: [subsistence_allowance]", f"any: {written}"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [("rich", ["unknown-class"]), ("[poor, orphn]", ["unknown-class"]), ("everyone_else", ["unknown-class"])],
)
def test_beside_benefits_statuses_will_do(tmp_path: Path, written: str, expected: list[str]) -> None:
    enrolment = part(f"enrolment:\n  - {{clause: 二, for: {written}, pays: {{amount: 280}}}}\n")

    assert expected == codes(tmp_path, enrolment)


def test_a_name_that_is_class_and_status_means_the_class(tmp_path: Path) -> None:
    from tests.language.written import policy

    found = policy(
        tmp_path,
        ("{id: poor,", "{id: orphan,"),
        ("for: poor", "for: orphan"),
        part("enrolment:\n  - {clause: 二, for: orphan, pays: {amount: 280}}\n"),
    )

    assert (frozenset({"orphan"}), frozenset()) == (found.enrolment[0].classes, found.enrolment[0].statuses)
