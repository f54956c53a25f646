"""Where policies and sample plans stand: those of the package by id, any other by its folder.

A folder with a `policy.yaml` is a policy or a plan; a folder of such folders is a shelf. Nothing is read here but
names of files.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tuodi.core.finding import Faults, Finding, Place

FILE = "policy.yaml"

# The package is installed as files: the module's own path finds its data, and costs no import.
_PACKAGE = Path(__file__).resolve().parent.parent
POLICIES = _PACKAGE / "policies"
PLANS = _PACKAGE / "plans"


def standing_on(shelf: Path) -> dict[str, Path]:
    """Folder by folder name, sorted, of every policy on the shelf; the shelf may itself be a policy's folder."""
    if (shelf / FILE).is_file():
        return {shelf.resolve().name: shelf}
    return {path.parent.name: path.parent for path in sorted(shelf.glob(f"*/{FILE}"))}


def packaged_policies() -> dict[str, Path]:
    """The package's policies by id."""
    return standing_on(POLICIES)


def packaged_plans() -> dict[str, Path]:
    """The package's sample insurance plans by id."""
    return standing_on(PLANS)


def find(name: str, shelves: Iterable[Path] = ()) -> Path:
    """The folder of a policy or plan: a folder, its policy.yaml, an id on the shelves, an id of the package.

    Shelves go before the package, so that a changed copy can stand in for the original. Raises Faults (`no-policy`).
    """
    path = Path(name)
    if path.name == FILE and path.is_file():
        return path.parent
    if (path / FILE).is_file():
        return path
    known = {**packaged_plans(), **packaged_policies()}
    for shelf in shelves:
        known |= standing_on(shelf)
    if name not in known:
        raise Faults([_missing(name, path, known)])
    return known[name]


def _missing(name: str, path: Path, known: Iterable[str]) -> Finding:
    if path.is_dir():
        return Finding(
            code="no-policy",
            message=f"文件夹 {name} 里没有 {FILE}",
            place=Place(file=name),
            remedy=f"用 tuodi policy new {name} 新建一份，或改为含有 {FILE} 的文件夹",
        )
    from difflib import get_close_matches  # only a fault needs it

    near = get_close_matches(name, list(known), n=1)
    hint = f"是否想写“{near[0]}”？" if near else f"已有的政策：{'、'.join(known)}"
    return Finding(
        code="no-policy",
        message=f"没有编号为“{name}”的政策，也没有这个文件夹",
        place=Place(),
        remedy=f"{hint}或给出政策文件夹的路径",
    )
