"""A policy's folder as somebody uploads it: a zip with policy.yaml and its lists, looked at before it is unpacked."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from tuodi.core.finding import Faults, Finding, finding
from tuodi.language.shelf import FILE

MOST_BYTES, MOST_FILES = 4 * 1024 * 1024, 100
_LIST = re.compile(r"lists/[^/\\]+\.csv\Z")


def files_of(content: bytes) -> dict[str, str]:
    """The policy's own files by their names; whatever else lies beside them is left out.

    Raises Faults: `zip-unreadable`, `zip-too-large`, `no-policy`, `not-text` for each file that is none.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _read(packed)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as why:
        raise Faults([_of_file("zip-unreadable", "不是能读的 zip 文件", "把政策文件夹压缩成 zip 再上传")]) from why


def _read(packed: zipfile.ZipFile) -> dict[str, str]:
    entries = {entry.filename: entry for entry in packed.infolist() if not entry.is_dir()}
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries.values()) > MOST_BYTES:
        raise Faults([_of_file("zip-too-large", "文件太多或太大，不像一个政策文件夹", "只压缩政策文件夹")])
    heads = sorted((name for name in entries if name.split("/")[-1] == FILE), key=len)
    if not heads:
        raise Faults([_of_file("no-policy", f"里面没有 {FILE}", f"压缩含有 {FILE} 的文件夹")])
    folder = heads[0].removesuffix(FILE)
    own = {name.removeprefix(folder): name for name in entries if name.startswith(folder)}
    wanted = {name: packed.read(entries[path]) for name, path in own.items() if name == FILE or _LIST.match(name)}
    if faults := [*_not_text(wanted)]:
        raise Faults(faults)
    return {name: each.decode("utf-8-sig") for name, each in wanted.items()}


def _not_text(files: dict[str, bytes]) -> Iterator[Finding]:
    for name, each in files.items():
        try:
            each.decode("utf-8-sig")
        except UnicodeDecodeError:
            yield _of_file("not-text", f"{name} 不是 UTF-8 文本", "另存为 UTF-8")


def _of_file(code: str, message: str, remedy: str) -> Finding:
    return finding(code, message, "file", remedy)
