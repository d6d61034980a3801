"""Every number of a matrix is the number of rows that its link leads to."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from tests import factories as make
from tests.kept import kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some")]
LINK = re.compile(r'<td class="(?:heat-\d|number)"><a href="([^"]+)">([\d\u202f]+)</a>')
COUNT = re.compile(r"<strong>([\d\u202f]+)</strong> collaboration")


def make_some() -> None:
    top, other = make.make_issue("Transport"), make.make_issue("Energy")
    below = make.make_issue("Cycling", parent=top)
    paris, lyon = make.make_city("Paris"), make.make_city("Lyon")
    rome, oslo = make.make_city("Rome", country="IT"), make.make_city("Oslo", country="NO")
    make.make_policy(issues=[top, below], cities=[paris, lyon, rome])
    make.make_policy(issues=[below, other], cities=[paris, rome])
    make.make_policy(issues=[other], cities=[lyon, oslo], since="2010", until="2012")
    network = make.make_network(issues=[below])
    for city in (paris, oslo, rome):
        make.make_membership(city=city, network=network)
    make.settle()


some = kept(make_some, "some")


@pytest.mark.parametrize("by", ["city-issue", "country-issue", "city-city"])
@pytest.mark.parametrize(
    "question",
    [
        "",
        "&ties=all",
        "&ties=network",
        "&issue=transport",
        "&issue=transport&issue=cycling",
        "&country=FR&ties=all",
        "&country=FR&country=NO",
        "&city=paris-fr&ties=all",
        "&city=paris-fr&city=rome-it",
        "&partner=paris-fr",
        "&city=paris-fr&city=lyon-fr&partner=rome-it&partner=lyon-fr",
        "&active_on=2011",
    ],
)
def test_each_cell_counts_the_rows_its_link_leads_to(client: Client, by: str, question: str) -> None:
    html = client.get(f"/collaborations/?view=matrix&by={by}{question}").content.decode()
    cells = LINK.findall(html)
    assert cells
    # Each leads to a page, and each question to cells of every city and issue.
    for address, number in cells[::3]:
        rows = client.get(f"/collaborations/{unescape(address)}").content.decode()
        assert COUNT.findall(rows) == [number], (address, number)
