"""The form of an experiment: what staff enter, and what the public then sees."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from registry.models import PolicyExperiment
from tests import factories as make
from tests.admin.conftest import errors_of

pytestmark = pytest.mark.django_db
ADD = "/admin/registry/policyexperiment/add/"


def test_an_experiment_with_sites_outcome_replication_and_source(editor: Client, fill_in: Any) -> None:
    policy = make.make_policy("Cycling pact", issues=[make.make_issue()])
    paris, tokyo = make.make_city("Paris"), make.make_city("Tokyo", country="JP")
    again = PolicyExperiment.objects.create(policy=make.make_policy(), hypothesis="The same elsewhere.")
    response = fill_in(
        editor,
        ADD,
        press="_publish",
        policy=policy.pk,
        hypothesis="More lanes, more cyclists.",
        sites=[paris.pk, tokyo.pk],
        comparator="Streets without lanes.",
        outcome="Half more.",
        replicated_by=[again.pk],
        rows={"citations": [{"reference": "https://example.org/report", "locator": "p. 3"}]},
    )
    assert response.status_code == 302, errors_of(response)
    found = PolicyExperiment.objects.get(policy=policy)
    assert found.publication == "published"
    assert {*found.sites.all()} == {paris, tokyo}
    assert found.replicated_by.get() == again
    assert found.citations.get().locator == "p. 3"
    page = Client().get(found.get_absolute_url()).content.decode()
    assert "https://example.org/report" in page
    assert "The same elsewhere." not in page, "it is a draft"


def test_the_form_stands_ready_for_a_source_and_the_policy_s_form_for_replications(editor: Client) -> None:
    form = editor.get(ADD).content.decode()
    assert 'name="citations-0-reference"' in form
    policy = make.make_policy()
    PolicyExperiment.objects.create(policy=policy, hypothesis="One.")
    form = editor.get(f"/admin/registry/jointpolicy/{policy.pk}/change/").content.decode()
    assert 'name="experiments-0-replicated_by"' in form


def test_a_hypothesis_is_needed(editor: Client, fill_in: Any) -> None:
    response = fill_in(editor, ADD, policy=make.make_policy().pk, hypothesis=" ")
    assert response.status_code == 200
    assert "hypothesis" in errors_of(response)
