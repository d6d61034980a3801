"""What comes with a new record: names, issues, old addresses, citations, proposals."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Max

from registry.choices import NameKind
from registry.exchange.starter.files import Removed, Row
from registry.exchange.starter.tables import CITIES, ISSUES, NAMES, NETWORKS, PAIRS, SOURCES, TABLES, Pairs
from registry.exchange.starter.values import field_values
from registry.models import Alias, Citation, CityName, IssueMapping, IssueScheme, Proposal, SchemeConcept
from registry.models.base import Named

if TYPE_CHECKING:
    from registry.exchange.starter.load import Loader

UNCHECKED = "The founding year and the seat have no source: check them before accepting."


def add_parts(loader: Loader) -> None:
    """Everything that belongs to the records just created."""
    add_vocabulary(loader)
    add_mappings(loader)
    for pairs in PAIRS:
        add_pairs(loader, pairs)
    add_names(loader)
    add_aliases(loader)
    loader.say(f"citations: {add_citations(loader)} added")
    loader.say(f"proposals: {add_proposals(loader)} added")


def add_vocabulary(loader: Loader) -> None:
    """Other schemes of issues, and their concepts."""
    schemes = set(IssueScheme.objects.values_list("pk", flat=True))
    concepts = set(SchemeConcept.objects.values_list("scheme_id", "code"))
    IssueScheme.objects.bulk_create(
        IssueScheme(**field_values(IssueScheme, row, ("slug", "name", "url")))
        for row in loader.rows("schemes")
        if row["slug"] not in schemes
    )
    SchemeConcept.objects.bulk_create(
        SchemeConcept(scheme_id=row["scheme"], **field_values(SchemeConcept, row, ("code", "label")))
        for row in loader.rows("issue_schemes")
        if (row["scheme"], row["code"]) not in concepts
    )


def add_mappings(loader: Loader) -> None:
    """What new issues agree with in other schemes."""
    known = SchemeConcept.objects.values_list("scheme_id", "code", "pk")
    concepts = {(scheme, code): pk for scheme, code, pk in known}
    issues = loader.new(ISSUES.file)
    IssueMapping.objects.bulk_create(
        IssueMapping(
            issue=issues[row["issue"]],
            concept_id=concepts[row["scheme"], row["code"]],
            **field_values(IssueMapping, row, ("match",)),
        )
        for row in loader.rows("issue_mappings")
        if row["issue"] in issues
    )


def add_pairs(loader: Loader, pairs: Pairs) -> None:
    """Issues, networks, policies or cities of new records."""
    owner, column, file = pairs.owner
    owners, links = loader.new(file), []
    for row in loader.rows(pairs.file):
        if row[column] not in owners:
            continue
        try:
            other = far_end(loader, row, *pairs.other[1:])
        except Removed:
            continue
        links.append(pairs.model(**{f"{owner}_id": owners[row[column]].pk, f"{pairs.other[0]}_id": other}))
    pairs.model._base_manager.bulk_create(links, batch_size=500)


def far_end(loader: Loader, row: Row, column: str, file: str) -> Any:
    """The key of the record that a pair ties to its owner."""
    if file == "places":
        return loader.place(row, "geonames_id", "city")
    return loader.reference(file, row[column])


def add_names(loader: Loader) -> None:
    """Further names of new cities and networks; a city's main name stands among its names too."""
    CityName.objects.bulk_create(
        CityName(city=city, name=city.name, kind=NameKind.OFFICIAL)
        for city in loader.new(CITIES.file).values()
    )
    for file, (model, column, owner_file) in NAMES.items():
        owners, names = loader.new(owner_file), []
        for row in loader.rows(file):
            if row[column] in owners:
                values = field_values(model, row, ("name", "language", "kind"))
                names.append(model(**{column: owners[row[column]]}, **values))
        model._base_manager.bulk_create(names)


def add_aliases(loader: Loader) -> None:
    """Further addresses of new records, unless another record has or had them."""
    for table in TABLES:
        if not issubclass(table.model, Named):
            continue
        kind, owners = table.model._meta.model_name or "", loader.new(table.file)
        rows = [row for row in loader.rows("aliases") if row["kind"] == kind and row["leads_to"] in owners]
        if not rows:
            continue
        slugs = {row["slug"] for row in rows}
        taken = {slug for slug, _ in old_addresses(table.model, slugs)}
        taken |= set(table.model._base_manager.filter(slug__in=slugs).values_list("slug", flat=True))
        free = [(row["slug"], owners[row["leads_to"]].pid) for row in rows if row["slug"] not in taken]
        Alias.objects.bulk_create(Alias(kind=kind, slug=slug, owner=pid, target=pid) for slug, pid in free)


def old_addresses(model: type[Any], slugs: set[str]) -> Iterator[tuple[str, Any]]:
    """Retired addresses among these, with the key of the record each leads to, or None."""
    kind = model._meta.model_name
    newest = dict(
        Alias.objects.filter(kind=kind, slug__in=slugs).order_by("pk").values_list("slug", "target")
    )
    if newest:
        keys = dict(model._base_manager.filter(pid__in=newest.values()).values_list("pid", "pk"))
        yield from ((slug, keys.get(target)) for slug, target in newest.items())


def add_citations(loader: Loader) -> int:
    """The sources of new records."""
    citations = []
    for table in TABLES:
        for row, record in loader.created[table.file] if table.cited_as else ():
            for key in row.list("sources"):
                try:
                    source = loader.reference(SOURCES.file, key)
                except Removed:
                    continue
                pid = uuid.uuid5(record.pid, f"citation {key}")
                citations.append(Citation(pid=pid, source_id=source, **{f"{table.cited_as}_id": record.pk}))
    Citation.objects.bulk_create(citations, batch_size=500)
    return len(citations)


def add_proposals(loader: Loader) -> int:
    """What nobody checked of new networks, as changes that wait for review."""
    new = [(row, network) for row, network in loader.created[NETWORKS.file] if row["checked"] != "yes"]
    events = apps.get_model("registry", "NetworkEvent").objects.filter(pgh_obj_id__in=[n.pk for _, n in new])
    versions = dict(events.values_list("pgh_obj_id").annotate(newest=Max("pgh_id")))
    proposals = []
    for row, network in new:
        seat = row["secretariat_geonames_id"]
        patch = {"founded": row["founded"], "secretariat": loader.refs["places"][seat] if seat else None}
        if patch := {name: value for name, value in patch.items() if value}:
            proposals.append(
                Proposal(
                    pid=uuid.uuid5(network.pid, "proposal"),
                    target_kind="network",
                    target=network.pid,
                    version=versions.get(network.pk),
                    patch=patch,
                    reason=UNCHECKED,
                )
            )
    Proposal.objects.bulk_create(proposals)
    return len(proposals)
