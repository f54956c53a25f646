"""Persons at the window: only who shows a certificate, with what is known of them now."""

from typing import Any

from tests.gateway.at_desk.window import Window, patient
from tests.platform.settlement.town import OTHER_COUNTY
from tuodi.gateway.at_desk.certificate import Unread
from tuodi.platform.base.models import Audit


def entitlement(number: str, med_type: str = "21") -> dict[str, object]:
    return {
        "data": {
            "psn_no": number, "insutype": "390", "fixmedins_code": "H37150200001", "med_type": med_type,
            "begntime": "2026-11-02 08:00:00",
        }
    }  # fmt: skip


def test_a_person_comes_with_insurance_and_statuses_and_the_asking_is_in_the_trail(window: Window):
    who = patient("subsistence_allowance", "severe_disability", county=OTHER_COUNTY)
    output = window.identified(who)

    assert (who.document_number, "单雄信") == (output["baseinfo"]["certno"], output["baseinfo"]["psn_name"])
    assert [("390", OTHER_COUNTY)] == [(row["insutype"], row["insuplc_admdvs"]) for row in output["insuinfo"]]
    assert {"2303", "2308"} == {row["psn_idet_type"] for row in output["idetinfo"]}
    trail = Audit.objects.get(act="gateway.identify")
    assert (OTHER_COUNTY, f"person:{output['baseinfo']['psn_no']}") == (trail.region_id, trail.subject)


def test_who_is_not_enrolled_or_has_another_name_is_refused(window: Window):
    who = patient()
    asked = {"mdtrt_cert_type": "02", "mdtrt_cert_no": "37159119600101005X", "psn_cert_type": "01", "certno": ""}

    assert "未查询到该人员的登记信息" in window.why_not("1101", {"data": asked})
    other = {**asked, "mdtrt_cert_no": who.document_number, "psn_name": "张三"}
    assert "姓名与证件号码登记的姓名不一致" in window.why_not("1101", {"data": other})
    card = {"mdtrt_cert_type": "01", "mdtrt_cert_no": "x", "psn_cert_type": "", "certno": ""}
    assert "本平台没有接入医保电子凭证的解读服务：请同时送" in window.why_not("1101", {"data": card})
    card |= {"mdtrt_cert_type": "03", "card_sn": "y"}
    assert "本平台没有接入社会保障卡的解读服务" in window.why_not("1101", {"data": card})
    assert "没有居民身份证号码" in window.why_not("1101", {"data": {**card, "mdtrt_cert_type": "99"}})


def read_by_the_site(kind: str, number: str, serial: str) -> str:
    """What a site that reaches a decoding service brings: here a token is the number written backwards."""
    if number == "expired":
        raise Unread("二维码已过期，请刷新后重扫")
    return number[::-1] if (kind, serial) in (("01", ""), ("03", "SN1")) else ""


def test_a_site_with_a_reader_takes_vouchers_and_cards(window: Window, settings: Any):
    settings.CERTIFICATE_READER = f"{__name__}.read_by_the_site"
    who, other = patient(), patient()
    asked = {"mdtrt_cert_type": "01", "mdtrt_cert_no": who.document_number[::-1], "psn_cert_type": "", "certno": ""}

    assert who.document_number == window.done("1101", {"data": asked})["baseinfo"]["certno"]
    card = {**asked, "mdtrt_cert_type": "03", "card_sn": "SN1", "psn_name": who.name}
    assert who.document_number == window.done("1101", {"data": card})["baseinfo"]["certno"]
    beside = {**asked, "psn_cert_type": "01", "certno": other.document_number}
    assert "不是同一个人" in window.why_not("1101", {"data": beside})
    assert "医保电子凭证：二维码已过期" in window.why_not("1101", {"data": {**asked, "mdtrt_cert_no": "expired"}})
    assert "未查询到" in window.why_not("1101", {"data": {**card, "card_sn": "SN2"}})


def test_whose_certificate_was_not_shown_here_is_nobody_here(window: Window, next_window: Window):
    number = window.identified(patient("subsistence_allowance"))["baseinfo"]["psn_no"]

    assert "人员编号不存在" in next_window.why_not("2001", entitlement(number))
    assert "人员编号不存在" in next_window.why_not("5206", {"data": {"psn_no": number, "cum_ym": "202611"}})
    assert "人员编号不存在" in next_window.why_not("2001", entitlement("x"))


def test_entitlement_is_told_with_its_clause(window: Window):
    poor, other = (
        str(window.identified(who)["baseinfo"]["psn_no"]) for who in (patient("subsistence_allowance"), patient())
    )
    (yes,), (no,) = (window.done("2001", entitlement(number))["trtinfo"] for number in (poor, other))

    assert ("1", "610100") == (yes["trt_enjymnt_flag"], yes["fund_pay_type"])
    assert "三(四)1" in yes["trt_chk_rslt"]
    assert "0" == no["trt_enjymnt_flag"]
    assert "（" in no["trt_chk_rslt"]


def test_the_years_relief_counts_what_other_hospitals_settled_too(window: Window, next_window: Window):
    who = patient("subsistence_allowance")
    for desk in (window, next_window):
        number, visit = desk.stay(who)
        desk.done("2304", desk.settlement(number, visit))
    (row,) = window.done("5206", {"data": {"psn_no": number, "cum_ym": "202611"}})["cuminfo"]

    assert ("D610101", "2026") == (row["cum_type_code"], row["year"])
    assert float(row["cum"]) > 2310
