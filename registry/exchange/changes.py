"""What changed in the published registry, from its history: for a page, its files and its feed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from heapq import merge
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, F, JSONField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan, TupleLessThanOrEqual
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from registry.choices import ChangeDone, Publication
from registry.exchange.columns.fields import field_name
from registry.models import (
    City,
    CityLink,
    CityOffice,
    Country,
    Division,
    Issue,
    JointPolicy,
    Membership,
    Network,
    NetworkLink,
    OfficeHolder,
    OfficeLink,
    Organisation,
    Partnership,
    PolicyExperiment,
    PolicyParty,
    Report,
    RosterConfirmation,
)
from registry.models.base import PublicRecord
from registry.models.history import NOTHING, event_model, value_in_words
from registry.models.recorded import ends_were_public, was_public

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NEVER_SHOWN = {"id", "pid", "note", "publication", "confirmed_by"}
PUBLISHED = Publication.PUBLISHED
KEYS = ("pgh_kind", "pgh_id", "pgh_obj_id", "pgh_created_at", "pgh_label", "pgh_before", "pgh_after")
NEWEST_FIRST = ("-pgh_created_at", "-pgh_id")


@dataclass(frozen=True)
class Place:
    """Where a reading from the newest change has come to: what the last one is sorted by, and its kind."""

    at: datetime
    number: int
    kind: str

    @classmethod
    def of(cls, row: dict[str, Any]) -> Place:
        """That of a change, unread."""
        return cls(row["pgh_created_at"], row["pgh_id"], row["pgh_kind"])

    def beyond(self, kind: str) -> Q:
        """That a change of this kind comes later in the reading: each kind has numbers of its own.

        Compared as a pair, so that an index is begun in its middle however much was written at one moment.
        """
        further = TupleLessThanOrEqual if kind > self.kind else TupleLessThan
        return Q(further(Tuple(F("pgh_created_at"), F("pgh_id")), (self.at, self.number)))


@dataclass(frozen=True)
class Kind:
    """A kind of record whose changes are listed; `ends` are its columns that hold a record asked for."""

    name: str
    words: StrOrPromise
    model: Any
    ends: dict[str, tuple[str, ...]]

    @property
    def fields(self) -> list[models.Field]:
        """What the public sees of such a record."""
        return [
            one
            for one in event_model(self.model)._meta.concrete_fields
            if not one.name.startswith("pgh_") and one.name not in NEVER_SHOWN
        ]

    def state(self, publication: Any, until: str, moment: OuterRef) -> JSONObject:
        """The record as an event recorded it, so far as the public saw it until a moment and sees it now."""
        return JSONObject(
            publication=publication,
            **{one.attname: self._value(one, until, moment) for one in self.fields},
        )

    def _value(self, one: models.Field, until: str, moment: OuterRef) -> Any:
        """The value of a field; nothing where it leads to what is no end and is not public."""
        ends = (*self.model.public_ends, *self.model.public_ends_if_any)
        if one.name in ends or not issubclass(one.related_model or object, PublicRecord):
            return F(one.attname)
        return Case(When(was_public(self.model, one.name, until, moment), then=F(one.attname)))


OWN = ("pgh_obj",)
KINDS = {
    kind.name: kind
    for kind in (
        Kind("city", _("City"), City, {"city": OWN}),
        Kind("network", _("Network"), Network, {"network": OWN, "city": ("secretariat",)}),
        Kind("policy", _("Joint policy"), JointPolicy, {"policy": OWN}),
        Kind("office", _("Office"), CityOffice, {"city": ("city",)}),
        Kind("organisation", _("Organisation"), Organisation, {}),
        Kind("report", _("Report"), Report, {}),
        Kind("membership", _("Membership"), Membership, {"city": ("city",), "network": ("network",)}),
        Kind("party", _("Part in a policy"), PolicyParty, {"city": ("city",), "policy": ("policy",)}),
        Kind("experiment", _("Experiment"), PolicyExperiment, {"policy": ("policy",)}),
        Kind("holder", _("Head of an office"), OfficeHolder, {"city": ("office__city",)}),
        Kind("office-link", _("Link of offices"), OfficeLink, {"city": ("office__city",)}),
        Kind("city-link", _("Link of cities"), CityLink, {"city": ("city", "other")}),
        Kind("network-link", _("Link of networks"), NetworkLink, {"network": ("network", "other")}),
        Kind("partnership", _("Partnership"), Partnership, {"network": ("network",), "policy": ("policy",)}),
        Kind("roster", _("Check of members"), RosterConfirmation, {"network": ("network",)}),
    )
}


@dataclass(frozen=True)
class Asked:
    """Which changes are asked for; empty for all. `ends` holds keys by city, network or policy.

    `after`: those that come after this place.
    """

    kinds: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    ends: dict[str, list[int]] = field(default_factory=dict)
    since: datetime | None = None
    before: datetime | None = None
    after: Place | None = None


def newest_changes(asked: Asked, most: int) -> QuerySet:
    """The newest changes asked for, unread (`read_changes`): at most so many.

    Each kind gives its own newest by the index of its history, so that nothing older is looked at.
    """
    kinds = _kinds(asked)
    if not kinds:
        return event_model(City).objects.none()
    first, *others = [_of_kind(kind, asked).order_by(*NEWEST_FIRST)[:most] for kind in kinds]
    return first.union(*others, all=True).order_by(*NEWEST_FIRST, "pgh_kind")[:most] if others else first


def all_changes(asked: Asked, at_once: int) -> Iterator[dict[str, Any]]:
    """Every change asked for, unread, the newest first: so many of each kind are held at a time."""
    kinds = sorted(_kinds(asked), key=lambda kind: kind.name)
    each = [_in_turn(kind, asked, at_once) for kind in kinds]
    return merge(*each, key=lambda row: (row["pgh_created_at"], row["pgh_id"]), reverse=True)


def _in_turn(kind: Kind, asked: Asked, at_once: int) -> Iterator[dict[str, Any]]:
    """Every change of a kind; each question goes on after the last one given."""
    while some := list(_of_kind(kind, asked).order_by(*NEWEST_FIRST)[:at_once]):
        yield from some
        if len(some) < at_once:
            break
        asked = replace(asked, after=Place.of(some[-1]))


def _kinds(asked: Asked) -> list[Kind]:
    names = [name for name in KINDS if not asked.kinds or name in asked.kinds]
    return [KINDS[name] for name in names if KINDS[name].ends.keys() >= asked.ends.keys()]


def _of_kind(kind: Kind, asked: Asked) -> QuerySet:
    events = event_model(kind.model).objects
    of_record = events.filter(pgh_obj=OuterRef("pgh_obj")).order_by("-pgh_id")
    last = Subquery(of_record.values("publication")[:1])
    rows = events.alias(last=last).filter(publication=PUBLISHED, last=PUBLISHED)
    if kind.model.brought is not None:
        rows = rows.exclude(kind.model.brought)
    for end, keys in asked.ends.items():
        columns = [Q(**{f"{column}__in": keys}) for column in kind.ends[end]]
        rows = rows.filter(columns[0] if len(columns) == 1 else columns[0] | columns[1])
    if asked.since:
        rows = rows.filter(pgh_created_at__gte=asked.since)
    if asked.before:
        rows = rows.filter(pgh_created_at__lt=asked.before)
    if asked.after:
        rows = rows.filter(asked.after.beyond(kind.name))
    moment = OuterRef("pgh_created_at")
    previous = of_record.filter(pgh_id__lt=OuterRef("pgh_id")).values(state=_before(kind, OuterRef(moment)))
    rows = rows.annotate(
        pgh_kind=Value(kind.name, models.TextField()),
        pgh_before=Subquery(previous[:1], output_field=JSONField()),
        pgh_after=kind.state(F("publication"), "lte", moment),
    )
    if ends := ends_were_public(kind.model, "lte", moment):
        removed = Q(pgh_label="delete")
        rows = rows.filter(removed & Q(pgh_before__publication=PUBLISHED) | ~removed & ends)
    # What changed for staff alone is no change of what the registry says.
    rows = rows.exclude(pgh_label="update", pgh_before=F("pgh_after"))
    return rows.filter(_was_done(asked.done)).values(*KEYS)


def _before(kind: Kind, moment: OuterRef) -> JSONObject:
    """What was said before a transaction: of a link nothing published while an end of it was not public."""
    publication: Any = F("publication")
    if ends := ends_were_public(kind.model, "lt", moment):
        publication = Case(When(ends, then=publication), default=Value(""))
    return kind.state(publication, "lt", moment)


def _was_done(done: Iterable[str]) -> Q:
    was_public = Q(pgh_label="update", pgh_before__publication=PUBLISHED)
    meant = {
        ChangeDone.PUBLISHED: ~Q(pgh_label="delete") & ~was_public,
        ChangeDone.CHANGED: was_public,
        ChangeDone.REMOVED: Q(pgh_label="delete"),
    }
    asked = Q()
    for one in done:
        asked |= meant[ChangeDone(one)]
    return asked


# --- In words ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """A field of a record that changed, in words."""

    field: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"


@dataclass(frozen=True)
class Change:
    """One change of a published record. `links` are the public records that it is of, or that it links."""

    pid: str
    at: datetime
    kind: str
    words: StrOrPromise
    name: str
    done: str
    links: list[Any]
    differences: list[Difference]

    @property
    def address(self) -> str:
        """The page that tells most of it; empty where it has none any more."""
        return self.links[0].get_absolute_url() if self.links else ""

    @property
    def moment(self) -> str:
        """When, as ISO 8601 writes it."""
        return self.at.isoformat(timespec="seconds")

    @property
    def day(self) -> str:
        """The day of the change, in UTC."""
        return f"{self.at:%Y-%m-%d}"


def read_changes(rows: Iterable[dict[str, Any]]) -> list[Change]:
    """Changes in words; one query for each kind of record that they name."""
    found = list(rows)
    known = _records_of(found)
    return [_change(row, KINDS[row["pgh_kind"]], known) for row in found]


def _records_of(rows: list[dict[str, Any]]) -> dict[Any, dict[int, Any]]:
    """The public records that the rows are of or link, by their kind and key."""
    wanted: dict[Any, set[Any]] = defaultdict(set)
    for row in rows:
        kind = KINDS[row["pgh_kind"]]
        wanted[kind.model].add(row["pgh_obj_id"])
        for one in kind.fields:
            if one.is_relation:
                states = (row["pgh_before"] or {}, row["pgh_after"])
                wanted[one.related_model] |= {state.get(one.attname) for state in states} - {None}
    sources: dict[Any, QuerySet] = {
        **{model: model.objects.public() for model in (City, Network, JointPolicy, Organisation, Report)},
        CityOffice: CityOffice.objects.public().select_related("city"),
        PolicyExperiment: PolicyExperiment.objects.public().select_related("policy"),
        **{model: model.objects.all() for model in (Country, Division, Issue)},
    }
    return {model: rows.in_bulk(wanted[model]) for model, rows in sources.items() if wanted[model]}


def _change(row: dict[str, Any], kind: Kind, known: dict[Any, dict[int, Any]]) -> Change:
    before, after, label = row["pgh_before"], row["pgh_after"], row["pgh_label"]
    done = ChangeDone.CHANGED
    if label == "delete":
        done = ChangeDone.REMOVED
    elif not before or before["publication"] != PUBLISHED:
        done = ChangeDone.PUBLISHED
    own = known.get(kind.model, {}).get(row["pgh_obj_id"])
    ends = [
        known.get(one.related_model, {}).get(after[one.attname]) for one in kind.fields if one.is_relation
    ]
    paged = [end for end in ends if end is not None and hasattr(end, "url_name")]
    name = after.get("name") or after.get("person_name") or ", ".join(map(str, paged))
    fields = kind.fields if done == ChangeDone.CHANGED else ()
    changed = [one for one in fields if before[one.attname] != after[one.attname]]
    return Change(
        pid=f"{row['pgh_kind']}-{row['pgh_id']}",
        at=row["pgh_created_at"],
        kind=row["pgh_kind"],
        words=kind.words,
        name=str(own or name),
        done=done,
        links=[own] if own is not None else paged,
        differences=[
            Difference(
                field_name(one),
                *(value_in_words(one, state[one.attname], known, NOTHING) for state in (before, after)),
            )
            for one in changed
        ],
    )
