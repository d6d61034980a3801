"""How do we know that two cities work together: the page of a tie, with every proof and its sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.generic import TemplateView

from registry.collaboration.direct import collaborations, read
from registry.filters import CollaborationFilterSet
from registry.models import City, DirectTie, Membership, PolicyParty
from registry.views.controls import Controls
from registry.views.details.base import public_city
from registry.views.details.evidence import Evidence

SHOWN_ISSUES = 200


@dataclass
class Proof:
    """A joint policy or network that two cities share, and the part of each in it."""

    record: Any
    parts: list[Any] = field(default_factory=list)


class TieDetail(TemplateView):
    """Two cities: on what they work together, through what, and the sources of each part.

    Takes the parameters of `/collaborations/`; without `ties` both kinds of ties are shown.
    """

    template_name = "registry/tie_detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the page, or lead on to the present addresses of the two cities."""
        given = (kwargs["city"], kwargs["partner"])
        cities = [public_city(slug) for slug in given]
        slugs = tuple(city.slug for city in cities)
        if slugs != given:
            query = request.META.get("QUERY_STRING", "")
            response = redirect(reverse("tie-detail", args=slugs) + (f"?{query}" if query else ""))
            response["Cache-Control"] = "no-cache"
            return response
        return self.render_to_response(self.found(request, *cities))

    def found(self, request: HttpRequest, city: City, partner: City) -> dict[str, Any]:
        """Everything that connects the two cities and answers the question."""
        query = request.GET.copy()
        query["city"], query["partner"] = city.slug, partner.slug
        query.setdefault("ties", "all")
        filterset = CollaborationFilterSet(query, queryset=DirectTie.objects.all(), request=request)
        controls = Controls(filterset, query, 0)
        pair = reverse("tie-detail", args=sorted([city.slug, partner.slug]))
        context = {
            "city": city,
            "partner": partner,
            "filters": controls,
            "ask": query,
            # The same page is there in the other order.
            "canonical": request.build_absolute_uri(pair),
        }
        if not filterset.is_valid():
            return context
        ties = filterset.qs
        groups = read(collaborations(ties, of=[city])[:SHOWN_ISSUES], ties, [city])
        evidence = Evidence()
        both = [city, partner]
        return {
            **context,
            "query": filterset.canonical(),
            "groups": groups,
            "policies": policies([policy for group in groups for policy in group.policies], both, evidence),
            "networks": networks([network for group in groups for network in group.networks], both, evidence),
            "sources": evidence.read(),
        }


def policies(shared: list[Any], cities: list[City], evidence: Evidence) -> list[Proof]:
    """The joint policies with the parts of both cities."""
    rows = PolicyParty.objects.public().filter(policy__in=shared, city__in=cities).with_period()
    proofs = _proofs(shared, rows.select_related("city", "policy"), "policy_id", cities)
    for proof in proofs:
        evidence.asks(
            "policy", [proof.record], lambda policy: gettext("the record of %(name)s") % {"name": policy}
        )
        evidence.asks(
            "party",
            proof.parts,
            lambda part: (
                gettext("part of %(city)s in %(policy)s") % {"city": part.city, "policy": part.policy}
            ),
        )
    return proofs


def networks(shared: list[Any], cities: list[City], evidence: Evidence) -> list[Proof]:
    """The networks with the memberships of both cities."""
    rows = Membership.objects.public().present().filter(network__in=shared, city__in=cities)
    proofs = _proofs(shared, rows.select_related("city", "network"), "network_id", cities)
    for proof in proofs:
        evidence.asks(
            "network", [proof.record], lambda network: gettext("the record of %(name)s") % {"name": network}
        )
        evidence.asks(
            "membership",
            proof.parts,
            lambda row: (
                gettext("membership of %(city)s in %(network)s") % {"city": row.city, "network": row.network}
            ),
        )
    return proofs


def _proofs(shared: list[Any], rows: Any, of: str, cities: list[City]) -> list[Proof]:
    found = {record.pk: Proof(record) for record in sorted(shared, key=lambda record: record.name)}
    order = {city.pk: place for place, city in enumerate(cities)}
    for row in sorted(rows, key=lambda row: (order[row.city_id], row.since or "", row.pk)):
        found[getattr(row, of)].parts.append(row)
    return [*found.values()]
