"""A row's name taken apart: the ways it may stand in the gazetteer, and what it says of where it lies."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import IntEnum

from anyascii import anyascii

from registry.choices import CityKind
from registry.exchange.lists.places import Place, country_codes, division, fold, letters, whereabouts
from registry.exchange.lists.rows import ListRow
from registry.exchange.lists.words import TOWN, kinds_of_name, kinds_of_type, without_titles

MOST_VARIANTS = 14
_BRACKETS = re.compile(r"[(\[（【]([^()\[\]（）【】]*)[)\]）】]?")
_CODE_AT_END = re.compile(r"^(?P<name>.+?)[\s/,-]+(?P<code>[A-Z]{2,3})$")
# What tells namesakes apart in the name itself, often left out: an der Donau, nad Váhom, upon Trent.
_AT_A_RIVER = re.compile(
    r"(?:an der|am|im|a\.? ?d\.?|a\.|i\.|bei|b\.|ob der|unter|nad|pod|sur|sous|l[èe]s|lez|upon|on|by)[\s.]\S",
    re.IGNORECASE,
)
_SHORTENED = re.compile(r"\b[^\W\d_]{1,4}\.|(?<=\s)[^\W\d_]/")
_CODES_THAT_FOLLOW = ("US", "CA", "BR", "AU", "IT", "CH")


class Via(IntEnum):
    """How a variant was won from the name as written, the surest first."""

    WHOLE = 0
    STRIPPED = 1
    TONGUE = 2
    PLAIN = 3
    PART = 4
    FIRST = 5
    WORDS = 6
    SEAT = 7


@dataclass(frozen=True)
class Reading:
    """What can be read from a row before the database is asked.

    `variants` are the texts to look for with how each was won; `place` is where the row's own columns say
    the city lies, `told` what its name says (“, KS”).
    `kinds` are the governments that the entity type speaks of, `words` those the name speaks of. `several`
    tells that the name lists more than one town. `halves` are the folded parts of a name in two parts, which
    may be two names of one town (Rovinj-Rovigno). `seat` is where a body that is no town has its area: the
    division that its name holds, else its country. `shortened` are forms of the name with words cut short.
    `is_titled` tells that the name has a town's title, such as “City of”. `unknown_country` is what the row
    gives for its country where that is none.
    """

    variants: dict[str, Via]
    place: Place = field(default_factory=Place)
    told: Place = field(default_factory=Place)
    kinds: frozenset[CityKind] | None = None
    words: frozenset[CityKind] | None = None
    several: bool = False
    letters: frozenset[str] = frozenset()
    halves: frozenset[str] = frozenset()
    seat: Place = field(default_factory=Place)
    shortened: frozenset[str] = frozenset()
    is_titled: bool = False
    unknown_country: str = ""

    @property
    def is_body_by_type(self) -> bool:
        """Whether the type speaks of a body that is no town, and the name has no town's title beside it."""
        return self.kinds is not None and not self.kinds & TOWN and not self.is_titled

    @property
    def is_body(self) -> bool:
        """Whether the type or the words speak of a government or body that is no town."""
        return self.is_body_by_type or self.words is not None


def read_row(row: ListRow) -> Reading:
    """Take a row apart."""
    countries = country_codes(row.country) if row.country else frozenset()
    place = Place(countries=countries)
    if row.country and not countries:
        place = whereabouts(row.country)
    unknown_country = row.country if place == Place() else ""
    if row.division:
        place = _narrowed(place, whereabouts(row.division, place.countries))
    parts = _Parts(place.countries)
    parts.take(row.name)
    kinds = kinds_of_type(row.entity_type)
    reading = Reading(
        variants=_spelled(parts.variants),
        place=place,
        told=parts.told,
        kinds=kinds,
        words=parts.words,
        several=parts.several,
        letters=frozenset(map(letters, parts.variants)),
        halves=parts.halves,
        shortened=frozenset(
            t for t, via in parts.variants.items() if via <= Via.PLAIN and _SHORTENED.search(t)
        ),
        is_titled=bool(without_titles(row.name)) and parts.words is None,
        unknown_country=unknown_country,
    )
    return replace(reading, seat=_seat(row.name, place)) if reading.is_body else reading


def _narrowed(place: Place, division: Place) -> Place:
    return Place(place.countries or division.countries, division.divisions, division.seats)


def _seat(name: str, place: Place) -> Place:
    """Where a body of this name has its area: `Regione Toscana`, `Crete (region)`, `Red Navarra de …`."""
    words = re.findall(r"[\w'’-]+", name)[:12]
    shorter = (" ".join(words[start : start + count]) for count in (3, 2, 1) for start in range(len(words)))
    for text in (name, *(text for text in shorter if len(text) > 3)):
        found = division(text, place.countries) if place.countries else Place()
        if found.divisions:
            return found
    return Place(countries=place.countries)


class _Parts:
    """Collects the variants of one name and what it tells of where the city lies."""

    def __init__(self, countries: frozenset[str]) -> None:
        self.countries = countries
        self.variants: dict[str, Via] = {}
        self.told = Place()
        self.several = False
        self.words: frozenset[CityKind] | None = None
        self.halves: frozenset[str] = frozenset()

    def add(self, text: str, via: Via) -> None:
        text = text.strip(" ,;.-–—/*•")
        if len(fold(text)) > 1 or (text and not text.isascii()):
            self.variants[text] = min(via, self.variants.get(text, via))

    def with_bare(self, text: str, via: Via) -> None:
        """A text, and the same without “City of”."""
        self.add(text, via)
        for bare in without_titles(text):
            self.add(bare, max(via, Via.STRIPPED))

    def take(self, name: str) -> None:
        """The whole name, then its parts."""
        self.with_bare(name, Via.WHOLE)
        plain = _BRACKETS.sub(" ", name).strip()
        parts = [part.strip() for part in re.split(r"[,;，、]| [-–—|] ", plain)]
        head, *tails = [part for part in parts if part.strip(" .-–—")] or [""]
        self.words = kinds_of_name(head)
        for part in _BRACKETS.findall(name):
            self.take_part(part, after_comma=False)
        for tail in tails:
            self.take_part(tail, after_comma=True)
        more = [tail for tail in tails if not whereabouts(tail, self.countries)]
        self.several = len(more) > 1 or (len(more) == 1 and "," in plain and len(more[0]) > 3)
        head = self.without_code(head)
        if head != name:
            # Where all that is left out says where it lies, what remains is the whole name.
            said = all(whereabouts(part, self.countries) for part in (*_BRACKETS.findall(name), *tails))
            self.with_bare(head, Via.STRIPPED if said else Via.PLAIN)
        if len(tails) == 1 and len(tails[0]) <= 3:
            self.with_bare(f"{tails[0]} {head}", Via.PLAIN)
        self.take_slashes(head)
        self.take_halves(head, [*_BRACKETS.findall(name), *tails])
        self.take_words(head)

    def take_part(self, part: str, *, after_comma: bool) -> None:
        """A part beside the name: where the city lies, or another name of it."""
        place = whereabouts(part, self.countries)
        self.tell(place)
        if not place and self.words is None:
            self.words = kinds_of_name(part)
        # What follows a comma and names a division is seldom the town of that name: Rosario, Santa Fe.
        if not place or not (after_comma or place.countries):
            for piece in re.split(r"[/,;]| [-–—] ", part):
                self.with_bare(piece, Via.WORDS if place else Via.PART)

    def tell(self, place: Place) -> None:
        """Note where the city lies; a country narrows the divisions told before it."""
        within = frozenset(code for code in self.told.divisions if code[:2] in place.countries)
        seats = frozenset(seat for seat in self.told.seats if seat[0] in place.countries)
        self.told = Place(divisions=within, seats=seats) if within else self.told | place

    def without_code(self, head: str) -> str:
        """`Springfield IL` → `Springfield`, told that it lies in Illinois."""
        matched = _CODE_AT_END.match(head)
        if not matched:
            return head
        countries = self.countries or frozenset(_CODES_THAT_FOLLOW)
        place = whereabouts(matched["code"], countries)
        if not place:
            return head
        self.tell(place)
        return matched["name"].strip()

    def take_slashes(self, head: str) -> None:
        """The languages of `Renaix/Ronse`; the halves of `Balcova-Izmir`, where the second may say where."""
        for pattern, via in ((r"/", Via.TONGUE), (r"/|\s?[-–—]\s|(?<=\w)-(?=[A-ZÀ-Ý])", Via.FIRST)):
            pieces = re.split(pattern, head)
            if len(pieces) > 1:
                self.with_bare(pieces[0], via)
                for piece in pieces[1:]:
                    self.with_bare(piece, Via.WORDS if via is Via.FIRST else via)

    def take_halves(self, head: str, beside: list[str]) -> None:
        """Note the two parts of `Rovinj-Rovigno`, `Toblach - Dobbiaco` and `Toliara (Tulear)`."""
        pieces = [head, *beside] if beside else re.split(r"/|\s?[-–—]\s|(?<=\w)-(?=[A-ZÀ-Ý])", head)
        folded = {fold(min((piece, *without_titles(piece)), key=len)) for piece in pieces} - {""}
        if len(pieces) == 2 and len(folded) == 2:
            self.halves = frozenset(folded)

    def take_words(self, head: str) -> None:
        """The first words and the last ones, for names longer than the gazetteer's."""
        bare = [text for text, via in self.variants.items() if via <= Via.STRIPPED]
        words = (min(bare, key=lambda text: (len(text), text)) if bare else head).split()
        for end in range(len(words) - 1, 0, -1):
            if _AT_A_RIVER.match(" ".join(words[end:])):
                self.add_words(words[:end], Via.PLAIN)
            elif len(words) - end <= 3:
                self.add_words(words[:end], Via.FIRST)
        for start in range(1, len(words)):
            self.add_words(words[start : start + 1], Via.WORDS)

    def add_words(self, words: list[str], via: Via) -> None:
        """A few words of the name, unless too short to mean anything."""
        text = " ".join(words)
        if len(text) > 3 and len(self.variants) < MOST_VARIANTS:
            self.add(text, via)


_SAINTS = (
    (re.compile(r"\bst\.?\s", re.IGNORECASE), ("St ", "St. ", "Saint ", "Sankt ")),
    (re.compile(r"\bste\.?[\s-]", re.IGNORECASE), ("Ste ", "Sainte ")),
    (re.compile(r"\bsta\.?\s", re.IGNORECASE), ("Santa ",)),
    (re.compile(r"\bsto\.?\s", re.IGNORECASE), ("Santo ",)),
    (re.compile(r"\b(?:saint|sankt|szent)\s", re.IGNORECASE), ("St ", "St. ", "Saint ")),
    (re.compile(r"\bs\.\s?", re.IGNORECASE), ("San ", "Santa ", "Sant ", "São ", "Santo ")),
    (re.compile(r"\bmt\.?\s", re.IGNORECASE), ("Mount ",)),
    (re.compile(r"\bft\.?\s", re.IGNORECASE), ("Fort ",)),
    (re.compile(r"\s(?:&|\+)\s"), (" and ", " et ", " e ", " y ")),
)
# Written out in this order, and then looked for as a whole.
_SHORT = (
    (re.compile(r"\ba\.\s?d\.|\ba/d\b| a\.? d\.? ", re.IGNORECASE), " an der "),
    (re.compile(r"\bv\.\s?d\.", re.IGNORECASE), " vor der "),
    (re.compile(r"\bi\.\s?d\.", re.IGNORECASE), " in der "),
    (re.compile(r"\bo\.\s?d\.", re.IGNORECASE), " ob der "),
    (re.compile(r"\bb\.\s", re.IGNORECASE), " bei "),
    (re.compile(r"\bi\.\s?ob\.?(?=\s|$)", re.IGNORECASE), " in Oberbayern"),
    (re.compile(r"\bi\.\s?m\.?(?=\s|$)", re.IGNORECASE), " im Mühlkreis"),
    (re.compile(r"\bi\.\s?br\.?(?=\s|$)", re.IGNORECASE), " im Breisgau"),
    (re.compile(r"\bi\.\s", re.IGNORECASE), " im "),
    (re.compile(r"\ba\.\s?m\.?(?=\s|$)", re.IGNORECASE), " am Main"),
    (re.compile(r"\ba\.\s?rh?\.?(?=\s|$)", re.IGNORECASE), " am Rhein"),
    (re.compile(r"\ba\.\s?n\.?(?=\s|$)", re.IGNORECASE), " am Neckar"),
    (re.compile(r"\ba\.\s(?=\w)", re.IGNORECASE), " am "),
)


def _spelled(variants: dict[str, Via]) -> dict[str, Via]:
    """The variants in the spellings that the gazetteer may have, each folded text once.

    PostgreSQL folds a full stop to a space, so that “St. Louis” and “St Louis” differ there.
    """
    spelled: dict[str, Via] = {}
    ordered = sorted(variants.items(), key=lambda item: (item[1], -len(item[0]), item[0]))
    for text, via in ordered[:MOST_VARIANTS]:
        for form in _forms(text):
            spelled.setdefault(form, via)
    return spelled


def _forms(text: str) -> list[str]:
    forms = [text, _words(text), _words(re.sub(r"['’`´]\s?", "", text))]
    full = text
    for short, words in _SHORT:
        full = short.sub(words, full)
    full = " ".join(full.split())
    forms.append(full)
    for pattern, fulls in _SAINTS:
        if pattern.search(full):
            forms += [" ".join(pattern.sub(saint, full).split()) for saint in fulls]
    if "/" in text:
        forms.append(re.sub(r"^(.+?)\s?/\s?(.+)$", r"\1 (\2)", text))
    if re.search(r"ae|oe|ue", text, re.IGNORECASE):
        forms.append(re.sub(r"(?<=[aou])e", "", text, flags=re.IGNORECASE))
    if not text.isascii() and any(ord(letter) > 0x250 for letter in text):
        forms.append(anyascii(text))
    return [form for form in dict.fromkeys(forms) if form]


def _words(text: str) -> str:
    """A text without its punctuation."""
    return " ".join(re.sub(r"[^\w\s]|_", " ", text).split())
