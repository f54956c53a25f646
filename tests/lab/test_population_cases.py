"""What is made are valid cases of the case format, paid by the engine's own insurance plans."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.lab.population_rows import cases
from tuodi.batch.run import run_batch
from tuodi.engine.bind import bind
from tuodi.engine.case import read_case
from tuodi.engine.settle import Engine, settle_case
from tuodi.lab.population import cities, make_population
from tuodi.language.load import load_policy
from tuodi.language.model import Policy
from tuodi.language.shelf import packaged_plans, packaged_policies

SAMPLE = 2000
CITIES = [pytest.param(city, marks=[] if city == "liaocheng" else pytest.mark.slow) for city in cities()]


class Made:
    """A population of a city, and its policy and plan."""

    def __init__(self, city: str, folder: Path) -> None:
        self.folder = folder / city
        self.report = make_population(city, 12_000, 11, self.folder)
        manifest = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        self.parameters: dict[str, object] = manifest["parameters"]
        self.policy: Policy = load_policy(packaged_policies()[manifest["policy"]])
        self.plan: Policy = load_policy(packaged_plans()[manifest["plan"]])

    def sample(self) -> list[dict[str, Any]]:
        """Cases of those with a status, as many as there are, and of others to make up the sample."""
        statuses = pq.read_table(self.folder / "statuses.parquet")
        events = set(pq.read_table(self.folder / "events.parquet", columns=["person"])["person"].to_pylist())
        held = set(statuses.filter(statuses["status"].is_valid())["person"].to_pylist()) & events
        chosen = [*sorted(held), *sorted(events - held)][:SAMPLE]
        return cases(self.folder, self.policy, self.parameters, set(chosen))


@pytest.fixture(scope="module", params=CITIES)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(request.param, tmp_path_factory.mktemp("cities"))


def test_every_case_is_read_without_a_finding_and_settled(made: Made) -> None:
    engine = Engine(bind(made.policy, made.parameters))
    sample = made.sample()

    results = [settle_case(engine, read_case(case, made.policy)) for case in sample]
    assert SAMPLE == len(results)
    assert sum(settlement.relief for result in results for settlement in result.settlements) > 0


def test_a_batch_finds_nothing_to_set_apart(made: Made, tmp_path: Path) -> None:
    files = {name: made.folder / f"{name}.parquet" for name in ("events", "statuses")}
    summary = run_batch(made.policy, made.parameters, out=tmp_path / "out", **files)

    assert summary.is_clean
    assert set(summary.findings) <= {"status-overlap"}
    assert made.report.events == summary.sums["events"]


def test_a_batch_gives_the_relief_that_the_engine_gives(made: Made, tmp_path: Path) -> None:
    files = {name: made.folder / f"{name}.parquet" for name in ("events", "statuses")}
    run_batch(made.policy, made.parameters, out=tmp_path / "out", **files)
    engine = Engine(bind(made.policy, made.parameters))
    by_engine = {
        int(settlement.event.id): settlement.relief
        for case in made.sample()
        for settlement in settle_case(engine, read_case(case, made.policy)).settlements
    }

    table = pq.read_table(sorted((tmp_path / "out").glob("events*.parquet")), columns=["id", "relief_fen"])
    by_batch = dict(zip(table["id"].to_pylist(), table["relief_fen"].to_pylist(), strict=True))
    assert by_engine == {event: by_batch[event] for event in by_engine}


def test_insurance_has_paid_what_the_plan_says(made: Made) -> None:
    """Residents' events are settled again under the plan, by the engine, one by one."""
    layers = [layer.id for layer in made.plan.layers if layer.id in ("basic", "critical_illness")]
    told = [{service for benefit in made.plan.benefits if benefit.layer == layer for service in benefit.services}
            for layer in layers]  # fmt: skip
    engine = Engine(bind(made.policy, made.parameters, made.plan))
    checked = 0
    for case in made.sample()[:400]:
        if case["person"]["insurance"] != "resident":
            continue
        restored = with_plan_facts(made, case)
        asked = [
            (event["amounts"], layer)
            for event in restored["events"]
            for layer, services in zip(layers, told, strict=True)
            if event["service"] in services and event["service"] in PAID_BY_PLAN[made.plan.document.id]
        ]
        given = [amounts[layer] for amounts, layer in asked]
        for amounts, layer in asked:
            amounts[layer] = None
        for event in restored["events"]:
            event["amounts"] |= dict.fromkeys(("supplementary", "commercial", "other_relief"), "0.00")
        result = settle_case(engine, read_case(restored, made.policy, made.plan))
        paid = {id(event["amounts"]): settlement.layers
                for event, settlement in zip(restored["events"], result.settlements, strict=True)}  # fmt: skip
        assert given == [in_yuan(paid[id(amounts)][layer]) for amounts, layer in asked]
        checked += len(given)
    assert checked > 100


HOSPITAL = {"inpatient", "psychiatric_inpatient", "outpatient_chronic"}
PAID_BY_PLAN = {
    "liaocheng-resident-2022": HOSPITAL,
    "qingdao-resident-2018": HOSPITAL,
    "yangquan-resident-2020": HOSPITAL,
    "anshan-resident-sample": HOSPITAL,
    "ningbo-resident-2019": HOSPITAL,
}
"""Services for which every layer of the plan pays residents; the others are given."""


def with_plan_facts(made: Made, case: dict[str, Any]) -> dict[str, Any]:
    """The case with the facts that only the plan asks for, from the columns that a batch leaves aside."""
    table = pq.read_table(made.folder / "events.parquet")
    names = [name for name in table.column_names if name.startswith("x_")]
    if names:
        person = int(case["person"]["id"])
        rows = table.filter(np.asarray(table["person"]) == person).select(names).to_pylist()
        for event, row in zip(case["events"], rows, strict=True):
            for name, value in row.items():
                fact = name.removeprefix("x_")
                event[fact.removesuffix("_fen")] = in_yuan(value) if fact.endswith("_fen") else value
    return case


def in_yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"
