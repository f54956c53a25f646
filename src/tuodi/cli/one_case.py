"""One case that the command line names: of a JSON file, a line of a case file, or a hand-worked case of a policy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tuodi.cli.case_lines import decoded, numbered
from tuodi.cli.speech import Say
from tuodi.cli.worked import WorkedCase, worked_cases, worked_cases_in
from tuodi.cli.wrong_use import WrongUse
from tuodi.core.finding import Faults
from tuodi.language.shelf import FILE, find


class OneCase(NamedTuple):
    """A case that is still to be read. `worked` where it comes with hand-worked amounts; `others` stand beside it."""

    raw: object
    title: str
    folder: Path | None
    worked: WorkedCase | None
    others: int


def one_case(name: str, number: int | None, title: str | None, say: Say) -> OneCase:
    """The case. `name` is a .json, .jsonl or .yaml file, or a policy; `#3` behind it, `number` or `title` chooses.

    Raises WrongUse where there is no such case, and Faults where its line is no JSON.
    """
    match = re.fullmatch(r"(.+)#([0-9]+)", name)
    if match and not Path(name).exists():
        name, number = match[1], int(match[2])
    path = Path(name)
    if path.suffix in (".yaml", ".yml") and path.name != FILE:
        folder = path.resolve().parent.parent
        return _worked(
            _read(worked_cases_in, path, say), name, number, title, folder if (folder / FILE).is_file() else None, say
        )
    if path.is_file() and path.name != FILE:
        return _of_file(path, number, say)
    try:
        folder = find(name)
    except Faults as faults:
        missing = say("没有这个案例文件，也没有这个政策", "there is no such case file, nor such a policy")
        raise WrongUse(f"{name}：{missing}（{faults.findings[0].remedy}）") from None
    return _worked(worked_cases(folder), name, number, title, folder, say)


def _read(reader: Any, path: Path, say: Say) -> Sequence[WorkedCase]:
    try:
        cases: Sequence[WorkedCase] = reader(path)
    except OSError:
        raise WrongUse(say(f"不能读 {path}", f"cannot read {path}")) from None
    return cases


def _of_file(path: Path, number: int | None, say: Say) -> OneCase:
    """A file with one JSON value, however it is laid out, or one case a line."""
    if path.suffix == ".json" and number is None:
        return OneCase(decoded(path.read_bytes().removeprefix(b"\xef\xbb\xbf")), path.name, None, None, 0)
    count = 0
    chosen: bytes | None = None
    with path.open("rb") as stream:
        for place, line in numbered(stream):
            count += 1
            if chosen is None and number in (None, place):
                chosen = line
    asked = 1 if number is None else number
    if chosen is None:
        raise WrongUse(say(f"{path} 没有第 {asked} 行案例", f"{path} has no case on line {asked}"))
    return OneCase(decoded(chosen), f"{path.name} #{asked}", None, None, count - 1)


def _worked(
    cases: Sequence[WorkedCase], name: str, number: int | None, title: str | None, folder: Path | None, say: Say
) -> OneCase:
    if title is not None:
        chosen = [case for case in cases if title in case.title]
    else:
        place = 1 if number is None else number
        chosen = list(cases[place - 1 : place]) if place > 0 else []
    if not chosen:
        titles = "".join(f"\n  #{place} {case.title}" for place, case in enumerate(cases, 1))
        raise WrongUse(
            say(f"{name} 没有这个案例；有：{titles or '无'}", f"{name} has no such case; it has:{titles or ' none'}")
        )
    worked = chosen[0]
    return OneCase(worked.case, worked.title, folder, worked, len(cases) - 1)


def person_id(raw: object) -> str:
    """The person's id as far as the case shows one."""
    person = raw.get("person") if isinstance(raw, Mapping) else None
    return str(person.get("id", "")) if isinstance(person, Mapping) else ""
