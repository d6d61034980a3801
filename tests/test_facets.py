"""The numbers beside the values of a parameter are those of the rows that each would leave."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import resolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.filters import LISTINGS
from registry.filters.facets import count
from registry.models import Country, Partnership, PolicyExperiment
from tests import factories as make
from tests.listings import RECORDS

pytestmark = pytest.mark.django_db
STATES = ["published"] * 4 + ["draft"]
DATES: list[dict[str, str]] = [
    {},
    {"since": "2005"},
    {"since": "2001", "until": "2012"},
    {"observed_on": "2010"},
]


class Random:
    """A small registry with drafts among its records and links."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        regions = {"FR": "europe", "DE": "europe", "BR": "south-america"}
        for code, region in regions.items():
            make.make_country(code, world_region=region)
        tops = [make.make_issue(name) for name in ("Environment", "Peace")]
        leaves = [make.make_issue(name, parent=tops[0]) for name in ("Air", "Water")]
        leaves.append(make.make_issue("Rivers", parent=leaves[1]))
        self.issues = [*tops, *leaves]
        one = self.one
        self.cities = [
            make.make_city(country=one([*regions]), kind=one(["city", "county"]), publication=one(STATES))
            for _ in range(6)
        ]
        self.networks = [
            make.make_network(
                issues=self.some(self.issues),
                scope=one(["national", "regional"]),
                founded=one([None, "1994", "1999-03", "2003"]),
                publication=one(STATES),
            )
            for _ in range(4)
        ]
        self.policies = [self.policy() for _ in range(4)]
        self.links()
        make.settle()

    def one(self, choices: Any) -> Any:
        return self.dice.choice(choices)

    def some(self, choices: Any) -> Any:
        return self.dice.sample(choices, self.dice.randrange(min(3, len(choices)) + 1))

    def policy(self) -> Any:
        policy = make.make_policy(
            issues=self.some(self.issues),
            networks=self.some(self.networks),
            kind=self.one(["programme", "twinning"]),
            status=self.one(["active", "concluded"]),
            publication=self.one(STATES),
            **self.one(DATES),
        )
        for city in self.some(self.cities):
            make.make_party(
                policy=policy,
                city=city,
                role=self.one(["lead", "partner"]),
                publication=self.one(STATES),
                **self.one(DATES),
            )
        return policy

    def links(self) -> None:
        one, some = self.one, self.some
        for city in self.cities:
            for network in some(self.networks):
                make.make_membership(
                    city=city,
                    network=network,
                    status=one(["member", "member", "left", "never", "applicant"]),
                    tier=one(["", "full", "observer"]),
                    publication=one(STATES),
                    **one(DATES),
                )
            if one([True, False]):
                make.make_office(
                    city=city,
                    remit=some(self.issues),
                    established=one([None, "1999", "2011"]),
                    publication=one(STATES),
                )
        for _ in range(3):
            report = make.make_report(
                cities=some(self.cities),
                issues=some(self.issues),
                published_on=one([None, "1999", "2011"]),
                publication=one(STATES),
            )
            report.networks.set(some(self.networks))
            report.policies.set(some(self.policies))
            experiment = PolicyExperiment.objects.create(
                policy=one(self.policies),
                hypothesis="More lanes, more cyclists.",
                outcome=one(["", " ", "It did."]),
                publication=one(STATES),
            )
            experiment.sites.set(some(self.cities))
            experiment.replicated_by.set(some([*PolicyExperiment.objects.exclude(pk=experiment.pk)]))
            country = one([None, *Country.objects.all()])
            partner = make.make_organisation(country=country, publication=one(STATES))
            ends = [{"policy": end} for end in some(self.policies)]
            ends += [{"network": end} for end in some(self.networks)]
            for end in ends:
                dates = one(DATES)
                Partnership.objects.create(organisation=partner, publication=one(STATES), **end, **dates)

    def query(self, listing: str) -> QueryDict:
        """A few parameters with values that rows have."""
        filterset = LISTINGS[listing]
        values = {name: [value for value, _ in choices_of(filterset, name)] for name in filterset.counted}
        values |= {"active_on": ["2005", "2011"], "certainty": ["possible"], "taking_part": ["any"]}
        names = [name for name, some in values.items() if some and name in filterset.base_filters]
        query = QueryDict(mutable=True)
        for name in self.dice.sample(names, min(len(names), self.dice.randrange(4))):
            chosen = self.dice.sample(values[name], 1 + self.dice.randrange(min(2, len(values[name]))))
            query.setlist(name, chosen if name in filterset.counted else chosen[:1])
        return query


def choices_of(filterset: Any, name: str) -> list[tuple[str, str]]:
    """Every value of a parameter as addresses have it, with its key in the counts."""
    field = filterset.base_filters[name].field
    if hasattr(field, "choices"):
        return [(value, value) for value in field.choices]
    if name == "country":
        return [(country.pk, country.pk) for country in Country.objects.all()]
    if name == "decade":
        return [(f"{year}", f"{year}") for year in range(1980, 2030, 10)]
    return [(record.slug, str(record.pk)) for record in field.records()]


def check(client: Client, listing: str, registry: Random) -> None:
    """Compare the number of each value with the rows of the listing that has this value alone."""
    filterset_class = LISTINGS[listing]
    query = registry.query(listing)
    filterset = filterset_class(query, queryset=RECORDS[listing]())
    assert filterset.is_valid(), (query, filterset.errors)
    counts = count(filterset, list(filterset.counted))
    view = resolve(f"/{listing}/").func.view_class()  # type: ignore[attr-defined]
    for name in filterset.counted:
        totals = {}
        for value, key in choices_of(filterset_class, name):
            alone = query.copy()
            alone.setlist(name, [value])
            rows = view.counted(filterset_class(alone, queryset=RECORDS[listing]()))
            totals[key] = (rows.count(), alone.urlencode())
            assert counts[name].get(key, 0) == totals[key][0], (name, value, query.urlencode())
        assert set(counts[name]) <= set(totals), "counts something that cannot be asked for"
        if totals:
            total, address = registry.one([*totals.values()])
            assert client.get(f"/{listing}/?{address}").context["page"].count == total


@pytest.mark.parametrize("listing", [name for name in LISTINGS if LISTINGS[name].counted])
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_each_number_is_that_of_the_rows_it_leads_to(
    client: Client, monkeypatch: pytest.MonkeyPatch, listing: str, seed: int
) -> None:
    with transaction.atomic():
        registry = Random(seed)
        # Sets of cities are looked up where they are small, and asked of each city where they are large.
        monkeypatch.setattr("registry.filters.cities.LOOKED_UP", registry.one([0, 1000]))
        check(client, listing, registry)
        transaction.set_rollback(True)


def test_in_a_large_registry_dear_numbers_are_counted_when_asked_for(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.make_membership(city=make.make_city("Paris"))
    make.settle()
    monkeypatch.setattr("registry.views.controls.MANY", -1_000)
    html = client.get("/cities/?kind=city").content.decode()
    assert 'class="row-count' not in html
    assert 'hx-get="?kind=city&amp;facets=country"' in html
    html = client.get("/cities/?kind=city&facets=country").content.decode()
    assert html.count('class="row-count') == 1
    assert 'hx-get="?kind=city&amp;facets=country&amp;facets=network"' in html
