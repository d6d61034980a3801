"""From cities to changes: what a list says, held against what the registry has recorded.

A list that is silent on something says nothing against what is recorded. What it adds to a record is
planned; where the two differ staff are asked. The plan does not depend on the order of the rows: those
of one city are taken by what they say, the most telling first.
"""

from __future__ import annotations

import copy
import json
from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from registry.choices import Ended, ListOutcome, MembershipStatus, RowAnswer, RowStanding
from registry.exchange.lists.differences import Differences, compare
from registry.exchange.lists.given import Said
from registry.exchange.lists.rosters import Roster, is_over, roster_of
from registry.models import ListImport, ListImportRow
from registry.models.claims import claimed_days

UNPLACED = {
    ListOutcome.AMBIGUOUS: RowStanding.AMBIGUOUS,
    ListOutcome.INVALID: RowStanding.INVALID,
    ListOutcome.UNMATCHED: RowStanding.UNMATCHED,
    ListOutcome.MATCHED: RowStanding.UNMATCHED,  # its city was deleted since
}


@dataclass
class Plan:
    """What is to become of a list: `rows` carry their own part of it.

    `missing` are the recorded parts of cities that the list does not name, the ended ones left out and
    also those that a row not yet decided may mean.
    """

    rows: list[ListImportRow]
    # Rows with a city in the order in which each is possible after those before it.
    turns: list[ListImportRow] = field(default_factory=list)
    missing: list[Any] = field(default_factory=list)
    # Missing parts that cannot be ended as they stand, by key, and why.
    stuck: dict[int, str] = field(default_factory=dict)


def plan(
    listing: ListImport,
    rows: Iterable[ListImportRow],
    *,
    recorded: dict[int, list[Any]] | None = None,
    perhaps: set[int] | None = None,
) -> Plan:
    """Work out what is to become of the rows, and note it on them; nothing is saved. One query.

    `recorded` spares that query to whoever has asked it, and `perhaps`, the cities that undecided rows may
    mean, spares reading the candidates of the rows.
    """
    roster = roster_of(listing)
    if recorded is None:
        recorded = roster.recorded(listing.target)
    made = Plan(list(rows))
    of_city: dict[int, list[ListImportRow]] = defaultdict(list)
    for row in made.rows:
        row.asks, row.about, row.changes, row.record = False, "", {}, None
        if row.city_id is None:
            _unplaced(row)
        else:
            of_city[row.city_id].append(row)
    day = day_of(listing)
    for city_id, group in of_city.items():
        made.turns += _City(listing, roster, city_id, recorded.get(city_id, []), day).plan(group)
    if perhaps is None:
        perhaps = _perhaps_meant(made.rows)
    miss(made, listing, recorded, of_city.keys() | perhaps)
    return made


def day_of(listing: ListImport) -> str:
    """The date that the list shows; today where it gives none."""
    return listing.observed_on or timezone.localdate().isoformat()


def miss(made: Plan, listing: ListImport, recorded: dict[int, list[Any]], named: Set[int]) -> None:
    """Note on the plan what is recorded of cities that are not among those the list names or may mean."""
    roster, day = roster_of(listing), day_of(listing)
    for city_id, parts in recorded.items():
        if city_id not in named:
            _miss(made, listing, roster, parts, day)


def _miss(made: Plan, listing: ListImport, roster: Roster, parts: list[Any], day: str) -> None:
    """Note which parts of a city that the list does not name are still going on."""
    for part in parts:
        if not _is_present(part) or is_over(part, day):
            continue
        made.missing.append(part)
        over = copy.copy(part)
        for name, value in ended_now(listing).items():
            setattr(over, name, value)
        if refused := roster.refusal(over, [other for other in parts if other is not part]):
            made.stuck[part.pk] = refused


def _unplaced(row: ListImportRow) -> None:
    """A row without a city waits, unless staff left it out."""
    row.standing = RowStanding.LEFT_OUT if row.left_out else UNPLACED[ListOutcome(row.outcome)]
    row.about = "" if row.left_out else row.reason


def _perhaps_meant(rows: list[ListImportRow]) -> set[int]:
    """Cities that rows without a decision may mean."""
    waiting = (row for row in rows if row.city_id is None and not row.left_out)
    return {candidate["city_id"] for row in waiting for candidate in row.candidates}


def _is_present(row: Any) -> bool:
    return getattr(row, "status", MembershipStatus.MEMBER) == MembershipStatus.MEMBER


class _City:
    """The rows of a list that mean one city, beside what is recorded of it."""

    def __init__(
        self, listing: ListImport, roster: Roster, city_id: int, recorded: list[Any], day: str
    ) -> None:
        self.listing, self.roster, self.city_id, self.day = listing, roster, city_id, day
        self.parts = list(recorded)
        # The row of the list that named a part first and what it says, by the part's place.
        self.named_by: dict[int, tuple[ListImportRow, Said]] = {}

    def plan(self, rows: list[ListImportRow]) -> list[ListImportRow]:
        """Plan the rows, the most telling first, and give them in this order."""
        read = [(self.roster.read(row), row) for row in rows]
        self.is_alone = len(rows) == 1 and not self.parts
        ordered = sorted(read, key=_order) if len(read) > 1 else read
        for said, row in ordered:
            if not row.mended:
                _stands(row, RowStanding.INVALID, unread(row))
            elif said.problem:
                _stands(row, RowStanding.INVALID, said.problem)
            else:
                self._plan_row(said, row)
        return [row for _, row in ordered]

    def _plan_row(self, said: Said, row: ListImportRow) -> None:
        found = self._nearest(said)
        if found is None:
            self._add(said, row, RowStanding.ADD)
            return
        place, differences = found
        if place in self.named_by:
            self._named_twice(said, row, place, differences)
            return
        self.named_by[place] = (row, said)
        row.record = self.parts[place].pk
        if differences.joined_again:
            row.asks = True
            self._add(said, row, RowStanding.CHANGED, differences.words())
        elif differences.asks or differences.fills:
            self._change(row, place, differences)
        else:
            row.changes = differences.seen
            _stands(row, RowStanding.THERE, differences.words())

    def _nearest(self, said: Said) -> tuple[int, Differences] | None:
        """The place of the part that the row speaks of, with what differs; None if it speaks of a new one."""
        if not self.parts:
            return None
        wanted = self.roster.new(self.listing.target, self.city_id, self._values(said))
        first, end = claimed_days(wanted)
        near = []
        for place, part in enumerate(self.parts):
            its_first, its_end = claimed_days(part)
            if first < its_end and its_first < end:
                differences = compare(said, part, self.listing.observed_on, self.day)
                near.append((differences.distance, is_over(part, self.day), place, differences))
        if not near:
            return None
        _, _, place, differences = min(near, key=lambda one: one[:3])
        return place, differences

    def _values(self, said: Said) -> dict[str, str]:
        """What a new part has of what the row says; the list's date where it gives no start."""
        values = {
            "since": said.since,
            "until": said.until,
            "ended": said.ended,
            "status": said.status,
            "tier": said.tier,
            "role": said.role,
            "observed_on": None if said.since else self.listing.observed_on,
        }
        return {name: value for name, value in values.items() if value}

    def _add(self, said: Said, row: ListImportRow, standing: RowStanding, about: str = "") -> None:
        """Plan a new part; a second one of a city whose first is over only where staff say so."""
        row.changes, row.record = self._values(said), None
        if self.is_alone:
            # Most rows of most lists: there is nothing that they could be in the way of.
            _stands(row, standing, about)
            return
        new = self.roster.new(self.listing.target, self.city_id, row.changes)
        if standing == RowStanding.CHANGED and not row.taken:
            _stands(row, standing, about)
        elif refused := self.roster.refusal(new, self.parts):
            _stands(row, RowStanding.INVALID, f"{about} {refused}".strip())
        else:
            self.named_by[len(self.parts)] = (row, said)
            self.parts.append(new)
            _stands(row, standing, about)

    def _change(self, row: ListImportRow, place: int, differences: Differences) -> None:
        row.asks = bool(differences.asks)
        row.changes = differences.changes(self.parts[place])
        _stands(row, RowStanding.CHANGED, differences.words())
        if row.answer == RowAnswer.REGISTRY:
            return
        changed = copy.copy(self.parts[place])
        for name, value in row.changes.items():
            setattr(changed, name, value)
        others = [part for other, part in enumerate(self.parts) if other != place]
        if refused := self.roster.refusal(changed, others):
            _stands(row, RowStanding.INVALID, f"{row.about} {refused}")
        elif row.taken:
            self.parts[place] = changed

    def _named_twice(self, said: Said, row: ListImportRow, place: int, differences: Differences) -> None:
        """A second row of the same city and period: it may say the same, or less, but nothing else."""
        first, first_said = self.named_by[place]
        if not said.is_within(first_said) and (differences.asks or differences.fills):
            fields = ", ".join(sorted({*differences.asks, *differences.fills})) or "when"
            told = f"Row {first.number} names this city too and says otherwise ({fields})."
            _stands(row, RowStanding.INVALID, told)
        else:
            row.record = first.record
            _stands(row, RowStanding.THERE, f"Named in row {first.number} too.")


def unread(row: ListImportRow) -> str:
    """What could not be read of the row, in words."""
    problems = row.given.get("problems", ())
    return " ".join(f"{column}: {words}" if column else words for column, words in problems)


def _order(one: tuple[Said, ListImportRow]) -> tuple[Any, ...]:
    """By what a row says, never by its place, which only tells identical rows apart."""
    said, row = one
    texts = (row.since, row.until, row.status, row.role, row.source, row.name)
    return (-said.weight, *texts, json.dumps(row.given, sort_keys=True), row.number)


def _stands(row: ListImportRow, standing: RowStanding, about: str) -> None:
    row.standing, row.about = standing, about


def ended_now(listing: ListImport) -> dict[str, str]:
    """What changes of a part whose city has left: that it ended. A list cannot tell when."""
    changed = {"ended": Ended.ENDED.value}
    return {**changed, "status": MembershipStatus.LEFT.value} if listing.network_id else changed
