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
    ("policy", "adopt"),
    ("batch", "run"),
    ("lab", "population"),
    ("lab", "numbers"),
    ("lab", "what-if"),
    ("lab", "solve"),
    ("lab", "compare"),
    ("demo",),
    ("migrate",),
    ("serve",),
    ("work",),
    ("staff", "add"),
    ("staff", "reset"),
    ("staff", "lock"),
    ("staff", "unlock"),
    ("audit",),
    ("backup",),
    ("restore",),
    ("keys", "new"),
    ("keys", "use"),
    ("keys", "status"),
    ("keys", "retire"),
    ("gateway", "hospital"),
    ("gateway", "catalogue"),
    ("gateway", "divided"),
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
    ("batch", "run"): """\
```
tuodi batch run liaocheng-2022-5 --events bills/ --statuses statuses.parquet --out settled --report year.html
tuodi batch run liaocheng-2022-5 --population city --out settled
tuodi batch run liaocheng-2022-5 --population /shared/city --out /shared/settled --engine spark --master spark://host:7077
```

The files are described in [batch.md](batch.md). `--out` appears when it is whole; until then the run works in
`OUT.partial`, from which the same command goes on. `--report` settles the bills once more, for the figures that only a
report shows; see [reports.md](reports.md). A cluster is for what is too much for one machine; see
[scale-out.md](scale-out.md).
""",
    ("lab", "population"): """\
```
tuodi lab population --city liaocheng --persons 100000 --seed 7 --out city --report city.html
```

What is in the files, and what the figures rest on, is in [populations.md](populations.md).
""",
    ("lab", "what-if"): """\
```
tuodi lab what-if liaocheng-2022-5 --set benefits.relief_1.rate=75% --population city --income 3000万 --report w.html
tuodi lab what-if liaocheng-2022-5 --policy my-draft/ --events bills/ --statuses statuses.parquet
```

Sums are in yuan: `30000000`, `3000万` and `30,000,000.00` are the same.
""",
    ("lab", "solve"): """\
```
tuodi lab solve liaocheng-2022-5 --path benefits.relief_1.rate --target 3000万 --population city
tuodi lab solve liaocheng-2022-5 --path 'benefits.*.limit.relief_of_year' --target 5% --income 3200万 --population city
```
""",
    ("lab", "compare"): """\
```
tuodi lab compare liaocheng-2022-5 ningbo-2019-27 yangquan-2019-45 --population city --report compared.html
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
