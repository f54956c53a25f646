"""The frame of the command line: languages, wrong use, what is loaded, how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.cases import line
from tests.cli.terminal import tuodi
from tuodi import __version__

COMMANDS = [
    (),
    ("settle",),
    ("explain",),
    ("demo",),
    ("policy",),
    *(("policy", name) for name in ("list", "check", "coverage", "describe", "diff", "prove", "new")),
    ("batch",),
    ("batch", "run"),
    ("lab",),
    *(("lab", name) for name in ("population", "numbers", "what-if", "solve", "compare")),
]
TUODI = [sys.executable, "-c", "from tuodi.cli import main; main()"]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_in_both_languages(command: tuple[str, ...]) -> None:
    chinese, english = tuodi(*command, "--help"), tuodi(*command, "--help", "--lang", "en")

    assert (0, 0) == (chinese.code, english.code)
    assert chinese.out.startswith("用法：tuodi")
    assert english.out.startswith("Usage: tuodi")
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in english.out.replace("按", ""))


def test_the_environment_may_choose_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUODI_LANG", "en")

    assert tuodi("--help").out.startswith("Usage:")
    assert tuodi("--help", "--lang=zh").out.startswith("用法：")


WRONG_USE = {
    "no command": ((), "命令"),
    "unknown command": (("setle",), "没有命令“setle”"),
    "near command": (("policy", "chekc"), "是否想写 check？"),
    "unknown option": (("settle", "-", "--explian"), "是否想写 --explain？"),
    "argument missing": (("settle",), "缺少 CASES"),
    "value missing": (("settle", "-", "-o"), "-o 缺少值"),
    "value too many": (("settle", "-", "--explain=3"), "--explain 不要值"),
    "argument too many": (("settle", "-", "b"), "多余的参数"),
    "number is none": (("explain", "x.jsonl", "--line", "three"), "--line 的值不对"),
    "unknown language": (("demo", "--lang", "fr"), "没有语言“fr”"),
    "unknown policy": (("policy", "check", "liaochen-2022-5"), "是否想写“liaocheng-2022-5”？"),
}


@pytest.mark.parametrize("name", WRONG_USE)
def test_wrong_use_is_told_in_chinese_with_a_way_out(name: str) -> None:
    arguments, told = WRONG_USE[name]
    run = tuodi(*arguments)

    assert (2, "") == (run.code, run.out)
    assert told in run.err
    assert "Traceback" not in run.err
    assert "Error" not in run.err


@pytest.mark.parametrize("name", WRONG_USE)
def test_wrong_use_is_told_in_english_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUODI_LANG", "en")

    assert 2 == tuodi(*WRONG_USE[name][0]).code


def test_the_version_is_told() -> None:
    assert f"tuodi {__version__}\n" == tuodi("--version").out


def test_a_bug_of_ours_is_one_line_to_report(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down() -> None:
        raise AssertionError("INV-04 only amounts >= 0 are rounded")

    monkeypatch.setattr("tuodi.language.shelf.packaged_policies", break_down)
    run = tuodi("policy", "list")

    assert 70 == run.code
    assert "AssertionError: INV-04 only amounts >= 0 are rounded (test_frame.py:" in run.err
    assert "Traceback" not in run.err


def test_a_disk_that_is_full_is_no_bug_of_ours(tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text(line())
    run = tuodi("settle", str(cases), "-o", "/dev/full")

    assert 2 == run.code
    assert "不能写 /dev/full：磁盘已满" in run.err


@pytest.mark.parametrize(
    ("closed", "code"), [("stdin", 2), ("stdout", 2), ("stderr", 0)], ids=["stdin", "stdout", "stderr"]
)
def test_a_stream_that_is_closed_from_the_start_is_no_bug_of_ours(closed: str, code: int, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text(line())
    call = f"import sys; sys.{closed} = None; from tuodi.cli import main; main()"
    run = subprocess.run(
        [sys.executable, "-c", call, "settle", "-" if closed == "stdin" else str(cases)],
        capture_output=True,
        check=False,
    )

    assert code == run.returncode
    assert (closed != "stderr") == ("关闭" in run.stderr.decode())
    assert (closed == "stderr") == bool(run.stdout)


def test_a_bug_shows_its_place_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tuodi.language.shelf.packaged_policies", None)
    monkeypatch.setenv("TUODI_DEBUG", "1")

    assert "Traceback" in tuodi("policy", "list").err


# ---- processes -------------------------------------------------------------------------------------------------------


def modules_of(*arguments: str) -> set[str]:
    """Top-level modules, and rooms of the package, that a run has loaded."""
    ask = "import sys; from tuodi.cli.frame import run; run(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    ended = subprocess.run(
        [sys.executable, "-c", ask, *arguments], input=line(), capture_output=True, text=True, check=True
    )
    return set(ended.stderr.split())


def test_the_version_loads_nothing_that_decides() -> None:
    assert set() == modules_of("--version") & {"rich", "yaml", "z3", "orjson", "tuodi.language", "tuodi.engine"}


def test_settling_loads_neither_tables_nor_the_solver() -> None:
    assert set() == modules_of("settle", "-") & {"rich", "z3", "tuodi.proof", "numpy", "email"}


def test_a_reader_who_has_seen_enough_ends_the_run_quietly(tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text(f"{line()}\n" * 20_000)
    run = subprocess.Popen([*TUODI, "settle", str(cases)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdout.readline()
    run.stdout.close()

    assert b"" == run.stderr.read()
    assert 141 == run.wait()
    run.stderr.close()


def test_an_interrupted_run_leaves_nothing_half_done(tmp_path: Path) -> None:
    out = tmp_path / "results.jsonl"
    command = [*TUODI, "settle", "-", "-o", str(out)]
    # Started in the background, this test's own process may ignore Ctrl-C, and what it starts would inherit that.
    listening = ["env", "--default-signal=INT", *map(str, command)]
    run = subprocess.Popen(
        listening, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "TUODI_LANG": "zh"}
    )
    assert run.stdin is not None
    assert run.stderr is not None
    run.stdin.write(f"{line()}\n".encode())
    run.stdin.flush()
    while not list(tmp_path.iterdir()):
        assert run.poll() is None
        time.sleep(0.01)
    run.send_signal(signal.SIGINT)

    assert "已中断。\n" == run.stderr.read().decode()
    assert 130 == run.wait()
    assert [] == list(tmp_path.iterdir())
    run.stdin.close()
    run.stderr.close()


@pytest.mark.slow
def test_a_long_file_is_settled_in_flat_memory() -> None:
    short, long = peak_memory(500), peak_memory(30_000)

    assert long < short + 20_000


def peak_memory(lines: int) -> int:
    """Kilobytes that a run over so many lines, half of them faulty, holds at most."""
    ask = (
        "import resource, sys; from tuodi.cli.frame import run; run(['settle', '-', '-o', '/dev/null']); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    fed = f"{line()}\n{line(('policy', 'nowhere'))}\n" * (lines // 2)
    ended = subprocess.run([sys.executable, "-c", ask], input=fed, capture_output=True, text=True, check=True)
    return int(ended.stdout)
