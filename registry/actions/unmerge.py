"""Undoing a merge: the merged record comes back with its identifier, its addresses and its links."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from registry.actions.publish import may_publish
from registry.actions.rewind import CannotRewind, Rewound, rewind
from registry.choices import Publication
from registry.models import Alias, Merge
from registry.models.base import Named
from registry.models.history import acting_alone


def may_unmerge(by: User, done: Merge) -> bool:
    """Whether the account may undo the merge: as for merging, by the state of the survivor."""
    model = apps.get_model("registry", done.kind)
    needed = [f"registry.{action}_{done.kind}" for action in ("add", "change")]
    published = model._base_manager.filter(pid=done.survivor, publication=Publication.PUBLISHED).exists()
    return by.has_perms(needed) and (not published or may_publish(by, model))


@transaction.atomic
def unmerge(done: Merge, *, by: User) -> Rewound:
    """Undo the merge: bring back the merged record with what moved. Raises CannotRewind with the reasons."""
    done = Merge.objects.select_for_update().get(pk=done.pk)
    if done.undone_at is not None:
        raise CannotRewind(["This merge was undone already."])
    if not may_unmerge(by, done):
        raise PermissionDenied
    reasons = _later_merges(done)
    if reasons:
        raise CannotRewind(reasons)
    with acting_alone(user=by.pk, username=by.get_username(), command="unmerge"):
        rewound = rewind([done.context])
        for model, keys in rewound.restored.items():
            if issubclass(model, Named):
                _lead_back(model, keys)
        Merge.objects.filter(pk=done.pk).update(undone_at=timezone.now(), undone_by=by)
    return rewound


def _later_merges(done: Merge) -> list[str]:
    """The survivor may itself have been merged since: that merge has to be undone first."""
    later = Merge.objects.standing().filter(kind=done.kind, merged=done.survivor)
    return [
        f"“{one.merged_name}” was merged into “{one.survivor_name}” later: undo that merge first."
        for one in later
    ]


def _lead_back(model: Any, keys: list[Any]) -> None:
    """The permanent identifiers of those that came back name themselves again."""
    pids = model._base_manager.filter(pk__in=keys).values_list("pid", flat=True)
    kind = model._meta.model_name
    Alias.objects.bulk_create(Alias(kind=kind, slug=str(pid), owner=pid, target=pid) for pid in pids)
