"""A policy's folder to a checked, frozen Policy, or to all its findings at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from tuodi.core.finding import Faults, Finding, Place
from tuodi.language.model import Benefit, Choose, KnownException, Layer, PersonsIn, Policy
from tuodi.language.parts import benefits, counts, document, lists, persons, premiums, quantities, watching
from tuodi.language.reader import read_tree
from tuodi.language.reading import Kind, Reading, Unreadable
from tuodi.language.shapes import Several, Shape, items_of
from tuodi.language.tree import Keyed, Node

T = TypeVar("T")

POLICY_FILE = "policy.yaml"
PARTS = (
    "document",
    "plan",
    "persons_in",
    "no_class",
    "not_covered",
    "not_covered",
    "choose",
    "adjust",
    *(kind.value for kind in Kind),
    "known_exceptions",
)


def load_policy(path: Path) -> Policy:
    """The policy of a folder with policy.yaml and lists/*.csv.

    Raises Faults with every finding: place with line and column, what is wrong, what would mend it.
    """
    files = read_files(path)
    root = read_tree(files[POLICY_FILE], str(path / POLICY_FILE))
    if not isinstance(root, Keyed):
        raise Faults([_not_a_policy(path)])
    reading = Reading(root, path, files)
    policy = _policy(reading, content_hash(files))
    if reading.findings or policy is None:
        raise Faults(sorted(reading.findings, key=lambda one: (one.place.file, one.place.line, one.place.column)))
    return policy


def read_files(path: Path) -> dict[str, bytes]:
    """policy.yaml and the lists, by their names in the folder."""
    try:
        files = {POLICY_FILE: (path / POLICY_FILE).read_bytes()}
    except OSError:
        place = Place(file=str(path / POLICY_FILE))
        message, remedy = "没有政策文件，或不能读取", "政策是一个文件夹，里面有 policy.yaml"
        raise Faults([Finding(code="no-such-file", message=message, place=place, remedy=remedy)]) from None
    listed = sorted((path / "lists").glob("*.csv"))
    return files | {f"lists/{file.name}": file.read_bytes() for file in listed}


def _not_a_policy(path: Path) -> Finding:
    place = Place(file=str(path / POLICY_FILE), line=1, column=1)
    return Finding(code="not-a-mapping", message="政策文件应由“键: 值”组成", place=place, remedy="第一行写 document:")


def content_hash(files: dict[str, bytes]) -> str:
    """SHA-256 over name, length and content of each file, policy.yaml first, then the lists by name."""
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _policy(reading: Reading, digest: str) -> Policy | None:
    refuse_unknown_parts(reading)
    values = {**_vocabulary(reading), **_rules(reading), **_surroundings(reading), **_head(reading)}
    values["clauses"] = document.read_clauses(reading)
    if reading.findings:
        return None
    return Policy(content_hash=digest, is_plan=reading.is_plan, **values)


def refuse_unknown_parts(reading: Reading) -> None:
    """Unknown keys at the top."""
    for entry in reading.root.entries.values():
        if entry.key.value not in PARTS:
            reading.unknown(entry.key, "部分", PARTS, f"可写：{'、'.join(PARTS)}", "unknown-key")


def _vocabulary(reading: Reading) -> dict[str, Any]:
    """What the other parts name: read first, since a fact's type decides how a test on it is read."""
    reading.groups = document.read_groups(reading)
    reading.facts = document.read_facts(reading)
    reading.parameters = document.read_parameters(reading)
    disease_lists = lists.read_lists(reading)
    return {
        "service_groups": reading.groups,
        "facts": reading.facts,
        "parameters": reading.parameters,
        "lists": disease_lists,
        "catalogues": lists.read_catalogues(disease_lists, reading),
    }


def _rules(reading: Reading) -> dict[str, Any]:
    """Who gets what."""
    conditions = [each for _, each in reading.each_listed(Kind.CONDITION, benefits.CONDITION)]
    named = quantities.read_quantities(reading)
    values = {
        "persons_in": one(reading, "persons_in", persons.PERSONS_IN, PersonsIn.FIRST_CLASS),
        "no_class_clause": one(reading, "no_class", persons.NO_CLASS, ""),
        "not_covered_clause": one(reading, "not_covered", persons.NO_CLASS, ""),
        "not_covered_clause": one(reading, "not_covered", persons.NO_CLASS, ""),
        "classes": persons.read_classes(reading),
        "general_conditions": tuple(conditions),
        "counts": counts.read_counts(reading),
        "layers": read_layers(reading),
        "benefits": read_benefits(reading),
    }
    return values | {"quantities": named | reading.inline}


def read_layers(reading: Reading) -> tuple[Layer, ...]:
    """The layers, or the one of relief; `choose` at the top is short for that one's."""
    choose = one(reading, "choose", benefits.CHOOSE, Choose.FIRST_RULE)
    layers = tuple(each for _, each in reading.each_listed(Kind.LAYER, benefits.LAYER))
    top = reading.root.entries.get("choose")
    if top and "layers" in reading.root.entries:
        reading.fault("two-ways-to-choose", top.key, "choose 与 layers 同时写了", "把 choose 写进 layers 的每一层")
    return layers or (Layer(id="relief", label=benefits.LAYER_LABELS["relief"], choose=choose),)


def read_benefits(reading: Reading) -> tuple[Benefit, ...]:
    """The benefits, with the policy's own adjustments dealt out to them."""
    found = tuple(each for _, each in reading.each_listed(Kind.BENEFIT, benefits.BENEFIT))
    part = reading.root.get("adjust")
    adjusts = [] if part is None else read_adjusts(part, reading)
    return benefits.deal_out(found, adjusts, reading) if Kind.BENEFIT not in reading.unsound else found


def read_adjusts(part: Node, reading: Reading) -> list[tuple[Node, benefits.ForBenefits]]:
    try:
        return [(node, benefits.POLICY_ADJUST.read(node, reading)) for node in items_of(part, reading)]
    except Unreadable:
        return []


def _surroundings(reading: Reading) -> dict[str, Any]:
    """Premiums, insurance, funds, watching, doing. What has no id of its own is numbered."""
    parts: dict[Kind, Shape[Any]] = {
        Kind.ENROLMENT: premiums.ENROLMENT,
        Kind.TILT: premiums.TILT,
        Kind.FUNDING: premiums.FUNDING,
        Kind.WARNING: watching.WARNING,
        Kind.PROCEDURE: watching.PROCEDURE,
        Kind.INDICATOR: watching.INDICATOR,
    }
    return {kind.value: tuple(numbered(kind, reading, shape)) for kind, shape in parts.items()} | {
        "known_exceptions": read_exceptions(reading)
    }


def numbered(kind: Kind, reading: Reading, shape: Shape[Any]) -> Iterator[Any]:
    """The entries; one without an id is called by its kind and its place in the list."""
    for number, (name, each) in enumerate(reading.each_listed(kind, shape), 1):
        yield each if name else replace(each, id=f"{kind.name.lower()}_{number}")


def read_exceptions(reading: Reading) -> tuple[KnownException, ...]:
    return one(reading, "known_exceptions", Several(document.KNOWN_EXCEPTION), ())


def _head(reading: Reading) -> dict[str, Any]:
    key, shape = ("plan", document.PLAN) if reading.is_plan else ("document", document.DOCUMENT)
    if key not in reading.root.entries:
        reading.fault("missing-key", reading.root, "政策文件缺少 document", "补上 document: {id: …, number: …, …}")
    return {"document": one(reading, key, shape, None)}


def one(reading: Reading, key: str, shape: Shape[T], default: T) -> T:
    """A part that is a single thing, or its default."""
    node = reading.root.get(key)
    if node is None:
        return default
    try:
        return shape.read(node, reading)
    except Unreadable:
        return default
