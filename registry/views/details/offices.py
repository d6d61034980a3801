"""The page of an office in a city's government."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext

from registry.exchange import linked
from registry.models import CityOffice, Network, OfficeHolder, OfficeLink, PolicyParty
from registry.models.base import count_rows
from registry.views.details.base import Heading, RecordView, Some
from registry.views.details.evidence import Evidence

SHOWN = 100


def counted() -> Any:
    """Public offices with the sizes of the lists on their pages."""
    return (
        CityOffice.objects.public()
        .select_related("city__country")
        .annotate(
            holder_total=count_rows(OfficeHolder.objects.public(), "office"),
            link_total=count_rows(OfficeLink.objects.public(), "office")
            + count_rows(OfficeLink.objects.public(), "other"),
            party_total=count_rows(PolicyParty.objects.public(), "office"),
        )
        .prefetch_related("remit", "identifiers")
    )


class OfficeDetail(RecordView):
    """Facts, holders, links with other offices, joint policies carried, sources."""

    records = counted()
    as_linked_data = linked.office
    template_name = "registry/office_detail.html"

    def sections(self, record: Any, evidence: Evidence) -> dict[str, Any]:
        """The sections of the page in its order."""
        evidence.asks("office", [record], lambda office: gettext(gettext("the facts of this office")))
        siblings = CityOffice.objects.public().filter(city=record.city_id).exclude(pk=record.pk)
        found = {
            "holders": holders(record, evidence),
            "links": links(record, evidence),
            "parties": parties(record, evidence),
            "siblings": list(siblings.order_by("name", "pk")[:SHOWN]),
        }
        return {**found, "contents": contents(found)}


def contents(found: dict[str, Any]) -> list[Heading]:
    """The headings of the page that a reader may want to go to."""
    return [
        Heading("holders", gettext("Holders over time"), found["holders"].total),
        Heading("links", gettext("Links within the city"), found["links"].total),
        Heading("policies", gettext("Joint policies it carries"), found["parties"].total),
        Heading("sources", gettext("How do we know?")),
    ]


def holders(office: Any, evidence: Evidence) -> Some:
    """Who heads it, the latest first."""
    rows = OfficeHolder.objects.public().filter(office=office)
    ordered = rows.order_by(F("since").desc(nulls_last=True), "person_name", "pk")
    some = Some.of(ordered, SHOWN, office.holder_total)
    evidence.asks("holder", some.rows, lambda holder: holder.person_name)
    return some


def links(office: Any, evidence: Evidence) -> Some:
    """The offices it works with, whichever of the two the link was recorded for."""
    rows = (
        OfficeLink.objects.public()
        .filter(Q(office=office) | Q(other=office))
        .select_related("office", "other", "issue")
        .order_by("office__name", "other__name", "pk")
    )
    some = Some.of(rows, SHOWN, office.link_total)
    for link in some.rows:
        link.partner = link.seen_from(office)
    evidence.asks(
        "office_link", some.rows, lambda link: gettext("work with %(name)s") % {"name": link.partner.name}
    )
    return some


def parties(office: Any, evidence: Evidence) -> Some:
    """The parts of its city in joint policies that it carries."""
    rows = (
        PolicyParty.objects.public()
        .filter(office=office)
        .with_period()
        .select_related("policy")
        .prefetch_related("policy__issues", Prefetch("policy__networks", Network.objects.public()))
        .order_by(F("policy__since").desc(nulls_last=True), "policy__name", "pk")
    )
    some = Some.of(rows, SHOWN, office.party_total)
    evidence.asks("party", some.rows, lambda row: gettext("part in %(name)s") % {"name": row.policy})
    return some
