"""No address makes the public site fail: every listing, every parameter, many nasty values."""

from __future__ import annotations

from itertools import cycle, product
from urllib.parse import quote

import pytest
from django.http import QueryDict
from django.test import Client

from registry.filters import LISTINGS
from registry.models import Dataset, PolicyExperiment
from tests import factories as make
from tests.kept import kept
from tests.listings import NEEDED, RECORDS
from tests.views.rows import of_a_table

pytestmark = pytest.mark.django_db
NASTY = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "x" * 10_240,
    "'",
    "'; DROP TABLE registry_city; --",
    '"><script>alert(1)</script>',
    "%",
    "_%\\",
    "\\",
    "{{ 7 }}{% now %}",
    "yesterday",
    "20005",
    "0000",
    "2005-13",
    "2005-02-30",
    "٢٠٠٥",
    "²",
    "-1",
    "0",
    "1e9",
    "1000000",
    "9" * 40,
    "NaN",
    "None",
    "[]",
    "../../etc/passwd",
    "\ud7ff\U0010ffff",
    "\u202eabc",
    "🏙️",
    "É" * 199,
    "a" * 120,
    "paris-fr",
    "PARIS-FR",
]
RAW = ["%ff%fe", "%ed%a0%80", "%", "%zz", "%C3%28", "a&a&a", "==", "a=b=c", ";", "[0]=x"]


def make_something() -> None:
    """Rows in every listing, so that filters have something to work on."""
    issue = make.make_issue("Issue")
    cities = [make.make_city("Paris"), make.make_city("Rome", country="IT")]
    network = make.make_network("Network", issues=[issue])
    make.make_membership(city=cities[0], network=network)
    policy = make.make_policy("Policy", issues=[issue], cities=cities, networks=[network])
    PolicyExperiment.objects.create(policy=policy, hypothesis="It helps", publication="published")
    make.make_office("Office", city=cities[0], remit=[issue])
    make.make_report("Report", cities=cities, issues=[issue])
    make.make_organisation("Organisation")
    Dataset.objects.create(name="Table", slug="table", publication="published", **of_a_table())
    make.settle()


something = kept(make_something, "something")


@pytest.mark.parametrize("listing", LISTINGS)
def test_no_value_of_any_parameter_fails(client: Client, something: None, listing: str) -> None:
    parameters = list(LISTINGS[listing].base_filters)
    # Each value for a fifth of the parameters, and each parameter with a fifth of the values.
    for number, (parameter, value) in enumerate(product(parameters, NASTY)):
        if (number + number // len(NASTY)) % 5:
            continue
        asked = LISTINGS[listing](QueryDict(f"{parameter}={quote(value)}"), queryset=RECORDS[listing]())
        assert list(asked.qs[:2]) is not None
        assert asked.is_valid() or parameter in asked.errors, (parameter, value)
    parameters.remove("format")
    # Whole pages are dear: every other value for all parameters, and what is not even text for one of them.
    for value in NASTY[[*LISTINGS].index(listing) % 2 :: 2]:
        response = client.get(f"/{listing}/", dict.fromkeys(parameters, value))
        assert response.status_code == 200, value
        assert b"<script>alert" not in response.content
    for raw, parameter in zip(RAW, cycle(("q", "country", "page")), strict=False):
        assert client.get(f"/{listing}/?{parameter}={raw}").status_code == 200, raw


@pytest.mark.parametrize("value", NASTY)
def test_a_format_is_known_or_refused(client: Client, something: None, value: str) -> None:
    response = client.get("/networks/", {"format": value})
    assert response.status_code == (400 if value.strip() else 200)
    response = client.get("/networks/", {"format": "csv", "q": value})
    assert response.status_code in (200, 400)


@pytest.mark.parametrize("value", NASTY)
def test_no_search_fails(client: Client, something: None, value: str) -> None:
    assert client.get("/search/", {"q": value}).status_code == 200


def test_everything_wrong_at_once(client: Client, something: None) -> None:
    for listing, filterset in LISTINGS.items():
        wrong = dict.fromkeys(filterset.base_filters.keys() - {"format"}, "%\x00'")
        response = client.get(f"/{listing}/", wrong)
        assert response.status_code == 200
        assert b"Nothing is shown" in response.content


def test_unknown_parameters_are_ignored(client: Client, something: None) -> None:
    # Oslo has no partner yet.
    issue = make.make_issue("Alone")
    for cities in ([make.make_city("Oslo", country="NO")], [make.make_city("Lima", country="PE")]):
        make.make_policy(issues=[issue], cities=cities)
    make.settle()
    values = {"issue": "alone", "city": "oslo-no"}
    for listing in LISTINGS:
        needed = f"&{name}={values[name]}" if (name := NEEDED.get(listing)) else ""
        response = client.get(f"/{listing}/?utm_source=mail&fbclid=%00&columns%5B%5D=x{needed}")
        assert response.status_code == 200
        assert response.context["page"].rows


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_public_pages_are_only_read(something: None, method: str) -> None:
    """Said as it is, and not as a lack of the token that forms of the staff carry."""
    visitor = Client(enforce_csrf_checks=True)
    for address in ("/", "/search/?q=paris", "/cities/", "/cities/paris-fr/", "/collaborations/", "/healthz"):
        response = getattr(visitor, method)(address)
        assert response.status_code == 405, address
        assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert getattr(visitor, method)("/nowhere/").status_code == 404
    assert visitor.post("/admin/login/").status_code == 403


def test_pages_can_be_asked_about(client: Client, something: None) -> None:
    for address in ("/", "/search/?q=paris", "/cities/", "/cities/paris-fr/", "/collaborations/"):
        head, whole, options = client.head(address), client.get(address), client.options(address)
        assert (head.status_code, head.content) == (200, b"")
        assert head["Content-Type"] == whole["Content-Type"]
        assert options.status_code == 200
        assert options["Allow"] == "GET, HEAD, OPTIONS"


def test_the_icon_is_where_browsers_look_for_it(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 302
    assert response["Location"].endswith("icon.svg")


def test_more_parameters_than_a_request_may_have(client: Client) -> None:
    assert client.get("/cities/?" + "&".join(f"a{number}=1" for number in range(1100))).status_code == 400


@pytest.mark.parametrize("path", ["/cities/%00/", "/cities/.../", "/cities/" + "x" * 5000 + "/", "/%ff/"])
def test_no_path_fails(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert b'name="q"' in response.content
