"""A list from a file to the registry in one go, as the command line does it, and the report on its rows."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from django.db import transaction

from registry.choices import ListOutcome, RowStanding
from registry.exchange.formats.cells import harmless
from registry.exchange.lists import ListFile, resolve
from registry.exchange.lists.apply import Applied, apply_list
from registry.exchange.lists.imports import carry_over, open_list, rows_of
from registry.exchange.lists.plan import plan, unread
from registry.exchange.lists.rosters import Roster, roster_of
from registry.models import City, ListImport, ListImportRow

REPORT = ("row", "name", "decision", "geonames_id", "city", "score", "reason")
STEPS = 3

Advance = Callable[[int, int], None]


@dataclass
class Ran:
    """What came of a list: its rows with their plan, what was applied, and the list of undecided rows."""

    roster: Roster
    rows: list[ListImportRow]
    applied: Applied | None = None
    rest: ListImport | None = None


def dry_run(listing: ListImport, file: ListFile, *, accept_above: float | None, advance: Advance) -> Ran:
    """Plan an unsaved list. Nothing is written."""
    decisions = resolve(file.rows, accept_above=accept_above, network=listing.network)
    advance(1, STEPS)
    planned = plan(listing, rows_of(decisions, file.columns))
    advance(2, STEPS)
    return Ran(roster_of(listing), planned.rows)


def run(
    listing: ListImport,
    file: ListFile,
    *,
    accept_above: float | None,
    publish: bool,
    advance: Advance,
) -> Ran:
    """Keep an unsaved list, apply what is decided of it, and leave the rest open: all or nothing."""
    decisions = resolve(file.rows, accept_above=accept_above, network=listing.network)
    advance(1, STEPS)
    with transaction.atomic():
        planned = open_list(listing, decisions, by=None, columns=file.columns)
        advance(1, STEPS)
        applied = apply_list(listing, by=None, publish=publish)
        rest = carry_over(listing, by=None) if applied.waiting else None
        advance(1, STEPS)
    return Ran(roster_of(listing), planned.rows, applied, rest)


def decision_of(row: ListImportRow, roster: Roster) -> str:
    """What was decided of a row; one whose cells cannot be recorded is invalid, whatever its city."""
    if row.standing != RowStanding.INVALID or (row.mended and not roster.read(row).problem):
        return row.outcome
    return ListOutcome.INVALID.value


def numbers(ran: Ran) -> dict[str, int]:
    """How many rows were decided how, in the order of the words."""
    counted = Counter(decision_of(row, ran.roster) for row in ran.rows)
    return {word: counted[word] for word in ListOutcome.values}


def write_report(file: IO[str], ran: Ran) -> None:
    """One line for each row of the list, in its order."""
    cities = City.objects.in_bulk({row.city_id for row in ran.rows if row.city_id})
    writer = csv.writer(file)
    writer.writerow(REPORT)
    for row in ran.rows:
        city = cities.get(row.city_id or 0)
        known = (city.geonames_id or "", city.pid) if city else ("", "")
        decision = decision_of(row, ran.roster)
        score, reason = f"{row.score:.4f}", harmless(_reason(row, decision))
        writer.writerow([row.number, harmless(row.name), decision, *known, score, reason])


def _reason(row: ListImportRow, decision: str) -> str:
    """Why so, and what could not be read; of a row whose city is known and which is not recorded, why not."""
    if row.standing != RowStanding.INVALID or not row.city_id:
        return " ".join(filter(None, (row.reason, unread(row))))
    return row.about if decision == ListOutcome.INVALID else f"{row.reason} Not recorded: {row.about}"
