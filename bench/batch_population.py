"""People and bills for the batch's measurements: plausible shares, no calibration; any size, streamed, by seed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tuodi.language.model import Policy

CHUNK = 200_000  # persons that are made at a time

STATUS_SHARES = {
    "liaocheng-2022-5": {"subsistence_allowance": 62, "extreme_poverty": 10, "subsistence_margin": 14,
                         "poverty_monitored": 6, "illness_impoverished": 5},
    "yangquan-2019-45": {"subsistence_allowance": 52, "extreme_poverty": 9, "registered_poor": 16,
                         "low_income_elderly": 8, "illness_impoverished": 6, "entitled_group": 4},
    "anshan-2019-37": {"subsistence_allowance": 60, "extreme_poverty": 12, "registered_poor": 14, "low_income": 8},
    "ningbo-2019-27": {"subsistence_allowance": 55, "extreme_poverty": 9, "subsistence_margin": 12,
                       "entitled_group": 6, "disability_living_subsidy": 7, "illness_impoverished": 4},
    "qingdao-2018-1": {"subsistence_allowance": 70, "extreme_poverty": 15, "orphan": 2},
}  # fmt: skip
SERVICES = {
    "inpatient": 24,
    "outpatient_chronic": 40,
    "outpatient": 32,
    "psychiatric_inpatient": 3,
    "late_stage_care": 1,
}
FACTS = {"bed_days": (0, 40), "package_limit_fen": (0, 5_000_000)}


def write_population(policy: Policy, persons: int, folder: Path, *, texts: bool = True, compression: str = "snappy",
                     seed: int = 1) -> tuple[Path, Path]:  # fmt: skip
    """Files of events and statuses, sorted by person; about three events a person. `texts`: persons named by text."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = folder / "events.parquet", folder / "statuses.parquet"
    writers: list[pq.ParquetWriter | None] = [None, None]
    for tables in population(policy, persons, texts, seed):
        for place, table in enumerate(tables):
            one = writers[place] = writers[place] or writer(paths[place], table, compression)
            one.write_table(table, row_group_size=1 << 18)
    for one in writers:
        if one is not None:
            one.close()
    return paths


def population(policy: Policy, persons: int, texts: bool, seed: int) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Events and statuses of some persons at a time."""
    for first in range(0, persons, CHUNK):
        random = np.random.default_rng([seed, first])
        number = np.arange(first, min(persons, first + CHUNK))
        ids = pa.array(number)
        if texts:
            ids = pa.array([f"P{one:017d}" for one in number])
        yield _events(policy, ids, random), _statuses(policy, ids, random)


def _events(policy: Policy, ids: pa.Array, random: np.random.Generator) -> pa.Table:
    counts = 1 + random.geometric(0.33, len(ids)).clip(max=40) - (random.random(len(ids)) < 0.3)
    owner = np.repeat(np.arange(len(ids)), counts)
    size = len(owner)
    day = 19_358 + random.integers(0, 365 * 2, size)
    order = np.lexsort((day, owner))
    total = (random.lognormal(7.6, 1.3, size) * 100).clip(100, 20_000_000).astype(np.int32)
    in_policy = (total * random.uniform(0.75, 1.0, size)).astype(np.int32)
    basic = (in_policy * random.uniform(0.4, 0.75, size)).astype(np.int32)
    critical = np.where(in_policy - basic > 1_400_000, (in_policy - basic) * 0.3, 0).astype(np.int32)
    diseases = [disease.name for one in policy.lists.values() for disease in one.diseases][:40] or ["白血病"]
    columns: dict[str, Any] = {
        "person": ids.take(pa.array(owner)),
        "id": pa.array(np.arange(size)),
        "date": pa.array(day[order].astype(np.int32)).cast(pa.date32()),
        "service": _drawn(random, SERVICES, size),
        "disease": _drawn(random, {**dict.fromkeys(diseases, 1), "": 3 * len(diseases)}, size),
        "designated": pa.array(random.random(size) < 0.97),
        "region": pa.array(random.random(size) < 0.9),
        "total_fen": pa.array(total),
        "in_policy_fen": pa.array(in_policy),
        "basic_fen": pa.array(basic),
        "critical_illness_fen": pa.array(critical),
        **{
            f"{name}_fen": pa.array(np.zeros(size, np.int32))
            for name in ("supplementary", "commercial", "other_relief")
        },
    }
    for name, (least, most) in FACTS.items():
        if name.removesuffix("_fen") in policy.facts:
            given = random.random(size) < (0.9 if name == "bed_days" else 0.03)
            columns[name] = pa.array(random.integers(least, most, size).astype(np.int32), mask=~given)
    if policy.catalogues:
        columns["items"] = _items(policy, total - basic, random)
    return pa.table(columns)


def _items(policy: Policy, unpaid: Any, random: np.random.Generator) -> pa.Array:
    names = [entry.item for catalogue in policy.catalogues.values() for entry in catalogue.entries]
    has = random.random(len(unpaid)) < 0.1
    kind = pa.list_(pa.struct([("item", pa.string()), ("personal_fen", pa.int64())]))
    drawn = random.integers(0, len(names), len(unpaid))
    rows = [
        [{"item": names[place], "personal_fen": int(fen)}] if some else None
        for place, fen, some in zip(drawn, unpaid, has, strict=True)
    ]
    return pa.array(rows, kind)


def _statuses(policy: Policy, ids: pa.Array, random: np.random.Generator) -> pa.Table:
    size = len(ids)
    shares = STATUS_SHARES[policy.document.id]
    status = _drawn(random, {**shares, "": max(1, 100 - sum(shares.values()))}, size)
    start = 17_000 + random.integers(0, 2500, size).astype(np.int32)
    ends = random.random(size) < 0.1
    born = random.integers(-14_000, 18_000, size).astype(np.int32)
    return pa.table(
        {
            "person": ids,
            "insurance": _drawn(random, {"resident": 88, "employee": 9, "none": 3}, size),
            "birth_date": pa.array(born).cast(pa.date32()),
            "status": status,
            "from": pa.array(start).cast(pa.date32()),
            "to": pa.array(start + 2800, mask=~ends).cast(pa.date32()),
        }
    )


def _drawn(random: np.random.Generator, shares: dict[str, int], size: int) -> pa.Array:
    weights = np.array(list(shares.values()), float)
    places = random.choice(len(shares), size, p=weights / weights.sum()).astype(np.int16)
    words = pa.array([word or None for word in shares], pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(places), words).cast(pa.string())


def writer(path: Path, table: pa.Table, compression: str) -> pq.ParquetWriter:
    whole = [column.name for column in table.schema if pa.types.is_integer(column.type)]
    texts = [column.name for column in table.schema if not pa.types.is_integer(column.type) and column.name != "person"]
    encodings = dict.fromkeys(whole, "DELTA_BINARY_PACKED")
    return pq.ParquetWriter(
        path, table.schema, compression=compression, use_dictionary=texts, column_encoding=encodings
    )
