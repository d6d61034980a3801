"""CSL-JSON, which Zotero and pandoc read: an array of references."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from registry.exchange.formats.base import Format, Rows
from registry.exchange.formats.citation import DATASET, PAPER, REPORT, Reference, references
from registry.exchange.formats.json_file import listed

TYPES = {DATASET: "dataset", REPORT: "report", PAPER: "article"}


def write(export: Rows) -> Iterator[str]:
    """The array, some references at a time."""
    yield "["
    yield from listed(_item(one) for one in references(export))
    yield "\n]\n"


def _item(one: Reference) -> dict[str, Any]:
    item = {
        "id": one.key,
        "type": TYPES[one.kind],
        "title": one.title,
        "author": [{"literal": one.authors}] if one.authors else None,
        "publisher": one.publisher,
        "issued": _date(one.issued),
        "accessed": _date(one.read_on),
        "URL": one.address,
        "language": one.language,
        "note": one.note,
    }
    return {name: value for name, value in item.items() if value}


def _date(partial: str) -> dict[str, Any] | None:
    return {"date-parts": [[int(part) for part in partial.split("-")]]} if partial else None


CSL_JSON = Format(
    "csl", "CSL-JSON", "application/vnd.citationstyles.csl+json", write, ending="json", cites=True
)
