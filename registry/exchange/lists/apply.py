"""Making the planned changes: all of them or none, once, under one batch of the history."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, F, TextField, Value, When
from django.db.models.functions import Concat
from django.utils import timezone

from registry.actions.cite import find_or_create_sources
from registry.actions.publish import may_publish
from registry.choices import ImportState, Missing, Publication, RowStanding
from registry.exchange.lists.imports import UNDECIDED, replan
from registry.exchange.lists.plan import Plan, ended_now
from registry.exchange.lists.propose import Wanted, propose_changes
from registry.exchange.lists.rosters import Roster, roster_of
from registry.exchange.lists.taught import beside, teach
from registry.models import Citation, ListImport, ListImportRow, RosterConfirmation
from registry.models.history import acting, acting_alone, heed_every_trigger

COMMAND_LINE = "the command line"
NOT_ON_IT = "Not on the list."


class NotOpen(Exception):
    """The list was applied or discarded already; the message says by whom and when."""


@dataclass
class Applied:
    """What applying a list did, in numbers of memberships or parties.

    `seen` were there already and have a later date or a further source; `proposed` are changes of
    published records that wait for an editor, since the list was applied as drafts, and `kept` those of
    them that waited already; `waiting` rows still need a decision.
    """

    added: int = 0
    changed: int = 0
    seen: int = 0
    left: int = 0
    proposed: int = 0
    kept: int = 0
    waiting: int = 0
    taught: int = 0


def apply_list(listing: ListImport, *, by: User | None, publish: bool) -> Applied:
    """Make the changes that the list means for the registry as it stands now, in one transaction.

    `by` is the account, None for the command line. With `publish` what is added is published, and what
    is published already is changed; without it drafts are added, and changes of published records are
    filed as proposals.
    Raises NotOpen, and PermissionDenied for an account that may not.
    """
    with transaction.atomic():
        heed_every_trigger()
        locked = ListImport.objects.select_for_update(of=["self"]).get(pk=listing.pk)
        if not locked.is_open:
            raise NotOpen(said_of(locked))
        roster = roster_of(locked)
        _check(roster, by, publish)
        # Two lists of one network or policy are applied one after the other.
        type(locked.target).objects.select_for_update(no_key=True).get(pk=locked.target.pk)
        who = {"user": by.pk, "username": by.get_username()} if by else {}
        # Alone: the command that also keeps the list and its rows is no part of what can be undone.
        with acting_alone(**who, command="import_list", batch=str(locked.batch)):
            return _Application(locked, roster, replan(locked), by, publish).run()


def said_of(listing: ListImport) -> str:
    """By whom and when a list was applied, or that it was discarded."""
    if listing.state == ImportState.DISCARDED:
        return "This list was discarded. Nothing of it was applied."
    by = listing.applied_by.get_username() if listing.applied_by else COMMAND_LINE
    return (
        f"This list was applied by {by} at {listing.applied_at:%Y-%m-%d %H:%M} UTC. Nothing was added again."
    )


def _check(roster: Roster, by: User | None, publish: bool) -> None:
    if by is None:
        return
    name = f"{roster.model._meta.app_label}.add_{roster.model._meta.model_name}"
    if not by.has_perm(name) or (publish and not may_publish(by, roster.model)):
        raise PermissionDenied


class _Application:
    """One list being applied, within its transaction."""

    def __init__(
        self, listing: ListImport, roster: Roster, planned: Plan, by: User | None, publish: bool
    ) -> None:
        self.listing, self.roster, self.planned, self.by, self.publish = listing, roster, planned, by, publish
        self.publication = Publication.PUBLISHED if publish else Publication.DRAFT
        self.done = Applied()
        # What supports each record that the list shows to be so.
        self.sources: dict[int, str] = {}
        self.wanted: dict[int, Wanted] = {}

    def run(self) -> Applied:
        """Make every planned change."""
        rows = self.planned.turns
        self.done.waiting = sum(row.standing in UNDECIDED for row in self.planned.rows)
        # A period that ends by the list makes room for one that it begins.
        self._change([row for row in rows if row.record is not None and _is_made(row)])
        self._add([row for row in rows if row.record is None and _is_made(row) and not _is_there(row)])
        departed = self._end_departed()
        self._propose()
        self._cite(self.sources)
        self._cite(dict.fromkeys(departed, self.listing.source), quote=NOT_ON_IT)
        self._confirm()
        self._teach()
        self._close()
        return self.done

    def _add(self, rows: list[ListImportRow]) -> None:
        new = [
            self.roster.new(
                self.listing.target, row.city_id, {**row.changes, "publication": self.publication}
            )
            for row in rows
        ]
        self.roster.model.objects.bulk_create(new)
        self.sources |= {one.pk: self._source(row) for one, row in zip(new, rows, strict=True)}
        self.done.added = len(new)

    def _change(self, rows: list[ListImportRow]) -> None:
        """Change records, as many at once as change in the same way; several of one city in their turn."""
        touchable = self._touchable(row.record for row in rows)
        of_city = Counter(row.city_id for row in rows)
        alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for row in rows:
            if row.record not in touchable:
                if row.record and row.changes:
                    self.wanted[row.record] = Wanted(row.changes, row.about, self._source(row))
                continue
            self.sources.setdefault(row.record, self._source(row))
            if row.changes:
                turn = row.pk if of_city[row.city_id] > 1 else None
                alike[turn, *sorted(row.changes.items())].append(row.record)
                self.done.changed += row.standing == RowStanding.CHANGED
            self.done.seen += _is_there(row) and bool(row.changes)
        for (_, *changes), keys in alike.items():
            self.roster.model.objects.filter(pk__in=keys).update(**dict(changes))

    def _touchable(self, keys: Iterable[Any]) -> set[int]:
        """Those of the records that this application may change: the published only when it publishes."""
        records = self.roster.model.objects.filter(pk__in=list(keys))
        if not self.publish:
            records = records.exclude(publication=Publication.PUBLISHED)
        return set(records.values_list("pk", flat=True))

    def _end_departed(self) -> list[int]:
        """Record that the cities left which the list does not name, if staff said so."""
        if self.listing.missing == Missing.INCOMPLETE:
            return []
        missing = {part.pk for part in self.planned.missing} - self.planned.stuck.keys()
        if self.listing.missing == Missing.SOME:
            missing &= set(self.listing.departed.values_list("pk", flat=True))
        keys = sorted(self._touchable(missing))
        over, source = ended_now(self.listing), self.listing.source
        self.wanted |= {key: Wanted(over, NOT_ON_IT, source, NOT_ON_IT) for key in missing - set(keys)}
        if keys:
            self.done.left = self.roster.model.objects.filter(pk__in=keys).update(
                **ended_now(self.listing), note=self._noted()
            )
        return keys

    def _propose(self) -> None:
        """Let what would change published records wait for an editor."""
        self.done.proposed = propose_changes(self.listing, self.roster, self.wanted, by=self.by)
        self.done.kept = len(self.wanted) - self.done.proposed

    def _noted(self) -> Case:
        """The note for staff, with why the part is recorded as over."""
        when = f" of {self.listing.observed_on}" if self.listing.observed_on else ""
        told = f"Not on the list{when}."
        further = Concat(F("note"), Value(f"\n{told}"), output_field=TextField())
        return Case(When(note="", then=Value(told)), default=further, output_field=TextField())

    def _source(self, row: ListImportRow) -> str:
        return row.source or self.listing.source

    def _cite(self, texts: dict[int, str], quote: str = "") -> None:
        """Cite for each record what supports it; nothing happens where it is cited already."""
        sources = find_or_create_sources({text for text in texts.values() if text})
        Citation.objects.bulk_create(
            [
                Citation(
                    source=sources[text],
                    asserted_by=self.by,
                    quote=quote,
                    **{f"{self.roster.cited_as}_id": key},
                )
                for key, text in texts.items()
                if text
            ],
            ignore_conflicts=True,
        )

    def _confirm(self) -> None:
        """Record that a network's member list was compared with a complete one."""
        if not self.listing.network_id or self.listing.missing == Missing.INCOMPLETE:
            return
        undecided = (
            self.done.waiting + len(self.wanted) + sum(_is_undecided(row) for row in self.planned.rows)
        )
        check, is_new = RosterConfirmation.objects.get_or_create(
            network=self.listing.network,
            confirmed_on=timezone.localdate(),
            defaults={
                "complete": not undecided,
                "confirmed_by": self.by,
                "publication": self.publication,
            },
        )
        if is_new and self.listing.source:
            source = find_or_create_sources({self.listing.source})[self.listing.source]
            Citation.objects.create(source=source, roster_confirmation=check, asserted_by=self.by)

    def _teach(self) -> None:
        """Remember the cities that staff chose by the names that the list gives them."""
        chosen = [row for row in self.planned.rows if row.by_staff and row.city_id]
        self.done.taught = teach(
            self.listing.network,
            (
                (row.name, beside(row.given.get("division", ""), row.given.get("country", "")), row.city_id)
                for row in chosen
                if row.city_id and not row.given.get("geonames_id")
            ),
        )

    def _close(self) -> None:
        self.listing.state = ImportState.APPLIED
        self.listing.publication = self.publication
        self.listing.applied_by = self.by
        self.listing.applied_at = timezone.now()
        self.listing.save(update_fields=["state", "publication", "applied_by", "applied_at"])


def _is_made(row: ListImportRow) -> bool:
    """Whether the list shows what the row says to be so."""
    if row.standing == RowStanding.CHANGED:
        return row.taken
    return row.standing in (RowStanding.ADD, RowStanding.THERE)


def _is_there(row: ListImportRow) -> bool:
    return row.standing == RowStanding.THERE


def _is_undecided(row: ListImportRow) -> bool:
    return row.standing == RowStanding.CHANGED and row.asks and not row.answer


def discard(listing: ListImport, *, by: User) -> None:
    """Put a list aside that nobody will apply. Raises NotOpen."""
    with transaction.atomic(), acting(user=by.pk, username=by.get_username()):
        locked = ListImport.objects.select_for_update(of=["self"]).get(pk=listing.pk)
        if not locked.is_open:
            raise NotOpen(said_of(locked))
        locked.state = ImportState.DISCARDED
        locked.save(update_fields=["state"])
