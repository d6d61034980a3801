"""What each fact adds to the logarithm of a candidate's odds, and why."""

from __future__ import annotations

# Fitted on half of the measured lists by `benchmarks/fit_resolver.py`, but for those of SET_BY_HAND: of these
# the lists say too little.
WEIGHTS: dict[str, float] = {
    "plain": -3.56,  # the name without its bracket or what follows the comma is less sure than the whole
    "stripped": -0.21,  # and so is what remains without “City of”
    "tongue": -1.0,  # one side of a stroke: Renaix/Ronse, but Halle/Saale, too
    "part": 1.86,  # a bracket may name the seat, the region or a second town
    "first": -2.95,  # the first words of a longer name
    "words": -3.09,  # other words of it are mostly chance
    "companion": 1.15,  # a second part of the name is a place within 15 km (merged towns)
    "alternative": -0.96,  # another name than the city's main one
    "to the letter": 0.55,  # accents and all
    "unlike": -0.4,  # each hundredth of letters that differ
    "other initial": -1.5,  # typing errors seldom begin a name
    "longer": 2.95,  # the row's name is a part of the city's; no city has it alone
    "alike by ear": -2.14,  # it differs in letters that languages write differently
    "size": 1.88,  # each tenfold of inhabitants above the largest candidate: lists name the larger namesake
    "renown": 1.21,  # the same of known names
    "large": 0.08,  # each tenfold of inhabitants above 1,000
    "known": 0.51,  # each tenfold of known names
    "late record": -1.57,  # GeoNames' later records are mostly quarters and hamlets
    "long": 0.67,  # each ten letters of the name: long names have few namesakes
    "related": -4.56,  # a country whose places some lists give to the one said
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
    "seat": -7.5,  # one of the largest towns of the region the name speaks of
    "longer than another": -12.0,  # a city of the country has the row's name alone
    "outgrown": -3.5,  # each tenfold of inhabitants of a city whose longer name holds it
    "quite another name": -0.65,  # unlike the city's main one: Vienna, but a mistaken entry, too
    "rest of its name": -4.4,  # the share of its letters that the row does not have
    "rest of the name": -1.84,  # the share of the row's letters that are not looked for
    "half": -0.74,  # one of two parts: Matzendorf-Hölles
    "first half": 1.0,  # the first of them
    "edits": 0.35,  # each letter that differs
    "goes on": 2.78,  # the city's name begins with the row's
    "other ending": -0.42,  # the names differ in their last letters only, as cases do
    "both": 2.52,  # both parts of the name are its names: Rovinj-Rovigno
    "as large as others": 0.42,  # large where the list's members are large
    "quarter": -0.27,  # a city five times as large lies within ten kilometres
    "late quarter": -1.31,  # the same of late records
    "listed as a seat": 0.35,  # too small to be in the gazetteer but for its government
    "dwarfed": -0.96,  # each tenfold beyond the first
    "not the one of the name": -0.66,  # another city has as its main name what is its other name
    "like kind": 2.0,  # a county for a county
    "other kind": -4.0,  # a town for a county
}
# The same for the possibility that none of the candidates is meant.
NONE: dict[str, float] = {
    "always": -3.99,
    "body by type": -2.2,  # the type says it is no town
    "body by words": -0.06,  # the name speaks of a region, a union…
    "number unknown": 6.0,  # the row gives a GeoNames number that no city has
    "number of another": 6.0,  # or one that a city with another name has
    "several": 3.0,  # it lists several towns
    "no country": 1.0,  # nothing says where it lies: as much as the list is of many countries
    "missing": 0.3,  # the logarithm of the share of the list's names of the country that are not found
}
# Not fitted: facts that the measured lists hardly have.
SET_BY_HAND = frozenset(
    (
        "elsewhere", "mix", "told", "not told", "division", "not division", "near seat", "far from seat",
        "near", "far", "number", "member", "longer than another", "other initial", "tongue", "like kind",
        "other kind", "number unknown", "number of another", "several", "no country",
    )
)  # fmt: skip
