"""The page of a city's offices: who is charged with what, who works with whom, and what nobody has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from registry.choices import Charge
from registry.collaboration.within import GOING_ON, Within, within
from registry.collaboration.within_drawing import diagram
from registry.exchange.columns import Listing
from registry.filters.base import RegistryFilterSet
from registry.filters.within import WithinFilterSet
from registry.models import City, Issue
from registry.models.recorded import as_recorded_before
from registry.views.details.base import Some, public_city
from registry.views.details.evidence import Evidence
from registry.views.explorer import Choice
from registry.views.measures import Computed, Known
from registry.views.pages import NoSuchPage, Page


class WithinCity(Computed):
    """The offices of one city, and the issues it works on by the offices that are charged with them."""

    queryset = Issue.objects.all()
    filterset_class = WithinFilterSet
    template_name = "registry/within.html"
    noun = ngettext_lazy("issue", "issues")
    page_size = 200
    city: City
    found: Within
    as_recorded_on: date | None = None

    @property
    def listing(self) -> Listing:
        """The columns of the issues; files are named by the city."""
        return replace(super().listing, name=f"offices-{self.city.slug}")

    @property
    def title(self) -> str:
        """What the page is called."""
        return _("Offices of %(city)s") % {"city": self.city.local_name}

    @property
    def intro(self) -> str:
        """What the page is about."""
        return _(
            "Which offices of %(city)s are charged with which issue, which of them work together, and which "
            "joint policies they carry."
        ) % {"city": self.city.local_name}

    def get(  # type: ignore[override]
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Answer with the page or a file, or lead on to the present address of the city."""
        self.city = public_city(kwargs["slug"])
        if self.city.slug != kwargs["slug"]:
            query = request.META.get("QUERY_STRING", "")
            address = reverse("city-offices", args=[self.city.slug])
            response = redirect(f"{address}?{query}" if query else address)
            response["Cache-Control"] = "no-cache"
            return response
        filterset = self.filterset_class(request.GET, queryset=self.queryset.none(), request=request)
        if not (filterset.is_valid() and filterset.moment):
            self.found = within(self.city)
            return super().get(request, *args, **kwargs)
        with as_recorded_before(filterset.moment):
            then = City.objects.public().select_related("country").filter(pk=self.city.pk).first()
            # Of a city that was not published then, its page says so.
            if then is None:
                return redirect(f"{self.city.get_absolute_url()}?as_recorded_on={filterset.day}")
            self.city, self.as_recorded_on = then, filterset.day
            self.found = within(then, filterset.day)
            return read_at_once(super().get(request, *args, **kwargs))

    def ordered(self, filterset: Any) -> Any:
        """The issues asked for."""
        return Known(filterset.rows(self.found.issues))

    def page_of(self, filterset: RegistryFilterSet, columns: Any) -> Page:
        """A page of issues; an empty one where a parameter is wrong."""
        if not filterset.is_valid():
            return Page()
        number, size = (filterset.asked.get(name) for name in ("page", "page_size"))
        try:
            return Page.of(self.ordered(filterset).rows, number or 1, size or self.page_size)
        except NoSuchPage as error:
            filterset.form.add_error("page", ValidationError(str(error)))
            return Page()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the offices, their links, and the sources of both."""
        context = super().get_context_data(**kwargs)
        evidence, found, query = Evidence(), self.found, context["query"]
        for office in found.offices:
            evidence.asks("office", [office], lambda row: row.name)
            evidence.asks("holder", office.heads, lambda row: f"{row.person_name}, {row.office.name}")  # type: ignore[attr-defined]
            evidence.asks("party", office.carried, lambda row: _("part in %(name)s") % {"name": row.policy})  # type: ignore[attr-defined]
        evidence.asks("office_link", found.links, lambda link: link.pair)
        return {
            **context,
            "record": found.city,
            "within": found,
            "office_links": Some(found.links, len(found.links)),
            "diagram": diagram(found),
            "charges": list(charges(query)),
            "going_on": GOING_ON,
            "sources": evidence.read(),
            "today": found.day.isoformat(),
            "recorded_controls": [one for one in context["filters"].main if one.name == "as_recorded_on"],
            "as_recorded_on": self.as_recorded_on,
        }


def read_at_once(response: Any) -> HttpResponseBase:
    """The response made to its last byte, while the tables of the past stand before those of the present."""
    if response.streaming:
        response.streaming_content = [b"".join(response.streaming_content)]
        return response
    return response.render()


def charges(query: Any) -> Any:
    """Links that ask for the issues with, without and with part of an office."""
    now = query.getlist("charge")
    for value, words in (("", _("All issues")), *((one.value, one.label) for one in Charge)):
        other = query.copy()
        other.pop("page", None)
        other.pop("charge", None)
        if value:
            other["charge"] = value
        yield Choice(str(words), other, now == ([value] if value else []), descending=False)
