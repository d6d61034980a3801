"""How likely each candidate is: a sum of named weights, as probabilities that leave room for “none”."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from rapidfuzz import fuzz

from registry.choices import CityKind
from registry.exchange.lists.candidates import Hit, countries_of
from registry.exchange.lists.names import Reading, Via
from registry.exchange.lists.places import Place, fold, letters
from registry.exchange.lists.rows import ListRow
from registry.exchange.lists.words import TOWN, kinds_of_name

# What each fact adds to the logarithm of a candidate's odds, with the reason. Fitted on half of the measured
# lists (benchmarks/resolve.py says how), rounded, and set by hand where those lists say nothing.
WEIGHTS: dict[str, float] = {
    "plain": -3.7,  # the name without its bracket or what follows the comma is less sure than the whole
    "stripped": 0.12,  # and so is what remains without “City of”
    "tongue": -0.19,  # one side of a stroke: Renaix/Ronse
    "part": -1.5,  # a bracket may name the seat, the region or a second town
    "first": -3.2,  # the first words of a longer name
    "words": -3.7,  # other words of it are mostly chance
    "companion": 2.2,  # a second part of the name is a place within 15 km (merged towns)
    "alternative": -1.2,  # another name than the city's main one
    "to the letter": 0.41,  # accents and all
    "unlike": -0.29,  # each hundredth of letters that differ
    "other initial": -0.36,  # typing errors seldom begin a name
    "longer": 0.52,  # the row's name is a part of the city's; no city has it alone
    "alike by ear": 1.6,  # it differs in letters that languages write differently
    "size": 1.3,  # each tenfold of inhabitants above the largest candidate: lists name the larger namesake
    "renown": 1.4,  # the same of known names
    "large": 0.17,  # each tenfold of inhabitants above 1,000
    "known": 0.48,  # each tenfold of known names
    "late record": -1.3,  # GeoNames' later records are mostly quarters and hamlets
    "long": 1.4,  # each ten letters of the name: long names have few namesakes
    "related": -2.6,  # a country whose places some lists give to the one said
    "elsewhere": -9.0,  # another country than the row says
    "mix": 1.0,  # the logarithm of how common the country is in the list, for rows that name none
    "told": 3.0,  # in the state or country that the name mentions
    "not told": -4.0,  # or not in it
    "division": 3.0,  # in the division that the row's own column says
    "not division": -5.0,
    "near seat": 2.5,  # near the town that its province is called after
    "far from seat": -2.5,
    "near": 4.0,  # within 10 km of the coordinates in the row
    "far": -6.0,  # beyond 50 km
    "number": 8.0,  # the row gives its GeoNames number
    "member": 1.5,  # already a member of the network
    "neighbours": 0.29,  # the logarithm of its division's share among the list's cities of the country
    "like kind": 2.0,  # a county for a county
    "other kind": -4.0,  # a town for a county
}
# The same for the possibility that none of the candidates is meant.
NONE: dict[str, float] = {
    "always": -2.8,
    "body by type": 6.0,  # the type says it is no town
    "body by words": 6.0,  # the name speaks of a region, a union…
    "number unknown": 6.0,  # the row gives a GeoNames number that no city has
    "number of another": 6.0,  # or one that a city with another name has
    "several": 3.0,  # it lists several towns
    "no country": 1.0,  # nothing says where it lies
    "missing": 0.39,  # the logarithm of the share of the list's names of the country that are not found
}
UNSEEN = 100  # countries not seen in a list, about
LATE = 7_000_000  # GeoNames ids from about 2010 on
SMALLEST = 300  # inhabitants taken where GeoNames knows none: such places are listed as seats of government
NEAR, FAR, SAME_PLACE, SEAT, COMPANION = 10.0, 50.0, 10.0, 60.0, 15.0
EARTH = 6371.0


@dataclass(frozen=True)
class Context:
    """What the list as a whole tells: the shares of countries and divisions among its cities."""

    countries: Mapping[str, float] = field(default_factory=dict)
    divisions: Mapping[str, float] = field(default_factory=dict)
    members: frozenset[int] = frozenset()
    missing: Mapping[str, float] = field(default_factory=dict)
    seats: Mapping[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def share(self, country: str) -> float:
        """How common the country is, measured by the list's commonest.

        Countries not seen share what is likely to be new in the list: as much as it has of those seen once.
        """
        once = math.fsum(count for count in self.countries.values() if count <= 1)
        unseen = (once + 0.5) / UNSEEN
        most = max(self.countries.values(), default=0.0)
        return (self.countries.get(country, 0.0) + unseen) / (most + unseen)

    def without(self, countries: Mapping[str, float]) -> Context:
        """The same list without these counts of countries."""
        left = {code: max(count - countries.get(code, 0.0), 0.0) for code, count in self.countries.items()}
        return replace(self, countries=left)

    def share_missing(self, countries: Iterable[str]) -> float:
        """The share of these countries' names that are not found there; a tenth before any is seen."""
        total = math.fsum(self.countries.get(country, 0.0) for country in countries)
        return (math.fsum(self.missing.get(country, 0.0) for country in countries) + 1) / (total + 10)

    def share_within(self, division: str, country: str) -> float:
        """The division's share of the list's cities of its country."""
        total = self.countries.get(country, 0.0)
        return (self.divisions.get(division, 0.0) + 1) / (total + 20)


def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Kilometres between two points, each latitude and longitude in degrees."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(x), math.radians(y)) for x, y in (a, b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(h)))


def point(hit: Hit) -> tuple[float, float] | None:
    """Where a candidate lies."""
    return None if hit.latitude is None or hit.longitude is None else (hit.latitude, hit.longitude)


def facts(
    row: ListRow, reading: Reading, hit: Hit, hits: Sequence[Hit], context: Context
) -> dict[str, float]:
    """What speaks for and against a candidate among all of a row, by the names of WEIGHTS."""
    return {
        **_by_name(reading, hit),
        **_by_place(row, reading, hit, context),
        **_by_kind(reading, hit),
        **_among(reading, hit, hits),
        "neighbours": math.log(context.share_within(hit.division, hit.country)),
        **({"member": 1.0} if hit.city_id in context.members else {}),
        **({"number": 1.0} if row.geonames_id and row.geonames_id == str(hit.geonames_id) else {}),
    }


def _size(hit: Hit) -> float:
    return math.log10(max(hit.population or 0, SMALLEST)) - 3


def _renown(hit: Hit) -> float:
    return math.log10(max(hit.names, 1))


def _among(reading: Reading, hit: Hit, hits: Sequence[Hit]) -> dict[str, float]:
    """How it compares with the other candidates: those of its country, where the row names one."""
    rivals = [
        other
        for other in hits
        if other.via <= hit.via and (not reading.place.countries or other.country == hit.country)
    ]
    found = {
        "size": _size(hit) - max(map(_size, rivals)),
        "renown": _renown(hit) - max(map(_renown, rivals)),
        "large": _size(hit),
        "known": _renown(hit),
        "late record": float((hit.geonames_id or 0) >= LATE),
        "long": min(len(hit.wanted), 25) / 10,
    }
    here = point(hit)
    if hit.via >= Via.PART and here:
        others = (point(other) for other in hits if other.wanted != hit.wanted and other.via >= Via.PART)
        if any(other and distance(here, other) <= COMPANION for other in others):
            found["companion"] = 1.0
    return found


_VIA = {
    Via.TONGUE: "tongue",
    Via.PLAIN: "plain",
    Via.STRIPPED: "stripped",
    Via.PART: "part",
    Via.FIRST: "first",
    Via.WORDS: "words",
}


_EAR = (
    ("ph", "f"), ("kh", "h"), ("ch", "h"), ("zh", "z"), ("sh", "s"), ("ts", "c"), ("tz", "c"), ("ou", "u"),
    ("ck", "k"), ("q", "k"), ("w", "v"), ("y", "i"), ("j", "i"), ("x", "h"), ("gh", "g"), ("th", "t"),
)  # fmt: skip


@cache
def by_ear(text: str) -> str:
    """A name without what languages write differently: `Chaidári` and `Haidari` are alike."""
    plain = fold(text).replace(" ", "")
    for written, heard in _EAR:
        plain = plain.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", plain)


def _by_name(reading: Reading, hit: Hit) -> dict[str, float]:
    found = {_VIA[hit.via]: 1.0} if hit.via in _VIA else {}
    if not hit.wanted:  # found by its number alone
        likeness = max(fuzz.ratio(fold(text), fold(hit.city_name)) for text in (*reading.variants, ""))
        return {"unlike": 100 - likeness}
    if hit.begins:
        found["longer"] = 1.0
    elif hit.likeness < 1:
        found["unlike"] = (1 - hit.likeness) * 100
        if by_ear(hit.name) == by_ear(hit.wanted):
            found["alike by ear"] = 1.0
        elif fold(hit.name)[:1] != fold(hit.wanted)[:1]:
            found["other initial"] = 1.0
    if hit.likeness == 1 and letters(hit.name) in reading.letters:
        found["to the letter"] = 1.0
    if not hit.is_main:
        found["alternative"] = 1.0
    return found


def _by_place(row: ListRow, reading: Reading, hit: Hit, context: Context) -> dict[str, float]:
    found: dict[str, float] = {}
    if reading.place.countries and hit.country not in reading.place.countries:
        found["related" if hit.country in countries_of(reading) else "elsewhere"] = 1.0
    for place, yes, no in ((reading.told, "told", "not told"), (reading.place, "division", "not division")):
        if place.divisions or (place is reading.told and place.countries):
            agrees = hit.division in place.divisions or (
                place is reading.told and hit.country in place.countries
            )
            found[yes if agrees else no] = 1.0
    found.update(_by_seat(reading.told | reading.place, hit, context))
    here = point(hit)
    if row.latitude is not None and row.longitude is not None and here:
        away = distance((row.latitude, row.longitude), here)
        if away <= NEAR or away >= FAR:
            found["near" if away <= NEAR else "far"] = 1.0
    return found


def _add_mix(every: Sequence[dict[str, float]], hits: Sequence[Hit], context: Context) -> None:
    """Adds how common each candidate's country is in the list, measured by the commonest among them.

    It weighs candidates against each other: a name that one city has is not less sure in a mixed list.
    """
    shares = {country: context.share(country) for country in {hit.country for hit in hits}}
    most = max(shares.values(), default=1.0)
    for values, hit in zip(every, hits, strict=True):
        values["mix"] = math.log(shares[hit.country] / most)


def _by_seat(place: Place, hit: Hit, context: Context) -> dict[str, float]:
    here = point(hit)
    points = [context.seats[seat] for seat in place.seats if seat in context.seats and seat[0] == hit.country]
    if not points or not here:
        return {}
    near = min(distance(here, seat) for seat in points) <= SEAT
    return {"near seat" if near else "far from seat": 1.0}


def _by_kind(reading: Reading, hit: Hit) -> dict[str, float]:
    wanted = reading.kinds if reading.kinds is not None else reading.words
    kind = CityKind(hit.kind)
    if wanted is None or wanted & TOWN:
        return {"other kind": 1.0} if kind not in TOWN and wanted is not None else {}
    return {"like kind": 1.0} if kind in wanted else {}


def has_such_words(hit: Hit) -> bool:
    """Whether a candidate has in its own name the words that elsewhere speak of a body that is no town."""
    exact = hit.likeness == 1 and not hit.begins
    return exact and (hit.via == Via.WHOLE or kinds_of_name(hit.wanted) is not None)


def none_facts(row: ListRow, reading: Reading, hits: Sequence[Hit], context: Context) -> dict[str, float]:
    """What speaks for none of the candidates, by the names of NONE.

    Words of the name count only where no candidate has them in its own name (Union City, Grand Rapids) and
    none is of the kind they speak of.
    """
    found = {"always": 1.0}
    kinds = {CityKind(hit.kind) for hit in hits}
    if reading.kinds is not None and not reading.kinds & TOWN and not kinds & reading.kinds:
        found["body by type"] = 1.0
    if reading.words is not None and not kinds & reading.words and not any(map(has_such_words, hits)):
        found["body by words"] = 1.0
    found["missing"] = math.log(context.share_missing(reading.place.countries))
    if row.geonames_id:
        numbered = [hit for hit in hits if row.geonames_id == str(hit.geonames_id)]
        if not any(hit.wanted for hit in numbered):
            found["number of another" if numbered else "number unknown"] = 1.0
    if reading.several:
        found["several"] = 1.0
    if not reading.place.countries and not reading.told:
        found["no country"] = 1.0
    return found


def _sum(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    return math.fsum(weights[name] * value for name, value in values.items())


def probabilities(
    row: ListRow, reading: Reading, hits: Sequence[Hit], context: Context
) -> tuple[list[float], list[dict[str, float]]]:
    """The probability of each candidate, and the facts it rests on."""
    every = [facts(row, reading, hit, hits, context) for hit in hits]
    if not reading.place.countries and not reading.told:
        _add_mix(every, hits, context)
    logs = [_sum(values, WEIGHTS) for values in every]
    nothing = _sum(none_facts(row, reading, hits, context), NONE)
    top = max([nothing, *logs])
    odds = [math.exp(value - top) for value in logs]
    total = math.fsum([*odds, math.exp(nothing - top)])
    return [value / total for value in odds], every
