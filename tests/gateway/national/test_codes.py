"""The code tables and how they meet our words: nothing is missing on either side."""

from __future__ import annotations

from tuodi.gateway.national import codes
from tuodi.gateway.national.amounts import FUND_FIELDS
from tuodi.language.model import INSURANCES, PAYERS, SERVICES, STATUSES


def test_every_medical_category_has_a_service_and_a_clearing_category() -> None:
    assert set(codes.MED_TYPE.names) == set(codes.SERVICE_OF_MED_TYPE) == set(codes.CLR_TYPE_OF_MED_TYPE)
    assert set(codes.SERVICE_OF_MED_TYPE.values()) <= set(SERVICES)
    assert set(codes.CLR_TYPE_OF_MED_TYPE.values()) <= set(codes.CLR_TYPE.names)


def test_the_usual_category_of_a_service_is_of_that_service() -> None:
    assert {service: service for service in codes.MED_TYPE_OF_SERVICE} == {
        service: codes.SERVICE_OF_MED_TYPE[code] for service, code in codes.MED_TYPE_OF_SERVICE.items()
    }


def test_every_insurance_of_the_interface_has_one_of_ours() -> None:
    assert set(codes.INSUTYPE.names) == set(codes.INSURANCE_OF_INSUTYPE)
    assert set(codes.INSURANCE_OF_INSUTYPE.values()) == set(INSURANCES)


def test_statuses_and_identities_are_known_on_both_sides() -> None:
    assert set(codes.STATUS_OF_IDENTITY) <= set(codes.IDENTITY.names)
    assert set(codes.IDENTITY_OF_STATUS.values()) | {codes.LOCAL_IDENTITY} <= set(codes.IDENTITY.names)
    known = {*codes.STATUS_OF_IDENTITY.values(), *codes.LOCAL_STATUS_OF_IDENTITY.values(), *codes.IDENTITY_OF_STATUS}
    assert known <= set(STATUSES)


def test_a_status_sent_as_a_national_identity_is_read_back_as_itself() -> None:
    assert {status: status for status in codes.IDENTITY_OF_STATUS} == {
        status: codes.STATUS_OF_IDENTITY[code] for status, code in codes.IDENTITY_OF_STATUS.items()
    }


def test_every_fund_has_a_field_and_a_payer() -> None:
    fields = {codes.field_of_fund(fund) for fund in codes.FUND.names}

    assert fields == {*FUND_FIELDS, "acct_pay", "hosp_part_amt"}
    assert {codes.payer_of_fund(fund) for fund in codes.FUND.names} <= set(PAYERS)


def test_a_payer_sent_under_its_fund_is_read_back_as_itself() -> None:
    for funds in codes.FUND_OF_PAYER.values():
        assert {payer: payer for payer in funds} == {payer: codes.payer_of_fund(fund) for payer, fund in funds.items()}


def test_every_level_of_a_hospital_is_one_of_ours() -> None:
    assert set(codes.HOSP_LV.names) == set(codes.LEVEL_OF_HOSP_LV)


def test_a_table_names_its_codes() -> None:
    assert ("0 否、1 是", "否", "7") == (codes.YES_NO.listed(), codes.YES_NO.name("0"), codes.YES_NO.name("7"))
