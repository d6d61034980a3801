"""CSV as RFC 4180 has it: UTF-8 without a mark, a header row, blank where a value is missing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any

from registry.exchange.formats.base import Format, Rows
from registry.exchange.formats.cells import as_text, harmless

PIECE = 64_000


def cell(value: Any) -> str:
    """One value as text; numbers may begin with a minus."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    return harmless(as_text(value))


def write(export: Rows) -> Iterator[str]:
    """The header, then a line for each row, in pieces of some size."""
    fields = export.fields
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow([one.name for one in fields])
    for row in export.rows:
        writer.writerow([cell(one.of(row)) for one in fields])
        if buffer.tell() > PIECE:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


CSV = Format("csv", "CSV", "text/csv; charset=utf-8; header=present", write)
