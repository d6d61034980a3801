"""Everything that answers to some words, the best first, and why each does."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connections, transaction

from registry.choices import RecordKind
from registry.models import City
from registry.search.cities import CityFound, cities_like, cities_named
from registry.search.codes import coded
from registry.search.names import MOST, records_like, records_named
from registry.search.words import Exactness, Words

# With fewer answers than this, none of them whole, what was typed is taken to hold errors.
FEW = 5
# How much of a part has to be alike: below the usual 0.6, since names are short.
ALIKE = 0.5
KINDS = list(RecordKind)
# Orders of magnitude that a kind stands above a city of as many inhabitants as the record has members,
# parties, partnerships or sites. An office weighs as its city does, in thousands of inhabitants.
ABOVE = {
    RecordKind.CITY: 0.0,
    RecordKind.NETWORK: 4.0,
    RecordKind.POLICY: 3.0,
    RecordKind.OFFICE: 0.0,
    RecordKind.ISSUE: 7.0,
    RecordKind.ORGANISATION: 3.5,
    RecordKind.REPORT: 3.0,
    RecordKind.EXPERIMENT: 3.0,
}


@dataclass(frozen=True)
class Match:
    """A record, and that of its names which answers best.

    `what` says what the name is to the record: title, acronym, name, label, hypothesis or code; `detail`
    tells its language or scheme. `closeness` is the similarity of a name with typing errors, from 0 to 1.
    """

    kind: str
    key: int
    what: str
    name: str
    detail: str
    exactness: Exactness
    closeness: float
    size: int

    @property
    def weight(self) -> float:
        """Kind and size as one number: the common logarithm of the size, raised by what the kind adds."""
        return math.log10(1 + max(0, self.size)) + ABOVE[RecordKind(self.kind)]

    @property
    def rank(self) -> tuple[float | str, ...]:
        """What matches are sorted by."""
        return (self.exactness, -round(self.closeness, 2), -self.weight, self.name, self.kind, self.key)


@dataclass(frozen=True)
class Found:
    """What answers, the best first; `more` are the kinds of which more answer than were ranked."""

    words: Words
    matches: list[Match]
    more: frozenset[str]

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind, in the order of kinds."""
        counted = Counter(match.kind for match in self.matches)
        return {kind: counted[kind] for kind in KINDS if kind in counted}


def find(text: str) -> Found:
    """Public records of every kind that answer to the text, at most a few hundred of each kind."""
    using = City.objects.all().db
    words = Words.read(text, using)
    if not words.parts:
        return Found(words, [], frozenset())
    rows = [
        *_codes(text),
        *_cities(cities_named(City.objects.public(), words, MOST)),
        *_read(records_named(words, using)),
    ]
    best = _best(rows)
    if len(best) < FEW and not any(match.exactness < Exactness.WHOLE_WORDS for match in best):
        rows += _similar(words, using, nothing=not best)
        best = _best(rows)
    full = Counter((row.kind, row.what) for row in rows)
    cities = sum(match.kind == RecordKind.CITY for match in best)
    more = {kind for (kind, _), number in full.items() if kind != RecordKind.CITY and number >= MOST}
    return Found(words, best, frozenset(more | ({RecordKind.CITY} if cities >= MOST else set())))


def _best(rows: Iterable[Match]) -> list[Match]:
    """Each record once, by the name that answers best."""
    best: dict[tuple[str, int], Match] = {}
    for match in sorted(rows, key=lambda match: (match.rank[:3], match.what != "title", match.rank)):
        best.setdefault((match.kind, match.key), match)
    return sorted(best.values(), key=lambda match: match.rank)


def _codes(text: str) -> list[Match]:
    exact = (Exactness.WHOLE_TITLE, 1.0, 10**9)
    return [
        Match(kind, key, "code" if scheme else "title", code, scheme, *exact)
        for kind, key, scheme, code in coded(text)
    ]


def _cities(found: list[CityFound]) -> list[Match]:
    kind = RecordKind.CITY
    return [
        Match(
            kind,
            city.key,
            "title" if city.is_title else "name",
            city.name,
            city.language,
            city.exactness,
            city.closeness,
            city.population,
        )
        for city in found
    ]


def _similar(words: Words, using: str, *, nothing: bool) -> list[Match]:
    """Records whose names are nearly what was typed, of which `nothing` was found as it is."""
    with transaction.atomic(using), connections[using].cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(ALIKE)])
        cities = _cities(cities_like(City.objects.public(), words, MOST))
        return [*cities, *_read(records_like(words, using, lacking=nothing and not cities))]


def _read(rows: Iterable[tuple]) -> list[Match]:
    return [
        Match(kind, key, what, name, detail, Exactness(exactness), float(closeness), size or 0)
        for kind, key, what, name, detail, exactness, closeness, size in rows
    ]
