"""A folder becomes a policy, frozen and whole, or all its findings at once."""

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from tests.language.written import SMALL, codes, findings, part, policy, write
from tuodi.core.finding import Faults
from tuodi.language.load import load_policy
from tuodi.language.model import (
    Adjust,
    AllOf,
    AnyOf,
    Band,
    Bands,
    Benefit,
    Between,
    ByCase,
    CatalogueEntry,
    Choose,
    ClassIn,
    Clause,
    ClauseKind,
    Column,
    Count,
    Cover,
    CoverEnd,
    Dated,
    Disease,
    DiseaseIn,
    Document,
    Enrolment,
    Fact,
    FactSource,
    FactType,
    Feed,
    Fixed,
    Funding,
    GeneralCondition,
    Given,
    Grant,
    Indicator,
    InsuranceTilt,
    Is,
    ItemBurden,
    KnownException,
    Layer,
    LeftOf,
    Limit,
    Member,
    Not,
    ParameterHole,
    ParameterType,
    ParameterValue,
    PayerShare,
    PersonClass,
    PersonsIn,
    Policy,
    Procedure,
    Property,
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
    Step,
    TallyOf,
    Target,
    Threshold,
    Unpaid,
    WarningLine,
    YearsBefore,
)

SPECIMEN = Path(__file__).parent / "specimen"
STAYS = frozenset({"inpatient", "psychiatric_inpatient"})
INCOME = ParameterValue(parameter="income")


@pytest.fixture(scope="module")
def specimen() -> Policy:
    return load_policy(SPECIMEN)


def benefit(specimen: Policy, name: str) -> Benefit:
    return next(each for each in specimen.benefits if each.id == name)


# ---- the specimen, part by part --------------------------------------------------------------------------------------


def test_the_document(specimen: Policy) -> None:
    assert (
        Document(
            id="specimen-2023-1",
            number="示例〔2023〕1号",
            title="示例市医疗救助办法",
            issuer="示例市医疗保障局",
            region="370000",
            issued=date(2023, 1, 1),
            start=date(2023, 2, 1),
            end=None,
            start_clause="附则",
            replaces="示例〔2020〕1号",
        )
        == specimen.document
    )
    assert (False, PersonsIn.FIRST_CLASS) == (specimen.is_plan, specimen.persons_in)
    assert ("一", "二") == (specimen.no_class_clause, specimen.not_covered_clause)


def test_classes_of_statuses_and_of_classes(specimen: Policy) -> None:
    insured = Is(fact="insurance", values=frozenset({"resident", "employee"}))
    old = Between(fact="age", at_least=60)
    destitute, poor, key, ill = specimen.classes

    assert (Member(status="extreme_poverty"), Member(status="orphan")) == destitute.members
    assert (
        Member(status="subsistence_allowance", when=insured),
        Member(status="priority_child", when=insured),
    ) == poor.members
    assert (
        PersonClass(
            id="key",
            label="重点救助对象",
            clause="一",
            members=(
                Member(class_id="destitute", when=old),
                Member(class_id="poor", when=old),
                Member(status="severe_disability"),
            ),
            when=Is(fact="insurance", values=frozenset({"resident"})),
        )
        == key
    )
    cover = Cover(months_before=12, from_first_of_month=True, until=CoverEnd.YEAR_END, one_application_per_year=True)
    assert (Member(status="illness_impoverished", cover=cover),) == ill.members


def test_lists_and_catalogues_from_their_files(specimen: Policy) -> None:
    assert (
        Disease(name="肺癌", aliases=("肺恶性肿瘤", "肺部肿瘤"), icd10=("C34",)),
        Disease(name="儿童白血病", aliases=(), icd10=("C91", "C92.1"), needs="age under 18", needs_below_age=18),
        Disease(name="尿毒症", aliases=(), icd10=("N18.5",), needs="dialysis", note="要透析"),
    ) == specimen.lists["serious"].diseases
    assert ("戈谢病",) == tuple(disease.name for disease in specimen.lists["rare"].diseases)
    assert (
        CatalogueEntry(disease="肺癌", item="盐酸埃克替尼", kind="drug", aliases=("埃克替尼",)),
        CatalogueEntry(disease="尿毒症", item="透析器", kind="device"),
    ) == specimen.catalogues["annex"].entries
    assert "serious" == specimen.catalogues["annex"].diseases


def test_facts_and_parameters(specimen: Policy) -> None:
    assert {"stays": STAYS} == specimen.service_groups
    assert {
        "bed_days": Fact(id="bed_days", type=FactType.COUNT, label="住院床日"),
        "expert_review": Fact(
            id="expert_review",
            type=FactType.FLAG,
            label="专家评审",
            source=FactSource.ITEM,
            has_default=True,
            default=False,
        ),
        "for_year": Fact(id="for_year", type=FactType.YEAR, label="申请年度"),
        "package_limit": Fact(id="package_limit", type=FactType.MONEY, label="单病种限额", has_default=True),
        "regimen": Fact(
            id="regimen", type=FactType.CHOICE, label="治疗方案", choices=("dialysis", "transplant"), has_default=True
        ),
    } == specimen.facts
    assert {
        "income": ParameterHole(
            id="income", label="人均可支配收入", clause="三", type=ParameterType.MONEY, set_by="统计局"
        ),
        "other_rate": ParameterHole(
            id="other_rate",
            label="其他人员比例",
            clause="二",
            type=ParameterType.RATE,
            set_by="县级政府",
            optional=True,
        ),
        "item_limits": ParameterHole(
            id="item_limits", label="项目限额", clause="附件", type=ParameterType.MONEY_BY_ITEM, catalogue="annex"
        ),
    } == specimen.parameters


def test_quantities_with_and_without_a_name(specimen: Policy) -> None:
    assert (
        Quantity(
            id="package_cost",
            label="（政策范围内费用＋医疗总费用）按比例",
            take=(Column(name="in_policy"), Column(name="total")),
            times=Fixed(amount=5000),
            at_most=(Column(name="package_limit"),),
        )
        == specimen.quantities["package_cost"]
    )
    outer, inner = QuantityRef(quantity="illness__2"), QuantityRef(quantity="illness__1")
    assert outer == benefit(specimen, "illness").of
    assert (inner, Unpaid()) == specimen.quantities["illness__2"].take
    assert "自付" == specimen.quantities["illness__2"].label
    assert "医疗总费用－政策范围内费用" == specimen.quantities["illness__1"].label


def test_counts_and_a_tally(specimen: Policy) -> None:
    assert (
        Count(id="relief_of_year", label="年度限额", clause="二", per=(Scope.YEAR,), household=True)
        == specimen.counts["relief_of_year"]
    )
    assert ("relief_of_year", "again_of_year") == specimen.counts["both_of_year"].sum_of
    assert (Scope.ITEM, Scope.YEAR) == specimen.counts["item_relief"].per
    assert (
        Count(id="applied", label="一次性救助", clause="二", per=(Scope.APPLIED_YEAR,), year_fact="for_year")
        == specimen.counts["applied"]
    )
    assert (
        Feed(
            of=LeftOf(quantity="burden"),
            when=AllOf(tests=(ServiceIn(services=STAYS), Is(fact="designated", values=frozenset({True})))),
            unless_settled_by=frozenset({"package"}),
        )
        == specimen.counts["stays_left"].feed
    )


def test_layers_and_general_conditions(specimen: Policy) -> None:
    assert (
        Layer(id="basic", label="基本医保", choose=Choose.ALL),
        Layer(id="relief", label="医疗救助", choose=Choose.FIRST_RULE),
    ) == specimen.layers
    assert (
        GeneralCondition(
            id="designated",
            clause="二",
            when=Is(fact="designated", values=frozenset({True})),
            refusal="不是定点医疗机构",
        )
        == specimen.general_conditions[1]
    )


def test_a_benefit_of_an_insurance_layer(specimen: Policy) -> None:
    young_here = AllOf(tests=(Is(fact="region", values=frozenset({True})), Between(fact="age", below=18)))

    assert Benefit(
        id="basic_stay",
        label="基本医保住院",
        clause="二",
        layer="basic",
        services=STAYS,
        of=Column(name="in_policy"),
        above=Threshold(
            amount=ByCase(
                cases=(
                    (Is(fact="level", values=frozenset({1})), Fixed(amount=20000)),
                    (Is(fact="level", values=frozenset({2})), Fixed(amount=50000)),
                ),
                otherwise=Fixed(amount=90000),
            ),
            count=None,
        ),
        pay=Proportion(
            rate=ByCase(cases=((young_here, Fixed(amount=9000)),), otherwise=Fixed(amount=8000)),
        ),
    ) == benefit(specimen, "basic_stay")


def test_when_and_unless_are_one_test(specimen: Policy) -> None:
    package = benefit(specimen, "package")

    assert (
        AllOf(
            tests=(
                Given(fact="package_limit"),
                DiseaseIn(lists=frozenset({"serious", "rare"})),
                AnyOf(tests=(Is(fact="region", values=frozenset({True})), Is(fact="county", values=frozenset({True})))),
                Not(test=Given(fact="regimen")),
            )
        )
        == package.when
    )
    assert (QuantityRef(quantity="package_cost"), Column(name="package_limit")) == (package.of, package.bill)
    assert "医疗救助" == package.label


def test_bands_thresholds_limits_and_adjustments(specimen: Policy) -> None:
    relief = benefit(specimen, "relief")
    first, second = Fixed(amount=1_000_000), ShareOf(share=15000, of=INCOME)
    steps = ((date(2022, 1, 1), Fixed(amount=300_000)), (date(2024, 1, 1), ShareOf(share=1000, of=INCOME)))
    employee = Is(fact="insurance", values=frozenset({"employee"}))

    assert Threshold(amount=Dated(steps=steps), count="burden_of_year") == relief.above
    assert (
        Bands(
            bands=(
                Band(start=Fixed(amount=0), end=first, rate=Fixed(amount=6000)),
                Band(start=first, end=second, rate=Fixed(amount=7000)),
                Band(start=second, end=None, rate=Fixed(amount=8000)),
            )
        )
        == relief.pay
    )
    assert (
        Limit(count="relief_of_year", amount=Fixed(amount=3_000_000)),
        Limit(count="both_of_year", amount=Fixed(amount=4_000_000)),
    ) == relief.limits
    assert (
        Adjust(changes=Target.ABOVE, clause="二", when=ClassIn(classes=frozenset({"destitute"})), none=True),
        Adjust(
            changes=Target.LIMIT,
            clause="三",
            when=AllOf(tests=(ServiceIn(services=STAYS), Not(test=Is(fact="level", values=frozenset({2, 3}))))),
            count="relief_of_year",
            plus=Fixed(amount=100_000),
            minus=Fixed(amount=50_000),
        ),
        Adjust(
            changes=Target.RATE,
            clause="二",
            when=AllOf(
                tests=(Is(fact="region", values=frozenset({False})), Between(fact="month", at_least=6, below=9))
            ),
            minus=Fixed(amount=1000),
            at_least=Fixed(amount=4000),
        ),
        Adjust(changes=Target.RATE, clause="三", when=employee, times=5000),
        Adjust(
            changes=Target.LIMIT,
            clause="三",
            when=AnyOf(tests=(ClassIn(classes=frozenset({"ill"})), StatusIn(statuses=frozenset({"low_income"})))),
            at_most=Fixed(amount=2_500_000),
        ),
    ) == relief.adjust


def test_the_policys_adjustments_reach_those_that_have_the_number(specimen: Policy) -> None:
    dealt = {each.id: [adjust.times for adjust in each.adjust if adjust.clause == "三"] for each in specimen.benefits}

    assert {"package": [5000], "again": [5000], "yearly": [5000]} == {
        name: times for name, times in dealt.items() if times == [5000]
    }
    assert [] == dealt["illness"] == dealt["bed_day"] == dealt["basic_stay"]


def test_grants_items_tallies_and_refusals(specimen: Policy) -> None:
    items, yearly = benefit(specimen, "items"), benefit(specimen, "yearly")

    assert ("annex", ItemBurden(), frozenset({"insured"})) == (items.catalogue, items.of, items.waives)
    assert (
        Limit(count="item_relief", amount=ParameterValue(parameter="item_limits", by_item=True)),
        Limit(count="relief_of_year", amount=None),
    ) == items.limits
    assert frozenset() == items.classes
    assert Grant(amount=Fixed(amount=2000), each="bed_days") == benefit(specimen, "bed_day").pay
    assert ("late_stage", "once_in_life") == ("late_stage", benefit(specimen, "late_stage").once)
    assert TallyOf(count="stays_left", year="for_year") == yearly.of
    assert Threshold(amount=Fixed(amount=2_000_000), count=None) == yearly.above
    assert (
        AllOf(
            tests=(
                Between(fact="for_year", at_least=2023),
                YearsBefore(fact="for_year", years=1),
                Reached(count="burden_of_year", at_least=Fixed(amount=100_000)),
            )
        )
        == yearly.when
    )
    assert Refuse(reason="生育由其他文件规定") == benefit(specimen, "no_births").pay
    assert ("relief", LeftOf(quantity="burden")) == (benefit(specimen, "again").after, benefit(specimen, "again").of)
    assert (
        AllOf(tests=(Not(test=StatusIn(statuses=frozenset({"low_income"}))), Since(day=date(2023, 6, 1))))
        == benefit(specimen, "illness").when
    )
    assert (None, ParameterValue(parameter="other_rate")) == (
        benefit(specimen, "illness").above,
        benefit(specimen, "illness").pay.rate,  # type: ignore[union-attr]
    )


def test_enrolment_by_class_status_and_parameter(specimen: Policy) -> None:
    full, amount, share, elsewhere, parameter = specimen.enrolment

    assert (
        Enrolment(
            id="full",
            clause="四",
            classes=frozenset({"destitute"}),
            statuses=frozenset({"orphan"}),
            share=Fixed(amount=10000),
            payers=(PayerShare(payer="省级财政", share=7000), PayerShare(payer="县级财政", share=3000)),
            starts="次月",
        )
        == full
    )
    assert ("enrolment_2", Fixed(amount=28000)) == (amount.id, amount.amount)
    assert (
        AllOf(tests=(Between(fact="age", below=60), Not(test=Is(fact="insurance", values=frozenset({"employee"})))))
        == amount.when
    )
    assert (ParameterValue(parameter="other_rate"), True) == (share.share, share.at_least_share)
    assert ("优抚对象医疗补助办法", None, None) == (elsewhere.elsewhere, elsewhere.share, elsewhere.amount)
    assert INCOME == parameter.amount


def test_tilts_and_funding(specimen: Policy) -> None:
    tilt, told = specimen.insurance_tilts
    split, by_others = specimen.funding
    poor_resident = (ClassIn(classes=frozenset({"poor"})), Is(fact="insurance", values=frozenset({"resident"})))

    assert (
        InsuranceTilt(
            id="tilt_1",
            clause="四",
            layer="critical_illness",
            benefits=frozenset({"special_drugs"}),
            when=AllOf(tests=(poor_resident[0], ServiceIn(services=STAYS), poor_resident[1])),
            adjust=(Adjust(changes=Target.ABOVE, clause="四", times=5000),),
            says="起付线减半",
        )
        == tilt
    )
    assert ("told", "由省里另定") == (told.id, told.says)
    assert (
        Funding(
            id="funding_1",
            clause="四",
            pays=frozenset({"relief", "full"}),
            payers=(PayerShare(payer="市级财政", share=5000), PayerShare(payer="县级财政", share=5000)),
            when=AllOf(tests=poor_resident),
        )
        == split
    )
    assert ("by_others", "省里的办法") == (by_others.id, by_others.elsewhere)


def test_warnings_procedures_and_indicators(specimen: Policy) -> None:
    by_class, one_bill = specimen.warnings
    application, roster = specimen.procedures

    assert (
        WarningLine(
            id="warning_1",
            clause="三",
            classes=frozenset({"poor"}),
            of=QuantityRef(quantity="burden"),
            per=Scope.YEAR,
            exceeds=ShareOf(share=5000, of=INCOME),
            tell=("民政", "乡村振兴"),
        )
        == by_class
    )
    assert (frozenset(), True, ("民政",)) == (one_bill.classes, one_bill.each_event, one_bill.tell)
    assert (
        Procedure(
            id="application",
            label="依申请救助",
            clause="三",
            route="on_application",
            when=AllOf(
                tests=(
                    AnyOf(
                        tests=(
                            ClassIn(classes=frozenset({"key"})),
                            StatusIn(statuses=frozenset({"low_income"})),
                        )
                    ),
                    ServiceIn(services=STAYS),
                    Is(fact="region", values=frozenset({True})),
                )
            ),
            steps=(
                Step(id="accept", does="受理", by="乡镇", within_working_days=5, form="申请表"),
                Step(id="publish", does="公示", by="乡镇", within_days=7, publicity=True),
                Step(id="decide", does="审批", by="县级医保部门", within_months=1),
                Step(id="pay", does="拨付", by="县级财政", by_day="02-28", next_year=True),
            ),
        )
        == application
    )
    assert (frozenset({"poor"}), "民政的办法") == (roster.classes, roster.elsewhere)
    assert (
        Indicator(
            id="indicator_1",
            label="目录外费用占比",
            clause="三",
            of="目录外费用",
            over="总费用",
            at_least=0,
            at_most=1000,
            says="协议考核",
        ),
    ) == specimen.indicators


def test_clauses_live_in_what_they_name_and_in_what_cites_them(specimen: Policy) -> None:
    assert ("relief", "again", "burden_of_year") == tuple(
        name for name in specimen.clauses["二"].where if name in ("relief", "again", "burden_of_year")
    )
    assert Clause(id="五", kinds=(ClauseKind.DECLARATORY,), says="总则") == specimen.clauses["五"]
    assert "省里的办法" == specimen.clauses["四"].governed_by


def test_known_exceptions_of_benefits_and_of_pairs_of_classes(specimen: Policy) -> None:
    assert (
        KnownException(
            property=Property.MONOTONE_PERSONAL,
            benefits=frozenset({"package"}),
            reason="超过限额的由医院承担",
            clause="二",
        ),
        KnownException(
            property=Property.CLASS_ORDER, benefits=frozenset({"destitute>poor"}), reason="文件如此", clause="一"
        ),
    ) == specimen.known_exceptions


# ---- the folder ------------------------------------------------------------------------------------------------------


def test_a_policy_is_the_same_wherever_its_folder_stands(tmp_path: Path, specimen: Policy) -> None:
    copytree(SPECIMEN, tmp_path / "elsewhere")

    assert specimen == load_policy(tmp_path / "elsewhere")


@pytest.mark.parametrize("name", ["policy.yaml", "lists/rare.csv"])
def test_every_byte_of_every_file_is_in_the_hash(tmp_path: Path, specimen: Policy, name: str) -> None:
    copytree(SPECIMEN, tmp_path / "changed")
    file = tmp_path / "changed" / name
    file.write_bytes(file.read_bytes() + b"\n")

    assert specimen.content_hash != load_policy(tmp_path / "changed").content_hash
    assert 64 == len(specimen.content_hash)


def test_a_missing_policy_is_told(tmp_path: Path) -> None:
    with pytest.raises(Faults) as caught:
        load_policy(tmp_path)

    assert ["no-such-file"] == [finding.code for finding in caught.value.findings]


@pytest.mark.parametrize("text", ["just words", "- a\n- b\n"])
def test_a_file_that_is_no_mapping_is_told(tmp_path: Path, text: str) -> None:
    assert ["not-a-mapping"] == codes(tmp_path, text=text)


def test_an_empty_file_lacks_everything(tmp_path: Path) -> None:
    assert {"missing-key", "layer-empty"} == set(codes(tmp_path, text=""))


def test_all_faults_of_a_file_are_told_at_once_in_its_order(tmp_path: Path) -> None:
    found = findings(
        tmp_path,
        ("issued: 2023-01-01", "issued: 2023-13-01"),
        ("services: [inpatient]", "services: [hospital]"),
        ("rate: 70%", "rate: 0.7"),
        ("  二: {is: benefit", "  二: {is: benefit, is: classes"),
        part("lists:\n  serious: {file: lists/serious.csv, label: 病种, clause: 九}\n"),
        lists={"serious": "name\n"},
    )

    assert [
        ("csv-head", 1),
        ("bad-day", 7),
        ("unknown-service", 24),
        ("rate-without-percent", 26),
        ("unused-list", 30),
        ("clause-without-entry", 30),
        ("duplicate-key", 34),
    ] == [(finding.code, finding.place.line) for finding in found]


def test_a_plan_is_written_in_the_same_language(tmp_path: Path) -> None:
    text = (
        "plan:\n  id: plan\n  title: 方案\n  issuer: 医保局\n  region: '370000'\n  in_force: {from: 2023-01-01}\n"
        "layers:\n  - {id: basic}\n  - {id: critical_illness}\n"
        "benefits:\n"
        "  - {id: a, clause: 甲, layer: basic, for: everyone, services: all, of: in_policy, rate: 60%}\n"
        "  - {id: b, clause: 乙, layer: critical_illness, for: everyone, services: all, of: in_policy, rate: 50%}\n"
    )
    plan = policy(tmp_path, text=text)

    assert plan.is_plan
    assert ("方案", date(2023, 1, 1), "印发") == (
        plan.document.number,
        plan.document.issued,
        plan.document.start_clause,
    )
    assert ["missing-key"] == codes(tmp_path, (" layer: basic,", ""), text=text)


def test_the_only_layer_is_that_of_its_benefits(tmp_path: Path) -> None:
    text = (
        "plan:\n  id: plan\n  title: 方案\n  issuer: 医保局\n  region: '370000'\n  in_force: {from: 2023-01-01}\n"
        "layers: [{id: basic}]\n"
        "benefits:\n  - {id: a, clause: 甲, for: everyone, services: all, of: in_policy, rate: 60%}\n"
    )

    assert "basic" == policy(tmp_path, text=text).benefits[0].layer


def test_choose_at_the_top_is_that_of_relief(tmp_path: Path) -> None:
    assert (Layer(id="relief", label="医疗救助", choose=Choose.HIGHEST_RATE),) == policy(
        tmp_path, part("choose: highest_rate\n")
    ).layers


def test_the_small_policy_that_others_start_from(tmp_path: Path) -> None:
    assert "small" == load_policy(write(tmp_path, text=SMALL)).document.id
