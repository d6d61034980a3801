"""JSON Lines: an object on each line, one for each row, with the same keys in each."""

from __future__ import annotations

from collections.abc import Iterator

from registry.exchange.formats.base import Format, Rows
from registry.exchange.formats.json_file import AT_ONCE, as_json


def write(export: Rows) -> Iterator[str]:
    """The lines, some at a time."""
    fields = export.fields
    lines = []
    for row in export.rows:
        lines.append(as_json({one.name: one.of(row) for one in fields}) + "\n")
        if len(lines) == AT_ONCE:
            yield "".join(lines)
            lines = []
    yield "".join(lines)


JSON_LINES = Format("jsonl", "JSON Lines", "application/jsonl", write)
