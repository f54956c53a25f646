"""What was made beside what it should be like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from tuodi.lab.population.care import SERVICE_OF, Kind
from tuodi.lab.population.settings import City, Target
from tuodi.lab.population.settings import Kind as TargetKind
from tuodi.lab.population.tally import Tally
from tuodi.language.model import SERVICES

_ERRORS = 3
"""So many standard errors of sampling are allowed beside the tolerance."""

_LABELS = {TargetKind.CALIBRATED: "校准", TargetKind.EXPECTED: "检验", TargetKind.ORIENTATION: "参考"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A target and what was made; None where nothing of the kind was. `error`: one standard error of sampling."""

    target: Target
    made: Decimal | None
    error: Decimal

    @property
    def allowed(self) -> Decimal | None:
        """How far off it may be; None: it is not judged."""
        target = self.target
        return None if target.tolerance is None else target.value * target.tolerance + _ERRORS * self.error

    @property
    def within(self) -> bool | None:
        """Whether it holds; None where it is not judged, or nothing was made."""
        allowed = self.allowed
        return None if allowed is None or self.made is None else abs(self.made - self.target.value) <= allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationReport:
    """A made population: where it stands, how much it is, and how it compares. `by_service`: events."""

    city: City
    seed: int
    folder: Path
    persons: int
    households: int
    periods: int
    events: int
    items: int
    by_service: dict[str, int]
    comparisons: tuple[Comparison, ...]

    @property
    def missed(self) -> tuple[Comparison, ...]:
        """Those that don't hold, and nobody has said why."""
        return tuple(one for one in self.comparisons if one.within is False and not one.target.differs)

    def text(self) -> str:
        """For officials."""
        return "\n".join(_lines(self)) + "\n"

    def data(self) -> dict[str, object]:
        """As it is written beside the population; numbers as texts, so that none is a float."""
        return {
            "city": self.city.id,
            "year": self.city.year,
            "seed": self.seed,
            "persons": self.persons,
            "households": self.households,
            "periods": self.periods,
            "events": self.events,
            "items": self.items,
            "by_service": self.by_service,
            "comparisons": [_compared(one) for one in self.comparisons],
        }


def report_of(city: City, seed: int, folder: Path, targets: tuple[Target, ...], tally: Tally) -> PopulationReport:
    """The report of what the tally saw."""
    compared = []
    for target in targets:
        ratio = tally.ratios[target.measure, target.of]
        compared.append(Comparison(target=target, made=ratio.value, error=ratio.error))
    by_service: dict[str, int] = dict.fromkeys(SERVICES, 0)
    for kind in Kind:
        by_service[list(SERVICES)[SERVICE_OF[kind]]] += int(tally.by_kind[kind])
    return PopulationReport(
        city=city,
        seed=seed,
        folder=folder,
        persons=tally.persons,
        households=tally.households,
        periods=tally.periods,
        events=tally.events,
        items=tally.items,
        by_service=by_service,
        comparisons=tuple(compared),
    )


def shown(value: Decimal, target: Target) -> str:
    """The value in the target's own unit: a percentage, yuan, or a number."""
    if target.value < 1:
        places = "0.01" if target.value < Decimal("0.1") else "0.1"
        return f"{(value * 100).quantize(Decimal(places), ROUND_HALF_UP)}%"
    places = "0.1" if target.value < 100 else "1"
    return f"{value.quantize(Decimal(places), ROUND_HALF_UP):,}"


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _lines(report: PopulationReport) -> Iterator[str]:
    city = report.city
    yield f"{city.label} {city.year} 年的合成人群（种子 {report.seed}），不对应任何真实的人"
    yield f"{report.persons:,} 人，{report.households:,} 户，{report.periods:,} 段身份，{report.events:,} 个事件"
    yield "、".join(f"{SERVICES[name]} {number:,}" for name, number in report.by_service.items() if number)
    yield ""
    for one in report.comparisons:
        yield _line(one)
    missed = len(report.missed)
    yield ""
    yield f"{missed} 项超出允许的偏差" if missed else "各项都在允许的偏差之内，或说明了原因"


def _line(one: Comparison) -> str:
    target = one.target
    made = "无" if one.made is None else shown(one.made, target)
    judged = {True: "合", False: "不合", None: "—"}[one.within]
    allowed = "" if one.allowed is None else f"，允许 ±{shown(one.allowed, target)}"
    reason = f"；{target.differs}" if one.within is False and target.differs else ""
    return (
        f"{judged}  {target.label}：{made}，目标 {shown(target.value, target)}{allowed}"
        f"（{_LABELS[target.kind]}；{target.source}，可信度 {target.confidence}{reason}）"
    )


def _compared(one: Comparison) -> dict[str, object]:
    target = one.target
    return {
        "target": target.id,
        "label": target.label,
        "kind": target.kind.value,
        "value": str(target.value),
        "made": None if one.made is None else str(one.made.quantize(Decimal("0.000001"), ROUND_HALF_UP)),
        "standard_error": str(one.error.quantize(Decimal("0.000001"), ROUND_HALF_UP)),
        "tolerance": None if target.tolerance is None else str(target.tolerance),
        "within": one.within,
        "differs": target.differs if one.within is False else "",
        "year": target.year,
        "source": target.source,
        "confidence": target.confidence,
    }
