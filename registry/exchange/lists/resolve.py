"""Which city each row of a list means: found by SQL, weighed by what the row and the whole list say."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from registry.exchange.lists.candidates import Hit, find, large_cities, seat_points
from registry.exchange.lists.context import Context, around, distance, usual_size
from registry.exchange.lists.facts import SAME_PLACE, is_exact, is_other_body, is_sure, point, size
from registry.exchange.lists.names import Reading, Via, read_row
from registry.exchange.lists.places import fold
from registry.exchange.lists.published import published_alone
from registry.exchange.lists.reasons import why, why_not
from registry.exchange.lists.rows import Candidate, Decision, ListRow, Outcome
from registry.exchange.lists.score import probabilities
from registry.exchange.lists.taught import as_taught, look_up
from registry.models import Membership, Network

# The score from which a row is accepted unasked: so high that fewer than 0.7% of what is accepted of the
# measured lists is wrong, most of that the key's own error (docs/resolving.md).
ACCEPT_ABOVE = 0.95
WORTH_SHOWING = 0.01
MOST_SHOWN = 8


def resolve_in_public(rows: Sequence[ListRow], *, accept_above: float | None = None) -> list[Decision]:
    """The decision on each row for everybody: among published cities alone, without what staff taught."""
    with published_alone():
        return _resolved(rows, accept_above, None, taught=False)


def resolve(
    rows: Sequence[ListRow], *, accept_above: float | None = None, network: Network | None = None
) -> list[Decision]:
    """The decision on each row, in the order of the rows; it does not depend on that order.

    What staff taught for lists of `network` (without one, of joint policies) comes first.
    `accept_above` is the least score, from 0 to 1, of a row that is accepted unasked. The members that
    `network` has already tell what its lists are like. A constant number of queries.

    A row without a name is invalid. Problems in other cells do not hinder resolving: they stay with the row.
    """
    return _resolved(rows, accept_above, network, taught=True)


def _resolved(
    rows: Sequence[ListRow], accept_above: float | None, network: Network | None, *, taught: bool
) -> list[Decision]:
    least = ACCEPT_ABOVE if accept_above is None else accept_above
    distinct = {_key(row): row for row in rows}
    keys = sorted(key for key, row in distinct.items() if fold(row.name))
    named = [distinct[key] for key in keys]
    decided = {key: _decide(one, least) for key, one in zip(keys, candidates_of(named, network), strict=True)}
    for place, city in look_up(named, network).items() if taught else ():
        decided[keys[place]] = as_taught(decided[keys[place]], city)
    return [_for_row(row, decided.get(_key(row))) for row in rows]


@dataclass(frozen=True)
class Readied:
    """A row with all that its decision rests on."""

    row: ListRow
    reading: Reading
    hits: Sequence[Hit]
    context: Context


def candidates_of(rows: Sequence[ListRow], network: Network | None = None) -> list[Readied]:
    """The rows of one list, each named and none twice, with their candidates and what the list tells."""
    readings = [read_row(row) for row in rows]
    hits = find(readings, [_number(row) for row in rows])
    context, own = _context(rows, readings, hits, network)
    return [
        Readied(row, reading, found, context.without(mine) if mine else context)
        for row, reading, found, mine in zip(rows, readings, hits, own, strict=True)
    ]


def _key(row: ListRow) -> tuple[str, ...]:
    """What a decision rests on."""
    point = (row.latitude, row.longitude)
    return (row.name, row.country, row.division, row.entity_type, row.geonames_id, *map(repr, point))


def _number(row: ListRow) -> int | None:
    return int(row.geonames_id) if row.geonames_id.isascii() and row.geonames_id.isdigit() else None


def _for_row(row: ListRow, decision: Decision | None) -> Decision:
    if decision is None:
        return Decision(row=row, outcome=Outcome.INVALID, reason="There is no name in this row.")
    return Decision(row, decision.outcome, decision.score, decision.reason, decision.candidates)


# --- The list as a whole -------------------------------------------------------------------------------


def _context(
    rows: Sequence[ListRow],
    readings: Sequence[Reading],
    hits: Sequence[Sequence[Hit]],
    network: Network | None,
) -> tuple[Context, list[dict[str, float]]]:
    """What the list says of itself, first from the rows that name their country, then from all.

    Also what each row added to the counts of countries, since it must not confirm itself.
    """
    members = _members(network)
    counted: Counter[str] = Counter(country for _, country, _ in members)
    divisions: Counter[str] = Counter(division for _, _, division in members if division)
    missing: Counter[str] = Counter()
    alone: list[Hit] = []
    for reading, found in zip(readings, hits, strict=True):
        sure = [hit for hit in found if is_sure(reading, hit)]
        counted.update(reading.place.countries)
        if not sure:
            missing.update(reading.place.countries)
        elif len(sure) == 1:
            divisions[sure[0].division] += 1
            alone += sure
    said = Context(
        countries=dict(counted),
        divisions=dict(divisions),
        missing=dict(missing),
        members=frozenset(key for key, _, _ in members),
        seats=seat_points(seat for reading in readings for seat in (reading.place | reading.told).seats),
        size=usual_size(map(size, alone)),
        large=around(large_cities()),
    )
    return _with_unlabelled(said, rows, readings, hits)


def _members(network: Network | None) -> list[tuple[int, str, str | None]]:
    if network is None or network.pk is None:
        return []
    members = Membership.objects.present().filter(network=network).order_by()
    return list(members.values_list("city", "city__country", "city__division").distinct())


def _with_unlabelled(
    said: Context, rows: Sequence[ListRow], readings: Sequence[Reading], hits: Sequence[Sequence[Hit]]
) -> tuple[Context, list[dict[str, float]]]:
    """Adds, by their probability, the countries of rows that name none; and what each row itself added."""
    countries: dict[str, list[float]] = {}
    divisions: dict[str, list[float]] = {}
    own: list[dict[str, float]] = []
    for row, reading, found in zip(rows, readings, hits, strict=True):
        mine: dict[str, list[float]] = {}
        if not reading.place.countries:
            for hit, chance in zip(found, probabilities(row, reading, found, said)[0], strict=True):
                mine.setdefault(hit.country, []).append(chance)
                divisions.setdefault(hit.division, []).append(chance)
        own.append(_sums({}, mine))
        for country, chances in mine.items():
            countries.setdefault(country, []).extend(chances)
    if not countries:
        return said, own
    counted, placed = _sums(said.countries, countries), _sums(said.divisions, divisions)
    return replace(said, countries=counted, divisions=placed), own


def _sums(known: Mapping[str, float], more: Mapping[str, list[float]]) -> dict[str, float]:
    # An exact sum: in another order of the rows it is the same to the last bit.
    return {key: math.fsum((known.get(key, 0.0), *more.get(key, ()))) for key in {*known, *more}}


# --- One row -------------------------------------------------------------------------------------------


def _decide(one: Readied, least: float) -> Decision:
    row, reading, hits = one.row, one.reading, one.hits
    chances, facts = probabilities(row, reading, hits, one.context)
    order = sorted(range(len(hits)), key=lambda index: (-chances[index], hits[index].city_id))
    scores = _with_twins([hits[index] for index in order], [chances[index] for index in order])
    shown = [
        _candidate(hits[index], score, why(row, reading, hits[index], facts[index]))
        for index, score in list(zip(order, scores, strict=True))[:MOST_SHOWN]
    ]
    if not shown:
        return Decision(row, Outcome.UNMATCHED, 0.0, why_not(row, reading, hits))
    best = shown[0]
    unsure = reading.several or is_other_body(reading, hits) or _is_elsewhere(row, reading, best)
    if best.score >= least and not unsure:
        return Decision(row, Outcome.MATCHED, best.score, best.reason, tuple(shown))
    outcome = Outcome.AMBIGUOUS if best.score >= WORTH_SHOWING else Outcome.UNMATCHED
    return Decision(row, outcome, best.score, why_not(row, reading, hits), tuple(shown))


def _is_elsewhere(row: ListRow, reading: Reading, best: Candidate) -> bool:
    """Whether the row names a country that nobody knows, and no number that says which city is meant."""
    return bool(reading.unknown_country) and row.geonames_id != str(best.geonames_id)


def _with_twins(hits: Sequence[Hit], chances: Sequence[float]) -> list[float]:
    """The score of each, best first: the best has those of others that mean its place added to its own."""
    if not hits:
        return []
    twins = [
        chance for hit, chance in zip(hits[1:], chances[1:], strict=True) if _is_same_place(hits[0], hit)
    ]
    return [min(math.fsum((chances[0], *twins)), 1.0), *chances[1:]]


def _is_same_place(best: Hit, other: Hit) -> bool:
    """Whether two candidates lie together and were found in one way, so that either may stand for the place.

    GeoNames often has a town and its municipality as two records, a municipality only as its villages
    (Quévy), and two towns that became one (Filothei-Psychiko) as they were.
    """
    here, there = point(best), point(other)
    if here is None or there is None or distance(here, there) > SAME_PLACE:
        return False
    if best.division != other.division:
        return False
    if best.begins and other.begins:
        return best.wanted == other.wanted and best.is_main and other.is_main
    if Via.PART <= best.via < Via.SEAT and Via.PART <= other.via < Via.SEAT:
        return best.wanted != other.wanted or (is_exact(best) and is_exact(other))
    return is_exact(best) and is_exact(other)


def _candidate(hit: Hit, score: float, reason: str) -> Candidate:
    return Candidate(
        city_id=hit.city_id,
        geonames_id=hit.geonames_id,
        name=hit.city_name,
        country=hit.country,
        population=hit.population,
        latitude=hit.latitude,
        longitude=hit.longitude,
        score=round(score, 4),
        reason=reason,
    )
