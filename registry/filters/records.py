"""Filters of the listings of joint policies, issues, reports and organisations."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from registry.choices import (
    Certainty,
    OrganisationKind,
    PartyRole,
    PolicyKind,
    PolicyStatus,
    Publication,
    ReportKind,
    WorldRegion,
)
from registry.exchange.columns import ISSUES, ORGANISATIONS, POLICIES, REPORTS
from registry.filters.base import (
    Columns,
    DatedFilterSet,
    Decade,
    Order,
    Parameter,
    RegistryFilterSet,
    on_issues,
    subtree,
)
from registry.filters.fields import (
    ChoicesField,
    CitiesField,
    CountriesField,
    IssuesField,
    NetworksField,
    OrganisationsField,
    PoliciesField,
)
from registry.models import (
    City,
    CityOffice,
    JointPolicy,
    Membership,
    Network,
    Partnership,
    PolicyParty,
    Report,
)
from registry.models.dates import Possible

OF_A_CITY = {"city": "city", "country": "city__country", "world_region": "city__country__world_region"}
OF_A_PARTY = {**OF_A_CITY, "role": "role"}
OF_A_MEMBERSHIP = {*OF_A_CITY, "status", "tier"}
OF_A_PART = {"network", "issue", "policy", "city"}


def linked(through: Any, here: str, **asked: Any) -> Exists:
    """That a row of a many-to-many table leads from the outer record to what is asked for."""
    return Exists(through.objects.filter(**{here: OuterRef("pk")}, **asked))


def of_public(links: Any, here: str, value: str, records: QuerySet, end: str = "") -> QuerySet:
    """Pairs of these records and a value of their links; of those alone whose other `end` is published."""
    published = {f"{end}__publication": Publication.PUBLISHED} if end else {}
    rows = links.filter(**{f"{here}__in": records.order_by().values("pk")}, **published)
    return rows.values_list(here, value)


def with_partner(end: str, organisations: list[Any]) -> Exists:
    """That one of these organisations has a public part in the outer joint policy or network."""
    parts = Partnership.objects.public().filter(organisation__in=organisations)
    return Exists(parts.filter(**{end: OuterRef("pk")}))


class PolicyFilterSet(DatedFilterSet):
    """Joint policies. City, country, world region, role and time are asked of one party."""

    counted = (
        "kind",
        "status",
        "issue",
        "world_region",
        "country",
        "city",
        "network",
        "role",
        "organisation",
        "decade",
    )
    dear = ("world_region", "country", "city", "role")
    period_of = _("parties, where a city, country or role is asked for; otherwise joint policies")

    kind = Parameter(ChoicesField, "kind", label=_("Kind"), choices=PolicyKind)
    status = Parameter(ChoicesField, "status", label=_("Status"), choices=PolicyStatus)
    issue = Parameter(IssuesField, label=_("Issue"))
    network = Parameter(NetworksField, label=_("Under the network"))
    city = Parameter(CitiesField, label=_("With the city"))
    country = Parameter(CountriesField, label=_("With a city of the country"))
    world_region = Parameter(ChoicesField, label=_("With a city in the world region"), choices=WorldRegion)
    role = Parameter(ChoicesField, label=_("Role of the city"), choices=PartyRole)
    organisation = Parameter(OrganisationsField, label=_("With the partner"))
    decade = Decade("since", label=_("Decade it began"))
    columns = Columns(POLICIES)
    order = Order({"name": "name", "since": F("since")})

    def narrow(self, queryset: QuerySet) -> QuerySet:
        """Joint policies of which one public party answers all that is asked of parties."""
        asked = self.asked
        queryset = self.search(queryset)
        if "issue" in asked:
            issues = subtree(asked["issue"])
            queryset = queryset.filter(linked(JointPolicy.issues.through, "jointpolicy", issue__in=issues))
        if "network" in asked:
            through = JointPolicy.networks.through
            queryset = queryset.filter(linked(through, "jointpolicy", network__in=asked["network"]))
        if "organisation" in asked:
            queryset = queryset.filter(with_partner("policy", asked["organisation"]))
        if OF_A_PARTY.keys().isdisjoint(self.spoken_of):
            return self.during(queryset)
        return queryset.filter(Exists(self.parties().filter(policy=OuterRef("pk"))))

    def parties(self) -> Any:
        """The parties asked about."""
        asked = self.asked
        rows = PolicyParty.objects.public()
        return self.during(
            rows.filter(**{f"{OF_A_PARTY[name]}__in": asked[name] for name in OF_A_PARTY if name in asked})
        )

    def pairs(self) -> list[QuerySet]:
        """Joint policies with their own columns, issues, networks, partners, or parties."""
        if self.lifted == "issue":
            return [on_issues(JointPolicy.issues.through, "jointpolicy", self.qs)]
        if self.lifted == "network":
            links = JointPolicy.networks.through.objects
            return [of_public(links, "jointpolicy", "network", self.qs, end="network")]
        if self.lifted == "organisation":
            return [of_public(Partnership.objects.public(), "policy", "organisation", self.qs)]
        if self.lifted not in OF_A_PARTY:
            return super().pairs()
        return [of_public(self.parties(), "policy", OF_A_PARTY[self.lifted], self.qs)]


class IssueFilterSet(RegistryFilterSet):
    """Issues: parts of the tree, and what a network or a city works on."""

    counted = ("issue", "network")

    issue = Parameter(IssuesField, label=_("Within the issue"))
    network = Parameter(NetworksField, label=_("Of the network"))
    city = Parameter(CitiesField, label=_("Of the city"))
    columns = Columns(ISSUES)
    order = Order({"name": "name"})

    def narrow(self, queryset: QuerySet) -> QuerySet:
        """Issues that the network works on, and that the city has a policy, an office or a network on."""
        asked = self.asked
        queryset = self.search(queryset)
        if "issue" in asked:
            queryset = queryset.filter(pk__in=subtree(asked["issue"]))
        if "network" in asked:
            queryset = queryset.filter(linked(Network.issues.through, "issue", network__in=asked["network"]))
        if "city" in asked:
            queryset = queryset.filter(self._of_cities(asked["city"]))
        return queryset

    def pairs(self) -> list[QuerySet]:
        """Issues with those they are part of, or with the networks that work on them."""
        if self.lifted == "issue":
            return [self.qs.values_list("pk", F("pk"))]
        return [of_public(Network.issues.through.objects, "issue", "network", self.qs, end="network")]

    @staticmethod
    def _of_cities(cities: list[City]) -> Q:
        parties = PolicyParty.objects.public().filter(city__in=cities).values("policy")
        memberships = Membership.objects.public().present().filter(city__in=cities).values("network")
        offices = CityOffice.objects.public().filter(city__in=cities).values("pk")
        return (
            Q(linked(JointPolicy.issues.through, "issue", jointpolicy__in=parties))
            | Q(linked(Network.issues.through, "issue", network__in=memberships))
            | Q(linked(CityOffice.remit.through, "issue", cityoffice__in=offices))
        )


class ReportFilterSet(DatedFilterSet):
    """Reports. A report was true, as far as time goes, in the year, month or day it came out."""

    period_of = _("dates of publication")
    counted = ("kind", "issue", "network", "city", "policy", "country", "decade")

    kind = Parameter(ChoicesField, "kind", label=_("Kind"), choices=ReportKind)
    issue = Parameter(IssuesField, label=_("Issue"))
    network = Parameter(NetworksField, label=_("Of the network"))
    city = Parameter(CitiesField, label=_("Of the city"))
    policy = Parameter(PoliciesField, label=_("Of the joint policy"))
    country = Parameter(CountriesField, label=_("Of a city of the country"))
    decade = Decade("published_on", label=_("Decade it was published"))
    columns = Columns(REPORTS)
    order = Order({"since": F("published_on"), "name": "name"})

    def narrow(self, queryset: QuerySet) -> QuerySet:
        """Reports linked to each of what is asked for."""
        asked = self.asked
        queryset = self.search(queryset)
        if "issue" in asked:
            issues = subtree(asked["issue"])
            queryset = queryset.filter(linked(Report.issues.through, "report", issue__in=issues))
        if "network" in asked:
            through: Any = Report.networks.through
            queryset = queryset.filter(linked(through, "report", network__in=asked["network"]))
        if "policy" in asked:
            through = Report.policies.through
            queryset = queryset.filter(linked(through, "report", jointpolicy__in=asked["policy"]))
        if "city" in asked:
            queryset = queryset.filter(linked(Report.cities.through, "report", city__in=asked["city"]))
        if "country" in asked:
            cities = City.objects.public().filter(country__in=asked["country"]).values("pk")
            queryset = queryset.filter(linked(Report.cities.through, "report", city__in=cities))
        return self._published_during(queryset)

    def pairs(self) -> list[QuerySet]:
        """Reports with their own columns, issues, or what they are of."""
        if self.lifted == "issue":
            return [on_issues(Report.issues.through, "report", self.qs)]
        through: dict[str, tuple[Any, str, str]] = {
            "network": (Report.networks.through, "network", "network"),
            "policy": (Report.policies.through, "jointpolicy", "jointpolicy"),
            "city": (Report.cities.through, "city", "city"),
            "country": (Report.cities.through, "city__country", "city"),
        }
        if self.lifted not in through:
            return super().pairs()
        links, value, end = through[self.lifted]
        return [of_public(links.objects, "report", value, self.qs, end=end)]

    def _published_during(self, queryset: QuerySet) -> QuerySet:
        if Certainty.POSSIBLE not in self.asked.get("certainty", []) and self.periods:
            queryset = queryset.filter(published_on__isnull=False)
        for days in self.periods:
            came_out = Possible(F("published_on"), F("published_on"))
            queryset = queryset.alias(came_out=came_out).filter(came_out__overlap=days)
        return queryset


class OrganisationFilterSet(DatedFilterSet):
    """Partners that are not cities. Network, issue, city and time are asked of one partnership."""

    period_of = _("partnerships")
    counted = ("kind", "issue", "network", "policy", "world_region", "country")

    kind = Parameter(ChoicesField, "kind", label=_("Kind"), choices=OrganisationKind)
    country = Parameter(CountriesField, "country", label=_("Country"))
    world_region = Parameter(
        ChoicesField, "country__world_region", label=_("World region"), choices=WorldRegion
    )
    network = Parameter(NetworksField, label=_("Partner of the network, or in a policy under it"))
    issue = Parameter(IssuesField, label=_("Partner on the issue"))
    policy = Parameter(PoliciesField, label=_("Partner in the joint policy"))
    city = Parameter(CitiesField, label=_("In a joint policy with the city"))
    columns = Columns(ORGANISATIONS)
    order = Order({"name": "name"})

    def narrow(self, queryset: QuerySet) -> QuerySet:
        """Organisations of which one public partnership answers all that is asked of partnerships."""
        queryset = self.search(queryset)
        if not self.periods and OF_A_PART.isdisjoint(self.spoken_of):
            return queryset
        return queryset.filter(Exists(self.parts().filter(organisation=OuterRef("pk"))))

    def parts(self) -> Any:
        """The partnerships asked about."""
        asked = self.asked
        rows = Partnership.objects.public()
        if "network" in asked:
            policies = JointPolicy.objects.public().filter(networks__in=asked["network"]).values("pk")
            rows = rows.filter(Q(network__in=asked["network"]) | Q(policy__in=policies))
        if "issue" in asked:
            issues = subtree(asked["issue"])
            policies = JointPolicy.objects.public().filter(issues__in=issues).values("pk")
            networks = Network.objects.public().filter(issues__in=issues).values("pk")
            rows = rows.filter(Q(network__in=networks) | Q(policy__in=policies))
        if "policy" in asked:
            rows = rows.filter(policy__in=asked["policy"])
        if "city" in asked:
            policies = PolicyParty.objects.public().filter(city__in=asked["city"]).values("policy")
            rows = rows.filter(policy__in=policies)
        return self.during(rows)

    def pairs(self) -> list[QuerySet]:
        """Organisations with their own columns, or with what they take part in."""
        paths = {
            "policy": ["policy"],
            "network": ["network", "policy__networks"],
            "issue": ["network__issues", "policy__issues"],
        }
        if self.lifted not in paths:
            return super().pairs()
        ends = {"policy__networks": "policy__networks"}
        return [
            of_public(self.parts(), "organisation", path, self.qs, end=ends.get(path, ""))
            for path in paths[self.lifted]
        ]
