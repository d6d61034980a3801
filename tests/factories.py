"""Plain functions that make published records with as little as a test needs to say."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, count
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import connection

from registry import models
from registry.models.base import Named, PublicRecord, slug_for

_numbers = count(1)


def _number() -> int:
    return next(_numbers)


def _make(model: Any, given: dict[str, Any], **defaults: Any) -> Any:
    """A saved record of `model`; published unless the test says otherwise."""
    if issubclass(model, PublicRecord):
        defaults.setdefault("publication", "published")
    record = model(**{**defaults, **given})
    record.clean()
    record.save()
    return record


def make_all(records: Iterable[Any], **given: Any) -> list[Any]:
    """Save many records of one kind in one statement, published unless they are given otherwise.

    Their addresses are made of their names, which no older record may have.
    """
    rows, taken = list(records), set[str]()
    for row in rows:
        defaults = {"publication": "published"} if isinstance(row, PublicRecord) else {}
        for name, value in {**defaults, **given}.items():
            setattr(row, name, value)
        if isinstance(row, Named):
            wanted = slug_for(*row.slug_parts())
            numbered = (f"{wanted}-{number}" for number in count(2))
            row.slug = next(slug for slug in chain([wanted], numbered) if slug not in taken)
            taken.add(row.slug)
    return type(rows[0])._base_manager.bulk_create(rows) if rows else []


def join(relation: Any, pairs: Iterable[tuple[Any, Any]]) -> None:
    """Link pairs of records by a many-to-many field (`Report.cities`) in one statement."""
    here, there = relation.field.m2m_field_name(), relation.field.m2m_reverse_field_name()
    # Records of one kind that are linked twice by the test are linked once.
    ends = dict.fromkeys((one.pk, other.pk) for one, other in pairs)
    relation.through._base_manager.bulk_create(
        relation.through(**{f"{here}_id": one, f"{there}_id": other}) for one, other in ends
    )


def make_cities(names: Iterable[tuple[str, str]], **given: Any) -> list[models.City]:
    """Cities of these names and countries in four statements, each with its main name among its names."""
    wanted = list(names)
    models.Country.objects.bulk_create(
        [models.Country(**country_of(code)) for code in sorted({code for _, code in wanted})],
        ignore_conflicts=True,
    )
    countries = models.Country.objects.in_bulk(field_name="alpha2")
    cities = make_all((models.City(name=name, country=countries[code]) for name, code in wanted), **given)
    make_all(models.CityName(city=city, name=city.name, kind="official") for city in cities)
    return cities


def country_of(alpha2: str) -> dict[str, str]:
    """What the country of this code is made of."""
    return {
        "alpha2": alpha2,
        "alpha3": f"{alpha2}X",
        "name": f"Country {alpha2}",
        "world_region": "europe",
    }


def make_known_to_wikidata(memberships: Iterable[models.Membership]) -> None:
    """Give the cities of these memberships items, and the memberships a source with an address."""
    rows = list(memberships)
    for row in rows:
        row.city.wikidata_id = f"Q{1_000_000 + row.city_id}"
    models.City.objects.bulk_update([row.city for row in rows], ["wikidata_id"])
    source = make_source(url=f"https://example.org/{_number()}")
    models.Citation.objects.bulk_create(models.Citation(source=source, membership=row) for row in rows)


def make_country(alpha2: str = "FR", **given: Any) -> models.Country:
    """The country of this code, made on first use."""
    defaults = {**country_of(alpha2), **given}
    return models.Country.objects.get_or_create(alpha2=alpha2, defaults=defaults)[0]


def make_city(name: str | None = None, *, country: str = "FR", **given: Any) -> models.City:
    """A published city with its main name among its names."""
    name = name or f"City {_number()}"
    city = _make(models.City, given, name=name, country=make_country(country))
    models.CityName.objects.create(city=city, name=name, kind="official")
    return city


def make_issue(name: str | None = None, **given: Any) -> models.Issue:
    """An issue."""
    return _make(models.Issue, given, name=name or f"Issue {_number()}")


def make_network(name: str | None = None, *, issues: Any = (), **given: Any) -> models.Network:
    """A published network working on `issues`."""
    network = _make(models.Network, given, name=name or f"Network {_number()}", scope="international")
    network.issues.set(issues)
    return network


def make_membership(**given: Any) -> models.Membership:
    """A published membership of a new city in a new network unless they are given."""
    given["city"] = given.get("city") or make_city()
    given["network"] = given.get("network") or make_network()
    return _make(models.Membership, given)


def make_policy(
    name: str | None = None, *, issues: Any = (), cities: Any = (), networks: Any = (), **given: Any
) -> Any:
    """A published joint policy on `issues` with `cities` as published parties."""
    policy = _make(models.JointPolicy, given, name=name or f"Policy {_number()}", kind="programme")
    policy.issues.set(issues)
    policy.networks.set(networks)
    for city in cities:
        make_party(policy=policy, city=city)
    return policy


def make_party(**given: Any) -> models.PolicyParty:
    """A published party."""
    return _make(models.PolicyParty, given)


def make_office(name: str | None = None, *, remit: Any = (), **given: Any) -> models.CityOffice:
    """A published office of a new city unless it is given."""
    given["city"] = given.get("city") or make_city()
    office = _make(models.CityOffice, given, name=name or f"Office {_number()}", kind="other")
    office.remit.set(remit)
    return office


def make_organisation(name: str | None = None, **given: Any) -> models.Organisation:
    """A published organisation."""
    return _make(models.Organisation, given, name=name or f"Organisation {_number()}", kind="university")


def make_report(
    name: str | None = None, *, cities: Any = (), issues: Any = (), **given: Any
) -> models.Report:
    """A published report."""
    report = _make(models.Report, given, name=name or f"Report {_number()}")
    report.cities.set(cities)
    report.issues.set(issues)
    return report


def make_source(**given: Any) -> models.Source:
    """A source with an address of its own."""
    number = _number()
    return _make(models.Source, given, title=f"Source {number}", url=f"https://example.org/{number}")


def cite(record: PublicRecord, **given: Any) -> models.Citation:
    """A citation of a new source for the record."""
    field = next(
        f.name for f in models.Citation._meta.fields if f.is_relation and f.related_model is type(record)
    )
    source = given.pop("source", None) or make_source()
    return models.Citation.objects.create(source=source, **{field: record}, **given)


def make_staff(username: str, group: str | None = None, **given: Any) -> User:
    """A staff account of one of the three groups, or a superuser without one. Password: `secret`."""
    user = User.objects.create_user(
        username, password="secret", is_staff=True, is_superuser=group is None, **given
    )
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def analyze() -> None:
    """Tell the planner of the rows made, as the server does by itself once they are committed."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def settle() -> None:
    """Run what the database defers to the commit, such as the computing of ties."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
