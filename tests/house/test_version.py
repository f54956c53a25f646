"""The package can be asked for its version without loading anything else."""

import subprocess
import sys
from importlib.metadata import version

from tuodi import __version__


def test_the_installed_version_is_the_one_in_the_source() -> None:
    assert __version__ == version("tuodi")


def test_importing_the_package_loads_nothing_heavy() -> None:
    question = "import sys, tuodi; print(sorted({'click', 'rich', 'yaml', 'orjson', 'z3'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=True)

    assert "[]\n" == answer.stdout
