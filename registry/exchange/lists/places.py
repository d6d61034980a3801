"""Where a list says a city lies: countries and divisions by code or name, in any of many languages."""

from __future__ import annotations

import gettext
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pycountry

from registry.exchange.gazetteer.divisions import read_divisions

# What people write for a country besides the names and codes of ISO 3166-1.
ALIASES = {
    "GB": "uk, u k, england, scotland, wales, northern ireland, great britain, britain, escocia, "
    "inglaterra, angleterre, reino unido, royaume uni, gran bretagna, grossbritannien",
    "GR": "el, hellas, hellenic republic, grecia, grece",
    "US": "usa, u s a, u s, united states of america, etats unis, estados unidos, eeuu, ee uu, america, eua",
    "RU": "russia, rossiya, россия, росія",
    "KR": "south korea, republic of korea, korea south, korea rep, korea, corea del sur, coree du sud",
    "KP": "north korea, dprk, korea north, korea dem rep",
    "CZ": "czech republic, czechia, cesko",
    "MK": "macedonia, fyrom, fyr macedonia, republic of macedonia, the former yugoslav republic of macedonia",
    "NL": "holland, the netherlands, nederland, pays bas, paises bajos, paesi bassi",
    "CI": "ivory coast, cote d ivoire",
    "MM": "burma",
    "TR": "turkey, turkiye, tuerkei, turquia, turquie",
    "XK": "kosovo, xkx, rks, kos, kosova, republic of kosovo",
    "PS": "palestine, west bank, gaza, palestinian territory, palestinian territories, "
    "palestinian authority, occupied palestinian territory, palestina",
    "CD": "dr congo, drc, congo drc, congo kinshasa, democratic republic of congo, congo dem rep, "
    "zaire, rdc, republique democratique du congo, congo democratic republic of the, "
    "republica democratica del congo",
    "CG": "congo, congo brazzaville, republic of congo, republic of the congo, congo rep",
    "SZ": "swaziland",
    "CV": "cape verde, cap vert",
    "TW": "taiwan, chinese taipei, taiwan roc",
    "VA": "vatican, vatican city",
    "HK": "hong kong, hong kong sar, hong kong china",
    "MO": "macau, macao, macau sar",
    "AE": "uae, u a e, emirates, emiratos arabes unidos, emirats arabes unis",
    "LA": "laos",
    "VN": "vietnam, viet nam",
    "SY": "syria, siria, syrie",
    "IR": "iran",
    "BO": "bolivia, bolivie",
    "VE": "venezuela",
    "TZ": "tanzania, tanzanie",
    "MD": "moldova, moldavia, moldavie",
    "TL": "east timor",
    "FM": "micronesia",
    "BN": "brunei",
    "CN": "prc, p r china, pr china, mainland china, people s republic of china, china",
    "GM": "gambia, the gambia",
    "BS": "bahamas, the bahamas",
    "BA": "bosnia, bosnia herzegovina, bosnia i hercegovina, bosna i hercegovina, bih",
    "RS": "serbia, srbija, serbie",
    "DE": "germany, deutschland, brd, allemagne, alemania, germania",
    "SK": "slovak republic",
    "ST": "sao tome",
}
# Countries whose places some lists give to another one.
RELATED = {
    "GB": {"JE", "GG", "IM", "GI"},
    "FR": {"GP", "MQ", "RE", "GF", "YT", "PF", "NC", "MF", "BL", "PM", "WF", "MC"},
    "US": {"PR", "GU", "VI", "AS", "MP"},
    "NL": {"CW", "AW", "SX", "BQ"},
    "DK": {"GL", "FO"},
    "FI": {"AX"},
    "NO": {"SJ"},
    "CN": {"HK", "MO", "TW"},
    "RS": {"XK", "ME"},
    "IL": {"PS"},
    "MA": {"EH"},
    "CY": {"TR"},
    "UA": {"RU"},
    "RU": {"UA"},
}
# Where the division's code after a town's name is a habit: the only countries tried when none is known.
CODED = ("US", "CA", "BR", "AU", "IT", "CH", "MX", "IN", "ES", "DE", "NL")
_DIVISION_WORDS = """
state province provincia provincie provinz region regione county district department departement departamento
prefecture of the de la du di do del governorate oblast kraj canton kanton estado cantone judetul judet jud
voivodeship wojewodztwo autonomous land republic area co cty obl prov dep dept bundesland freistaat regional
regione regionale regiao rexion council conseil general consiliul judetean judeteana collectivite territoriale
government gouvernement gobierno gouvernorat departementale departemental departmental provincial
comunidad autonoma comunidade d l della dello dei degli des da wilaya megye megyei onkormanyzat zupanija
"""
# Divisions by other codes than those of ISO 3166-2.
CODES = {"AR-C": "caba", "MX-CMX": "cdmx", "MX-MEX": "edomex", "AU-ACT": "act", "IN-DL": "nct"}
DIVISION_WORDS = frozenset(_DIVISION_WORDS.split())


def fold(text: str) -> str:
    """Text as names are compared here: lower case, no accents, only letters and digits, single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c if c.isalnum() else "" if unicodedata.combining(c) else " " for c in plain)
    return " ".join(kept.translate(_LETTERS).split())


def letters(text: str) -> str:
    """Text without case and punctuation but with its accents."""
    return " ".join(re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", text).casefold()).split())


_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


@dataclass(frozen=True)
class Place:
    """What a text says of where a city lies: in one of these countries or one of these divisions.

    `divisions` are GeoNames' codes (`US.KS`). `seats` names, with its country, the town that a
    second-level division is called after: the gazetteer does not know Italy's provinces, but a town
    “(MI)” lies near Milano.
    """

    countries: frozenset[str] = frozenset()
    divisions: frozenset[str] = frozenset()
    seats: frozenset[tuple[str, str]] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.countries or self.divisions)

    def __or__(self, other: Place) -> Place:
        return Place(
            self.countries | other.countries, self.divisions | other.divisions, self.seats | other.seats
        )


@cache
def country_codes(text: str) -> frozenset[str]:
    """The ISO 3166-1 alpha-2 codes that a text may mean; more than one where languages disagree."""
    codes, english, foreign = _country_names()
    whole = fold(text)
    for tier in (codes, english, foreign):
        if whole in tier:
            return frozenset(tier[whole])
    parts = [part for part in re.split(r"[/()|;,]| - ", text) if part.strip()]
    if len(parts) > 1:
        found = [meant for part in parts if (meant := country_codes(part.strip()))]
        return found[0] if found else frozenset()
    return frozenset()


@cache
def _country_names() -> tuple[dict[str, set[str]], dict[str, set[str]], dict[str, set[str]]]:
    codes: dict[str, set[str]] = defaultdict(set)
    english: dict[str, set[str]] = defaultdict(set)
    foreign: dict[str, set[str]] = defaultdict(set)
    for country in pycountry.countries:
        code = country.alpha_2
        codes[code.lower()].add(code)
        codes[country.alpha_3.lower()].add(code)
        for name in _english_names(country):
            english[fold(name)].add(code)
            for translated in _translations("iso3166-1", name):
                foreign[fold(translated)].add(code)
    for code, aliases in ALIASES.items():
        for alias in aliases.split(", "):
            english[alias] = {code}
    for short in ("el", "uk"):
        codes[short] = english[short]
    codes["xk"] = codes["xkx"] = {"XK"}
    return codes, english, foreign


def _english_names(country: object) -> Iterator[str]:
    for attribute in ("name", "official_name", "common_name"):
        name = getattr(country, attribute, "")
        if name:
            yield name
            head, _, tail = name.partition(", ")
            if tail:
                yield head
                yield f"{tail} {head}"


@cache
def _catalogues(domain: str) -> tuple[dict[str, str], ...]:
    files = sorted(Path(pycountry.LOCALES_DIR).glob(f"*/LC_MESSAGES/{domain}.mo"))
    catalogues = []
    for file in files:
        with file.open("rb") as handle:
            # The catalogue itself: asking gettext for 70 languages of 5,000 names costs more than reading it.
            catalogues.append(gettext.GNUTranslations(handle)._catalog)  # type: ignore[attr-defined]
    return tuple(catalogues)


def _translations(domain: str, name: str) -> set[str]:
    return {found for catalogue in _catalogues(domain) if (found := catalogue.get(name))}


# --- Divisions -----------------------------------------------------------------------------------------


@cache
def _divisions() -> tuple[dict[tuple[str, str], Place], dict[str, Place]]:
    """Divisions by (country, code) and by folded name."""
    by_code: dict[tuple[str, str], Place] = defaultdict(Place)
    by_name: dict[str, Place] = defaultdict(Place)
    geonames: dict[str, set[str]] = defaultdict(set)
    for known in read_divisions():
        if known.iso_code:
            geonames[known.iso_code].add(known.code)
        for name in {fold(known.name), core(known.name)}:
            by_name[name] |= Place(divisions=frozenset({known.code}))
    for division in pycountry.subdivisions:
        place = _of_subdivision(division, geonames)
        if place:
            by_code[division.country_code, division.code.partition("-")[2].lower()] |= place
            by_code[division.country_code, division.code.lower()] |= place
            if division.code in CODES:
                by_code[division.country_code, CODES[division.code]] |= place
            for name in _division_names(division.name):
                by_name[name] |= place
    return by_code, by_name


def _of_subdivision(division: object, geonames: dict[str, set[str]]) -> Place:
    """A subdivision of ISO 3166-2 as the gazetteer's divisions; a second-level one by the one it is in."""
    code, parent = division.code, division.parent_code  # type: ignore[attr-defined]
    if code in geonames:
        return Place(divisions=frozenset(geonames[code]))
    if parent in geonames:
        name = re.split(r"[\[\]/(),]", division.name)[0].strip()  # type: ignore[attr-defined]
        seat = frozenset({(division.country_code, name)})  # type: ignore[attr-defined]
        return Place(divisions=frozenset(geonames[parent]), seats=seat)
    return Place()


def _division_names(name: str) -> set[str]:
    names = {name, *_translations("iso3166-2", name)}
    parts = {part for given in names for part in re.split(r"[\[\]/()]", given)}
    return {folded for text in names | parts for folded in (fold(text), core(text)) if len(folded) > 1}


def core(text: str) -> str:
    """A division's name without the words that say what it is: `Provincia di Trento` → `trento`."""
    words = fold(text).split()
    return " ".join(word for word in words if word not in DIVISION_WORDS) or " ".join(words)


@cache
def division(text: str, countries: frozenset[str] = frozenset()) -> Place:
    """The divisions that a code or a name may mean, within these countries where they are known."""
    by_code, by_name = _divisions()
    folded = fold(text)
    code = text.strip().lower().replace(".", "")
    place = Place()
    for country in sorted(countries) or CODED:
        place |= by_code.get((country, code), Place())
    if not place and len(folded) > 1:
        place |= by_name.get(folded, Place()) or by_name.get(core(text), Place())
    return _within(place, countries) if countries else place


def _within(place: Place, countries: frozenset[str]) -> Place:
    return Place(
        divisions=frozenset(code for code in place.divisions if code[:2] in countries),
        seats=frozenset(seat for seat in place.seats if seat[0] in countries),
    )


def whereabouts(text: str, countries: frozenset[str] = frozenset()) -> Place:
    """A country or a division, whichever the text may mean; both for `CA` where no country is known."""
    found = division(text, countries)
    named = country_codes(text)
    if countries:
        return found or Place(countries=named & countries)
    return found | Place(countries=named)
