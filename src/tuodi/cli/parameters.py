"""What an agency sets, as a command's options give it: `name=value`, or a JSON file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tuodi.cli.options import Option
from tuodi.cli.speech import Say
from tuodi.cli.wrong_use import WrongUse, system


def parameters_option(say: Say) -> Option:
    """The option, repeatable."""
    text = say(
        "政策留给经办机构的参数：参数名=值，或 JSON 文件（也可以是人群的 manifest.json）；可多次给出。",
        "What the policy leaves to the agency: NAME=VALUE, or a JSON file (also a population's manifest.json); "
        "repeatable.",
    )
    return Option(["--parameters"], multiple=True, metavar="FILE|NAME=VALUE", help=text)


def parameters_of(given: Sequence[str], say: Say) -> dict[str, object]:
    """All of them; what is given later wins. Raises WrongUse."""
    found: dict[str, object] = {}
    for one in given:
        name, equals, value = one.partition("=")
        found |= {name: value} if equals and not Path(one).is_file() else _of_file(one, say)
    return found


def _of_file(name: str, say: Say) -> dict[str, object]:
    import orjson

    try:
        said: Any = orjson.loads(Path(name).read_bytes())
    except OSError as why:
        raise WrongUse(say(f"不能读 {name}：{system(why, say)}", f"cannot read {name}: {system(why, say)}")) from None
    except orjson.JSONDecodeError:
        raise WrongUse(say(f"{name} 不是 JSON 文件", f"{name} is not JSON")) from None
    if isinstance(said, dict) and isinstance(said.get("parameters"), dict):
        said = said["parameters"]
    if not isinstance(said, dict):
        raise WrongUse(say(f"{name} 里不是“参数名: 值”", f"{name} holds no names with values"))
    return said
