"""Names of diseases and items as people write them: spacing, bracket widths and Roman numerals make no difference."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from tuodi.language.model import Catalogue


@lru_cache(maxsize=65536)
def normal_name(text: str) -> str:
    """The name without white space, in half-width forms (（ to (, Ⅰ to I); two names are one if these are equal."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def canonical_items(catalogue: Catalogue) -> Mapping[str, str]:
    """Every normal name and alias of the catalogue's items -> the item's name as the catalogue writes it."""
    return {normal_name(name): entry.item for entry in catalogue.entries for name in (entry.item, *entry.aliases)}
