"""What speaks for and against each candidate of a row, by the names of the weights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from os.path import commonprefix

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from registry.choices import CityKind
from registry.exchange.lists.alike import by_ear, likeness
from registry.exchange.lists.candidates import Hit, countries_of
from registry.exchange.lists.context import Context, distance
from registry.exchange.lists.names import Reading, Via
from registry.exchange.lists.places import Place, fold, letters
from registry.exchange.lists.rows import ListRow
from registry.exchange.lists.words import TOWN, kinds_of_name

LATE = 7_000_000  # GeoNames ids from about 2010 on
SMALLEST = 300  # inhabitants taken where GeoNames knows none: such places are listed as seats of government
LISTED = 500  # smaller places are in the gazetteer as seats of government only
NEAR, FAR, SAME_PLACE, SEAT, COMPANION = 10.0, 50.0, 10.0, 60.0, 15.0
OVERSHADOWED = 5
UNRELATED = 0.5
RARE = 0.1  # of its share in the list: a namesake in so rare a country is not measured by
MOST_EDITS = 8
ENDING = 3  # letters that a case may add or change

_VIA = {
    Via.TONGUE: "tongue",
    Via.PLAIN: "plain",
    Via.STRIPPED: "stripped",
    Via.PART: "part",
    Via.FIRST: "first",
    Via.WORDS: "words",
    Via.SEAT: "seat",
}


def facts(
    row: ListRow,
    reading: Reading,
    hit: Hit,
    hits: Sequence[Hit],
    context: Context,
    shares: Mapping[str, float],
) -> dict[str, float]:
    """What speaks for and against a candidate among all of a row, by the names of WEIGHTS.

    `shares` is how common each country is in the list, for a row that names none; else empty.
    """
    return {
        **_by_name(reading, hit, hits),
        **_by_share(row, reading, hit),
        **_by_place(row, reading, hit, context),
        **_by_kind(reading, hit),
        **_by_size(hit, context),
        **_among(reading, hit, hits, shares),
        **_by_list(hit, context),
        **({"number": 1.0} if row.geonames_id and row.geonames_id == str(hit.geonames_id) else {}),
    }


def point(hit: Hit) -> tuple[float, float] | None:
    """Where a candidate lies."""
    return None if hit.latitude is None or hit.longitude is None else (hit.latitude, hit.longitude)


def is_exact(hit: Hit) -> bool:
    """Whether the city bears the name sought, no longer and no other."""
    return hit.likeness == 1 and not hit.begins


def is_sure(reading: Reading, hit: Hit) -> bool:
    """Whether the whole name is found in the country that the row names."""
    return is_exact(hit) and hit.via <= Via.PLAIN and hit.country in reading.place.countries


def size(hit: Hit) -> float:
    """The logarithm of its inhabitants."""
    return math.log10(max(hit.population or 0, SMALLEST))


def _renown(hit: Hit) -> float:
    return math.log10(max(hit.names, 1))


# --- The name ------------------------------------------------------------------------------------------


def _by_name(reading: Reading, hit: Hit, hits: Sequence[Hit]) -> dict[str, float]:
    found = {_VIA[hit.via]: 1.0} if hit.via in _VIA else {}
    if hit.via == Via.SEAT:
        return found
    if not hit.wanted:  # found by its number alone
        alike = max(fuzz.ratio(fold(text), fold(hit.city_name)) for text in (*reading.variants, ""))
        return {"unlike": 100 - alike}
    found["long"] = min(len(hit.wanted), 25) / 10
    if hit.begins:
        found["longer"] = 1.0
        if fold(hit.name).startswith(fold(hit.wanted) + " "):
            found["goes on"] = 1.0
        if any(is_exact(other) and other.via <= Via.PLAIN and other.country == hit.country for other in hits):
            found["longer than another"] = 1.0
    elif hit.likeness < 1:
        found.update(_unlike(hit))
    elif letters(hit.name) in reading.letters:
        found["to the letter"] = 1.0
    if not hit.is_main:
        found["alternative"] = 1.0
        if likeness(hit.city_name, hit.wanted) < UNRELATED:
            found["quite another name"] = 1.0
    if len(reading.halves) == 2 and reading.halves <= {" ".join(text.split()) for text in hit.bears}:
        found["both"] = 1.0
    return found


def _by_share(row: ListRow, reading: Reading, hit: Hit) -> dict[str, float]:
    """How much of the longer of two names the shorter one covers."""
    found: dict[str, float] = {}
    if hit.begins:
        found["rest of its name"] = 1 - len(hit.wanted) / max(len(fold(hit.name)), len(hit.wanted), 1)
    if Via.PLAIN <= hit.via < Via.SEAT and hit.wanted:
        found["rest of the name"] = 1 - len(hit.wanted) / max(len(fold(row.name)), len(hit.wanted))
        if " ".join(hit.wanted.split()) in reading.halves:
            found["half"] = 1.0
            if fold(row.name).startswith(hit.wanted):
                found["first half"] = 1.0
    return found


def _unlike(hit: Hit) -> dict[str, float]:
    name, wanted = fold(hit.name), fold(hit.wanted)
    heard, sought = by_ear(hit.name), by_ear(hit.wanted)
    if heard == sought:
        return {"alike by ear": 1.0}
    found = {
        "unlike": (1 - likeness(hit.name, hit.wanted)) * 100,
        "edits": float(min(Levenshtein.distance(name, wanted), MOST_EDITS)),
    }
    if name[:1] != wanted[:1]:
        found["other initial"] = 1.0
    stem = len(commonprefix((heard, sought)))
    if stem > ENDING and max(len(heard), len(sought)) - stem <= ENDING:
        found["other ending"] = 1.0
    return found


# --- The place -----------------------------------------------------------------------------------------


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


def _by_seat(place: Place, hit: Hit, context: Context) -> dict[str, float]:
    here = point(hit)
    points = [context.seats[seat] for seat in place.seats if seat in context.seats and seat[0] == hit.country]
    if not points or not here:
        return {}
    near = min(distance(here, seat) for seat in points) <= SEAT
    return {"near seat" if near else "far from seat": 1.0}


# --- What the city is ----------------------------------------------------------------------------------


def _by_kind(reading: Reading, hit: Hit) -> dict[str, float]:
    wanted = reading.kinds if reading.kinds is not None else reading.words
    kind = CityKind(hit.kind)
    if wanted is None or wanted & TOWN:
        return {"other kind": 1.0} if kind not in TOWN and wanted is not None else {}
    return {"like kind": 1.0} if kind in wanted else {}


def _by_size(hit: Hit, context: Context) -> dict[str, float]:
    found = {
        "large": size(hit) - 3,
        "known": _renown(hit),
        "late record": float((hit.geonames_id or 0) >= LATE),
        "as large as others": (size(hit) - 4) * (context.size - 4),
    }
    here = point(hit)
    if here and hit.population and context.largest_near(here) >= OVERSHADOWED * hit.population:
        found["quarter"] = 1.0
        found["late quarter"] = found["late record"]
    if (hit.population or 0) < LISTED:
        found["listed as a seat"] = 1.0
    return found


# --- The other candidates ------------------------------------------------------------------------------


def _rivals(reading: Reading, hit: Hit, hits: Sequence[Hit], shares: Mapping[str, float]) -> list[Hit]:
    """The candidates to measure one by, itself among them: found as surely, and as likely of its country."""
    rare = shares.get(hit.country, 0.0) * RARE
    return [
        other
        for other in hits
        if other.via <= hit.via
        and other.likeness >= hit.likeness
        and other.begins <= hit.begins
        and (other.country == hit.country or not reading.place.countries)
        and shares.get(other.country, 0.0) >= rare
    ]


def _among(reading: Reading, hit: Hit, hits: Sequence[Hit], shares: Mapping[str, float]) -> dict[str, float]:
    """How it compares with the other candidates."""
    exact = is_exact(hit)
    rivals = _rivals(reading, hit, hits, shares)
    smaller = size(hit) - max(map(size, rivals))
    found = {
        "size": smaller,
        "dwarfed": min(smaller + 1, 0.0),
        "renown": _renown(hit) - max(map(_renown, rivals)),
    }
    if exact and not hit.is_main and any(other.is_main and is_exact(other) for other in rivals):
        found["not the one of the name"] = 1.0
    if exact and hit.via <= Via.PLAIN:
        longer = [size(other) for other in hits if other.begins and other.country == hit.country]
        found["outgrown"] = min(max([0.0, *(other - size(hit) for other in longer)]), 2.0)
    here = point(hit)
    if Via.PART <= hit.via < Via.SEAT and here:
        others = (point(other) for other in hits if other.wanted != hit.wanted and other.via >= Via.PART)
        if any(other and distance(here, other) <= COMPANION for other in others):
            found["companion"] = 1.0
    return found


def _by_list(hit: Hit, context: Context) -> dict[str, float]:
    found = {"neighbours": math.log(context.share_within(hit.division, hit.country))}
    if hit.city_id in context.members:
        found["member"] = 1.0
    return found


# --- None of them --------------------------------------------------------------------------------------


def has_such_words(hit: Hit) -> bool:
    """Whether a candidate has in its own name the words that elsewhere speak of a body that is no town."""
    return is_exact(hit) and (hit.via == Via.WHOLE or kinds_of_name(hit.wanted) is not None)


def none_facts(row: ListRow, reading: Reading, hits: Sequence[Hit], context: Context) -> dict[str, float]:
    """What speaks for none of the candidates, by the names of NONE.

    Words of the name count only where no candidate has them in its own name (Union City, Grand Rapids) and
    none is of the kind they speak of.
    """
    found = {"always": 1.0}
    if is_other_body(reading, hits):
        found["body by type" if reading.is_body_by_type else "body by words"] = 1.0
    found["missing"] = math.log(context.share_missing(reading.place.countries))
    if row.geonames_id:
        numbered = [hit for hit in hits if row.geonames_id == str(hit.geonames_id)]
        if not any(hit.wanted for hit in numbered):
            found["number of another" if numbered else "number unknown"] = 1.0
    if reading.several:
        found["several"] = 1.0
    if not reading.place.countries and not reading.told:
        found["no country"] = context.mixed
    return found


def is_other_body(reading: Reading, hits: Sequence[Hit]) -> bool:
    """Whether the row speaks of a body that is no town, and no candidate is of its kind or has its name."""
    kinds = {CityKind(hit.kind) for hit in hits}
    if reading.is_body_by_type:
        return not kinds & (reading.kinds or frozenset())
    return reading.words is not None and not kinds & reading.words and not any(map(has_such_words, hits))
