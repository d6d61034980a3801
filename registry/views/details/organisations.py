"""The page of an organisation."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext

from registry.exchange import linked
from registry.models import Network, Organisation, Partnership, PolicyParty
from registry.models.base import count_rows
from registry.views.details.base import Heading, RecordView, Some, city_tally
from registry.views.details.evidence import Evidence

SHOWN = 100
CITIES = 25


def counted() -> Any:
    """Public organisations with the sizes of the lists on their pages."""
    parts = Partnership.objects.public()
    return (
        Organisation.objects.public()
        .select_related("country")
        .annotate(
            policy_total=count_rows(parts.filter(policy__isnull=False), "organisation"),
            network_total=count_rows(parts.filter(network__isnull=False), "organisation"),
        )
        .prefetch_related("identifiers")
    )


class OrganisationDetail(RecordView):
    """Facts, its parts in joint policies and networks, the cities it meets there, sources."""

    records = counted()
    as_linked_data = linked.organisation
    template_name = "registry/organisation_detail.html"

    def sections(self, record: Any, evidence: Evidence) -> dict[str, Any]:
        """The sections of the page in its order."""
        evidence.asks(
            "organisation", [record], lambda organisation: gettext(gettext("the facts of this organisation"))
        )
        found = {
            "in_policies": in_policies(record, evidence),
            "in_networks": in_networks(record, evidence),
            "cities": cities(record),
        }
        return {**found, "contents": contents(found)}


def contents(found: dict[str, Any]) -> list[Heading]:
    """The headings of the page that a reader may want to go to."""
    return [
        Heading("policies", gettext("Joint policies"), found["in_policies"].total),
        Heading("networks", gettext("Networks"), found["in_networks"].total),
        Heading("cities", gettext("Cities it works with"), found["cities"].total),
        Heading("sources", gettext("How do we know?")),
    ]


def in_policies(organisation: Any, evidence: Evidence) -> Some:
    """Its parts in joint policies."""
    rows = (
        Partnership.objects.public()
        .filter(organisation=organisation, policy__isnull=False)
        .select_related("policy")
        .prefetch_related("policy__issues", Prefetch("policy__networks", Network.objects.public()))
        .order_by("policy__name", "pk")
    )
    some = Some.of(rows, SHOWN, organisation.policy_total)
    evidence.asks("partnership", some.rows, lambda row: gettext("part in %(name)s") % {"name": row.policy})
    return some


def in_networks(organisation: Any, evidence: Evidence) -> Some:
    """Its parts in networks."""
    rows = Partnership.objects.public().filter(organisation=organisation, network__isnull=False)
    ordered = rows.select_related("network").order_by("network__name", "pk")
    some = Some.of(ordered, SHOWN, organisation.network_total)
    evidence.asks("partnership", some.rows, lambda row: gettext("part in %(name)s") % {"name": row.network})
    return some


def cities(organisation: Any) -> Some:
    """Cities that are parties to the same joint policies, those it meets most first."""
    parts = Partnership.objects.public().filter(organisation=organisation, policy__isnull=False)
    # Keys instead of a subquery: without statistics on the tables its plan is cubic.
    policies = list(parts.order_by().values_list("policy", flat=True))
    return city_tally(PolicyParty.objects.public().filter(policy__in=policies), CITIES)
