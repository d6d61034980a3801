"""Countries of ISO 3166-1 and the first-level divisions that GeoNames places cities by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pycountry
from django.db import models, transaction

from registry.choices import WorldRegion
from registry.exchange.gazetteer.divisions import NamedDivision, distinct_divisions
from registry.exchange.gazetteer.places import read_file
from registry.exchange.gazetteer.source import LOADER, last_changed_by_a_load
from registry.models import Country, Division
from registry.models.history import attribute_copy

REGIONS = {
    "AF": WorldRegion.AFRICA,
    "AN": WorldRegion.ANTARCTICA,
    "AS": WorldRegion.ASIA,
    "EU": WorldRegion.EUROPE,
    "NA": WorldRegion.NORTH_AMERICA,
    "OC": WorldRegion.OCEANIA,
    "SA": WorldRegion.SOUTH_AMERICA,
}
KOSOVO = "XK"


def load_countries() -> int:
    """Add the countries that are missing and renew those that staff left alone; how many changed."""
    continents = {code: row["continentcode"] for code, row in read_file("countries.json").items()}
    countries = [
        Country(
            alpha2=country.alpha_2,
            alpha3=country.alpha_3,
            name=_name(country),
            official_name=getattr(country, "official_name", ""),
            world_region=REGIONS[continents[country.alpha_2]],
        )
        for country in pycountry.countries
    ]
    # GeoNames uses this code, which ISO leaves to its users.
    kosovo = {"alpha3": "XKX", "name": "Kosovo", "official_name": "", "world_region": WorldRegion.EUROPE}
    countries.append(Country(alpha2=KOSOVO, **kosovo))
    return _renew(countries, ("alpha3", "name", "official_name", "world_region"))


def load_divisions(codes: Iterable[str] = ()) -> int:
    """Add the divisions with these GeoNames codes and renew those that staff left alone; how many changed.

    Those that the registry has are renewed too, so that what is learned of them reaches every registry.
    """
    known = distinct_divisions()
    here = dict(Division.objects.values_list("code", "iso_code"))
    # A code that staff gave to another division stays there.
    taken = {iso_code: code for code, iso_code in here.items() if iso_code}
    divisions = []
    for code in sorted({*codes, *here}):
        named = known.get(code, NamedDivision(code, "", ""))
        iso_code = named.iso_code if taken.get(named.iso_code, code) == code else ""
        country = code.partition(".")[0]
        divisions.append(Division(code=code, country_id=country, iso_code=iso_code or None, name=named.name))
    return _renew(divisions, ("country_id", "iso_code", "name"))


def _name(country: Any) -> str:
    """The short name in reading order: `Palestine, State of` is the State of Palestine."""
    name: str = getattr(country, "common_name", country.name)
    head, _, tail = name.partition(", ")
    return f"{tail} {head}" if tail and " and " not in tail else name


def _renew(records: list[Any], fields: tuple[str, ...]) -> int:
    model: type[models.Model] = type(records[0]) if records else Country
    with transaction.atomic():
        here = model._default_manager.in_bulk([record.pk for record in records])
        new = [record for record in records if record.pk not in here]
        changed = [
            record
            for record in records
            if record.pk in here and any(getattr(record, f) != getattr(here[record.pk], f) for f in fields)
        ]
        ours = last_changed_by_a_load(model, [record.pk for record in changed])
        changed = [record for record in changed if record.pk in ours]
        if new or changed:
            attribute_copy(**LOADER)
            model._default_manager.bulk_create(new)
        if changed:
            model._default_manager.bulk_update(changed, [f.removesuffix("_id") for f in fields])
    return len(new) + len(changed)
