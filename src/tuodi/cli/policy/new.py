"""`tuodi policy new`: a folder with a working, commented policy to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from tuodi.cli.frame import Command
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse


def command(say: Say) -> click.Command:
    """The command with its texts in one language."""
    return Command(
        name="new",
        say=say,
        callback=lambda folder, source: _new(folder, source, say),
        short_help=say("新建一份可以马上检查的政策。", "Begin a policy, from one that works."),
        params=[
            click.Argument(["folder"], metavar="FOLDER"),
            click.Option(["--from", "source"], default="basic", metavar="TEMPLATE", help=_source_help(say)),
        ],
        help=say(
            "新建文件夹 FOLDER，放入 policy.yaml、readings.md 和一个手算案例：带注释，检查无误，可以结算。"
            "不改动已有的文件夹。",
            "Makes FOLDER with policy.yaml, readings.md and one hand-worked case: commented, free of faults, ready to "
            "settle. Never touches a folder that is there.",
        ),
    )


def _source_help(say: Say) -> str:
    from tuodi.language.template import TEMPLATES

    kinds = "；".join(f"{name} {what}" for name, what in TEMPLATES.items())
    return say(
        f"从哪里起步：{kinds}；或已有政策的编号、文件夹。默认 basic。",
        "What to begin from: basic (threshold, rate, limit), bands, or the id or folder of a policy. Default: basic.",
    )


def _new(folder: str, source: str, say: Say) -> None:
    from tuodi.language.template import TEMPLATES, document_id, template

    path = Path(folder)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise WrongUse(
            say(f"{folder} 已经有了，不会改动它：换一个名字", f"{folder} is there and stays as it is: choose another")
        )
    name = document_id(path.resolve().name)
    files = template(source, name) if source in TEMPLATES else _copied(source, name)
    for file, text in files.items():
        try:
            (path / file).parent.mkdir(parents=True, exist_ok=True)
            (path / file).write_text(text, encoding="utf-8")
        except OSError as why:
            raise WrongUse(
                say(f"不能写 {path / file}：{why.strerror}", f"cannot write {path / file}: {why.strerror}")
            ) from None
    click.echo(_next(folder, files, say))


def _copied(source: str, name: str) -> dict[str, str]:
    """The files of another policy under the new id."""
    from tuodi.cli.policy.named import folder_of
    from tuodi.language.load import load_policy
    from tuodi.language.template import renamed

    folder = folder_of(source)
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in (".yaml", ".csv", ".md") and path.is_file()]
    texts = {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in paths}
    return renamed(texts, load_policy(folder).document.id, name)


def _next(folder: str, files: dict[str, str], say: Say) -> str:
    listed = "".join(f"  {folder}/{file}\n" for file in files)
    return say(
        f"已写出：\n{listed}接下来：\n"
        f"  tuodi policy check {folder}\n  tuodi policy describe {folder}\n  tuodi policy prove {folder}\n"
        "再把示例的内容一条条换成自己的文件。",
        f"Written:\n{listed}Next:\n"
        f"  tuodi policy check {folder}\n  tuodi policy describe {folder}\n  tuodi policy prove {folder}\n"
        "and replace the example, clause by clause, by your document.",
    )
