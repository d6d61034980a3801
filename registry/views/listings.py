"""The filtered listings, one for each kind of record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from registry import filters
from registry.collaboration.directory import directory
from registry.exchange.columns import Column, Listing
from registry.exchange.formats import GRAPHS, QUICKSTATEMENTS, Format, of_references, of_rows
from registry.exchange.graphs import Graph, memberships_of, of_memberships, of_parties, of_shared_networks
from registry.exchange.news import News, newest
from registry.filters.base import PAGE_SIZE, RegistryFilterSet
from registry.models import (
    Citation,
    City,
    CityOffice,
    Issue,
    JointPolicy,
    Membership,
    Network,
    Organisation,
    PolicyExperiment,
    Report,
)
from registry.models.issues import count_under
from registry.views.controls import Controls
from registry.views.exports import export
from registry.views.pages import NoSuchPage, Page, read_page

CITED = Prefetch("citations", Citation.objects.select_related("source"))
SHOWN_MEMBERSHIPS = 5
# On the page only: a row of a file is a city or a network, not a membership.
MEMBERSHIPS = Column("memberships", _("Membership"), "memberships", (), "asked_for", shown=True)


class RegistryListView(TemplateView):
    """A listing: queryset → FilterSet → page → template. The query string is its whole state."""

    template_name = "registry/listing.html"
    queryset: QuerySet
    filterset_class: type[RegistryFilterSet]
    noun: Any  # ngettext_lazy
    intro: Any
    page_size = PAGE_SIZE

    @property
    def listing(self) -> Listing:
        """What the rows mean, and their columns."""
        return self.filterset_class.listing()

    @property
    def title(self) -> str:
        """What the page is called."""
        return str(self.listing.title)

    @property
    def saved_as(self) -> str:
        """The name under which a search of this listing is saved: its address."""
        return next((name for name, one in filters.SAVEABLE.items() if one is self.filterset_class), "")

    @property
    def formats(self) -> list[Format]:
        """The formats that all rows can be had in."""
        return of_rows(self.listing.name)

    @property
    def references(self) -> list[Format]:
        """The formats in which a reference manager is told of them."""
        return of_references(self.listing.name)

    def get(  # type: ignore[override]  # a file is streamed
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Answer with a page of rows, or with none and with what is wrong; or with all rows as a file."""
        filterset = self.filterset_class(request.GET, queryset=self.queryset.all(), request=request)
        if any(text.strip() for text in request.GET.getlist("format")):
            return export(self, filterset, request)
        columns = self.columns(filterset) if filterset.is_valid() else self.listing.usual
        page = self.page_of(filterset, columns)
        query = filterset.canonical()
        path, known_by = request.build_absolute_uri(request.path), filterset.preferred()
        context = {
            "view": self,
            "page": page,
            "columns": columns,
            "query": query,
            "filters": Controls(filterset, query, self.page_size),
            "canonical": f"{path}?{known_by.urlencode()}" if known_by else path,
            "filterset": filterset,
        }
        return self.render_to_response(self.get_context_data(**context))

    def columns(self, filterset: RegistryFilterSet) -> list[Column]:
        """The columns that the page shows."""
        return filterset.columns_asked or self.listing.usual

    def page_of(self, filterset: RegistryFilterSet, columns: list[Column]) -> Page:
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
                lambda rows: self.read(list(self.keys(rows)), filterset, columns),
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

    def keys(self, rows: QuerySet) -> QuerySet:
        """What `read` finds the rows by."""
        return rows.values_list("pk", flat=True)

    def read(self, keys: list[Any], filterset: RegistryFilterSet, columns: list[Column]) -> list[Any]:
        """The records of these keys, with what is counted of them: for these alone, not for all sorted."""
        found = {record.pk: record for record in self.shown().filter(pk__in=keys)}
        records = [found[key] for key in keys if key in found]
        lookups = [one for column in columns if column.fetch for one in column.fetch()]
        prefetch_related_objects(records, *lookups)
        return records

    def news(self, filterset: RegistryFilterSet, most: int) -> list[tuple[Any, News]]:
        """The rows that were published last, with when."""
        found = {news.key: news for news in newest(filterset.qs, most)}
        return [(row, found[row.pk]) for row in self.read([*found], filterset, self.listing.usual)]

    def entry(self, row: Any) -> tuple[str, str, str]:
        """What a feed calls a row forever, its title and its address."""
        return str(row.pid), row.name, row.get_absolute_url()

    def graph(self, filterset: Any, columns: list[Column], rows: Callable[[], Iterable[Any]]) -> Graph:
        """The rows asked for as a graph; each call of `rows` reads them anew."""
        raise NotImplementedError

    def shown(self) -> Any:
        """The records with all that a row of the table shows."""
        return self.queryset.with_counts()  # type: ignore[attr-defined]


class MembershipsShown(RegistryListView):
    """A listing that shows, with each record, the memberships that its filters ask about."""

    end: str
    other_end: str

    def columns(self, filterset: Any) -> list[Column]:
        """With the memberships after the first two, where they are asked about."""
        columns = super().columns(filterset)
        return [*columns[:2], MEMBERSHIPS, *columns[2:]] if filterset.asks_for_membership else columns

    def read(self, keys: list[Any], filterset: Any, columns: list[Column]) -> list[Any]:
        """The records of these keys, with the memberships and their sources if they are shown."""
        records = super().read(keys, filterset, columns)
        if MEMBERSHIPS in columns:
            memberships = filterset.memberships().select_related(self.other_end).order_by("since", "pk")
            some = memberships.prefetch_related(CITED)[: SHOWN_MEMBERSHIPS + 1]
            asked = Prefetch("memberships", some, to_attr="asked_for")
            prefetch_related_objects(records, asked)
        return records

    def graph(self, filterset: Any, columns: list[Column], rows: Callable[[], Iterable[Any]]) -> Graph:
        """The rows with the other ends of the memberships that are asked about."""
        keys = filterset.qs.order_by().values("pk")
        memberships = filterset.memberships().filter(**{f"{self.end}__in": keys})
        return memberships_of(rows(), memberships, columns, self.end)


class CityList(MembershipsShown):
    """Cities that take part in something, or all places of the gazetteer."""

    queryset = City.objects.for_listing()
    filterset_class = filters.CityFilterSet
    template_name = "registry/city_list.html"
    end, other_end = "city", "network"
    noun = ngettext_lazy("city", "cities")
    intro = _(
        "Local and metropolitan governments that take part in networks, joint policies or by an office."
    )


class NetworkList(MembershipsShown):
    """Networks of cities."""

    queryset = Network.objects.for_listing()
    filterset_class = filters.NetworkFilterSet
    template_name = "registry/network_list.html"
    end, other_end = "network", "city"
    noun = ngettext_lazy("network", "networks")
    intro = _("Organised groups of cities, at subnational, national, regional and international level.")


class MembershipList(RegistryListView):
    """Memberships: cities in networks, for one period each."""

    queryset = Membership.objects.for_listing()
    filterset_class = filters.MembershipFilterSet
    template_name = "registry/membership_list.html"
    noun = ngettext_lazy("membership", "memberships")
    intro = _("Which city was in which network, from when to when, and the sources that show it.")

    statements = QUICKSTATEMENTS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With how many of the rows Wikidata can be told of, where the rows are few enough to be counted."""
        context = super().get_context_data(**kwargs)
        page = context["page"]
        if page.rows and not page.more:
            rows: Any = self.counted(context["filterset"])
            stated = rows.for_wikidata().count()
            context |= {"stated": stated, "not_stated": page.count - stated}
        return context

    @property
    def graphs(self) -> list[Format]:
        """The formats of graphs, for the graph of cities alone."""
        return [one for one in self.formats if one.name in GRAPHS]

    def shown(self) -> Any:
        """Memberships with their sources: nothing is counted of them."""
        return self.queryset.prefetch_related(CITED)

    def entry(self, row: Membership) -> tuple[str, str, str]:
        """The city in the network; both are asked for, since a membership has no page."""
        query = {"city": row.city.slug, "network": row.network.slug}
        title = gettext("%(city)s in %(network)s") % {"city": row.city, "network": row.network}
        return str(row.pid), title, f"{reverse('membership-list')}?{urlencode(query)}"

    def graph(self, filterset: Any, columns: list[Column], rows: Callable[[], Iterable[Any]]) -> Graph:
        """Cities with their networks, or with each other."""
        if filterset.joins_cities:
            return of_shared_networks(filterset.qs)
        return of_memberships(rows(), filterset.qs, columns)


class PolicyList(RegistryListView):
    """Joint policies."""

    queryset = JointPolicy.objects.for_listing()
    filterset_class = filters.PolicyFilterSet
    noun = ngettext_lazy("joint policy", "joint policies")
    intro = _("What cities undertake together: programmes, declarations, agreements, twinnings, exchanges.")

    def graph(self, filterset: Any, columns: list[Column], rows: Callable[[], Iterable[Any]]) -> Graph:
        """The joint policies with their parties."""
        return of_parties(rows(), filterset.qs, columns)


class ExperimentList(RegistryListView):
    """Experiments of joint policies."""

    queryset = PolicyExperiment.objects.for_listing()
    filterset_class = filters.ExperimentFilterSet
    template_name = "registry/experiment_list.html"
    noun = ngettext_lazy("experiment", "experiments")
    intro = _(
        "What joint policies try out: what was expected, where, compared with what, and what came of it."
    )

    def entry(self, row: PolicyExperiment) -> tuple[str, str, str]:
        """By its joint policy and the beginning of what was expected."""
        return str(row.pid), str(row), row.get_absolute_url()


class OfficeList(RegistryListView):
    """Offices in city governments, with a directory of their kinds."""

    queryset = CityOffice.objects.for_listing()
    filterset_class = filters.OfficeFilterSet
    template_name = "registry/office_list.html"
    noun = ngettext_lazy("office", "offices")
    intro = _("Offices and posts in city governments that carry the work with other cities.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the kinds of the offices asked for, and the years they were established in."""
        context = super().get_context_data(**kwargs)
        if context["page"].rows:
            context["directory"] = directory(self.counted(context["filterset"]))
        return context

    def shown(self) -> Any:
        """Offices as they are: nothing is counted of them."""
        return self.queryset


class IssueList(RegistryListView):
    """The tree of issues."""

    queryset = Issue.objects.for_listing()
    filterset_class = filters.IssueFilterSet
    noun = ngettext_lazy("issue", "issues")
    intro = _("What cities work on. The numbers of an issue include those of the issues below it.")
    page_size = 200

    def shown(self) -> Any:
        """Issues as they are: they are counted together."""
        return self.queryset

    def read(self, keys: list[Any], filterset: RegistryFilterSet, columns: list[Column]) -> list[Any]:
        """The issues of these keys, with the records on each and below it."""
        issues = super().read(keys, filterset, columns)
        count_under(issues)
        return issues


class ReportList(RegistryListView):
    """Reports."""

    queryset = Report.objects.for_listing()
    filterset_class = filters.ReportFilterSet
    template_name = "registry/report_list.html"
    noun = ngettext_lazy("report", "reports")
    intro = _("What networks, joint policies and cities publish.")

    def shown(self) -> Any:
        """Reports as they are: nothing is counted of them."""
        return self.queryset


class OrganisationList(RegistryListView):
    """Partners that are not cities."""

    queryset = Organisation.objects.for_listing()
    filterset_class = filters.OrganisationFilterSet
    noun = ngettext_lazy("organisation", "organisations")
    intro = _("Partners that are not cities: universities, companies, foundations, governments.")
