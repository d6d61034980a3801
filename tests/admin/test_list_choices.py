"""Lists in the admin: what staff decide of their rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from registry.models import (
    ListImport,
    Membership,
    TaughtName,
)
from tests.admin.conftest import signed_in
from tests.admin.list_pages import ADD, SOURCE, page_of, said, send
from tests.exchange.lists.brought import ambiguous, make_list, matched, only_row, unmatched
from tests.factories import (
    make_membership,
    make_network,
)

pytestmark = pytest.mark.django_db


def test_choices_survive_and_are_applied(editor: Client, cities: Any) -> None:
    """Chosen, searched for, left out: kept when the browser is closed, then applied as published."""
    network = make_network()
    listing = make_list(
        network,
        ambiguous("Paris", cities["paris"], cities["texas"], number=2),
        unmatched("Edo", number=3),
        unmatched("Atlantis", number=4),
        source=SOURCE,
    )
    response = send(
        editor,
        listing,
        row_2={"choice": cities["texas"].pk, "since": "2004"},
        row_3={"choice": "other", "other": cities["tokyo"].pk, "source": "A letter"},
        row_4={"choice": "none"},
    )
    assert "Your choices are saved." in said(response)
    assert listing.rows.standings() == {"add": 2, "left-out": 1}
    response = send(signed_in("Administrator"), listing, press="_apply", publication="published")
    assert "2 memberships added published, 2 names remembered" in said(response)
    paris = Membership.objects.public().get(city=cities["texas"])
    assert (paris.since, paris.citations.get().source.url) == ("2004", SOURCE)
    tokyo = Membership.objects.public().get(city=cities["tokyo"])
    assert tokyo.citations.get().source.title == "A letter"
    assert set(TaughtName.objects.values_list("name", "city", "network")) == {
        ("Paris", cities["texas"].pk, network.pk),
        ("Edo", cities["tokyo"].pk, network.pk),
    }


def test_only_what_was_touched_is_written(editor: Client, cities: Any) -> None:
    """Somebody else chose a city since the page was opened: an untouched answer leaves it."""
    listing = make_list(make_network(), unmatched("Edo"))
    row = only_row(listing)
    data = {
        "_save": "1",
        "rows": [row.pk],
        f"row-{row.pk}-choice": "",
        f"initial-row-{row.pk}-choice": "",
        f"row-{row.pk}-since": "2004",
        f"initial-row-{row.pk}-since": "",
    }
    listing.rows.update(city=cities["tokyo"], by_staff=True)
    editor.post(page_of(listing), data)
    row.refresh_from_db()
    assert (row.city, row.since) == (cities["tokyo"], "2004")


def test_looking_for_another_name_without_a_script(editor: Client, cities: Any) -> None:
    listing = make_list(make_network(), unmatched("City of Light"))
    send(editor, listing, row_2={"search": "Paris"})
    row = only_row(listing)
    assert row.name == "City of Light"
    assert {one["city_id"] for one in row.candidates} >= {cities["paris"].pk, cities["texas"].pk}


def test_a_choice_that_is_none_is_said_beside_it(editor: Client, cities: Any) -> None:
    listing = make_list(make_network(), unmatched("Edo"))
    for answer in ({"choice": "other"}, {"choice": "other", "other": 2**62}, {"choice": cities["sao"].pk}):
        response = send(editor, listing, row_2=answer)
        assert response.context["row_forms"][0].errors, answer
        assert only_row(listing).city is None


@pytest.mark.parametrize(("answer", "since"), [({"since": "2004"}, "2004"), ({"mended": "on"}, None)])
def test_a_date_that_cannot_be_read_is_dealt_with_first(
    editor: Client, cities: Any, fill_in: Any, answer: dict[str, str], since: str | None
) -> None:
    """It must not pass for a row that gives no date."""
    file = SimpleUploadedFile("members.csv", b"name,country,joined\nTokyo,Japan,last year\n")
    fill_in(editor, f"{ADD}?network={make_network().pk}", file=file)
    listing = ListImport.objects.get()
    row = only_row(listing)
    assert (row.standing, row.city) == ("invalid", cities["tokyo"])
    assert row.about.startswith("joined: “last year” is not a date")
    send(editor, listing, row_2=answer)
    send(editor, listing, press="_apply", publication="draft")
    assert Membership.objects.get().since == since


def test_both_dates_are_shown_and_staff_say_which_counts(editor: Client, cities: Any) -> None:
    network = make_network()
    membership = make_membership(city=cities["paris"], network=network, since="2005")
    listing = make_list(network, matched(cities["paris"], since="2006"))
    send(editor, listing, press="_apply", publication="published")
    membership.refresh_from_db()
    assert membership.since == "2005"  # nobody answered
    listing = make_list(network, matched(cities["paris"], since="2006"))
    send(editor, listing, row_2={"answer": "list"})
    response = send(editor, listing, press="_apply", publication="published")
    membership.refresh_from_db()
    assert (membership.since, "1 changed" in said(response)) == ("2006", True)
