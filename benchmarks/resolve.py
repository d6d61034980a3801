"""How well names of lists are resolved to cities, and how fast.

    .venv/bin/python benchmarks/resolve.py [CSV …] [--without-country] [--accept-above SCORE]

Needs the whole gazetteer (`manage.py load_gazetteer --min-population 500`). Without arguments it measures the
two real lists beside the checkout (`../shared/data/real`), if they are there; else any CSV with columns for
name, country and `geonames_id` (the key), and perhaps `network` (then each network is a list of its own),
`entity_type`, `key_latitude` and `key_longitude` (else the key's point is that of its city in the registry).

The resolver never sees the key: columns called geonames_id, key_…, latitude and longitude are cut out of the
file before it is read. An answer is right when it is the key's city or lies within 10 km of the key's point
(GeoNames has many places twice). “Answerable” are the rows whose key the registry has.

Held out: a row belongs to half A or B by a hash of its name and country, so that the same member in two
networks lies in one half. The weights of registry/exchange/lists/weights.py were fitted on half A
(benchmarks/fit_resolver.py). Half B was only measured. Both halves are shown.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import math
import os
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citynet.settings")

import django  # noqa: E402

django.setup()

from registry.exchange.lists import ACCEPT_ABOVE, Decision, ListRow, Outcome, read_list, resolve  # noqa: E402
from registry.exchange.lists.context import distance  # noqa: E402
from registry.exchange.lists.facts import SAME_PLACE  # noqa: E402
from registry.exchange.lists.places import country_codes, fold  # noqa: E402
from registry.models import City, CityName  # noqa: E402

REAL = ROOT.parent / "shared" / "data" / "real"
HIDDEN = re.compile(r"geonames_?id|key_.*|lat(itude)?|lon(gitude)?|lng", re.IGNORECASE)
NOBODY = (None, "", "NA")
Point = tuple[float, float]


@dataclass(frozen=True)
class Keyed:
    """A row of a list as the resolver sees it, with the key that it does not see."""

    row: ListRow
    network: str
    key: int | None
    point: Point | None

    @property
    def half(self) -> str:
        """A (weights were fitted on it) or B."""
        digest = hashlib.md5((self.row.name + self.row.country).encode(), usedforsecurity=False).digest()
        return "AB"[digest[0] % 2]


@dataclass(frozen=True)
class Known:
    """A city of the registry."""

    key: int
    geonames_id: int | None
    name: str
    country: str
    population: int
    point: Point | None


@dataclass(frozen=True)
class Answer:
    """What a method made of a row: the cities in its order, the first accepted or not, with its score."""

    keyed: Keyed
    accepted: bool
    cities: tuple[int, ...]
    score: float = 1.0


class Registry:
    """The cities, for judging answers and for the simple methods."""

    def __init__(self) -> None:
        fields = ("pk", "geonames_id", "name", "country", "population", "latitude", "longitude")
        self.cities = {
            key: Known(key, number, name, country, population or 0, None if lat is None else (lat, lon))
            for key, number, name, country, population, lat, lon in City.objects.values_list(*fields)
        }
        self.by_number = {city.geonames_id: city for city in self.cities.values() if city.geonames_id}

    def is_right(self, city: int, keyed: Keyed) -> bool:
        """Whether a city is the key's or lies where the key's does."""
        known = self.cities[city]
        if keyed.key is not None and known.geonames_id == keyed.key:
            return True
        if known.point is None or keyed.point is None:
            return False
        return distance(known.point, keyed.point) <= SAME_PLACE

    def names(self, *, only_main: bool) -> dict[tuple[str, str], list[int]]:
        """City keys by country and folded name, the largest first."""
        found: dict[tuple[str, str], set[int]] = defaultdict(set)
        if only_main:
            for city in self.cities.values():
                found[city.country, fold(city.name)].add(city.key)
        else:
            for key, name in CityName.objects.values_list("city", "name").iterator(chunk_size=50_000):
                found[self.cities[key].country, fold(name)].add(key)
        size = {key: (-city.population, key) for key, city in self.cities.items()}
        return {name: sorted(keys, key=size.__getitem__) for name, keys in found.items()}


# --- Reading ------------------------------------------------------------------------------------------


def read(path: Path, registry: Registry, *, without_country: bool) -> list[Keyed]:
    """The rows of a CSV and their keys."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        given = list(csv.DictReader(handle))
    shown = [column for column in given[0] if not HIDDEN.fullmatch(column)]
    text = io.StringIO()
    writer = csv.DictWriter(text, shown, extrasaction="ignore")
    writer.writeheader()
    # A row without a name would be passed over where all else is empty too; none may be lost.
    writer.writerows(given)
    rows = {row.number: row for row in read_list(text.getvalue().encode(), path.name).rows}
    numbered = zip(_line_numbers(text.getvalue()), given, strict=True)
    keyed = []
    for number, cells in numbered:
        row = rows.get(number, ListRow(number, ""))
        row = replace(row, country="", division="") if without_country else row
        key = int(cells["geonames_id"]) if cells.get("geonames_id") not in NOBODY else None
        keyed.append(Keyed(row, cells.get("network") or path.stem, key, _point(cells, key, registry)))
    return keyed


def _line_numbers(text: str) -> Iterator[int]:
    reader = csv.reader(io.StringIO(text, newline=""))
    next(reader)
    number = reader.line_num
    for _ in reader:
        yield number + 1
        number = reader.line_num


def _point(cells: dict[str, str], key: int | None, registry: Registry) -> Point | None:
    if cells.get("key_latitude") not in NOBODY and cells.get("key_longitude") not in NOBODY:
        return float(cells["key_latitude"]), float(cells["key_longitude"])
    city = registry.by_number.get(key or 0)
    return city.point if city else None


# --- Methods ------------------------------------------------------------------------------------------


def by_folded_name(rows: Iterable[Keyed], names: dict[tuple[str, str], list[int]]) -> list[Answer]:
    """Country and folded main name, where one city has it."""
    answers = []
    for keyed in rows:
        found = _in_country(keyed.row, keyed.row.name, names)
        answers.append(Answer(keyed, len(found) == 1, tuple(found)))
    return answers


def simple(
    rows: Iterable[Keyed], tables: Sequence[dict[tuple[str, str], list[int]]], registry: Registry
) -> list[Answer]:
    """Country and folded name, else another name, then bracket and comma parts; the largest if clearly so."""
    answers = []
    for keyed in rows:
        found: list[int] = []
        plain = re.sub(r"\(.*?\)", "", keyed.row.name)
        brackets = re.findall(r"\((.*?)\)", keyed.row.name)
        for part in (keyed.row.name, plain, plain.split(",")[0], *brackets, *plain.split(",")[1:]):
            for names in tables:
                found = found or _in_country(keyed.row, part, names)
        sizes = [registry.cities[city].population for city in found]
        clear = len(found) == 1 or (len(found) > 1 and sizes[0] >= 5 * max(sizes[1], 1))
        answers.append(Answer(keyed, clear, tuple(found)))
    return answers


def _in_country(row: ListRow, name: str, names: dict[tuple[str, str], list[int]]) -> list[int]:
    codes = sorted(country_codes(row.country)) if row.country else []
    return [city for code in codes for city in names.get((code, fold(name)), [])]


def resolved(rows: list[Keyed], accept_above: float) -> list[Answer]:
    """The resolver of the registry, each network as a list of its own."""
    lists: dict[str, list[Keyed]] = defaultdict(list)
    for keyed in rows:
        lists[keyed.network].append(keyed)
    answers = []
    for members in lists.values():
        decisions = resolve([keyed.row for keyed in members], accept_above=accept_above)
        answers += [_answer(keyed, made) for keyed, made in zip(members, decisions, strict=True)]
    return answers


def _answer(keyed: Keyed, made: Decision) -> Answer:
    cities = tuple(candidate.city_id for candidate in made.candidates)
    return Answer(keyed, made.outcome is Outcome.MATCHED, cities, made.score)


# --- Figures ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """The measures of a set of answers."""

    rows: int
    answerable: int
    accepted: int
    wrong: int
    accepted_rightly: int
    in_five: int

    def line(self, name: str) -> str:
        """A row of a Markdown table."""
        of_accepted = 1 - self.wrong / self.accepted if self.accepted else math.nan
        share = self.accepted_rightly / self.answerable if self.answerable else math.nan
        five = self.in_five / self.answerable if self.answerable else math.nan
        return (
            f"| {name} | {self.rows} | {self.answerable} | {self.accepted} | {self.wrong} "
            f"| {of_accepted:.2%} | {share:.1%} | {five:.1%} |"
        )


HEAD = (
    "| {} | rows | answerable | accepted | wrong | right of accepted | accepted rightly of answerable "
    "| in first five of answerable |\n|---|--:|--:|--:|--:|--:|--:|--:|"
)


def figures(answers: Iterable[Answer], registry: Registry) -> Figures:
    """Judge the answers by the key."""
    count: Counter[str] = Counter()
    for answer in answers:
        can = answer.keyed.key in registry.by_number
        right = [registry.is_right(city, answer.keyed) for city in answer.cities[:5]]
        count["rows"] += 1
        count["answerable"] += can
        count["accepted"] += answer.accepted
        count["wrong"] += answer.accepted and not right[0]
        count["accepted_rightly"] += answer.accepted and right[0] and can
        count["in_five"] += can and any(right)
    return Figures(**{name: count[name] for name in Figures.__dataclass_fields__})


def grouped(
    title: str, answers: Iterable[Answer], registry: Registry, key: Callable[[Answer], str]
) -> Iterator[str]:
    """A table with a row for each group, the largest first."""
    groups: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        groups[key(answer)].append(answer)
    yield HEAD.format(title)
    for name, members in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        yield figures(members, registry).line(name or "(none)")


def calibration(answers: Iterable[Answer], registry: Registry) -> Iterator[str]:
    """For each tenth of the score, the mean score and the share right."""
    tenths: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for answer in answers:
        if answer.cities:
            first_is_right = registry.is_right(answer.cities[0], answer.keyed)
            tenths[min(int(answer.score * 10), 9)].append((answer.score, first_is_right))
    yield "| score | rows | mean score | share right |\n|---|--:|--:|--:|"
    for tenth, found in sorted(tenths.items()):
        mean = math.fsum(score for score, _ in found) / len(found)
        right = sum(right for _, right in found) / len(found)
        yield f"| {tenth / 10:.1f} to {tenth / 10 + 0.1:.1f} | {len(found)} | {mean:.3f} | {right:.3f} |"


def worst(answers: Iterable[Answer], registry: Registry, most: int) -> Iterator[str]:
    """The wrong answers with the highest scores, each name once."""
    yield "| score | accepted | name | country | taken for | key |\n|--:|---|---|---|---|---|"
    seen: set[tuple[str, str]] = set()
    for answer in sorted(answers, key=lambda answer: (-answer.score, answer.keyed.row.name)):
        row = answer.keyed.row
        if not answer.cities or registry.is_right(answer.cities[0], answer.keyed):
            continue
        if (row.name, row.country) in seen or len(seen) == most:
            continue
        seen.add((row.name, row.country))
        taken, key = registry.cities[answer.cities[0]], registry.by_number.get(answer.keyed.key or 0)
        meant = f"{key.name} ({key.geonames_id})" if key else f"{answer.keyed.key} (not in the registry)"
        yield (
            f"| {answer.score:.3f} | {'yes' if answer.accepted else 'no'} | {row.name[:60]} | {row.country} "
            f"| {taken.name} ({taken.geonames_id}), {taken.population:,} | {meant} |"
        )


def speed(rows: list[Keyed], most: int = 10_000) -> str:
    """The seconds that one call takes."""
    part = [keyed.row for keyed in rows[:most]]
    start = time.perf_counter()
    resolve(part)
    return f"{len(part):,} rows in one call: {time.perf_counter() - start:.1f} s"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "files", nargs="*", type=Path, help="CSV files with a key; without any, the real lists"
    )
    parser.add_argument("--accept-above", type=float, default=ACCEPT_ABOVE, help="default: %(default)s")
    parser.add_argument("--without-country", action="store_true", help="hide the countries, too")
    parser.add_argument("--errors", type=int, default=50, help="how many of the worst errors to show")
    parser.add_argument("--brief", action="store_true", help="only the first table, calibration and speed")
    options = parser.parse_args()
    files = options.files or sorted(REAL.glob("*.csv"))
    if not files:
        parser.error(f"There are no lists in {REAL}; name a CSV.")
    registry = Registry()
    rows = [k for path in files for k in read(path, registry, without_country=options.without_country)]
    for line in report(rows, registry, options):
        print(line)


def report(rows: list[Keyed], registry: Registry, options: argparse.Namespace) -> Iterator[str]:
    """The lines of the report."""
    answers = resolved(rows, options.accept_above)
    yield f"{len(registry.cities):,} cities; accepted from a score of {options.accept_above}\n"
    yield HEAD.format("method")
    tables = [registry.names(only_main=True), registry.names(only_main=False)]
    yield figures(by_folded_name(rows, tables[0]), registry).line("country and folded name")
    yield figures(simple(rows, tables, registry), registry).line("simple method")
    yield figures(answers, registry).line("**resolver**")
    for half in "AB":
        part = [answer for answer in answers if answer.keyed.half == half]
        yield figures(part, registry).line(f"resolver, half {half}")
    yield ""
    yield from calibration(answers, registry)
    if not options.brief:
        for title, key in (("network", _network), ("country", _country)):
            yield ""
            yield from grouped(title, answers, registry, key)
        yield f"\nThe {options.errors} worst errors\n"
        yield from worst(answers, registry, options.errors)
    yield f"\n{speed(rows)}"


def _network(answer: Answer) -> str:
    return answer.keyed.network


def _country(answer: Answer) -> str:
    return answer.keyed.row.country


if __name__ == "__main__":
    main()
