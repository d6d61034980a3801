"""Who may do what: Contributors draft, Editors publish, Administrators manage staff."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from registry.models import Membership, Network
from tests.admin.conftest import errors_of
from tests.factories import (
    cite,
    make_city,
    make_issue,
    make_membership,
    make_network,
    make_office,
    make_party,
    make_policy,
    make_source,
    make_staff,
)

pytestmark = pytest.mark.django_db
NETWORKS = "/admin/registry/network/"


def act(client: Client, kind: str, action: str, *records: Any) -> Any:
    """Run an action of a list on some records, and the page that follows."""
    data = {"action": action, "_selected_action": [record.pk for record in records]}
    return client.post(f"/admin/registry/{kind}/", data, follow=True)


def said(response: Any) -> str:
    """The messages of a page."""
    return " ".join(str(message) for message in response.context["messages"])


def state(record: Any) -> str:
    """The record's publication now."""
    record.refresh_from_db()
    return record.publication


# --- Contributors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [{"publication": "published"}, {"press": "_publish"}])
def test_a_contributor_cannot_publish_a_new_record(contributor: Client, fill_in: Any, how: Any) -> None:
    response = fill_in(contributor, f"{NETWORKS}add/", name="N", scope="regional", **how)
    assert "published is not one of the available choices" in errors_of(response)["publication"][0]
    assert not Network.objects.exists()


def test_a_contributor_sends_to_review(contributor: Client, fill_in: Any) -> None:
    draft = make_network(publication="draft")
    page = contributor.get(f"{NETWORKS}{draft.pk}/change/").content.decode()
    assert 'name="_review"' in page
    assert 'name="_publish"' not in page
    fill_in(contributor, f"{NETWORKS}{draft.pk}/change/", press="_review")
    assert state(draft) == "in-review"


def test_a_contributor_only_proposes_changes_to_what_is_published(contributor: Client) -> None:
    network = make_network()
    address = f"{NETWORKS}{network.pk}/change/"
    page = contributor.get(address).content.decode()
    assert "waits as a proposal until an editor accepts it" in page
    assert 'name="_propose"' in page
    assert 'name="_save"' not in page
    assert "deletelink" not in page
    assert contributor.post(address, {"name": "Other"}).status_code == 403
    assert contributor.post(f"{NETWORKS}{network.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_contributor_adds_a_draft_to_a_published_record(contributor: Client, fill_in: Any) -> None:
    network, city = make_network(), make_city()
    address = "/admin/registry/membership/add/"
    assert fill_in(contributor, address, network=network.pk, city=city.pk).status_code == 302
    assert Membership.objects.get().publication == "draft"


def test_a_published_row_of_a_draft_is_not_changed_by_a_contributor(
    contributor: Client, fill_in: Any
) -> None:
    row = make_membership(network=make_network(publication="draft"), role="as published")
    address = f"{NETWORKS}{row.network.pk}/change/"
    tampered = {"memberships-0-status": "left", "memberships-0-DELETE": "on"}
    assert fill_in(contributor, address, **tampered).status_code == 302
    row.refresh_from_db()
    assert row.status == "member"


def test_a_contributor_cannot_delete_what_would_take_published_rows_along(contributor: Client) -> None:
    row = make_membership(network=make_network(publication="draft"))
    address = f"{NETWORKS}{row.network.pk}/delete/"
    assert "your account doesn" in contributor.get(address).content.decode()
    assert contributor.post(address, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("kind", ["city", "network", "jointpolicy", "cityoffice"])
def test_bulk_actions_of_a_contributor(contributor: Client, kind: str) -> None:
    makers: dict[str, Any] = {
        "city": make_city,
        "network": make_network,
        "jointpolicy": make_policy,
        "cityoffice": make_office,
    }
    published, draft = makers[kind](), makers[kind](publication="draft")
    page = contributor.get(f"/admin/registry/{kind}/").content.decode()
    assert 'value="send_to_review"' in page
    assert 'value="publish"' not in page
    act(contributor, kind, "publish", draft)
    assert state(draft) == "draft"
    act(contributor, kind, "send_to_review", published, draft)
    assert (state(published), state(draft)) == ("published", "in-review")
    act(contributor, kind, "return_to_draft", published, draft)
    assert (state(published), state(draft)) == ("published", "draft")


def test_a_source_that_supports_the_published_is_the_editors(contributor: Client, editor: Client) -> None:
    source, used = make_source(), cite(make_network()).source
    for client, one, may in [(contributor, source, True), (contributor, used, False), (editor, used, True)]:
        page = client.get(f"/admin/registry/source/{one.pk}/change/").content.decode()
        assert ('name="_save"' in page) is may


# --- Editors ----------------------------------------------------------------------------------------------


def test_an_editor_publishes_a_policy_with_its_parts(editor: Client) -> None:
    policy = make_policy(publication="in-review", issues=[make_issue()])
    parties = [make_party(policy=policy, city=make_city(), publication="in-review") for _ in range(3)]
    cite(parties[0])
    cite(policy)
    text = said(act(editor, "jointpolicy", "publish", policy))
    assert "1 joint policy published, with 3 policy parties." in text
    assert "Policy parties: 2 of 3 published are unsourced." in text
    assert [state(one) for one in [policy, *parties]] == ["published"] * 4


def test_what_still_refers_to_a_draft_is_told(editor: Client) -> None:
    policy = make_policy(publication="draft")
    make_party(policy=policy, city=make_city(publication="draft"), publication="draft")
    text = said(act(editor, "jointpolicy", "publish", policy))
    assert "Policy parties: 1 published do not show yet" in text


def test_publishing_a_network_leaves_its_memberships(editor: Client) -> None:
    row = make_membership(network=make_network(publication="draft"), publication="draft")
    act(editor, "network", "publish", row.network)
    assert (state(row.network), state(row)) == ("published", "draft")


def test_the_publish_button_takes_drafts_of_the_policy_along(editor: Client, fill_in: Any) -> None:
    policy = make_policy(publication="in-review", issues=[make_issue()])
    party = make_party(policy=policy, city=make_city(), publication="draft")
    fill_in(editor, f"/admin/registry/jointpolicy/{policy.pk}/change/", press="_publish")
    assert (state(policy), state(party)) == ("published", "published")


def test_a_row_added_to_a_published_record_is_published(editor: Client, fill_in: Any) -> None:
    network = make_network()
    rows = {"memberships": [{"city": make_city().pk}]}
    fill_in(editor, f"{NETWORKS}{network.pk}/change/", rows=rows)
    assert Membership.objects.public().count() == 1


def test_an_editor_takes_a_record_off_the_site(editor: Client) -> None:
    network = make_network()
    act(editor, "network", "return_to_draft", network)
    assert state(network) == "draft"


def test_nothing_to_do_is_said(editor: Client) -> None:
    assert "None of them could be published" in said(act(editor, "network", "publish", make_network()))


def test_only_published_records_lead_to_their_page(editor: Client) -> None:
    for publication, shown in [("draft", False), ("published", True)]:
        network = make_network(publication=publication)
        page = editor.get(f"{NETWORKS}{network.pk}/change/").content.decode()
        assert (f'href="/networks/{network.slug}/"' in page) is shown


# --- Administrators ---------------------------------------------------------------------------------------


def test_administrators_manage_accounts_but_make_no_superuser(administrator: Client, fill_in: Any) -> None:
    someone, root = make_staff("someone", "Contributor"), make_staff("root")
    address = f"/admin/auth/user/{someone.pk}/change/"
    assert fill_in(administrator, address, email="a@example.org", is_superuser="on").status_code == 302
    someone.refresh_from_db()
    assert (someone.email, someone.is_superuser) == ("a@example.org", False)
    assert administrator.post(f"/admin/auth/user/{root.pk}/change/", {}).status_code == 403
    assert administrator.post(f"/admin/auth/user/{root.pk}/delete/", {"post": "yes"}).status_code == 403
    assert administrator.post(f"/admin/auth/user/{root.pk}/password/", {}).status_code == 403
    assert User.objects.filter(is_superuser=True).count() == 1


def test_editors_do_not_manage_accounts(editor: Client) -> None:
    assert editor.get("/admin/auth/user/").status_code == 403


def test_the_index_groups_models_and_counts_what_waits(editor: Client) -> None:
    make_network(publication="draft")
    make_network(publication="in-review")
    page = editor.get("/admin/")
    groups = [group["name"] for group in page.context["app_list"]]
    assert groups[:4] == ["Joint policies", "Networks", "City hall", "Cities"]
    assert "Other" not in groups
    text = page.content.decode()
    assert "1 in review" in text
    assert "1 draft" in text
    assert "Event" not in text
