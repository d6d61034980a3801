"""Review: proposed changes and what became of them, comments, and what is decided of many records at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone

from registry.actions.publish import Moved, may_publish, publish, return_to_draft
from registry.choices import ProposalState, Publication
from registry.models import Proposal, ReviewComment
from registry.models.base import PublicRecord
from registry.models.history import acting, event_model

OPEN, RETURNED = ProposalState.OPEN, ProposalState.RETURNED
NO_REASON = "Say why, and which source says so."
NO_COMMENT = "Say why, so that the author knows what to mend."


def model_of(kind: str) -> type[PublicRecord] | None:
    """The model of records of this kind that go through review; None where there is none."""
    try:
        model = apps.get_model("registry", kind)
    except (LookupError, ValueError):
        return None
    return model if issubclass(model, PublicRecord) else None


def record_of(proposal: Proposal) -> Any:
    """The record that a proposal would change; None where it is gone."""
    model = model_of(proposal.target_kind)
    return model and model._default_manager.filter(pid=proposal.target).first()


def version_of(record: models.Model) -> int | None:
    """The number of the newest recorded event of a record."""
    events = event_model(type(record)).objects.filter(pgh_obj_id=record.pk)
    return events.aggregate(newest=Max("pgh_id"))["newest"]


# --- Proposals --------------------------------------------------------------------------------------------


@transaction.atomic
def propose(
    record: PublicRecord,
    patch: dict[str, Any],
    *,
    base: dict[str, Any],
    reason: str,
    by: User,
    revises: Proposal | None = None,
) -> Proposal:
    """File a change to a record, or put it in place of an earlier one of the same author.

    Raises ValidationError where nothing is changed, no reason is given or the earlier one is decided.
    """
    proposal = _held(revises, {OPEN, RETURNED}) if revises else Proposal(proposed_by=by)
    if proposal.proposed_by_id != by.pk:
        raise PermissionDenied
    proposal.target_kind, proposal.target = str(record._meta.model_name), record.pid
    proposal.patch, proposal.base, proposal.reason = patch, base, reason.strip()
    proposal.version, proposal.state = version_of(record), OPEN
    proposal.full_clean(exclude=["proposed_by", "decided_by"])
    proposal.save()
    return proposal


@dataclass(frozen=True)
class Filed:
    """A change to be proposed: of which record, as a patch, on what values, and why."""

    record: PublicRecord
    patch: dict[str, Any]
    base: dict[str, Any]
    reason: str


@transaction.atomic
def propose_all(changes: list[Filed], *, by: User | None) -> list[Proposal]:
    """File changes to records of one kind at a constant number of queries; the proposals that are new.

    A change that the same author proposed and that nobody has decided is not filed again.
    """
    if not changes:
        return []
    model: Any = type(changes[0].record)
    undecided = Proposal.objects.filter(
        target__in=[one.record.pid for one in changes], proposed_by=by, state__in=[OPEN, RETURNED]
    )
    waiting: dict[Any, list[Any]] = {}
    for target, patch in undecided.values_list("target", "patch"):
        waiting.setdefault(target, []).append(patch)
    new = [one for one in changes if one.patch not in waiting.get(one.record.pid, [])]
    events = event_model(model).objects.filter(pgh_obj_id__in=[one.record.pk for one in new]).order_by()
    versions = dict(events.values_list("pgh_obj_id").annotate(newest=Max("pgh_id")))
    return Proposal.objects.bulk_create(
        Proposal(
            target_kind=str(model._meta.model_name),
            target=one.record.pid,
            patch=one.patch,
            base=one.base,
            reason=one.reason,
            version=versions.get(one.record.pk),
            proposed_by=by,
        )
        for one in new
    )


def withdraw(proposal: Proposal, *, by: User, said: str = "") -> None:
    """Take back a proposal of one's own that nobody has decided."""
    if proposal.proposed_by_id != by.pk:
        raise PermissionDenied
    _close(proposal, ProposalState.WITHDRAWN, by, said)


def refuse(proposal: Proposal, *, by: User, said: str) -> None:
    """Decide against a proposal, and tell its author why."""
    _answer(proposal, ProposalState.REFUSED, by, said)


def send_back(proposal: Proposal, *, by: User, said: str) -> None:
    """Ask the author to revise a proposal, and say what."""
    _answer(proposal, RETURNED, by, said)


def hold_to_accept(proposal: Proposal, *, by: User) -> Proposal:
    """The proposal, locked until the transaction ends, so that only one person accepts it.

    Raises ValidationError where it is decided already.
    """
    _check_may_decide(proposal, by)
    return _held(proposal, {OPEN})


def mark_accepted(proposal: Proposal, *, by: User, said: str = "") -> None:
    """Record that a change has been applied; in the transaction that applied it."""
    _check_may_decide(proposal, by)
    _close(proposal, ProposalState.ACCEPTED, by, said)


def _answer(proposal: Proposal, state: ProposalState, by: User, said: str) -> None:
    _check_may_decide(proposal, by)
    if not said.strip():
        raise ValidationError(NO_COMMENT)
    _close(proposal, state, by, said)


def _check_may_decide(proposal: Proposal, by: User) -> None:
    model = model_of(proposal.target_kind)
    if model is None or not may_publish(by, model):
        raise PermissionDenied


@transaction.atomic
def _close(proposal: Proposal, state: ProposalState, by: User, said: str) -> None:
    own = state == ProposalState.WITHDRAWN
    held = _held(proposal, {OPEN, RETURNED} if own else {OPEN})
    held.state, held.decided_by, held.decided_at = state, by, timezone.now()
    held.save()
    if said.strip():
        comment([held], said, by=by)


def _held(proposal: Proposal, states: set[ProposalState]) -> Proposal:
    held = Proposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    if held.state not in states:
        raise ValidationError(f"This proposal is decided already: {held.get_state_display().lower()}.")
    return held


# --- Comments and records in review -----------------------------------------------------------------------


def comment(records: Iterable[Any], text: str, *, by: User) -> None:
    """Say the same about each of the records or proposals. Raises ValidationError where nothing is said."""
    if not text.strip():
        raise ValidationError("Write a comment first.")
    ReviewComment.objects.bulk_create(
        ReviewComment(
            target_kind=record._meta.model_name,
            target=record.pid,
            text=text.strip(),
            by=by,
        )
        for record in records
    )


def publish_reviewed(chosen: dict[type[PublicRecord], list[int]], *, by: User) -> list[tuple[str, Moved]]:
    """Publish those of the records that are still in review, all or none; what was done of each kind."""
    with transaction.atomic():
        return [(_called(model), publish(_reviewed(model, keys), by=by)) for model, keys in chosen.items()]


def return_reviewed(
    chosen: dict[type[PublicRecord], list[int]], text: str, *, by: User
) -> list[tuple[str, Moved]]:
    """Return those still in review to their authors with a comment, all or none."""
    if not text.strip():
        raise ValidationError(NO_COMMENT)
    done = []
    with transaction.atomic(), acting(user=by.pk, username=by.get_username()):
        for model, keys in chosen.items():
            if not may_publish(by, model):
                raise PermissionDenied
            records = list(_reviewed(model, keys))
            comment(records, text, by=by)
            done.append((_called(model), return_to_draft(_reviewed(model, keys), by=by)))
    return done


def _reviewed(model: type[PublicRecord], keys: list[int]) -> models.QuerySet:
    return model._default_manager.filter(pk__in=keys, publication=Publication.IN_REVIEW)


def _called(model: type[PublicRecord]) -> str:
    return str(model._meta.verbose_name_plural)
