"""A registry with something on every page, and the addresses of one page of each type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation

from registry.filters import LISTINGS
from registry.models import Country, PolicyExperiment, SavedSearch
from tests import factories as make
from tests.views.rows import Hub, make_hub, surround

# Pages that only a signed-in reader has.
SIGNED_IN = "/saved/"


@dataclass
class Site:
    """The records, the address of one page of each type, of others, and what is of the registry in texts."""

    hub: Hub
    types: list[str]
    variants: list[str]
    own: re.Pattern[str]
    reader: User

    @property
    def addresses(self) -> list[str]:
        """Pages of every type, asked for in every way."""
        return [*self.types, *self.variants]

    def without_records(self, text: str) -> str:
        """A text in French without what it says of the records."""
        with translation.override("fr"):
            countries = [country.local_name for country in Country.objects.all()]
        for name in sorted(countries, key=len, reverse=True):
            text = text.replace(name, "")
        return self.own.sub("", text)

    def get(self, client: Client, address: str) -> Any:
        """The page; 404 only where that is the page."""
        if SIGNED_IN in address:
            client.force_login(self.reader)
        answer = client.get(address)
        assert answer.status_code == (404 if address.endswith("/nowhere/") else 200), address
        return answer


def make_site(sign: str = "Ω", number: int = 2) -> Site:
    """Names begin with the sign, by which they are known; so many of each kind are around the hub."""
    hub = make_hub(sign)
    surround(hub, number, sign)
    city, network = hub.city.slug, hub.network.slug
    other = hub.policy.parties.exclude(city=hub.city).first().city
    others = make.make_network(f"{sign} second network").slug
    reader = User.objects.create_user("reader")
    SavedSearch.objects.create(owner=reader, name=f"{sign} search", listing="cities", query=f"city={city}")
    types = [
        "/",
        *(f"/{listing}/" for listing in LISTINGS),
        *(record_page for record_page in hub.pages),
        "/collaborations/?view=matrix",
        "/collaborations/?view=graph&active_on=2015",
        "/collaborations/?view=map",
        f"/collaborations/{city}/{other.slug}/",
        f"/opportunities/?city={city}",
        f"/cities/{city}/offices/",
        PolicyExperiment.objects.filter(policy=hub.policy).earliest("pk").get_absolute_url(),
        f"/changes/?city={city}&done=published",
        f"/compare/?city={city}&city={other.slug}",
        f"/compare/?network={network}&network={others}",
        f"/search/?q={sign}",
        f"{hub.city.get_absolute_url()}?as_recorded_on=2001",
        "/nowhere/",
        SIGNED_IN,
    ]
    variants = [
        f"/cities/?network={network}&q={sign}&since=2001&columns=kind,division,world_region,position,website",
        "/cities/?kind=palace&country=ZZ&admin1=ZZ&network=none-so-called&page=x&since=x&decade=y",
        "/cities/?page=7",
        f"/networks/?city={city}&order=-since",
        "/collaborations/?view=matrix&by=country-issue",
        "/collaborations/?view=matrix&by=city-city",
        f"/collaborations/{city}/{other.slug}/?issue={hub.issue.slug}",
        f"/opportunities/?issue={hub.issue.slug}",
        f"/opportunities/policies/?city={city}",
        "/opportunities/?country=FR",
        f"/cities/{city}/offices/?charge=none",
        "/changes/?page=7",
        "/api/docs/",
        "/compare/",
        f"/compare/?network={network}",
        "/search/?q=ψψψ",
        "/search/?q=!",
        f"{hub.city.get_absolute_url()}?as_recorded_on=2999",
        "/data/",
    ]
    own = re.compile(
        rf"(Theme )?{sign}[\d ]* ?[a-z]*( network)?|https?://\S+|Survey|size|[a-z-]+-\d|"
        r"Country ..|\b[A-Z]{2}\b"
    )
    return Site(hub, types, variants, own, reader)
