"""A program's compiled loop: written once for each shape, compiled once for each machine, run on columns.

The source and its machine code stand in a cache folder under the shape's hash: a what-if with other rates, the next
run and the next process compile nothing. The machine code belongs to one kind of processor; another one compiles anew.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from tuodi.batch.kernel_text import kernel_source
from tuodi.batch.layout import MISSING, KernelLayout, kernel_layout
from tuodi.engine.bind import Bound
from tuodi.engine.program import Program
from tuodi.engine.shape import RELIEF

Ints = NDArray[Any]
"""Whole numbers, of whatever width."""


class Inputs(NamedTuple):
    """Persons one after another, each with its events in order; offsets have one entry more than there are rows.

    `columns` follow `Program.columns`: fen or whole numbers, all int32 or all int64, `MISSING` where not given.
    `unknown` has one entry, 0, where every fact can be told. `years`: by year fact, never empty. Item columns follow
    `items_of`. Openings: family, packed key, place in the family, amount.
    """

    events_of: Ints
    word: Ints
    unknown: Ints
    year: Ints
    recognition: Ints
    years: tuple[Ints, ...]
    columns: tuple[Ints, ...]
    items_of: Ints
    item: Ints
    item_word: Ints
    burden: Ints
    openings_of: Ints
    opening_family: Ints
    opening_key: Ints
    opening_place: Ints
    opening_amount: Ints


class Numbers(NamedTuple):
    """What the document and the agency fix: the table, tables by item (parameter, item), the levels of bits."""

    table: Ints
    item_tables: Ints
    levels: Ints


class Results(NamedTuple):
    """By event, amounts in fen. `refusal`: rule index or -1; `stuck`: lacks something, nothing of it was settled.

    By place and event: `layer_paid` of layers before relief (-1: taken as given), rule (-1: none) and paid of each
    line; by place and item the same. Closings: the counts after the last event, as many as `Kernel.run` says.
    """

    relief: Ints
    personal: Ints
    hospital: Ints
    refusal: Ints
    stuck: Ints
    layer_paid: Ints
    line_rule: Ints
    line_paid: Ints
    item_line_rule: Ints
    item_line_paid: Ints
    closing_person: Ints
    closing_family: Ints
    closing_key: Ints
    closing_place: Ints
    closing_amount: Ints


Say = Callable[[], None]
"""Called before the loop is compiled, which takes some seconds."""


class Kernel:
    """The compiled loop of all programs of one shape."""

    __slots__ = ("_compiling", "_loop", "_module", "layout", "on_compile", "shape", "source")

    def __init__(self, program: Program, on_compile: Say | None = None, folder: Path | None = None) -> None:
        self.source = kernel_source(program)
        self.shape = sha256(self.source.encode()).hexdigest()[:32]
        self.layout = kernel_layout(program)
        self.on_compile = on_compile
        self._module = f"tuodi_kernel_{self.shape}"
        self._loop = _loaded(self._module, self.source, folder or cache_folder())
        self._compiling = Lock()

    def run(self, inputs: Inputs, numbers: Numbers, results: Results, first: int = 0, last: int | None = None) -> int:
        """Settles the persons first <= p < last into `results`; how many closing counts it wrote.

        Any number of threads may do so at once, each for its own persons.
        """
        last = len(inputs.events_of) - 1 if last is None else last
        arguments = self.arguments(inputs, numbers, results, first, last)
        self._compile(arguments)
        closed: int = self._loop(*arguments)
        return closed

    def arguments(self, inputs: Inputs, numbers: Numbers, results: Results, first: int, last: int) -> tuple[Any, ...]:
        """What the loop is called with, as `kernel_text.ARGUMENTS` says."""
        bases, most_items = self._bases(inputs, first, last)
        step_of_unknown = 1 if len(inputs.unknown) == len(inputs.word) else 0
        facts = (*inputs[:_UNKNOWN], step_of_unknown, *inputs[_UNKNOWN:_OPENINGS])
        return (first, last, *facts, *numbers, bases, most_items, *inputs[_OPENINGS:], *results)

    def results(self, inputs: Inputs, closings: bool = False) -> Results:
        """Room for what the inputs come to; without `closings` the counts at the end are not kept."""
        events, items, layout = len(inputs.word), len(inputs.item), self.layout
        kept = self._most_closings(inputs) if closings else 0
        return Results(
            relief=np.empty(events, np.int64),
            personal=np.empty(events, np.int64),
            hospital=np.zeros(events if layout.caps_bills else 0, np.int64),
            refusal=np.empty(events, np.int16),
            stuck=np.empty(events, np.bool_),
            layer_paid=np.empty((layout.layers, events), np.int64),
            line_rule=np.empty((layout.lines, events), np.int16),
            line_paid=np.empty((layout.lines, events), np.int64),
            item_line_rule=np.empty((layout.item_lines, items), np.int16),
            item_line_paid=np.empty((layout.item_lines, items), np.int64),
            closing_person=np.empty(kept, np.int64),
            closing_family=np.empty(kept, np.int64),
            closing_key=np.empty(kept, np.int64),
            closing_place=np.empty(kept, np.int64),
            closing_amount=np.empty(kept, np.int64),
        )

    def _bases(self, inputs: Inputs, first: int, last: int) -> tuple[Ints, int]:
        """Where each family's keys and counts begin among those of one person, and how many there are in all."""
        events = _most(inputs.events_of[first : last + 1])
        openings = _most(inputs.openings_of[first : last + 1])
        starts = inputs.items_of[inputs.events_of[first : last + 1]] if self.layout.has_items else inputs.items_of[:1]
        items = _most(starts)
        bases, keys, counts = [], 0, 0
        for family in self.layout.families:
            bases += [keys, counts]
            most = openings + 1 + (0 if family.is_life else items if family.of_items else events)
            if family.is_year:
                most += events * len(self.layout.tally_facts)
            keys, counts = keys + most, counts + most * family.width
        return np.array([*bases, keys, counts], np.int64), items

    def _most_closings(self, inputs: Inputs) -> int:
        """At most so many counts can stand at the end: each event and item may bring a key of each family."""
        events, items, persons = len(inputs.word), len(inputs.item), len(inputs.events_of) - 1
        most = 0
        for family in self.layout.families:
            keys = persons if family.is_life else items if family.of_items else events
            if family.is_year:
                keys += events * len(self.layout.tally_facts)
            most += (keys + len(inputs.opening_key)) * family.width
        return most + 1

    def _compile(self, arguments: tuple[Any, ...]) -> None:
        signature = tuple(numba.typeof(argument) for argument in arguments)  # type: ignore[no-untyped-call]
        if signature in self._loop.overloads:
            return
        with self._compiling:
            if self.on_compile is not None and not self._is_cached():
                self.on_compile()
            self._loop.compile(signature)

    def _is_cached(self) -> bool:
        return any(Path(self._loop.stats.cache_path).glob(f"{self._module}.settle-*.nbi"))


def numbers_of(bound: Bound, layout: KernelLayout, items: tuple[str, ...]) -> Numbers:
    """The numbers of a bound program as arrays; `items` by number."""
    tables = np.full((max(1, len(layout.item_tables)), max(1, len(items))), MISSING, np.int64)
    for place, parameter in enumerate(layout.item_tables):
        for number, item in enumerate(items):
            tables[place, number] = bound.item_tables[parameter].get(item, MISSING)
    return Numbers(
        table=np.array([MISSING if entry is None else entry for entry in bound.table], np.int64),
        item_tables=tables,
        levels=np.array([bit.at_least or 0 for bit in layout.bits], np.int64),
    )


def computed_layers(program: Program) -> tuple[str, ...]:
    """The layers before relief, in the order of `Results.layer_paid`."""
    return tuple(layer.layer.id for layer in program.layers if layer.layer.id != RELIEF)


def cache_folder() -> Path:
    """Where compiled loops are kept: `$TUODI_CACHE`, or the user's cache folder, or one for this run."""
    wish = os.environ.get("TUODI_CACHE")
    base = Path(wish) if wish else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tuodi"
    folder = base / ("kernels-checked" if os.environ.get("NUMBA_BOUNDSCHECK", "0") != "0" else "kernels")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.mkdtemp(prefix="tuodi-kernels-"))


# ---- helpers ---------------------------------------------------------------------------------------------------------

_LOADING = Lock()
_UNKNOWN = Inputs._fields.index("unknown") + 1
_OPENINGS = Inputs._fields.index("openings_of")


def _loaded(name: str, source: str, folder: Path) -> Any:
    """The loop, from its file: numba keeps machine code beside a file, and only for a module that stands in
    `sys.modules` under a name of its own."""
    path = folder / f"{name}.py"
    _written_once(path, source)
    unique = f"{name}_{sha256(str(folder).encode()).hexdigest()[:8]}"
    with _LOADING:
        module = sys.modules.get(unique)
        if module is None:
            spec = importlib.util.spec_from_file_location(unique, path)
            assert spec is not None and spec.loader is not None, "a Python file can be loaded"
            module = sys.modules[unique] = importlib.util.module_from_spec(spec)
            try:
                spec.loader.exec_module(module)
            except BaseException:
                del sys.modules[unique]
                raise
    return module.settle


def _written_once(path: Path, source: str) -> None:
    """Two processes may do this at once: the first file stays, since the machine code knows it by its time."""
    if path.exists():
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, suffix=".tmp", delete=False) as file:
        file.write(source)
    try:
        os.link(file.name, path)
    except FileExistsError:
        pass
    finally:
        Path(file.name).unlink()


def _most(offsets: Ints) -> int:
    return int(np.diff(offsets).max()) if len(offsets) > 1 else 0
