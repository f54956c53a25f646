"""Where a server lives: the user's data folder, and what lies where in it."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FOR_ROOT = Path("/var/lib/tuodi")
"""Root's own home is closed to the service account, so root's data are not in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A server's folder. It belongs to whoever starts the server; of root's, `data` and `log` are the account's."""

    folder: Path

    @property
    def data(self) -> Path:
        """The data of PostgreSQL."""
        return self.folder / "data"

    @property
    def password(self) -> Path:
        """The password, for nobody else's eyes."""
        return self.folder / "password"

    @property
    def port(self) -> Path:
        """The port that was used last."""
        return self.folder / "port"

    @property
    def log(self) -> Path:
        """What the server writes."""
        return self.folder / "server.log"

    @property
    def lock(self) -> Path:
        """Held by whoever starts or stops the server."""
        return self.folder / "lock"


def data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """This user's data folder, absolute: `TUODI_DATA`, else `tuodi` where users' data lie; root's is in /var/lib."""
    if named := environment.get("TUODI_DATA"):
        return Path(named).expanduser().absolute()
    shared = environment.get("XDG_DATA_HOME", "")
    if Path(shared).is_absolute():  # a relative one is to be ignored, says the specification
        return Path(shared) / "tuodi"
    return FOR_ROOT if os.geteuid() == 0 else _own_home(environment) / ".local/share/tuodi"


def home_in(folder: Path) -> Home:
    """The server's home in a data folder; symbolic links are followed, as PostgreSQL reports its own folder."""
    return Home(folder=folder.resolve() / "postgres")


def _own_home(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("HOME") or pwd.getpwuid(os.geteuid()).pw_dir)
