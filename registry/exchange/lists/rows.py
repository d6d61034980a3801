"""What a list says and what was made of it: the rows as given, and the decision on each."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What the resolver decided of a row; the words of the report's column `decision`."""

    MATCHED = "matched"
    AMBIGUOUS = "ambiguous"
    UNMATCHED = "unmatched"
    INVALID = "invalid"


@dataclass(frozen=True)
class ListRow:
    """One row of a list as given; every text stripped and normalised to NFC, empty where not given.

    `number` is the row's place in the file as a person counts it: the first row of data of a CSV with a
    header is 2. `problems` says in words what is wrong with single cells, by the column's own header.
    """

    number: int
    name: str
    country: str = ""
    division: str = ""
    since: str = ""
    until: str = ""
    role: str = ""
    status: str = ""
    source: str = ""
    geonames_id: str = ""
    entity_type: str = ""
    latitude: float | None = None
    longitude: float | None = None
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A city that a row may mean; `score` is the probability, from 0 to 1, that it does."""

    city_id: int
    geonames_id: int | None
    name: str
    country: str
    population: int | None
    latitude: float | None
    longitude: float | None
    score: float
    reason: str


@dataclass(frozen=True)
class Decision:
    """What was decided of one row, its best candidates first, and why in words.

    `score` is that of the first candidate (0 without one). Only a matched row has a `city_id`.
    """

    row: ListRow
    outcome: Outcome
    score: float = 0.0
    reason: str = ""
    candidates: tuple[Candidate, ...] = field(default=())

    @property
    def city_id(self) -> int | None:
        """The key of the city accepted, if one was."""
        return self.candidates[0].city_id if self.outcome is Outcome.MATCHED else None
