"""Phrases for persons, premiums, funds, warnings and deadlines."""

from __future__ import annotations

import pytest

from tests.language.test_words import POLICY, WORDS
from tuodi.language import phrases
from tuodi.language.model import (
    Between,
    Column,
    Cover,
    CoverEnd,
    Enrolment,
    Fixed,
    Funding,
    Indicator,
    InsuranceTilt,
    Is,
    Member,
    PayerShare,
    PersonClass,
    Procedure,
    Scope,
    Step,
    WarningLine,
)

OLD = Between(fact="age", at_least=60)
DESIGNATED = Is(fact="designated", values=frozenset({True}))
SHARES = (PayerShare(payer="市财政", share=6000), PayerShare(payer="县财政", share=4000))


def person_class(*members: Member, when: Between | None = None) -> PersonClass:
    return PersonClass(id="c", label="", clause="", members=members, when=when)


def test_members_are_told_with_their_conditions() -> None:
    both = person_class(Member(status="orphan", when=OLD), Member(class_id="poor"), when=OLD)

    assert "孤儿（年龄不低于60）、低保对象（年龄不低于60）" == phrases.members(both, WORDS)
    assert "全体" == phrases.members(person_class(), WORDS)


@pytest.mark.parametrize(
    ("cover", "said"),
    [
        (Cover(), "自申请之日起，至身份终止"),
        (Cover(months_before=12, until=CoverEnd.APPLICATION), "可追溯至申请之前第12个月的同日，至申请前一日"),
        (
            Cover(
                months_before=12,
                from_first_of_month=True,
                until=CoverEnd.YEAR_END,
                one_application_per_year=True,
                except_held=True,
            ),
            "可追溯至申请之前第12个月的该月1日，至申请当年12月31日，一个年度内只认一次申请，已有认定的日子不再追溯",
        ),
    ],
)
def test_cover_is_told_from_its_first_day_to_its_last(cover: Cover, said: str) -> None:
    assert [said] == phrases.covers(person_class(Member(status="illness_impoverished", cover=cover)))
    assert [] == phrases.covers(person_class(Member(status="orphan")))


def enrolment(**parts: object) -> Enrolment:
    return Enrolment(id="premium", clause="二", **{"classes": frozenset(), **parts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "who", "how_much"),
    [
        ({"share": Fixed(amount=10_000)}, "不限对象", "100%"),
        ({"share": Fixed(amount=5_000), "at_least_share": True, "when": OLD}, "不限对象（年龄不低于60）", "不低于50%"),
        ({"amount": Fixed(amount=20_000), "classes": frozenset({"poor"})}, "低保对象", "200元"),
        ({"statuses": frozenset({"orphan"}), "elsewhere": "省文件"}, "孤儿", "由省文件规定"),
        ({}, "不限对象", "由其他文件规定"),
    ],
)
def test_a_premium_subsidy_is_told(parts: dict[str, object], who: str, how_much: str) -> None:
    one = enrolment(**parts)

    assert (who, how_much) == (phrases.enrolled(one, WORDS), phrases.subsidy(one, WORDS))


def test_a_tilt_is_told() -> None:
    assert "全体" == phrases.tilted(InsuranceTilt(id="t", clause="", layer="basic"), WORDS)
    assert "定点" == phrases.tilted(InsuranceTilt(id="t", clause="", layer="basic", when=DESIGNATED), WORDS)
    assert "" == phrases.tilt(InsuranceTilt(id="t", clause="", layer="basic"), WORDS)


def test_funding_is_told_by_what_it_pays_and_who_bears_it() -> None:
    split = Funding(id="f", clause="", pays=frozenset({"relief"}), payers=SHARES, when=OLD)

    assert "医疗救助（年龄不低于60）" == phrases.funded(split, WORDS)
    assert "市财政 60%、县财政 40%" == phrases.fund(split)
    assert "由省文件规定" == phrases.fund(Funding(id="f", clause="", pays=frozenset(), payers=(), elsewhere="省文件"))
    assert "医疗救助" == phrases.funded(Funding(id="f", clause="", pays=frozenset({"relief"}), payers=()), WORDS)
    assert POLICY.enrolment == ()


def warning(**parts: object) -> WarningLine:
    given = {"classes": frozenset(), "per": Scope.YEAR, **parts}
    return WarningLine(
        id="w",
        clause="",
        of=Column(name="in_policy"),
        exceeds=Fixed(amount=100_000),
        **given,  # type: ignore[arg-type]
    )


def test_a_warning_is_told() -> None:
    assert "其他人员" == phrases.watched(warning(), WORDS)
    assert "低保对象" == phrases.watched(warning(classes=frozenset({"poor"})), WORDS)
    assert "政策范围内费用每年累计超过1,000元" == phrases.passes(warning(), WORDS)
    assert "政策范围内费用单次超过1,000元" == phrases.passes(warning(each_event=True), WORDS)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({}, "受理"),
        ({"by": "乡镇", "within_working_days": 5}, "受理（乡镇）：5个工作日内"),
        ({"within_days": 7, "publicity": True}, "受理：7日内、公示"),
        ({"within_months": 2, "form": "附件2"}, "受理：2个月内、附件2"),
        ({"by_day": "06-30"}, "受理：6月30日前"),
        ({"by_day": "02-28", "next_year": True}, "受理：次年2月28日前"),
    ],
)
def test_a_step_is_told_with_its_deadline(parts: dict[str, object], said: str) -> None:
    assert said == phrases.step(Step(id="s", does="受理", **{"by": "", **parts}))  # type: ignore[arg-type]


def test_an_indicator_is_told_with_its_bounds() -> None:
    def indicator(**parts: int) -> Indicator:
        return Indicator(id="i", label="", clause="", of="", **parts)  # type: ignore[arg-type]

    assert "只观察，未定界限" == phrases.bound(indicator())
    assert "不低于80%，不高于90%" == phrases.bound(indicator(at_least=8000, at_most=9000))


def test_the_terms_of_a_procedure_are_told() -> None:
    full = Procedure(
        id="p",
        label="",
        clause="",
        route="roster",
        classes=frozenset({"poor"}),
        when=DESIGNATED,
        elsewhere="省文件",
    )

    assert "办理方式：按名单；对象：低保对象；条件：定点；由省文件规定" == phrases.terms(full, WORDS)
    assert "办理方式：其他" == phrases.terms(Procedure(id="p", label="", clause="", route="other"), WORDS)
