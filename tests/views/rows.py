"""A registry in which one record of each kind is linked to many, each of its own."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from registry.actions.cite import citation_field
from registry.models import (
    Citation,
    CityLink,
    Dataset,
    Identifier,
    NetworkLink,
    Observation,
    OfficeHolder,
    OfficeLink,
    Partnership,
    PolicyExperiment,
    RosterConfirmation,
    Source,
)
from tests import factories as make

PUBLISHED = "published"


@dataclass
class Hub:
    """The records in the middle."""

    city: Any
    network: Any
    policy: Any
    office: Any
    organisation: Any
    report: Any
    issue: Any

    @property
    def pages(self) -> list[str]:
        """The addresses of their pages."""
        return [record.get_absolute_url() for record in vars(self).values()]


def make_hub(name: str = "Hub") -> Hub:
    """One record of each kind; the office carries the city's part in the policy."""
    issue = make.make_issue(f"{name} issue")
    city = make.make_city(f"{name} city")
    network = make.make_network(f"{name} network", issues=[issue], secretariat=city)
    office = make.make_office(f"{name} office", city=city, remit=[issue])
    policy = make.make_policy(f"{name} policy", issues=[issue], networks=[network])
    make.make_party(policy=policy, city=city, office=office, role="lead")
    make.make_membership(city=city, network=network)
    organisation = make.make_organisation(f"{name} organisation")
    report = make.make_report(f"{name} report", cities=[city], issues=[issue])
    report.networks.add(network)
    report.policies.add(policy)
    return Hub(city, network, policy, office, organisation, report, issue)


def surround(hub: Hub, number: int, words: str = "Other", publication: str = PUBLISHED) -> None:
    """Link `number` new records of each kind to the hub's, in every way there is, each with its source."""
    citations = []
    for position in range(number):
        name = f"{words} {number} {position}"
        citations += [_citation(record, name) for record in _surround_once(hub, name, position, publication)]
    Source.objects.bulk_create([citation.source for citation in citations])
    Citation.objects.bulk_create(citations)
    make.settle()


def _citation(record: Any, name: str) -> Citation:
    """A citation of a source of its own, unsaved like it."""
    source = Source(title=f"{name} source", url=f"https://example.org/{uuid.uuid4()}")
    return Citation(source=source, quote=f"{name} quote", **{str(citation_field(type(record))): record})


def _surround_once(hub: Hub, name: str, position: int, publication: str) -> list[Any]:
    """The records that are to be cited."""
    state = {"publication": publication}
    code = chr(65 + position // 26 % 26) + chr(65 + position % 26)
    # Issues and countries are always public, so a draft brings none.
    published = publication == PUBLISHED
    code = code if published else "FR"
    issue = make.make_issue(f"Theme {name}", parent=hub.issue) if published else hub.issue
    city = make.make_city(f"{name} city", country=code, **state)
    network = make.make_network(f"{name} network", issues=[hub.issue], **state)
    network.secretariat = hub.city
    network.save()
    policy = make.make_policy(f"{name} policy", issues=[issue, hub.issue], networks=[hub.network], **state)
    office = make.make_office(f"{name} office", city=hub.city, remit=[hub.issue], **state)
    organisation = make.make_organisation(f"{name} organisation", country=hub.city.country, **state)
    report = make.make_report(f"{name} report", cities=[hub.city, city], issues=[hub.issue], **state)
    report.networks.set([hub.network, network])
    report.policies.set([hub.policy, policy])
    hub.report.cities.add(city)
    hub.report.networks.add(network)
    hub.report.policies.add(policy)
    cited = [city, network, policy, office, organisation, report]
    cited += [
        make.make_membership(city=hub.city, network=network, since="2001", role=f"{name} role", **state),
        make.make_membership(city=city, network=hub.network, since="2002", role=f"{name} role", **state),
        make.make_party(policy=policy, city=hub.city, office=hub.office, since="2010", **state),
        make.make_party(policy=policy, city=city, since="2010", **state),
        make.make_party(policy=hub.policy, city=city, **state),
    ]
    cited += _parts(hub, name, {"city": city, "network": network, "policy": policy}, organisation, state)
    cited += _within_the_city(hub, name, office, issue, state)
    data = Dataset.objects.get_or_create(name="Survey", defaults={"source": make.make_source()})[0]
    if publication == PUBLISHED:
        Identifier.objects.create(scheme="other", value=f"{name} code", city=hub.city)
        Observation.objects.create(dataset=data, row_key=name, column="size", value="3", city=hub.city)
    return cited


def _parts(hub: Hub, name: str, ends: dict[str, Any], organisation: Any, state: dict[str, str]) -> list[Any]:
    links: list[Any] = [
        CityLink(city=hub.city, other=ends["city"], kind="part-of", **state),
        CityLink(city=ends["city"], other=hub.city, kind="merged-into", **state),
        NetworkLink(network=hub.network, other=ends["network"], kind="part-of", **state),
        NetworkLink(network=ends["network"], other=hub.network, kind="successor-of", **state),
        Partnership(organisation=organisation, policy=hub.policy, role=f"{name} part", **state),
        Partnership(organisation=organisation, network=hub.network, role=f"{name} part", **state),
        Partnership(organisation=hub.organisation, policy=ends["policy"], role=f"{name} part", **state),
        Partnership(organisation=hub.organisation, network=ends["network"], role=f"{name} part", **state),
        PolicyExperiment(policy=hub.policy, hypothesis=f"{name} hypothesis", **state),
        PolicyExperiment(policy=ends["policy"], hypothesis=f"{name} hypothesis", **state),
    ]
    day = f"{1900 + RosterConfirmation.objects.count()}-01-01"
    links.append(RosterConfirmation(network=hub.network, confirmed_on=day, **state))
    for link in links:
        link.save()
    own, other = links[8], links[9]
    own.sites.set([hub.city, ends["city"]])
    other.sites.set([hub.city, ends["city"]])
    own.replicated_by.add(other)
    other.replicated_by.add(own)
    return links


def _within_the_city(hub: Hub, name: str, office: Any, issue: Any, state: dict[str, str]) -> list[Any]:
    rows = [
        OfficeHolder(office=hub.office, person_name=f"{name} holder", **state),
        OfficeHolder(office=office, person_name=f"{name} holder", **state),
        OfficeLink(office=hub.office, other=office, issue=issue, how=f"{name} meeting", **state),
        OfficeLink(office=office, other=hub.office, how=f"{name} budget", **state),
    ]
    for row in rows:
        row.save()
    return rows
