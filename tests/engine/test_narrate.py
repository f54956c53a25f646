"""The short text of an explanation, in Chinese and English, for every shape of a benefit."""

# ruff: noqa: E501 -- a sentence stands whole, so that it can be read and searched for

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.engine.explained import CARE, STAY, layered, policy_of, told, why
from tests.engine.told import MARGIN, bill, catalogue_policy


def both(tmp_path: Path, *benefits: str, **more: Any) -> tuple[str, str]:
    """The text in Chinese and in English."""
    return told(tmp_path, *benefits, **more).text, told(tmp_path, *benefits, lang="en", **more).text


def without_the_bill(texts: Iterable[str]) -> list[str]:
    """The texts, from behind their first sentence."""
    return [text.partition("。" if "。" in text else ". ")[2] for text in texts]


def test_a_rate_within_a_limit(tmp_path: Path) -> None:
    assert (
        "住院总费用 50,000.00 元，医保等已付 31,000.00 元。按二，合规负担 14,000.00 元 × 70% = 9,800.00 元，"
        "年度救助限额 30,000.00 元已用 0.00 元，还剩 20,200.00 元。本次救助 9,800.00 元，个人付 9,200.00 元。",
        "Hospital stay, bill of 50,000.00 yuan; insurance and others have paid 31,000.00. Under 二: “合规负担” 14,000.00 "
        "× 70% = 9,800.00, limit “年度救助限额” 30,000.00: 0.00 used, 20,200.00 left. Relief pays 9,800.00; the person "
        "pays 9,200.00.",
    ) == both(tmp_path, STAY)


def test_sentences_are_also_given_one_by_one(tmp_path: Path) -> None:
    found = told(tmp_path, STAY)

    assert 3 == len(found.sentences)
    assert "".join(found.sentences) == found.text


def test_limits_that_cut_are_used_up_or_nearly(tmp_path: Path) -> None:
    event = bill("50000.00", "45000.00", "28000.00", "3000.00")
    policy = policy_of(tmp_path, "services: [inpatient], of: own, rate: 70%, limit: {relief: 15000, joint: 9000}")

    assert without_the_bill(why(policy, event, event, lang=lang).text for lang in ("zh", "en")) == [
        "按二，合规负担 14,000.00 元 × 70% = 9,800.00 元，年度救助限额 15,000.00 元已用 9,000.00 元，只剩 6,000.00 元，"
        "年度合计限额 9,000.00 元已用完（已用 9,000.00 元），付 0.00 元。本次救助 0.00 元，个人付 19,000.00 元。",
        "Under 二: “合规负担” 14,000.00 × 70% = 9,800.00, limit “年度救助限额” 15,000.00: 9,000.00 used, only 6,000.00 "
        "left, limit “年度合计” 9,000.00 used up (9,000.00 used), pays 0.00. Relief pays 0.00; the person pays 19,000.00.",
    ]


def test_what_the_bill_leaves_cuts(tmp_path: Path) -> None:
    event = bill("1000.00")
    rest = "after: b0, services: [inpatient], of: in_policy, rate: 80%, limit: {relief: 300}"

    assert without_the_bill(both(tmp_path, "services: [inpatient], of: own, rate: 80%", rest, event=event)) == [
        "按二“待遇0”，合规负担 1,000.00 元 × 80% = 800.00 元。按二“待遇1”，政策范围内费用 1,000.00 元 × 80% = 800.00 元，"
        "年度救助限额 300.00 元已用 0.00 元，只剩 300.00 元，付 300.00 元，账单只剩 200.00 元未付，付 200.00 元。"
        "本次救助 1,000.00 元，个人付 0.00 元。",
        "Under 二 “待遇0”: “合规负担” 1,000.00 × 80% = 800.00. Under 二 “待遇1”: “政策范围内费用” 1,000.00 × 80% = 800.00, "
        "limit “年度救助限额” 300.00: 0.00 used, only 300.00 left, pays 300.00, cut to 200.00 as the bill leaves only "
        "200.00 unpaid. Relief pays 1,000.00; the person pays 0.00.",
    ]


@pytest.mark.parametrize(
    ("bills", "zh", "en"),
    [
        (
            ["2000.00"],
            "合规负担 2,000.00 元，年度负担累计 2,000.00 元，未超过起付线 3,000.00 元，付 0.00 元",
            "“合规负担” 2,000.00, “年度负担” is now 2,000.00, not above the threshold of 3,000.00, pays 0.00",
        ),
        (
            ["2000.00", "1500.01"],
            "合规负担 1,500.01 元，年度负担累计 3,500.01 元，超过起付线 3,000.00 元的部分 500.01 元 × 70% = 350.01 元（四舍五入到分）",
            "“合规负担” 1,500.01, “年度负担” is now 3,500.01, 500.01 of it above the threshold of 3,000.00, × 70% = 350.01 (rounded)",
        ),
        (
            ["3000.00", "1500.00"],
            "合规负担 1,500.00 元（年度负担此前累计 3,000.00 元，已过起付线 3,000.00 元） × 70% = 1,050.00 元",
            "“合规负担” 1,500.00 (“年度负担” was 3,000.00, past the threshold of 3,000.00) × 70% = 1,050.00",
        ),
        (["0.00"], "合规负担 0.00 元，付 0.00 元", "“合规负担” 0.00, pays 0.00"),
    ],
)
def test_thresholds_on_a_count(tmp_path: Path, bills: list[str], zh: str, en: str) -> None:
    policy = policy_of(tmp_path, "services: [inpatient], of: own, above: {burden: 3000}, rate: 70%")
    events = [bill(total) for total in bills]

    assert f"按二，{zh}。" in why(policy, *events).text
    assert f"Under 二: {en}." in why(policy, *events, lang="en").text


@pytest.mark.parametrize(
    ("total", "zh", "en"),
    [
        (
            "2000.00",
            "合规负担 2,000.00 元，超过起付线 800.00 元的部分 1,200.00 元 × 70% = 840.00 元",
            "“合规负担” 2,000.00, 1,200.00 of it above the threshold of 800.00, × 70% = 840.00",
        ),
        (
            "800.00",
            "合规负担 800.00 元，未超过起付线 800.00 元，付 0.00 元",
            "“合规负担” 800.00, not above the threshold of 800.00, pays 0.00",
        ),
    ],
)
def test_thresholds_of_an_event(tmp_path: Path, total: str, zh: str, en: str) -> None:
    texts = both(tmp_path, "services: [inpatient], of: own, above: 800, rate: 70%", event=bill(total))

    assert f"按二，{zh}。" in texts[0]
    assert f"Under 二: {en}." in texts[1]


def test_a_threshold_of_nothing_is_not_worth_a_word(tmp_path: Path) -> None:
    benefit = "services: [inpatient], of: own, above: {burden: 0}, rate: 70%"

    assert "按二，合规负担 14,000.00 元 × 70% = 9,800.00 元。" in told(tmp_path, benefit).text
    assert "“合规负担” 14,000.00 × 70% = 9,800.00." in told(tmp_path, benefit, lang="en").text


def test_adjusted_numbers_say_what_they_were(tmp_path: Path) -> None:
    adjust = "adjust: [{changes: above, clause: 四, none: true}, {changes: rate, clause: 四, times: 50%}, "
    adjust += "{changes: {limit: relief}, clause: 四, none: true}, {changes: {limit: joint}, clause: 四, minus: 1}]"
    limits = "limit: {relief: 30000, joint: 20000}"

    texts = both(tmp_path, f"services: [inpatient], of: own, above: 800, rate: 70%, {limits}, {adjust}")

    assert without_the_bill(texts) == [
        "按二，合规负担 14,000.00 元（起付线 0.00 元（原为 800.00 元，四“不设起付线”）） × 35%（原为 70%，四“比例×50%”） = 4,900.00 元，"
        "不设年度救助限额（原为 30,000.00 元，四“不设年度救助限额”），年度合计限额 19,999.00 元（原为 20,000.00 元，四“年度合计减1元”）"
        "已用 0.00 元，还剩 15,099.00 元。本次救助 4,900.00 元，个人付 14,100.00 元。",
        "Under 二: “合规负担” 14,000.00 (the threshold of 0.00 (800.00 before, 四 “不设起付线”)) × 35% (70% before, 四 “比例×50%”) "
        "= 4,900.00, no limit “年度救助限额” (30,000.00 before, 四 “不设年度救助限额”), limit “年度合计” 19,999.00 "
        "(20,000.00 before, 四 “年度合计减1元”): 0.00 used, 15,099.00 left. Relief pays 4,900.00; the person pays 14,100.00.",
    ]


def test_an_adjusted_threshold_that_is_crossed(tmp_path: Path) -> None:
    benefit = (
        "services: [inpatient], of: own, above: 800, rate: 70%, adjust: [{changes: above, clause: 四, times: 50%}]"
    )

    zh, en = both(tmp_path, benefit)

    assert "超过起付线 400.00 元（原为 800.00 元，四“起付线×50%”）的部分 13,600.00 元" in zh
    assert "13,600.00 of it above the threshold of 400.00 (800.00 before, 四 “起付线×50%”)" in en


def test_bands(tmp_path: Path) -> None:
    bands = "services: [inpatient], of: own, bands: [{to: 10000, rate: 50%}, {to: 90000, rate: 62.5%}, {rate: 70%}]"
    nothing = "services: [inpatient], of: own, above: {burden: 20000}, bands: [{to: 30000, rate: 50%}, {rate: 60%}]"

    assert without_the_bill(both(tmp_path, bands)) == [
        "按二，合规负担 14,000.00 元，分段计算：10,000.00 元 × 50% + 4,000.00 元 × 62.5% = 7,500.00 元。"
        "本次救助 7,500.00 元，个人付 11,500.00 元。",
        "Under 二: “合规负担” 14,000.00, in bands: 10,000.00 × 50% + 4,000.00 × 62.5% = 7,500.00. Relief pays 7,500.00; "
        "the person pays 11,500.00.",
    ]
    assert (
        "按二，合规负担 14,000.00 元，年度负担累计 14,000.00 元，未超过起付线 20,000.00 元，付 0.00 元。"
        in both(tmp_path, nothing)[0]
    )


def test_bands_that_are_adjusted_say_by_what(tmp_path: Path) -> None:
    adjust = "adjust: [{changes: rate, clause: 四, plus: 5%}]"

    zh, en = both(tmp_path, f"services: [inpatient], of: own, bands: [{{to: 10000, rate: 50%}}, {{rate: 60.01%}}], {adjust}",
                  event=bill("14000.01"))  # fmt: skip

    assert "分段计算（四“比例加5%”）：10,000.00 元 × 55% + 4,000.01 元 × 65.01% = 8,100.41 元（四舍五入到分）" in zh
    assert "in bands (四 “比例加5%”): 10,000.00 × 55% + 4,000.01 × 65.01% = 8,100.41 (rounded)" in en


def test_grants(tmp_path: Path) -> None:
    birth = both(tmp_path, "services: [childbirth], amount: 900", event=bill("6000.00", service="childbirth"))
    days = both(tmp_path, "services: [inpatient], amount: 20, each: days", event=bill("9000.00", days=15))

    assert [
        "按二，定额救助 900.00 元。本次救助 900.00 元，个人付 5,100.00 元。",
        "Under 二: flat grant of 900.00. Relief pays 900.00; the person pays 5,100.00.",
    ] == without_the_bill(birth)
    assert [
        "按二，定额救助 20.00 元 × 15（住院床日）= 300.00 元。本次救助 300.00 元，个人付 8,700.00 元。",
        "Under 二: flat grant of 20.00 × 15 (“住院床日”) = 300.00. Relief pays 300.00; the person pays 8,700.00.",
    ] == without_the_bill(days)


def test_a_grant_above_the_bill(tmp_path: Path) -> None:
    texts = both(
        tmp_path, "services: [childbirth], amount: 900", event=bill("500.00", "500.00", "100.00", service="childbirth")
    )

    assert (
        "分娩总费用 500.00 元，医保等已付 100.00 元。按二，定额救助 900.00 元。"
        "本次救助 900.00 元，定额发放，高于账单未付部分，个人付 0.00 元。",
        "Birth, bill of 500.00 yuan; insurance and others have paid 100.00. Under 二: flat grant of 900.00. "
        "Relief pays 900.00, a flat grant above what the bill leaves; the person pays 0.00.",
    ) == texts


def test_an_application_has_no_bill(tmp_path: Path) -> None:
    care = both(tmp_path, "services: [late_stage_care], amount: 5000", event=CARE)

    assert ("大病关怀。按二，定额救助 5,000.00 元。本次救助 5,000.00 元。",
            "Late-stage care. Under 二: flat grant of 5,000.00. Relief pays 5,000.00.") == care  # fmt: skip


def test_an_application_for_a_year_says_which(tmp_path: Path) -> None:
    event = bill("0.00", service="annual_relief", for_year=2022)
    benefit = "services: [annual_relief], of: {tally: left, year: for_year}, above: 20000, rate: 50%"

    assert (
        "一次性救助申请（2022 年度）。按二，全年自付 0.00 元，付 0.00 元。本次救助 0.00 元。",
        "Application for annual relief for 2022. Under 二: “全年自付” 0.00, pays 0.00. Relief pays 0.00.",
    ) == both(tmp_path, benefit, event=event)


def test_refusals(tmp_path: Path) -> None:
    stay = both(tmp_path, STAY, statuses=[MARGIN])
    care = both(tmp_path, "services: [late_stage_care], amount: 5000", event=CARE, statuses=[MARGIN])

    reason = told(tmp_path, STAY, statuses=[MARGIN]).refusal.reason
    assert [
        f"不予救助（一）：{reason}。个人付 19,000.00 元。",
        f"Refused under 一: “{reason}”. The person pays 19,000.00.",
    ] == without_the_bill(stay)
    assert (f"大病关怀。不予救助（一）：{reason}。", f"Late-stage care. Refused under 一: “{reason}”.") == care


def test_what_exceeds_the_charge_is_the_hospitals(tmp_path: Path) -> None:
    event = bill("10000.00", "9000.00", "5000.00", package="8000.00")

    assert (
        "住院总费用 10,000.00 元，医保等已付 5,000.00 元，超出收费限额的 2,000.00 元由医院承担。按二，政策范围内费用 9,000.00 元 × 20% = "
        "1,800.00 元。本次救助 1,800.00 元，个人付 1,200.00 元。",
        "Hospital stay, bill of 10,000.00 yuan; insurance and others have paid 5,000.00; the hospital bears 2,000.00 above "
        "what it may charge. Under 二: “政策范围内费用” 9,000.00 × 20% = 1,800.00. Relief pays 1,800.00; the person pays 1,200.00.",
    ) == both(tmp_path, "services: [inpatient], bill: package, of: in_policy, rate: 20%", event=event)


def test_items_share_a_sentence_and_those_not_relieved_have_one_of_their_own(tmp_path: Path) -> None:
    goods = [{"item": name, "personal": "100.00"} for name in ("甲", "甲械", "丙", "丁")]
    event = bill("1000.00", disease="甲病", items=goods)
    policy = catalogue_policy(tmp_path)
    prices = {"prices": {"甲": "30.00", "甲械": "90.00"}}

    assert without_the_bill(why(policy, event, parameters=prices, lang=lang).text for lang in ("zh", "en")) == [
        "按一，甲药个人负担 100.00 元 × 50% = 50.00 元，项目年度限额 30.00 元已用 0.00 元，只剩 30.00 元，付 30.00 元；"
        "甲械个人负担 100.00 元 × 50% = 50.00 元，项目年度限额 90.00 元已用 0.00 元，还剩 40.00 元。"
        "丙、丁不在目录内（附件），不予救助。本次救助 80.00 元，个人付 920.00 元。",
        "Under 一: “甲药个人负担” 100.00 × 50% = 50.00, limit “项目年度限额” 30.00: 0.00 used, only 30.00 left, pays 30.00; "
        "“甲械个人负担” 100.00 × 50% = 50.00, limit “项目年度限额” 90.00: 0.00 used, 40.00 left. "
        "Not relieved under 附件: “丙”, “丁” (“不在目录内”). Relief pays 80.00; the person pays 920.00.",
    ]


def test_layers_are_told_with_the_bill(tmp_path: Path) -> None:
    policy, plan = layered(tmp_path)
    event = bill("10000.00", "10000.00", None, "0.00", None, "100.00")

    texts = [why(policy, event, plan=plan, lang=lang).text for lang in ("zh", "en")]

    assert texts[0].startswith(
        "住院总费用 10,000.00 元，按参保待遇算得基本医保付 6,207.50 元、补充保险付 406.18 元，其他已付 100.00 元。按二，"
    )
    assert texts[1].startswith(
        "Hospital stay, bill of 10,000.00 yuan; by the rules of insurance “基本医保” pays 6,207.50, “补充保险” pays 406.18; "
        "others have paid 100.00. Under 二: "
    )


def test_large_amounts_are_grouped(tmp_path: Path) -> None:
    zh, _ = both(tmp_path, STAY, event=bill("12345678.90"))

    assert zh.startswith("住院总费用 12,345,678.90 元。")
