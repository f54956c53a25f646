"""What each movement books."""

from __future__ import annotations

import pytest

from tests.ledger.book import REGION, account, play
from tuodi.ledger.account import Account, Book, Fund, Kind, Nature, Source
from tuodi.ledger.balance import grown
from tuodi.ledger.entry import Line
from tuodi.ledger.movement import Movement
from tuodi.ledger.posting import Part, Share, carry_over, lines_of, split, transfer

COUNTY = Fund(region=REGION, source=Source.county)
CITY = Fund(region=REGION, source=Source.city)


def _parts(**fen: int) -> tuple[Part, ...]:
    return tuple(Part(source=Source[source], fen=part) for source, part in fen.items())


def _written(lines: tuple[Line, ...]) -> list[str]:
    return [f"{'借' if line.fen > 0 else '贷'} {line.account} {abs(line.fen)}" for line in lines]


def test_a_payment_is_split_over_its_sources_by_largest_remainder() -> None:
    halves = [Share(source=source, basis_points=5000) for source in (Source.city, Source.county)]

    assert _parts(city=51, county=50) == split(101, halves)


def test_a_source_bears_one_share() -> None:
    with pytest.raises(AssertionError, match="one share"):
        split(1, [Share(source=Source.city, basis_points=5000)] * 2)


def test_relief_at_an_institution_is_owed_to_it_by_each_source() -> None:
    lines = lines_of(Movement.relief_by_institution, region=REGION, parts=_parts(city=51, county=50), party="H1")

    assert [
        "借 371521 市级 医疗救助支出 51",
        "借 371521 县级 医疗救助支出 50",
        "贷 371521 市级 应付医疗机构 H1 51",
        "贷 371521 县级 应付医疗机构 H1 50",
    ] == _written(lines)


def test_parts_of_one_source_become_one_line_and_a_source_that_bears_nothing_has_none() -> None:
    parts = (*_parts(county=30, city=0), *_parts(county=20))

    assert ["借 371521 县级 参保资助支出 50", "贷 371521 县级 应付参保资助 50"] == _written(
        lines_of(Movement.premium_subsidy, region=REGION, parts=parts)
    )


def test_nothing_is_nothing_to_book() -> None:
    assert () == lines_of(Movement.donation, region=REGION, parts=_parts(donation=0))


def test_an_amount_never_goes_the_other_way() -> None:
    with pytest.raises(AssertionError, match="another movement"):
        lines_of(Movement.donation, region=REGION, parts=_parts(donation=-1))


def test_a_transfer_is_booked_in_both_funds() -> None:
    assert [
        "借 371521 市级 调剂 1000",
        "贷 371521 市级 财政专户存款 1000",
        "借 371521 县级 财政专户存款 1000",
        "贷 371521 县级 调剂 1000",
    ] == _written(transfer(giver=CITY, taker=COUNTY, fen=1000))


@pytest.mark.parametrize(("giver", "taker", "fen"), [(CITY, CITY, 1), (CITY, COUNTY, 0)])
def test_a_transfer_goes_from_one_fund_to_another(giver: Fund, taker: Fund, fen: int) -> None:
    with pytest.raises(AssertionError, match="one fund to another"):
        transfer(giver=giver, taker=taker, fen=fen)


def test_a_carry_over_empties_the_year_into_what_is_carried_over() -> None:
    journal = play(
        """
        2022-01-10 财政拨款 A1
            借 县级 财政专户存款 500.00
            贷 县级 财政拨款收入 500.00
        2022-02-03 手工救助 S1
            借 县级 医疗救助支出 120.00
            贷 县级 应付个人 K1 120.00
        2022-02-03 手工救助 S2
            借 371522 县级 医疗救助支出 7.00
            贷 371522 县级 应付个人 K2 7.00
        ; income and spending equal: nothing is left over
        2022-03-01 捐赠 D1
            借 社会捐赠 财政专户存款 9.00
            贷 社会捐赠 捐赠收入 9.00
        2022-03-02 手工救助 S3
            借 社会捐赠 医疗救助支出 9.00
            贷 社会捐赠 应付个人 K3 9.00
        2022-03-04 调剂 T1
            借 县级 调剂 10.00
            贷 县级 财政专户存款 10.00
            借 371522 县级 财政专户存款 10.00
            贷 371522 县级 调剂 10.00
        """
    )

    assert [
        "贷 371521 县级 结转结余 37000",
        "贷 371521 县级 调剂 1000",
        "借 371521 县级 财政拨款收入 50000",
        "贷 371521 县级 医疗救助支出 12000",
        "借 371521 社会捐赠 捐赠收入 900",
        "贷 371521 社会捐赠 医疗救助支出 900",
    ] == _written(carry_over(journal.balances, region=REGION))


def test_nothing_is_nothing_to_carry_over() -> None:
    assert () == carry_over({account("县级 财政专户存款"): 5, account("县级 利息收入"): 0}, region=REGION)


@pytest.mark.parametrize("movement", Movement, ids=lambda movement: movement.name)
def test_the_accounts_of_a_movement_are_of_one_book(movement: Movement) -> None:
    assert 1 == len({kind.nature.book for kind in movement.debits | movement.credits})


@pytest.mark.parametrize("movement", Movement, ids=lambda movement: movement.name)
def test_premium_subsidies_stay_apart_from_relief(movement: Movement) -> None:
    kinds = movement.debits | movement.credits
    spending = {kind for kind in kinds if kind.nature is Nature.expense}

    assert movement is Movement.carry_over or len(spending) <= 1


def test_every_kind_is_moved_by_some_movement() -> None:
    assert set(Kind) == {kind for movement in Movement for kind in movement.debits | movement.credits}


def test_labels_name_one_thing_each() -> None:
    for named in (Movement, Kind, Nature):
        assert len(list(named)) == len({each.label for each in named})
    assert "资金" == str(Book.money.value)
    assert "利息" == str(Movement.interest)


@pytest.mark.parametrize(("kind", "party"), [(Kind.bank, "H1"), (Kind.payable_institution, "")])
def test_an_account_names_a_party_just_where_its_kind_goes_by_party(kind: Kind, party: str) -> None:
    with pytest.raises(AssertionError, match="party"):
        Account(region=REGION, source=Source.county, kind=kind, party=party)


@pytest.mark.parametrize(
    ("name", "reads"), [("县级 应付参保资助", -5), ("县级 财政专户存款", 5), ("县级 利息收入", -5)]
)
def test_a_balance_is_read_on_the_side_on_which_the_account_grows(name: str, reads: int) -> None:
    assert reads == grown(account(name), 5)
