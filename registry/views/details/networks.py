"""The page of a network."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.choices import MembershipStatus
from registry.collaboration.growth import growth
from registry.collaboration.scope import by_country, shown_scope
from registry.exchange import linked
from registry.models import (
    City,
    JointPolicy,
    Membership,
    Network,
    NetworkLink,
    Observation,
    Partnership,
    Report,
    RosterConfirmation,
)
from registry.models.base import count_rows
from registry.models.dates import over
from registry.views.details.base import Heading, RecordView, Some
from registry.views.details.evidence import Evidence

SHOWN = 50
# A list of members is shown whole up to here; of a longer one as many as of other lists.
MEMBERS = 200
COUNTRIES = 30
STANDINGS = (
    ("current", _("Members")),
    ("applicant", _("Applicants")),
    ("former", _("Former members")),
    ("never", _("Never members")),
    ("unknown", _("Status unknown")),
)


def counted() -> Any:
    """Public networks with the sizes of the lists on their pages."""
    return (
        Network.objects.public()
        .annotate(
            policy_total=count_rows(JointPolicy.objects.public(), "networks"),
            partner_total=count_rows(Partnership.objects.public(), "network"),
            report_total=count_rows(Report.objects.public(), "networks"),
            link_total=count_rows(NetworkLink.objects.public(), "network")
            + count_rows(NetworkLink.objects.public(), "other"),
            roster_total=count_rows(RosterConfirmation.objects.public(), "network"),
            observation_total=count_rows(Observation.objects.public(), "network"),
        )
        .prefetch_related("issues", "identifiers", "names", Prefetch("secretariat", City.objects.public()))
    )


class NetworkDetail(RecordView):
    """Facts, members by standing, joint policies, partners, reports, checks of the roster, sources."""

    records = counted()
    as_linked_data = linked.network
    template_name = "registry/network_detail.html"

    def sections(self, record: Any, evidence: Evidence) -> dict[str, Any]:
        """The sections of the page in its order."""
        evidence.asks(
            "network", [record], lambda network: gettext("the record of %(name)s") % {"name": network}
        )
        countries = by_country(record)
        found: dict[str, Any] = {
            "links": links(record, evidence),
            "standings": standings(record, evidence, self.today),
            "countries": Some(countries[:COUNTRIES], len(countries)),
            "scope": shown_scope(record, countries),
            "growth": growth(record, self.today.year),
            "policies": Some.of(record.policies.for_listing().with_counts(), SHOWN, record.policy_total),
            "partnerships": partnerships(record, evidence),
            "reports": reports(record, evidence),
            "rosters": rosters(record, evidence),
            "observations": Some.of(
                record.observations.for_page(),
                SHOWN,
                record.observation_total,
            ),
        }
        return {**found, "contents": contents(found)}


def contents(found: dict[str, Any]) -> list[Heading]:
    """The headings of the page that a reader may want to go to."""
    members = [Heading(key, words, some.total) for key, words, some in found["standings"]]
    where_any = (
        ("countries", gettext("Members by country")),
        ("growth", gettext("Members by year")),
        ("policies", gettext("Joint policies")),
        ("links", gettext("Other networks")),
        ("partnerships", gettext("Partners")),
        ("reports", gettext("Reports")),
        ("rosters", gettext("Checks of the member list")),
        ("observations", gettext("Research data")),
    )
    wanted = [one for one in where_any if found[one[0]] or one[0] == "policies"]
    some = [Heading(key, words, getattr(found[key], "total", None)) for key, words in wanted]
    return [*members, *some, Heading("sources", gettext("How do we know?"))]


def with_standing(memberships: QuerySet, today: date) -> QuerySet:
    """Adds how each row stands on a day: a membership whose period is over is a former one."""
    member = Q(status=MembershipStatus.MEMBER)
    return memberships.annotate(
        standing=Case(
            When(member & over(today), then=Value("former")),
            When(member, then=Value("current")),
            When(status=MembershipStatus.LEFT, then=Value("former")),
            default=F("status"),
        )
    )


def standings(network: Network, evidence: Evidence, today: date) -> list[tuple[str, str, Some]]:
    """Memberships by how they stand on a day, each list whole or its beginning. Members are always there."""
    rows = with_standing(Membership.objects.public(known="network").filter(network=network), today)
    place = Window(RowNumber(), partition_by=F("standing"), order_by=("city__name", "pk"))
    # Sorted by their keys alone: of a large network few rows are shown.
    some = rows.annotate(place=place).filter(place__lte=MEMBERS).order_by().values("pk")
    kept = with_standing(Membership.objects.filter(pk__in=some), today)
    shown = list(kept.select_related("city__country").order_by("city__name", "pk"))
    numbers = dict(rows.order_by().values_list("standing").annotate(number=Count("pk")))
    found = []
    for key, words in STANDINGS:
        if key == "current" or numbers.get(key):
            number = numbers.get(key, 0)
            listed = [row for row in shown if row.standing == key]
            some = Some(listed if number <= MEMBERS else listed[:SHOWN], number)
            evidence.asks(
                "membership", some.rows, lambda row: f"{row.city}, {row.get_status_display().lower()}"
            )
            found.append((key, str(words), some))
    return found


def links(network: Any, evidence: Evidence) -> Some:
    """How the network stands to others, told from its own side."""
    rows = (
        NetworkLink.objects.public()
        .filter(Q(network=network) | Q(other=network))
        .select_related("network", "other")
        .order_by("kind", "other__name", "network__name", "pk")
    )
    some = Some.of(rows, SHOWN, network.link_total)
    evidence.asks("network_link", some.rows, lambda link: gettext("link: %(link)s") % {"link": link})
    return some


def partnerships(network: Any, evidence: Evidence) -> Some:
    """Organisations that have a part in the network."""
    rows = Partnership.objects.public().filter(network=network).select_related("organisation")
    some = Some.of(rows.order_by("organisation__name", "pk"), SHOWN, network.partner_total)
    evidence.asks(
        "partnership", some.rows, lambda row: f"{row.organisation}, {row.role or gettext('partner')}"
    )
    return some


def reports(network: Any, evidence: Evidence) -> Some:
    """Reports of the network, the newest first."""
    rows = Report.objects.public().filter(networks=network)
    ordered = rows.order_by(F("published_on").desc(nulls_last=True), "name", "pk")
    some = Some.of(ordered, SHOWN, network.report_total)
    evidence.asks("report", some.rows, lambda row: str(row))
    return some


def rosters(network: Any, evidence: Evidence) -> Some:
    """When its member list was compared with a source, the newest first."""
    rows = RosterConfirmation.objects.public().filter(network=network).order_by("-confirmed_on", "pk")
    some = Some.of(rows, SHOWN, network.roster_total)
    evidence.asks(
        "roster_confirmation", some.rows, lambda row: gettext("check of %(day)s") % {"day": row.confirmed_on}
    )
    return some
