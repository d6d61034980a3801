"""Random small registries with every kind of link, made of few records so that they collide."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, repeat
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import strategies as st

from registry import models as registry
from tests.factories import (
    cite,
    make_city,
    make_issue,
    make_network,
    make_office,
    make_organisation,
    make_policy,
    make_report,
    make_source,
)

DATES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "since": st.sampled_from([None, "2001", "2005-11", "2010"]),
        "until": st.sampled_from([None, None, "2012"]),
        "ended": st.sampled_from(["unknown", "ended"]),
    }
)
NUMBER = st.integers(0, 2)
STATE = st.sampled_from(["published", "published", "draft"])
LINKS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "membership",
                "party",
                "office",
                "holder",
                "office_link",
                "partnership",
                "city_link",
                "network_link",
            ]
            + ["name", "identifier", "cite", "roster", "experiment", "report", "remit"]
        ),
        NUMBER,
        NUMBER,
        DATES,
        STATE,
    ),
    min_size=4,
    max_size=24,
)


class Registry:
    """Three records of each kind and the links that were drawn, but for those that break a rule.

    `states` has the state of publication of the first records: cities, networks, policies, organisations.
    """

    def __init__(self, links: list[Any], states: Iterable[str] = ()) -> None:
        given = ({"publication": state} for state in chain(states, repeat("published")))
        self.issues = [make_issue() for _ in range(2)]
        self.cities = [
            make_city(population=n or None, website=f"https://c{n}.org/", **next(given)) for n in range(3)
        ]
        self.networks = [
            make_network(issues=self.issues[:n], secretariat=self.cities[n], **next(given)) for n in range(3)
        ]
        self.policies = [
            make_policy(issues=self.issues[: 1 + n % 2], networks=self.networks[:n], **next(given))
            for n in range(3)
        ]
        self.organisations = [make_organisation(**next(given)) for _ in range(3)]
        self.sources = [make_source() for _ in range(2)]
        self.offices: list[Any] = []
        self.build(links)

    def build(self, links: list[Any]) -> None:
        """Add those of the links that break no rule."""
        for link in links:
            try:
                with transaction.atomic():
                    self.add(*link)
            except (IntegrityError, ValidationError, IndexError):
                continue

    def add(self, kind: str, one: int, other: int, dates: dict[str, Any], state: str) -> None:
        """A link of this kind between records of these numbers."""
        given: dict[str, Any] = {**dates, "publication": state}
        made: Any = None
        if kind == "membership":
            made = registry.Membership(city=self.cities[one], network=self.networks[other], **given)
        elif kind == "party":
            mine = [office for office in self.offices if office.city_id == self.cities[one].pk]
            office = mine[0] if mine and state == "published" else None
            made = registry.PolicyParty(
                city=self.cities[one], policy=self.policies[other], office=office, **given
            )
        elif kind == "office":
            office = make_office(f"Office {other}", city=self.cities[one], publication=state)
            self.offices.append(office)
            made = office
        elif kind == "holder":
            made = registry.OfficeHolder(office=self.offices[one], person_name=f"P {other}", **given)
        elif kind == "office_link":
            made = registry.OfficeLink(
                office=self.offices[one], other=self.offices[other], how=f"{len(self.offices)}", **given
            )
        elif kind == "partnership":
            ends: dict[str, Any] = {"policy": self.policies[other]}
            if state == "draft":
                ends = {"network": self.networks[other]}
            made = registry.Partnership(organisation=self.organisations[one], **ends, **given)
        elif kind == "city_link":
            made = registry.CityLink(city=self.cities[one], other=self.cities[other], kind="part-of", **given)
        elif kind == "network_link":
            made = registry.NetworkLink(
                network=self.networks[one], other=self.networks[other], kind="part-of", **given
            )
        if made is None:
            self.add_rest(kind, one, other, state)
            return
        made.full_clean(exclude=["slug"])
        made.save()
        for source in self.sources[: other % 3]:
            cite(made, source=source)

    def add_rest(self, kind: str, one: int, other: int, state: str) -> None:
        """Links without dates."""
        city, network = self.cities[one], self.networks[one]
        if kind == "name":
            registry.CityName.objects.create(city=city, name=f"Name {other}")
            registry.NetworkName.objects.create(network=network, name=f"Name {other}")
        elif kind == "identifier":
            registry.Identifier.objects.create(scheme="other", value=f"{one}-{other}", city=city)
        elif kind == "cite":
            for record in (city, network, self.policies[one], self.organisations[one]):
                cite(record, source=self.sources[other % 2])
        elif kind == "roster":
            registry.RosterConfirmation.objects.create(network=network, confirmed_on=f"2020-01-0{other + 1}")
        elif kind == "experiment":
            made = registry.PolicyExperiment.objects.create(policy=self.policies[one], hypothesis="H")
            made.sites.set(self.cities[:other])
        elif kind == "report":
            report = make_report(cities=self.cities[:one], publication=state)
            report.networks.set(self.networks[:other])
            report.policies.set(self.policies[:other])
        elif kind == "remit":
            self.offices[one].remit.set(self.issues[:other])

    def pair(self, kind: str) -> tuple[Any, Any]:
        """Two records of this kind that can be merged; the first two offices of one city."""
        if kind != "offices":
            return getattr(self, kind)[0], getattr(self, kind)[1]
        city = self.cities[0]
        made = [make_office(f"Extra {number}", city=city) for number in range(2)]
        for number, office in enumerate(made):
            registry.OfficeHolder.objects.create(office=office, person_name="P 0", title=f"{number}")
            office.remit.set(self.issues)
        for other in self.offices:
            if other.city_id == city.pk:
                for office in made:
                    registry.OfficeLink.objects.create(office=office, other=other)
        registry.OfficeLink.objects.create(office=made[0], other=made[1])
        return made[0], made[1]
