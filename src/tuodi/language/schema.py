"""The JSON Schema of a policy file, for editors: put together from the same shapes that read the file.

It knows forms, words and keys, not names: whether a count is declared, the loader says.
"""

from __future__ import annotations

import json
from pathlib import Path

from tuodi.language.shapes import Schema
from tuodi.language.surface import LISTINGS, MAPPINGS, SINGLES

FILE = Path(__file__).with_name("policy.schema.json")
"""Where the package keeps it."""


def schema_text() -> str:
    """The schema as it is kept in the file."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def schema() -> Schema:
    """The schema. Scalars may be whatever an editor's YAML makes of them: 30000 or "30000"."""
    defs: dict[str, Schema] = {}
    properties = {name: shape.schema(defs) for name, shape in SINGLES.items()}
    for kind, shape in MAPPINGS.items():
        properties[kind.value] = {"type": "object", "additionalProperties": shape.schema(defs)}
    for kind, shape in LISTINGS.items():
        properties[kind.value] = {"type": "array", "items": shape.schema(defs)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "托底政策文件",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "oneOf": [{"required": ["document"]}, {"required": ["plan"]}],
        "$defs": defs,
    }
