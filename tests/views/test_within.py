"""The page of a city's offices: what it tells, its files, its cost; and the directory of offices."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.models import OfficeHolder, OfficeLink
from tests import factories as make
from tests.models.past import happened_on
from tests.views.rows import make_hub, surround
from tests.views.test_details import text
from tests.views.test_hostile import NASTY

pytestmark = pytest.mark.django_db
PAGE = "/cities/hub-city-fr/offices/"


def read(client: Client, address: str) -> str:
    response: Any = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()


def rows(client: Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(read(client, address))))


def test_the_page_tells_who_is_charged_who_works_with_whom_and_what_they_carry(client: Client) -> None:
    hub = make_hub()
    surround(hub, 1)
    peace = make.make_issue("Peace")
    make.make_membership(city=hub.city, network=make.make_network("League", issues=[peace]))
    words = text(read(client, PAGE))
    for expected in (
        "Offices of Hub city",
        "2 offices are recorded that are not known to be closed. Each works with another.",
        "Hub office date unknown Other 1 0 holder",
        "Other 1 0 meeting",
        "Hub policy",
        "One issue has no office.",
        "No office has it in its remit Peace none 0 0 League",
        "Other 1 0 quote",
    ):
        assert expected in words, expected
    assert f'href="{PAGE}"' in read(client, hub.city.get_absolute_url())


def test_the_page_and_its_files_as_recorded_on_a_day(client: Client) -> None:
    heat = make.make_issue("Heat")
    city = make.make_city("Athens", country="GR")
    office = make.make_office("Heat office", city=city, remit=[heat])
    happened_on("2024-01-10")
    office.name = "Climate office"
    office.save()
    office.remit.set([make.make_issue("Water")])
    page = f"{city.get_absolute_url()}offices/"
    happened_on("2024-02-10")
    words = text(read(client, f"{page}?as_recorded_on=2024-01"))
    assert "As the registry said at the end of 31 January 2024" in words
    assert "Heat office" in words and "Climate office" not in words
    assert "Water" not in words and "What it says today" in words
    assert [row["issue_name"] for row in rows(client, f"{page}?as_recorded_on=2024-01&format=csv")] == [
        "Heat"
    ]
    assert [row["issue_name"] for row in rows(client, f"{page}?format=csv")] == ["Water"]
    assert "is still to come" in text(read(client, f"{page}?as_recorded_on=2999"))
    early = client.get(f"{page}?as_recorded_on=2023")
    assert early["Location"] == f"{city.get_absolute_url()}?as_recorded_on=2023-12-31"
    assert "did not say anything" in read(client, early["Location"])


def test_a_city_of_which_nothing_is_known_says_so(client: Client) -> None:
    words = text(read(client, f"{make.make_city('Quiet').get_absolute_url()}offices/"))
    assert "No office for work with other cities is recorded." in words
    assert "No issue is recorded that the city works on now" in words


def test_files_hold_the_issues_asked_for(client: Client) -> None:
    hub = make_hub()
    surround(hub, 1)
    make.make_membership(
        city=hub.city, network=make.make_network("League", issues=[make.make_issue("Peace")])
    )
    found = {row["issue_name"]: row for row in rows(client, f"{PAGE}?format=csv")}
    assert found["Hub issue"]["charge"] == "office"
    assert found["Hub issue"]["office_names"] == "Hub office; Other 1 0 office"
    assert (found["Peace"]["charge"], found["Peace"]["network_names"]) == ("none", "League")
    assert [row["issue_name"] for row in rows(client, f"{PAGE}?format=csv&charge=none")] == ["Peace"]
    document = json.loads(read(client, f"{PAGE}?format=json&issue=hub-issue"))
    assert "Peace" not in {row["issue_name"] for row in document["rows"]}
    assert client.get(f"{PAGE}?format=csv&charge=perhaps").status_code == 400


def test_each_number_leads_to_as_many_joint_policies(client: Client) -> None:
    hub = make_hub()
    surround(hub, 3)
    over = {"since": "2001", "until": "2002"}
    make.make_policy(issues=[hub.issue], cities=[hub.city], **over)
    make.make_policy(issues=[hub.issue], cities=[hub.city], status="concluded")
    make.settle()
    html = read(client, PAGE)
    counts = re.findall(r'href="(/policies/\?[^"]*)">(\d+)</a>', html)
    assert counts
    for address, number in counts:
        asked = urlsplit(address.replace("&amp;", "&"))
        assert client.get(f"{asked.path}?{asked.query}").context["page"].count == int(number)


def test_the_page_and_its_drawing_cost_the_same_with_few_rows_and_with_many(client: Client) -> None:
    hub = make_hub()
    surround(hub, 2)
    addresses = (
        PAGE,
        f"{PAGE}drawing/",
        f"{PAGE}?format=csv",
        "/offices/?columns=works_with,carries,holders",
    )

    def costs() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                read(client, address)
            found.append(len(queries))
        return found

    few = costs()
    surround(hub, 40)
    make.analyze()
    assert costs() == few
    assert max(few) <= 18, few


def test_no_value_fails_and_old_addresses_lead_on(client: Client) -> None:
    hub = make_hub()
    surround(hub, 1)
    for value in NASTY:
        parameters = dict.fromkeys(("charge", "issue", "q", "page", "page_size", "columns"), value)
        response = client.get(PAGE, parameters)
        assert response.status_code == 200, value
        assert b"<script>alert" not in response.content
    hub.city.slug = "hub-town-fr"
    hub.city.save()
    response = client.get(f"{PAGE}?charge=none")
    assert (response.status_code, response["Location"]) == (302, "/cities/hub-town-fr/offices/?charge=none")
    assert client.get("/cities/nowhere/offices/").status_code == 404
    assert client.get("/cities/nowhere/offices/drawing/").status_code == 404


def test_the_directory_counts_kinds_and_years_of_what_is_asked_for(client: Client) -> None:
    paris, rome = make.make_city("Paris"), make.make_city("Rome", country="IT")
    make.make_office("One", city=paris, kind="chief-heat-officer", established="2021-07")
    make.make_office("Two", city=rome, kind="chief-heat-officer", established="2019", closed="2020")
    make.make_office("Three", city=rome, kind="chief-heat-officer")
    make.make_office("Four", city=rome, kind="night-mayor", established="1960")
    make.make_office("Five", city=rome, kind="night-mayor", publication="draft", established="2022")
    found = client.get("/offices/").context["directory"]
    kinds = [vars(kind) for kind in found.kinds]
    assert kinds == [
        {"kind": "chief-heat-officer", "offices": 3, "open": 2, "cities": 2, "countries": 2}
        | {"first": "2019", "last": "2021"},
        {"kind": "night-mayor", "offices": 1, "open": 1, "cities": 1, "countries": 1}
        | {"first": "1960", "last": "1960"},
    ]
    assert [(year.year, year.offices, year.share) for year in found.years] == [
        (2021, 1, 100),
        (2020, 0, 0),
        (2019, 1, 100),
    ]
    assert (found.earlier, found.undated) == (1, 1)
    heat = client.get("/offices/?kind=chief-heat-officer&country=IT").context["directory"]
    assert [(kind.kind, kind.offices) for kind in heat.kinds] == [("chief-heat-officer", 2)]
    assert "directory" not in client.get("/offices/?kind=chief-diplomat").context


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("kind", ["Heat", "Night"]),
        ("-kind", ["Night", "Heat"]),
        ("country", ["Night", "Heat"]),
        ("-population", ["Heat", "Night"]),
        ("since", ["Night", "Heat"]),
    ],
)
def test_the_directory_is_sorted(client: Client, order: str, expected: list[str]) -> None:
    rome, paris = make.make_city("Rome", country="IT", population=9), make.make_city("Paris", population=5)
    make.make_office("Heat", city=rome, kind="chief-heat-officer", established="2021")
    make.make_office("Night", city=paris, kind="night-mayor", established="2012")
    assert [row.name for row in client.get(f"/offices/?order={order}").context["page"].rows] == expected


def test_the_files_of_offices_say_who_heads_them_and_whom_they_work_with(client: Client) -> None:
    city, heat = make.make_city(population=7), make.make_issue("Heat")
    one, other = make.make_office("One", city=city), make.make_office("Other", city=city)
    OfficeLink.objects.create(office=one, other=other, issue=heat, how="Weekly", publication="published")
    OfficeHolder.objects.create(office=one, person_name="Ada", since="2020", publication="published")
    make.make_party(policy=make.make_policy("Pact"), city=city, office=one)
    first, second = rows(client, "/offices/?format=csv&order=name")
    assert (first["holder_names"], first["holders_since"], first["city_population"]) == ("Ada", "2020", "7")
    assert (first["works_with_names"], first["works_with_on"], first["works_with_how"]) == (
        "Other",
        "Heat",
        "Weekly",
    )
    assert (first["carried_policy_names"], second["works_with_names"]) == ("Pact", "One")
