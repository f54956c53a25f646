"""`tuodi gateway …`: what is asked wrongly is told before anything is sent or kept."""

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


def catalogue(folder: Path, text: str, *more: str) -> list[str]:
    (folder / "catalogue.csv").write_text(text, "utf-8")
    about = ["--region", "371500", "--document", "鲁医保发〔2025〕1号", "--check", *more]
    return ["gateway", "catalogue", str(folder / "catalogue.csv"), *about]


def test_a_catalogue_is_checked_before_it_is_imported(tmp_path: Path) -> None:
    sound = "编码,名称,类别,先自付比例\nXA01,药,乙,10%\nXB02,药,甲,\n"

    run = tuodi(*catalogue(tmp_path, sound, "--from", "2026-01-01"))
    assert (0, "可以导入：甲 1，乙 1，丙 0。\n") == (run.code, run.out)
    run = tuodi(*catalogue(tmp_path, sound.replace("甲", "丁"), "--from", "2026-01-01"))
    assert (1, True) == (run.code, "3 类别: 类别“丁”不是甲、乙、丙" in run.err), run.err
    run = tuodi(*catalogue(tmp_path, sound, "--from", "tomorrow"))
    assert (2, True) == (run.code, "不是日期" in run.err), run.err
