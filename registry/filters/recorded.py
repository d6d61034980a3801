"""The parameter of the page of a record: at which time the registry is asked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.filters.base import FilterForm, Parameter, RegistryFilterSet
from registry.filters.fields import ChoiceField
from registry.models.dates import PartialDateFormField, date_bounds, start_of


class RecordForm(FilterForm):
    """Checks that the day asked about has begun."""

    def clean(self) -> dict[str, Any]:
        """Say beside the field that the registry does not know what it will say."""
        given = super().clean()
        self._check("as_recorded_on", self._has_begun)
        return given

    def _has_begun(self) -> None:
        asked = self.cleaned_data.get("as_recorded_on")
        today = timezone.now().date()
        if asked and date_bounds(asked)[0] > today:
            raise ValidationError(
                gettext("“%(day)s” is still to come: give a day until today, %(today)s.")
                % {"day": asked, "today": today},
                code="future",
            )


class RecordedFilterSet(RegistryFilterSet):
    """Parameters of a page that can be asked of an earlier state of the registry."""

    as_recorded_on = Parameter(PartialDateFormField, label=_("As the registry said on"))

    class Meta:
        form = RecordForm

    @property
    def day(self) -> date:
        """The last day asked about; today where that lies ahead, or where nothing is asked."""
        today = timezone.now().date()
        asked = self.asked.get("as_recorded_on")
        return min(date.fromordinal(date_bounds(asked)[1].toordinal() - 1), today) if asked else today

    @property
    def moment(self) -> datetime | None:
        """The moment before which the registry is asked, at the end of the day; None for the present."""
        after = date.fromordinal(self.day.toordinal() + 1)
        return start_of(after) if "as_recorded_on" in self.asked else None


class RecordPageForm(RecordForm):
    """Checks that what is asked of an earlier time is asked for as a page."""

    def clean(self) -> dict[str, Any]:
        """Linked data is of the present: its names have no place for a time."""
        given = super().clean()
        if given.get("format") and given.get("as_recorded_on"):
            message = gettext("An earlier state is there as a page alone.")
            self.add_error("format", ValidationError(message, code="no_past"))
        return given


class RecordFilterSet(RecordedFilterSet):
    """A record and its links as the registry said them at the end of a day, a month or a year."""

    format = Parameter(ChoiceField, label=_("The record for programs"), choices=[("jsonld", "JSON-LD")])

    class Meta:
        form = RecordPageForm

    q = None  # type: ignore[assignment]
    page = None  # type: ignore[assignment]
    page_size = None  # type: ignore[assignment]
