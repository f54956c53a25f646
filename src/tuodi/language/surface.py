"""The parts that a policy file may have at its top, each with its shape: what is read, and what the schema says."""

from __future__ import annotations

from typing import Any

from tuodi.language.parts import (
    adjusting,
    benefits,
    counts,
    document,
    given,
    lists,
    persons,
    premiums,
    quantities,
    services,
    watching,
)
from tuodi.language.reading import Kind
from tuodi.language.shapes import Several, Shape

MAPPINGS: dict[Kind, Shape[Any]] = {
    Kind.GROUP: services.GROUP,
    Kind.LIST: lists.LIST,
    Kind.CATALOGUE: lists.CATALOGUE,
    Kind.FACT: given.FACT,
    Kind.QUANTITY: quantities.QUANTITY,
    Kind.COUNT: counts.COUNT,
    Kind.PARAMETER: given.PARAMETER,
    Kind.CLAUSE: document.CLAUSE_ENTRY,
}
"""Parts that are mappings from a name."""

LISTINGS: dict[Kind, Shape[Any]] = {
    Kind.CLASS: persons.CLASS,
    Kind.CONDITION: benefits.CONDITION,
    Kind.LAYER: benefits.LAYER,
    Kind.BENEFIT: benefits.BENEFIT,
    Kind.ENROLMENT: premiums.ENROLMENT,
    Kind.TILT: premiums.TILT,
    Kind.FUNDING: premiums.FUNDING,
    Kind.WARNING: watching.WARNING,
    Kind.PROCEDURE: watching.PROCEDURE,
    Kind.INDICATOR: watching.INDICATOR,
}
"""Parts that are lists."""

SINGLES: dict[str, Shape[Any]] = {
    "document": document.DOCUMENT,
    "plan": document.PLAN,
    "persons_in": persons.PERSONS_IN,
    "no_class": persons.CLAUSE_ONLY,
    "not_covered": persons.CLAUSE_ONLY,
    "choose": benefits.CHOOSE,
    "adjust": Several(adjusting.DEALT),
    "known_exceptions": Several(document.KNOWN_EXCEPTION),
}
"""Parts that are one thing."""

PARTS = (*SINGLES, *(kind.value for kind in Kind))
"""Every key that may stand at the top of the file."""
