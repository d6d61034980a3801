"""Why a candidate is likely, or why no row was accepted, in words for staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from registry.exchange.lists.candidates import Hit
from registry.exchange.lists.facts import is_exact, is_other_body
from registry.exchange.lists.names import Reading, Via
from registry.exchange.lists.rows import ListRow

FOUND_BY = {
    Via.WHOLE: "the name as written",
    Via.TONGUE: "one side of the stroke",
    Via.PLAIN: "the name without its bracket or what follows the comma",
    Via.STRIPPED: "the name without its title",
    Via.PART: "a part of the name",
    Via.FIRST: "the first words of the name",
    Via.WORDS: "a word of the name",
}
SAYS = {
    "related": "in a territory that some lists give to the country in the row",
    "elsewhere": "in another country than the row says",
    "told": "where the name says",
    "not told": "not where the name says",
    "division": "in the division in the row",
    "not division": "not in the division in the row",
    "near seat": "near the town its province is called after",
    "far from seat": "far from the town its province is called after",
    "near": "at the coordinates in the row",
    "far": "far from the coordinates in the row",
    "number": "with the GeoNames number in the row",
    "member": "a member of the network already",
    "both": "both parts of the name are its names",
    "like kind": "of the kind the row speaks of",
    "other kind": "not of the kind the row speaks of",
}


def why(row: ListRow, reading: Reading, hit: Hit, facts: Mapping[str, float]) -> str:
    """What speaks for and against a candidate, as one phrase."""
    said = [_of_name(hit), *(words for fact, words in SAYS.items() if fact in facts)]
    if hit.country in reading.place.countries:
        said.insert(1, "in the country in the row")
    elif reading.unknown_country:
        said.insert(1, "the country in the row is none that is known")
    elif not reading.place.countries and not reading.told:
        said.insert(1, "the row names no country")
    if hit.population:
        said.append(f"{hit.population:,} inhabitants")
    return "; ".join(said) + "."


def _of_name(hit: Hit) -> str:
    if hit.via is Via.SEAT:
        return "one of the largest towns of the region or country that the row speaks of"
    if not hit.wanted:
        return "found by its number, under another name"
    by = FOUND_BY[hit.via]
    if hit.begins:
        return f"{by} is part of “{hit.name}”"
    if hit.likeness < 1:
        return f"{by} is {hit.likeness:.0%} like “{hit.name}”"
    return f"{by} is its name" if hit.is_main else f"{by} is its other name “{hit.name}”"


def why_not(row: ListRow, reading: Reading, hits: Sequence[Hit]) -> str:
    """Why a row was not accepted."""
    if row.geonames_id and not any(row.geonames_id == str(hit.geonames_id) for hit in hits):
        return "No city has the GeoNames number in the row."
    if any(row.geonames_id == str(hit.geonames_id) and not hit.wanted for hit in hits):
        return "The GeoNames number in the row is that of a city with another name."
    if reading.unknown_country:
        return f"“{reading.unknown_country[:40]}” is no country that is known."
    if reading.is_body_by_type:
        return f"The row is of the type “{row.entity_type}”, and no such government is sure."
    if reading.several:
        return "The name lists several towns."
    if is_other_body(reading, hits):
        return "The name speaks of a body that is no town, and no such government is sure."
    exact = [hit for hit in hits if is_exact(hit) and hit.via <= Via.PLAIN]
    if not exact:
        return "No city has this name; the nearest are shown." if hits else "No city has a name like this."
    if len(exact) == 1:
        return "One city has this name, but too little says that it is meant."
    return f"{len(exact)} cities have this name and none is clearly meant."
