"""Publishing, review and drafts: one statement for each table, by those who may, recorded with who did it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.actions.publish import publish, return_to_draft, send_to_review
from registry.models import JointPolicy, Network, PolicyParty, Tie
from tests.factories import make_city, make_issue, make_network, make_party, make_policy, make_staff, settle

pytestmark = pytest.mark.django_db


def draft_policy(parties: int = 2) -> Any:
    policy = make_policy(publication="draft", issues=[make_issue()])
    for _ in range(parties):
        make_party(policy=policy, city=make_city(), publication="draft")
    return policy


def test_who_may_not_publish_is_refused() -> None:
    policy = draft_policy()
    with pytest.raises(PermissionDenied):
        publish(JointPolicy.objects.all(), by=make_staff("c", "Contributor"))
    policy.refresh_from_db()
    assert policy.publication == "draft"


def test_ties_follow_a_publication() -> None:
    draft_policy()
    settle()
    assert not Tie.objects.exists()
    publish(JointPolicy.objects.all(), by=make_staff("e", "Editor"))
    settle()
    assert Tie.objects.count() == 1


def test_the_cost_does_not_depend_on_how_many() -> None:
    by = make_staff("e")
    costs = []
    for _ in range(2):
        draft_policy(parties=5)
        with CaptureQueriesContext(connection) as queries:
            publish(JointPolicy.objects.filter(publication="draft"), by=by)
        costs.append(len(queries))
        for _ in range(4):
            draft_policy()
    assert costs[0] == costs[1]


def test_a_filter_on_the_state_itself_is_no_trap() -> None:
    draft_policy()
    moved = publish(JointPolicy.objects.filter(publication="draft"), by=make_staff("e", "Editor"))
    assert (moved.records, moved.parts) == (1, {"policy parties": 2})
    assert moved.unsourced == {"joint policies": (1, 1), "policy parties": (2, 2)}


def test_contributors_take_back_only_what_is_in_review() -> None:
    by = make_staff("c", "Contributor")
    policy = draft_policy()
    send_to_review(JointPolicy.objects.all(), by=by)
    assert set(PolicyParty.objects.values_list("publication", flat=True)) == {"in-review"}
    published = make_network()
    assert return_to_draft(JointPolicy.objects.all(), by=by).records == 1
    assert return_to_draft(Network.objects.all(), by=by).records == 0
    policy.refresh_from_db()
    published.refresh_from_db()
    assert (policy.publication, published.publication) == ("draft", "published")


def test_who_published_is_recorded() -> None:
    policy = draft_policy()
    publish(JointPolicy.objects.all(), by=make_staff("erin", "Editor"))
    event = JointPolicy.pgh_event_model.objects.filter(pgh_obj=policy).latest("pgh_id")  # type: ignore[attr-defined]
    assert event.publication == "published"
    assert event.pgh_context.metadata["username"] == "erin"
