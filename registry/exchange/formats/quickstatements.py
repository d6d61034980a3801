"""QuickStatements: commands that state memberships on Wikidata, a line for each.

The first version of its commands (https://www.wikidata.org/wiki/Help:QuickStatements): columns set apart by
tabs, items and properties by their numbers, texts in quotes, dates with the number of their precision. There
are no comments. A text ends at the last quote of its column and knows no escapes, so an address must hold
neither a quote nor a tab; some readers also take `|` for a tab.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.encoding import iri_to_uri

from registry.choices import IdentifierScheme
from registry.exchange.formats.base import Format, Rows
from registry.exchange.formats.json_file import AT_ONCE

MEMBER_OF, SINCE, UNTIL = "P463", "P580", "P582"
# Of the reference: where it is, and when it was read.
ADDRESS, READ_ON = "S854", "S813"
# By the length of a partial date: what fills it up, and its precision.
PRECISION = {4: ("-00-00", 9), 7: ("-00", 10), 10: ("", 11)}


def write(export: Rows) -> Iterator[str]:
    """The commands, some at a time."""
    lines: list[str] = []
    for row in export.rows:
        lines += [f"{line}\n" for line in [_command(row)] if line]
        if len(lines) >= AT_ONCE:
            yield "".join(lines)
            lines = []
    yield "".join(lines)


def _command(row: Any) -> str:
    """The command for a membership; none where what it needs was taken away meanwhile."""
    schemes = {one.scheme: one.value for one in row.network.identifiers.all()}
    cited = next((one for one in row.citations.all() if one.source.url), None)
    network = schemes.get(IdentifierScheme.WIKIDATA)
    if not (row.city.wikidata_id and network and cited):
        return ""
    columns = [row.city.wikidata_id, MEMBER_OF, network]
    if row.since:
        columns += [SINCE, _time(row.since)]
    if row.until:
        columns += [UNTIL, _time(row.until)]
    columns += [ADDRESS, f'"{iri_to_uri(cited.source.url)}"']
    if cited.accessed_on:
        columns += [READ_ON, _time(cited.accessed_on.isoformat())]
    return "\t".join(columns)


def _time(value: str) -> str:
    rest, precision = PRECISION[len(value)]
    return f"+{value}{rest}T00:00:00Z/{precision}"


QUICKSTATEMENTS = Format(
    "quickstatements",
    "QuickStatements",
    "text/plain; charset=utf-8",
    write,
    listings=frozenset({"memberships"}),
    ending="txt",
    some=lambda rows: rows.for_wikidata(),
    fetch=("network__identifiers", "citations__source"),
)
