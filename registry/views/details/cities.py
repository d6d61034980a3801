"""The page of a city: everything the registry knows of it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext, ngettext_lazy

from registry.choices import NameKind
from registry.collaboration.partners import partners
from registry.exchange import linked
from registry.models import (
    City,
    CityLink,
    CityOffice,
    Issue,
    Membership,
    Network,
    Observation,
    OfficeHolder,
    OfficeLink,
    PolicyExperiment,
    PolicyParty,
    Report,
)
from registry.models.base import count_rows
from registry.views.details.base import Heading, RecordView, Some
from registry.views.details.evidence import Evidence
from registry.views.details.timeline import Timeline

SHOWN = 100
PARTNERS = 25
NEWEST = F("since").desc(nulls_last=True)


NAMES = {
    NameKind.OFFICIAL: ngettext_lazy("Official name", "Official names"),
    NameKind.ALTERNATIVE: ngettext_lazy("Alternative name", "Alternative names"),
    NameKind.FORMER: ngettext_lazy("Former name", "Former names"),
    NameKind.EXONYM: ngettext_lazy("Exonym", "Exonyms"),
    NameKind.ACRONYM: ngettext_lazy("Acronym", "Acronyms"),
}


def counted() -> Any:
    """Public cities with the sizes of the lists on their pages."""
    return (
        City.objects.public()
        .select_related("country", "division")
        .annotate(
            membership_total=count_rows(Membership.objects.public(), "city"),
            party_total=count_rows(PolicyParty.objects.public(), "city"),
            office_total=count_rows(CityOffice.objects.public(), "city"),
            office_link_total=count_rows(OfficeLink.objects.public(), "office__city"),
            secretariat_total=count_rows(Network.objects.public(), "secretariat"),
            experiment_total=count_rows(PolicyExperiment.objects.public(), "sites"),
            report_total=count_rows(Report.objects.public(), "cities"),
            link_total=count_rows(CityLink.objects.public(), "city")
            + count_rows(CityLink.objects.public(), "other"),
            observation_total=count_rows(Observation.objects.public(), "city"),
        )
    )


class CityDetail(RecordView):
    """Names, networks over time, joint policies by issue, offices, collaborators, sources."""

    records = counted()
    as_linked_data = linked.city
    template_name = "registry/city_detail.html"

    def sections(self, record: City, evidence: Evidence) -> dict[str, Any]:
        """The sections of the page in its order, so that sources are numbered as they appear."""
        evidence.asks("city", [record], lambda city: gettext("the record of %(name)s") % {"name": city})
        found = {
            "names": names(record),
            "identifiers": record.identifiers.all(),
            "links": links(record, evidence),
            "memberships": memberships(record, evidence),
            "secretariats": secretariats(record, evidence),
            **policies(record, evidence),
            "offices": offices(record, evidence),
            "office_links": office_links(record, evidence),
            "partners": Some(*partners(record, PARTNERS)),
            "experiments": experiments(record, evidence),
            "reports": reports(record, evidence),
            "observations": Some.of(
                record.observations.for_page(),
                SHOWN,
                record.observation_total,  # type: ignore[attr-defined]
            ),
        }
        return {
            **found,
            "timeline": Timeline(found["memberships"].rows, self.today),
            "contents": contents(found),
        }


def contents(found: dict[str, Any]) -> list[Heading]:
    """The headings of the page that a reader may want to go to."""
    always = [
        Heading("networks", gettext("Networks over time"), found["memberships"].total),
        Heading("policies", gettext("Joint policies by issue"), found["parties"].total),
        Heading("offices", gettext("Offices"), found["offices"].total),
        Heading("collaborators", gettext("Direct collaborators"), found["partners"].total),
    ]
    where_any = (
        ("links", "links", gettext("Other governments")),
        ("experiments", "experiments", gettext("Experiments")),
        ("reports", "reports", gettext("Reports")),
        ("observations", "observations", gettext("Research data")),
    )
    some = [Heading(anchor, words, found[key].total) for key, anchor, words in where_any if found[key]]
    return [*always, *some, Heading("sources", gettext("How do we know?"))]


def names(city: City) -> list[tuple[str, list[Any]]]:
    """Names other than the main one, by kind; the same name in several languages once."""
    by_kind: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in city.names.order_by("name", "language", "pk"):
        if row.name != city.name or row.language:
            kept = by_kind[row.kind].setdefault(row.name, row)
            kept.languages = [*getattr(kept, "languages", []), *([row.language] if row.language else [])]
    return [
        (str(NAMES[kind] % len(rows)), [*rows.values()]) for kind in NameKind if (rows := by_kind.get(kind))
    ]


def links(city: City, evidence: Evidence) -> Some:
    """How the city stands to others, told from its own side."""
    rows = (
        CityLink.objects.public()
        .filter(Q(city=city) | Q(other=city))
        .select_related("city__country", "other__country")
        .order_by("kind", "other__name", "city__name", "pk")
    )
    some = Some.of(rows, SHOWN, city.link_total)  # type: ignore[attr-defined]
    evidence.asks("city_link", some.rows, lambda link: gettext("link: %(link)s") % {"link": link})
    return some


def memberships(city: City, evidence: Evidence) -> Some:
    """Its networks, the earliest first; those whose beginning is not known come last."""
    rows = Membership.objects.public().filter(city=city).select_related("network")
    ordered = rows.order_by(F("since").asc(nulls_last=True), "network__name", "pk")
    some = Some.of(ordered, SHOWN, city.membership_total)  # type: ignore[attr-defined]
    evidence.asks(
        "membership", some.rows, lambda row: gettext("membership of %(network)s") % {"network": row.network}
    )
    return some


def secretariats(city: City, evidence: Evidence) -> Some:
    """Networks that have their secretariat here."""
    rows = Network.objects.public().filter(secretariat=city).order_by("name", "pk")
    some = Some.of(rows, SHOWN, city.secretariat_total)  # type: ignore[attr-defined]
    evidence.asks("network", some.rows, lambda row: gettext("the record of %(name)s") % {"name": row})
    return some


def policies(city: City, evidence: Evidence) -> dict[str, Any]:
    """Its parts in joint policies, and the same by issue: a policy on two issues stands under both."""
    rows = (
        PolicyParty.objects.public()
        .filter(city=city)
        .with_period()
        .select_related("policy")
        .prefetch_related(
            "policy__issues",
            Prefetch("policy__networks", Network.objects.public()),
            Prefetch("office", CityOffice.objects.public()),
        )
        .order_by(F("policy__since").desc(nulls_last=True), "policy__name", "pk")
    )
    some = Some.of(rows, SHOWN, city.party_total)  # type: ignore[attr-defined]
    by_issue: dict[Issue | None, list[Any]] = defaultdict(list)
    for party in some.rows:
        for issue in party.policy.issues.all() or [None]:
            by_issue[issue].append(party)
    ordered = sorted(by_issue.items(), key=lambda pair: (pair[0] is None, str(pair[0])))
    evidence.asks(
        "party",
        [row for _, rows in ordered for row in rows],
        lambda row: gettext("part in %(name)s") % {"name": row.policy},
    )
    return {"parties": some, "by_issue": ordered}


def offices(city: City, evidence: Evidence) -> Some:
    """Its offices with their remits, holders and the joint policies they carry."""
    carried = PolicyParty.objects.public().select_related("policy").order_by("policy__name", "pk")
    holders = OfficeHolder.objects.public().order_by(NEWEST, "pk")
    rows = (
        CityOffice.objects.public()
        .filter(city=city)
        .prefetch_related(
            "remit",
            Prefetch("holders", holders[:SHOWN], to_attr="heads"),
            Prefetch("carries", carried[:SHOWN], to_attr="carried"),
        )
        .order_by("name", "pk")
    )
    some = Some.of(rows, SHOWN, city.office_total)  # type: ignore[attr-defined]
    for office in some.rows:
        evidence.asks("office", [office], lambda row: row.name)
        evidence.asks("holder", office.heads, lambda row: f"{row.person_name}, {row.office.name}")
    return some


def office_links(city: City, evidence: Evidence) -> Some:
    """How its offices work together."""
    rows = (
        OfficeLink.objects.public()
        .filter(office__city=city)
        .select_related("office", "other", "issue")
        .order_by("office__name", "other__name", "pk")
    )
    some = Some.of(rows, SHOWN, city.office_link_total)  # type: ignore[attr-defined]
    evidence.asks(
        "office_link",
        some.rows,
        lambda link: gettext("%(one)s with %(other)s") % {"one": link.office.name, "other": link.other.name},
    )
    return some


def experiments(city: City, evidence: Evidence) -> Some:
    """What joint policies try out here."""
    rows = PolicyExperiment.objects.public().filter(sites=city).select_related("policy")
    some = Some.of(rows.order_by("policy__name", "pk"), SHOWN, city.experiment_total)  # type: ignore[attr-defined]
    evidence.asks(
        "experiment", some.rows, lambda row: gettext("experiment of %(name)s") % {"name": row.policy}
    )
    return some


def reports(city: City, evidence: Evidence) -> Some:
    """Reports of or on the city, the newest first."""
    rows = Report.objects.public().filter(cities=city)
    ordered = rows.order_by(F("published_on").desc(nulls_last=True), "name", "pk")
    some = Some.of(ordered, SHOWN, city.report_total)  # type: ignore[attr-defined]
    evidence.asks("report", some.rows, lambda row: str(row))
    return some
