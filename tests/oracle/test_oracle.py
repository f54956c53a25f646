"""The calculator against bills worked by hand from the documents, and the random cases against the case format."""

from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from . import CITIES, settle
from .common import ALL_PAYERS, fen, plain
from .generate import ALL_SERVICES, ALL_STATUSES, cases, random_case
from .lists import QINGDAO_CATALOGUE, QINGDAO_ITEMS

IN_CITY = {"designated": True, "level": 3, "county": True, "region": True}
OUT_OF_CITY = {"designated": True, "level": 3, "county": False, "region": False}
NOT_DESIGNATED = {"designated": False, "level": 1, "county": True, "region": True}


def held(status: str, since: str, to: str | None = None, applied_on: str | None = None) -> dict[str, Any]:
    application = {} if applied_on is None else {"applied_on": applied_on}
    return {"status": status, **application, "from": since, "to": to}


def bill(day: str, in_policy: str, total: str | None = None, service: str = "inpatient", **said: Any) -> dict[str, Any]:
    """A designated bill in the city; what is said by a payer's name is an amount, all else a fact of the event."""
    amounts = {payer: said.pop(payer, "0.00") for payer in ALL_PAYERS}
    amounts |= {"in_policy": in_policy, "total": in_policy if total is None else total}
    return {"date": day, "service": service, "facility": IN_CITY, "disease": None, "amounts": amounts, **said}


def case(
    policy: str,
    statuses: list[dict[str, Any]],
    *events: dict[str, Any],
    insurance: str = "resident",
    born: str | None = None,
    parameters: dict[str, Any] | None = None,
) -> dict[str, Any]:
    person = {"id": "P1", "insurance": insurance, "birth_date": born, "statuses": statuses}
    numbered = [{"id": f"e{number}", **event} for number, event in enumerate(events, start=1)]
    return {"policy": policy, "parameters": parameters or {}, "person": person, "events": numbered}


def outcome(result: dict[str, Any]) -> tuple[Any, ...]:
    """(what is left for the person, refusal clause) or (what is left for the person, (clause, basis, paid), ...)."""
    if result["refused"]:
        assert result["lines"] == []
        assert result["clause"] == result["grounds"][0]
        return result["personal"], result["clause"]
    lines = [(line["clause"], line["basis"], line["paid"]) for line in result["lines"]]
    assert fen(result["relief"]) == sum(fen(paid) for _, _, paid in lines)
    return result["personal"], *lines


def outcomes(a_case: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [outcome(result) for result in settle(a_case)]


# ---- Qingdao ---------------------------------------------------------------------------------------------------------

DIBAO_2018 = [held("subsistence_allowance", "2018-01-01")]


def qingdao(statuses: list[dict[str, Any]], *events: dict[str, Any], limit: str = "10000.00", **person: Any) -> Any:
    return case(
        "qingdao-2018-1", statuses, *events, parameters={"item_limits": dict.fromkeys(QINGDAO_ITEMS, limit)}, **person
    )


def item(name: str, personal: str, **said: bool) -> dict[str, Any]:
    return {"item": name, "personal": personal, **said}


def test_qingdao_has_25_diseases_19_drugs_15_devices_1_food() -> None:
    assert 25 == len(QINGDAO_CATALOGUE)
    assert 19 + 15 + 1 == len(QINGDAO_ITEMS)


def test_qingdao_pays_an_item_in_full_below_its_maximum() -> None:
    # The bill leaves 20000 - 5000 = 15000; the item's 6000 are relieved; 15000 - 6000 = 9000 stay.
    first = bill(
        "2018-03-01",
        "8000.00",
        "20000.00",
        basic="5000.00",
        disease="非小细胞肺癌",
        items=[item("克唑替尼", "6000.00")],
    )
    assert [("9000.00", ("二(三)", "6000.00", "6000.00"))] == outcomes(qingdao(DIBAO_2018, first))


def test_qingdao_maximum_is_for_the_item_and_the_calendar_year() -> None:
    # 2018: 6000, then only 10000 - 6000 = 4000 of 6000. 2019 starts anew.
    bills = [
        bill(day, "6000.00", disease="非小细胞肺癌", items=[item("克唑替尼", "6000.00")])
        for day in ("2018-03-01", "2018-12-31", "2019-01-01")
    ]
    assert [
        ("0.00", ("二(三)", "6000.00", "6000.00")),
        ("2000.00", ("二(三)", "6000.00", "4000.00")),
        ("0.00", ("二(三)", "6000.00", "6000.00")),
    ] == outcomes(qingdao(DIBAO_2018, *bills))


def test_qingdao_review_opens_120_percent_for_the_event_only() -> None:
    # 9000; reviewed: 12000 - 9000 = 3000 of 5000; again without review: 10000 - 12000 < 0, nothing.
    bills = [
        bill("2018-02-01", "9000.00", disease="胃腺癌", items=[item("甲磺酸阿帕替尼", "9000.00")]),
        bill("2018-03-01", "5000.00", disease="胃腺癌", items=[item("甲磺酸阿帕替尼", "5000.00")], expert_review=True),
        bill("2018-04-01", "1000.00", disease="胃腺癌", items=[item("甲磺酸阿帕替尼", "1000.00")]),
    ]
    assert [
        ("0.00", ("二(三)", "9000.00", "9000.00")),
        ("2000.00", ("二(三)", "5000.00", "3000.00")),
        ("1000.00", ("二(三)", "1000.00", "0.00")),
    ] == outcomes(qingdao(DIBAO_2018, *bills))


def test_qingdao_review_of_an_item_goes_before_that_of_the_event() -> None:
    # Maximum 100.01; 120 % of it is 120.012, rounded 120.01.
    reviewed = bill(
        "2018-02-01",
        "1000.00",
        disease="结肠恶性肿瘤",
        expert_review=True,
        items=[item("西妥昔单抗", "200.00", expert_review=False), item("贝伐珠单抗", "200.00")],
    )
    assert [("779.98", ("二(三)", "200.00", "100.01"), ("二(三)", "200.00", "120.01"))] == outcomes(
        qingdao(DIBAO_2018, reviewed, limit="100.01")
    )


def test_qingdao_diseases_that_have_an_item_in_common_share_its_maximum() -> None:
    # 达沙替尼 serves rows 3 and 4: 7000, then 10000 - 7000 = 3000.
    bills = [
        bill("2018-02-01", "7000.00", disease="慢性髓性粒细胞白血病", items=[item("达沙替尼", "7000.00")]),
        bill("2018-03-01", "7000.00", disease="PH(+) 急性淋巴细胞白血病", items=[item("达沙替尼", "7000.00")]),
    ]
    assert [
        ("0.00", ("二(三)", "7000.00", "7000.00")),
        ("4000.00", ("二(三)", "7000.00", "3000.00")),
    ] == outcomes(qingdao(DIBAO_2018, *bills))


def test_qingdao_the_same_item_twice_draws_on_one_maximum() -> None:
    twice = bill("2018-02-01", "14000.00", disease="下肢动脉硬化闭塞症", items=[item("动脉支架", "7000.00")] * 2)
    assert [("4000.00", ("二(三)", "7000.00", "7000.00"), ("二(三)", "7000.00", "3000.00"))] == outcomes(
        qingdao(DIBAO_2018, twice)
    )


def test_qingdao_never_pays_more_than_the_bill_leaves_unpaid() -> None:
    # 10000 - 7000 = 3000 unpaid: 2000 for the first item, 1000 for the second.
    short = bill(
        "2018-02-01",
        "10000.00",
        basic="6000.00",
        commercial="1000.00",
        disease="结肠恶性肿瘤",
        items=[item("西妥昔单抗", "2000.00"), item("贝伐珠单抗", "2000.00")],
    )
    assert [("0.00", ("二(三)", "2000.00", "2000.00"), ("二(三)", "2000.00", "1000.00"))] == outcomes(
        qingdao(DIBAO_2018, short)
    )


def test_qingdao_relieves_only_items_of_the_catalogue_for_this_disease() -> None:
    bills = [
        bill("2018-02-01", "100.00", disease="前列腺癌", items=[item("阿司匹林", "50.00"), item("索拉菲尼", "50.00")]),
        bill("2018-02-02", "100.00", disease="前列腺癌", items=[item("索拉菲尼", "50.00"), item("阿比特龙", "50.00")]),
        bill("2018-02-03", "100.00", disease="前列腺癌"),
    ]
    assert [("100.00", "附件"), ("50.00", ("二(三)", "50.00", "50.00")), ("100.00", "附件")] == outcomes(
        qingdao(DIBAO_2018, *bills)
    )


def test_qingdao_special_food_is_one_item_under_all_its_names() -> None:
    food: dict[str, Any] = {
        "disease": "苯丙酮尿症",
        "items": [item("低蛋白食品", "7000.00"), item("无苯丙氨酸奶粉", "7000.00")],
    }
    assert [("4000.00", ("二(三)", "7000.00", "7000.00"), ("二(三)", "7000.00", "3000.00"))] == outcomes(
        qingdao(DIBAO_2018, bill("2018-02-01", "14000.00", **food))
    )


def test_qingdao_knows_short_names_and_codes_and_asks_the_age_for_a_childs_code_only() -> None:
    factor = [item("注射用重组人凝血因子Ⅷ", "10.00")]
    bills = [
        bill("2018-02-01", "10.00", disease="BH4缺乏症", items=[item("盐酸沙丙蝶呤片", "10.00")]),
        bill("2018-02-01", "10.00", disease="庞贝氏病", items=[item("注射用阿糖苷酶α", "10.00")]),
        bill("2018-02-01", "10.00", diagnoses=["E70.0"], items=[item("低蛋白食品，无苯丙氨酸奶粉或蛋白粉", "10.00")]),
        bill("2018-06-14", "10.00", diagnoses=["D66"], items=factor),  # 17 years old
        bill("2018-06-15", "10.00", diagnoses=["D66"], items=factor),  # the 18th birthday
        bill("2018-06-16", "10.00", disease="血友病（儿童）", items=factor),
        bill("2018-06-17", "10.00", diagnoses=["C34.1"], items=[item("克唑替尼", "10.00")]),  # no code tells the type
    ]
    paid, none = ("0.00", ("二(三)", "10.00", "10.00")), ("10.00", "附件")
    assert [paid, paid, paid, paid, none, paid, none] == outcomes(qingdao(DIBAO_2018, *bills, born="2000-06-15"))


def test_qingdao_refuses_strangers_other_places_other_services_and_earlier_days_but_not_the_uninsured() -> None:
    care: dict[str, Any] = {"disease": "脑出血", "items": [item("人工硬脑膜", "100.00")]}
    statuses = [held("orphan", "2017-01-01", "2018-06-01"), held("subsistence_margin", "2017-01-01")]
    bills = [
        bill("2017-12-31", "100.00", **care),
        bill("2018-01-01", "100.00", service="psychiatric_inpatient", **care),
        bill("2018-05-31", "100.00", service="outpatient_chronic", **care),
        bill("2018-05-31", "100.00", service="outpatient", **care),
        bill("2018-05-31", "100.00", **{**care, "facility": NOT_DESIGNATED}),
        bill("2018-06-01", "100.00", **care),
    ]
    paid = ("0.00", ("二(三)", "100.00", "100.00"))
    refused = [("100.00", "二(三)"), ("100.00", "二(三)"), ("100.00", "二(三)"), ("100.00", "二(一)")]
    assert [refused[0], paid, paid, *refused[1:]] == outcomes(qingdao(statuses, *bills, insurance="none"))


# ---- Liaocheng -------------------------------------------------------------------------------------------------------


def liaocheng(statuses: list[dict[str, Any]], *events: dict[str, Any], **person: Any) -> Any:
    return case("liaocheng-2022-5", statuses, *events, **person)


def test_liaocheng_class_1_is_relieved_at_70_percent() -> None:
    # 45000 - 28000 - 3000 = 14000; 70 % = 9800; the rest 4200 is below 5000; 50000 - 31000 - 9800 = 9200.
    stay = bill("2023-03-01", "45000.00", "50000.00", basic="28000.00", critical_illness="3000.00")
    assert [("9200.00", ("三(四)1", "14000.00", "9800.00"), ("三(四)1", "0.00", "0.00"))] == outcomes(
        liaocheng([held("subsistence_allowance", "2023-01-01")], stay)
    )


def test_liaocheng_rounds_a_tie_up_then_cuts_by_the_limit_and_relieves_the_rest_again() -> None:
    # 70 % of 42857.15 = 30000.005, rounded 30000.01, limit 30000. The rest is 12857.15, 7857.15 above 5000;
    # 70 % = 5500.005, rounded 5500.01. 42857.15 - 30000 - 5500.01 = 7357.14.
    stay = bill("2023-03-01", "42857.15")
    assert [("7357.14", ("三(四)1", "42857.15", "30000.00"), ("三(四)1", "7857.15", "5500.01"))] == outcomes(
        liaocheng([held("extreme_poverty", "2023-01-01")], stay)
    )


def test_liaocheng_class_2_has_a_cumulative_deductible_and_shares_it_between_services() -> None:
    # 3000 exactly: nothing. 0.01 above: 0.005, rounded 0.01. 20000: 50 % = 10000; the rests are 3000, 0, 10000:
    # 3000 of them above 10000, 70 % = 2100. 20000 - 12100 = 7900.
    bills = [
        bill("2023-03-01", "3000.00"),
        bill("2023-03-02", "0.01", service="outpatient_chronic"),
        bill("2023-03-03", "20000.00", service="psychiatric_inpatient"),
    ]
    assert [
        ("3000.00", ("三(四)2", "0.00", "0.00"), ("三(四)2", "0.00", "0.00")),
        ("0.00", ("三(四)2", "0.01", "0.01"), ("三(四)2", "0.00", "0.00")),
        ("7900.00", ("三(四)2", "20000.00", "10000.00"), ("三(四)2", "3000.00", "2100.00")),
    ] == outcomes(liaocheng([held("poverty_monitored", "2023-01-01")], *bills))


def test_liaocheng_classes_1_and_2_share_the_counts_of_the_year() -> None:
    # Class 1: 20000, 70 % = 14000; rest 6000, 1000 above 5000, 700. From July class 2: the deductible is used up,
    # 50 % of 10000 = 5000, but 15000 - 14000 = 1000 is left; rest 9000: of (6000, 15000] 5000 are above 10000, 3500.
    statuses = [held("orphan", "2023-01-01", "2023-07-01"), held("subsistence_margin", "2023-01-01")]
    bills = [bill("2023-06-30", "20000.00"), bill("2023-07-01", "10000.00")]
    assert [
        ("5300.00", ("三(四)1", "20000.00", "14000.00"), ("三(四)1", "1000.00", "700.00")),
        ("5500.00", ("三(四)2", "10000.00", "1000.00"), ("三(四)2", "5000.00", "3500.00")),
    ] == outcomes(liaocheng(statuses, *bills))


def test_liaocheng_year_begins_anew_and_never_pays_more_than_both_limits() -> None:
    # 100000: 70 % = 70000, limit 30000; rest 70000, 65000 above 5000, 70 % = 45500, limit 20000. Again: both used up.
    bills = [bill("2023-12-31", "100000.00")] * 2 + [bill("2024-01-01", "40000.00")]
    assert [
        ("50000.00", ("三(四)1", "100000.00", "30000.00"), ("三(四)1", "65000.00", "20000.00")),
        ("100000.00", ("三(四)1", "100000.00", "0.00"), ("三(四)1", "100000.00", "0.00")),
        ("7100.00", ("三(四)1", "40000.00", "28000.00"), ("三(四)1", "7000.00", "4900.00")),  # rest 12000
    ] == outcomes(liaocheng([held("priority_child", "2023-01-01")], *bills))


def test_liaocheng_illness_reaches_back_before_the_document_with_one_deductible_and_one_limit() -> None:
    # Applied on 2023-05-10: covered from 2022-05-01 to 2023-12-31. 8000: below 10000. 5000: 3000 above, 60 % = 1800.
    # 40000: 60 % = 24000, but 20000 - 1800 = 18200 is left.
    applied = held("illness_impoverished", "2023-05-20", applied_on="2023-05-10")
    bills = [
        bill("2022-04-30", "8000.00"),
        bill("2022-05-01", "8000.00"),
        bill("2023-02-01", "5000.00"),
        bill("2023-12-31", "40000.00"),
        bill("2024-01-01", "40000.00"),
    ]
    assert [
        ("8000.00", "印发"),
        ("8000.00", ("四(一)", "0.00", "0.00")),
        ("3200.00", ("四(一)", "3000.00", "1800.00")),
        ("21800.00", ("四(一)", "40000.00", "18200.00")),
        ("40000.00", "二(一)"),
    ] == outcomes(liaocheng([applied], *bills))


def test_liaocheng_second_application_of_a_year_is_ignored_and_the_earlier_cover_settles() -> None:
    # The first holds to 2023-09-01; the second is of the same year; the third covers from 2023-02-01.
    # 2023-06-01 under the first: 12000, 2000 above, 1200. 2023-10-01 under the third: 12000, 1200. Then 3000.
    statuses = [
        held("illness_impoverished", "2024-02-10", applied_on="2024-02-10"),
        held("illness_impoverished", "2023-11-20", applied_on="2023-11-20"),
        held("illness_impoverished", "2023-03-05", "2023-09-01", applied_on="2023-03-05"),
    ]
    bills = [bill("2023-06-01", "12000.00"), bill("2023-10-01", "12000.00"), bill("2024-12-31", "5000.00")]
    assert [
        ("10800.00", ("四(一)", "2000.00", "1200.00")),
        ("10800.00", ("四(一)", "2000.00", "1200.00")),
        ("2000.00", ("四(一)", "5000.00", "3000.00")),
    ] == outcomes(liaocheng(statuses, *bills))


def test_liaocheng_without_an_application_nothing_reaches_back_and_a_better_class_goes_first() -> None:
    # On 2023-04-30 nothing holds yet; in May class 1 goes first and its burden stays out of the recognition's count.
    statuses = [
        held("illness_impoverished", "2023-05-01"),
        held("returned_to_poverty", "2023-05-01", "2023-06-01"),
    ]
    bills = [bill("2023-04-30", "100.00"), bill("2023-05-31", "100.00"), bill("2023-06-01", "10000.01")]
    assert [
        ("100.00", "二(一)"),
        ("30.00", ("三(四)1", "100.00", "70.00"), ("三(四)1", "0.00", "0.00")),
        ("10000.00", ("四(一)", "0.01", "0.01")),  # 0.006, rounded 0.01
    ] == outcomes(liaocheng(statuses, *bills))


def test_liaocheng_application_before_the_document_covers_no_day_before_it_but_a_later_one_may() -> None:
    # 2022-12-20 is covered by the application of 2023 alone, 2022-12-28 by both and settled under the earlier.
    statuses = [
        held("illness_impoverished", "2022-12-10", applied_on="2022-12-10"),
        held("illness_impoverished", "2023-03-05", applied_on="2023-03-05"),
    ]
    bills = [bill("2022-12-20", "11000.00"), bill("2022-12-28", "11000.00"), bill("2023-03-05", "1000.00")]
    assert [
        ("10400.00", ("四(一)", "1000.00", "600.00")),
        ("10400.00", ("四(一)", "1000.00", "600.00")),
        ("400.00", ("四(一)", "1000.00", "600.00")),
    ] == outcomes(liaocheng(statuses, *bills))


def test_liaocheng_class_that_holds_before_the_document_is_not_passed_over_for_reach_back() -> None:
    statuses = [
        held("subsistence_allowance", "2022-01-01", "2023-01-01"),
        held("illness_impoverished", "2023-05-10", applied_on="2023-05-10"),
    ]
    bills = [bill("2022-12-26", "100.00"), bill("2022-12-27", "100.00")]
    assert [
        ("100.00", "印发"),
        ("30.00", ("三(四)1", "100.00", "70.00"), ("三(四)1", "0.00", "0.00")),
    ] == outcomes(liaocheng(statuses, *bills))


def test_liaocheng_burden_is_never_more_than_is_still_unpaid() -> None:
    # 10000 - 4000 = 6000 in policy, but 10000 - 4000 - 5000 = 1000 unpaid; 70 % = 700.
    stay = bill("2023-03-01", "10000.00", basic="4000.00", commercial="5000.00")
    assert [("300.00", ("三(四)1", "1000.00", "700.00"), ("三(四)1", "0.00", "0.00"))] == outcomes(
        liaocheng([held("unsupported_child", "2023-01-01")], stay)
    )


def test_liaocheng_refuses_other_places_and_services_and_the_uninsured() -> None:
    dibao = [held("subsistence_allowance", "2023-01-01")]
    bills = [bill("2023-03-01", "9.00", facility=NOT_DESIGNATED), bill("2023-03-01", "9.00", service="outpatient")]
    assert [("9.00", "三(三)")] * 2 == outcomes(liaocheng(dibao, *bills))
    assert [("9.00", "三(三)")] == outcomes(liaocheng(dibao, bill("2023-03-01", "9.00"), insurance="none"))


# ---- Yangquan --------------------------------------------------------------------------------------------------------


def yangquan(statuses: list[dict[str, Any]], *events: dict[str, Any], **person: Any) -> Any:
    return case("yangquan-2019-45", statuses, *events, **person)


def test_yangquan_stays_of_the_destitute_in_full_after_all_payers() -> None:
    # 28000 - 15000 - 2000 - 1000 = 10000; 30000 - 18000 - 10000 = 2000.
    stay = bill("2020-03-01", "28000.00", "30000.00", basic="15000.00", commercial="2000.00", other_relief="1000.00")
    assert [("2000.00", ("四(二)3", "10000.00", "10000.00"))] == outcomes(
        yangquan([held("orphan", "2020-01-01")], stay)
    )


def test_yangquan_stays_of_the_subsistence_classes_at_70_percent_within_15000() -> None:
    # 70 % of 21428.58 = 15000.006, rounded 15000.01, limit 15000; afterwards nothing is left.
    statuses = [held("subsistence_allowance", "2020-01-01", "2020-06-01"), held("entitled_group", "2020-06-01")]
    bills = [bill("2020-03-01", "21428.58"), bill("2020-06-01", "100.00"), bill("2021-01-01", "100.00")]
    assert [
        ("6428.58", ("四(二)3", "21428.58", "15000.00")),
        ("100.00", ("四(二)3", "100.00", "0.00")),
        ("30.00", ("四(二)3", "100.00", "70.00")),
    ] == outcomes(yangquan(statuses, *bills))


def test_yangquan_rare_diseases_for_every_insured_patient_with_a_limit_of_their_own() -> None:
    # 20000: 14000; out-patient 2000: 1400 but 1000 is left. The ordinary stay has its own 15000.
    statuses = [held("subsistence_allowance", "2020-07-01")]
    bills = [
        bill("2020-03-01", "20000.00", disease="戈谢病"),
        bill("2020-07-01", "2000.00", service="outpatient", disease=" 庞贝氏病"),
        bill("2020-07-01", "20000.00"),
        bill("2020-07-01", "100.00", disease="戈谢病", facility=NOT_DESIGNATED),
    ]
    assert [
        ("6000.00", ("四(二)3", "20000.00", "14000.00")),
        ("1000.00", ("四(二)3", "2000.00", "1000.00")),
        ("6000.00", ("四(二)3", "20000.00", "14000.00")),
        ("100.00", "四(二)3"),
    ] == outcomes(yangquan(statuses, *bills))


def test_yangquan_stays_of_the_registered_poor_are_governed_elsewhere_but_not_their_rare_diseases() -> None:
    statuses = [held("registered_poor", "2020-01-01"), held("extreme_poverty", "2020-01-01")]
    bills = [
        bill("2020-03-01", "100.00"),
        bill("2020-03-01", "100.00", disease="戈谢病"),
        bill("2020-03-01", "100.00", service="outpatient_chronic", disease="血透"),
    ]
    assert [
        ("100.00", "四(二)3"),
        ("30.00", ("四(二)3", "100.00", "70.00")),
        ("0.00", ("四(二)2", "100.00", "100.00")),
    ] == outcomes(yangquan(statuses, *bills))


def test_yangquan_package_shares_the_fees_within_its_limit_and_the_hospital_bears_the_rest() -> None:
    # 低保: 20 % of min(11000, 10000) = 2000; 10000 - 7000 - 2000 = 1000 for the person, 2000 for the hospital.
    # With 8500 paid 1500 are unpaid within the limit: 1500. Low-income: 10 % of 8000 = 800; 9000 - 6000 - 800 = 2200.
    statuses = [held("subsistence_allowance", "2020-01-01", "2020-06-01"), held("severe_disability", "2020-01-01")]
    package: dict[str, Any] = {"disease": "肺癌", "package_limit": "10000.00"}
    bills = [
        bill("2020-03-01", "11000.00", "12000.00", basic="7000.00", **package),
        bill("2020-03-01", "11000.00", "12000.00", basic="8500.00", service="outpatient_chronic", **package),
        bill("2020-06-01", "8000.00", "9000.00", basic="6000.00", **package),
        bill("2020-06-01", "8000.00", disease="感冒", package_limit="10000.00"),
    ]
    assert [
        ("1000.00", ("四(二)4", "10000.00", "2000.00")),
        ("0.00", ("四(二)4", "10000.00", "1500.00")),
        ("2200.00", ("四(二)4", "8000.00", "800.00")),
        ("8000.00", "四(二)3"),
    ] == outcomes(yangquan(statuses, *bills))


def test_yangquan_package_serves_the_destitute_and_registered_poor_and_leaves_the_annual_limit_alone() -> None:
    statuses = [held("registered_poor", "2020-01-01"), held("subsistence_allowance", "2020-01-01")]
    joint = bill("2020-03-01", "10000.00", disease="氟骨病住院关节置换手术", package_limit="10000.00")
    assert [("8000.00", ("四(二)4", "10000.00", "2000.00"))] == outcomes(yangquan(statuses, joint))
    destitute = [held("extreme_poverty", "2020-01-01")]
    assert [("8000.00", ("四(二)4", "10000.00", "2000.00"))] == outcomes(yangquan(destitute, joint))


def test_yangquan_unreferred_care_other_hospitals_and_employees_take_the_ordinary_rule() -> None:
    dibao = [held("subsistence_allowance", "2020-01-01")]
    package: dict[str, Any] = {"disease": "I型糖尿病", "package_limit": "100.00"}
    bills = [
        bill("2020-03-01", "100.00", **package, facility=OUT_OF_CITY),
        bill("2020-03-01", "100.00", **package, facility=OUT_OF_CITY, referral_filed=False),
        bill("2020-03-01", "100.00", **package, facility={**IN_CITY, "single_disease": False}),
    ]
    ordinary = ("30.00", ("四(二)3", "100.00", "70.00"))
    assert [("80.00", ("四(二)4", "100.00", "20.00")), ordinary, ordinary] == outcomes(yangquan(dibao, *bills))
    assert [ordinary] == outcomes(yangquan(dibao, bill("2020-03-01", "100.00", **package), insurance="employee"))


def test_yangquan_out_patient_relief_has_one_limit_for_both_classes() -> None:
    # 低保: 50 % of 4000 = 2000. 特困: 100 % of 3000, of which 3000 - 2000 = 1000 is left.
    statuses = [held("subsistence_allowance", "2020-01-01", "2020-06-01"), held("extreme_poverty", "2020-06-01")]
    chronic: dict[str, Any] = {"service": "outpatient_chronic"}
    bills = [
        bill("2020-03-01", "4000.00", disease="尿毒症透析", **chronic),
        bill("2020-06-01", "3000.00", disease="高血压", special_drug=True, **chronic),
        bill("2020-06-01", "100.00", disease="高血压", **chronic),
        bill("2020-06-01", "100.00", disease="尿毒症透析", service="outpatient"),
        bill("2021-06-01", "100.00", diagnoses=["C22.0"], **chronic),
    ]
    assert [
        ("2000.00", ("四(二)2", "4000.00", "2000.00")),
        ("2000.00", ("四(二)2", "3000.00", "1000.00")),
        ("100.00", "四(二)2"),
        ("100.00", "四(二)2"),
        ("0.00", ("四(二)2", "100.00", "100.00")),
    ] == outcomes(yangquan(statuses, *bills))


def application(day: str, year: int) -> dict[str, Any]:
    return bill(day, "0.00", service="annual_relief", for_year=year, facility=None)


def test_yangquan_one_off_relief_is_half_of_what_the_years_stays_left_above_20000() -> None:
    # 60 on 2021-02-01. Stays of 2020 without a class: 25000; out-patient care and the package stand apart; 700 of 1000
    # left by the rare disease's 70 %: 300. Half of 25300 - 20000 = 5300 is 2650. The second application is too many.
    statuses = [held("low_income", "2021-02-01"), held("other_hardship_patient", "2020-05-01", "2020-06-01")]
    events = [
        bill("2020-03-01", "25000.00"),
        bill("2020-03-01", "90000.00", facility=NOT_DESIGNATED),
        bill("2020-03-02", "9000.00", service="outpatient_chronic"),
        bill("2020-04-01", "1000.00", disease="戈谢病"),
        bill("2020-05-01", "50000.00", disease="胃癌", package_limit="50000.00"),
        application("2021-01-31", 2020),
        application("2021-02-01", 2020),
        application("2021-02-28", 2020),
        application("2021-03-01", 2020),
    ]
    results = outcomes(yangquan(statuses, *events, born="1961-02-01"))
    assert ("45000.00", ("四(二)4", "50000.00", "5000.00")) == results[4]
    assert [
        ("0.00", "四(一)"),
        ("0.00", ("四(二)3", "5300.00", "2650.00")),
        ("0.00", "四(二)3"),
        ("0.00", "四(二)3"),
    ] == results[5:]


def test_yangquan_one_off_relief_is_capped_and_an_application_for_nothing_uses_up_the_year() -> None:
    # 30000.02: half of 10000.02 is 5000.01, limit 5000. 2021 has 20000 exactly: 0.00; the later stay is too late.
    events = [
        bill("2020-12-31", "30000.02"),
        application("2021-01-01", 2020),
        bill("2021-12-31", "20000.00"),
        application("2022-01-01", 2021),
        bill("2021-12-31", "20000.00"),
        application("2022-02-28", 2021),
        application("2020-02-01", 2019),
    ]
    results = outcomes(yangquan([held("illness_impoverished", "2019-01-01")], *events))
    assert ("0.00", ("四(二)3", "10000.02", "5000.00")) == results[1]
    assert ("0.00", ("四(二)3", "0.00", "0.00")) == results[3]
    assert [("0.00", "四(二)3"), ("0.00", "附则")] == results[5:]


def test_yangquan_one_off_relief_is_not_for_the_key_groups_but_for_the_registered_poor() -> None:
    low = held("family_planning_hardship", "2020-01-01")
    for status, expected in (("entitled_group", "四(二)3"), ("registered_poor", ("四(二)3", "10000.00", "5000.00"))):
        events = [bill("2020-03-01", "30000.00"), application("2021-01-01", 2020)]
        results = outcomes(yangquan([low, held(status, "2020-06-01")], *events))
        assert ("0.00", expected) == results[1]


def test_yangquan_late_stage_care_once_in_a_life_in_full_and_without_a_facility() -> None:
    care: dict[str, Any] = {"service": "late_stage_care", "facility": None}
    events = [
        bill("2020-03-01", "1000.00", **care, disease="大骨节病住院关节置换手术"),
        bill("2020-03-01", "1000.00", **care, diagnoses=["C16.9"]),  # no code tells the stage
        bill("2020-03-01", "1000.00", **care, disease="胃癌"),
        bill("2021-03-01", "1000.00", **care, disease="胃癌"),
    ]
    assert [
        ("1000.00", "四(二)5"),
        ("1000.00", "四(二)5"),
        ("0.00", ("四(二)5", None, "5000.00")),
        ("1000.00", "四(二)5"),
    ] == outcomes(yangquan([held("registered_poor", "2020-01-01")], *events))


def test_yangquan_refuses_earlier_days_and_the_uninsured() -> None:
    destitute = [held("extreme_poverty", "2019-01-01")]
    assert [("9.00", "附则")] == outcomes(yangquan(destitute, bill("2019-12-31", "9.00")))
    assert [("9.00", "四(一)")] == outcomes(yangquan(destitute, bill("2020-01-01", "9.00"), insurance="none"))
    assert [("9.00", "四(一)")] == outcomes(yangquan([], bill("2020-01-01", "9.00")))


# ---- Anshan ----------------------------------------------------------------------------------------------------------


def anshan(statuses: list[dict[str, Any]], *events: dict[str, Any], **person: Any) -> Any:
    return case("anshan-2019-37", statuses, *events, **person)


def test_anshan_destitute_stay_in_full_then_70_percent_of_what_the_limit_left_uncovered() -> None:
    # 25000: ordinary 10000; uncovered 15000, 70 % = 10500, joint 20000 - 10000 = 10000; 5000 stay with the person.
    stay = bill("2019-03-01", "25000.00", disease="肺癌")
    assert [("5000.00", ("三(二)3(4)", "25000.00", "10000.00"), ("三(二)3(5)", "15000.00", "10000.00"))] == outcomes(
        anshan([held("orphan", "2019-01-01")], stay)
    )


def test_anshan_subsistence_stays_with_and_without_a_serious_disease() -> None:
    # 10000: 7000, not cut, nothing uncovered. 20000: 14000, but 3000 is left; uncovered 20000 - 3000/0.7 =
    # 15714.2857...; 70 % = 11000, joint 20000 - 10000 = 10000. Without a disease: the ordinary line alone, at 0.00.
    bills = [
        bill("2019-03-01", "10000.00", disease="急性脑梗死"),
        bill("2019-03-01", "20000.00", disease="急性脑梗死"),
        bill("2019-03-01", "100.00"),
    ]
    assert [
        ("3000.00", ("三(二)2(4)", "10000.00", "7000.00"), ("三(二)2(5)", "0.00", "0.00")),
        ("7000.00", ("三(二)2(4)", "20000.00", "3000.00"), ("三(二)2(5)", "15714.29", "10000.00")),
        ("100.00", ("三(二)2(4)", "100.00", "0.00")),
    ] == outcomes(anshan([held("subsistence_allowance", "2019-01-01")], *bills))


def test_anshan_uncovered_part_is_exact_before_its_one_rounding() -> None:
    # 20000.01: 70 % = 14000.007, rounded 14000.01, limit 10000; 0.7 x (20000.01 - 10000/0.7) = 4000.007, so 4000.01.
    stay = bill("2019-03-01", "20000.01", disease="血友病")
    assert [("6000.00", ("三(二)2(4)", "20000.01", "10000.00"), ("三(二)2(5)", "5714.30", "4000.01"))] == outcomes(
        anshan([held("subsistence_allowance", "2019-01-01")], stay)
    )


def test_anshan_employees_have_half_of_rates_and_limits() -> None:
    # 特困 50 % of 12000 = 6000, limit 5000; uncovered 12000 - 5000/0.5 = 2000, 35 % = 700.
    # 低保 35 % of 0.30 = 0.105, rounded 0.11; out-patient 30 % of 200 = 60, limit 50.
    destitute = [held("extreme_poverty", "2019-01-01")]
    stay = bill("2019-03-01", "12000.00", disease="乳腺癌")
    assert [("6300.00", ("三(二)3(4)", "12000.00", "5000.00"), ("三(二)3(5)", "2000.00", "700.00"))] == outcomes(
        anshan(destitute, stay, insurance="employee")
    )
    bills = [bill("2019-03-01", "0.30"), bill("2019-03-01", "200.00", service="outpatient")]
    assert [("0.19", ("三(二)2(4)", "0.30", "0.11")), ("150.00", ("三(二)2(2)", "200.00", "50.00"))] == outcomes(
        anshan([held("subsistence_allowance", "2019-01-01")], *bills, insurance="employee")
    )


def test_anshan_registered_poor_have_seven_diseases_and_else_the_rule_of_the_next_class() -> None:
    # 15000: 70 % = 10500, limit 10000. Lung cancer is none of the seven: low income, 50 % of 100 with nothing left of
    # the one count of serious-disease relief. Without low income there is no rule.
    statuses = [held("registered_poor", "2019-01-01"), held("low_income", "2019-01-01", "2019-06-01")]
    bills = [
        bill("2019-03-01", "15000.00", disease="宫颈癌"),
        bill("2019-05-31", "100.00", disease="肺癌"),
        bill("2019-06-01", "100.00", disease="肺癌"),
        bill("2020-06-01", "100.00", diagnoses=["B20.1"]),
    ]
    assert [
        ("5000.00", ("三(二)1(4)", "15000.00", "10000.00")),
        ("100.00", ("三(二)4(2)", "100.00", "0.00")),
        ("100.00", "三(二)1(4)"),
        ("30.00", ("三(二)1(4)", "100.00", "70.00")),
    ] == outcomes(anshan(statuses, *bills))


def test_anshan_low_income_has_two_separate_limits() -> None:
    # Ordinary 50 % of 12000 = 6000, limit 5000. Serious 50 % of 30000 = 15000, limit 10000; no ordinary line beside it.
    bills = [bill("2019-03-01", "12000.00"), bill("2019-03-01", "30000.00", disease="胃癌")]
    assert [
        ("7000.00", ("三(二)4(1)", "12000.00", "5000.00")),
        ("20000.00", ("三(二)4(2)", "30000.00", "10000.00")),
    ] == outcomes(anshan([held("low_income", "2019-01-01")], *bills))


def test_anshan_joint_limit_counts_what_another_class_was_paid() -> None:
    # Low income: 50 % of 16000 = 8000 serious. Then 低保, 30000: 21000, limit 10000 (joint 12000); uncovered
    # 30000 - 10000/0.7 = 15714.2857, 70 % = 11000, joint 12000 - 10000 = 2000.
    statuses = [held("low_income", "2019-01-01"), held("subsistence_allowance", "2019-06-01")]
    bills = [bill("2019-05-31", "16000.00", disease="胃癌"), bill("2019-06-01", "30000.00", disease="胃癌")]
    assert [
        ("8000.00", ("三(二)4(2)", "16000.00", "8000.00")),
        ("18000.00", ("三(二)2(4)", "30000.00", "10000.00"), ("三(二)2(5)", "15714.29", "2000.00")),
    ] == outcomes(anshan(statuses, *bills))


def test_anshan_ordinary_out_patient_relief_stays_in_the_city_and_within_100() -> None:
    # 低保: 60 % of 100 = 60; then 特困: 100, of which 40 is left.
    statuses = [held("subsistence_allowance", "2019-01-01", "2019-06-01"), held("extreme_poverty", "2019-06-01")]
    bills = [
        bill("2019-03-01", "100.00", service="outpatient"),
        bill("2019-03-01", "100.00", service="outpatient", facility=OUT_OF_CITY),
        bill("2019-06-01", "100.00", service="outpatient"),
    ]
    assert [
        ("40.00", ("三(二)2(2)", "100.00", "60.00")),
        ("100.00", "三(二)2(2)"),
        ("60.00", ("三(二)3(2)", "100.00", "40.00")),
    ] == outcomes(anshan(statuses, *bills))


def test_anshan_anti_rejection_out_patient_relief() -> None:
    # 低保: 70 % of 10000 = 7000; then 特困: 5000, of which 3000 is left. Without the regimen there is no rule.
    statuses = [held("subsistence_allowance", "2019-01-01", "2019-06-01"), held("orphan", "2019-06-01")]
    regimen: dict[str, Any] = {"service": "outpatient_chronic", "regimen": "transplant_antirejection"}
    bills = [
        bill("2019-03-01", "10000.00", **regimen),
        bill("2019-06-01", "5000.00", **regimen),
        bill("2019-06-01", "5000.00", service="outpatient_chronic"),
    ]
    assert [
        ("3000.00", ("三(二)2(3)", "10000.00", "7000.00")),
        ("2000.00", ("三(二)3(3)", "5000.00", "3000.00")),
        ("5000.00", "三(二)3(3)"),
    ] == outcomes(anshan(statuses, *bills))


def test_anshan_bed_days_take_the_place_of_everything_else() -> None:
    # 30 days x 20 = 600, also for the uninsured, also above the bill, never halved.
    stay: dict[str, Any] = {"service": "psychiatric_inpatient", "bed_days": 30}
    elsewhere = {**IN_CITY, "psychiatric": False}
    for insurance in ("none", "employee"):
        bills = [bill("2019-03-01", "500.00", **stay), bill("2019-03-01", "500.00", **stay, facility=elsewhere)]
        assert [("0.00", ("三(二)5(3)", None, "600.00")), ("500.00", "三(二)5(3)")] == outcomes(
            anshan([held("registered_poor", "2019-01-01")], *bills, insurance=insurance)
        )
    low = [held("low_income", "2019-01-01")]
    ordinary = bill("2019-03-01", "500.00", **stay, facility=elsewhere)
    assert [("250.00", ("三(二)4(1)", "500.00", "250.00"))] == outcomes(anshan(low, ordinary))


def test_anshan_refuses_strangers_the_uninsured_other_places_and_earlier_days() -> None:
    destitute = [held("extreme_poverty", "2018-01-01")]
    assert [("9.00", "印发"), ("9.00", "三(二)")] == outcomes(
        anshan(destitute, bill("2018-12-31", "9.00"), bill("2019-01-01", "9.00", facility=NOT_DESIGNATED))
    )
    assert [("9.00", "二")] == outcomes(anshan(destitute, bill("2019-01-01", "9.00"), insurance="none"))
    assert [("9.00", "三(一)")] == outcomes(anshan([], bill("2019-01-01", "9.00")))


# ---- Ningbo ----------------------------------------------------------------------------------------------------------


def ningbo(statuses: list[dict[str, Any]], *events: dict[str, Any], rate: str | None = None, **person: Any) -> Any:
    return case("ningbo-2019-27", statuses, *events, parameters={"other_special_rate": rate}, **person)


def test_ningbo_stays_at_70_percent_within_80000_which_out_patient_care_shares() -> None:
    # 70 % of 114285.72 = 80000.004, rounded 80000.00. Then nothing is left for a visit, listed disease or not.
    bills = [
        bill("2020-03-01", "114285.72"),
        bill("2020-03-02", "100.00", service="outpatient"),
        bill("2020-03-02", "100.00", service="outpatient", disease="Ⅰ型糖尿病"),
        bill("2021-01-01", "100.00", service="psychiatric_inpatient"),
    ]
    assert [
        ("34285.72", ("三(二)1", "114285.72", "80000.00")),
        ("100.00", ("三(二)2", "100.00", "0.00")),
        ("100.00", ("三(二)2", "100.00", "0.00")),
        ("30.00", ("三(二)1", "100.00", "70.00")),
    ] == outcomes(ningbo([held("unsupported_child", "2020-01-01")], *bills))


def test_ningbo_class_1_in_full_without_limit_but_500_for_ordinary_out_patient_care() -> None:
    bills = [
        bill("2020-03-01", "200000.00"),
        bill("2020-03-01", "1000.00", service="outpatient_chronic", disease="恶性肿瘤"),
        bill("2020-03-01", "300.00", service="outpatient"),
        bill("2020-03-01", "300.00", service="outpatient_chronic", disease="高血压"),
    ]
    assert [
        ("0.00", ("三(二)1", "200000.00", "200000.00")),
        ("0.00", ("三(二)2", "1000.00", "1000.00")),
        ("0.00", ("三(二)2", "300.00", "300.00")),
        ("100.00", ("三(二)2", "300.00", "200.00")),
    ] == outcomes(ningbo([held("orphan", "2020-01-01"), held("subsistence_margin", "2020-01-01")], *bills))


def test_ningbo_illness_reaches_back_twelve_months_at_60_percent_also_before_the_document() -> None:
    statuses = [held("illness_impoverished", "2020-04-01", "2020-06-01", applied_on="2020-03-10")]
    bills = [
        bill("2019-03-09", "1000.00"),
        bill("2019-03-10", "1000.00"),
        bill("2020-03-09", "1000.00", service="outpatient", disease="脑梗死"),
        bill("2020-03-09", "1000.00", service="outpatient"),
        bill("2020-03-10", "1000.00"),
        bill("2020-06-01", "1000.00"),
    ]
    assert [
        ("1000.00", "附则"),
        ("400.00", ("三(二)1", "1000.00", "600.00")),
        ("400.00", ("三(二)2", "1000.00", "600.00")),
        ("1000.00", "三(二)2"),
        ("300.00", ("三(二)1", "1000.00", "700.00")),
        ("1000.00", "二"),
    ] == outcomes(ningbo(statuses, *bills))


def test_ningbo_day_on_which_a_recognition_holds_is_not_a_reach_back_day() -> None:
    # 2019-08-01: the first recognition holds, but the document is not in force, and the second doesn't reach there.
    statuses = [
        held("illness_impoverished", "2019-05-01", applied_on="2019-05-01"),
        held("illness_impoverished", "2019-10-15", applied_on="2019-10-15"),
        held("subsistence_allowance", "2019-01-01"),
    ]
    bills = [bill("2019-04-30", "1000.00"), bill("2019-08-01", "1000.00"), bill("2019-09-30", "1000.00")]
    assert [
        ("400.00", ("三(二)1", "1000.00", "600.00")),
        ("1000.00", "附则"),
        ("300.00", ("三(二)1", "1000.00", "700.00")),
    ] == outcomes(ningbo(statuses, *bills))


def test_ningbo_twelve_months_before_29_february_begin_on_28_february() -> None:
    bills = [bill("2019-02-27", "1000.00"), bill("2019-02-28", "1000.00")]
    assert [("1000.00", "附则"), ("400.00", ("三(二)1", "1000.00", "600.00"))] == outcomes(
        ningbo([held("illness_impoverished", "2020-02-29", applied_on="2020-02-29")], *bills)
    )


def test_ningbo_ordinary_out_patient_care_of_class_1_draws_on_the_500_but_not_on_the_80000() -> None:
    # 300 of the 500 are used in class 1; class 3 has 200 left of them, and after it 80000 - 200 for a stay.
    statuses = [held("extreme_poverty", "2020-01-01", "2020-06-01"), held("subsistence_margin", "2020-06-01")]
    bills = [
        bill("2020-05-31", "300.00", service="outpatient"),
        bill("2020-06-01", "400.00", service="outpatient"),
        bill("2020-06-02", "120000.00"),
    ]
    assert [
        ("0.00", ("三(二)2", "300.00", "300.00")),
        ("200.00", ("三(二)2", "400.00", "200.00")),
        ("40200.00", ("三(二)1", "120000.00", "79800.00")),
    ] == outcomes(ningbo(statuses, *bills))


def test_ningbo_ordinary_out_patient_care_deducts_other_relief_and_stops_at_500() -> None:
    # 1000 - 300 = 700, 70 % = 490; then 10 is left. A stay doesn't deduct other relief: 70 % of 1000 = 700 = unpaid.
    bills = [
        bill("2020-03-01", "1000.00", "1300.00", service="outpatient", other_relief="300.00"),
        bill("2020-03-01", "1000.00", service="outpatient"),
        bill("2020-03-01", "1000.00", "1300.00", other_relief="300.00"),
    ]
    assert [
        ("510.00", ("三(二)2", "700.00", "490.00")),
        ("990.00", ("三(二)2", "1000.00", "10.00")),
        ("300.00", ("三(二)1", "1000.00", "700.00")),
    ] == outcomes(ningbo([held("retrenched_worker", "2020-01-01")], *bills))


def test_ningbo_bravery_pays_the_injury_only_in_full() -> None:
    hurt: dict[str, Any] = {"injury_from_bravery": True}
    bills = [
        bill("2020-03-01", "90000.00", **hurt),
        bill("2020-03-01", "1000.00", service="outpatient", **hurt),
        bill("2020-03-01", "1000.00", service="rehabilitation", **hurt),
        bill("2020-03-01", "1000.00"),
    ]
    assert [
        ("0.00", ("三(二)1", "90000.00", "90000.00")),
        ("0.00", ("三(二)1", "1000.00", "1000.00")),
        ("0.00", ("三(二)1", "1000.00", "1000.00")),
        ("1000.00", "三(二)1"),
    ] == outcomes(ningbo([held("bravery", "2020-01-01")], *bills))


def test_ningbo_class_11_has_the_agencys_rate_or_is_still_a_class_for_rare_diseases() -> None:
    other = [held("other_special", "2020-01-01")]
    bills = [bill("2020-03-01", "1000.00"), bill("2020-03-01", "1000.00", rare_disease=True)]
    rare = ("0.00", ("三(二)3(4)", "1000.00", "1000.00"))
    assert [("1000.00", "三(二)1"), rare] == outcomes(ningbo(other, *bills))
    assert [("350.00", ("三(二)1", "1000.00", "650.00")), rare] == outcomes(ningbo(other, *bills, rate="0.65"))
    # 低保 beside it: the higher of 70 % and the agency's rate.
    both = [*other, held("subsistence_allowance", "2020-01-01")]
    assert ("300.00", ("三(二)1", "1000.00", "700.00")) == outcomes(ningbo(both, *bills, rate="0.65"))[0]
    assert ("200.00", ("三(二)1", "1000.00", "800.00")) == outcomes(ningbo(both, *bills, rate="0.80"))[0]


def test_ningbo_rehabilitation_of_the_severely_disabled_at_50_percent_within_3000() -> None:
    statuses = [held("disability_living_subsidy", "2020-01-01"), held("severe_disability", "2020-01-01", "2020-06-01")]
    rehabilitation: dict[str, Any] = {"service": "rehabilitation"}
    bills = [
        bill("2020-03-01", "5000.00", **rehabilitation),
        bill("2020-03-01", "5000.00", **rehabilitation, rehab_assessed=False),
        bill("2020-03-01", "5000.00", **rehabilitation),
        bill("2020-06-01", "5000.00", **rehabilitation),
    ]
    assert [
        ("2500.00", ("三(二)3(2)", "5000.00", "2500.00")),
        ("5000.00", "三(二)3(2)"),
        ("4500.00", ("三(二)3(2)", "5000.00", "500.00")),
        ("5000.00", "三(二)3(2)"),
    ] == outcomes(ningbo(statuses, *bills))


def test_ningbo_birth_is_a_flat_900_for_lawful_births_on_subsistence_only() -> None:
    statuses = [held("subsistence_allowance", "2020-01-01", "2020-06-01"), held("priority_child", "2020-01-01")]
    birth: dict[str, Any] = {"service": "childbirth"}
    bills = [
        bill("2020-03-01", "500.00", **birth, rare_disease=True),
        bill("2020-03-01", "500.00", **birth, lawful_birth=False),
        bill("2020-06-01", "500.00", **birth, rare_disease=True),
    ]
    assert [
        ("0.00", ("三(二)3(1)", None, "900.00")),
        ("500.00", "三(二)3(1)"),
        ("500.00", "三(二)3(1)"),
    ] == outcomes(ningbo(statuses, *bills))


def test_ningbo_entitled_groups_need_residents_insurance_all_others_none() -> None:
    stay = bill("2020-03-01", "1000.00")
    entitled, veteran = [held("entitled_group", "2020-01-01")], [held("veteran_party_member", "2020-01-01")]
    paid = ("300.00", ("三(二)1", "1000.00", "700.00"))
    assert [paid] == outcomes(ningbo(entitled, stay))
    assert [("1000.00", "二")] == outcomes(ningbo(entitled, stay, insurance="employee"))
    assert [paid] == outcomes(ningbo(veteran, stay, insurance="none"))


def test_ningbo_refuses_other_places() -> None:
    stay = bill("2020-03-01", "1000.00", facility=NOT_DESIGNATED)
    assert [("1000.00", "三(二)")] == outcomes(ningbo([held("hiv_opportunistic", "2020-01-01")], stay))


# ---- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["I 型糖尿病", "Ⅰ型糖尿病", "\u3000I型 糖尿病\t"])
def test_names_match_whatever_their_spacing_and_roman_one(written: str) -> None:
    assert plain("I型糖尿病") == plain(written)


def test_names_match_whatever_their_brackets() -> None:
    assert plain("血友病(儿童)") == plain("血友病 （儿童）")


# ---- the random cases ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", CITIES)
def test_random_cases_are_valid_and_settle_within_their_bills(policy: str) -> None:
    rng = Random(20260101)
    for _ in range(300):
        a_case = random_case(policy, rng)
        assert_valid(a_case)
        for event, result in zip(a_case["events"], settle(a_case), strict=True):
            assert_adds_up(event, result)


def assert_valid(a_case: dict[str, Any]) -> None:
    for status in a_case["person"]["statuses"]:
        assert status["status"] in ALL_STATUSES
        since = date.fromisoformat(status["from"])
        assert status["to"] is None or since < date.fromisoformat(status["to"])
        assert date.fromisoformat(status.get("applied_on", status["from"])) <= since
    for event in a_case["events"]:
        assert event["service"] in ALL_SERVICES
        amounts = {name: fen(amount) for name, amount in event["amounts"].items()}
        assert min(amounts.values()) >= 0
        assert amounts["in_policy"] <= amounts["total"]
        assert sum(amounts[payer] for payer in ALL_PAYERS) <= amounts["total"]
        assert not (event.get("disease") and event.get("diagnoses"))


def assert_adds_up(event: dict[str, Any], result: dict[str, Any]) -> None:
    unpaid = fen(event["amounts"]["total"]) - sum(fen(event["amounts"][payer]) for payer in ALL_PAYERS)
    relief, personal = fen(result["relief"]), fen(result["personal"])
    grant = event["service"] in ("late_stage_care", "annual_relief", "childbirth", "psychiatric_inpatient")
    assert grant or relief <= unpaid
    assert personal <= max(0, unpaid - relief)
    assert "package_limit" in event or personal == max(0, unpaid - relief)
    assert result["refused"] == (result["clause"] is not None) == (not result["lines"])


REACHED = {
    "qingdao-2018-1": {"二(三)"},
    "liaocheng-2022-5": {"三(四)1", "三(四)2", "四(一)"},
    "yangquan-2019-45": {"四(二)2", "四(二)3", "四(二)4", "四(二)5"},
    "anshan-2019-37": {
        *("三(二)1(4)", "三(二)2(2)", "三(二)2(3)", "三(二)2(4)", "三(二)2(5)", "三(二)3(2)", "三(二)3(3)"),
        *("三(二)3(4)", "三(二)3(5)", "三(二)4(1)", "三(二)4(2)", "三(二)5(3)"),
    },
    "ningbo-2019-27": {"三(二)1", "三(二)2", "三(二)3(1)", "三(二)3(2)", "三(二)3(4)"},
}


@pytest.mark.parametrize("policy", CITIES)
def test_random_cases_reach_every_benefit_with_money(policy: str) -> None:
    rng = Random(7)
    results = [result for _ in range(600) for result in settle(random_case(policy, rng))]
    assert REACHED[policy] == {line["clause"] for result in results for line in result["lines"] if fen(line["paid"])}


def test_random_cases_reach_the_one_off_relief_above_its_threshold() -> None:
    rng = Random(7)
    paid = 0
    for _ in range(600):
        a_case = random_case("yangquan-2019-45", rng)
        results = zip(a_case["events"], settle(a_case), strict=True)
        paid += sum(event["service"] == "annual_relief" and result["relief"] != "0.00" for event, result in results)
    assert paid >= 5


@pytest.mark.parametrize("policy", CITIES)
def test_the_same_seed_gives_the_same_case(policy: str) -> None:
    assert random_case(policy, Random(3)) == random_case(policy, Random(3))


@pytest.mark.parametrize("policy", CITIES)
def test_hypothesis_draws_valid_cases(policy: str) -> None:
    @settings(max_examples=30, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(cases(policy))
    def check(a_case: dict[str, Any]) -> None:
        assert_valid(a_case)
        assert len(a_case["events"]) == len(settle(a_case)) >= 1

    check()
