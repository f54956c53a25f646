"""A Spark cluster of its own for tests: a master and two workers on loopback, started and ended here."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

HOST = "127.0.0.1"
_STARTED_WITHIN_SECONDS = 120.0


@dataclass(slots=True, kw_only=True)
class RunningCluster:
    folder: Path
    port: int
    page: int
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def master(self) -> str:
        return f"spark://{HOST}:{self.port}"

    def start_worker(self) -> subprocess.Popen[bytes]:
        work = self.folder / f"worker-{len(self.processes)}"
        return self.start(
            "worker.Worker",
            *("--host", HOST, "--cores", "1", "--memory", "1g", "--webui-port", "0", "--work-dir", str(work)),
            self.master,
        )

    def start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        """A process with those that it starts in a group of their own."""
        command = [str(_home() / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *arguments]
        log = self.folder / f"{name}-{len(self.processes)}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                command, stdout=out, stderr=out, env=os.environ | {"SPARK_LOCAL_IP": HOST}, start_new_session=True
            )
        self.processes.append(process)
        return process

    def state(self) -> dict[str, Any]:
        """What the master says of itself."""
        with urlopen(f"http://{HOST}:{self.page}/json/") as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def wait_for(self, workers: int) -> None:
        """Until the master has so many."""
        end = time.monotonic() + _STARTED_WITHIN_SECONDS
        while time.monotonic() < end:
            with suppress(OSError):
                if self.state()["aliveworkers"] == workers:
                    return
            time.sleep(0.2)
        raise TimeoutError(f"no {workers} workers; see {self.folder}")

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """At once, with the executors that it started and their Python."""
        for one in (*_descendants(process.pid), process.pid):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        process.wait()


@contextmanager
def running_cluster(folder: Path, workers: int = 2) -> Iterator[RunningCluster]:
    """Ready when it is given; all of it is gone afterwards."""
    port, page = _free_ports()
    cluster = RunningCluster(folder=folder, port=port, page=page)
    try:
        cluster.start("master.Master", "--host", HOST, "--port", str(port), "--webui-port", str(page))
        cluster.wait_for(0)
        for _ in range(workers):
            cluster.start_worker()
        cluster.wait_for(workers)
        yield cluster
    finally:
        for process in reversed(cluster.processes):
            cluster.kill(process)


def _home() -> Path:
    import pyspark

    return Path(pyspark.__path__[0])


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind((HOST, 0))
        other.bind((HOST, 0))
        return one.getsockname()[1], other.getsockname()[1]


def _descendants(pid: int) -> list[int]:
    """Processes that the process started, and those that they did: executors, and Python in them."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found, new = [], [pid]
    while new:
        new = [child for child, parent in parents.items() if parent in new]
        found += new
    return found
