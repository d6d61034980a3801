"""The page of a joint policy."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, IntegerField, Prefetch, Value, When
from django.utils.translation import gettext

from registry.choices import PartyRole
from registry.exchange import linked
from registry.models import (
    City,
    CityOffice,
    JointPolicy,
    Network,
    Partnership,
    PolicyExperiment,
    PolicyParty,
    Report,
    Tie,
)
from registry.models.base import count_rows
from registry.models.ties import LARGEST_STORED
from registry.views.details.base import Heading, RecordView, Some
from registry.views.details.evidence import Evidence

SHOWN = 50
PARTIES = 200


def counted() -> Any:
    """Public joint policies with the sizes of the lists on their pages."""
    cities = PolicyParty.objects.public()
    return (
        JointPolicy.objects.public()
        .annotate(
            party_total=count_rows(PolicyParty.objects.public(), "policy"),
            city_total=count_rows(cities, "policy", "city"),
            country_total=count_rows(cities, "policy", "city__country"),
            partner_total=count_rows(Partnership.objects.public(), "policy"),
            experiment_total=count_rows(PolicyExperiment.objects.public(), "policy"),
            report_total=count_rows(Report.objects.public(), "policies"),
        )
        .prefetch_related("issues", "identifiers", Prefetch("networks", Network.objects.public()))
    )


class PolicyDetail(RecordView):
    """Facts, parties, partners, experiments, the ties it creates, reports, sources."""

    records = counted()
    as_linked_data = linked.policy
    template_name = "registry/policy_detail.html"

    def sections(self, record: Any, evidence: Evidence) -> dict[str, Any]:
        """The sections of the page in its order."""
        evidence.asks("policy", [record], lambda policy: gettext(gettext("the facts of this joint policy")))
        found: dict[str, Any] = {
            "parties": parties(record, evidence),
            "partnerships": partnerships(record, evidence),
            "experiments": experiments(record, evidence),
            "reports": reports(record, evidence),
            **ties(record),
        }
        carried = any(party.office for party in found["parties"].rows)
        return {**found, "carried": carried, "contents": contents(found)}


def contents(found: dict[str, Any]) -> list[Heading]:
    """The headings of the page that a reader may want to go to."""
    where_any = (
        ("partnerships", gettext("Partners")),
        ("experiments", gettext("Experiments")),
        ("reports", gettext("Reports")),
    )
    some = [Heading(key, words, found[key].total) for key, words in where_any if found[key]]
    cities = Heading("parties", gettext("Parties"), found["parties"].total)
    return [
        cities,
        Heading("ties", gettext("Collaborations")),
        *some,
        Heading("sources", gettext("How do we know?")),
    ]


def parties(policy: Any, evidence: Evidence) -> Some:
    """Its parties: those that lead first, observers last."""
    places = [When(role=role, then=Value(place)) for place, role in enumerate(PartyRole)]
    rows = (
        PolicyParty.objects.public()
        .filter(policy=policy)
        .with_period()
        .select_related("city__country")
        .prefetch_related(Prefetch("office", CityOffice.objects.public()))
        .order_by(Case(*places, output_field=IntegerField()), "city__name", "pk")
    )
    some = Some.of(rows, PARTIES, policy.party_total)
    evidence.asks("party", some.rows, lambda row: f"{row.city}, {row.get_role_display().lower()}")
    return some


def ties(policy: Any) -> dict[str, Any]:
    """How many pairs of cities it brings together; of a large policy only how many there can be."""
    most = policy.city_total * (policy.city_total - 1) // 2
    if policy.party_total > LARGEST_STORED:
        return {"pairs": most, "pairs_at_most": True}
    pairs = Tie.objects.filter(policy=policy).order_by().values("city_a", "city_b").distinct()
    return {"pairs": pairs.count(), "pairs_at_most": False}


def partnerships(policy: Any, evidence: Evidence) -> Some:
    """Organisations that have a part in it."""
    rows = Partnership.objects.public().filter(policy=policy).select_related("organisation")
    some = Some.of(rows.order_by("organisation__name", "pk"), SHOWN, policy.partner_total)
    evidence.asks(
        "partnership", some.rows, lambda row: f"{row.organisation}, {row.role or gettext('partner')}"
    )
    return some


def experiments(policy: Any, evidence: Evidence) -> Some:
    """What it tries out, where, and who repeated it."""
    others = PolicyExperiment.objects.public().select_related("policy")
    rows = PolicyExperiment.objects.public().filter(policy=policy)
    shown = rows.prefetch_related(
        Prefetch("sites", City.objects.public().select_related("country")),
        Prefetch("replicated_by", others),
        Prefetch("replicates", others),
    ).order_by("pk")
    some = Some.of(shown, SHOWN, policy.experiment_total)
    evidence.asks(
        "experiment",
        some.rows,
        lambda row: gettext("experiment: %(hypothesis)s") % {"hypothesis": row.hypothesis[:60]},
    )
    return some


def reports(policy: Any, evidence: Evidence) -> Some:
    """Reports of the joint policy, the newest first."""
    rows = Report.objects.public().filter(policies=policy)
    ordered = rows.order_by(F("published_on").desc(nulls_last=True), "name", "pk")
    some = Some.of(ordered, SHOWN, policy.report_total)
    evidence.asks("report", some.rows, lambda row: str(row))
    return some
