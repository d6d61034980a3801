"""How each file of the starter fills a model: declarations only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Model

from registry.models import (
    City,
    CityLink,
    CityName,
    CityOffice,
    Issue,
    JointPolicy,
    Membership,
    Network,
    NetworkLink,
    NetworkName,
    OfficeLink,
    Organisation,
    Partnership,
    PolicyParty,
    Report,
    Source,
)

DATED = ("since", "until", "ended", "observed_on")
RECORD = ("publication", "note")
PLACE = {"city": ("geonames_id", "city")}


@dataclass(frozen=True)
class Table:
    """One file whose rows become records with a permanent identifier.

    `key`: the columns that name a row for good; the identifier is made from them.
    `columns`: columns that are fields of the same name.
    `links`: foreign key → (column, file whose key the column holds).
    `places`: foreign key to City → (column of GeoNames ids, column of slugs of cities.csv).
    `same`: fields that together tell that staff recorded the same thing already; several such sets.
    `cited_as`: the foreign key of a citation to this model; empty where there is none.
    """

    file: str
    model: type[Model]
    key: tuple[str, ...]
    columns: tuple[str, ...]
    same: tuple[tuple[str, ...], ...]
    links: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    places: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    cited_as: str = ""


SOURCES = Table(
    "sources",
    Source,
    ("key",),
    ("url", "title", "publisher", "published_on", "language"),
    same=(("url",), ("title", "url")),
)
ISSUES = Table(
    "issues",
    Issue,
    ("slug",),
    ("slug", "name", "description"),
    same=(("slug",),),
    links={"parent": ("parent", "issues")},
)
CITIES = Table(
    "cities",
    City,
    ("slug",),
    (
        *("slug", "name", "kind", "latitude", "longitude", "population", "population_year"),
        *("geonames_id", "wikidata_id", "website", *RECORD),
    ),
    same=(("slug",),),
    links={"country": ("country", "countries"), "division": ("division", "divisions")},
    cited_as="city",
)
CITY_LINKS = Table(
    "city_links",
    CityLink,
    ("geonames_id", "city", "kind", "other_geonames_id", "other"),
    ("kind", *DATED, *RECORD),
    same=(("city_id", "other_id", "kind"),),
    places={**PLACE, "other": ("other_geonames_id", "other")},
    cited_as="city_link",
)
NETWORKS = Table(
    "networks",
    Network,
    ("slug",),
    ("slug", "name", "acronym", "scope", "region", "founded", "dissolved", "ended", "website", *RECORD),
    same=(("slug",),),
    places={"secretariat": ("secretariat_geonames_id", "")},
    cited_as="network",
)
NETWORK_LINKS = Table(
    "network_links",
    NetworkLink,
    ("network", "kind", "other"),
    ("kind", *DATED, *RECORD),
    same=(("network_id", "other_id", "kind"),),
    links={"network": ("network", "networks"), "other": ("other", "networks")},
    cited_as="network_link",
)
MEMBERSHIPS = Table(
    "memberships",
    Membership,
    ("network", "geonames_id", "city", "since", "observed_on"),
    ("status", "tier", *DATED, "founding", "hosting", "role", *RECORD),
    same=(("network_id", "city_id"),),
    links={"network": ("network", "networks")},
    places=PLACE,
    cited_as="membership",
)
POLICIES = Table(
    "policies",
    JointPolicy,
    ("slug",),
    ("slug", "name", "kind", "status", *DATED, "summary", "outputs", "website", *RECORD),
    same=(("slug",),),
    cited_as="policy",
)
OFFICES = Table(
    "offices",
    CityOffice,
    ("slug",),
    ("slug", "name", "kind", "established", "closed", "ended", "observed_on", *RECORD),
    same=(("slug",),),
    places=PLACE,
    cited_as="office",
)
OFFICE_LINKS = Table(
    "office_links",
    OfficeLink,
    ("office", "other", "issue"),
    ("how", *DATED, *RECORD),
    same=(("office_id", "other_id", "issue_id"),),
    links={"office": ("office", "offices"), "other": ("other", "offices"), "issue": ("issue", "issues")},
    cited_as="office_link",
)
PARTIES = Table(
    "policy_parties",
    PolicyParty,
    ("policy", "geonames_id", "city", "since"),
    ("role", *DATED, *RECORD),
    same=(("policy_id", "city_id"),),
    links={"policy": ("policy", "policies"), "office": ("office", "offices")},
    places=PLACE,
    cited_as="party",
)
ORGANISATIONS = Table(
    "organisations",
    Organisation,
    ("slug",),
    ("slug", "name", "kind", "website", *RECORD),
    same=(("slug",),),
    links={"country": ("country", "countries")},
    cited_as="organisation",
)
PARTNERSHIPS = Table(
    "partnerships",
    Partnership,
    ("organisation", "policy", "network", "role"),
    ("role", "since", "until", "ended", *RECORD),
    same=(("organisation_id", "policy_id", "network_id"),),
    links={
        "organisation": ("organisation", "organisations"),
        "policy": ("policy", "policies"),
        "network": ("network", "networks"),
    },
    cited_as="partnership",
)
REPORTS = Table(
    "reports",
    Report,
    ("slug",),
    ("slug", "name", "kind", "published_on", "language", "url", "authors", *RECORD),
    same=(("slug",),),
    cited_as="report",
)

# In the order in which they refer to each other.
TABLES = [
    *(SOURCES, ISSUES, CITIES, CITY_LINKS, NETWORKS, NETWORK_LINKS, MEMBERSHIPS, POLICIES),
    *(OFFICES, OFFICE_LINKS, PARTIES, ORGANISATIONS, PARTNERSHIPS, REPORTS),
]
EVIDENCE_NEEDED = (MEMBERSHIPS, POLICIES, PARTIES, OFFICES)


@dataclass(frozen=True)
class Pairs:
    """A file that only ties a record to others: loaded with the record, never later.

    `owner` and `other` are (foreign key of the through model, column, file).
    """

    file: str
    model: type[Model]
    owner: tuple[str, str, str]
    other: tuple[str, str, str]


PAIRS = [
    Pairs(
        "network_issues",
        Network.issues.through,
        ("network", "network", "networks"),
        ("issue", "issue", "issues"),
    ),
    Pairs(
        "policy_issues",
        JointPolicy.issues.through,
        ("jointpolicy", "policy", "policies"),
        ("issue", "issue", "issues"),
    ),
    Pairs(
        "policy_networks",
        JointPolicy.networks.through,
        ("jointpolicy", "policy", "policies"),
        ("network", "network", "networks"),
    ),
    Pairs(
        "office_issues",
        CityOffice.remit.through,
        ("cityoffice", "office", "offices"),
        ("issue", "issue", "issues"),
    ),
    Pairs(
        "report_issues", Report.issues.through, ("report", "report", "reports"), ("issue", "issue", "issues")
    ),
    Pairs(
        "report_networks",
        Report.networks.through,
        ("report", "report", "reports"),
        ("network", "network", "networks"),
    ),
    Pairs(
        "report_policies",
        Report.policies.through,
        ("report", "report", "reports"),
        ("jointpolicy", "policy", "policies"),
    ),
    Pairs("report_cities", Report.cities.through, ("report", "report", "reports"), ("city", "", "places")),
]

# File of further names → (model, foreign key and column, file of the owner).
NAMES: dict[str, tuple[type[Model], str, str]] = {
    "city_names": (CityName, "city", "cities"),
    "network_names": (NetworkName, "network", "networks"),
}
