"""Who bears what, by the documents' own words."""

import pytest

from tuodi.language.load import load_policy
from tuodi.language.shelf import packaged_policies
from tuodi.ledger.account import Source
from tuodi.ledger.posting import Part, Share
from tuodi.platform.fund.domain import Bearing, bearing_of, funding_faults, source_of

COUNTY = (Share(source=Source.county, basis_points=10_000),)


@pytest.mark.parametrize(
    ("payer", "source"),
    [
        ("市级财政", Source.city),
        ("县（市、区）级财政", Source.county),
        ("县级财政（单独列支）", Source.county),
        ("区县（市）政府", Source.county),
        ("省级财政", Source.provincial),
        ("中央财政", Source.central),
        ("市级临时救助资金", Source.temporary_relief),
        ("社会捐赠", Source.donation),
        ("财政专项资金", None),
    ],
)
def test_a_payer_is_the_source_of_its_level(payer: str, source: Source | None):
    assert source == source_of(payer)


@pytest.mark.parametrize("name", packaged_policies())
def test_every_shipped_policy_can_be_booked(name: str):
    policy = load_policy(packaged_policies()[name])
    bearing = bearing_of(policy, COUNTY)

    assert [] == funding_faults(policy)
    assert all(10_000 == sum(share.basis_points for share in shares) for shares in bearing.by_benefit.values())


def test_halves_of_an_odd_fen_go_to_the_earlier_share():
    halves = tuple(Share(source=source, basis_points=5_000) for source in (Source.city, Source.county))
    bearing = Bearing(by_benefit={"stay": halves}, otherwise=COUNTY)

    assert (Part(source=Source.city, fen=51), Part(source=Source.county, fen=50)) == bearing.parts({"stay": 101})


def test_what_the_document_leaves_open_is_borne_otherwise():
    halves = tuple(Share(source=source, basis_points=5_000) for source in (Source.city, Source.county))
    bearing = Bearing(by_benefit={"stay": halves}, otherwise=COUNTY)

    assert {Source.city: 50, Source.county: 57} == {
        part.source: part.fen for part in bearing.parts({"stay": 100, "visit": 7, "none": 0})
    }
