"""QuickStatements, read back by a strict reader of the grammar of its commands."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from registry.exchange.formats import QUICKSTATEMENTS, Rows
from registry.models import Identifier, Membership
from tests import factories as make

ITEM = re.compile(r"Q[1-9]\d*")
# A date is filled up with zeros to the left of what is known, and no further.
TIME = re.compile(r"\+(\d{4})-(?:00-00T00:00:00Z/9|(\d\d)-(?:00T00:00:00Z/10|(\d\d)T00:00:00Z/11))", re.ASCII)
# What a reader may take for a tab, a quote or the end of a line, and what no address has.
TEXT = re.compile(r'"([!#-\[\]_a-z~]*)"', re.ASCII)


def read(text: str) -> list[dict[str, str]]:
    """The commands: the item, the network, dates and the reference. Raises ValueError for anything else."""
    commands = []
    assert text == "" or text.endswith("\n")
    for line in text.split("\n")[:-1]:
        item, member_of, network, *rest = line.split("\t")
        assert member_of == "P463"
        pairs = list(zip(rest[::2], rest[1::2], strict=True))
        found = {"city": whole(ITEM, item), "network": whole(ITEM, network)}
        for name, value in pairs:
            assert name not in found
            found[name] = whole(TEXT if name == "S854" else TIME, value)
        order = [name for name in ("P580", "P582", "S854", "S813") if name in found]
        assert [name for name, _ in pairs] == order, "qualifiers come before the reference"
        assert "S854" in found
        commands.append(found)
    return commands


def whole(grammar: re.Pattern[str], text: str) -> str:
    matched = grammar.fullmatch(text)
    if not matched:
        raise ValueError(text)
    return "-".join(filter(None, matched.groups())) or text


def row(url: str = "https://example.org", read_on: date | None = None, **given: Any) -> Any:
    network = SimpleNamespace(
        identifiers=SimpleNamespace(all=lambda: [SimpleNamespace(scheme="wikidata", value="Q2")])
    )
    cited = SimpleNamespace(source=SimpleNamespace(url=url), accessed_on=read_on)
    usual = {"since": None, "until": None, "citations": SimpleNamespace(all=lambda: [cited])}
    return SimpleNamespace(
        **{**usual, "city": SimpleNamespace(wikidata_id="Q1"), "network": network, **given}
    )


def written(*rows: Any) -> str:
    pieces: Any = QUICKSTATEMENTS.write(Rows("memberships", "Memberships", "", "", [], rows))
    return "".join(pieces)


PARTIAL = st.one_of(
    st.dates().map(lambda day: f"{day.year:04}"),
    st.dates().map(lambda day: f"{day.year:04}-{day.month:02}"),
    st.dates().map(date.isoformat),
)


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.one_of(st.none(), PARTIAL),
    st.one_of(st.none(), PARTIAL),
    st.one_of(st.none(), st.dates()),
)
def test_any_membership_is_one_command(
    path: str, since: str | None, until: str | None, read_on: date | None
) -> None:
    (command,) = read(written(row(f"https://example.org/{path}", read_on, since=since, until=until)))
    assert command["S854"].startswith("https://example.org/")
    assert (command.get("P580"), command.get("P582")) == (since, until)
    assert command.get("S813") == (read_on.isoformat() if read_on else None)


def test_what_was_taken_away_meanwhile_is_no_command() -> None:
    assert written(row(city=SimpleNamespace(wikidata_id=None)), row("")) == ""


# --- Of the registry ---------------------------------------------------------------------------------------


@pytest.fixture
def network(db: None) -> Any:
    network = make.make_network("League")
    Identifier.objects.create(network=network, scheme="wikidata", value="Q100")
    return network


def join(network: Any, number: int, **given: Any) -> Membership:
    """A membership that can be stated, but for what is given."""
    city = given.pop("city", None) or make.make_city(f"City {number}", wikidata_id=f"Q{number}")
    url = given.pop("url", f"https://example.org/{number}")
    membership = make.make_membership(city=city, network=network, **given)
    make.cite(membership, source=make.make_source(url=url), accessed_on=date(2024, 2, 1))
    return membership


def asked(client: Client, query: str = "") -> tuple[list[dict[str, str]], str]:
    """The commands for the memberships asked for, and how many are left out."""
    make.settle()
    response: Any = client.get(f"/memberships/?format=quickstatements{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"].endswith('.txt"')
    return read(b"".join(response.streaming_content).decode()), response["Rows-Left-Out"]


def test_a_membership_is_stated_with_its_dates_and_source(client: Client, network: Any) -> None:
    join(network, 1, since="2005-11", until="2010")
    # Of several sources the first that has an address.
    other = join(network, 2, url="")
    make.cite(other, source=make.make_source(url="https://example.org/b?c=1|2"), accessed_on=None)
    commands, left_out = asked(client)
    reference = {"S854": "https://example.org/1", "S813": "2024-02-01"}
    assert commands == [
        {"city": "Q1", "network": "Q100", "P580": "2005-11", "P582": "2010", **reference},
        {"city": "Q2", "network": "Q100", "S854": "https://example.org/b?c=1%7C2"},
    ]
    assert left_out == "0"


def test_what_cannot_be_stated_is_left_out_and_counted(client: Client, network: Any) -> None:
    join(network, 1)
    join(network, 2, status="left", until="2010")
    join(network, 3, status="left")
    join(network, 4, ended="ended")
    for number, status in enumerate(("applicant", "never", "unknown"), 5):
        join(network, number, status=status)
    join(network, 8, url="")
    join(network, 9, city=make.make_city("Unknown"))
    join(make.make_network("Unknown"), 10)
    twice = join(network, 11, since="2001", until="2002")
    join(network, 12, city=twice.city, since="2005")
    commands, left_out = asked(client)
    assert {command["city"] for command in commands} == {"Q1", "Q2"}
    assert left_out == "10"
    assert asked(client, "&status=member&city=city-1-fr") == (commands[:1], "0")


def test_the_page_says_how_many_are_stated(client: Client, network: Any) -> None:
    join(network, 1)
    join(network, 2, status="applicant")
    make.settle()
    html = client.get("/memberships/?order=-city").content.decode()
    assert "Stated: 1; left out: 1." in html
    assert '<a href="?order=-city&amp;format=quickstatements" rel="alternate nofollow"' in html
    assert "Stated: 0; left out: 1." in client.get("/memberships/?status=applicant").content.decode()
    assert "Énoncées : 1 ; omises : 1." in client.get("/fr/memberships/").content.decode()


def test_nothing_of_a_draft_is_stated_or_counted(client: Client, network: Any) -> None:
    join(network, 1)
    join(network, 2, publication="draft")
    join(network, 3, city=make.make_city("Hidden", wikidata_id="Q3", publication="draft"))
    hidden = make.make_network("Hidden", publication="in-review")
    Identifier.objects.create(network=hidden, scheme="wikidata", value="Q101")
    again = join(hidden, 4)
    # A draft of a second period takes nothing away.
    join(network, 5, city=Membership.objects.earliest("pk").city, since="2001", publication="draft")
    commands, left_out = asked(client)
    assert ([command["city"] for command in commands], left_out) == (["Q1"], "0")
    assert again.city.wikidata_id == "Q4"


def test_statements_cost_the_same_with_few_and_with_many(client: Client, network: Any) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert asked(client)[0]
        return len(queries)

    join(network, 1)
    few = cost()
    cities = make.make_cities((f"Town {number}", "FR") for number in range(20))
    make.make_known_to_wikidata(make.make_all(Membership(city=city, network=network) for city in cities))
    assert cost() == few


def test_other_listings_have_no_statements(client: Client, db: None) -> None:
    assert client.get("/cities/?format=quickstatements").status_code == 400
