"""The detail pages: what they tell, how they know it, what they cost."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registry.models import CityName, IssueMapping, IssueScheme, OfficeHolder, SchemeConcept
from registry.views.details.timeline import Timeline
from tests import factories as make
from tests.views.rows import make_hub, surround

pytestmark = pytest.mark.django_db
# No page may cost more queries than this, however much is linked to its record.
CEILINGS = {
    "cities": 26,
    "networks": 20,
    "policies": 15,
    "offices": 11,
    "organisations": 10,
    "reports": 11,
    "issues": 16,
}


def page(client: Client, record: Any) -> str:
    response = client.get(record.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def text(html: str) -> str:
    """The words of a page's main part, as a reader gets them."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main.partition(">")[2]).split())


def cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_every_page_costs_the_same_with_few_rows_and_with_many(client: Client) -> None:
    hub = make_hub()
    surround(hub, 3)
    few = {address: cost(client, address) for address in hub.pages}
    surround(hub, 57)
    make.analyze()
    for address, number in few.items():
        assert cost(client, address) == number, address
        assert number <= CEILINGS[address.split("/")[1]], address


def test_a_city_tells_everything(client: Client) -> None:
    hub = make_hub()
    surround(hub, 1)
    CityName.objects.create(city=hub.city, name="Hubville", language="fr", kind="exonym")
    words = text(page(client, hub.city))
    for expected in (
        "Hubville French",
        "Other 1 0 code",
        "Other 1 0 network Member “Other 1 0 role” since 2001",
        "Seat of the secretariat of: Hub network",
        "Hub issue Hub policy",
        "carried by Hub office",
        "Other 1 0 office",
        "Other 1 0 holder",
        "Other 1 0 meeting",
        "Other 1 0 hypothesis",
        "Other 1 0 report",
        "Part of Other 1 0 city",
        "Merged with Other 1 0 city",
        "Hub table 2005 Other 1 0 size 3",
        "Other 1 0 quote",
        "Cite this record",
        str(hub.city.pid),
    ):
        assert expected in words, expected
    assert "Direct collaborators 1" in words
    assert f'href="/collaborations/?city={hub.city.slug}&amp;partner=' in page(client, hub.city)


def test_a_city_of_which_nothing_is_known_says_so(client: Client) -> None:
    words = text(page(client, make.make_city("Quiet")))
    for expected in (
        "No membership is recorded.",
        "No joint policy is recorded.",
        "No office for work with other cities is recorded.",
        "No direct collaboration is recorded",
        "No source is recorded yet for anything on this page.",
    ):
        assert expected in words


def test_places_of_the_gazetteer_credit_it(client: Client) -> None:
    words = text(page(client, make.make_city("Placed", geonames_id=3448439)))
    assert "come from GeoNames: record 3448439 , CC BY 4.0" in words
    assert "No source is recorded" not in words


def test_a_source_is_listed_once_with_all_it_supports(client: Client) -> None:
    source = make.make_source(title="Minutes", publisher="City hall", published_on="2014-05")
    city = make.make_city("Paris")
    for name in ("North", "South"):
        row = make.make_membership(city=city, network=make.make_network(name))
        make.cite(row, source=source, quote="Both joined.", locator="p. 3", accessed_on=date(2024, 2, 1))
    make.make_membership(city=city, network=make.make_network("Unheard of"))
    html = page(client, city)
    assert html.count('id="source-1"') == 1
    assert 'id="source-2"' not in html
    words = text(html)
    assert "Minutes , City hall, 2014-05 Both joined. p. 3." in words
    assert "Supports membership of North; membership of South. Read 2024-02-01." in words
    assert html.count('href="#source-1"') == 2
    assert html.count('class="unsourced"') == 2, "the third membership, and the city itself"


def test_long_lists_of_what_a_source_supports_are_folded(client: Client) -> None:
    source, network = make.make_source(title="Roster"), make.make_network("Many")
    for number in range(9):
        make.cite(make.make_membership(network=network, city=make.make_city(f"Town {number}")), source=source)
    html = page(client, network)
    assert "<summary>and 3 more</summary>" in html
    assert "Town 8, member" in html


def test_a_party_without_dates_shows_those_of_its_policy(client: Client) -> None:
    city, issue = make.make_city("Paris"), make.make_issue("Cycling")
    policy = make.make_policy("Pact", issues=[issue], since="2010", until="2014")
    make.make_party(policy=policy, city=city)
    late = make.make_city("Rome", country="IT")
    make.make_party(policy=policy, city=late, since="2013")
    assert "Paris Country FR Partner 2010–2014" in text(page(client, policy))
    assert "Rome Country IT Partner 2013–2014" in text(page(client, policy))
    assert "Partner 2010–2014" in text(page(client, city))


def test_members_stand_under_how_they_stand_today(client: Client) -> None:
    network = make.make_network("C40")
    today = timezone.now().year
    for name, given in {
        "Ongoing": {"ended": "ongoing"},
        "Leaving": {"until": str(today)},
        "Over": {"until": str(today - 1)},
        "Ended": {"ended": "ended"},
        "Gone": {"status": "left"},
        "Hopeful": {"status": "applicant"},
        "Absent": {"status": "never"},
        "Unclear": {"status": "unknown"},
    }.items():
        make.make_membership(network=network, city=make.make_city(name), **given)
    context = client.get(network.get_absolute_url()).context
    standings = {
        key: ([row.city.name for row in some.rows], some.total) for key, _, some in context["standings"]
    }
    assert standings == {
        "current": (["Leaving", "Ongoing"], 2),
        "applicant": (["Hopeful"], 1),
        "former": (["Ended", "Gone", "Over"], 3),
        "never": (["Absent"], 1),
        "unknown": (["Unclear"], 1),
    }
    words = text(page(client, network))
    assert "Members by country 1" in words
    assert "Nobody has yet confirmed that this list is complete." in words


def test_long_lists_are_cut_and_lead_to_their_listing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.views.details.networks.MEMBERS", 4)
    monkeypatch.setattr("registry.views.details.networks.SHOWN", 2)
    network = make.make_network("C40")
    for number in range(4):
        make.make_membership(network=network, city=make.make_city(f"Town {number}"))
    assert "Town 3</a>" in page(client, network)
    make.make_membership(network=network, city=make.make_city("Town 4"))
    html = page(client, network)
    assert f'<a href="/memberships/?network={network.slug}">and 3 more</a>' in html
    assert "Town 1" in html
    assert "Town 2</a>" not in html
    listed = client.get(f"/memberships/?network={network.slug}").content.decode()
    assert all(f"Town {number}" in listed for number in range(5))


def test_collaborators_come_with_issues_period_and_policies(client: Client) -> None:
    cycling, energy = make.make_issue("Cycling"), make.make_issue("Energy")
    # Keys in an order that puts the city at either end of its ties.
    rome, paris, oslo = make.make_city("Rome"), make.make_city("Paris"), make.make_city("Oslo")
    make.make_policy("First", issues=[cycling], cities=[paris, rome], since="2005", until="2010")
    make.make_policy("Second", issues=[energy], cities=[paris, rome], since="2008", ended="ongoing")
    make.make_policy("Third", issues=[energy], cities=[paris, oslo])
    make.settle()
    partners = client.get(paris.get_absolute_url()).context["partners"]
    assert partners.total == 2
    first, second = partners.rows
    assert (first.city, second.city) == (rome, oslo)
    assert [issue.name for issue in first.issues] == ["Cycling", "Energy"]
    assert [policy.name for policy in first.policies] == ["First", "Second"]
    assert (first.since, first.until, first.ended) == ("2005", "", "ongoing")
    assert "Oslo Country FR Energy date unknown 1 : Third" in text(page(client, paris))


def test_collaborators_under_a_policy_too_large_to_store_its_ties(client: Client) -> None:
    paris = make.make_city("Paris")
    cities = [paris, *(make.make_city(f"Town {number}") for number in range(201))]
    policy = make.make_policy("Covenant", issues=[make.make_issue()], cities=cities, since="2008")
    make.settle()
    assert client.get(paris.get_absolute_url()).context["partners"].total == 201
    words = text(page(client, policy))
    assert "make up to 20 301 pairs of cities" in words
    assert "and 2 more" in words, "two parties lie beyond the limit of the page"


def test_a_policy_counts_the_pairs_it_brings_together(client: Client) -> None:
    cities = [make.make_city() for _ in range(4)]
    policy = make.make_policy("Pact", issues=[make.make_issue(), make.make_issue()], cities=cities)
    make.settle()
    assert "The parties make 6 pairs of cities" in text(page(client, policy))
    alone = make.make_policy("Alone", issues=[make.make_issue()], cities=cities[:1])
    assert "It brings no two cities together yet" in text(page(client, alone))


def test_an_issue_shows_its_place_and_all_below_it(client: Client) -> None:
    above = make.make_issue("Transport", description="Moving about.")
    issue = make.make_issue("Cycling", parent=above)
    scheme = IssueScheme.objects.create(slug="sdg", name="Sustainable Development Goals")
    concept = SchemeConcept.objects.create(scheme=scheme, code="11", label="Sustainable cities")
    IssueMapping.objects.create(issue=above, concept=concept, match="broad")
    paris = make.make_city("Paris")
    make.make_policy("Pact", issues=[issue], cities=[paris])
    make.make_office("Bicycle office", city=paris, remit=[issue])
    words = text(page(client, above))
    for expected in (
        "Moving about.",
        "Cycling 1 joint policy, 0 networks, 1 office",
        "11 Sustainable cities (Sustainable Development Goals; broader there)",
        "Active cities 1",
        "Paris Country FR 1",
        "Pact",
        "Bicycle office",
    ):
        assert expected in words, expected
    assert "Issues › Transport Cycling" in text(page(client, issue))


def test_an_office_links_both_ways_and_names_its_holders_latest_first(client: Client) -> None:
    hub = make_hub()
    surround(hub, 1)
    for name, since in (("Early", {"since": "1999"}), ("Late", {"since": "2020"}), ("Undated", {})):
        OfficeHolder(office=hub.office, person_name=name, **since, publication="published").save()
    words = text(page(client, hub.office))
    assert words.index("Late") < words.index("Early") < words.index("Undated")
    assert "Other 1 0 meeting" in words
    assert "Other 1 0 budget" in words
    assert "Other offices of Hub city Other 1 0 office" in words
    assert "Hub policy Lead" in words


def test_names_are_escaped(client: Client) -> None:
    city = make.make_city("<b>Bold</b> & Sons")
    CityName.objects.create(city=city, name='"><script>alert(1)</script>', kind="alternative")
    make.cite(city, quote="<i>so</i>", source=make.make_source(title="<u>Book</u>"))
    html = page(client, city)
    for raw in ("<b>Bold", "<script>alert", "<i>so", "<u>Book"):
        assert raw not in html


def test_pages_say_nothing_inline_and_load_nothing_from_elsewhere(client: Client) -> None:
    hub = make_hub()
    surround(hub, 1)
    for record in vars(hub).values():
        html = page(client, record)
        assert " style=" not in html
        assert "<style" not in html
        # A block of data is not run.
        assert not re.search(r'<script(?! src=| type="application/ld\+json">)', html)
        assert not re.search(r'(src|<link[^>]*stylesheet[^>]*href)="https?:', html)
        ids = re.findall(r'\bid="([^"]+)"', html)
        assert len(ids) == len(set(ids))
        anchors = set(re.findall(r'href="#([^"]+)"', html))
        assert anchors <= set(ids)


class Row:
    """A row with the ranges that the database computes of its dates."""

    def __init__(self, certain: Any = None, possible: Any = None) -> None:
        self.certain, self.possible = certain, possible
        self.bars: list[Any] = []


def days(lower: str | None, upper: str | None) -> Any:
    return DateRange(*(date.fromisoformat(day) if day else None for day in (lower, upper)))


def test_the_timeline_draws_what_is_certain_over_what_is_possible() -> None:
    over = Row(days("2000-01-01", "2010-01-01"), days("2000-01-01", "2010-01-01"))
    open_end = Row(days("2010-01-01", "2011-01-01"), days("2010-01-01", None))
    seen = Row(days("2019-01-01", "2020-01-01"), days(None, None))
    unknown = Row(None, days(None, None))
    timeline = Timeline([over, open_end, seen, unknown], date(2019, 12, 31))
    assert (timeline.first, timeline.last) == (2000, 2020)
    assert [tick.year for tick in timeline.ticks] == [2000, 2005, 2010, 2015]
    assert [(bar.certain, round(bar.x, -1), round(bar.width, -1)) for bar in over.bars] == [
        (False, 0, 500),
        (True, 0, 500),
    ]
    assert [(bar.certain, round(bar.x, -1), round(bar.width, -1)) for bar in open_end.bars] == [
        (False, 500, 500),
        (True, 500, 50),
    ]
    assert [bar.certain for bar in seen.bars] == [True]
    assert unknown.bars == []
    assert not Timeline([unknown], date(2019, 12, 31))


def test_the_timeline_holds_every_year_that_can_be_recorded() -> None:
    rows = [Row(days("1000-01-01", "1001-01-01")), Row(days("2999-01-01", "3000-01-01"))]
    timeline = Timeline(rows, date(2026, 6, 1))
    assert all(0 <= bar.x <= bar.x + bar.width <= 1000 for row in rows for bar in row.bars)
    assert len(timeline.ticks) <= 11
