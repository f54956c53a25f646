"""`tuodi policy coverage`: each clause of the document, and where it lives."""

from __future__ import annotations

import click

from tuodi.cli.frame import FINDINGS, Command
from tuodi.cli.speech import Say


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="coverage",
        say=say,
        callback=lambda name: _coverage(name, say),
        short_help=say("文件的每一条款落在何处。", "Each clause of the document, and where it lives."),
        params=[click.Argument(["name"], metavar="POLICY")],
        help=say(
            "列出每一条款：编号、类别、内容、落在何处。有条款没有收录、编号不连续、所指不存在，退出码为 1。",
            "Lists each clause: id, kind, what it says, where it lives. A clause without an entry, a gap in the "
            "numbering or a place that is not there gives exit code 1.",
        ),
    )


def _coverage(name: str, say: Say) -> None:
    from tuodi.cli.findings import show
    from tuodi.cli.policy.named import load
    from tuodi.cli.tables import show_table
    from tuodi.language.coverage import KINDS, coverage

    named = load(name, say)
    found = coverage(named.policy, str(named.folder / "policy.yaml"))
    headers = (say("条款", "clause"), say("类别", "kind"), say("内容", "says"), say("落在何处", "where"))
    rows = [
        (
            row.clause.id,
            "、".join(KINDS[kind] for kind in row.clause.kinds),
            row.clause.says,
            row.clause.governed_by or " ".join(dict.fromkeys((*row.clause.where, *row.cited_by))),
        )
        for row in found.rows
    ]
    show_table(headers, rows, title=f"{named.policy.document.number} {named.policy.document.title}")
    elsewhere = sum(1 for row in found.rows if row.clause.governed_by)
    click.echo(
        say(
            f"共 {len(rows)} 条，其中 {elsewhere} 条由其他文件规定。",
            f"{len(rows)} clauses, {elsewhere} governed elsewhere.",
        )
    )
    if found.findings:
        show(found.findings, say)
        raise click.exceptions.Exit(FINDINGS)
