"""The head of a roster is found, whatever stands above it and however its columns are called."""

import pytest

from tuodi.core.finding import Faults
from tuodi.platform.registry.columns import NAMES, STATUS_OF_NAME, head, plain
from tuodi.platform.registry.sheet import Sheet

GOOD = ["序号", "姓 名", "公民身份号码", "救助对象类别（低保/特困）", "备注"]


def sheet(*rows: list[str], name: str = "名单") -> Sheet:
    return Sheet(name=name, rows=rows)


def codes(*sheets: Sheet) -> list[str]:
    with pytest.raises(Faults) as caught:
        head(sheets)
    assert all(finding.remedy for finding in caught.value.findings)
    return [finding.code for finding in caught.value.findings]


def test_a_head_below_a_title_is_found_and_unknown_columns_are_named():
    found = head([sheet(["东昌府区低保名单", "", "", "", ""], ["填报单位：", "", "", "", ""], GOOD)])

    assert (2, {"name": 1, "number": 2, "status": 3}, ("序号", "备注")) == (
        found.row,
        dict(found.columns),
        found.unread,
    )


def test_the_one_sheet_that_is_a_roster_is_taken():
    assert "名单" == head([sheet(["说明"], name="填表说明"), sheet(GOOD)]).sheet.name


@pytest.mark.parametrize(
    ("sheets", "expected"),
    [
        ([sheet(["张三", "371502"])], ["head-missing"]),
        ([sheet(GOOD), sheet(GOOD, name="名单2")], ["sheets-several"]),
        ([sheet(["姓名", "类别"])], ["column-missing"]),
        ([sheet(["姓名", "身份证号", "身份证号码"])], ["column-twice"]),
    ],
)
def test_a_head_that_cannot_be_understood_is_refused(sheets: list[Sheet], expected: list[str]):
    assert expected == codes(*sheets)


def test_no_name_means_two_fields_or_two_statuses():
    names = [plain(name) for some in NAMES.values() for name in some]

    assert len(names) == len(set(names))
    assert {"低保": "subsistence_allowance", "五保户": "extreme_poverty"}.items() <= STATUS_OF_NAME.items()
