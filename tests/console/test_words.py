"""Whatever the rooms write into the trail has a name that people read."""

import re
from pathlib import Path

from tuodi.console.words import ACTS
from tuodi.platform import __path__ as platform

_ACT = re.compile(r'(?:act=|_record\(|_finish\([^"]*, |_superseded\([^"]*, )"([a-z_]+\.[a-z_]+)"')


def test_every_act_of_the_trail_has_a_name() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(platform[0]).rglob("*.py")))
    acts = set(_ACT.findall(source))

    assert len(acts) > 25
    assert set() == acts - set(ACTS)
