"""Regions entered: counties and their cities, by their six digits."""

from __future__ import annotations

import re

from tuodi.core.finding import Faults, Finding, Place
from tuodi.platform.base import audit
from tuodi.platform.base.models import Region

CODE = re.compile(r"[1-9][0-9]{5}", re.ASCII)


def ensure(*, code: str, name: str) -> bool:
    """Enters the region if it isn't there, within the scope of who has it; True where it was entered. Faults."""
    if findings := _findings(code, name):
        raise Faults(findings)
    if Region.objects.filter(pk=code).exists():
        return False
    Region(code=code, name=name.strip()).save(force_insert=True)
    audit.record(act="region.enter", subject=f"region:{code}", region=code, details={"name": name.strip()})
    return True


def _findings(code: str, name: str) -> list[Finding]:
    found = []
    if not CODE.fullmatch(code):
        found.append(_finding("region-code", "code", f"“{code}”不是区划代码", "写成 371502 这样的六位数字"))
    if not name.strip():
        found.append(_finding("region-name", "name", "没有写区划名称", "填写名称，如 东昌府区"))
    return found


def _finding(code: str, path: str, message: str, remedy: str) -> Finding:
    return Finding(code=code, message=message, place=Place(path=path), remedy=remedy)
