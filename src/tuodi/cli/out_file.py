"""Where results go: standard output, or a file that appears only when it is whole."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import NO_ROOM, WrongUse, system

_BUFFER = 1 << 20


@contextmanager
def open_out(name: str, say: Say, reads: Path | None = None) -> Iterator[BinaryIO]:
    """`-` is standard output. A file is written beside its name and takes it at the end; after a fault it is not there.

    Raises WrongUse: the folder is missing or not writable, the disk is full, the file is a folder, or is the input that
    is being read.
    """
    if name == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(name)
    if reads is not None and path.exists() and path.samefile(reads):
        raise WrongUse(say(f"输出文件就是输入文件 {name}：换一个名字", f"{name} is the input: choose another name"))
    try:
        direct = path.exists() and not stat.S_ISREG(path.stat().st_mode)
        with _direct(path) if direct else _whole(path) as out:
            yield out
    except OSError as why:
        if why.filename is None and why.errno not in NO_ROOM:
            raise
        raise WrongUse(say(f"不能写 {name}：{system(why, say)}", f"cannot write {name}: {system(why, say)}")) from None


@contextmanager
def _direct(path: Path) -> Iterator[BinaryIO]:
    """A device or a pipe: nothing to rename."""
    with path.open("wb", buffering=_BUFFER) as out:
        yield out


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    out = beside.open("xb", buffering=_BUFFER)
    try:
        with out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
