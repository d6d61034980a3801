"""Misspelt words find what they mean: in every kind of record, however its name came, and never a draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from registry.models import (
    CityOffice,
    Issue,
    IssueMapping,
    IssueScheme,
    JointPolicy,
    Network,
    NetworkName,
    Organisation,
    PolicyExperiment,
    Report,
    SchemeConcept,
)
from registry.search.find import find
from registry.search.words import Exactness
from tests import factories as make
from tests.models.rows import copy, row
from tests.models.test_ties import update

pytestmark = pytest.mark.django_db


def similar(text: str) -> list[tuple[str, int]]:
    """What is found by typing errors alone."""
    return [(one.kind, one.key) for one in find(text).matches if one.exactness == Exactness.SIMILAR]


def make_other_name(name: str, **given: Any) -> Network:
    network = make.make_network(**given)
    NetworkName.objects.create(network=network, name=name)
    return network


def make_experiment(name: str, **given: Any) -> PolicyExperiment:
    return PolicyExperiment.objects.create(
        policy=make.make_policy(), hypothesis=name, **{"publication": "published", **given}
    )


def make_mapped(label: str) -> Issue:
    issue = make.make_issue()
    scheme = IssueScheme.objects.create(slug="agenda", name="Agenda")
    concept = SchemeConcept.objects.create(scheme=scheme, code="1", label=label)
    IssueMapping.objects.create(issue=issue, concept=concept, match="exact")
    return issue


# Each kind with what makes a record of a name, and the column that the name stands in.
NAMED: dict[str, tuple[str, Callable[..., Any], type[Any], str]] = {
    "network": ("network", make.make_network, Network, "name"),
    "other name of a network": ("network", make_other_name, NetworkName, "name"),
    "joint policy": ("policy", make.make_policy, JointPolicy, "name"),
    "office": ("office", make.make_office, CityOffice, "name"),
    "organisation": ("organisation", make.make_organisation, Organisation, "name"),
    "report": ("report", make.make_report, Report, "name"),
    "experiment": ("experiment", make_experiment, PolicyExperiment, "hypothesis"),
    "issue": ("issue", make.make_issue, Issue, "name"),
    "concept of another scheme": ("issue", make_mapped, SchemeConcept, "label"),
}
PUBLISHED = {name: one for name, one in NAMED.items() if one[0] != "issue"}
every_kind = pytest.mark.parametrize("kind", NAMED)


@every_kind
def test_a_misspelt_word_is_found_in_each_kind(kind: str) -> None:
    found_as, factory, _, _ = NAMED[kind]
    record = factory("Sustainable neighbourhoods")
    assert similar("sustainable nieghborhoods") == [(found_as, record.pk)]


@every_kind
@pytest.mark.parametrize("way", ["bulk", "raw"])
def test_a_renamed_record_is_found_by_its_new_word(kind: str, way: str) -> None:
    found_as, factory, table, column = NAMED[kind]
    record = factory("Sustainable neighbourhoods")
    update(table.objects.all(), way, **{column: "Walkable boulevards"})
    assert similar("walkable boulevrads") == [(found_as, record.pk)]
    assert similar("nieghborhoods") == []


@pytest.mark.parametrize("kind", PUBLISHED)
@pytest.mark.parametrize("state", ["draft", "in-review"])
def test_a_draft_is_never_found_by_its_misspelt_words(kind: str, state: str) -> None:
    found_as, factory, _, _ = PUBLISHED[kind]
    record = factory("Sustainable neighbourhoods", publication=state)
    assert find("sustainable nieghborhoods").matches == []
    type(record).objects.filter(pk=record.pk).update(publication="published")
    assert similar("sustainable nieghborhoods") == [(found_as, record.pk)]


def test_names_of_a_copy_are_found() -> None:
    copy([row(Organisation, name="Sustainable neighbourhoods", publication="published")])
    assert similar("nieghborhoods") == [("organisation", Organisation.objects.get().pk)]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Climate leadership", "climate leadrship"),
        ("Climate leadership", "climate leadreship"),
        ("Climate leadership", "climat leaderhsip"),
        ("Climate leadership", "climate leadrs"),
        ("Climate leadership", "leadrship climate"),
        ("Climate leadership", "climate leadership pact"),
        ("Climate leadership", "climate leadrship xqzzyw"),
        ("Urban heat", "ubran heat"),
        ("Urban heat", "urban haet"),
        ("Urban heat", "urban het"),
        ("Urban heat", "urban heta"),
        ("Urban heat", "urbanheat"),
        ("Micromobility", "micro mobility"),
        ("Micromobility", "mircomobility"),
        ("Cycling and climate", "cycles clmate"),
        ("Gestion de l'énergie", "gestoin energie"),
        ("Climate plan 2030", "climte plan 2030"),
    ],
)
def test_what_is_typed_wrong(title: str, text: str) -> None:
    policy = make.make_policy(title)
    make.make_policy("Something else altogether")
    assert similar(text) == [("policy", policy.pk)]


@pytest.mark.parametrize("text", ["xqzzyw zzzzzz climate", "2031", "xqzzyw", "cmx"])
def test_what_is_another_thing(text: str) -> None:
    make.make_policy("Climate plan 2030")
    make.make_policy("Sustainable transport")
    assert find(text).matches == []


def test_the_closest_come_first() -> None:
    near = make.make_policy("Leadership")
    nearer = make.make_policy("Climate leadership")
    assert similar("climate leadrship") == [("policy", nearer.pk)]
    assert similar("leadrship") == [("policy", nearer.pk), ("policy", near.pk)]


def test_acronyms_are_not_misspelt() -> None:
    make.make_network("Sustainable neighbourhoods", acronym="ICLEI")
    assert find("icley").matches == []
