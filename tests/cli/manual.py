"""docs/cli.md, written from the command line's own help: `python -m tests.cli.manual`."""

from __future__ import annotations

from tests.cli.terminal import tuodi
from tests.house.tree import ROOT

PATH = ROOT / "docs" / "cli.md"

COMMANDS = (
    ("settle",),
    ("explain",),
    ("policy", "list"),
    ("policy", "check"),
    ("policy", "coverage"),
    ("policy", "describe"),
    ("policy", "diff"),
    ("policy", "prove"),
    ("policy", "new"),
    ("demo",),
)

HEAD = """\
# The command line

Written from the help of the commands by `python -m tests.cli.manual`; a test says when it is stale.

Everything is Chinese by default, `--lang en` or `TUODI_LANG=en` make it English; labels of a policy and messages about
its cases stay Chinese. Results go to standard output, everything else to standard error, so that results can be piped.
Progress shows on a terminal only.

A policy is named by the id of one that is shipped, or by any folder with a `policy.yaml`.

| exit code | meaning |
|---|---|
| 0 | well |
| 1 | findings: faults of a case or a policy, a hand-worked case that differs, an unproved property, a difference |
| 2 | wrong use: an unknown option, a file that is not there or cannot be written, a case file without a case |
| 70 | a bug of ours: one line says what to report; nothing was written; `TUODI_DEBUG=1` shows where |
| 130 | interrupted; nothing half-done is left |
| 141 | the reader of the pipe has gone |

"""

NOTES = {
    ("settle",): """\
`OUT` appears under its name only when it is whole; an older file of that name stays until then. It is never the input.

```
tuodi settle cases.jsonl -o results.jsonl
zcat cases.jsonl.gz | tuodi settle - | jq -r .person
```

One line is held at a time, so a file may be of any length; a line beyond 16 MB is skipped with a finding.
The format is in [case-format.md](case-format.md).
""",
    ("explain",): """\
```
tuodi explain liaocheng-2022-5#2           # the second hand-worked case of a policy
tuodi explain cases.jsonl --line 17 --event e3
tuodi explain case.json --steps
```
""",
    ("policy", "check"): """\
Hand-worked cases are described in [the policy author's guide](policy-authors-guide.md#hand-worked-cases).
""",
    ("policy", "prove"): """\
```
tuodi policy prove anshan-2019-37 -o counter-examples
tuodi settle counter-examples/class_order-1.jsonl
```
""",
}


def manual() -> str:
    """The page."""
    return HEAD + "\n".join(_section(command) for command in COMMANDS)


def _section(command: tuple[str, ...]) -> str:
    shown = tuodi(*command, "--help", "--lang", "en").out.strip()
    note = NOTES.get(command, "")
    return f"## tuodi {' '.join(command)}\n\n```\n{shown}\n```\n" + (f"\n{note}" if note else "")


if __name__ == "__main__":
    PATH.write_text(manual(), encoding="utf-8")
