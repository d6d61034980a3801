"""Partial dates, and the periods of time that rows with partial dates stand for.

A partial date is `2005`, `2005-11` or `2005-11-03`, kept as it was given. The functions of
migration 0001 turn it into the day it begins on and the day after it ends, so that ranges can be
queried and indexed without ever inventing a 1 January.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GistIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.choices import Certainty, Ended
from registry.models.constraints import FieldCheck, one_of

EARLIEST_YEAR, LATEST_YEAR = 1000, 2999
_SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_MESSAGE = _(
    "“%(value)s” is not a date the registry can keep: write a year from 1000 to 2999 (2005), "
    "a month (2005-11) or a day (2005-11-03)."
)


def date_bounds(value: str) -> tuple[date, date]:
    """The first day of a partial date and the day after its last one.

    Raises ValidationError when `value` is not a partial date, with a message for people.
    """
    matched = _SHAPE.fullmatch(value)
    try:
        if not matched or not EARLIEST_YEAR <= int(matched[1]) <= LATEST_YEAR:
            raise ValueError(value)
        year, month, day = int(matched[1]), int(matched[2] or 1), int(matched[3] or 1)
        first = date(year, month, day)
        if matched[3]:
            return first, date.fromordinal(first.toordinal() + 1)
        if matched[2]:
            return first, date(year + month // 12, month % 12 + 1, 1)
        return first, date(year + 1, 1, 1)
    except ValueError as error:
        raise ValidationError(_MESSAGE, code="partial_date", params={"value": value[:40]}) from error


def start_of(day: date) -> datetime:
    """The moment at which a day begins, in UTC: when the registry changed is told in it."""
    return datetime.combine(day, time(), UTC)


def date_range(since: str | None, until: str | None) -> DateRange | None:
    """The days from the start of `since` to the end of `until`; None when both are empty."""
    if not since and not until:
        return None
    lower = date_bounds(since)[0] if since else None
    upper = date_bounds(until)[1] if until else None
    if lower and upper and lower >= upper:
        raise ValidationError(_("The period ends before it begins."), code="reversed")
    return DateRange(lower, upper)


def validate_partial_date(value: str) -> None:
    """Refuse what is not a partial date."""
    date_bounds(value)


class PartialDateFormField(forms.CharField):
    """Text input that says what it takes."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("max_length", None)
        kwargs.setdefault("empty_value", None)
        kwargs.setdefault("validators", [validate_partial_date])
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("placeholder", _("2005, 2005-11 or 2005-11-03"))
        self.widget.attrs.setdefault("size", 12)


class PartialDateField(models.CharField):
    """A date of year, month or day precision; null when unknown."""

    description = "Partial date"
    default_validators = [validate_partial_date]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 10
        kwargs["null"] = True
        kwargs["blank"] = True
        kwargs.setdefault("db_collation", "C")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "null", "blank"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs

    def clean(self, value: Any, model_instance: Any) -> Any:
        # The length validator would speak of characters before the date validator speaks of dates.
        value = self.to_python(value) or None
        self.validate(value, model_instance)
        if value is not None:
            validate_partial_date(value)
        return value

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": PartialDateFormField, **kwargs})


class _DateFunction(Func):
    output_field = DateRangeField()


class Certain(_DateFunction):
    """Days on which the row was surely true (since, until, ended, observed_on)."""

    function = "registry_certain"


class Possible(_DateFunction):
    """Days that the known dates do not exclude (since, until)."""

    function = "registry_possible"


class Claimed(_DateFunction):
    """Days that no second row for the same pair may overlap (since, until, ended, observed_on)."""

    function = "registry_claimed"


class IsPartialDate(Func):
    """Whether a text is a partial date that exists in the calendar; null is."""

    function = "registry_is_partial_date"
    output_field = models.BooleanField()


class InOrder(Func):
    """Whether a period ends no earlier than it begins, at the precision of both."""

    function = "registry_in_order"
    output_field = models.BooleanField()


def partial_date_check(field: str) -> FieldCheck:
    """Refuse a text in this column that is no date of the calendar."""
    return FieldCheck(
        name=f"%(app_label)s_%(class)s_{field}_is_partial_date",
        condition=IsPartialDate(F(field)),
        field=field,
        violation_error_message="Write a year, a month or a day: 2005, 2005-11 or 2005-11-03.",
    )


def date_constraints(since: str = "since", until: str = "until") -> list[models.BaseConstraint]:
    """Constraints for the dates of a Dated model whose start and end have these names."""
    name = "%(app_label)s_%(class)s_"
    return [
        *(partial_date_check(field) for field in (since, until, "observed_on")),
        FieldCheck(
            name=f"{name}dates_in_order",
            condition=InOrder(F(since), F(until)),
            field=until,
            violation_error_message="The end lies before the start.",
        ),
        one_of("ended", Ended, "Choose ongoing, ended or not known."),
        FieldCheck(
            name=f"{name}ongoing_has_no_end",
            condition=models.Q(**{f"{until}__isnull": True}) | ~models.Q(ended=Ended.ONGOING),
            field="ended",
            violation_error_message="It cannot be ongoing and have an end date.",
        ),
    ]


def period_columns(since: str = "since", until: str = "until") -> dict[str, models.GeneratedField]:
    """The generated ranges `certain` and `possible` of a model with these date columns."""
    days = DateRangeField()
    return {
        "certain": models.GeneratedField(
            expression=Certain(F(since), F(until), F("ended"), F("observed_on")),
            output_field=days,
            db_persist=True,
        ),
        "possible": models.GeneratedField(
            expression=Possible(F(since), F(until)), output_field=days, db_persist=True
        ),
    }


def over(day: date | None = None) -> Q:
    """That the period of a row is known to have ended before a day, by default today."""
    return Q(ended=Ended.ENDED) | Q(possible__fully_lt=(day or timezone.now().date(), None))


class DatedQuerySet(models.QuerySet):
    """Questions about valid time."""

    def during(
        self,
        days: DateRange | None,
        certainty: str = Certainty.CERTAIN,
        prefix: str = "",
    ) -> DatedQuerySet:
        """Rows true on some of `days`; every row when no days are asked about."""
        if days is None:
            return self
        column = "possible" if certainty == Certainty.POSSIBLE else "certain"
        return self.filter(**{f"{prefix}{column}__overlap": days})


class Dated(models.Model):
    """A row that is true for a period.

    `until` is inclusive at its precision. Empty means unknown, and `ended` then says whether the
    period is ongoing, ended at an unknown date, or not known to have ended. `observed_on` is a
    date on which a source shows the row to be true: it proves that date only.
    """

    since = PartialDateField(help_text="When it began: 2005, 2005-11 or 2005-11-03. Empty if unknown.")
    until = PartialDateField(help_text="When it ended, inclusive, or is to end. Empty if unknown.")
    ended = models.CharField(
        max_length=8,
        choices=Ended,
        default=Ended.UNKNOWN,
        db_default=Ended.UNKNOWN,
        help_text="What is known where no end date is given.",
    )
    observed_on = PartialDateField(help_text="A date at which a source shows it to be so (a snapshot).")
    certain = period_columns()["certain"]
    possible = period_columns()["possible"]

    class Meta:
        abstract = True
        constraints = date_constraints()
        indexes = [
            GistIndex(fields=["certain"], name="%(class)s_certain"),
            GistIndex(fields=["possible"], name="%(class)s_possible"),
        ]
