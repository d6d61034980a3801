"""Why two cities could work together, in words; each number in them leads to what it counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from string import Formatter
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.collaboration.languages import language_names, main_languages
from registry.languages import grouped
from registry.models import City, Issue, Network

SHOWN = 4
# Of like size: the larger has less than twice the inhabitants of the smaller.
LIKE_SIZE = 2


@dataclass(frozen=True)
class Piece:
    """Some words of a reason, and the address they lead to, if any."""

    words: str
    address: str = ""


@dataclass(frozen=True)
class Reason:
    """One thing that two cities have in common, or one has to offer."""

    pieces: list[Piece]

    def __str__(self) -> str:
        return "".join(piece.words for piece in self.pieces)


@dataclass(frozen=True)
class Common:
    """What is known of two cities beside their gap.

    `partners` are the largest of those both have direct ties with, of `partner_count` in all; `tied` the
    issues they work together on already; `policy_count` counts the joint policies of the other city.
    """

    networks: list[Network] = field(default_factory=list)
    partners: list[City] = field(default_factory=list)
    partner_count: int = 0
    tied: list[Issue] = field(default_factory=list)
    policy_count: int = 0


def reasons(own: City, other: City, common: Common) -> list[Reason]:
    """All that speaks for two cities, what they have done together or in company first."""
    found = []
    both = urlencode([("city", own.slug), ("city", other.slug)])
    compared = f"{reverse('compare')}?{both}"
    if common.tied:
        page = reverse("tie-detail", args=[own.slug, other.slug])
        issues = _listed([(one.name, f"{page}?issue={one.slug}") for one in common.tied], page)
        found.append(_said(_("already partners on {issues}"), issues=issues))
    if common.networks:
        networks = _listed(map(_named, common.networks), f"{compared}#networks")
        found.append(_said(_("both are or were in {networks}"), networks=networks))
    if common.partner_count:
        number = common.partner_count
        words = ngettext(
            "{number} partner in common: {partners}", "{number} partners in common: {partners}", number
        )
        page = f"{compared}#partners"
        partners = _listed(map(_named, common.partners), page, more=number - len(common.partners))
        found.append(_said(words, number=[Piece(grouped(number), page)], partners=partners))
    if common.policy_count:
        found.append(_experience(other, common.policy_count))
    return [*found, *_places(own, other)]


def _experience(other: City, number: int) -> Reason:
    words = ngettext(
        "{city} takes part in {number} joint policy", "{city} takes part in {number} joint policies", number
    )
    page = f"{reverse('policy-list')}?city={other.slug}"
    return _said(words, city=[Piece(other.local_name)], number=[Piece(grouped(number), page)])


def _places(own: City, other: City) -> Iterable[Reason]:
    """What their size, their countries and the languages there have in common."""
    if own.population and other.population:
        smaller, larger = sorted((own.population, other.population))
        if larger < LIKE_SIZE * smaller:
            sizes = [[Piece(grouped(city.population or 0), city.get_absolute_url())] for city in (own, other)]
            yield _said(_("of like size ({one} and {two} inhabitants)"), one=sizes[0], two=sizes[1])
    if own.country_id == other.country_id:
        yield _said(_("both in {country}"), country=[Piece(own.country.local_name)])
        return
    if own.country.world_region == other.country.world_region:
        yield _said(_("both in {region}"), region=[Piece(own.country.get_world_region_display())])
    shared = main_languages(own.country_id) & main_languages(other.country_id)
    if names := language_names(shared):
        words = ngettext(
            "{language} is a main language of both countries",
            "{language} are main languages of both countries",
            len(names),
        )
        yield _said(words, language=[Piece(", ".join(names))])


def _named(record: Any) -> tuple[str, str]:
    return getattr(record, "acronym", "") or record.local_name, record.get_absolute_url()


def _listed(things: Iterable[tuple[str, str]], rest: str, more: int = 0) -> list[Piece]:
    """The first of some things as links, and how many more there are, which `rest` has."""
    known = list(things)
    more += len(known[SHOWN:])
    pieces = []
    for place, (words, address) in enumerate(known[:SHOWN]):
        pieces += [Piece(", ")] * (place > 0) + [Piece(words, address)]
    if more:
        words = ngettext("{number} more", "{number} more", more).format(number=grouped(more))
        pieces += [Piece(", "), Piece(words, rest)]
    return pieces


def _said(sentence: str, **things: list[Piece]) -> Reason:
    """A sentence with each `{name}` in it replaced by pieces."""
    pieces = []
    for words, name, *_rest in Formatter().parse(sentence):
        pieces += [Piece(words)] * bool(words) + (things[name] if name else [])
    return Reason(pieces)
