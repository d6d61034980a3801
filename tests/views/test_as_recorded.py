"""The page of a record as the registry said it at an earlier time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyTestCase

from registry.actions.merge import merge
from registry.models import Membership, PolicyParty
from registry.models.history import event_models
from registry.models.recorded import PRESENT, SCHEMA, as_recorded_before
from tests import factories as make
from tests.models.past import happened_on
from tests.views.rows import make_hub, surround
from tests.views.test_details import cost, text

pytestmark = pytest.mark.django_db
PICTURE = "The picture needs JavaScript. The tables below say the same. "  # it is of today
NEVER_READ_OF_THE_PAST = {
    *("registry_listimportrow", "registry_touched_city", "registry_touched_policy"),
    *("registry_city_set", "registry_name_word"),
    *("registry_apitoken", "registry_packageload", "registry_release", "registry_releasedrecord"),
}


def said(client: Client, record: Any, day: str) -> str:
    """The words of the page of a record as of a day."""
    response = client.get(record.get_absolute_url(), {"as_recorded_on": day})
    assert response.status_code == 200
    return text(response.content.decode())


def test_of_today_it_is_the_page_of_today(client: Client) -> None:
    hub = make_hub()
    surround(hub, 2)
    make.settle()
    today = str(timezone.now().date())
    for address in hub.pages:
        now = text(client.get(address).content.decode())
        then = text(client.get(address, {"as_recorded_on": today}).content.decode())
        banner, _, rest = then.partition("What it says today ")
        assert "As the registry said at the end of" in banner
        assert rest == now.replace(PICTURE, ""), address


def test_members_that_came_went_and_were_renamed_since(client: Client) -> None:
    network = make.make_network("League")
    oslo, bergen = make.make_city("Oslo", country="NO"), make.make_city("Bergen", country="NO")
    gone = make.make_membership(network=network, city=oslo)
    happened_on("2024-01-10")
    gone.delete()
    make.make_membership(network=network, city=bergen)
    network.name = "Quorum"
    network.save()
    happened_on("2024-02-10")

    for day in ("2024-01-10", "2024-01", "2024-02-09"):
        words = said(client, network, day)
        assert "League" in words and "Oslo" in words
        assert "Quorum" not in words and "Bergen" not in words
    for day in ("2024-02-10", "2024-02", "2025"):
        words = said(client, network, day)
        assert "Quorum" in words and "Bergen" in words
        assert "League" not in words and "Oslo" not in words
    assert "League" in said(client, oslo, "2024-01") and "League" not in said(client, oslo, "2024-02")


def test_ties_of_then(client: Client) -> None:
    policy = make.make_policy("Cycling accord", issues=[make.make_issue("Cycling")], since="2001")
    paris, tokyo = make.make_city("Paris"), make.make_city("Tokyo", country="JP")
    make.make_party(policy=policy, city=paris)
    make.make_party(policy=policy, city=tokyo)
    make.settle()
    happened_on("2024-01-10")
    PolicyParty.objects.filter(city=tokyo).delete()
    make.settle()
    happened_on("2024-02-10")
    assert "Tokyo" in said(client, paris, "2024-01")
    assert "Tokyo" not in said(client, paris, "2024-02")
    assert "Tokyo" not in text(client.get(paris.get_absolute_url()).content.decode())


def test_before_it_was_published(client: Client) -> None:
    network = make.make_network("League", publication="draft")
    happened_on("2024-01-10")
    network.publication = "published"
    network.save()
    happened_on("2024-02-10")
    for day in ("2023", "2024-01-20"):
        words = said(client, network, day)
        assert "did not say anything of this record" in words
        assert "It was first published on 10 February 2024." in words


def test_what_was_withdrawn_since_is_not_shown(client: Client) -> None:
    network, city = make.make_network("League"), make.make_city("Oslo")
    membership = make.make_membership(network=network, city=city)
    happened_on("2024-01-10")
    membership.publication = "draft"
    membership.save()
    assert "Oslo" not in said(client, network, "2024-01")
    network.publication = "in-review"
    network.save()
    assert "League" not in said(client, city, "2024-01")
    response = client.get(network.get_absolute_url(), {"as_recorded_on": "2024-01"})
    assert response.status_code == 404


def test_what_was_removed_since_is_shown_unless_it_was_withdrawn_first(client: Client) -> None:
    removed, withdrawn = make.make_network("Removed league"), make.make_network("Withdrawn league")
    happened_on("2024-01-10")
    pages = removed.get_absolute_url(), withdrawn.get_absolute_url()
    withdrawn.publication = "draft"
    withdrawn.save()
    removed.delete()
    withdrawn.delete()
    happened_on("2024-02-10")
    found = [client.get(page, {"as_recorded_on": "2024-01"}).status_code for page in pages]
    assert found == [200, 404]
    assert client.get(pages[0], {"as_recorded_on": "2024-02"}).status_code == 404


def test_a_merged_record_leads_on_with_the_day(client: Client) -> None:
    kept, lost = make.make_organisation("University"), make.make_organisation("The University")
    address = lost.get_absolute_url()
    merge(kept, lost, by=make.make_staff("editor", "Editor"))
    response = client.get(address, {"as_recorded_on": "2024"})
    assert response.status_code == 301
    assert response["Location"] == f"{kept.get_absolute_url()}?as_recorded_on=2024"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("as_recorded_on=yesterday", "“yesterday” is not a date"),
        ("as_recorded_on=2999", "“2999” is still to come"),
        ("as_recorded_on=2024&as_recorded_on=2025", "Only one value is allowed"),
        ("as_recorded_on=2024-02-30", "is not a date"),
        ("as_recorded_on=%00", "is not a date"),
    ],
)
def test_a_wrong_day_gets_a_message_and_no_rows(client: Client, query: str, message: str) -> None:
    membership = make.make_membership(network=make.make_network("League"), city=make.make_city("Oslo"))
    response = client.get(f"{membership.network.get_absolute_url()}?{query}")
    html = response.content.decode()
    assert response.status_code == 200
    assert message in text(html) and "Oslo" not in html
    assert 'aria-invalid="true"' in html


def test_the_page_is_not_for_search_engines(client: Client) -> None:
    city = make.make_city("Oslo")
    html = client.get(city.get_absolute_url(), {"as_recorded_on": "2999"}).content.decode()
    assert '<meta name="robots" content="noindex">' in html
    html = client.get(
        city.get_absolute_url(), {"as_recorded_on": str(timezone.now().date())}
    ).content.decode()
    assert '<meta name="robots" content="noindex">' in html
    assert f'<link rel="canonical" href="http://testserver{city.get_absolute_url()}">' in html


def test_the_past_costs_the_same_with_few_rows_and_with_many(client: Client) -> None:
    hub = make_hub()
    surround(hub, 2)
    asked = [f"{address}?as_recorded_on={timezone.now().year}" for address in hub.pages]
    few = {address: cost(client, address) for address in asked}
    surround(hub, 28)
    make.analyze()
    for address in asked:
        assert cost(client, address) in (few[address], few[address] - 1), address


def test_no_view_of_the_past_reads_the_present() -> None:
    """Each table and view has its twin, and a twin reads twins and history only."""
    empty = {"registry_largepolicy", "registry_takingpart"}  # read for the names of their columns alone
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
            AND c.relkind IN ('r', 'v') AND c.relname LIKE 'registry\\_%%' AND NOT EXISTS (
                SELECT FROM pg_class twin
                WHERE twin.relnamespace = to_regnamespace(%s) AND twin.relname = c.relname
            )
            """,
            [SCHEMA],
        )
        events = {event._meta.db_table for event in event_models().values()}
        assert {name for (name,) in cursor.fetchall()} == events | NEVER_READ_OF_THE_PAST
        cursor.execute(
            """
            SELECT DISTINCT view.relname, read.relname FROM pg_rewrite rule
            JOIN pg_class view ON view.oid = rule.ev_class AND view.relnamespace = to_regnamespace(%s)
            JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = rule.oid
            JOIN pg_class read ON d.refclassid = 'pg_class'::regclass AND d.refobjid = read.oid
            WHERE read.relnamespace = 'public'::regnamespace
            """,
            [SCHEMA],
        )
        assert {read for _, read in cursor.fetchall()} <= events | empty | {*PRESENT}


OPERATIONS = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "change"]), st.integers(0, 3)), min_size=1, max_size=6
)


class TestEveryState(PropertyTestCase):
    """Whatever is done in whatever order, each day's state can be asked for afterwards."""

    @settings(max_examples=15, deadline=None)
    @given(OPERATIONS)
    def test_each_day_is_remembered(self, operations: list[tuple[str, int]]) -> None:
        network = make.make_network()
        cities = [make.make_city() for _ in range(4)]
        happened_on("2020-01-01")
        states = []
        for number, (operation, which) in enumerate(operations, 1):
            rows = Membership.objects.filter(network=network, city=cities[which])
            if operation == "add" and not rows:
                make.make_membership(network=network, city=cities[which])
            elif operation == "remove":
                rows.delete()
            else:
                rows.update(role=f"role {number}")
            happened_on(f"2020-01-{number + 1:02}")
            states.append(_state(network))
        for number, state in enumerate(states, 1):
            moment = datetime.fromisoformat(f"2020-01-{number + 2:02}T00:00+00:00")
            with as_recorded_before(moment):
                assert _state(network) == state
        assert _state(network) == states[-1]


def _state(network: Any) -> set[tuple[str, str]]:
    return set(Membership.objects.public().filter(network=network).values_list("city__name", "role"))
