"""Desks, and how far somebody sees. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Desk(Enum):
    """Where somebody works. It decides what kinds of data they see, and which acts are theirs."""

    hospital = "定点医药机构"
    township = "乡镇（街道）"
    county = "县级医疗保障"
    department = "部门"
    finance = "财政"
    city = "市级医疗保障"
    supervisor = "监督审计"
    insurer = "商业保险机构"
    administrator = "系统管理"
    system = "系统任务"

    def __str__(self) -> str:
        return self.value


MOVES_MONEY = frozenset({Desk.county, Desk.finance, Desk.city, Desk.administrator})
"""Desks that decide, pay, set what is paid by, or give others the power to: they sign in with a second factor."""


class Duty(Enum):
    """What somebody who has signed in must do before anything else."""

    password = "修改初始密码"
    two_factor = "启用动态码"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Who asks, for one transaction: what the database lets them see and write rests on these four.

    `region`: six digits; a city (371500) covers its counties, a province (370000) its cities. Empty with the desk
    `system` alone: everything. A hospital sees what is its own, wherever the patient comes from.
    """

    desk: Desk
    region: str
    institution: str = ""
    staff: int | None = None

    def __post_init__(self) -> None:
        assert bool(self.region) != (self.desk is Desk.system), "only the system has no region"
        assert bool(self.institution) == (self.desk is Desk.hospital), "a hospital, and nobody else, has an institution"

    @property
    def path(self) -> str:
        """What a region's path must begin with: `/3715` for a city, `/371502` for a county, `/` for the system."""
        return "/" + prefix(self.region)


SYSTEM = Scope(desk=Desk.system, region="")


def prefix(region: str) -> str:
    """The digits that the region and all within it begin with: 371500 -> 3715, 370000 -> 37."""
    while region.endswith("00"):
        region = region[:-2]
    return region
