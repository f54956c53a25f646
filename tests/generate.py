"""Writes what is generated and kept in the repository: `make docs`. Tests say when something is no longer current."""

from __future__ import annotations

from tests.cli import manual
from tests.errors import gallery
from tests.gateway import field_tables
from tuodi.language import schema


def main() -> None:
    schema.FILE.write_text(schema.schema_text(), encoding="utf-8")
    gallery.PAGE.write_text(gallery.page(), encoding="utf-8")
    manual.PATH.write_text(manual.manual(), encoding="utf-8")
    field_tables.PATH.write_text(field_tables.page(), encoding="utf-8")


if __name__ == "__main__":
    main()
