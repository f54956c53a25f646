"""A policy's folder to a checked, frozen Policy, or to all its findings at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tuodi.core.finding import Faults, Finding, Place
from tuodi.language import checks
from tuodi.language.model import Document, PersonsIn, Policy
from tuodi.language.parts import (
    benefits,
    counts,
    document,
    given,
    lists,
    persons,
    quantities,
    services,
)
from tuodi.language.parts.scalars import LAST_DAY
from tuodi.language.reader import read_what_can_be
from tuodi.language.reading import POLICY_FILE, Kind, Reading
from tuodi.language.surface import LISTINGS, PARTS, SINGLES
from tuodi.language.tree import Keyed


def load_policy(path: Path) -> Policy:
    """The policy, or plan, of a folder with policy.yaml and lists/*.csv.

    Raises Faults with every finding: place with line and column, what is wrong, what would mend it.
    """
    files = read_files(path)
    root, findings = read_what_can_be(files[POLICY_FILE], str(path / POLICY_FILE))
    if not isinstance(root, Keyed):
        raise Faults([*findings, _not_a_policy(path)])
    reading = Reading(root, path, files)
    reading.findings.extend(findings)
    policy = read_policy(reading)
    checks.run(policy, reading)
    if reading.findings:
        raise Faults(sorted(reading.findings, key=lambda one: (one.place.file, one.place.line, one.place.column)))
    return replace(policy, content_hash=content_hash(files))


def read_files(path: Path) -> dict[str, bytes]:
    """policy.yaml and the lists, by their names in the folder. Raises Faults where there is no policy.yaml to read."""
    try:
        files = {POLICY_FILE: (path / POLICY_FILE).read_bytes()}
    except OSError:
        place = Place(file=str(path / POLICY_FILE))
        message, remedy = "没有政策文件，或不能读取", "政策是一个文件夹，里面有 policy.yaml"
        raise Faults([Finding(code="no-such-file", message=message, place=place, remedy=remedy)]) from None
    return files | {f"lists/{each.name}": each.read_bytes() for each in sorted((path / "lists").glob("*.csv"))}


def _not_a_policy(path: Path) -> Finding:
    place = Place(file=str(path / POLICY_FILE), line=1, column=1)
    return Finding(code="not-a-mapping", message="政策文件应由“键: 值”组成", place=place, remedy="第一行写 document:")


def content_hash(files: Mapping[str, bytes]) -> str:
    """SHA-256 in hexadecimal over name, length and content of each file: policy.yaml, then the lists by name."""
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def read_policy(reading: Reading) -> Policy:
    """All that can be read of the policy, without its hash; what can't be is among the reading's findings."""
    _refuse_unknown_parts(reading)
    values = _vocabulary(reading) | _rules(reading) | _surroundings(reading)
    clauses = document.read_clauses(reading)
    return Policy(document=_head(reading), content_hash="", is_plan=reading.is_plan, clauses=clauses, **values)


def _refuse_unknown_parts(reading: Reading) -> None:
    for entry in reading.root.entries.values():
        if entry.key.value not in PARTS:
            reading.unknown_key(entry.key, "政策文件", PARTS)


def _vocabulary(reading: Reading) -> dict[str, Any]:
    """What the other parts name: read first, since a fact's type decides how a test on it is read."""
    reading.groups = services.read_groups(reading)
    reading.facts = given.read_facts(reading)
    reading.parameters = given.read_parameters(reading)
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
    named = quantities.read_quantities(reading)
    values = {
        "persons_in": reading.single("persons_in", persons.PERSONS_IN, PersonsIn.FIRST_CLASS),
        "no_class_clause": reading.single("no_class", persons.CLAUSE_ONLY, ""),
        "not_covered_clause": reading.single("not_covered", persons.CLAUSE_ONLY, ""),
        "classes": _all(Kind.CLASS, reading),
        "general_conditions": _all(Kind.CONDITION, reading),
        "counts": counts.read_counts(reading),
        "layers": benefits.read_layers(reading),
        "benefits": benefits.read_benefits(reading),
    }
    return values | {"quantities": named | reading.inline}


def _surroundings(reading: Reading) -> dict[str, Any]:
    """Premiums, insurance, funds, watching, doing."""
    return {
        "enrolment": _all(Kind.ENROLMENT, reading),
        "insurance_tilts": _all(Kind.TILT, reading),
        "funding": _all(Kind.FUNDING, reading),
        "warnings": _all(Kind.WARNING, reading),
        "procedures": _all(Kind.PROCEDURE, reading),
        "indicators": _all(Kind.INDICATOR, reading),
        "known_exceptions": reading.single("known_exceptions", SINGLES["known_exceptions"], ()),
    }


def _all(kind: Kind, reading: Reading) -> tuple[Any, ...]:
    """The entries of a list; one without an id is called by its kind and its place: `enrolment_2`."""
    entries = enumerate(reading.each_listed(kind, LISTINGS[kind]), 1)
    return tuple(
        each if name else replace(each, id=f"{kind.name.lower()}_{number}") for number, (name, each) in entries
    )


_STAND_IN = Document(
    id="unread", number="", title="", issuer="", region="", issued=LAST_DAY, start=LAST_DAY, end=None, start_clause=""
)


def _head(reading: Reading) -> Document:
    """The document's own particulars; a stand-in where they can't be read, so that the checks go on."""
    key = "plan" if reading.is_plan else "document"
    if key not in reading.root.entries:
        reading.fault("missing-key", reading.root, "政策文件缺少 document", "补上 document: {id: …, number: …}")
    if {"document", "plan"} <= reading.root.entries.keys():
        reading.fault("two-heads", reading.root.entries["plan"].key, "document 与 plan 只能写一个", "分成两个文件夹")
    head: Document = reading.single(key, SINGLES[key], _STAND_IN)
    return head
