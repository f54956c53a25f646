"""Each department's template is read again by the same program without a question."""

import pytest

from tuodi.platform.registry.columns import head
from tuodi.platform.registry.delivery import Mode
from tuodi.platform.registry.domain import Department
from tuodi.platform.registry.sheet import sheets
from tuodi.platform.registry.template import columns, workbook


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("department", Department)
def test_a_template_is_a_roster_s_head(department: Department, mode: Mode):
    found = head(sheets(workbook(department, mode)))

    assert columns(department, mode) == sorted(found.columns, key=lambda name: found.columns[name])
    assert () == found.unread


def test_a_list_of_changes_says_what_changed_and_a_full_one_does_not():
    assert "change" in columns(Department.veterans, Mode.changes)
    assert "change" not in columns(Department.veterans, Mode.full)
