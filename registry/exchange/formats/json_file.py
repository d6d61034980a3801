"""JSON: an object that says what was asked, with the rows, and their number at its end."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from typing import Any

from registry.exchange.formats.base import Format, Rows, about

AT_ONCE = 200


def as_json(value: Any) -> str:
    """A value on one line; what JSON has no type for as text."""
    return json.dumps(value, ensure_ascii=False, default=str)


def write(export: Rows) -> Iterator[str]:
    """The object piece by piece. `count` comes last, so a file that was cut off is not valid JSON."""
    yield f'{as_json(about(export))[:-1]}, "rows": ['
    fields = export.fields
    rows = ({one.name: one.of(row) for one in fields} for row in export.rows)
    count = yield from listed(rows)
    yield f'\n], "count": {count}}}\n'


def listed(values: Iterator[Any]) -> Generator[str, None, int]:
    """The values of an array, a line for each; returns how many there were."""
    count, lines = 0, []
    for value in values:
        comma = "," if count else ""
        lines.append(f"{comma}\n{as_json(value)}")
        count += 1
        if len(lines) == AT_ONCE:
            yield "".join(lines)
            lines = []
    yield "".join(lines)
    return count


JSON = Format("json", "JSON", "application/json", write)
