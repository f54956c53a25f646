"""What is installed is whole: every file of the policies travels with the package."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.tree import PACKAGE, ROOT


@pytest.mark.slow
def test_a_wheel_holds_every_file_of_the_package(tmp_path: Path) -> None:
    names = built_wheel(tmp_path).namelist()
    data = {f"tuodi/{path.relative_to(PACKAGE)}" for path in PACKAGE.rglob("*") if path.is_file()}
    expected = {name for name in data if "__pycache__" not in name}

    assert expected == {name for name in names if ".dist-info/" not in name}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def built_wheel(folder: Path) -> zipfile.ZipFile:
    """The wheel of this tree, built in the folder without the network."""
    flags = ["--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", "--quiet"]
    source = folder / "source"
    source.mkdir()
    for name in ("src", "pyproject.toml", "README.md", "LICENSE"):
        subprocess.run(["cp", "-r", ROOT / name, source], check=True)
    subprocess.run([sys.executable, "-m", "pip", "wheel", *flags, "-w", folder, source], check=True)
    (wheel,) = folder.glob("tuodi-*.whl")
    return zipfile.ZipFile(wheel)
