"""What the filters of every listing share: how parameters are declared, read and turned into rows."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any, ClassVar, Self

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from registry.choices import Certainty
from registry.exchange.columns import Column, Listing
from registry.filters.fields import (
    ChoicesField,
    ColumnsField,
    DecadesField,
    FormatField,
    NumberField,
    QueryField,
    ValuesField,
)
from registry.filters.given import OneValue, the_one
from registry.models import Issue
from registry.models.base import Fold
from registry.models.dates import PartialDateFormField, date_range

LARGEST_PAGE = 200
PAGE_SIZE = 50
# Rows of a listing that its pages reach.
REACHABLE = 100_000


class Parameter(django_filters.Filter):
    """One parameter of an address.

    With a `column` its values are alternatives there; without one the FilterSet's `narrow` reads
    it, since it says something of the same row as other parameters.
    """

    def __init__(self, field_class: type[forms.Field], column: str = "", **extra: Any) -> None:
        self.field_class = field_class
        self.column = column
        if not issubclass(field_class, ValuesField):
            extra.setdefault("widget", OneValue)
        super().__init__(**extra)

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        """Rows that have one of the values in the column, where there is one."""
        return qs.filter(**{f"{self.column}__in": value}) if self.column and value else qs

    @property
    def value(self) -> str:
        """What `pairs` counts by."""
        return self.column


class Decade(django_filters.Filter):
    """Decades in which a partial date lies."""

    field_class = DecadesField

    @property
    def value(self) -> Any:
        """What `pairs` counts by: the first year of the decade."""
        return Func(F(self.field_name), template="left(%(expressions)s, 3) || '0'", output_field=TextField())

    def filter(self, qs: QuerySet, value: list[str]) -> QuerySet:
        """Rows whose date begins with the first three digits of one of the decades."""
        asked = Q()
        for decade in value:
            asked |= Q(**{f"{self.field_name}__startswith": decade[:3]})
        return qs.filter(asked) if value else qs


class Order(django_filters.Filter):
    """The order of the rows: listed names only, with a hyphen for descending, always total.

    A plain column is never empty and its index is read in both directions; where empty ones are
    possible (`F`) they come last in both directions.
    """

    field_class = ChoicesField

    def __init__(self, columns: dict[str, str | F], **extra: Any) -> None:
        self.columns = columns
        both = [
            (f"{sign}{name}", format_lazy(words, ORDERS[name]))
            for name in columns
            for sign, words in DIRECTIONS
        ]
        super().__init__(label=_("Sort by"), choices=both, **extra)

    def filter(self, qs: QuerySet, value: list[str]) -> QuerySet:
        """Sort by the names given, and by the key where they are equal."""
        terms = [self._term(name) for name in value]
        last = "-pk" if terms and isinstance(terms[-1], str) and terms[-1].startswith("-") else "pk"
        return qs.order_by(*terms, last) if terms else qs

    def _term(self, name: str) -> Any:
        column = self.columns[name.removeprefix("-")]
        if isinstance(column, str):
            return f"-{column}" if name.startswith("-") else column
        return column.desc(nulls_last=True) if name.startswith("-") else column.asc(nulls_last=True)


class Columns(Parameter):
    """The columns of the table on the page, and of the files."""

    def __init__(self, listing: Listing) -> None:
        self.listing = listing
        super().__init__(ColumnsField, label=_("Columns"), listing=listing)


ORDERS = {
    "name": pgettext_lazy("sorted by", "name"),
    "kind": pgettext_lazy("sorted by", "kind"),
    "country": pgettext_lazy("sorted by", "country"),
    "city": pgettext_lazy("sorted by", "city"),
    "network": pgettext_lazy("sorted by", "network"),
    "population": pgettext_lazy("sorted by", "population"),
    "since": pgettext_lazy("sorted by", "since"),
}
DIRECTIONS = (("", _("{}, ascending")), ("-", _("{}, descending")))


class FilterForm(forms.Form):
    """Checks what several parameters, or several values of one, say together."""

    def clean(self) -> dict[str, Any]:
        """Refuse, beside its field, what is given twice and what cannot be true at once."""
        for name, field in self.fields.items():
            if isinstance(field.widget, OneValue):
                self._check(name, the_one, self.data, name)
        self._check("until", self._period)
        self._check("active_on", self._day_in_period)
        return self.cleaned_data

    def _check(self, name: str, check: Callable[..., Any], *given: Any) -> None:
        try:
            check(*given)
        except ValidationError as error:
            self.add_error(name, error)

    def _period(self) -> DateRange | None:
        """The period asked about; raises ValidationError where it ends before it begins."""
        return date_range(*(self.cleaned_data.get(name) for name in ("since", "until")))

    def _day_in_period(self) -> None:
        day = self.cleaned_data.get("active_on")
        if not day or not {"since", "until"}.isdisjoint(self.errors):
            return
        period, days = self._period(), date_range(day, day)
        if period and days and not _meet(period, days):
            raise ValidationError(
                gettext("“%(day)s” lies outside the period asked about: change the one or the other.")
                % {"day": day},
                code="outside",
            )


class RegistryFilterSet(django_filters.FilterSet):
    """The parameters of every listing. Wrong values leave no rows; the form says what is wrong."""

    q = Parameter(QueryField, label=_("Words in the name"))
    page = Parameter(
        NumberField,
        label=_("Page"),
        lowest=1,
        highest=9_999_999,
        message=_("There is no page “%(given)s”: pages are numbered from 1."),
    )
    page_size = Parameter(
        NumberField,
        label=_("Rows on a page"),
        lowest=1,
        highest=LARGEST_PAGE,
        message=_("A page has from 1 to 200 rows, not “%(given)s”."),
    )
    # Each listing declares its own; which formats there are follows from it.
    columns: Columns

    class Meta:
        form = FilterForm

    # Rows that the pages reach.
    reachable: ClassVar[int] = REACHABLE

    # Parameters that neither narrow nor belong to the rows themselves.
    of_the_page: ClassVar[tuple[str, ...]] = ("order", "page", "page_size", "columns", "format", "facets")

    # Parameters whose values can be counted: see `registry.filters.facets`.
    counted: ClassVar[tuple[str, ...]] = ()
    # Those that are counted from every membership, party or tie there is.
    dear: ClassVar[tuple[str, ...]] = ()
    # Whether a row was published on some day, so that a feed can tell what is new. Computed rows were not.
    dated_news: ClassVar[bool] = True
    # The parameter that this copy leaves open, to count what each of its values would leave.
    lifted = ""

    @property
    def asked(self) -> dict[str, Any]:
        """What is asked for, by parameter; empty values and the lifted parameter left out."""
        given = self.form.cleaned_data
        return {name: value for name, value in given.items() if value and name != self.lifted}

    @property
    def has_feed(self) -> bool:
        """Whether a feed can tell what is new among the rows asked for: computed rows are of no day."""
        return self.dated_news

    @property
    def spoken_of(self) -> set[str]:
        """The parameters asked for, and the lifted one."""
        return {*self.asked, self.lifted}

    @property
    def countable(self) -> tuple[str, ...]:
        """The parameters whose values can be counted for what is asked."""
        return self.counted

    def lift(self, name: str) -> Self:
        """A copy that leaves a parameter open, understood as the first is: no query is made for it."""
        lifted = copy(self)
        lifted.__dict__.pop("_qs", None)
        lifted.lifted = name
        return lifted

    @property
    def stored(self) -> bool:
        """Of a copy with a lifted parameter: whether the database has sets of the records of each value."""
        return False

    def pairs(self) -> list[QuerySet]:
        """Of a copy with a lifted parameter: rows of the key of a record and a value that leaves it.

        Of issues those that the record is linked to; what lies above them is counted from these.
        """
        return [self.qs.values_list("pk", self.filters[self.lifted].value)]

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """The parameters declared, that of the format, and the one that says which are to be counted."""
        found = super().get_filters()
        if "columns" in found and "format" not in {*found, *vars(cls)}:
            label = (
                _("All rows as a file, or the newest as a feed")
                if cls.dated_news
                else _("All rows as a file")
            )
            listing = found["columns"].listing.name
            found["format"] = Parameter(FormatField, label=label, listing=listing, feed=cls.dated_news)
        if cls.counted:
            names = [(name, found[name].label) for name in cls.counted]
            found["facets"] = Parameter(ChoicesField, label=_("Numbers beside the values of"), choices=names)
        return found

    @classmethod
    def listing(cls) -> Listing:
        """What the rows mean and which columns they have."""
        return cls.base_filters["columns"].listing

    @property
    def columns_asked(self) -> list[Column]:
        """The columns chosen; none where the usual ones are wanted."""
        names = self.asked.get("columns", [])
        return self.listing().chosen(names) if names else []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Rows that all parameters leave; none where one is wrong."""
        if not self.is_valid():
            return queryset.none()
        for name, value in self.asked.items():
            queryset = self.filters[name].filter(queryset, value)
        return self.narrow(queryset)

    def narrow(self, queryset: QuerySet) -> QuerySet:
        """Apply the parameters that several of them make up together."""
        return self.search(queryset)

    def search(self, queryset: QuerySet) -> QuerySet:
        """Rows whose name holds every word of `q`."""
        return queryset.filter(words_in("folded", self.asked.get("q", "")))

    def in_words(self) -> list[tuple[str, str]]:
        """What is asked of the rows: the label of each parameter, and each of its values."""
        said = []
        for name, value in self.asked.items():
            if name not in self.of_the_page:
                field = self.form.fields[name]
                values = map(field.words, value) if isinstance(field, ValuesField) else [str(value)]
                said += [(str(field.label), words) for words in values]
        return said

    def preferred(self) -> QueryDict:
        """What search engines are to know the rows by: the question, not how a page shows its rows.

        Pages of another size or order have other rows under the same number, and count as the first.
        """
        query = self.canonical()
        shown_otherwise = {"order", "page_size"} & {*query}
        for name in ("order", "page_size", "columns", "facets", *(["page"] if shown_otherwise else [])):
            query.pop(name, None)
        if query.get("page") == "1":
            query.pop("page")
        return query

    def canonical(self) -> QueryDict:
        """The parameters given and understood, as addresses write them."""
        query = QueryDict(mutable=True)
        for name, value in self.asked.items():
            field = self.form.fields[name]
            if isinstance(field, ValuesField):
                query.setlist(name, [field.key(item) for item in value])
            else:
                query[name] = str(value)
        return query


class DatedFilterSet(RegistryFilterSet):
    """Listings whose rows can be asked about by time; `period_of` says what must lie in it.

    `period_path` leads from a row to what has the period, where that is not the row itself.
    """

    period_of: ClassVar[Any]
    period_path: ClassVar[str] = ""

    active_on = Parameter(PartialDateFormField, label=_("At the time of"))
    since = Parameter(PartialDateFormField, label=_("From"))
    until = Parameter(PartialDateFormField, label=_("To"))
    certainty = Parameter(ChoicesField, label=_("Where dates are unknown"), choices=Certainty)

    of_the_period = ("active_on", "since", "until", "certainty")

    @property
    def periods(self) -> list[DateRange]:
        """The periods asked about; a row has to overlap each."""
        day, since, until = (self.asked.get(name) for name in ("active_on", "since", "until"))
        return [days for days in (date_range(day, day), date_range(since, until)) if days]

    def during(self, rows: Any) -> Any:
        """Rows that were true in the periods asked about, as certainly as asked."""
        possible = Certainty.POSSIBLE in self.asked.get("certainty", [])
        for days in self.periods:
            certainty = Certainty.POSSIBLE if possible else Certainty.CERTAIN
            rows = rows.during(days, certainty, self.period_path)
        return rows


def _meet(one: DateRange, other: DateRange) -> bool:
    """Whether two ranges of days, open or not, have a day in common."""
    return all(
        first.lower is None or second.upper is None or first.lower < second.upper
        for first, second in ((one, other), (other, one))
    )


def subtree(issues: list[Issue]) -> QuerySet:
    """Keys of these issues and of all below them."""
    return Issue.objects.under(issue.slug for issue in issues).order_by().values("pk")


def on_issues(through: Any, here: str, records: QuerySet) -> QuerySet:
    """Pairs of these records and their issues, by their table of issues."""
    links = through.objects.filter(**{f"{here}__in": records.order_by().values("pk")})
    return links.values_list(here, "issue")


def words_in(column: str, text: str) -> Q:
    """That a folded column holds each word of a text, in any order."""
    asked = Q()
    for word in text.split():
        asked &= Q(**{f"{column}__contains": Fold(Value(word))})
    return asked
