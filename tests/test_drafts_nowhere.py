"""Nothing of a draft is on any public surface, in any format, whatever it is linked to: random registries.

That drafts do not count either is tested beside the pages, the API and the package, on one registry.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile, is_zipfile

import pytest
from django.apps import apps
from django.db.models import SET_NULL, CharField, F, Model, Q, TextField, Value
from django.db.models.functions import Concat
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from registry.api.resources import RESOURCES
from registry.exchange.formats import FORMATS
from registry.exchange.package import export_registry
from registry.filters import LISTINGS
from registry.models import Alias, Citation, Dataset, Observation, ObservedMembership, Source
from registry.models.base import Named, PublicRecord
from registry.views.crawlers import SITEMAPS
from tests.actions.registries import LINKS, Registry
from tests.factories import settle
from tests.listings import embeds_of

MARKER = "Zyxwv"
# What finds it in a search without being it, so that the question is not taken for the answer.
LIKE_IT = MARKER[:-1]
STATES = st.lists(st.sampled_from(["published", "published", "draft", "in-review"]), min_size=12, max_size=12)
# Free texts. The rest have a form of their own, or a value among a few.
TEXTS = {
    *("name", "title", "role", "description", "note", "person_name", "how", "hypothesis", "comparator"),
    *("outcome", "region", "acronym", "value", "quote", "outputs", "author"),
}


def records() -> list[type[Model]]:
    """Every model of the registry but for history, and for what leads from old addresses."""
    own = apps.get_app_config("registry").get_models()
    return [
        one for one in own if one._meta.managed and not hasattr(one, "pgh_tracked_model") and one != Alias
    ]


def not_public(model: Any) -> Any:
    """The rows that the public must see nothing of: drafts, and what says something of one.

    Said here by what the models declare, without asking the querysets that are tested.
    """
    rows = model._base_manager
    if model is Source:
        for model in (Citation, Dataset):
            rows = rows.exclude(pk__in=model.objects.exclude(pk__in=not_public(model)).values("source"))
        return rows
    of_a_draft = Q(pk=None)
    if issubclass(model, PublicRecord):
        of_a_draft = ~Q(publication="published")
        named = {one.partition("__")[0] for one in (*model.public_ends, *model.public_ends_if_any)}
        ends = [model._meta.get_field(one) for one in named]
    else:
        ends = [one for one in model._meta.concrete_fields if one.remote_field]
    for end in ends:
        if issubclass(end.related_model, PublicRecord) and end.remote_field.on_delete is not SET_NULL:
            of_a_draft |= Q(**{f"{end.name}__in": not_public(end.related_model)})
    return rows.filter(of_a_draft)


def mark() -> set[str]:
    """Write the marker into each text of what is not public; gives what must show nowhere."""
    secrets = {MARKER.lower()}
    hidden = [(model, set(not_public(model).values_list("pk", flat=True))) for model in records()]
    for model, keys in hidden:
        rows = model._base_manager.filter(pk__in=keys)
        texts = [
            one.name
            for one in model._meta.concrete_fields
            if isinstance(one, CharField | TextField) and one.name in TEXTS and not one.choices
        ]
        if texts and model is not Observation:  # never changed
            rows.update(**{name: Concat(F(name), Value(MARKER), output_field=TextField()) for name in texts})
        if issubclass(model, Named):
            for key in keys:
                model._base_manager.filter(pk=key).update(slug=f"{MARKER.lower()}-{key}")
        if hasattr(model, "pid"):
            secrets |= {str(pid) for pid in rows.values_list("pid", flat=True)}
    settle()
    return secrets


def addresses() -> Iterator[str]:
    """Of every page, file and answer."""
    yield from ("/", f"/search/?q={LIKE_IT}", "/changes/", "/changes/?format=atom", "/data/", "/robots.txt")
    yield from ("/sitemap.xml", *(f"/sitemap-{section}.xml" for section in SITEMAPS))
    for name in LISTINGS:
        yield f"/{name}/"
        yield f"/{name}/?q={LIKE_IT}"
        yield from (f"/{name}/?format={format}" for format in FORMATS)
    for view in ("matrix", "graph", "map"):
        yield f"/collaborations/?ties=all&view={view}"
        yield f"/collaborations/drawing/?ties=all&view={view}"
    yield from ("/collaborations/?ties=all&format=json", "/cities/?taking_part=any&format=jsonl")
    yield from ("/api/v1/", "/api/v1/schema/", f"/api/reconcile/suggest/entity/?prefix={LIKE_IT}")
    for name, resource in RESOURCES.items():
        asked = [f"embed={names}" for names in embeds_of(name)] or [""]
        yield from (f"/api/v1/{name}/?{one}" for one in asked if "q" not in resource.needed)
    yield f"/api/v1/search/?q={LIKE_IT}"
    for model in records():
        rows: Any = model._default_manager
        if issubclass(model, Named) and hasattr(rows, "public"):
            for record in rows.public():
                yield from of_record(record)


def of_record(record: Any) -> Iterator[str]:
    """The pages and answers of one public record."""
    page = record.get_absolute_url()
    yield from (page, f"{page}?format=jsonld", f"{page}?as_recorded_on={timezone.now().year}")
    kind = page.split("/")[1]
    if kind == "cities":
        yield from (f"{page}offices/", f"{page}drawing/", f"/opportunities/?city={record.slug}")
        yield from (f"/opportunities/policies/?city={record.slug}", f"/compare/?city={record.slug}")
        yield f"/api/reconcile/preview/{record.pid}/"
    if kind in RESOURCES:
        asked = [f"?embed={names}" for names in embeds_of(kind)] or [""]
        yield from (f"/api/v1/{kind}/{record.pid}/{one}" for one in asked)


def said() -> Iterator[tuple[str, bytes]]:
    """Whatever the public can get, with where."""
    client = Client()
    for address in addresses():
        response: Any = client.get(address)
        assert response.status_code in (200, 400, 404), address
        yield address, b"".join(response.streaming_content) if response.streaming else response.content
    for address in ("/api/v1/resolve", "/api/reconcile/"):
        names = [LIKE_IT, "City", "Network"]
        body: Any = json.dumps(names)
        kind = "application/json"
        if "reconcile" in address:
            body = {"queries": json.dumps({name: {"query": name} for name in names})}
            response = client.post(address, body)
        else:
            response = client.post(address, body, content_type=kind)
        yield address, response.content
    with TemporaryDirectory() as folder:
        export_registry(Path(folder) / "package")
        for file in (Path(folder) / "package").iterdir():
            yield file.name, file.read_bytes()


def texts(content: bytes) -> Iterator[str]:
    """The text of an answer, or of all that is packed in it."""
    if not is_zipfile(BytesIO(content)):
        yield content.decode().lower()
        return
    with ZipFile(BytesIO(content)) as packed:
        for name in packed.namelist():
            yield packed.read(name).decode(errors="replace").lower()


def make_tables(registry: Registry, states: list[str]) -> None:
    """Research tables in these states that speak of every city and network, whatever their state is."""
    for number, state in enumerate(states[:2]):
        table = Dataset.objects.create(
            name=f"Table {number}",
            slug=f"table-{number}",
            publication=state,
            licence="CC0",
            source=registry.sources[number],
            mapping="\n".join(one.slug for one in registry.networks),
        )
        for city in registry.cities:
            cell = Observation.objects.create(
                dataset=table,
                row_key=f"{city.pk}",
                column="c",
                value="1" if state == "published" else MARKER,
                city=city,
            )
            for network in registry.networks:
                ObservedMembership.objects.create(observation=cell, network=network, member=not number)


def look(links: Any, states: list[str]) -> None:
    """No answer has anything of what is not public."""
    registry = Registry(links, states)
    make_tables(registry, states)
    secrets = mark()
    for where, content in said():
        for text in texts(content):
            found = {secret for secret in secrets if secret in text}
            assert not found, f"{where} says {found}"


class TestDrafts(TestCase):
    @settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
    @given(links=LINKS, states=STATES)
    def test_are_nowhere(self, links: Any, states: list[str]) -> None:
        look(links, states)

    @pytest.mark.soak
    @pytest.mark.timeout(7200)
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(links=LINKS, states=STATES)
    def test_are_nowhere_in_many_registries(self, links: Any, states: list[str]) -> None:
        look(links, states)
