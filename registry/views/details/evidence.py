"""How a page knows what it says: its citations, read at once and numbered by their sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from registry.models import Citation, Source


@dataclass
class Passage:
    """One place in a source, as read on one day, and the facts of the page that it supports."""

    locator: str
    accessed_on: Any
    quote: str
    supports: list[str] = field(default_factory=list)


@dataclass
class CitedSource:
    """A source of the page under its number."""

    number: int
    source: Source
    passages: dict[tuple[Any, ...], Passage] = field(default_factory=dict)

    @property
    def places(self) -> list[Passage]:
        """Its passages in the order in which the page calls on them."""
        return list(self.passages.values())

    def add(self, citation: Citation, supports: str) -> None:
        """Note that a citation of this source supports a fact of the page."""
        place = (citation.locator, citation.accessed_on, citation.quote)
        passage = self.passages.setdefault(place, Passage(*place))
        if supports not in passage.supports:
            passage.supports.append(supports)


class Evidence:
    """Collects the rows that a page shows, then gives each the numbers of its sources.

    Only rows that are on the page are asked about, so nothing of a draft can come with them.
    """

    def __init__(self) -> None:
        self._rows: list[tuple[str, Any, Callable[[Any], str]]] = []

    def asks(self, target: str, rows: Iterable[Any], words: Callable[[Any], str]) -> None:
        """Ask for the sources of `rows`; `words` says what a source supports in one of them."""
        self._rows += [(target, row, words) for row in rows]

    def read(self) -> list[CitedSource]:
        """The sources of the page in order of their numbers; sets `cited` on each row asked about."""
        found = self._citations()
        sources: dict[int, CitedSource] = {}
        for target, row, words in self._rows:
            row.cited = []
            for citation in found.get((target, row.pk), []):
                cited = sources.setdefault(citation.source_id, CitedSource(len(sources) + 1, citation.source))
                cited.add(citation, words(row))
                if cited not in row.cited:
                    row.cited.append(cited)
        return list(sources.values())

    def _citations(self) -> dict[tuple[str, int], list[Citation]]:
        asked = Q()
        for target in dict.fromkeys(target for target, *_ in self._rows):
            asked |= Q(**{f"{target}__in": [row.pk for of, row, _ in self._rows if of == target]})
        found: dict[tuple[str, int], list[Citation]] = {}
        targets = {target for target, *_ in self._rows}
        for citation in Citation.objects.filter(asked).select_related("source") if asked else []:
            target = next(name for name in targets if getattr(citation, f"{name}_id") is not None)
            found.setdefault((target, getattr(citation, f"{target}_id")), []).append(citation)
        return found
