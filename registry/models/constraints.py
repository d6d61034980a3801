"""Constraints whose refusal is shown beside the field that the reader can mend."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models import CheckConstraint, Q, TextChoices, UniqueConstraint


class _OnField:
    """Adds `field` to a constraint: the form field that shows the message."""

    def __init__(self, *args: Any, field: str, **kwargs: Any) -> None:
        self.field = field
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        return path, args, {**kwargs, "field": self.field}

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        try:
            super().validate(model, instance, exclude=exclude, using=using)  # type: ignore[misc]
        except ValidationError as error:
            if exclude and self.field in exclude:
                raise
            raise ValidationError({self.field: error}) from error


class FieldCheck(_OnField, CheckConstraint):
    """A check constraint that speaks beside one field."""


class FieldUnique(_OnField, UniqueConstraint):
    """A unique constraint that speaks beside one field."""


class FieldExclusion(_OnField, ExclusionConstraint):
    """An exclusion constraint that speaks beside one field."""

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        # Django ignores a condition on a field that is wrong already for every constraint but this one.
        with suppress(FieldError):
            super().validate(model, instance, exclude=exclude, using=using)


def not_blank(field: str) -> FieldCheck:
    """Refuse a text of spaces only, by whatever path it comes."""
    return FieldCheck(
        name=f"%(app_label)s_%(class)s_{field}_not_blank",
        condition=Q(**{f"{field}__regex": r"\S"}),
        field=field,
        violation_error_message="This must not be blank.",
    )


def one_of(field: str, choices: type[TextChoices], message: str, *, or_empty: bool = False) -> FieldCheck:
    """Refuse a value that is none of `choices`, by whatever path it comes."""
    values = ["", *choices.values] if or_empty else choices.values
    return FieldCheck(
        name=f"%(app_label)s_%(class)s_{field}_known",
        condition=Q(**{f"{field}__in": values}),
        field=field,
        violation_error_message=message,
    )


def not_itself(one: str, other: str, message: str, *, field: str = "") -> FieldCheck:
    """Refuse a link from a record to itself."""
    return FieldCheck(
        name="%(app_label)s_%(class)s_not_itself",
        condition=~Q(**{one: models.F(other)}),
        field=field or other,
        violation_error_message=message,
    )


def exactly_one(fields: list[str], message: str) -> CheckConstraint:
    """Refuse a row that sets none, or more than one, of several foreign keys."""
    one_set = Q()
    for chosen in fields:
        one_set |= Q(**{f"{field}__isnull": field != chosen for field in fields})
    return CheckConstraint(
        name="%(app_label)s_%(class)s_exactly_one_target",
        condition=one_set,
        violation_error_message=message,
    )
