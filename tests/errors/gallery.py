"""The catalogue of messages: what each specimen in this folder says, and the page that shows them all.

A specimen is a policy's folder with one kind of fault, and `expected.txt` with what loading says about it. Files that
a repository can't hold are made on the spot by `recipe.txt`: `encode gb18030`, `append 2000000` (bytes).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tuodi.core.finding import Faults, Finding
from tuodi.language.load import load_policy

HOME = Path(__file__).parent
PAGE = HOME.parents[1] / "docs" / "errors.md"

HEAD = """# Messages

What loading a policy can find fault with. Every entry is taken from an executable specimen under `tests/errors/`; this
page is written by `make docs` and checked by a test.

A finding has a place (file, line, column), a sentence that says what is wrong, a remedy in brackets, and a code in
square brackets that stays the same when the sentence is improved. Loading tells all findings of a file at once.
"""


def specimens() -> list[Path]:
    """The folders of the specimens, by code."""
    return sorted(path.parent for path in HOME.glob("*/expected.txt"))


def findings(specimen: Path) -> list[Finding]:
    """What loading the specimen says; file names relative to its folder."""
    with TemporaryDirectory() as made:
        folder = Path(made) / "specimen"
        shutil.copytree(specimen, folder)
        _follow_recipe(folder)
        try:
            load_policy(folder)
        except Faults as faults:
            return [_told_from(folder, finding) for finding in faults.findings]
    return []


def _follow_recipe(folder: Path) -> None:
    recipe = folder / "recipe.txt"
    if not recipe.exists():
        return
    verb, value = recipe.read_text(encoding="utf-8").split()
    file = folder / "policy.yaml"
    content = file.read_bytes()
    file.write_bytes(content.decode().encode(value) if verb == "encode" else content + b"#" * int(value))


def _told_from(folder: Path, finding: Finding) -> Finding:
    place = finding.place
    file = str(Path(place.file).relative_to(folder))
    return type(finding)(
        code=finding.code,
        message=finding.message,
        place=type(place)(file=file, line=place.line, column=place.column, path=place.path),
        remedy=finding.remedy,
    )


def page() -> str:
    """docs/errors.md."""
    return "\n".join([HEAD, *("\n".join(_section(specimen)) for specimen in specimens())])


def _section(specimen: Path) -> Iterator[str]:
    yield f"## {specimen.name}\n"
    for finding in findings(specimen):
        if finding.code == specimen.name:
            yield from _excerpt(specimen, finding)
            yield f"> {finding.message}\n>\n> {finding.remedy}\n"


def _excerpt(specimen: Path, finding: Finding) -> Iterator[str]:
    """The line at fault, where there is one."""
    place = finding.place
    text = (specimen / place.file).read_text(encoding="utf-8").split("\n")
    where = f"{place.file}:{place.line}" if place.line else place.file
    if place.line:
        yield f"`{where}`\n\n```{Path(place.file).suffix[1:]}\n{_shortened(text[place.line - 1])}\n```\n"
    else:
        yield f"`{where}`\n"


def _shortened(line: str) -> str:
    return line if len(line) <= 110 else line[:107] + "…"
