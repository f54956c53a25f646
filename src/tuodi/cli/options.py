"""Options whose help says everything in the language of the run, and whole numbers that explain themselves."""

from __future__ import annotations

from typing import Any

import click

from tuodi.cli.speech import Say


class Option(click.Option):
    """An option without click's own remarks on it, which are in English."""

    def get_help_extra(self, _context: click.Context) -> Any:
        """Nothing: the text says what is wanted."""
        return {}


class Whole(click.ParamType[int]):
    """A whole number, not below `least`."""

    name = "whole"

    def __init__(self, say: Say, least: int = 1) -> None:
        self.say, self.least = say, least

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> int:
        """The number; fails in the language of the run."""
        if isinstance(value, int):
            return value
        try:
            number = int(str(value).replace(",", ""))
        except ValueError:
            number = self.least - 1
        if number < self.least:
            wanted = self.say(
                f"“{value}”不是从 {self.least} 起的整数", f"{value} is no whole number from {self.least} on"
            )
            self.fail(wanted, param, context)
        return number
