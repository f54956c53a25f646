"""The door for terminals: reads files, calls one room, renders for officials. The only room that prints."""

from __future__ import annotations


def main() -> None:
    """What the command `tuodi` runs. Leaves with the exit code that docs/cli.md promises."""
    import sys

    from tuodi.cli.frame import run

    sys.exit(run(sys.argv[1:]))
