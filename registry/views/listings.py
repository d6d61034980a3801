"""The filtered listings, one for each kind of record."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from registry import filters
from registry.filters.base import PAGE_SIZE, RegistryFilterSet
from registry.models import (
    Citation,
    City,
    CityOffice,
    Issue,
    JointPolicy,
    Network,
    Organisation,
    Report,
)
from registry.models.issues import count_under
from registry.views.controls import Controls
from registry.views.pages import NoSuchPage, Page, read_page

SHOWN_MEMBERSHIPS = 5


class RegistryListView(TemplateView):
    """A listing: queryset → FilterSet → page → template. The query string is its whole state."""

    queryset: QuerySet
    filterset_class: type[RegistryFilterSet]
    title: str
    noun: tuple[str, str]
    intro: str
    page_size = PAGE_SIZE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with a page of rows, or with none and with what is wrong."""
        filterset = self.filterset_class(request.GET, queryset=self.queryset.all(), request=request)
        page = self.page_of(filterset)
        query = filterset.canonical()
        path = request.build_absolute_uri(request.path)
        context = {
            "view": self,
            "page": page,
            "query": query,
            "filters": Controls(filterset, query, self.page_size),
            "canonical": f"{path}?{query.urlencode()}" if query else path,
            "filterset": filterset,
        }
        return self.render_to_response(self.get_context_data(**context))

    def page_of(self, filterset: RegistryFilterSet) -> Page:
        """The page asked for; an empty one where a parameter is wrong."""
        if not filterset.is_valid():
            return Page()
        number, size = (filterset.asked.get(name) for name in ("page", "page_size"))
        try:
            return read_page(
                self.ordered(filterset),
                self.counted(filterset),
                number or 1,
                size or self.page_size,
                lambda rows: self.read(rows, filterset),
            )
        except NoSuchPage as error:
            filterset.form.add_error("page", ValidationError(str(error)))
            return Page()

    def ordered(self, filterset: RegistryFilterSet) -> QuerySet:
        """The rows asked for, in order."""
        return filterset.qs

    def counted(self, filterset: RegistryFilterSet) -> QuerySet:
        """The rows asked for, to be counted: sorting them first would take longest."""
        return filterset.qs.order_by()

    def read(self, rows: QuerySet, filterset: RegistryFilterSet) -> list[Any]:
        """The records of a slice, with what is counted of them: for these alone, not for all sorted."""
        keys = list(rows.values_list("pk", flat=True))
        found = {record.pk: record for record in self.shown().filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]

    def shown(self) -> Any:
        """The records with all that a row of the table shows."""
        return self.queryset.with_counts()  # type: ignore[attr-defined]


class MembershipsShown(RegistryListView):
    """A listing that shows, with each record, the memberships that its filters ask about."""

    other_end: str

    def read(self, rows: QuerySet, filterset: Any) -> list[Any]:
        """The records of a slice, with the memberships and their sources."""
        records = super().read(rows, filterset)
        if filterset.asks_for_membership:
            memberships = filterset.memberships().select_related(self.other_end).order_by("since", "pk")
            cited = Prefetch("citations", Citation.objects.select_related("source"))
            some = memberships.prefetch_related(cited)[: SHOWN_MEMBERSHIPS + 1]
            asked = Prefetch("memberships", some, to_attr="asked_for")
            prefetch_related_objects(records, asked)
        return records


class CityList(MembershipsShown):
    """Cities that take part in something, or all places of the gazetteer."""

    queryset = City.objects.for_listing()
    filterset_class = filters.CityFilterSet
    template_name = "registry/city_list.html"
    other_end = "network"
    title, noun = "Cities", ("city", "cities")
    intro = "Local and metropolitan governments that take part in networks, joint policies or by an office."


class NetworkList(MembershipsShown):
    """Networks of cities."""

    queryset = Network.objects.for_listing()
    filterset_class = filters.NetworkFilterSet
    template_name = "registry/network_list.html"
    other_end = "city"
    title, noun = "Networks", ("network", "networks")
    intro = "Organised groups of cities, at subnational, national, regional and international level."


class PolicyList(RegistryListView):
    """Joint policies."""

    queryset = JointPolicy.objects.for_listing()
    filterset_class = filters.PolicyFilterSet
    template_name = "registry/jointpolicy_list.html"
    title, noun = "Joint policies", ("joint policy", "joint policies")
    intro = "What cities undertake together: programmes, declarations, agreements, twinnings, exchanges."


class OfficeList(RegistryListView):
    """Offices in city governments."""

    queryset = CityOffice.objects.for_listing()
    filterset_class = filters.OfficeFilterSet
    template_name = "registry/cityoffice_list.html"
    title, noun = "Offices", ("office", "offices")
    intro = "Offices and posts in city governments that carry the work with other cities."

    def shown(self) -> Any:
        """Offices as they are: nothing is counted of them."""
        return self.queryset


class IssueList(RegistryListView):
    """The tree of issues."""

    queryset = Issue.objects.for_listing()
    filterset_class = filters.IssueFilterSet
    template_name = "registry/issue_list.html"
    title, noun = "Issues", ("issue", "issues")
    intro = "What cities work on. The numbers of an issue include those of the issues below it."
    page_size = 200

    def shown(self) -> Any:
        """Issues as they are: they are counted together."""
        return self.queryset

    def read(self, rows: QuerySet, filterset: RegistryFilterSet) -> list[Any]:
        """The issues of a slice, with the records on each and below it."""
        issues = super().read(rows, filterset)
        count_under(issues)
        return issues


class ReportList(RegistryListView):
    """Reports."""

    queryset = Report.objects.for_listing()
    filterset_class = filters.ReportFilterSet
    template_name = "registry/report_list.html"
    title, noun = "Reports", ("report", "reports")
    intro = "What networks, joint policies and cities publish."

    def shown(self) -> Any:
        """Reports as they are: nothing is counted of them."""
        return self.queryset


class OrganisationList(RegistryListView):
    """Partners that are not cities."""

    queryset = Organisation.objects.for_listing()
    filterset_class = filters.OrganisationFilterSet
    template_name = "registry/organisation_list.html"
    title, noun = "Organisations", ("organisation", "organisations")
    intro = "Partners that are not cities: universities, companies, foundations, governments."
