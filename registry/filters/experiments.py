"""Filters of the listing of experiments."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from registry.choices import WorldRegion
from registry.exchange.columns import EXPERIMENTS
from registry.filters.base import (
    Columns,
    DatedFilterSet,
    Decade,
    Order,
    Parameter,
    subtree,
    words_in,
)
from registry.filters.fields import (
    ChoicesField,
    CitiesField,
    CountriesField,
    IssuesField,
    NetworksField,
    PoliciesField,
)
from registry.filters.records import of_public
from registry.models import JointPolicy, PolicyExperiment
from registry.models.base import Fold

OF_A_SITE = {"city": "city", "country": "city__country", "world_region": "city__country__world_region"}
SITES = PolicyExperiment.sites.through.objects.filter(city__publication="published")


class Told(Parameter):
    """Whether something is told of a row: one of two choices, the second where `condition` does not hold."""

    def __init__(self, condition: Any, choices: list[tuple[str, Any]], **extra: Any) -> None:
        (yes, _yes), (no, _no) = choices
        self.told = Case(When(condition, then=Value(yes)), default=Value(no), output_field=CharField())
        super().__init__(ChoicesField, choices=choices, **extra)

    @property
    def value(self) -> Any:
        """What `pairs` counts by."""
        return self.told

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        """Rows of which it is told, or is not."""
        name = f"told_{self.field_name}"
        return qs.alias(**{name: self.told}).filter(**{f"{name}__in": value}) if value else qs


def _replicated() -> Exists:
    """That a public experiment replicates the outer one."""
    return Exists(PolicyExperiment.objects.public().filter(replicates=OuterRef("pk")))


class ExperimentFilterSet(DatedFilterSet):
    """Experiments of joint policies. City, country and world region are asked of one site."""

    period_of = _("the joint policies that test them")
    period_path = "policy__"
    counted = (
        "outcome",
        "replicated",
        "issue",
        "world_region",
        "country",
        "city",
        "network",
        "policy",
        "decade",
    )
    dear = counted

    outcome = Told(
        Q(outcome__regex=r"\S"),
        [("known", _("Told")), ("unknown", _("Not told"))],
        label=_("Outcome"),
    )
    replicated = Told(
        _replicated(), [("yes", _("Yes")), ("no", _("Not as far as recorded"))], label=_("Replicated")
    )
    issue = Parameter(IssuesField, label=_("Issue"))
    city = Parameter(CitiesField, label=_("With the site"))
    country = Parameter(CountriesField, label=_("With a site in the country"))
    world_region = Parameter(ChoicesField, label=_("With a site in the world region"), choices=WorldRegion)
    network = Parameter(NetworksField, label=_("Under the network"))
    policy = Parameter(PoliciesField, "policy", label=_("Of the joint policy"))
    decade = Decade("policy__since", label=_("Decade the joint policy began"))
    columns = Columns(EXPERIMENTS)
    order = Order({"name": "policy__name", "since": F("policy__since")})

    def narrow(self, queryset: QuerySet) -> QuerySet:
        """Experiments one of whose sites answers all that is asked of sites."""
        asked = self.asked
        queryset = self.search(queryset)
        if "issue" in asked:
            policies = JointPolicy.issues.through.objects.filter(issue__in=subtree(asked["issue"]))
            queryset = queryset.filter(policy__in=policies.values("jointpolicy"))
        if "network" in asked:
            under = JointPolicy.networks.through.objects.filter(network__in=asked["network"])
            queryset = queryset.filter(policy__in=under.values("jointpolicy"))
        if not OF_A_SITE.keys().isdisjoint(asked):
            queryset = queryset.filter(Exists(self.sites().filter(policyexperiment=OuterRef("pk"))))
        return self.during(queryset)

    def sites(self) -> QuerySet:
        """The sites asked about."""
        asked = {f"{OF_A_SITE[name]}__in": self.asked[name] for name in OF_A_SITE if name in self.asked}
        return SITES.filter(**asked)

    def pairs(self) -> list[QuerySet]:
        """Experiments with their own columns, their sites, or the issues and networks of their policies."""
        if self.lifted in OF_A_SITE:
            return [of_public(self.sites(), "policyexperiment", OF_A_SITE[self.lifted], self.qs)]
        if self.lifted == "issue":
            return [self.qs.values_list("pk", "policy__issues")]
        if self.lifted == "network":
            rows = self.qs.filter(policy__networks__publication="published")
            return [rows.values_list("pk", "policy__networks")]
        return super().pairs()

    def search(self, queryset: QuerySet) -> QuerySet:
        """Experiments whose hypothesis, outcome and joint policy's name together hold every word of `q`."""
        if "q" not in self.asked:
            return queryset
        columns = ("hypothesis", Value(" "), "outcome", Value(" "), "policy__name")
        told = Concat(*columns, output_field=TextField())
        return queryset.alias(told=Fold(told)).filter(words_in("told", self.asked["q"]))
