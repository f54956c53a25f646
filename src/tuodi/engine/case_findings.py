"""How a decoded record is read on after a fault, so that all its faults are found at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tuodi.core.finding import Faults, Finding, Place
from tuodi.engine.case_values import Unfit, nearest, shown, wrong_type

T = TypeVar("T")
Instead = TypeVar("Instead")


@dataclass(slots=True, kw_only=True)
class Collector:
    """Findings, and the ways to read a value that may be one: what is then given instead only fills the place."""

    findings: list[Finding] = field(default_factory=list)

    def fields(
        self, raw: object, path: str, required: Collection[str], optional: Collection[str] | None = ()
    ) -> dict[str, Any]:
        """The object, after its field names have been looked at; {} where it is none. `optional` None: any other."""
        if not isinstance(raw, dict):
            self.unfit(wrong_type(raw, "对象", "写成 { … }"), path)
            return {}
        if optional is not None:
            known = dict.fromkeys((*required, *optional))
            for name in [name for name in raw if name not in known]:
                remedy = nearest(name, [other for other in known if other not in raw], "删去这个字段")
                self.fault("unknown-field", f"案例格式和本政策都没有字段“{shown(name)}”", _within(path, name), remedy)
        for name in required:
            if name not in raw:
                self.fault("missing-field", f"缺少字段“{name}”", _within(path, name), "补上这个字段")
        return raw

    def value(
        self, given: Mapping[str, Any], name: str, path: str, read: Callable[[object], T], instead: Instead
    ) -> T | Instead:
        """The field as `read` reads it; `instead` where it is missing or unfit."""
        return self.checked(given[name], _within(path, name), read, instead) if name in given else instead

    def each(self, given: Mapping[str, Any], name: str, path: str, read: Callable[[object, str], T]) -> tuple[T, ...]:
        """The members of an array field, each read with its path; none where the field is missing."""
        listed: Sequence[object] = self.value(given, name, path, array, ())
        return tuple([read(raw, f"{_within(path, name)}[{place}]") for place, raw in enumerate(listed)])

    def checked(self, raw: object, path: str, read: Callable[[object], T], instead: Instead) -> T | Instead:
        """What `read` makes of it, or `instead` and a finding."""
        try:
            return read(raw)
        except Unfit as why:
            self.unfit(why, path)
            return instead

    def fault(self, code: str, message: str, path: str, remedy: str) -> None:
        """One more finding."""
        self.findings.append(Finding(code=code, message=message, place=Place(path=path), remedy=remedy))

    def unfit(self, why: Unfit, path: str) -> None:
        """One more finding, at its place."""
        self.fault(why.code, why.message, path, why.remedy)

    def raise_findings(self) -> None:
        """Raises Faults if there are any."""
        if self.findings:
            raise Faults(self.findings)


def array(raw: object) -> Sequence[object]:
    """A JSON array. Raises Unfit."""
    if not isinstance(raw, list):
        raise wrong_type(raw, "数组", "写成 [ … ]")
    return raw


def _within(path: str, name: str) -> str:
    return f"{path}.{shown(name)}" if path else shown(name)
