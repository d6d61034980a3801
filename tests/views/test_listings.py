"""The listings as pages: what they show, what they hide, what they cost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from registry.models import (
    Citation,
    CityLink,
    CityOffice,
    Issue,
    JointPolicy,
    Membership,
    Network,
    Organisation,
    Partnership,
    PolicyExperiment,
    PolicyParty,
    Report,
    Source,
)
from tests import factories as make

pytestmark = pytest.mark.django_db
LISTINGS = (
    "/cities/",
    "/cities/?taking_part=any&page_size=25",
    "/cities/?status=member&page_size=25",
    "/networks/?page_size=25",
    "/networks/?country=FR&page_size=25",
    "/memberships/?page_size=25",
    "/memberships/?country=FR&status=member&page_size=25",
    "/policies/?page_size=25",
    "/experiments/?page_size=25",
    "/offices/?page_size=25",
    "/issues/",
    "/reports/?page_size=25",
    "/organisations/?page_size=25",
    "/collaborations/?page_size=25",
    "/collaborations/?page_size=25&ties=all",
    "/collaborations/?ties=all&view=matrix",
    "/collaborations/?view=matrix&by=country-issue",
    "/collaborations/?ties=all&view=matrix&by=city-city",
    "/collaborations/?ties=network&view=graph",
    "/collaborations/?view=map",
    "/collaborations/drawing/?view=graph",
    "/collaborations/measures/?page_size=25",
    "/collaborations/overlap/",
    "/opportunities/",
    "/opportunities/?issue=marker-hub&page_size=25",
    "/opportunities/?city=marker-hub-fr&page_size=25",
    "/opportunities/policies/?city=marker-hub-fr&page_size=25",
)
PAGES = (*LISTINGS, "/", "/search/?q=marker")
# No page may cost more queries than this, however much the registry holds.
CEILING = 15
CEILINGS = {"/": 18, "/search/?q=marker": 15}
# Ties through networks are reckoned before they are made, and the slider asks for the first year; what two
# cities have in common is asked kind by kind.
CEILING_OF_TIES = 16


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def fill(number: int) -> None:
    """Records of every kind, each linked to others of its own."""
    names = [f"{number} {position}" for position in range(number)]
    above = make.make_all(Issue(name=f"Marker issue {name}") for name in names)
    issues = make.make_all(
        Issue(name=f"Marker child {name}", parent=parent) for name, parent in zip(names, above, strict=True)
    )
    codes = [chr(65 + position // 26 % 26) + chr(65 + position % 26) for position in range(number)]
    abroad = make.make_cities((f"Marker city {n}", code) for n, code in zip(names, codes, strict=True))
    french = make.make_cities((f"Marker town {name}", "FR") for name in names)
    networks = make.make_all(Network(name=f"Marker network {n}", scope="international") for n in names)
    policies = make.make_all(JointPolicy(name=f"Marker policy {n}", kind="programme") for n in names)
    offices = make.make_all(
        CityOffice(name=f"Marker office {name}", city=city, kind="other")
        for name, city in zip(names, abroad, strict=True)
    )
    reports = make.make_all(Report(name=f"Marker report {name}") for name in names)
    organisations = make.make_all(
        Organisation(name=f"Marker partner {name}", country=city.country, kind="university")
        for name, city in zip(names, abroad, strict=True)
    )
    memberships = []
    for cities in (abroad, french):
        each = list(zip(cities, networks, policies, strict=True))
        memberships += make.make_all(Membership(city=city, network=network) for city, network, _ in each)
        make.make_all(PolicyParty(city=city, policy=policy) for city, _, policy in each)
        make.join(Report.cities, zip(reports, cities, strict=True))
    sources = make.make_all(
        Source(title=f"Source {row.pk}", url=f"https://example.org/row/{row.pk}") for row in memberships
    )
    make.make_all(
        Citation(source=source, membership=row) for source, row in zip(sources, memberships, strict=True)
    )
    experiments = make.make_all(
        PolicyExperiment(policy=policy, hypothesis=f"Marker hypothesis {name}")
        for name, policy in zip(names, policies, strict=True)
    )
    make.join(PolicyExperiment.sites, zip(experiments, abroad, strict=True))
    make.make_all(
        Partnership(organisation=organisation, policy=policy)
        for organisation, policy in zip(organisations, policies, strict=True)
    )
    for relation, records in (
        (Network.issues, networks),
        (JointPolicy.issues, policies),
        (CityOffice.remit, offices),
        (Report.issues, reports),
    ):
        make.join(relation, zip(records, issues, strict=True))
    make.join(JointPolicy.networks, zip(policies, networks, strict=True))
    make.join(Report.networks, zip(reports, networks, strict=True))
    make.settle()


def work_on(issue: Issue) -> None:
    """Every joint policy on this issue, so that each city has a gap with those of other policies."""
    make.join(JointPolicy.issues, ((policy, issue) for policy in JointPolicy.objects.exclude(issues=issue)))
    make.settle()


def test_every_page_costs_the_same_with_few_rows_and_with_many(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    issue = make.make_issue("Marker hub")
    make.make_policy("Marker alone", issues=[issue], cities=[make.make_city("Marker hub")])
    fill(3)
    work_on(issue)
    costs = {}
    for address in PAGES:
        usual = CEILING_OF_TIES if address.startswith(("/collaborations/", "/opportunities/")) else CEILING
        with django_assert_max_num_queries(CEILINGS.get(address, usual)) as few:
            page(client, address)
        costs[address] = len(few)
    fill(57)
    work_on(issue)
    make.analyze()
    for address in PAGES:
        with django_assert_max_num_queries(costs[address]):
            html = page(client, address)
        assert "Marker" in html, address


def test_members_of_a_network_at_a_date(client: Client) -> None:
    paris, rome = make.make_city("Paris"), make.make_city("Rome", country="IT")
    c40 = make.make_network("C40 Cities")
    early = make.make_membership(city=paris, network=c40, since="2006", until="2012", status="left")
    make.cite(early)
    make.make_membership(city=rome, network=c40, since="2014", ended="ongoing")
    html = page(client, f"/cities/?network={c40.slug}&active_on=2010")
    assert "Paris" in html
    assert "Rome" not in html
    assert "left, 2006–2012" in html
    assert "source</a>" in html
    html = page(client, f"/networks/?city={rome.slug}&active_on=2020")
    assert "member, since 2014, ongoing" in html
    assert "unsourced" in html


def test_a_source_that_shows_a_city_gone_does_not_show_it_there(client: Client) -> None:
    gone = make.make_membership(city=make.make_city("Paris"), status="left", observed_on="2024")
    here = make.make_membership(city=make.make_city("Rome"), network=gone.network, observed_on="2024")
    html = page(client, f"/cities/?network={here.network.slug}&active_on=2024")
    assert "Rome" in html
    assert ">Paris<" not in html


def test_wrong_values_stand_beside_their_field_and_nothing_is_shown(client: Client) -> None:
    make.make_membership(city=make.make_city("Paris"))
    html = page(client, "/cities/?country=ZZ&active_on=yesterday")
    assert 'id="wrong-country"' in html
    assert 'id="wrong-active_on"' in html
    assert escape("“yesterday” is not a date the registry can keep") in html
    assert 'value="yesterday"' in html
    assert ">Paris</a>" not in html


def test_a_value_given_twice_is_neither_guessed_nor_passed_over(client: Client) -> None:
    make.make_membership(city=make.make_city("Paris"))
    html = page(client, "/cities/?q=paris&q=rome")
    assert html.count("Only one value is allowed here; 2 are given.") == 2, "above, and beside the field"
    assert 'id="wrong-q"' in html
    assert ">Paris</a>" not in html
    html = page(client, "/search/?q=paris&q=rome")
    assert "Only one value is allowed here; 2 are given." in html
    assert "Paris</mark>" not in html
    assert "<mark>Paris</mark></a>" in page(client, "/search/?q=paris&q=paris&q=")


@pytest.mark.parametrize("number", ["0", "2", "1000000", "abc", "-1", "9" * 30, "1.5", "%00"])
def test_a_page_that_is_not_there_leads_to_the_first(client: Client, number: str) -> None:
    make.make_membership(city=make.make_city("Paris"))
    html = page(client, f"/cities/?kind=city&page={number}")
    assert 'href="?kind=city">Go to page 1</a>' in html
    assert ">Paris</a>" not in html


def test_pages_hold_every_row_once(client: Client) -> None:
    for number in range(7):
        make.make_network("Same name", slug=f"same-{number}")
    seen = []
    for number in (1, 2, 3):
        response = client.get(f"/networks/?page_size=3&page={number}")
        seen += [network.slug for network in response.context["page"].rows]
    assert sorted(seen) == [f"same-{number}" for number in range(7)]


def test_more_rows_than_are_counted(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.views.pages.COUNTED", 4)
    for _ in range(7):
        make.make_network()
    html = page(client, "/networks/?page_size=3")
    assert "more than <strong>4</strong> networks" in html
    assert len(client.get("/networks/?page_size=3&page=3").context["page"].rows) == 1
    assert "the rows end before it" in page(client, "/networks/?page_size=3&page=4")


def test_what_is_asked_for_can_be_taken_back_one_by_one(client: Client) -> None:
    make.make_country("BR")
    html = page(client, "/cities/?country=br&country=FR&utm_source=mail")
    assert "No country has the code" in html, "FR is not made yet"
    make.make_country("FR")
    html = page(client, "/cities/?country=br&country=FR&utm_source=mail")
    assert 'href="?country=FR" class="chip"' in html
    assert 'href="?country=BR" class="chip"' in html
    assert "utm_source" not in html.partition('<form class="filter-form"')[0].partition("<main")[2]
    assert '<link rel="canonical" href="http://testserver/cities/?country=BR&amp;country=FR">' in html


def test_several_cities_of_a_name_are_offered_as_links(client: Client) -> None:
    make.make_city("Springfield", country="US", slug="springfield-us")
    make.make_city("Springfield", country="US", slug="springfield-us-2")
    html = page(client, "/networks/?city=springfield&scope=national")
    assert "Several records are named" in html
    assert 'href="?scope=national&amp;city=springfield-us-2"' in html


def test_an_unknown_address_has_a_search_box(client: Client) -> None:
    response = client.get("/nowhere/sao-paulo/")
    assert response.status_code == 404
    assert 'name="q" value="sao paulo"' in response.content.decode()


def test_collaborations_bring_policies_of_a_pair_together(client: Client) -> None:
    cycling = make.make_issue("Cycling")
    paris, tokyo = make.make_city("Paris"), make.make_city("Tokyo", country="JP")
    make.make_policy("First pact", issues=[cycling], cities=[paris, tokyo], since="2005", until="2008")
    make.make_policy("Second pact", issues=[cycling], cities=[paris, tokyo], since="2007-03", until="2010")
    make.settle()
    (row,) = client.get(f"/collaborations/?city={tokyo.slug}").context["page"].rows
    assert (row.city_a, row.city_b, row.issue) == (tokyo, paris, cycling)
    assert [policy.name for policy in row.policies] == ["First pact", "Second pact"]
    html = page(client, "/collaborations/")
    assert "2005–2010" in html


@pytest.mark.parametrize(
    ("periods", "words"),
    [
        ([{}], "date unknown"),
        ([{"observed_on": "2025"}], "seen 2025"),
        ([{"observed_on": "2025-03-04"}], "seen 2025-03-04"),
        ([{"ended": "ended"}], "ended, date unknown"),
        ([{"since": "2005"}], "since 2005"),
        ([{"since": "2005", "ended": "ongoing"}], "since 2005, ongoing"),
        ([{"since": "2005", "until": "2007"}, {"since": "2006", "ended": "ongoing"}], "since 2005, ongoing"),
        ([{"until": "2007"}], "until 2007"),
        ([{"since": "2005", "until": "2007"}, {}], "2005–2007"),
        ([{"until": "2007"}, {"until": "2007-05"}], "until 2007"),
    ],
)
def test_the_period_of_a_collaboration(client: Client, periods: list[dict[str, str]], words: str) -> None:
    issue, cities = make.make_issue(), [make.make_city(), make.make_city()]
    for given in periods:
        make.make_policy(issues=[issue], cities=cities, **given)
    make.settle()
    assert f'<td data-label="Period" class="period">{words}</td>' in page(client, "/collaborations/")


@pytest.mark.parametrize("order", ["", "since", "-since", "policies", "-policies"])
def test_a_collaboration_under_two_policies_is_one_row(client: Client, order: str) -> None:
    issue = make.make_issue("Air")
    cities = [make.make_city(name) for name in ("Lima", "Oslo", "Rome")]
    for _ in range(2):
        make.make_policy(issues=[issue], cities=cities)
    make.settle()
    for asked in ("", f"&city={cities[1].slug}"):
        for number, rows in ((1, 2), (2, 0 if asked else 1)):
            response = client.get(f"/collaborations/?order={order}&page_size=2&page={number}{asked}")
            found = response.context["page"]
            assert len(found.rows) == rows
            if rows:
                assert found.count == (2 if asked else 3)
                assert all(len(row.policies) == 2 for row in found.rows)


def test_a_newly_published_policy_shows_on_the_next_request(client: Client) -> None:
    issue, cities = make.make_issue(), [make.make_city("Paris"), make.make_city("Rome")]
    policy = make.make_policy("Fresh pact", issues=[issue], cities=cities, publication="draft")
    make.settle()
    assert "Fresh pact" not in page(client, "/collaborations/")
    policy.publication = "published"
    policy.save()
    make.settle()
    assert "Fresh pact" in page(client, "/collaborations/")


@pytest.mark.parametrize("order", ["cities", "since", "-since", "policies", "-policies"])
def test_collaborations_in_every_order(client: Client, order: str) -> None:
    fill(3)
    rows = client.get(f"/collaborations/?order={order}").context["page"].rows
    assert len(rows) == 3


def test_nothing_of_a_draft_shows(client: Client) -> None:
    """Drafts linked in every way to published records, and published links to drafts."""
    issue = make.make_issue("Open issue")
    city, other = make.make_city("Marker town"), make.make_city("Marker village")
    network = make.make_network("Marker league", issues=[issue])
    policy = make.make_policy("Marker pact", issues=[issue], cities=[city, other], networks=[network])
    hidden: dict[str, Any] = {"publication": "draft"}
    secret_city = make.make_city("Marker SECRET city", **hidden)
    secret_network = make.make_network("Marker SECRET network", issues=[issue], secretariat=city, **hidden)
    secret_policy = make.make_policy("Marker SECRET policy", issues=[issue], cities=[city, other], **hidden)
    make.make_membership(city=secret_city, network=network)
    make.make_membership(city=city, network=secret_network)
    make.make_membership(city=other, network=network, role="SECRET role", publication="in-review")
    make.make_party(policy=policy, city=secret_city)
    make.make_office("Marker SECRET office", city=city, remit=[issue], **hidden)
    make.make_office("Marker SECRET bureau", city=secret_city, remit=[issue])
    make.make_report("Marker SECRET report", cities=[city], issues=[issue], **hidden)
    report = make.make_report("Marker report", cities=[city, secret_city], issues=[issue])
    report.networks.add(secret_network, network)
    policy.networks.add(secret_network)
    secret_partner = make.make_organisation("Marker SECRET partner", **hidden)
    Partnership.objects.create(organisation=secret_partner, policy=policy, publication="published")
    partner = make.make_organisation("Marker partner")
    Partnership.objects.create(organisation=partner, policy=secret_policy, publication="published")
    CityLink.objects.create(city=city, other=secret_city, kind="part-of", publication="published")
    make.settle()
    for address in (*PAGES, "/cities/?taking_part=any"):
        assert "SECRET" not in page(client, address), address
    assert client.get("/search/?q=SECRET").context["found"].matches == []
    (shown,) = client.get("/networks/").context["page"].rows
    assert shown.member_count == 0
    shown = client.get("/policies/").context["page"].rows[0]
    assert shown.city_count == 2
    (shown,) = client.get("/organisations/").context["page"].rows
    assert shown.policy_count == 0
    town, _ = client.get("/cities/").context["page"].rows
    assert (town.network_count, town.policy_count, town.office_count) == (0, 1, 0)
    (shown,) = [row for row in client.get("/issues/").context["page"].rows if row == issue]
    assert (shown.policy_count, shown.network_count, shown.office_count) == (1, 1, 0)
    totals = {total.words: total.number for total in client.get("/").context["totals"]}
    assert totals["memberships"] == 0
    assert totals["city offices"] == 0
    assert totals["cities taking part"] == 2
    assert Network.objects.count() == JointPolicy.objects.count() == 2
