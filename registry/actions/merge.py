"""Merging two records that are one: what would happen, and doing it in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pgtrigger
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import NOT_PROVIDED

from registry.actions.merge_links import MOST_PUBLIC, Conflict, Links, read_links
from registry.actions.publish import may_publish
from registry.actions.recorded import quoted
from registry.actions.rewind import MOVING_OFFICES, see_now
from registry.choices import ProposalState, Publication
from registry.models import (
    Alias,
    City,
    CityName,
    CityOffice,
    JointPolicy,
    Merge,
    Network,
    NetworkName,
    Organisation,
    Proposal,
)
from registry.models.base import Named
from registry.models.history import acting_alone
from registry.models.refusals import read_refusal

MERGED = (City, Network, JointPolicy, CityOffice, Organisation)
NAMES: dict[type[models.Model], tuple[Any, str]] = {
    City: (CityName, "city"),
    Network: (NetworkName, "network"),
}
# Columns that only mean something together are chosen together.
TOGETHER = (
    ("country", "division"),
    ("latitude", "longitude"),
    ("population", "population_year"),
    ("since", "until", "ended", "observed_on"),
    ("founded", "dissolved", "ended", "observed_on"),
    ("established", "closed", "ended", "observed_on"),
)
KEPT = {"slug", "pid"}


class CannotMerge(Exception):
    """Why two records cannot be merged, in words for people."""


@dataclass
class Difference:
    """Columns, chosen together, in which the records differ; `take` says the merged record's are taken."""

    name: str
    fields: list[Any]
    survivor: list[Any]
    merged: list[Any]
    take: bool
    conflict: bool


@dataclass
class Plan:
    """All that merging one record into another would do; nothing is done yet."""

    survivor: Any
    merged: Any
    differences: list[Difference] = field(default_factory=list)
    links: list[Links] = field(default_factory=list)
    proposals: int = 0

    def all_links(self) -> Iterator[Links]:
        """The links of every table that a row is touched of, also those of what is joined."""
        for links in self.links:
            yield from (one for one in links.all() if one.moved or one.joined or one.conflicts or one.between)

    @property
    def conflicts(self) -> list[Conflict]:
        """Everything among the links that staff choose about."""
        return [conflict for links in self.all_links() for conflict in links.conflicts]

    @property
    def fingerprint(self) -> str:
        """Changes when the plan would look different, so that nobody confirms what was not seen."""
        said: list[Any] = [(d.name, d.survivor, d.merged) for d in self.differences]
        for links in self.all_links():
            said.append((links.table.name, [row["pk"] for row in links.moved], sorted(links.joined)))
            said += [(c.key, c.said) for c in links.conflicts]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:32]

    @property
    def published(self) -> bool:
        """Whether anything that the public sees would change."""
        ours = (self.survivor, self.merged)
        return any(record.publication == Publication.PUBLISHED for record in ours) or any(
            links.published for links in self.all_links()
        )


def plan_merge(
    survivor: Any, merged: Any, *, fields: dict[str, str] | None = None, links: dict[str, int] | None = None
) -> Plan:
    """What merging would do. `fields` maps names of differences to `survivor` or `merged`, `links` keys
    of conflicts to the number of the option that stays. Costs the same however many rows there are.

    Raises CannotMerge for two records that cannot be one.
    """
    _check(survivor, merged)
    plan = Plan(survivor, merged)
    plan.differences = list(_differences(survivor, merged, fields or {}))
    plan.links = read_links(type(survivor), {merged.pk: survivor.pk}, links or {})
    plan.proposals = Proposal.objects.filter(
        target_kind=survivor._meta.model_name, target=merged.pid, state=ProposalState.OPEN
    ).count()
    return plan


def may_merge(by: User, plan: Plan) -> bool:
    """Whether the account may do it: change and delete, and publish where the public would see it."""
    options = plan.survivor._meta
    needed = [f"{options.app_label}.{action}_{options.model_name}" for action in ("change", "delete")]
    return by.has_perms(needed) and (not plan.published or may_publish(by, type(plan.survivor)))


@transaction.atomic
def merge(
    survivor: Any,
    merged: Any,
    *,
    by: User,
    fields: dict[str, str] | None = None,
    links: dict[str, int] | None = None,
    seen: str | None = None,
) -> Merge:
    """Merge a record into another of its kind, with all that refers to it; its addresses lead on.

    `seen` is the fingerprint of the plan that was confirmed. Raises CannotMerge, and PermissionDenied.
    """
    survivor, merged = _lock(survivor, merged)
    plan = plan_merge(survivor, merged, fields=fields, links=links)
    if not may_merge(by, plan):
        raise PermissionDenied
    if seen is not None and seen != plan.fingerprint:
        raise CannotMerge("Something changed since this was shown. Look again before you merge.")
    with acting_alone(user=by.pk, username=by.get_username(), command="merge") as context:
        done = _note(plan, by, context)
        try:
            with pgtrigger.ignore(*MOVING_OFFICES), transaction.atomic():
                _apply(plan)
        except IntegrityError as error:
            refusal = read_refusal(error)
            if refusal is None:
                raise
            raise CannotMerge(refusal.message) from error
        except ValidationError as error:
            raise CannotMerge(" ".join(error.messages)) from error
    return done


def _check(survivor: Any, merged: Any) -> None:
    if type(survivor) is not type(merged) or not isinstance(survivor, MERGED):
        raise CannotMerge(
            "Only two cities, networks, joint policies, offices or organisations can be merged."
        )
    if survivor.pk == merged.pk:
        raise CannotMerge("A record cannot be merged into itself.")
    if isinstance(survivor, CityOffice) and survivor.city_id != merged.city_id:
        raise CannotMerge("These offices belong to different cities, so they are not one office.")


def _lock(survivor: Any, merged: Any) -> tuple[Any, Any]:
    """Both records as they stand, kept from changing, and from being referred to, until all is done."""
    rows = type(survivor)._base_manager.filter(pk__in=[survivor.pk, merged.pk]).order_by("pk")
    found = {row.pk: row for row in rows.select_for_update()}
    if survivor.pk not in found or merged.pk not in found:
        raise CannotMerge("One of the two records was deleted or merged meanwhile.")
    return found[survivor.pk], found[merged.pk]


def _differences(survivor: Any, merged: Any, chosen: dict[str, str]) -> Iterator[Difference]:
    fields = [
        one
        for one in survivor._meta.concrete_fields
        if not one.generated and not one.primary_key and one.name not in KEPT
    ]
    names = {one.name for one in fields}
    groups: list[tuple[str, ...]] = [group for group in TOGETHER if set(group) <= names]
    grouped = {name for group in groups for name in group}
    groups += [(one.name,) for one in fields if one.name not in grouped]
    for group in groups:
        columns = [one for one in fields if one.name in group]
        ours, theirs = ([getattr(of, one.attname) for one in columns] for of in (survivor, merged))
        if ours == theirs:
            continue
        empty, other_empty = _empty(columns, ours), _empty(columns, theirs)
        take = empty or _is_more_public(group, ours, theirs)
        if group[0] in chosen:
            take = chosen[group[0]] == "merged"
        yield Difference(group[0], columns, ours, theirs, take, conflict=not (empty or other_empty))


def _is_more_public(group: tuple[str, ...], ours: list[Any], theirs: list[Any]) -> bool:
    return group == ("publication",) and MOST_PUBLIC.index(theirs[0]) < MOST_PUBLIC.index(ours[0])


def _empty(columns: list[Any], values: list[Any]) -> bool:
    """Whether the columns say nothing: empty, or what they hold where nobody has chosen."""
    return all(
        value in (None, "")
        or (one.name == "ended" and one.default is not NOT_PROVIDED and value == one.default)
        for one, value in zip(columns, values, strict=True)
    )


def _note(plan: Plan, by: User, context: Any) -> Merge:
    return Merge.objects.create(
        kind=plan.survivor._meta.model_name,
        survivor=plan.survivor.pid,
        survivor_name=str(plan.survivor)[:300],
        merged=plan.merged.pid,
        merged_name=str(plan.merged)[:300],
        context=context,
        merged_by=by,
    )


def _apply(plan: Plan) -> None:
    """Move the links, the lowest first; then let the merged record go and the survivor take its values."""
    kind = type(plan.survivor)
    for links in plan.links:
        for one in links.all():
            _move(one)
    _lead_on(kind, {plan.merged.pk: plan.survivor.pk})
    kind._base_manager.filter(pk=plan.merged.pk).delete()
    names = {plan.survivor.name, plan.merged.name}
    for difference in plan.differences:
        if difference.take:
            for one, value in zip(difference.fields, difference.merged, strict=True):
                setattr(plan.survivor, one.attname, value)
    plan.survivor.clean()
    plan.survivor.validate_constraints()
    plan.survivor.save()
    _keep_names(plan.survivor, names - {plan.survivor.name})
    see_now()


def _move(links: Links) -> None:
    table = links.table
    if issubclass(table.model, Named) and links.joined:
        _lead_on(table.model, links.joined)
    if gone := links.goes:
        table.model._base_manager.filter(pk__in=gone).delete()
    for end in links.ends if links.moved or links.conflicts or links.joined else ():
        column = quoted(end.column)
        with connection.cursor() as cursor:
            cursor.execute(
                f"""UPDATE {table.name} AS link SET {column} = pair.stays
                FROM unnest(%s::bigint[], %s::bigint[]) AS pair (gone, stays)
                WHERE link.{column} = pair.gone""",
                [list(links.pairs), list(links.pairs.values())],
            )


def _lead_on(model: Any, pairs: dict[Any, Any]) -> None:
    """Lead the identifiers of those that go, hence all their addresses, and proposals to those that stay."""
    pids = dict(model._base_manager.filter(pk__in=[*pairs, *pairs.values()]).values_list("pk", "pid"))
    kind = model._meta.model_name
    leads = [(pids[gone], pids[stays]) for gone, stays in pairs.items()]
    Alias.objects.bulk_create(
        Alias(kind=kind, slug=str(gone), owner=gone, target=stays) for gone, stays in leads
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE registry_proposal SET target = pair.stays
            FROM unnest(%s::uuid[], %s::uuid[]) AS pair (gone, stays)
            WHERE target_kind = %s AND target = pair.gone AND state = %s""",
            [*map(list, zip(*leads, strict=True)), kind, ProposalState.OPEN.value],
        )


def _keep_names(record: Any, names: set[str]) -> None:
    """Keep the name that is not the record's now among its other names, where its kind has such."""
    if type(record) not in NAMES:
        return
    model, end = NAMES[type(record)]
    known = set(model.objects.filter(**{end: record}, name__in=names).values_list("name", flat=True))
    model.objects.bulk_create(model(**{end: record}, name=name) for name in names - known)
