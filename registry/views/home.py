"""The home page, and the search over everything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.views.generic import TemplateView

from registry import filters
from registry.collaboration.direct import collaborations
from registry.filters.base import RegistryFilterSet
from registry.filters.fields import QueryField, the_one
from registry.models import (
    City,
    CityName,
    CityOffice,
    DirectTie,
    Issue,
    JointPolicy,
    Membership,
    Network,
    Organisation,
    Report,
)
from registry.models.base import Fold
from registry.models.issues import count_under
from registry.views.pages import COUNTED

RECENT = 6
FOUND = 6


class HomeView(TemplateView):
    """What the registry is, what it holds, and where to begin."""

    template_name = "registry/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Totals, the broad issues and the newest records."""
        broad = list(Issue.objects.filter(parent=None).for_listing())
        count_under(broad)
        return super().get_context_data(
            totals=totals(),
            issues=broad,
            policies=JointPolicy.objects.for_listing().with_counts().order_by("-pk")[:RECENT],
            networks=Network.objects.for_listing().with_counts().order_by("-pk")[:RECENT],
            canonical=self.request.build_absolute_uri("/"),
            **kwargs,
        )


@dataclass(frozen=True)
class Total:
    """One number of the home page; `more` where counting stopped, as in the listings."""

    url_name: str
    words: str
    number: int
    more: bool = False

    @classmethod
    def of(cls, url_name: str, words: str, rows: QuerySet) -> Total:
        """The rows counted up to where listings stop counting."""
        counted = rows.order_by()[: COUNTED + 1].count()
        return cls(url_name, words, min(counted, COUNTED), counted > COUNTED)


def totals() -> list[Total]:
    """What the public registry holds, each number counted as its listing counts it."""
    return [
        Total.of("city-list", "cities taking part", City.objects.public().taking_part()),
        Total.of("network-list", "networks", Network.objects.public()),
        Total.of("network-list", "memberships", Membership.objects.public().present()),
        Total.of("policy-list", "joint policies", JointPolicy.objects.public()),
        Total.of("office-list", "city offices", CityOffice.objects.public()),
        Total.of("issue-list", "issues", Issue.objects.all()),
        Total.of("report-list", "reports", Report.objects.public()),
        Total.of("organisation-list", "organisations", Organisation.objects.public()),
        Total.of("collaborations", "collaborations", collaborations(DirectTie.objects.all())),
    ]


@dataclass(frozen=True)
class Found:
    """The best matches of one kind."""

    url_name: str
    words: str
    rows: list[Any]
    more: bool
    query: str


KINDS: list[tuple[str, str, type[RegistryFilterSet], Callable[[], QuerySet], str]] = [
    ("city-list", "Cities", filters.CityFilterSet, City.objects.for_listing, "-population"),
    ("network-list", "Networks", filters.NetworkFilterSet, Network.objects.for_listing, "name"),
    ("policy-list", "Joint policies", filters.PolicyFilterSet, JointPolicy.objects.for_listing, "name"),
    ("office-list", "Offices", filters.OfficeFilterSet, CityOffice.objects.for_listing, "name"),
    ("issue-list", "Issues", filters.IssueFilterSet, Issue.objects.for_listing, "name"),
    ("report-list", "Reports", filters.ReportFilterSet, Report.objects.for_listing, "name"),
    (
        "organisation-list",
        "Organisations",
        filters.OrganisationFilterSet,
        Organisation.objects.for_listing,
        "name",
    ),
]


class SearchView(TemplateView):
    """The best matches of each kind, found as the listings find them."""

    template_name = "registry/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is found, or what is wrong with the words asked for."""
        asked, problem = self.request.GET.get("q", ""), ""
        try:
            words = QueryField().clean(the_one(self.request.GET, "q"))
        except ValidationError as error:
            words, problem = "", " ".join(error.messages)
        found = search(words) if words else []
        shown = asked.replace("\x00", "\ufffd")[:200]
        return super().get_context_data(query=shown, words=words, problem=problem, found=found, **kwargs)


def search(words: str) -> list[Found]:
    """The best matches of each kind that has any: whole names first, then beginnings."""
    found = []
    for url_name, label, filterset_class, records, otherwise in KINDS:
        asked = {"q": words, "taking_part": ["any"]}
        matches = filterset_class(asked, queryset=records()).qs
        rows = list(_best_first(matches, words, otherwise)[: FOUND + 1])
        if rows:
            query = "&taking_part=any" if url_name == "city-list" else ""
            found.append(Found(url_name, label, rows[:FOUND], len(rows) > FOUND, query))
    return found


def _best_first(matches: QuerySet, words: str, otherwise: str) -> QuerySet:
    asked = Fold(Value(words))
    whole = Q(folded=asked)
    if matches.model is City:
        whole |= Q(Exists(CityName.objects.filter(city=OuterRef("pk"), folded=asked)))
    rank = Case(
        When(whole, then=0),
        When(folded__startswith=asked, then=1),
        default=2,
        output_field=IntegerField(),
    )
    column = F(otherwise.removeprefix("-"))
    order = column.desc(nulls_last=True) if otherwise.startswith("-") else column.asc()
    return matches.order_by(rank, order, "pk")
