"""The page of a policy for officials."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.language.example import example
from tests.language.test_words import DOCUMENT
from tuodi.language.describe import Example, ExampleRow, describe
from tuodi.language.load import load_policy
from tuodi.language.model import (
    Catalogue,
    CatalogueEntry,
    Choose,
    Disease,
    DiseaseList,
    Indicator,
    KnownException,
    Layer,
    PersonsIn,
    Policy,
    Property,
)
from tuodi.language.page import Page, Table, markdown
from tuodi.language.shelf import packaged_plans, packaged_policies


def titles(page: Page) -> list[str]:
    return [section.title for section in page.sections]


def test_the_page_of_an_empty_policy_has_its_document_only() -> None:
    page = describe(Policy(document=DOCUMENT, content_hash="0" * 64))

    assert "示例市医疗救助办法" == page.title
    assert [] == titles(page)


def test_the_page_tells_everything_in_order() -> None:
    assert [
        "救助谁",
        "救助哪些服务，有什么条件",
        "医疗救助：多少",
        "金额怎样算",
        "由经办机构确定的数值",
        "参保资助",
        "资金由谁负担",
        "监测预警",
        "经办流程",
        "手工报销（五(二)）",
        "由其他文件规定的内容",
    ] == titles(describe(example()))


def test_numbers_stand_with_their_clauses() -> None:
    text = markdown(describe(example()))

    row = "| 住院、门诊慢特病、精神专科住院 | 年度个人负担累计3,000元 | 50% | 年度救助限额15,000元 | 三(二)2 |"
    assert f"| 医疗救助 | 低保边缘家庭成员 {row}" in text
    assert "非市域内：比例减10%" in text
    assert "| 1 | 受理申请 | 乡镇（街道） | 5个工作日内 |  |  |" in text
    assert "政策范围内费用 - 基本医保 - 大病保险 - 补充保险，不超过账单未付部分" in text


def test_the_days_of_the_document_are_told() -> None:
    ended = replace(DOCUMENT, end=date(2027, 1, 1), replaces="示医保发〔2020〕1号")
    text = markdown(describe(Policy(document=ended, content_hash="0" * 64)))

    assert "2026年1月1日起至2027年1月1日止（不含当日）" in text
    assert "| 替代 | 示医保发〔2020〕1号 |" in text


def test_examples_are_set_out_as_a_table() -> None:
    row = ExampleRow(total=400_000, paid=(50_000,), relief=50_000, personal=350_000, remark="恰好")
    one = Example(title="低保", measure="医疗总费用", assumptions="全部在政策范围内。", lines=("救助",), rows=(row,))
    page = describe(example(), [one])
    section = next(section for section in page.sections if section.title == "低保")

    assert "算例" in titles(page)
    assert (
        Table(
            headers=("医疗总费用", "救助", "救助合计", "个人自付", "说明"),
            rows=(("4,000.00", "500.00", "500.00", "3,500.00", "恰好"),),
            right=frozenset({0, 1, 2, 3}),
        )
        == section.blocks[1]
    )


@pytest.mark.parametrize(
    ("choose", "told"),
    [(Choose.FIRST_RULE, "取第一项"), (Choose.HIGHEST_RATE, "比例最高的一项"), (Choose.ALL, "依次都给")],
)
def test_how_benefits_exclude_each_other_is_told(choose: Choose, told: str) -> None:
    layers = (Layer(id="basic", label="基本医保", choose=choose), Layer(id="relief", label="医疗救助", choose=choose))
    page = describe(replace(example(), layers=layers, persons_in=PersonsIn.EVERY_CLASS))

    assert told in markdown(page)
    assert "各类待遇都予以考虑" in markdown(page)
    assert "基本医保：多少" not in titles(page)


def test_a_policy_without_benefits_still_tells_its_conditions() -> None:
    page = describe(replace(example(), benefits=(), counts={}, general_conditions=example().general_conditions[:1]))

    assert "救助哪些服务，有什么条件" in titles(page)
    assert "医疗救助：多少" not in titles(page)


def test_lists_catalogues_indicators_and_exceptions_are_told() -> None:
    disease = Disease(name="肺癌", aliases=(), icd10=("C34",))
    entries = tuple(CatalogueEntry(disease=name, item="甲药", kind="drug") for name in ("肺癌", "胃癌"))
    items = Catalogue(id="items", label="特药", clause="附件", diseases="serious", entries=entries)
    text = markdown(
        describe(
            replace(
                example(),
                lists={"serious": DiseaseList(id="serious", label="重大疾病", clause="附件", diseases=(disease,))},
                catalogues={"items": items},
                indicators=(Indicator(id="i", label="目录外占比", clause="五", of="目录外费用", at_most=1000),),
                known_exceptions=(
                    KnownException(
                        property=Property.CLASS_ORDER, benefits=frozenset({"a>b"}), reason="文件如此", clause="三"
                    ),
                ),
            )
        )
    )

    assert "| 重大疾病 | 1 | 肺癌 | 附件 |" in text
    assert "| 特药 | 1 | 甲药 | 附件 |" in text
    assert "| 目录外占比 | 不高于10% |  | 五 |" in text
    assert "| 排在前的类别不比后的差 | 文件如此 | 三 |" in text


@pytest.mark.parametrize("name", [*packaged_policies(), *packaged_plans()])
def test_every_policy_of_the_package_has_its_page(name: str) -> None:
    policy = load_policy({**packaged_policies(), **packaged_plans()}[name])
    text = markdown(describe(policy))

    assert all(benefit.clause in text and benefit.label in text for benefit in policy.benefits)
    assert "None" not in text
