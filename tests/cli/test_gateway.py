"""`tuodi gateway hospital`: what is asked wrongly is told before anything is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.terminal import tuodi

PEOPLE = "371591196001010033,示例甲\n"


def asked(folder: Path, *more: str, key: str = "access secret", people: str = PEOPLE) -> list[str]:
    (folder / "key.txt").write_text(key, "utf-8")
    (folder / "people.csv").write_text(people, "utf-8")
    files = ["--key", str(folder / "key.txt"), "--people", str(folder / "people.csv")]
    return ["gateway", "hospital", "--institution", "H1", "--region", "371502", *files, *more]


@pytest.mark.parametrize(
    ("more", "key", "says"),
    [
        (("--url", "ftp://x"), "a b", "不是 http 或 https 地址"),
        (("--url", "http://127.0.0.1:1/", "--variant", "x"), "a b", "没有签名方式“x”"),
        (("--url", "http://127.0.0.1:1/"), "a", "不是访问标识和密钥两行"),
    ],
)
def test_wrong_use_is_told(tmp_path: Path, more: tuple[str, ...], key: str, says: str) -> None:
    run = tuodi(*asked(tmp_path, *more, key=key))

    assert (2, True) == (run.code, says in run.err), run.err


def test_a_file_without_people_is_a_finding(tmp_path: Path) -> None:
    run = tuodi(*asked(tmp_path, "--url", "http://127.0.0.1:1/", people="x"))

    assert (1, True) == (run.code, "people-none" in run.err or "没有人" in run.err), run.err


def test_a_server_that_is_not_there_settles_nothing(tmp_path: Path) -> None:
    run = tuodi(*asked(tmp_path, "--url", "http://127.0.0.1:1/", "--visits", "1"))

    assert (1, True) == (run.code, "没有一笔结算。" in run.out), run.out + run.err
