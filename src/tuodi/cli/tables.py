"""Tables on a terminal; where the output is no terminal, the same in plain text of a fixed width."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence

import click

_PLAIN_WIDTH = 160


def show_table(
    headers: Sequence[str], rows: Iterable[Sequence[str]], *, title: str = "", right: Collection[int] = ()
) -> None:
    """Prints the table and an empty line; columns in `right` hold amounts."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for place, header in enumerate(headers):
        table.add_column(header, justify="right" if place in right else "left", no_wrap=place in right, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else _PLAIN_WIDTH)
    with console.capture() as captured:
        console.print(table)
    lines = [line.rstrip() for line in captured.get().splitlines()]
    if title:
        click.secho(title, bold=True)
    click.echo("\n".join(line for line in lines if line) + "\n")
