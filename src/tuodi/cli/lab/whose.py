"""Whose bills a command settles: a population's folder, or files of events and statuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tuodi.cli.options import Option
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse

if TYPE_CHECKING:
    from tuodi.cli.status_line import StatusLine
    from tuodi.lab.people import FilePeople
    from tuodi.language.model import Policy


def whose_options(say: Say) -> list[click.Parameter]:
    """A population, or files."""
    return [
        Option(
            ["--population"],
            metavar="DIR",
            help=say(
                "人群文件夹，可用 tuodi lab population 生成。",
                "A population's folder, as tuodi lab population makes one.",
            ),
        ),
        Option(
            ["--events"],
            multiple=True,
            metavar="FILE",
            help=say("真实账单的文件，代替人群；可多次给出。", "Real bills in place of a population; repeatable."),
        ),
        Option(
            ["--statuses"],
            multiple=True,
            metavar="FILE",
            help=say("他们的身份文件。", "The statuses of their persons."),
        ),
        Option(
            ["--openings"], multiple=True, metavar="FILE", help=say("他们带来的累计。", "Counts that they bring along.")
        ),
        Option(
            ["--persons"],
            multiple=True,
            metavar="FILE",
            help=say("他们住在哪里、谁和谁一家。", "Where they live, and who with whom."),
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """The files. `folder`: of a population, where one was given."""

    events: tuple[Path, ...]
    statuses: tuple[Path, ...]
    openings: tuple[Path, ...] = ()
    persons: tuple[Path, ...] = ()
    folder: Path | None = None

    @property
    def all(self) -> tuple[Path, ...]:
        """Every file."""
        return (*self.events, *self.statuses, *self.openings, *self.persons)

    def parameters(self, policy: Policy, plan: Policy | None = None) -> dict[str, object]:
        """What the population says that the agency sets, as far as these policies know it."""
        from tuodi.lab.people import parameters_of

        said = parameters_of(self.folder) if self.folder is not None else {}
        known = {*policy.parameters, *(plan.parameters if plan is not None else ())}
        return {name: value for name, value in said.items() if name in known}

    @contextmanager
    def opened(self, line: StatusLine) -> Iterator[FilePeople]:
        """The people, sorted and in Parquet for as long as this lasts. Raises Faults."""
        from tuodi.lab.people import FilePeople, folder_people, made_ready

        if self.folder is not None:
            people = folder_people(self.folder)
        else:
            people = FilePeople(
                label="、".join(path.name for path in self.events),
                events_in=self.events,
                statuses=self.statuses,
                openings=self.openings,
                persons=self.persons,
            )
        with made_ready(people, line.progress) as ready:
            yield ready


def whose(given: Mapping[str, Any], say: Say) -> Whose:
    """What the options say. Raises WrongUse where they say nothing, or both, and Faults where a table is missing."""
    files = {name: tuple(Path(one) for one in given.get(name) or ()) for name in _TABLES}
    if given["population"] is not None:
        if any(files.values()):
            raise WrongUse(
                say("--population 和 --events 等只能给一种", "give --population or --events and so on, not both")
            )
        return _of_folder(Path(given["population"]))
    if not files["events"] or not files["statuses"]:
        raise WrongUse(
            say(
                "要有 --population，或者 --events 和 --statuses",
                "--population is wanted, or --events and --statuses",
            )
        )
    return Whose(
        events=files["events"], statuses=files["statuses"], openings=files["openings"], persons=files["persons"]
    )


_TABLES = ("events", "statuses", "openings", "persons")


def _of_folder(folder: Path) -> Whose:
    from tuodi.lab.people import folder_people

    people = folder_people(folder)
    return Whose(
        events=people.events_in,
        statuses=people.statuses,
        openings=people.openings,
        persons=people.persons,
        folder=folder,
    )
