"""Parameters of the opportunities of a city or on an issue."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from registry.choices import WorldRegion
from registry.collaboration.gaps import Gaps, find
from registry.collaboration.take_up import Offered, offered
from registry.exchange.columns import OPPORTUNITIES, TAKE_UP
from registry.filters.base import Columns, FilterForm, Parameter, RegistryFilterSet, subtree
from registry.filters.fields import ChoicesField, CitiesField, CountriesField, IssuesField

OF_THE_TABLE = {"page", "page_size", "columns"}
PLACES = {"country": "country", "world_region": "country__world_region"}


class QuestionForm(FilterForm):
    """Checks that enough is asked for to have rows: nothing at all, or one of what is needed."""

    needed: tuple[str, ...] = ("city", "issue")
    need = _("Name a city or an issue: opportunities are those of a city, or on an issue.")

    def clean(self) -> dict[str, Any]:
        """Say beside the field what is missing where something else is asked for: a country, a file."""
        given = super().clean()
        asked = {name for name, value in given.items() if value}
        if asked - OF_THE_TABLE and {*self.needed}.isdisjoint(asked | self.errors.keys()):
            self.add_error(self.needed[0], ValidationError(self.need, code="needed"))
        return given


class TakeUpForm(QuestionForm):
    """Checks that a city is asked for."""

    needed = ("city",)
    need = _("Name a city: the policies are those it could take up.")


class QuestionFilterSet(RegistryFilterSet):
    """What the questions about opportunities share. Their rows are computed for what is asked."""

    # Gaps have no name to look in.
    q = None  # type: ignore[assignment]
    city = Parameter(CitiesField, label=_("City"))
    issue = Parameter(IssuesField, label=_("Issue"))
    country = Parameter(CountriesField, label=_("Country of the other city"))
    world_region = Parameter(ChoicesField, label=_("World region of the other city"), choices=WorldRegion)

    class Meta:
        form = QuestionForm

    @property
    def answerable(self) -> bool:
        """Whether enough is asked for to have rows."""
        return not {*self._meta.form.needed}.isdisjoint(self.asked)

    def narrow(self, queryset: QuerySet) -> QuerySet:
        """The cities in the places asked for: the other city of a row is one of them."""
        for name, path in PLACES.items():
            if name in self.asked:
                queryset = queryset.filter(**{f"{path}__in": self.asked[name]})
        return queryset

    def question(self) -> dict[str, Any]:
        """The cities, issues and places asked for, as `find` takes them."""
        asked = self.asked
        return {
            "cities": [city.pk for city in asked.get("city", ())],
            "issues": list(subtree(asked["issue"]).values_list("pk", flat=True))
            if "issue" in asked
            else None,
            "places": self.qs if asked.keys() & PLACES.keys() else None,
        }


class OpportunityFilterSet(QuestionFilterSet):
    """Two cities active on one issue with no direct tie on it: of a city, or on an issue.

    With a city, or several, the country or world region is that of the other city; without, that of either.
    """

    columns = Columns(OPPORTUNITIES)
    dated_news = False

    @cached_property
    def gaps(self) -> Gaps:
        """The gaps asked for; none where nothing is asked for."""
        return find(**self.question()) if self.answerable else Gaps([])


class TakeUpFilterSet(QuestionFilterSet):
    """Joint policies of cities that could become partners of a city; a country or world region is theirs."""

    columns = Columns(TAKE_UP)
    dated_news = False

    class Meta:
        form = TakeUpForm

    @cached_property
    def offers(self) -> list[Offered]:
        """The policies asked for; none where no city is named."""
        return offered(**self.question()) if self.answerable else []
