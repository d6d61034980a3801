"""Old addresses: what every slug that is no longer current leads to."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any

import pgtrigger
from django.db import models

from registry.models.base import Named
from registry.models.history import tracked


class AliasQuerySet(models.QuerySet):
    """Questions about retired addresses."""

    def target(self, kind: str, slug: str) -> uuid.UUID | None:
        """The permanent identifier that a retired address leads to now; the newest row decides."""
        return self.filter(kind=kind, slug=slug).order_by("-pk").values_list("target", flat=True).first()


@tracked
class Alias(models.Model):
    """A retired address, or the permanent identifier of a merged record, and where it leads.

    Rows are only ever added (the database refuses to change them): a merge adds a row that leads
    to the surviving record, an un-merge adds one that leads back, and the newest row of an address
    decides. `owner` is the record the address was first given to; no other may have it.
    """

    kind = models.CharField(max_length=40, help_text="Model name of the record: city, network…")
    slug = models.CharField(max_length=120)
    owner = models.UUIDField(help_text="pid of the record the address was given to.")
    target = models.UUIDField(help_text="pid of the record it leads to.")
    created_at = models.DateTimeField(auto_now_add=True, db_default=models.functions.Now())

    objects = AliasQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "aliases"
        indexes = [
            models.Index(fields=["kind", "slug", "-id"], name="alias_address"),
            models.Index(fields=["target"], name="alias_target"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"/{self.kind}/{self.slug}/"


def address_triggers(kind: str) -> list[pgtrigger.Trigger]:
    """Triggers that keep the addresses of one kind of record: refused to others, retired on change.

    They work on whole statements, so that loading 235,000 cities costs one look-up.
    """
    refuse = f"""
        IF EXISTS (
            SELECT 1 FROM new_values JOIN registry_alias alias
            ON alias.kind = '{kind}' AND alias.slug = new_values.slug AND alias.owner <> new_values.pid
        ) THEN
            RAISE EXCEPTION 'This address belonged to another record and stays with it.'
                USING ERRCODE = 'unique_violation', CONSTRAINT = 'registry_{kind}_slug_never_reused';
        END IF;
    """
    retire = f"""
        INSERT INTO registry_alias (kind, slug, owner, target)
        SELECT '{kind}', old_values.slug, old_values.pid, old_values.pid
    """
    return [
        pgtrigger.Trigger(
            name="address_refused",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="new_values"),
            func=f"{refuse} RETURN NULL;",
        ),
        pgtrigger.Trigger(
            name="address_changed",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            referencing=pgtrigger.Referencing(old="old_values", new="new_values"),
            func=f"""{refuse}
                {retire} FROM old_values JOIN new_values USING (pid)
                WHERE old_values.slug <> new_values.slug;
                RETURN NULL;""",
        ),
        pgtrigger.Trigger(
            name="address_retired",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            referencing=pgtrigger.Referencing(old="old_values"),
            func=f"{retire} FROM old_values; RETURN NULL;",
        ),
    ]


def find_by_old_address(records: models.QuerySet, address: str) -> Any:
    """That of the records which a retired address, or a permanent identifier, leads to, or None.

    A record that it led to may have been merged since, and the survivor of that merge likewise.
    """
    kind, seen = records.model._meta.model_name or "", set()
    while address not in seen:
        seen.add(address)
        target = Alias.objects.target(kind, address) or _as_pid(address)
        if target is None:
            break
        if found := records.filter(pid=target).first():
            return found
        address = str(target)
    return None


def find_by_old_slug(model: type[Named], slug: str) -> Any:
    """The record that a retired address of this kind leads to, or None."""
    return find_by_old_address(model._base_manager.all(), slug)


def _as_pid(address: str) -> uuid.UUID | None:
    with suppress(ValueError):
        return uuid.UUID(address)
    return None
