"""Cities and their names into the database: new ones by COPY in batches, known ones by comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

from django.db import connection, transaction

from registry.exchange.gazetteer import indexes, statements
from registry.exchange.gazetteer.countries import load_countries, load_divisions
from registry.exchange.gazetteer.places import SMALLEST, Place, addresses, read_places
from registry.exchange.gazetteer.source import COMMANDS, LOADER, is_loaded, record_source
from registry.models import Country
from registry.models.history import attribute_copy

BATCH = 4000
NULL = "\\N"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})
CONNECTIONS = 2
Row = tuple[Any, ...]
Say = Callable[[str], None]
Advance = Callable[[int, int], None]


def _silent(*_: object) -> None:
    pass


def load_gazetteer(min_population: int, *, say: Say = _silent, advance: Advance = _silent) -> int:
    """Load the places from this population on; how many records were added or renewed.

    Batches are committed as they come, so a load that was stopped goes on where it was. `advance` is told
    after each batch how many places it had, and of how many in all.
    """
    indexes.make_missing()
    changed = load_countries() + load_divisions()
    if is_loaded(min_population):
        return changed
    say("Reading the places of GeoNames…")
    places = _of_known_countries(read_places(min_population))
    changed += load_divisions({place.division for place in places if place.division})
    known, removed = _numbers(statements.KNOWN), _numbers(statements.REMOVED)
    here = [place for place in places if place.geonames_id in known]
    if here:
        say(f"Comparing {len(here)} cities with what the registry has…")
        changed += _renew(here)
    new = [place for place in places if place.geonames_id not in known and place.geonames_id not in removed]
    with indexes.made_afterwards(sum(1 + len(place.other_names) for place in new)):
        _add(new, advance)
        say("Making the indexes of names…")
    _prepare_for_questions()
    record_source(min_population)
    return changed + len(new)


def load_cities(only_geonames_ids: Iterable[int]) -> None:
    """Load these cities, small ones included, with their names. Ids that GeoNames lacks are passed over."""
    load_countries()
    known = _numbers(statements.KNOWN)
    wanted = set(only_geonames_ids) - known
    if wanted:
        places = _of_known_countries(read_places(SMALLEST, wanted))
        load_divisions({place.division for place in places if place.division})
        _add(places, _silent)
        record_source()


def _of_known_countries(places: list[Place]) -> list[Place]:
    codes = set(Country.objects.values_list("alpha2", flat=True))
    return [place for place in places if place.country in codes]


def _numbers(sql: str) -> set[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {value for (value,) in cursor.fetchall()}


# --- New cities ----------------------------------------------------------------------------------------


def _add(places: list[Place], advance: Advance) -> None:
    """Add new cities with their names, over two connections unless the caller has a transaction open."""
    batches = _Batches(_rows_in_batches(places))

    def drain() -> None:
        for batch in batches:
            _add_batch(batch)
            advance(len(batch), len(places))

    def drain_in_thread() -> None:
        try:
            drain()
        except BaseException:
            batches.stop()
            raise
        finally:
            connection.close()

    if connection.in_atomic_block or len(places) <= BATCH:
        drain()
        return
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        try:
            for thread in [pool.submit(drain_in_thread) for _ in range(CONNECTIONS)]:
                thread.result()
        finally:
            batches.stop()


class _Batches:
    """One iterator for several threads, which can be stopped."""

    def __init__(self, batches: Iterator[list[Row]]) -> None:
        self._batches = batches
        self._lock = Lock()
        self._stopped = False

    def stop(self) -> None:
        self._stopped = True

    def __iter__(self) -> Iterator[list[Row]]:
        while not self._stopped:
            with self._lock:
                batch = next(self._batches, None)
            if batch is None:
                return
            yield batch


def _rows_in_batches(places: list[Place]) -> Iterator[list[Row]]:
    if not places:
        return
    taken = _numbers(statements.TAKEN)
    with connection.cursor() as cursor:
        cursor.execute(statements.RESERVE, [len(places)])
        keys = [key for (key,) in cursor.fetchall()]
    for start in range(0, len(places), BATCH):
        part = places[start : start + BATCH]
        yield list(zip(keys[start:], addresses(part, taken), part, strict=False))


def _add_batch(rows: list[Row]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        attribute_copy(**LOADER)
        # The last transaction of the load, which records its source, waits for the disk for all of them.
        cursor.execute("SET LOCAL synchronous_commit = off")
        _copy(cursor, statements.COPY_CITIES, (_city_line(key, slug, place) for key, slug, place in rows))
        _copy(cursor, statements.COPY_NAMES, (_name_lines(key, place) for key, _, place in rows))


def _copy(cursor: Any, sql: str, lines: Iterable[str]) -> None:
    # Whole lines, since a call for each of 1.4 million rows costs more than the rows.
    with cursor.copy(sql) as copy:
        copy.write("".join(lines))


def _city_line(key: int, slug: str, place: Place) -> str:
    population = NULL if place.population is None else place.population
    return (
        f"{key}\t{slug}\t{place.geonames_id}\t{_escaped(place.name)}\t{place.country}\t"
        f"{place.division or NULL}\t{place.latitude!r}\t{place.longitude!r}\t{population}\tpublished\n"
    )


def _name_lines(key: int, place: Place) -> str:
    others = "".join(f"{key}\t{_escaped(name)}\talternative\n" for name in place.other_names)
    return f"{key}\t{_escaped(place.name)}\tofficial\n{others}"


def _escaped(text: str) -> str:
    return text if text.isprintable() and "\\" not in text else text.translate(ESCAPES)


# --- Known cities ---------------------------------------------------------------------------------------


def _renew(places: list[Place]) -> int:
    """Bring what changed at GeoNames, except where somebody has touched the city since."""
    with transaction.atomic(), connection.cursor() as cursor:
        attribute_copy(**LOADER)
        cursor.execute(statements.STAGE)
        with cursor.copy(statements.COPY_STAGED) as copy:
            for place in places:
                copy.write_row(place)
        # After a load that was killed the planner knows nothing of a million rows, and joins them for hours.
        cursor.execute(f"ANALYZE gazetteer_place, {statements.COMPARED}")
        cursor.execute(statements.RENEW_CITIES, [list(COMMANDS)])
        renewed = cursor.fetchall()
        cursor.execute(statements.RENEW_NAMES)
        added = cursor.rowcount
        cursor.execute(statements.RENAME, [[key for key, renamed in renewed if renamed]])
        return len(renewed) + added


def _prepare_for_questions() -> None:
    """Tell the planner of the new rows; outside a transaction also make index-only scans possible."""
    with connection.cursor() as cursor:
        vacuum = "" if connection.in_atomic_block else "VACUUM "
        cursor.execute(f"{vacuum}ANALYZE registry_city, registry_cityname")
