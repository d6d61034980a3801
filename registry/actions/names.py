"""The names by which a city is found."""

from __future__ import annotations

from django.db import transaction

from registry.choices import NameKind
from registry.models import City, CityName


@transaction.atomic
def find_by_main_name(city: City) -> None:
    """Put the main name among the city's names; one that was the main name before stays as an alternative."""
    known = CityName.objects.filter(city=city, language="")
    known.filter(kind=NameKind.OFFICIAL).exclude(name=city.name).update(kind=NameKind.ALTERNATIVE)
    if not known.filter(name=city.name).update(kind=NameKind.OFFICIAL):
        CityName.objects.create(city=city, name=city.name, kind=NameKind.OFFICIAL)
