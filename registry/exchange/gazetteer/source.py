"""Where the gazetteer comes from: its source for readers, and its name in the history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models, transaction

from registry.exchange.gazetteer.places import FILES, edition
from registry.models import City, Source
from registry.models.history import attribute_copy

GEONAMES_URL = "https://www.geonames.org/"
LICENCE = "GeoNames, CC BY 4.0"
LOADER = {"command": "load_gazetteer", "source": GEONAMES_URL, "edition": edition()}
# The starter brings its small cities through the gazetteer, so they may be renewed like the others.
COMMANDS = ("load_gazetteer", "load_starter")


def last_changed_by_a_load(model: type[models.Model], keys: Iterable[Any]) -> set[Any]:
    """Those of these records that nobody has touched since the gazetteer brought or renewed them."""
    keys = list(keys)
    if not keys:
        return set()
    events = apps.get_model("registry", f"{model.__name__}Event")._default_manager.filter(pgh_obj__in=keys)
    latest = events.order_by("pgh_obj", "-pgh_id").distinct("pgh_obj")
    found = latest.values_list("pgh_obj", "pgh_context__metadata__command")
    return {key for key, command in found if command in COMMANDS}


def title(min_population: int) -> str:
    """What the source is called after a whole load: it tells readers which edition they see."""
    return f"GeoNames: places of {min_population} inhabitants or more ({edition()})"


def is_loaded(min_population: int) -> bool:
    """Whether this edition, or a larger one that holds it, was loaded to its end."""
    titles = [title(min_population), *(title(size) for size in FILES if size <= min_population)]
    loaded = Source.objects.filter(url=GEONAMES_URL, title__in=titles).exists()
    return loaded and City.objects.filter(geonames_id__isnull=False).exists()


def record_source(min_population: int | None = None) -> Source:
    """The source that every city of the gazetteer rests on; its title names what was loaded whole."""
    with transaction.atomic():
        attribute_copy(**LOADER)
        text = title(min_population) if min_population else f"GeoNames ({edition()})"
        source, made = Source.objects.get_or_create(
            url=GEONAMES_URL, defaults={"title": text, "publisher": LICENCE, "language": "en"}
        )
        if min_population and not made and source.title != text:
            # An update, not save(): staff may have given the rest better words.
            Source.objects.filter(pk=source.pk).update(title=text)
    return source
