"""The certificate of a roster's changes, on paper."""

import io
from datetime import date

import pytest

from tests.platform.registry.conftest import HERE, TODAY, number
from tests.platform.registry.sheets import HEAD, delivery, workbook
from tuodi.core.finding import Faults
from tuodi.platform.base.scope import entered
from tuodi.platform.registry import roster, selectors
from tuodi.platform.registry.certificate import Certificate, Listed, month, pdf, quarter
from tuodi.platform.registry.domain import Department
from tuodi.platform.registry.glyphs import missing


def listed(name: str, *, gone: bool = False, household: str = "", status: str = "subsistence_allowance") -> Listed:
    return Listed(
        gone=gone, name=name, number="371591********0017", status=status, day=date(2026, 10, 1), household=household
    )


def certificate(*people: Listed) -> Certificate:
    return Certificate(
        region="东昌府区", department=Department.civil_affairs, period="2026年三季度", issued_on=date(2026, 10, 9),
        listed=people,
    )  # fmt: skip


def test_households_and_persons_are_counted_apart():
    paper = certificate(
        listed("赵一", household="H1"), listed("赵二", household="H1"), listed("钱三"), listed("孙四", gone=True)
    )

    assert (2, 3, 1, 1) == (
        paper.households(gone=False), paper.persons(gone=False), paper.households(gone=True), paper.persons(gone=True)
    )  # fmt: skip


def test_the_paper_is_a_pdf_and_the_same_each_time():
    paper = certificate(listed("䶮㛃"), listed("牛五", status="low_income"))

    assert pdf(paper).startswith(b"%PDF")
    assert pdf(paper) == pdf(paper)


def test_what_typst_would_take_for_markup_is_only_text():
    assert pdf(certificate(listed('#panic("x") $ \\ [ * _', household='"]#x'))).startswith(b"%PDF")


def test_a_paper_without_changes_has_no_list():
    assert len(pdf(certificate())) < len(pdf(certificate(listed("赵一"))))


def test_a_name_that_would_print_as_a_box_is_told_before():
    with pytest.raises(Faults) as caught:
        pdf(certificate(listed("赵\ue000"), listed("钱二")))

    assert [("glyph-missing", "姓名“赵\ue000”里的 U+E000 没有可打印的字形")] == [
        (finding.code, finding.message) for finding in caught.value.findings
    ]


def test_the_font_has_all_of_gb2312():
    rows = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    common = "".join(code.decode("gb2312", "ignore") for code in rows)

    assert (6763, "") == (len(common), missing(common))


def test_periods_are_named_as_offices_do():
    assert ("2026年三季度", "2026年9月") == (quarter(date(2026, 9, 30)), month(date(2026, 9, 30)))


@pytest.mark.django_db
def test_a_roster_s_certificate_counts_who_came_and_who_went(regions: object):
    head = (*HEAD, "变动", "户编号")
    with entered(HERE):
        rows = [["赵一", number(1), "低保", None, "", "H1"], ["钱二", number(3), "特困", None, "", ""]]
        first = roster.preview(content=workbook(rows, head), file_name="", delivery=delivery(), today=TODAY)
        roster.take_in(roster=first)
        again = [["赵一", number(1), "低保", None, "减少", ""], ["孙三", number(5), "低保", None, "新增", ""]]
        later = delivery(effective_on=date(2026, 11, 1))
        second = roster.preview(content=workbook(again, head), file_name="", delivery=later, today=TODAY)
        paper = selectors.certificate(second, period=quarter(date(2026, 12, 31)), issued_on=date(2026, 11, 2))

    assert paper is not None
    assert [(True, "赵一", "H1", date(2026, 11, 1)), (False, "孙三", "", date(2026, 11, 1))] == [
        (one.gone, one.name, one.household, one.day) for one in paper.listed
    ]
    assert all("********" in one.number for one in paper.listed)
    assert io.BytesIO(pdf(paper)).read(4) == b"%PDF"
