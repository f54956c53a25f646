"""`tuodi policy new`: a folder with a working, commented policy to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from tuodi.cli.frame import Command
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse, system


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
    files = template(source, name) if source in TEMPLATES else _copied(source, name, say)
    try:
        _write(path, files)
    except OSError as why:
        raise WrongUse(
            say(f"不能写 {folder}：{system(why, say)}", f"cannot write {folder}: {system(why, say)}")
        ) from None
    click.echo(_next(folder, files, say))


def _write(path: Path, files: dict[str, str]) -> None:
    """All of the files, or, where one cannot be written, nothing: no half of a policy is left behind."""
    folders = [one for one in (path, *path.parents) if not one.exists()]
    try:
        for file, text in files.items():
            (path / file).parent.mkdir(parents=True, exist_ok=True)
            (path / file).write_text(text, encoding="utf-8")
    except BaseException:
        _remove(path, files, folders)
        raise


def _remove(path: Path, files: dict[str, str], folders: list[Path]) -> None:
    from contextlib import suppress

    inside = {parent for file in files for parent in (path / file).parents if parent.is_relative_to(path)} - {path}
    for file in files:
        (path / file).unlink(missing_ok=True)
    for one in (*sorted(inside, reverse=True), *folders):
        with suppress(OSError):
            one.rmdir()


def _copied(source: str, name: str, say: Say) -> dict[str, str]:
    """The files of another policy under the new id; leaves with 1 where that policy has faults."""
    from tuodi.cli.policy.named import load
    from tuodi.language.template import renamed

    named = load(source, say)
    found = sorted(path for path in named.folder.rglob("*") if path.suffix in (".yaml", ".csv", ".md"))
    texts = {str(path.relative_to(named.folder)): _text(path, say) for path in found if path.is_file()}
    return renamed(texts, named.policy.document.id, name)


def _text(path: Path, say: Say) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise WrongUse(say(f"{path} 不是 UTF-8 编码：先转换", f"{path} is not UTF-8: convert it first")) from None


def _next(folder: str, files: dict[str, str], say: Say) -> str:
    from shlex import quote

    named = quote(folder)
    listed = "".join(f"  {folder}/{file}\n" for file in files)
    return say(
        f"已写出：\n{listed}接下来：\n"
        f"  tuodi policy check {named}\n  tuodi policy describe {named}\n  tuodi policy prove {named}\n"
        "再把示例的内容一条条换成自己的文件。",
        f"Written:\n{listed}Next:\n"
        f"  tuodi policy check {named}\n  tuodi policy describe {named}\n  tuodi policy prove {named}\n"
        "and replace the example, clause by clause, by your document.",
    )
