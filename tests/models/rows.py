"""An unsaved valid row of any table of the registry, with the rows it needs already saved."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from pghistory.models import Event

from registry import models as registry
from tests.factories import (
    make_city,
    make_country,
    make_issue,
    make_membership,
    make_network,
    make_office,
    make_organisation,
    make_policy,
    make_report,
    make_source,
    make_staff,
)

_numbers = count(1)


def _letters(number: int) -> str:
    """Two letters that no other row has: `AA`, `AB`, …; enough for a test."""
    return chr(65 + number // 26 % 26) + chr(65 + number % 26)


def _two_offices() -> dict[str, Any]:
    city = make_city()
    return {"office": make_office(city=city), "other": make_office(city=city)}


def _one_release() -> dict[str, Any]:
    release = save(row(registry.Release))
    return {"pid": uuid.uuid4(), "first": release, "last": release}


def _concept() -> registry.SchemeConcept:
    return save(row(registry.SchemeConcept))


VALID: dict[type[models.Model], Callable[[int], dict[str, Any]]] = {
    registry.Alias: lambda n: {
        "kind": "city",
        "slug": f"old-{n}",
        "owner": uuid.uuid4(),
        "target": uuid.uuid4(),
    },
    registry.Citation: lambda n: {"source": make_source(), "city": make_city()},
    registry.City: lambda n: {"name": f"Row {n}", "slug": f"row-{n}", "country": make_country()},
    registry.CityLink: lambda n: {"city": make_city(), "other": make_city(), "kind": "part-of"},
    registry.CityName: lambda n: {"city": make_city(), "name": f"Row {n}"},
    registry.CityOffice: lambda n: {
        "name": f"Row {n}",
        "slug": f"row-{n}",
        "city": make_city(),
        "kind": "other",
    },
    registry.Country: lambda n: {
        "alpha2": _letters(n),
        "alpha3": f"{_letters(n)}Q",
        "name": f"Row {n}",
        "world_region": "asia",
    },
    registry.Dataset: lambda n: {
        "name": f"Row {n}",
        "slug": f"row-{n}",
        "source": make_source(),
        "licence": "CC0",
    },
    registry.DatasetFile: lambda n: {
        "dataset": save(row(registry.Dataset)),
        "name": f"row-{n}.csv",
        "content": b"city\nParis\n",
        "rows": 1,
        "cells": 1,
    },
    registry.Division: lambda n: {"code": f"FR.{n}", "country": make_country(), "name": f"Row {n}"},
    registry.Identifier: lambda n: {"scheme": "other", "value": f"row-{n}", "city": make_city()},
    registry.Issue: lambda n: {"name": f"Row {n}", "slug": f"row-{n}"},
    registry.IssueMapping: lambda n: {"issue": make_issue(), "concept": _concept()},
    registry.IssueScheme: lambda n: {"slug": f"row-{n}", "name": f"Row {n}"},
    registry.JointPolicy: lambda n: {"name": f"Row {n}", "slug": f"row-{n}", "kind": "programme"},
    registry.ListImport: lambda n: {"network": make_network()},
    registry.ListImportRow: lambda n: {
        "listing": save(row(registry.ListImport)),
        "number": n,
        "outcome": "unmatched",
        "standing": "unmatched",
    },
    registry.Membership: lambda n: {"city": make_city(), "network": make_network()},
    registry.Merge: lambda n: {
        "kind": "city",
        "survivor": uuid.uuid4(),
        "survivor_name": f"Row {n}",
        "merged": uuid.uuid4(),
        "merged_name": f"Row {n}",
        "context": uuid.uuid4(),
    },
    registry.Network: lambda n: {"name": f"Row {n}", "slug": f"row-{n}", "scope": "regional"},
    registry.NetworkLink: lambda n: {"network": make_network(), "other": make_network(), "kind": "part-of"},
    registry.NetworkName: lambda n: {"network": make_network(), "name": f"Row {n}"},
    registry.NotDuplicate: lambda n: {
        "kind": "city",
        "one": uuid.UUID(int=n),
        "other": uuid.UUID(int=n + 1),
    },
    registry.Observation: lambda n: {
        "dataset": save(row(registry.Dataset)),
        "row_key": f"row {n}",
        "column": "members",
    },
    registry.ObservedMembership: lambda n: {
        "observation": save(row(registry.Observation)),
        "network": make_network(),
        "member": True,
    },
    registry.SavedSearch: lambda n: {
        "owner": make_staff(f"searcher{n}"),
        "name": f"Row {n}",
        "listing": "cities",
    },
    registry.OfficeHolder: lambda n: {"office": make_office(), "person_name": f"Row {n}"},
    registry.OfficeLink: lambda n: _two_offices(),
    registry.Organisation: lambda n: {"name": f"Row {n}", "slug": f"row-{n}", "kind": "ngo"},
    registry.Partnership: lambda n: {"organisation": make_organisation(), "policy": make_policy()},
    registry.PolicyExperiment: lambda n: {"policy": make_policy(), "hypothesis": f"Row {n}"},
    registry.PolicyParty: lambda n: {"policy": make_policy(), "city": make_city()},
    registry.Proposal: lambda n: {
        "target_kind": "city",
        "target": uuid.uuid4(),
        "patch": {"name": "Row"},
        "reason": f"Row {n}",
    },
    registry.ApiToken: lambda n: {
        "owner": make_staff(f"owner{n}"),
        "name": f"Row {n}",
        "beginning": "citynet_abcdef",
        "digest": f"{n:064}",
    },
    registry.PackageLoad: lambda n: {
        "digest": f"{n:064}",
        "everything": False,
        "as_it_was": False,
        "counts": {"cities": {"created": 1, "updated": 0}},
    },
    registry.Release: lambda n: {
        "version": f"2026.{n}",
        "made_at": datetime(2026, 1, 1, tzinfo=UTC),
        "size": n,
        "sha256": f"{n:064}",
        "counts": {"cities": n},
    },
    registry.ReleasedRecord: lambda n: _one_release(),
    registry.Report: lambda n: {"name": f"Row {n}", "slug": f"row-{n}"},
    registry.ReviewComment: lambda n: {
        "target_kind": "city",
        "target": uuid.uuid4(),
        "text": f"Row {n}",
    },
    registry.RosterConfirmation: lambda n: {"network": make_network(), "confirmed_on": "2024-05-06"},
    registry.SchemeConcept: lambda n: {
        "scheme": save(row(registry.IssueScheme)),
        "code": f"{n}",
        "label": f"Row {n}",
    },
    registry.Source: lambda n: {"title": f"Row {n}", "url": f"https://example.org/row/{n}"},
    registry.TaughtName: lambda n: {"name": f"Row {n}", "city": make_city()},
}
_ENDS: dict[Any, Callable[[], models.Model]] = {
    registry.City: make_city,
    registry.CityOffice: make_office,
    registry.Issue: make_issue,
    registry.ListImport: lambda: save(row(registry.ListImport)),
    registry.JointPolicy: make_policy,
    registry.Membership: make_membership,
    registry.Network: make_network,
    registry.PolicyParty: lambda: save(row(registry.PolicyParty)),
    registry.PolicyExperiment: lambda: save(row(registry.PolicyExperiment)),
    registry.Report: make_report,
}


def row(model: Any, **given: Any) -> Any:
    """An unsaved row that breaks no rule but by what is given."""
    number = next(_numbers)
    valid = VALID[model](number) if model in VALID else ends_of(model)
    return model(**{**valid, **given})


def ends_of(through: type[models.Model]) -> dict[str, Any]:
    """The two ends of a many-to-many row."""
    ends = [field for field in through._meta.local_fields if field.remote_field]
    return {field.name: _ENDS[field.related_model]() for field in ends}


def save(instance: Any) -> Any:
    """The row, written past every check of Python."""
    type(instance)._base_manager.bulk_create([instance])
    return instance


def tables() -> list[type[models.Model]]:
    """Every table the registry writes rows to, many-to-many tables among them, without its events."""
    every = apps.get_app_config("registry").get_models(include_auto_created=True)
    return [
        model
        for model in every
        if model._meta.managed and not model._meta.proxy and not issubclass(model, Event)
    ]


def columns(instance: models.Model) -> dict[str, Any]:
    """Column names and values as the database takes them, without what it makes itself."""
    fields = [field for field in instance._meta.concrete_fields if not field.generated]
    values = {field: field.pre_save(instance, add=True) for field in fields}
    return {
        str(field.column): field.get_db_prep_save(value, connection)
        for field, value in values.items()
        if not isinstance(value, DatabaseDefault) and not (field.primary_key and value is None)
    }


def insert_raw(instance: models.Model) -> None:
    """Write the row by an INSERT of our own."""
    values = columns(instance)
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{instance._meta.db_table}" ({names}) VALUES ({marks})', list(values.values())
        )


def copy(instances: list[Any]) -> None:
    """Write rows of one table by COPY."""
    names = ", ".join(f'"{name}"' for name in columns(instances[0]))
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{instances[0]._meta.db_table}" ({names}) FROM STDIN') as rows,
    ):
        for instance in instances:
            rows.write_row(list(columns(instance).values()))
