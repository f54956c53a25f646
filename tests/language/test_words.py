"""A policy's parts in Chinese words."""

from __future__ import annotations

from datetime import date

import pytest

from tuodi.language.model import (
    Adjust,
    AllOf,
    AnyOf,
    Band,
    Bands,
    Benefit,
    Between,
    ByCase,
    Catalogue,
    Choose,
    ClassIn,
    Column,
    Count,
    Dated,
    DiseaseIn,
    DiseaseList,
    Document,
    Fact,
    FactType,
    Fixed,
    Given,
    Grant,
    Is,
    ItemBurden,
    Layer,
    LeftOf,
    Limit,
    Not,
    Operand,
    ParameterHole,
    ParameterType,
    ParameterValue,
    PersonClass,
    Policy,
    Proportion,
    Quantity,
    QuantityRef,
    Reached,
    Refuse,
    Scope,
    ServiceIn,
    ShareOf,
    Since,
    StatusIn,
    TallyOf,
    Target,
    Test,
    Threshold,
    UncoveredOf,
    Unit,
    Unpaid,
    Value,
    YearsBefore,
)
from tuodi.language.words import Words, day_text, listed, yuan

DOCUMENT = Document(
    id="example-1",
    number="示医保发〔2026〕1号",
    title="示例市医疗救助办法",
    issuer="示例市医疗保障局",
    region="990100",
    issued=date(2026, 1, 1),
    start=date(2026, 1, 1),
    end=None,
    start_clause="印发",
)
MONEY_1000, RATE_70 = Fixed(amount=100_000), Fixed(amount=7000)


def benefit(name: str = "relief", **parts: object) -> Benefit:
    given = {"of": QuantityRef(quantity="burden"), "pay": Proportion(rate=RATE_70), **parts}
    return Benefit(
        id=name,
        label="医疗救助",
        clause="三(二)",
        **{"layer": "relief", "services": frozenset({"inpatient", "outpatient"}), **given},  # type: ignore[arg-type]
    )


POLICY = Policy(
    document=DOCUMENT,
    content_hash="0" * 64,
    classes=(
        PersonClass(id="poor", label="低保对象", clause="二", members=()),
        PersonClass(id="near", label="低保边缘家庭", clause="二", members=()),
    ),
    facts={
        "package_limit": Fact(id="package_limit", type=FactType.MONEY, label="单病种限额"),
        "for_year": Fact(id="for_year", type=FactType.YEAR, label="申请年度"),
        "special": Fact(id="special", type=FactType.FLAG, label="特药"),
        "bed_days": Fact(id="bed_days", type=FactType.COUNT, label="床日"),
    },
    lists={"serious": DiseaseList(id="serious", label="重大疾病", clause="附件", diseases=())},
    catalogues={"items": Catalogue(id="items", label="特药目录", clause="附件", diseases="serious", entries=())},
    quantities={
        "burden": Quantity(id="burden", label="个人负担", take=(Column(name="in_policy"),)),
    },
    counts={
        "burden_of_year": Count(id="burden_of_year", label="年度负担", clause="三", per=(Scope.YEAR,)),
        "relief_of_year": Count(id="relief_of_year", label="年度限额", clause="三", per=(Scope.YEAR, Scope.ITEM)),
    },
    layers=(
        Layer(id="basic", label="基本医保", choose=Choose.FIRST_RULE),
        Layer(id="relief", label="医疗救助", choose=Choose.FIRST_RULE),
        Layer(id="extra", label="倾斜救助", choose=Choose.ALL),
    ),
    benefits=(benefit("relief"),),
    parameters={
        "income": ParameterHole(id="income", label="居民人均可支配收入", clause="五", type=ParameterType.MONEY),
    },
)
WORDS = Words(policy=POLICY)


def test_amounts_and_days_are_written_as_officials_write_them() -> None:
    assert ["3,000元", "1,234.50元", "0元"] == [yuan(fen) for fen in (300_000, 123_450, 0)]
    assert "2023年1月9日" == day_text(date(2023, 1, 9))
    assert "甲、乙" == listed(["甲", "乙"])


DESIGNATED = Is(fact="designated", values=frozenset({True}))
OLD = Between(fact="age", at_least=60)
TESTS: list[tuple[Test, str]] = [
    (DESIGNATED, "定点"),
    (Is(fact="designated", values=frozenset({False})), "非定点"),
    (Not(test=DESIGNATED), "非定点"),
    (Is(fact="insurance", values=frozenset({"employee", "resident"})), "参保为职工医保、居民医保"),
    (Is(fact="level", values=frozenset({3, 2})), "医院级别为2、3"),
    (OLD, "年龄不低于60"),
    (Between(fact="age", below=18), "年龄低于18"),
    (Between(fact="package_limit", at_least=100_000, below=200_000), "单病种限额不低于1,000元、低于2,000元"),
    (Given(fact="package_limit"), "有“单病种限额”"),
    (Not(test=Given(fact="package_limit")), "没有“单病种限额”"),
    (YearsBefore(fact="for_year", years=0), "申请年度为当年"),
    (YearsBefore(fact="for_year", years=1), "申请年度为上一年"),
    (YearsBefore(fact="for_year", years=2), "申请年度为2年前"),
    (DiseaseIn(lists=frozenset({"serious"})), "病种在“重大疾病”内"),
    (Not(test=DiseaseIn(lists=frozenset({"serious"}))), "病种不在“重大疾病”内"),
    (ServiceIn(services=frozenset({"outpatient", "inpatient"})), "服务是住院、普通门诊"),
    (Not(test=ServiceIn(services=frozenset({"outpatient"}))), "服务不是普通门诊"),
    (StatusIn(statuses=frozenset({"orphan"})), "具有身份孤儿"),
    (Not(test=StatusIn(statuses=frozenset({"orphan"}))), "不具有身份孤儿"),
    (ClassIn(classes=frozenset({"near", "poor"})), "属于低保对象、低保边缘家庭"),
    (Not(test=ClassIn(classes=frozenset({"poor"}))), "不属于低保对象"),
    (Since(day=date(2024, 1, 1)), "2024年1月1日起"),
    (Not(test=Since(day=date(2024, 1, 1))), "2024年1月1日之前"),
    (Reached(count="burden_of_year", at_least=MONEY_1000), "此前年度负担已达到1,000元"),
    (Not(test=OLD), "不符合（年龄不低于60）"),
    (AllOf(tests=(DESIGNATED, AllOf(tests=(OLD,)))), "定点，且年龄不低于60"),
    (AllOf(tests=(DESIGNATED, AnyOf(tests=(OLD, DESIGNATED)))), "定点，且（年龄不低于60，或定点）"),
    (AnyOf(tests=(DESIGNATED, AllOf(tests=(OLD, DESIGNATED)))), "定点，或（年龄不低于60，且定点）"),
]


@pytest.mark.parametrize(("test", "said"), TESTS)
def test_a_condition_is_a_phrase(test: Test, said: str) -> None:
    assert said == WORDS.test(test)


VALUES: list[tuple[Value, Unit, str]] = [
    (MONEY_1000, Unit.MONEY, "1,000元"),
    (RATE_70, Unit.RATE, "70%"),
    (ParameterValue(parameter="income"), Unit.MONEY, "“居民人均可支配收入”"),
    (ParameterValue(parameter="income", by_item=True), Unit.MONEY, "该项目的“居民人均可支配收入”"),
    (ShareOf(share=5000, of=ParameterValue(parameter="income")), Unit.MONEY, "“居民人均可支配收入”的50%"),
    (Dated(steps=((date(2023, 1, 1), RATE_70),)), Unit.RATE, "（2023年1月1日起70%）"),
    (ByCase(cases=((DESIGNATED, RATE_70),)), Unit.RATE, "（定点：70%）"),
    (
        ByCase(cases=((DESIGNATED, MONEY_1000),), otherwise=Fixed(amount=0)),
        Unit.MONEY,
        "（定点：1,000元；其余：0元）",
    ),
]


@pytest.mark.parametrize(("value", "unit", "said"), VALUES)
def test_a_value_is_said_as_the_document_says_it(value: Value, unit: Unit, said: str) -> None:
    assert said == WORDS.value(value, unit)


OPERANDS: list[tuple[Operand, str]] = [
    (Column(name="in_policy"), "政策范围内费用"),
    (Column(name="package_limit"), "单病种限额"),
    (Column(name="extra"), "倾斜救助支付"),
    (Unpaid(), "账单未付部分"),
    (QuantityRef(quantity="burden"), "个人负担"),
    (LeftOf(quantity="burden"), "个人负担的余额"),
    (UncoveredOf(benefit="relief"), "“医疗救助”因限额未救助的部分"),
    (TallyOf(count="burden_of_year"), "年度负担"),
    (ItemBurden(), "项目的个人负担"),
]


@pytest.mark.parametrize(("operand", "said"), OPERANDS)
def test_an_operand_is_said_by_its_label(operand: Operand, said: str) -> None:
    assert said == WORDS.operand(operand)


TOTAL, BASIC = Column(name="total"), Column(name="basic")


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        (Quantity(id="q", label="", take=(TOTAL,)), "医疗总费用"),
        (Quantity(id="q", label="", take=(TOTAL,), times=RATE_70), "医疗总费用 × 70%"),
        (Quantity(id="q", label="", take=(TOTAL, BASIC), times=RATE_70), "（医疗总费用 + 基本医保） × 70%"),
        (
            Quantity(id="q", label="", take=(TOTAL,), less=(BASIC,), at_most=(Unpaid(),)),
            "医疗总费用 - 基本医保，不超过账单未付部分",
        ),
    ],
)
def test_a_quantity_is_said_as_its_formula(quantity: Quantity, said: str) -> None:
    assert said == WORDS.quantity(quantity)


def limit(amount: Value | None = MONEY_1000) -> tuple[Limit, ...]:
    return (Limit(count="relief_of_year", amount=amount),)


def above(amount: Value = MONEY_1000, count: str | None = "burden_of_year") -> Threshold:
    return Threshold(amount=amount, count=count)


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("不限对象的住院、普通门诊：个人负担不设起付线，按70%救助，不设限额。", {}),
        (
            "低保对象的住院、普通门诊：个人负担，年度负担累计超过1,000元的部分按70%救助，年度限额1,000元。",
            {"classes": frozenset({"poor"}), "above": above(), "limits": limit()},
        ),
        (
            "不限对象的住院、普通门诊：个人负担每次超过1,000元的部分按70%救助，不设限额。",
            {"above": above(count=None), "limits": limit(None)},
        ),
        (
            "不限对象的住院、普通门诊：个人负担不设起付线，按70%救助，年度限额：“居民人均可支配收入”。",
            {"above": above(Fixed(amount=0)), "limits": limit(ParameterValue(parameter="income"))},
        ),
        (
            "不限对象的住院、普通门诊：年度负担超过1,000元的部分按70%救助，每年、每个项目一次，不设限额。",
            {"of": TallyOf(count="burden_of_year"), "above": above(count=None), "once": "relief_of_year"},
        ),
        (
            "不限对象的住院、普通门诊：个人负担不设起付线，分段按0元至1,000元的部分70%；1,000元以上的部分80%支付，不设限额。",
            {
                "layer": "basic",
                "pay": Bands(
                    bands=(
                        Band(start=Fixed(amount=0), end=MONEY_1000, rate=RATE_70),
                        Band(start=MONEY_1000, end=None, rate=Fixed(amount=8000)),
                    )
                ),
            },
        ),
        (
            "不限对象的住院、普通门诊：定点时；在“医疗救助”之后；定额救助1,000元×床日，不设限额。",
            {"of": None, "pay": Grant(amount=MONEY_1000, each="bed_days"), "when": DESIGNATED, "after": "relief"},
        ),
        ("不限对象的住院、普通门诊：定额救助1,000元，不设限额。", {"of": None, "pay": Grant(amount=MONEY_1000)}),
        ("不限对象的住院、普通门诊：不予救助：另有规定。", {"of": None, "pay": Refuse(reason="另有规定")}),
        (
            "不限对象的住院、普通门诊：目录“特药目录”内的项目逐项计算；最多按单病种限额收费，超出部分由医院承担；"
            "个人负担不设起付线，按70%救助，不设限额；定点：比例×50%。",
            {
                "catalogue": "items",
                "bill": Column(name="package_limit"),
                "adjust": (Adjust(changes=Target.RATE, clause="三", when=DESIGNATED, times=5000),),
            },
        ),
    ],
)
def test_a_benefit_is_one_sentence(said: str, parts: dict[str, object]) -> None:
    assert said == WORDS.sentence(benefit(**parts))


def test_thresholds_and_limits_stand_in_the_table_too() -> None:
    assert "年度负担累计1,000元" == WORDS.threshold(above())
    assert "每次1,000元" == WORDS.threshold(above(count=None))
    assert "不设起付线" == WORDS.threshold(None)
    assert "不设限额" == WORDS.limits(benefit())


def test_adjustments_of_one_condition_stand_together() -> None:
    def adjust(changes: Target, **values: object) -> Adjust:
        return Adjust(changes=changes, clause="三", **values)  # type: ignore[arg-type]

    assert "定点：比例×50%、年度限额×50%加100元；比例减5%不低于10%不高于80%、不设起付线" == WORDS.adjusts(
        [
            adjust(Target.RATE, when=DESIGNATED, times=5000),
            adjust(Target.LIMIT, when=DESIGNATED, count="relief_of_year", times=5000, plus=Fixed(amount=10_000)),
            adjust(Target.RATE, minus=Fixed(amount=500), at_least=Fixed(amount=1000), at_most=Fixed(amount=8000)),
            adjust(Target.ABOVE, none=True),
        ]
    )
