"""The two languages of the command line: every text stands with its translation where it is used."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Say = Callable[[str, str], str]
"""say(chinese, english) -> the text in the language of this run."""

LANGUAGES = ("zh", "en")


def chinese(text: str, _other: str) -> str:
    """The first of the two texts."""
    return text


def english(_other: str, text: str) -> str:
    """The second of the two texts."""
    return text


def language(arguments: Sequence[str], preference: str) -> Say:
    """The language that the arguments ask for (`--lang en`), else that of TUODI_LANG, else Chinese."""
    wanted = preference
    for place, argument in enumerate(arguments):
        if argument == "--lang" and place + 1 < len(arguments):
            wanted = arguments[place + 1]
        elif argument.startswith("--lang="):
            wanted = argument.removeprefix("--lang=")
    return english if wanted == "en" else chinese
