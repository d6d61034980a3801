"""What a list says of published records, filed as proposals where it is not applied as published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from registry.actions import review
from registry.actions.cite import find_sources
from registry.exchange.lists.rosters import Roster
from registry.models import Citation, ListImport


@dataclass(frozen=True)
class Wanted:
    """The values that a list would give a record, why in words, and the source that says so, as typed."""

    changes: Mapping[str, Any]
    why: str
    source: str = ""
    quote: str = ""


def propose_changes(
    listing: ListImport, roster: Roster, wanted: Mapping[int, Wanted], *, by: User | None
) -> int:
    """File the changes of records, by their keys, as proposals; how many are new.

    A change that waits already is not filed again. The same number of queries for many as for one.
    """
    records = roster.model.objects.in_bulk(list(wanted))
    cited = _cited(roster, wanted)
    filed = []
    for key, record in sorted(records.items()):
        one = wanted[key]
        patch: dict[str, Any] = dict(one.changes)
        base = {name: str(getattr(record, name) or "") for name in patch}
        if one.source and (key, one.source) not in cited:
            row = {"reference": one.source, "quote": one.quote}
            patch["citations"] = {"added": [{name: value for name, value in row.items() if value}]}
        filed.append(review.Filed(record, patch, base, f"{listing}: {one.why}"))
    return len(review.propose_all(filed, by=by))


def _cited(roster: Roster, wanted: Mapping[int, Wanted]) -> set[tuple[int, str]]:
    """Which records are supported already by the source that the list gives."""
    texts = {one.source for one in wanted.values() if one.source}
    keys: dict[int, list[str]] = {}
    for text, source in find_sources(texts).items():
        keys.setdefault(source.pk, []).append(text)
    rows = Citation.objects.filter(source__in=list(keys), **{f"{roster.cited_as}__in": list(wanted)})
    pairs = rows.filter(locator="").values_list(f"{roster.cited_as}_id", "source_id")
    return {(key, text) for key, source in pairs for text in keys[source]}
