"""JSON: an object that says what was asked, with the rows, and their number at its end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from registry.exchange.formats.base import CREDIT, Format, Rows

AT_ONCE = 200


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def write(export: Rows) -> Iterator[str]:
    """The object piece by piece. `count` comes last, so a file that was cut off is not valid JSON."""
    about = {
        "listing": export.name,
        "title": export.title,
        "query": export.query,
        "page": export.address,
        "generated_at": export.made_at.isoformat(timespec="seconds"),
        "credit": CREDIT,
    }
    yield f'{_text(about)[:-1]}, "rows": ['
    fields = export.fields
    count, lines = 0, []
    for row in export.rows:
        comma = "," if count else ""
        lines.append(f"{comma}\n{_text({one.name: one.of(row) for one in fields})}")
        count += 1
        if len(lines) == AT_ONCE:
            yield "".join(lines)
            lines = []
    yield "".join(lines) + f'\n], "count": {count}}}\n'


JSON = Format("json", "JSON", "application/json", write)
