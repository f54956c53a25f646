"""Faults say what, where and what would mend it."""

from __future__ import annotations

import pytest

from tuodi.core.citation import Citation
from tuodi.core.finding import Faults, Finding, Place, finding


def test_a_finding_in_a_file_names_line_and_column() -> None:
    finding = Finding(
        code="bad-rate", message="比例缺少 %", place=Place(file="policy.yaml", line=3, column=9), remedy="写成 70%"
    )

    assert "policy.yaml:3:9: 比例缺少 %（写成 70%） [bad-rate]" == str(finding)


def test_a_finding_in_a_record_names_its_path() -> None:
    place = Place(file="cases.jsonl", line=3, path="events[0].date")

    assert "cases.jsonl:3 events[0].date: 不是日期 [bad-date]" == str(
        Finding(code="bad-date", message="不是日期", place=place)
    )


def test_a_finding_without_a_place_is_just_its_sentence() -> None:
    assert "空文件 [empty]" == str(Finding(code="empty", message="空文件"))


def test_a_finding_at_a_path_is_made_in_one_line() -> None:
    expected = Finding(code="bad-date", message="不是日期", place=Place(path="events[0].date"), remedy="重写")

    assert expected == finding("bad-date", "不是日期", "events[0].date", "重写")


def test_faults_carry_all_their_findings() -> None:
    findings = [Finding(code="a", message="甲"), Finding(code="b", message="乙")]

    with pytest.raises(Faults, match=r"甲 \[a\]\n乙 \[b\]") as caught:
        raise Faults(findings)
    assert tuple(findings) == caught.value.findings


def test_faults_without_a_finding_are_a_bug() -> None:
    with pytest.raises(AssertionError):
        Faults([])


def test_a_citation_is_document_and_clause() -> None:
    assert "聊政办发〔2022〕5号 三(四)1" == str(Citation(document="聊政办发〔2022〕5号", clause="三(四)1"))
