"""A registry in which one record of each kind is linked to many, each of its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from registry.actions.cite import citation_field
from registry.models import (
    Citation,
    CityLink,
    CityOffice,
    Dataset,
    Identifier,
    Issue,
    JointPolicy,
    Membership,
    Network,
    NetworkLink,
    NetworkName,
    Observation,
    ObservedMembership,
    OfficeHolder,
    OfficeLink,
    Organisation,
    Partnership,
    PolicyExperiment,
    PolicyParty,
    Report,
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

    @property
    def dataset(self) -> Any:
        """A research table; its page is a listing, and so none of those."""
        return Dataset.objects.earliest("pk")


def make_hub(name: str = "Hub") -> Hub:
    """One record of each kind; the office carries the city's part in the policy."""
    issue = make.make_issue(f"{name} issue")
    city = make.make_city(f"{name} city")
    network = make.make_network(f"{name} network", issues=[issue], secretariat=city)
    office = make.make_office(f"{name} office", city=city, remit=[issue])
    policy = make.make_policy(f"{name} policy", issues=[issue], networks=[network])
    make.make_party(policy=policy, city=city, office=office, role="lead")
    make.make_membership(city=city, network=network)
    experiment = PolicyExperiment.objects.create(
        policy=policy,
        hypothesis=f"{name} hypothesis",
        pid=uuid.uuid5(uuid.NAMESPACE_URL, name),
        publication=PUBLISHED,
    )
    experiment.sites.add(city)
    organisation = make.make_organisation(f"{name} organisation")
    report = make.make_report(f"{name} report", cities=[city], issues=[issue])
    report.networks.add(network)
    report.policies.add(policy)
    make.make_all([Dataset(name=f"{name} table", **of_a_table())])
    return Hub(city, network, policy, office, organisation, report, issue)


def of_a_table() -> dict[str, Any]:
    """What a research table needs to be published."""
    return {"source": make.make_source(title="Survey"), "licence": "CC BY 4.0", "observed_on": "2005"}


def surround(hub: Hub, number: int, words: str = "Other", publication: str = PUBLISHED) -> None:
    """Link `number` new records of each kind to the hub's, in every way there is, each with its source."""
    around = Around(hub, [f"{words} {number} {position}" for position in range(number)], publication)
    around.link()
    cited = [*around.records(), *around.ties(), *around.parts(), *around.within_the_city()]
    sources = make.make_all(
        Source(title=f"{name} source", url=f"https://example.org/{uuid.uuid4()}") for name, _ in cited
    )
    Citation.objects.bulk_create(
        Citation(source=source, quote=f"{name} quote", **{str(citation_field(type(record))): record})
        for source, (name, record) in zip(sources, cited, strict=True)
    )
    make.settle()


class Around:
    """New records of each kind around a hub, one of each for each name, made set by set."""

    def __init__(self, hub: Hub, names: list[str], publication: str) -> None:
        self.hub, self.names, self.publication = hub, names, publication
        # Issues and countries are always public, so a draft brings none.
        self.published = publication == PUBLISHED
        self.issues = self._issues()
        codes = [chr(65 + at // 26 % 26) + chr(65 + at % 26) for at in range(len(names))]
        self.cities = make.make_cities(
            (
                (f"{name} city", code if self.published else "FR")
                for name, code in zip(names, codes, strict=True)
            ),
            publication=publication,
        )
        self.networks = self._make(
            Network(name=f"{name} network", scope="international", secretariat=hub.city) for name in names
        )
        self.policies = self._make(JointPolicy(name=f"{name} policy", kind="programme") for name in names)
        self.offices = self._make(
            CityOffice(name=f"{name} office", city=hub.city, kind="other") for name in names
        )
        self.organisations = self._make(
            Organisation(name=f"{name} organisation", country=hub.city.country, kind="university")
            for name in names
        )
        self.reports = self._make(Report(name=f"{name} report") for name in names)
        self.datasets = self._make(Dataset(name=f"{name} table", **of_a_table()) for name in names)

    def _make(self, records: Iterable[Any]) -> list[Any]:
        return make.make_all(records, publication=self.publication)

    def _issues(self) -> list[Issue]:
        if not self.published:
            return [self.hub.issue] * len(self.names)
        return make.make_all(Issue(name=f"Theme {name}", parent=self.hub.issue) for name in self.names)

    def _each(self, make_one: Callable[..., Any], *records: list[Any]) -> list[tuple[str, Any]]:
        """One saved record for each name, made of it and of the records beside it."""
        each = zip(self.names, *records, strict=True)
        return list(zip(self.names, self._make([make_one(*one) for one in each]), strict=True))

    def records(self) -> list[tuple[str, Any]]:
        """The records that have a page."""
        kinds = (self.cities, self.networks, self.policies, self.offices, self.organisations, self.reports)
        return [pair for kind in kinds for pair in zip(self.names, kind, strict=True)]

    def link(self) -> None:
        """Every link that is no record of its own, with the codes and the data of the city."""
        hub, networks, policies = self.hub, self.networks, self.policies
        for relation, records, others in (
            (Network.issues, networks, hub.issue),
            (JointPolicy.issues, policies, hub.issue),
            (JointPolicy.networks, policies, hub.network),
            (CityOffice.remit, self.offices, hub.issue),
            (Report.cities, self.reports, hub.city),
            (Report.issues, self.reports, hub.issue),
            (Report.networks, self.reports, hub.network),
            (Report.policies, self.reports, hub.policy),
        ):
            make.join(relation, ((record, others) for record in records))
        if self.published:
            make.join(JointPolicy.issues, zip(policies, self.issues, strict=True))
            self._data()
        for reports in (self.reports, [hub.report] * len(self.names)):
            make.join(Report.cities, zip(reports, self.cities, strict=True))
            make.join(Report.networks, zip(reports, networks, strict=True))
            make.join(Report.policies, zip(reports, policies, strict=True))
        make.make_all(
            NetworkName(network=network, name=f"{name} alias", kind="alternative")
            for name, network in zip(self.names, networks, strict=True)
        )
        make.make_all(
            Identifier(scheme="other", value=f"{name} mark", city=city)
            for name, city in zip(self.names, self.cities, strict=True)
        )
        self._cells()

    def _cells(self) -> None:
        """Each new table says that the hub's city is no member; the hub's, that the new cities are."""
        hub = self.hub
        theirs = make.make_all(
            Observation(dataset=table, row_key=name, column="size", value="0", city=hub.city)
            for name, table in zip(self.names, self.datasets, strict=True)
        )
        make.make_all(
            ObservedMembership(observation=cell, network=hub.network, member=False) for cell in theirs
        )
        if not self.published:
            # What a published table says is public, whatever it speaks of.
            return
        own = make.make_all(
            Observation(dataset=hub.dataset, row_key=f"{name} city", column="size", value="1", city=city)
            for name, city in zip(self.names, self.cities, strict=True)
        )
        make.make_all(
            ObservedMembership(observation=cell, network=network, member=True)
            for cell, network in zip(own, self.networks, strict=True)
        )

    def _data(self) -> None:
        city = self.hub.city
        hub = self.hub
        make.make_all(Identifier(scheme="other", value=f"{name} code", city=city) for name in self.names)
        for kind in ("network", "policy", "office", "organisation", "report"):
            make.make_all(
                Identifier(scheme="other", value=f"{name} {kind}", **{kind: getattr(hub, kind)})
                for name in self.names
            )
        make.make_all(
            Observation(dataset=self.hub.dataset, row_key=name, column="size", value="3", city=city)
            for name in self.names
        )

    def ties(self) -> list[tuple[str, Any]]:
        """The memberships and the parts in policies."""
        hub, member = self.hub, Membership
        return [
            *self._each(
                lambda name, network: member(
                    city=hub.city, network=network, since="2001", role=f"{name} role"
                ),
                self.networks,
            ),
            *self._each(
                lambda name, city: member(city=city, network=hub.network, since="2002", role=f"{name} role"),
                self.cities,
            ),
            *self._each(
                lambda _, policy: PolicyParty(policy=policy, city=hub.city, office=hub.office, since="2010"),
                self.policies,
            ),
            *self._each(
                lambda _, policy, city: PolicyParty(policy=policy, city=city, since="2010"),
                self.policies,
                self.cities,
            ),
            *self._each(lambda _, city: PolicyParty(policy=hub.policy, city=city), self.cities),
        ]

    def parts(self) -> list[tuple[str, Any]]:
        """What links two records of a kind, partners, experiments and confirmations of the roster."""
        hub, each = self.hub, self._each
        own = each(lambda name: PolicyExperiment(policy=hub.policy, hypothesis=f"{name} hypothesis"))
        others = each(
            lambda name, policy: PolicyExperiment(policy=policy, hypothesis=f"{name} hypothesis"),
            self.policies,
        )
        self._experiments([one for _, one in own], [one for _, one in others])
        years = list(range(1900 + RosterConfirmation.objects.count(), 3000))[: len(self.names)]
        return [
            *each(lambda _, city: CityLink(city=hub.city, other=city, kind="part-of"), self.cities),
            *each(lambda _, city: CityLink(city=city, other=hub.city, kind="merged-into"), self.cities),
            *each(lambda _, net: NetworkLink(network=hub.network, other=net, kind="part-of"), self.networks),
            *each(
                lambda _, net: NetworkLink(network=net, other=hub.network, kind="successor-of"),
                self.networks,
            ),
            *self._partnerships(),
            *own,
            *others,
            *each(
                lambda _, year: RosterConfirmation(network=hub.network, confirmed_on=f"{year}-01-01"), years
            ),
        ]

    def _experiments(self, own: list[Any], others: list[Any]) -> None:
        first = PolicyExperiment.objects.filter(policy=self.hub.policy).earliest("pk")
        make.join(PolicyExperiment.sites, ((first, city) for city in self.cities))
        make.join(PolicyExperiment.replicated_by, ((first, one) for one in own))
        for experiments in (own, others):
            make.join(PolicyExperiment.sites, ((one, self.hub.city) for one in experiments))
            make.join(PolicyExperiment.sites, zip(experiments, self.cities, strict=True))
        make.join(PolicyExperiment.replicated_by, zip(own, others, strict=True))
        make.join(PolicyExperiment.replicated_by, zip(others, own, strict=True))

    def _partnerships(self) -> list[tuple[str, Any]]:
        hub = self.hub
        rows: list[tuple[str, Any]] = []
        for end, of_hub, others in (
            ("policy", hub.policy, self.policies),
            ("network", hub.network, self.networks),
        ):
            for partners, ends in (
                (self.organisations, [of_hub] * len(others)),
                ([hub.organisation] * len(others), others),
            ):
                each = zip(self.names, partners, ends, strict=True)
                made = self._make(
                    Partnership(organisation=partner, role=f"{name} part", **{end: record})
                    for name, partner, record in each
                )
                rows += zip(self.names, made, strict=True)
        return rows

    def within_the_city(self) -> list[tuple[str, Any]]:
        """The holders of the offices and how the offices work together."""
        office, each = self.hub.office, self._each
        return [
            *each(lambda name: OfficeHolder(office=office, person_name=f"{name} holder")),
            *each(lambda name, one: OfficeHolder(office=one, person_name=f"{name} holder"), self.offices),
            *each(
                lambda name, one, issue: OfficeLink(
                    office=office, other=one, issue=issue, how=f"{name} meeting"
                ),
                self.offices,
                self.issues,
            ),
            *each(lambda name, one: OfficeLink(office=one, other=office, how=f"{name} budget"), self.offices),
        ]
