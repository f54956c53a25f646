"""The two lines of Liaocheng's first class, on the same bills by five means: the batch's loop, a loop by hand, polars,
DuckDB, and OpenFisca-core chained by month; each held to the same fen.

The others know these two lines and nothing else: no other class, no refusal, no reason, no bill that lacks something.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NamedTuple

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # before polars is loaded: a core for everybody

import duckdb
import numba
import numpy as np
import pyarrow as pa

from bench.measure import in_turns
from tuodi.batch.kernel import Inputs, Ints, Kernel, Numbers, Results

RATE, FIRST_LIMIT, ABOVE, SECOND_LIMIT = 7000, 3_000_000, 500_000, 2_000_000
FIRST_RULE = "relief_1"


class Bills(NamedTuple):
    """Bills of persons of the class, all of which the two lines settle, with what they came to in fen."""

    inputs: Inputs
    relief: Ints
    owner: Ints
    month: Ints

    @property
    def amounts(self) -> tuple[Ints, ...]:
        """Total, in policy, basic, critical illness, supplementary."""
        return self.inputs.columns[:5]


def compare(inputs: Inputs, results: Results, kernel: Kernel, numbers: Numbers, rule: int) -> None:
    """Prints how long each takes for the bills that the rule settles, in turns."""
    bills = chosen(inputs, results, rule)
    room = kernel.results(bills.inputs)
    out = np.empty(len(bills.relief), np.int64)
    table = _table(bills)
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: kernel.run(bills.inputs, numbers, room),
        "a loop by hand": lambda: by_hand(bills.inputs.events_of, bills.inputs.year, *bills.amounts, out),
    }
    with duckdb.connect(config={"threads": "1"}) as connection:
        connection.register("events", table)
        ways["DuckDB"] = lambda: connection.execute(SQL).fetchone()
        ways |= _with_polars(table)
        times = dict(zip(ways, in_turns(*ways.values(), rounds=5), strict=True))
        exact = int(bills.relief.sum())
        totals = {"ours": int(room.relief.sum()), "a loop by hand": int(out.sum()), "DuckDB": int(ways["DuckDB"]()[0])}
        totals |= {name: int(run()) for name, run in ways.items() if name == "polars"}
    assert set(totals.values()) == {exact}, totals
    print(f"\ntwo lines of one class, {len(out):,} bills, all the same to the fen ({exact / 100:,.2f} yuan)")
    for name, seconds in times.items():
        each, slower = seconds / len(out) * 1e9, seconds / times["ours"]
        print(f"  {name:24} {each:9.1f} ns a bill, {slower:7.2f} times as long as ours")
    _openfisca(bills, times["ours"] / len(out))


def chosen(inputs: Inputs, results: Results, rule: int) -> Bills:
    """The bills that the rule settles, as a population of their own: no other bill moves their counts."""
    rows = np.flatnonzero(results.line_rule[0] == rule)
    owner = np.repeat(np.arange(len(inputs.events_of) - 1), np.diff(inputs.events_of))[rows]
    sizes = np.bincount(owner)
    sizes = sizes[sizes > 0]
    return Bills(
        inputs._replace(
            events_of=np.concatenate([[0], np.cumsum(sizes)]),
            word=inputs.word[rows],
            year=inputs.year[rows],
            recognition=inputs.recognition[rows],
            columns=tuple(column[rows] for column in inputs.columns),
            items_of=np.zeros(len(rows) + 1, np.int64),
            openings_of=np.zeros(len(sizes) + 1, np.int64),
        ),
        results.relief[rows],
        np.repeat(np.arange(len(sizes)), sizes),
        _months(np.repeat(np.arange(len(sizes)), sizes), inputs.year[rows]),
    )


# ---- the others ------------------------------------------------------------------------------------------------------


@numba.njit(error_model="numpy")
def by_hand(offsets, year, total, in_policy, basic, critical, supplementary, out):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    for person in range(len(offsets) - 1):
        now = -1
        relief = rest = again = 0
        for e in range(offsets[person], offsets[person + 1]):
            if year[e] != now:
                now = year[e]
                relief = rest = again = 0
            paid_by = np.int64(basic[e]) + critical[e] + supplementary[e]
            burden = max(0, min(np.int64(in_policy[e]) - paid_by, np.int64(total[e]) - paid_by))
            first = min((burden * RATE + 5000) // 10000, max(0, FIRST_LIMIT - relief))
            left = burden - first
            above = min(left, max(0, rest + left - ABOVE))
            second = min((above * RATE + 5000) // 10000, max(0, SECOND_LIMIT - again))
            relief += first
            rest += left
            again += second
            out[e] = first + second


SQL = f"""
WITH burdens AS (SELECT person, year, n, greatest(0, least(c1, c0) - c2 - c3 - c4)::BIGINT AS burden FROM events),
dues AS (SELECT *, sum((burden * {RATE} + 5000) // 10000) OVER w AS due,
         (burden * {RATE} + 5000) // 10000 AS one FROM burdens WINDOW w AS (PARTITION BY person, year ORDER BY n)),
firsts AS (SELECT *, least({FIRST_LIMIT}, due) - least({FIRST_LIMIT}, due - one) AS first FROM dues),
rests AS (SELECT *, sum(burden - first) OVER w AS rest FROM firsts WINDOW w AS (PARTITION BY person, year ORDER BY n)),
agains AS (SELECT *, (greatest(0, least(burden - first, rest - {ABOVE})) * {RATE} + 5000) // 10000 AS again FROM rests),
sums AS (SELECT *, sum(again) OVER w AS due2 FROM agains WINDOW w AS (PARTITION BY person, year ORDER BY n))
SELECT sum(first + least({SECOND_LIMIT}, due2) - least({SECOND_LIMIT}, due2 - again)) FROM sums
"""


def _with_polars(table: pa.Table) -> dict[str, Callable[[], object]]:
    """The same as window expressions; nothing where polars is not installed."""
    try:
        import polars as pl
    except ImportError as why:
        print(f"polars is not here ({why}); make bench installs it")
        return {}
    frame = pl.from_arrow(table)
    c, key = pl.col, ["person", "year"]

    def within(due: pl.Expr, one: pl.Expr, limit: int) -> pl.Expr:
        """What the limit leaves of one amount that is due, where `due` is the sum of all so far."""
        return due.clip(upper_bound=limit) - (due - one).clip(upper_bound=limit)

    def run() -> object:
        burden = pl.max_horizontal(pl.lit(0), pl.min_horizontal("c0", "c1") - c("c2") - c("c3") - c("c4"))
        return (
            frame.lazy()
            .with_columns(burden=burden.cast(pl.Int64))
            .with_columns(one=(c("burden") * RATE + 5000) // 10000)
            .with_columns(due=c("one").cum_sum().over(key))
            .with_columns(first=within(c("due"), c("one"), FIRST_LIMIT))
            .with_columns(left=c("burden") - c("first"))
            .with_columns(above=c("left").cum_sum().over(key) - ABOVE)
            .with_columns(again=(pl.min_horizontal("left", "above").clip(lower_bound=0) * RATE + 5000) // 10000)
            .with_columns(due=c("again").cum_sum().over(key))
            .select((c("first") + within(c("due"), c("again"), SECOND_LIMIT)).sum())
            .collect()
            .item()
        )

    return {"polars": run}


def _openfisca(bills: Bills, ours: float) -> None:
    """One bill a month at most, persons side by side, each month from the one before; and how many come out wrong."""
    try:
        from bench import openfisca_peer
    except ImportError as why:
        print(f"  OpenFisca-core is not here ({why}); make bench installs it")
        return
    within = bills.month < openfisca_peer.MONTHS
    years = np.cumsum(np.concatenate([[True], _new(bills.owner, bills.inputs.year)])) - 1
    burdens = np.zeros((openfisca_peer.MONTHS, years[-1] + 1), np.int64)
    total, in_policy, *paid = (column.astype(np.int64) for column in bills.amounts)
    burdens[bills.month[within], years[within]] = np.maximum(0, np.minimum(total, in_policy) - sum(paid))[within]
    exact = np.zeros_like(burdens)
    exact[bills.month[within], years[within]] = bills.relief[within]
    found: list[Ints] = []
    (seconds,) = in_turns(lambda: found.append(openfisca_peer.years(burdens)), rounds=1)
    wrong = int((found[-1] != exact).any(axis=0).sum())
    each = seconds / int(within.sum())
    print(
        f"  {'OpenFisca-core, by month':24} {each * 1e9:9.1f} ns a bill, {each / ours:7.2f} times as long as ours; "
        f"of {len(exact[0]):,} persons' years {wrong:,} ({wrong / len(exact[0]):.1%}) are wrong to the fen"
    )


# ---- helpers ---------------------------------------------------------------------------------------------------------


def _table(bills: Bills) -> pa.Table:
    columns = {f"c{place}": column for place, column in enumerate(bills.amounts)}
    return pa.table({"person": bills.owner, "year": bills.inputs.year, "n": np.arange(len(bills.owner)), **columns})


def _new(owner: Ints, year: Ints) -> Ints:
    """Whether a row begins another person's year than the one before."""
    return (np.diff(owner) != 0) | (np.diff(year) != 0)


def _months(owner: Ints, year: Ints) -> Ints:
    """Bills of a person's year by number, in place of months: the first in the first month, and so on."""
    begins = np.flatnonzero(np.concatenate([[True], _new(owner, year)]))
    return np.arange(len(owner)) - np.repeat(begins, np.diff(np.append(begins, len(owner))))
