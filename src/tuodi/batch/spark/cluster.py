"""A Spark cluster for as long as a run needs it: had, asked, waited for, let go; what fails is told in a sentence.

Spark's own log, which is long and for those who run the cluster, stands beside the result until that is whole, and
stays where the run failed.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import IO, Any, TypeVar

import pyarrow as pa

from tuodi.core.finding import Faults, Finding

T = TypeVar("T")
Say = Callable[[str], None]

OLDEST_JAVA = 17
_LOOK_EVERY_SECONDS = 0.5
_PATIENCE_SECONDS = 15.0
"""After which it is said that the cluster gives no machine."""
_CONNECT_SECONDS = 5.0

WAITING = "集群还没有分给本次结算任何机器，继续等；可到主节点的页面上看有没有空闲的工作机"


def check_ground(master: str) -> None:
    """Raises Faults with all that keeps this machine from asking the master for a cluster."""
    findings = [*_missing_packages(), *_java_findings(), *_master_findings(master)]
    if findings:
        raise Faults(findings)


@contextmanager
def cluster(master: str, out: Path, say: Say | None) -> Iterator[Cluster]:
    """The cluster. Raises Faults where it cannot be had."""
    log = out.with_name(f"{out.name}.spark.log")
    with log.open("wb") as file:
        with _told(log):
            session = _session(master, file)
        try:
            yield Cluster(session=session, log=log, say=say)
        finally:
            _let_go(session)
    log.unlink(missing_ok=True)


@dataclass(slots=True, kw_only=True)
class Cluster:
    """What is asked of it. `say` is told where it gives no machine. Whatever fails is raised as Faults."""

    session: Any
    log: Path
    say: Say | None
    _began: float = field(default_factory=time.monotonic)
    _has_looked: bool = False

    def answers(self, work: Callable[..., Any], number: int, look: Callable[[], None]) -> list[bytes]:
        """Does so many things, one a task, and gives the answer of each, in order; meanwhile `look` is called."""
        asked = self.session.range(0, number, 1, number).mapInArrow(work, "answer binary")
        return [bytes(row.answer) for row in self._waited(asked.collect, look)]

    def sort(self, work: Callable[..., Any], number: int, schema: pa.Schema, by: Sequence[str], out: Path) -> None:
        """Writes the rows that so many tasks read as Parquet files, sorted from file to file; nulls stand last."""
        from pyspark.sql.functions import col
        from pyspark.sql.pandas.types import from_arrow_schema

        rows = self.session.range(0, number, 1, number).mapInArrow(work, from_arrow_schema(schema))
        ordered = rows.orderBy(*(col(name).asc_nulls_last() for name in by))
        self._waited(lambda: ordered.write.parquet(str(out), mode="overwrite", compression="snappy"), lambda: None)

    def _waited(self, job: Callable[[], T], look: Callable[[], None]) -> T:
        with _told(self.log), ThreadPoolExecutor(1, "spark") as pool:
            future = pool.submit(job)
            try:
                return self._result(future, look)
            except BaseException:
                if not future.done():
                    with suppress(Exception):  # a dead cluster does nothing any more
                        self.session.sparkContext.cancelAllJobs()
                raise

    def _result(self, future: Future[T], look: Callable[[], None]) -> T:
        while not wait([future], _LOOK_EVERY_SECONDS).done:
            look()
            if not self._has_looked and time.monotonic() - self._began > _PATIENCE_SECONDS:
                self._look_for_machines()
        return future.result()

    def _look_for_machines(self) -> None:
        """Says once that there are none."""
        tracker = self.session.sparkContext.statusTracker()
        stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        idle = bool(stages) and not any(one.numActiveTasks + one.numCompletedTasks for one in stages if one)
        if idle and self.say is not None:
            self.say(WAITING)
        self._has_looked = True


# ---- what is needed --------------------------------------------------------------------------------------------------


def _missing_packages() -> Iterator[Finding]:
    missing = [name for name in ("pyspark", "pandas") if find_spec(name) is None]
    if missing:
        remedy = "安装：pip install 'tuodi[spark]'；不用集群时去掉 --engine spark"
        yield Finding(code="spark-missing", message=f"没有安装 {'、'.join(missing)}", remedy=remedy)


def _java_findings() -> Iterator[Finding]:
    home = os.environ.get("JAVA_HOME")
    java = which("java", path=str(Path(home) / "bin")) if home else which("java")
    remedy = f"安装 Java {OLDEST_JAVA} 或更高版本（Debian：openjdk-17-jre-headless），或用环境变量 JAVA_HOME 指明"
    if java is None:
        where = f"JAVA_HOME（{home}）里" if home else "这台机器上"
        yield Finding(code="java-missing", message=f"{where}没有 Java", remedy=remedy)
        return
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    version = re.search(r'version "(?:1\.)?(\d+)', told.stderr + told.stdout)
    if version is None or int(version[1]) < OLDEST_JAVA:
        found = f"是 {version[1]}" if version else "的版本认不出"
        yield Finding(code="java-old", message=f"Java（{java}）{found}，Spark 要 {OLDEST_JAVA} 或更高", remedy=remedy)


_MASTER = re.compile(r"local(\[[^\]]+\])?|yarn|k8s://.+|spark://(?P<hosts>[^/]+)")
_HOST = re.compile(r"(?P<host>\[[0-9a-fA-F:]+\]|[^:]+):(?P<port>\d{1,5})")


def _master_findings(master: str) -> Iterator[Finding]:
    found = _MASTER.fullmatch(master)
    hosts = [_HOST.fullmatch(one) for one in (found["hosts"] or "").split(",") if one] if found else []
    if found is None or not all(hosts):
        remedy = "写 spark://主机:7077；也可以是 yarn、k8s://… 或 local[4]（本机四个任务）"
        yield Finding(code="master-unknown", message=f"“{master}”不是 Spark 主节点的地址", remedy=remedy)
    elif hosts and not any(_answers(one["host"].strip("[]"), int(one["port"])) for one in hosts if one):
        remedy = "核对地址和端口（默认 7077），看主节点是否在运行、防火墙是否放行"
        yield Finding(code="master-unreachable", message=f"连不上 Spark 主节点 {master}", remedy=remedy)


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), _CONNECT_SECONDS):
            return True
    except (OSError, OverflowError):
        return False


# ---- a session -------------------------------------------------------------------------------------------------------


def _session(master: str, log: IO[bytes]) -> Any:
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # on the workers, too
    conf = SparkConf(loadDefaults=False).setAll([("spark.master", master), *_SETTINGS.items(), *_worker_settings()])
    gateway = launch_gateway(conf=conf, popen_kwargs={"stdout": log, "stderr": log})
    return SparkSession(SparkContext(conf=conf, gateway=gateway))


_SETTINGS = {
    "spark.app.name": "tuodi batch",
    "spark.ui.enabled": "false",  # a page without a password
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",  # a faulty date of the year 1 is told, not refused
}


def _worker_settings() -> list[tuple[str, str]]:
    """Where workers keep compiled programs, if that was said."""
    folder = os.environ.get("TUODI_CACHE")
    return [("spark.executorEnv.TUODI_CACHE", folder)] if folder else []


def _let_go(session: Any) -> None:
    """Ends the session and its Java process, so that the next run may ask another master."""
    from pyspark import SparkContext

    with suppress(Exception):  # it may be dead already
        session.stop()
    gateway = SparkContext._gateway
    SparkContext._gateway = SparkContext._jvm = None
    if gateway is not None:
        with suppress(Exception):
            gateway.shutdown()
        if gateway.proc is not None:
            gateway.proc.stdin.close()
            gateway.proc.wait()


# ---- what fails ------------------------------------------------------------------------------------------------------

_ERROR = re.compile(r"(?:^|\n)\s*(?:[\w$]+\.)*(?P<kind>\w+(?:Error|Exception)): (?P<what>[^\n]+)")

_UNFIT_PYTHON = re.compile(r"No module named \S+|\[PYTHON_VERSION_MISMATCH\][^\n]*")


@contextmanager
def _told(log: Path) -> Iterator[None]:
    """What Spark raises, as Faults."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError, ConnectionError) as why:
        raise Faults([_failure(f"{why}", log)]) from why


def _failure(text: str, log: Path) -> Finding:
    errors = _ERROR.findall(text)
    kind, what = errors[-1] if errors else ("", (text.strip() or "?").splitlines()[0])
    unfit = _UNFIT_PYTHON.search(text)
    if unfit is not None:
        message = f"工作机上的 Python 不能用：{unfit[0][:160]}"
        remedy = "各台机器在同样的路径装同样的 Python 和 tuodi，或用环境变量 PYSPARK_PYTHON 指明"
        return Finding(code="spark-worker-python", message=message, remedy=remedy)
    message = f"Spark 没有做完：{f'{kind}: ' if kind else ''}{what[:200]}"
    return Finding(code="spark-failed", message=message, remedy=f"详情见 {log}；改正后再运行，会从断处继续")
