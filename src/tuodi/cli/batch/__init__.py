"""`tuodi batch …`: a whole population's bills, from files to files."""

from __future__ import annotations

import click

from tuodi.cli.frame import Commands
from tuodi.cli.speech import Say


def command(say: Say) -> click.Command:
    """The group with its texts in one language."""
    return Commands(
        name="batch",
        say=say,
        modules={"run": "tuodi.cli.batch.run"},
        short_help=say("成批结算：几百万笔账单，从文件到文件。", "Settle millions of bills, from files to files."),
        help=say(
            "政策编译成机器码，成批结算 Parquet 或 CSV 文件里的账单，与逐笔结算分毫不差。",
            "A policy compiled to machine code settles the bills of Parquet or CSV files, to the same fen.",
        ),
    )
