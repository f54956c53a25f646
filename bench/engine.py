"""The engine beside OpenFisca-core and a Decimal loop, and the command line on a file: one run, figures and ratios.

Events are those of the policies' hand-worked cases that a benefit settles, so that refusals don't flatter the figure.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

import tuodi
from bench import decimal_loop
from tuodi.engine.bind import bind
from tuodi.engine.case import read_case
from tuodi.engine.explain import explain
from tuodi.engine.settle import Engine, Settlement
from tuodi.language.load import load_policy

POLICIES = sorted(path.parent for path in (Path(tuodi.__file__).parent / "policies").glob("*/policy.yaml"))
ROUNDS, SHORT_ROUNDS = 60, 10
FILE_EVENTS, SHORT_FILE_EVENTS = 200_000, 10_000


def main(short: bool = False) -> None:
    """Prints the table. Each round times every contender once, so that a drift of the machine hits all alike."""
    contenders = {f"{folder.name}, settled": _timing(folder) for folder in POLICIES}
    contenders |= {f"{folder.name}, explained": _timing(folder, explain) for folder in POLICIES}
    contenders["plain Decimal loop, 2 lines"] = _decimal()
    peer = _openfisca()
    if peer is not None:
        contenders["OpenFisca-core, 2 lines, traced"] = peer
    times: dict[str, list[float]] = {name: [] for name in contenders}
    rounds = SHORT_ROUNDS if short else ROUNDS
    for _ in range(rounds):
        for name, run in contenders.items():
            times[name].append(run())
    _print(times, rounds)
    _files(SHORT_FILE_EVENTS if short else FILE_EVENTS)
    _starts()


def _print(times: dict[str, list[float]], rounds: int) -> None:
    medians = {name: statistics.median(values) for name, values in times.items()}
    spread = max(max(values) / min(values) for values in times.values())
    print(f"\none event, microseconds (median of {rounds} rounds; worst max/min of a row {spread:.1f})")
    peer = medians.get("OpenFisca-core, 2 lines, traced")
    for name, median in medians.items():
        ratio = f"   OpenFisca / this = {peer / median:6.1f}" if peer else ""
        print(f"  {name:38} {median:8.2f}{ratio}")


def _cases(folder: Path) -> list[dict[str, Any]]:
    files = sorted((folder / "cases").glob("*.yaml"))
    return [case["case"] for file in files for case in yaml.safe_load(file.read_text("utf-8"))["cases"]]


Parsed = list[tuple[Engine, Any, list[tuple[Any, dict[Any, int]]]]]


def _parsed(folder: Path) -> Parsed:
    """Each case's engine and person, and its relieved events with the counts as they stood before."""
    policy = load_policy(folder)
    parsed = []
    engines: dict[str, Engine] = {}
    for raw in _cases(folder):
        key = json.dumps(raw.get("parameters", {}))
        engine = engines.setdefault(key, Engine(bind(policy, raw.get("parameters", {}))))
        case = read_case(raw, policy)
        person, state, events = engine.person(case.person), dict(case.opening), []
        for event in case.events:
            before = dict(state)
            if engine.settle(person, event, state).lines:
                events.append((event, before))
        parsed.append((engine, person, events))
    return parsed


def _timing(folder: Path, also: Callable[[Settlement], object] | None = None) -> Callable[[], float]:
    """Settles every event of the folder's cases once, and does with each settlement what is asked for besides."""
    parsed = _parsed(folder)
    number = sum(len(events) for _, _, events in parsed)

    def run() -> float:
        jobs = [(engine, person, event, dict(before)) for engine, person, each in parsed for event, before in each]
        start = time.perf_counter()
        if also is None:
            for engine, person, event, state in jobs:
                engine.settle(person, event, state)
        else:
            for engine, person, event, state in jobs:
                also(engine.settle(person, event, state))
        return (time.perf_counter() - start) / number * 1e6

    return run


BILLS = [(Decimal(9000 + 10 * month), Decimal(0), Decimal(0)) for month in range(12)]


def _decimal() -> Callable[[], float]:
    def run() -> float:
        start = time.perf_counter()
        for _ in range(20):
            decimal_loop.settle(BILLS)
        return (time.perf_counter() - start) / 20 / len(BILLS) * 1e6

    return run


def _openfisca() -> Callable[[], float] | None:
    """One person's year; None, and a word about it, where OpenFisca-core is not installed."""
    try:
        from bench import openfisca_peer
    except ImportError as why:
        print(f"OpenFisca-core is not here ({why}); make bench installs it", file=sys.stderr)
        return None
    system = openfisca_peer.System()
    burdens = [float(bill[0]) for bill in BILLS]

    def run() -> float:
        start = time.perf_counter()
        openfisca_peer.year(system, burdens)
        return (time.perf_counter() - start) / len(burdens) * 1e6

    return run


# ---- the command line ------------------------------------------------------------------------------------------------


def _command(*words: str) -> float:
    """Seconds of one `tuodi` command; one that fails is no measurement."""
    tuodi_command = Path(sys.executable).with_name("tuodi")
    start = time.perf_counter()
    subprocess.run([tuodi_command, *words], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _files(events: int) -> None:
    print(f"\ntuodi settle, file to file, events a second on one core ({events:,} events)")
    with tempfile.TemporaryDirectory() as folder:
        for policy in POLICIES:
            source, target = Path(folder) / "cases.jsonl", Path(folder) / "results.jsonl"
            written = _write(source, _cases(policy), events)
            seconds = min(_command("settle", str(source), "-o", str(target)) for _ in range(3))
            print(f"  {policy.name:38} {written / seconds:10,.0f}")


def _write(path: Path, cases: list[dict[str, Any]], events: int) -> int:
    lines = [json.dumps(case, ensure_ascii=False) + "\n" for case in cases]
    times = events // sum(len(case["events"]) for case in cases) + 1
    with path.open("w", encoding="utf-8") as file:
        for _ in range(times):
            file.writelines(lines)
    return times * sum(len(case["events"]) for case in cases)


def _starts() -> None:
    case = json.dumps(_cases(POLICIES[0])[0], ensure_ascii=False)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.jsonl"
        path.write_text(case, "utf-8")
        runs = {
            "python -c pass": lambda: _python("pass"),
            "tuodi --version": lambda: _command("--version"),
            "tuodi settle, one case": lambda: _command("settle", str(path)),
            "tuodi policy prove liaocheng": lambda: _command("policy", "prove", "liaocheng-2022-5"),
            "tuodi policy prove ningbo": lambda: _command("policy", "prove", "ningbo-2019-27"),
        }
        print("\nwhole process, seconds (median of 5)")
        for name, run in runs.items():
            print(f"  {name:38} {statistics.median(run() for _ in range(5)):6.3f}")


def _python(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
