"""A loop that is written for a program, compiled once for each machine, and kept for the next run.

The source and its machine code stand in a cache folder under the hash of the source: a what-if with other rates, the
next run and the next process compile nothing. Machine code belongs to one kind of processor; another compiles anew.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

import numba
import numpy as np

Say = Callable[[], None]
"""Called before a loop is compiled, which takes some seconds."""


class Loop:
    """The function `settle` of the source, as machine code. Any number of threads may call it at once."""

    __slots__ = ("_compiling", "_module", "_ready", "_settle", "on_compile", "shape", "source")

    def __init__(self, source: str, on_compile: Say | None = None, folder: Path | None = None) -> None:
        self.source = source
        self.shape = sha256(source.encode()).hexdigest()[:32]
        self.on_compile = on_compile
        self._module = f"tuodi_loop_{self.shape}"
        self._settle = _loaded(self._module, source, folder or cache_folder())
        self._compiling = Lock()
        self._ready: set[tuple[Any, ...]] = set()

    def __call__(self, arguments: tuple[Any, ...]) -> int:
        """Calls the function; compiles it first for arguments of new types."""
        kinds = tuple(map(_kind, arguments))
        if kinds not in self._ready:
            with self._compiling:
                self._compile(arguments)
                self._ready.add(kinds)
        answer: int = self._settle(*arguments)
        return answer

    def _compile(self, arguments: tuple[Any, ...]) -> None:
        signature = tuple(numba.typeof(argument) for argument in arguments)  # type: ignore[no-untyped-call]
        if signature in self._settle.overloads:
            return
        if self.on_compile is not None and not self._is_cached():
            self.on_compile()
        self._settle.compile(signature)

    def _is_cached(self) -> bool:
        return any(Path(self._settle.stats.cache_path).glob(f"{self._module}.settle-*.nbi"))


def cache_folder() -> Path:
    """Where compiled loops are kept: `$TUODI_CACHE`, or the user's cache folder, or one for this run."""
    wish = os.environ.get("TUODI_CACHE")
    base = Path(wish) if wish else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tuodi"
    folder = base / ("kernels-checked" if os.environ.get("NUMBA_BOUNDSCHECK", "0") != "0" else "kernels")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.mkdtemp(prefix="tuodi-kernels-"))


# ---- helpers ---------------------------------------------------------------------------------------------------------

_LOADING = Lock()


def _kind(argument: Any) -> Any:
    """What the compiler would tell apart, told at once."""
    if isinstance(argument, np.ndarray):
        flags = argument.flags
        return argument.dtype.num, argument.ndim, flags.c_contiguous, flags.writeable
    return tuple(map(_kind, argument)) if isinstance(argument, tuple) else type(argument)


def _loaded(name: str, source: str, folder: Path) -> Any:
    """The loop, from its file: numba keeps machine code beside a file, and only for a module that stands in
    `sys.modules` under a name of its own."""
    path = folder / f"{name}.py"
    _written_once(path, source)
    unique = f"{name}_{sha256(str(folder).encode()).hexdigest()[:8]}"
    with _LOADING:
        module = sys.modules.get(unique)
        if module is None:
            spec = importlib.util.spec_from_file_location(unique, path)
            assert spec is not None and spec.loader is not None, "a Python file can be loaded"
            module = sys.modules[unique] = importlib.util.module_from_spec(spec)
            try:
                spec.loader.exec_module(module)
            except BaseException:
                del sys.modules[unique]
                raise
    return module.settle


def _written_once(path: Path, source: str) -> None:
    """Two processes may do this at once: the first file stays, since the machine code knows it by its time."""
    if path.exists():
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, suffix=".tmp", delete=False) as file:
        file.write(source)
    try:
        os.link(file.name, path)
    except FileExistsError:
        pass
    finally:
        Path(file.name).unlink()
