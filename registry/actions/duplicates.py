"""Saying of two records that look alike that they are different."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from registry.choices import DuplicateKind
from registry.models import NotDuplicate
from registry.models.history import acting


@transaction.atomic
def tell_apart(one: Any, other: Any, *, by: User) -> NotDuplicate:
    """Record that two records of one kind are different, in whichever order they are given.

    Nothing happens where that was said already. Raises ValueError for two records of different kinds,
    for one record twice, and for a kind that is not compared.
    """
    kind = DuplicateKind(one._meta.model_name)
    if type(one) is not type(other) or one.pid == other.pid:
        raise ValueError("Name two different records of one kind.")
    smaller, larger = sorted((one.pid, other.pid))
    with acting(user=by.pk, username=by.get_username()):
        pair, _ = NotDuplicate.objects.get_or_create(
            kind=kind, one=smaller, other=larger, defaults={"by": by}
        )
    return pair
