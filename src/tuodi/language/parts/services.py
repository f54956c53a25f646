"""Services and the file's own groups of services."""

from __future__ import annotations

from tuodi.language.model import SERVICES
from tuodi.language.reading import Kind, Reading, Unreadable
from tuodi.language.shapes import Into, Scalar, Several, Shape
from tuodi.language.tree import Text

ALL = "all"


def read_groups(reading: Reading) -> dict[str, frozenset[str]]:
    """The groups; they hold services, not other groups."""
    return dict(reading.each_keyed(Kind.GROUP, GROUP))


def _service(node: Text, reading: Reading) -> frozenset[str]:
    if node.value not in SERVICES:
        raise reading.unknown("unknown-service", node, "服务", SERVICES, f"可写：{'、'.join(SERVICES)}")
    return frozenset({node.value})


def _service_or_group(node: Text, reading: Reading) -> frozenset[str]:
    if node.value == ALL:
        return frozenset(SERVICES)
    if node.value in reading.names[Kind.GROUP]:
        reading.used[Kind.GROUP].add(node.value)
        if node.value not in reading.groups:
            raise Unreadable  # the group's own faults are written down
        return reading.groups[node.value]
    if node.value in SERVICES:
        return frozenset({node.value})
    known = [*reading.names[Kind.GROUP], *SERVICES, ALL]
    raise reading.unknown("unknown-service", node, "服务", known, f"可写：{'、'.join(known)}")


def _union(one: Shape[frozenset[str]]) -> Shape[frozenset[str]]:
    return Into(Several(one, one_will_do=True), lambda sets: frozenset().union(*sets))


GROUP = _union(Scalar("服务", _service, {"enum": list(SERVICES)}))
SERVICE_NAMES = _union(Scalar("服务", _service_or_group, {"type": "string"}))
"""Services and groups, one or several, or `all`."""
