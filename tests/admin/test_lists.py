"""Lists: a constant number of queries, bounded counts, useful filters, and no input that breaks them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry import models
from registry.actions.duplicates import tell_apart
from registry.admin import paging
from tests.exchange.lists.brought import make_list, unmatched
from tests.factories import (
    cite,
    make_all,
    make_cities,
    make_city,
    make_country,
    make_issue,
    make_membership,
    make_network,
    make_office,
    make_organisation,
    make_party,
    make_policy,
    make_report,
    make_source,
    make_staff,
)

pytestmark = pytest.mark.django_db
CEILING = 14
ODD_FOR_ALL = [
    "q=São+Paulo+!",
    "p=1000000",
    "o=-1.x",
    "publication__exact=%00",
    "city=x",
    "country__alpha2__foo=x",
]
ODD = [
    "q=a",
    "q=São+Paulo+!",
    "q=%25_\\",
    "q=" + "x" * 10_000,
    "q=a%00b",
    "p=1000000",
    "p=-1",
    "p=x",
    "e=1",
    "o=999",
    "o=-1.x",
    "publication__exact=%00",
    "publication__exact=nonsense",
    "city=no-such-city",
    "city=99999999999999999999",
    "network=%00",
    "issue=²",
    "evidence=perhaps",
    "country__alpha2__foo=x",
    "id__exact=99999999999999999999",
    "id__exact=x",
    "nonsense=1",
    "all=",
    "%00=1",
    "_to_field=secret",
]


def _country(number: int) -> Any:
    letters = f"{chr(65 + number // 26 % 26)}{chr(65 + number % 26)}"
    return make_country(letters, alpha3=f"{number:03}", name=f"Country {number}")


def _concept(number: int) -> Any:
    scheme = models.IssueScheme.objects.get_or_create(slug=f"s{number}", name=f"S {number}")[0]
    return models.SchemeConcept.objects.create(scheme=scheme, code=str(number), label="Label")


def _link(number: int) -> Any:
    city = make_city()
    return models.OfficeLink.objects.create(
        office=make_office(city=city), other=make_office(city=city), issue=make_issue()
    )


def _partnership(number: int) -> Any:
    end = {"network": make_network()} if number % 2 else {"policy": make_policy()}
    return models.Partnership.objects.create(organisation=make_organisation(country=_country(number)), **end)


def _citation(number: int) -> Any:
    records: list[Any] = [make_city, make_policy, make_membership, make_office, make_organisation]
    return cite([*records, lambda: _link(number)][number % 6]())


def _observation(number: int) -> Any:
    dataset = models.Dataset.objects.create(
        name=f"Dataset {number}", slug=f"dataset-{number}", source=make_source()
    )
    ends = {"city": make_city(), "network": make_network()}
    return models.Observation.objects.create(dataset=dataset, row_key="r", column="c", **ends)


def _network(number: int) -> Any:
    return make_network(secretariat=make_city(), issues=[make_issue()])


def _party(number: int) -> Any:
    office = make_office()
    return make_party(policy=make_policy(), city=office.city, office=office)


def _proposal(number: int) -> Any:
    return models.Proposal.objects.create(
        target_kind="network",
        target=make_network().pid,
        patch={"name": "Other"},
        reason="So",
        proposed_by=make_staff(f"proposer{number}"),
    )


def _apart(number: int) -> Any:
    return tell_apart(make_network(), make_network(), by=make_staff(f"judge{number}"))


MAKERS: dict[str, Callable[[int], Any]] = {
    "City": lambda number: make_city(),
    "CityLink": lambda number: models.CityLink.objects.create(
        city=make_city(), other=make_city(), kind="part-of"
    ),
    "Country": _country,
    "Division": lambda number: models.Division.objects.create(code=f"X.{number}", country=_country(number)),
    "Network": _network,
    "NetworkLink": lambda number: models.NetworkLink.objects.create(
        network=make_network(), other=make_network(), kind="part-of"
    ),
    "RosterConfirmation": lambda number: models.RosterConfirmation.objects.create(
        network=make_network(), confirmed_on="2024-01-01", confirmed_by=make_staff(f"checker{number}")
    ),
    "Membership": lambda number: make_membership(),
    "JointPolicy": lambda number: make_policy(issues=[make_issue()]),
    "PolicyParty": _party,
    "PolicyExperiment": lambda number: models.PolicyExperiment.objects.create(
        policy=make_policy(), hypothesis="It works"
    ),
    "Organisation": lambda number: make_organisation(country=_country(number)),
    "Partnership": _partnership,
    "CityOffice": lambda number: make_office(),
    "OfficeHolder": lambda number: models.OfficeHolder.objects.create(
        office=make_office(), person_name="Ada"
    ),
    "OfficeLink": _link,
    "Issue": lambda number: make_issue(parent=make_issue()),
    "IssueScheme": lambda number: _concept(number).scheme,
    "SchemeConcept": _concept,
    "Source": lambda number: make_source(),
    "Citation": _citation,
    "Report": lambda number: make_report(cities=[make_city()]),
    "Dataset": lambda number: _observation(number).dataset,
    "Observation": _observation,
    "Proposal": _proposal,
    "ListImport": lambda number: make_list(
        make_network(), unmatched("Edo"), by=make_staff(f"importer{number}")
    ),
    "TaughtName": lambda number: models.TaughtName.objects.create(
        name=f"Name {number}", city=make_city(country=_country(number).pk), network=make_network()
    ),
    "NotDuplicate": _apart,
    "ApiToken": lambda number: models.ApiToken.objects.create(
        name="Script", owner=make_staff(f"owner{number}"), digest=str(number)
    ),
    "User": lambda number: make_staff(f"user{number}", "Editor"),
    "Group": lambda number: models.City,
}
LISTED = [model for model in admin.site._registry if model.__name__ != "Group"]
MODELS = pytest.mark.parametrize("model", LISTED, ids=lambda model: model.__name__)


def address_of(model: Any) -> str:
    """The list of this kind of record."""
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def queries_of(client: Client, address: str) -> int:
    """How many queries the page costs."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(address)
    assert response.status_code == 200, response.headers
    return len(queries)


@MODELS
def test_a_list_costs_the_same_at_3_and_at_300_rows(superuser: Client, model: Any) -> None:
    make = MAKERS[model.__name__]
    for number in range(3):
        make(number)
    few = queries_of(superuser, address_of(model))
    for number in range(3, 30):
        make(number)
    with patch.object(type(admin.site._registry[model]), "list_per_page", 300):
        many = queries_of(superuser, address_of(model))
    assert few == many
    assert many <= CEILING


def test_300_memberships_cost_as_much_as_3(superuser: Client) -> None:
    network = make_network()
    for _ in range(3):
        make_membership(network=network)
    # The first form of a process also asks for its content type, which is then remembered.
    queries_of(superuser, f"/admin/registry/network/{network.pk}/change/")
    few = queries_of(superuser, "/admin/registry/membership/")
    form_few = queries_of(superuser, f"/admin/registry/network/{network.pk}/change/")
    cities = make_cities((f"Town {number}", "FR") for number in range(297))
    make_all(models.Membership(network=network, city=city) for city in cities)
    assert queries_of(superuser, "/admin/registry/membership/") == few
    assert queries_of(superuser, f"/admin/registry/network/{network.pk}/change/") == form_few


@MODELS
def test_searches_and_odd_questions_break_no_list(superuser: Client, model: Any) -> None:
    MAKERS[model.__name__](1)
    for query in ODD if model in (models.City, models.Membership) else ODD_FOR_ALL:
        response = superuser.get(f"{address_of(model)}?{query}", follow=True)
        assert response.status_code in (200, 400), (query, response.status_code)


ODD_KEYS = ("%00", "x", "99999999999999999999", "1_3A")


@MODELS
def test_odd_keys_break_no_form(superuser: Client, model: Any) -> None:
    for key in ODD_KEYS:
        for page in ("change", "delete", "history"):
            response = superuser.get(f"{address_of(model)}{key}/{page}/")
            # Back to the first page, which says that there is no such record.
            assert response.status_code in (302, 403, 404), (key, page)
            assert response.headers.get("Location", "/admin/") == "/admin/", (key, page)


@pytest.mark.parametrize("key", ODD_KEYS)
def test_an_odd_key_is_told_of_on_the_first_page(superuser: Client, key: str) -> None:
    response = superuser.get(f"{address_of(models.City)}{key}/change/", follow=True)
    assert response.status_code in (200, 404)
    assert b"doesn\xe2\x80\x99t exist" in response.content or response.status_code == 404


@MODELS
def test_forms_and_histories_open(superuser: Client, model: Any) -> None:
    record = MAKERS[model.__name__](1)
    for page in ("change", "history"):
        assert superuser.get(f"{address_of(model)}{record.pk}/{page}/").status_code == 200
    assert superuser.get(f"{address_of(model)}{record.pk}/delete/").status_code in (200, 403)
    assert superuser.get(f"{address_of(model)}add/").status_code in (200, 403)


def test_filters_by_record_take_slugs_codes_and_keys(editor: Client) -> None:
    paris = make_membership(city=make_city("Paris"))
    make_membership(city=make_city("Tokyo", country="JP"))
    for query in (
        f"city={paris.city.slug}",
        f"city={paris.city.pk}",
        "country=fr",
        f"network={paris.network.slug}",
    ):
        page = editor.get(f"/admin/registry/membership/?{query}")
        assert [row.pk for row in page.context["cl"].result_list] == [paris.pk], query
    page = editor.get("/admin/registry/membership/?city=atlantis")
    assert "Nothing is called “atlantis”." in page.content.decode()


def test_an_issue_stands_for_those_below_it(editor: Client) -> None:
    transport = make_issue("Transport")
    policy = make_policy(issues=[make_issue("Cycling", parent=transport)])
    make_policy(issues=[make_issue()])
    page = editor.get("/admin/registry/jointpolicy/?issue=transport")
    assert [row.pk for row in page.context["cl"].result_list] == [policy.pk]


def test_filter_by_evidence(editor: Client) -> None:
    cited = cite(make_membership()).membership
    bare = make_membership()
    for value, row in [("sourced", cited), ("unsourced", bare)]:
        page = editor.get(f"/admin/registry/membership/?evidence={value}")
        assert [one.pk for one in page.context["cl"].result_list] == [row.pk]


def test_a_long_list_is_counted_no_further_than_the_cap(editor: Client) -> None:
    for _ in range(5):
        make_network()
    with (
        patch.object(paging, "MOST_COUNTED", 4),
        patch.object(type(admin.site._registry[models.Network]), "list_per_page", 2),
    ):
        page = editor.get("/admin/registry/network/")
        text = " ".join(page.content.decode().split())
        assert "more than 4 networks" in text
        assert page.context["cl"].paginator.num_pages == 2
        assert editor.get("/admin/registry/network/?p=3").status_code == 302
        everything = {"action": "publish", "select_across": "1", "_selected_action": ["1"]}
        answer = editor.post("/admin/registry/network/", everything, follow=True)
        assert "Narrow the list first" in answer.content.decode()


def test_no_form_lists_all_cities(superuser: Client) -> None:
    for number in range(40):
        make_city(f"Listed {number}")
    for model in LISTED:
        page = superuser.get(f"{address_of(model)}add/")
        assert page.content.decode().count("Listed ") == 0, model
