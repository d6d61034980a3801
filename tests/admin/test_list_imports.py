"""Lists in the admin: brought in, looked through, corrected, applied once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.models import (
    Citation,
    ListImport,
    Membership,
    PolicyParty,
    RosterConfirmation,
    TaughtName,
)
from registry.models.cities import City
from tests.admin.conftest import errors_of, signed_in
from tests.exchange.lists.brought import ambiguous, make_list, matched, only_row, unmatched
from tests.factories import (
    make_city,
    make_country,
    make_membership,
    make_network,
    make_party,
    make_policy,
    make_staff,
)

pytestmark = pytest.mark.django_db
ADD = "/admin/registry/listimport/add/"
SOURCE = "https://example.org/members"


@pytest.fixture
def cities(db: None) -> dict[str, City]:
    """A small gazetteer with two cities called Paris."""
    for code, name in {"BR": "Brazil", "FR": "France", "JP": "Japan", "US": "United States"}.items():
        make_country(code, name=name)
    return {
        "paris": make_city(
            "Paris", population=2_138_551, latitude=48.85, longitude=2.35, geonames_id=2988507
        ),
        "texas": make_city(
            "Paris", country="US", population=24_782, latitude=33.66, longitude=-95.55, geonames_id=4717560
        ),
        "tokyo": make_city("Tokyo", country="JP", population=9_733_276, geonames_id=1850147),
        "sao": make_city("São Paulo", country="BR", population=10_021_295, geonames_id=3448439),
    }


def page_of(listing: ListImport) -> str:
    """The address of the list's page."""
    return f"/admin/registry/listimport/{listing.pk}/change/"


def send(client: Client, listing: ListImport, press: str = "_save", show: str = "", **given: Any) -> Any:
    """Press a button of the list's page; `row_2={"choice": …}` answers for the row of that number."""
    answers = {int(name[4:]): given.pop(name) for name in list(given) if name.startswith("row_")}
    data: dict[str, Any] = {press: "1", "rows": [], **given}
    for row in listing.rows.filter(number__in=answers):
        data["rows"].append(row.pk)
        for name in ("since", "until", "status", "role", "source"):
            data[f"row-{row.pk}-{name}"] = data[f"initial-row-{row.pk}-{name}"] = getattr(row, name)
        data[f"initial-row-{row.pk}-choice"] = str(row.city_id or "")
        data[f"row-{row.pk}-choice"] = str(row.city_id or "")
        data |= {f"row-{row.pk}-{name}": value for name, value in answers[row.number].items()}
    return client.post(page_of(listing) + (f"?show={show}" if show else ""), data, follow=True)


def said(response: Any) -> str:
    """The messages of a page."""
    return " ".join(str(message) for message in response.context["messages"])


# --- Bringing a list in ------------------------------------------------------------------------------------


def test_a_pasted_list_becomes_a_plan(editor: Client, cities: Any, fill_in: Any) -> None:
    network = make_network("C40")
    text = "Paris, France\nTokio, Japan\nAtlantis\n"
    response = fill_in(
        editor, f"{ADD}?network={network.pk}", pasted=text, source=SOURCE, observed_on="2025-11"
    )
    assert response.status_code == 302, errors_of(response)
    listing = ListImport.objects.get()
    assert (listing.network, listing.source, listing.observed_on) == (network, SOURCE, "2025-11")
    assert listing.made_by.username == "editor"
    assert listing.rows.get(number=1).city == cities["paris"]
    assert not Membership.objects.exists()
    page = editor.get(response.url)
    assert "3 rows were read" in said(page)


def test_a_file_becomes_a_plan(editor: Client, cities: Any, fill_in: Any) -> None:
    policy = make_policy()
    file = SimpleUploadedFile("signed.csv", b"name,country,role\nTokyo,Japan,lead\n")
    response = fill_in(editor, f"{ADD}?policy={policy.pk}", file=file)
    assert response.status_code == 302, errors_of(response)
    row = ListImport.objects.get(policy=policy, file_name="signed.csv").rows.get()
    assert (row.number, row.city, row.role) == (2, cities["tokyo"], "lead")


BAD = {
    "nothing": ({}, "file", "Choose a file or paste the list."),
    "both": ({"pasted": "Paris", "file": b"name\nParis\n"}, "file", "not both"),
    "binary": ({"file": b"\x00\x01\x02\xff" * 100}, "file", ""),
    "empty": ({"file": b""}, "file", "empty"),
    "header only": ({"file": b"name,country\n"}, "file", ""),
    "no date": ({"pasted": "Paris", "observed_on": "last year"}, "observed_on", "is not a date"),
    "no source": ({"pasted": "Paris", "source": "https://no one"}, "source", "not an address"),
}


@pytest.mark.parametrize(("given", "field", "message"), BAD.values(), ids=BAD)
def test_a_bad_list_is_refused_beside_its_field(
    editor: Client, fill_in: Any, given: Any, field: str, message: str
) -> None:
    given = dict(given)
    if "file" in given:
        given["file"] = SimpleUploadedFile("list.csv", given["file"])
    response = fill_in(editor, f"{ADD}?network={make_network().pk}", **given)
    assert message in " ".join(errors_of(response)[field])
    assert not ListImport.objects.exists()


@pytest.mark.parametrize("both", [True, False])
def test_a_list_is_of_one_network_or_one_policy(editor: Client, fill_in: Any, both: bool) -> None:
    whose = {"network": make_network().pk, "policy": make_policy().pk} if both else {}
    response = fill_in(editor, ADD, pasted="Paris", **whose)
    assert errors_of(response)["__all__"] == ["A list is of one network or of one joint policy."]


def test_it_is_reached_from_the_first_page_and_both_forms(editor: Client) -> None:
    network, policy = make_network(), make_policy()
    assert f'href="{ADD}"' in editor.get("/admin/").content.decode()
    form = editor.get(f"/admin/registry/network/{network.pk}/change/").content.decode()
    assert f'href="{ADD}?network={network.pk}"' in form
    form = editor.get(f"/admin/registry/jointpolicy/{policy.pk}/change/").content.decode()
    assert f'href="{ADD}?policy={policy.pk}"' in form


# --- Looking through the plan ------------------------------------------------------------------------------


def test_the_page_shows_how_rows_stand(editor: Client, cities: Any) -> None:
    network = make_network()
    make_membership(city=cities["sao"], network=network, since="2005")
    gone = make_membership(city=make_city("Lyon"), network=network)
    listing = make_list(
        network,
        ambiguous("Paris", cities["paris"], cities["texas"], number=2),
        unmatched("Atlantis", number=3),
        matched(cities["tokyo"], 4),
        matched(cities["sao"], 5, since="2006"),
    )
    page = editor.get(page_of(listing))
    tabs = {tab["name"]: tab["number"] for tab in page.context["tabs"]}
    assert tabs == {"ambiguous": 1, "unmatched": 1, "changed": 1, "add": 1, "missing": 1}
    text = " ".join(page.content.decode().split())
    assert "Paris, France (2,138,551)" in text
    assert "Paris, United States (24,782)" in text
    assert text.count('class="candidate"') == 2
    changed = editor.get(f"{page_of(listing)}?show=changed").content.decode()
    assert "Since: the registry has 2005, the list 2006." in changed
    missing = editor.get(f"{page_of(listing)}?show=missing").content.decode()
    assert f'name="left" value="{gone.pk}"' in missing


def test_a_page_costs_the_same_for_few_rows_and_many(editor: Client) -> None:
    def queries(number: int) -> int:
        network = make_network()
        rows = []
        for at in range(2, number + 2):
            country = f"{chr(65 + at // 26)}{chr(65 + at % 26)}"
            make_country(country, alpha3=f"{at:03}", name=f"Country {at}")
            pair = [make_city(country=country, latitude=at % 60, longitude=at) for _ in range(2)]
            rows.append(ambiguous("X", *pair, number=at))
        listing = make_list(network, *rows)
        with CaptureQueriesContext(connection) as counted:
            assert editor.get(page_of(listing)).status_code == 200
        return len(counted)

    few = queries(3)
    assert queries(40) == few
    assert few <= 20


def test_fifty_rows_a_page(editor: Client) -> None:
    city = make_city()
    listing = make_list(make_network(), *(matched(city, number) for number in range(2, 125)))
    page = editor.get(f"{page_of(listing)}?show=there&p=2")
    assert len(page.context["row_forms"]) == 50
    assert len(editor.get(f"{page_of(listing)}?show=there&p=99").context["row_forms"]) == 22
    for odd in ("show=nonsense", "p=x", "p=-1", "show=%00"):
        assert editor.get(f"{page_of(listing)}?{odd}").status_code == 200


# --- Correcting it -----------------------------------------------------------------------------------------


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


# --- Applying it -------------------------------------------------------------------------------------------


def test_a_contributor_applies_drafts_and_changes_nothing_published(contributor: Client, cities: Any) -> None:
    network = make_network()
    make_membership(city=cities["paris"], network=network)
    listing = make_list(network, matched(cities["paris"], since="2004"), matched(cities["tokyo"], 3))
    page = contributor.get(f"{page_of(listing)}?show=changed").content.decode()
    assert "only an editor can change it" in page
    refused = send(contributor, listing, press="_apply", publication="published")
    assert refused.context["settings"].errors
    response = send(contributor, listing, press="_apply", publication="draft")
    assert "1 memberships added as drafts" in said(response)
    assert "1 published records were left as they are" in said(response)
    assert not Membership.objects.filter(since="2004").exists()
    assert Membership.objects.get(city=cities["tokyo"]).publication == "draft"


def test_an_account_without_the_permission_to_add_applies_nothing(cities: Any) -> None:
    client = Client()
    account = make_staff("looker", "Contributor")
    account.groups.get().permissions.filter(codename="add_membership").delete()
    client.force_login(account)
    listing = make_list(make_network(), matched(cities["tokyo"]))
    assert send(client, listing, press="_apply", publication="draft").status_code == 403
    assert not Membership.objects.exists()


def test_the_second_who_applies_is_told(editor: Client, cities: Any) -> None:
    listing = make_list(make_network(), matched(cities["tokyo"]))
    send(editor, listing, press="_apply", publication="published")
    response = send(signed_in("Administrator"), listing, press="_apply", publication="published")
    assert "This list was applied by editor at 20" in said(response)
    assert Membership.objects.count() == 1


def test_the_same_list_again_adds_nothing(editor: Client, cities: Any) -> None:
    network = make_network()
    for _ in range(2):
        listing = make_list(
            network, matched(cities["tokyo"]), matched(cities["sao"], 3, since="2004"), source=SOURCE
        )
        send(editor, listing, press="_apply", publication="published")
    assert listing.rows.standings() == {"there": 2}
    assert (Membership.objects.count(), Citation.objects.count()) == (2, 2)


def test_a_discarded_list_is_not_applied(editor: Client, cities: Any) -> None:
    listing = make_list(make_network(), matched(cities["tokyo"]))
    send(editor, listing, press="_discard")
    response = send(editor, listing, press="_apply", publication="draft")
    assert "This list was discarded" in said(response)
    assert not Membership.objects.exists()


def test_members_left_out_of_a_complete_list_have_left(editor: Client, cities: Any) -> None:
    network = make_network()
    gone = make_membership(city=cities["paris"], network=network, since="2005")
    listing = make_list(network, matched(cities["tokyo"]), source=SOURCE, observed_on="2025-11-03")
    response = send(editor, listing, press="_apply", publication="published", missing="left")
    assert "1 recorded as having left" in said(response)
    gone.refresh_from_db()
    assert (gone.status, gone.until, gone.ended) == ("left", None, "ended")
    assert gone.note == "Not on the list of 2025-11-03."
    assert gone.citations.get().quote == "Not on the list."
    check = RosterConfirmation.objects.get()
    assert (str(check.confirmed_by), check.complete, check.publication) == ("editor", True, "published")
    assert check.citations.get().source.url == SOURCE


def test_members_that_left_are_ticked_one_by_one(editor: Client, cities: Any) -> None:
    network = make_network()
    gone = make_membership(city=cities["paris"], network=network)
    stays = make_membership(city=cities["sao"], network=network)
    listing = make_list(network, matched(cities["tokyo"]))
    send(
        editor, listing, show="missing", missing="incomplete", shown=[gone.pk, stays.pk], left=[gone.pk, 999]
    )
    listing.refresh_from_db()
    assert (listing.missing, list(listing.departed.all())) == ("some", [gone])
    send(editor, listing, press="_apply", publication="published", missing="some")
    assert set(Membership.objects.values_list("city__name", "status")) == {
        ("Paris", "left"),
        ("São Paulo", "member"),
        ("Tokyo", "member"),
    }


def test_an_incomplete_list_says_nothing_of_the_others(editor: Client, cities: Any) -> None:
    network = make_network()
    make_membership(city=cities["paris"], network=network)
    send(editor, make_list(network, matched(cities["tokyo"])), press="_apply", publication="published")
    assert not Membership.objects.filter(status="left").exists()
    assert not RosterConfirmation.objects.exists()


def test_a_list_with_undecided_rows_confirms_no_complete_roster(editor: Client, cities: Any) -> None:
    listing = make_list(make_network(), matched(cities["tokyo"]), unmatched("Edo", number=3))
    response = send(editor, listing, press="_apply", publication="published", missing="left")
    assert "1 rows were not applied" in said(response)
    assert not RosterConfirmation.objects.get().complete
    send(editor, listing, press="_rest")
    rest = ListImport.objects.exclude(pk=listing.pk).get()
    assert [(row.name, row.standing) for row in rest.rows.all()] == [("Edo", "unmatched")]


def test_parties_to_a_joint_policy(editor: Client, cities: Any) -> None:
    policy = make_policy()
    gone = make_party(policy=policy, city=cities["paris"])
    listing = make_list(policy, matched(cities["tokyo"], role="lead"), source=SOURCE)
    send(editor, listing, press="_apply", publication="published", missing="left")
    tokyo = PolicyParty.objects.get(city=cities["tokyo"])
    assert (tokyo.role, tokyo.publication, tokyo.citations.get().source.url) == ("lead", "published", SOURCE)
    gone.refresh_from_db()
    assert gone.ended == "ended"


def test_what_another_session_recorded_meanwhile_is_no_crash(
    editor: Client, cities: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database refuses at the last moment: nothing is applied and the plan is shown anew."""
    network = make_network()
    listing = make_list(network, matched(cities["tokyo"], since="2004"))
    genuine = Membership.objects.bulk_create

    def late(rows: Any, *args: Any, **kwargs: Any) -> Any:
        make_membership(city=cities["tokyo"], network=network, since="2001")
        return genuine(rows, *args, **kwargs)

    monkeypatch.setattr(
        type(Membership.objects), "bulk_create", lambda self, rows, **given: late(rows, **given)
    )
    response = send(editor, listing, press="_apply", publication="published")
    assert "nothing was applied" in said(response)
    listing.refresh_from_db()
    assert listing.state == "open"


def test_everything_applied_carries_the_batch_and_who(editor: Client, cities: Any) -> None:
    network = make_network()
    listing = make_list(network, unmatched("Edo"), source=SOURCE)
    edo = {"choice": "other", "other": cities["tokyo"].pk}
    send(editor, listing, press="_apply", publication="published", row_2=edo)
    records: list[Any] = [
        Membership.objects.get(),
        Citation.objects.get(),
        TaughtName.objects.get(),
        listing,
    ]
    for record in records:
        event = type(record).pgh_event_model.objects.filter(pgh_obj=record.pk).latest("pgh_id")
        said_of = event.pgh_context.metadata
        assert (said_of["batch"], said_of["username"]) == (str(listing.batch), "editor")


def test_an_applied_list_is_kept(editor: Client, cities: Any) -> None:
    listing = make_list(make_network(), matched(cities["tokyo"]))
    send(editor, listing, press="_apply", publication="draft")
    assert editor.post(f"/admin/registry/listimport/{listing.pk}/delete/", {"post": "yes"}).status_code == 403
    assert ListImport.objects.exists()
