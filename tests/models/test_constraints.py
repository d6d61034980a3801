"""Each constraint of the model: a row accepted, a row refused in words, a row refused by the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from registry import models as registry
from tests.factories import make_city, make_network
from tests.models.constraint_case import Case
from tests.models.constraint_cases import CASES
from tests.models.rows import row, save, tables

pytestmark = pytest.mark.django_db
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.constraint)


def write(instance: Any) -> None:
    """Write the row past every check of Python."""
    if instance.pk is None or instance._state.adding:
        save(instance)
        return
    fields = [field for field in instance._meta.concrete_fields if not field.generated]
    values = {field.attname: getattr(instance, field.attname) for field in fields if not field.primary_key}
    type(instance)._base_manager.filter(pk=instance.pk).update(**values)


@each_case
def test_accepted(case: Case) -> None:
    good = case.good()
    good.full_clean()
    save(good)


@each_case
def test_refused_in_words(case: Case) -> None:
    bad = case.bad()
    with pytest.raises(ValidationError) as refused:
        bad.full_clean()
    messages = refused.value.message_dict
    assert any(case.message in message for message in messages.get(case.field, [])), messages


@each_case
def test_refused_by_the_database(case: Case) -> None:
    bad = case.bad()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        write(bad)
    assert refused.value.__cause__.diag.constraint_name == case.constraint  # type: ignore[union-attr]


def test_every_constraint_has_a_case() -> None:
    declared = {
        constraint.name
        for model in tables()
        if model is not registry.Tie  # written by the database alone, which orders the two cities itself
        for constraint in model._meta.constraints
    }
    assert declared == {case.constraint for case in CASES}


def test_every_column_of_choices_is_checked() -> None:
    unchecked = [
        f"{model.__name__}.{field.name}"
        for model in tables()
        if model is not registry.Tie
        for field in model._meta.concrete_fields
        if field.choices
        and f"{model._meta.db_table}_{field.name}_known" not in {c.name for c in model._meta.constraints}
    ]
    assert not unchecked


def test_every_constraint_speaks_to_people() -> None:
    silent = [
        constraint.name
        for model in tables()
        if model is not registry.Tie
        for constraint in model._meta.constraints
        if "%(name)s" in str(constraint.violation_error_message)
    ]
    assert not silent


@pytest.mark.parametrize("model", [registry.Citation, registry.Identifier, registry.Partnership])
def test_two_targets_are_one_too_many(model: Any) -> None:
    second = {"network": make_network()}
    with pytest.raises(ValidationError):
        row(model, **second).full_clean()
    with pytest.raises(IntegrityError, match="exactly_one_target"), transaction.atomic():
        save(row(model, **second))


# A city's periods in one network: the first, the second, and whether both may stand.
PERIODS = {
    "adjacent years": ({"since": "2005", "until": "2009"}, {"since": "2010"}, True),
    "adjacent months": ({"since": "2005", "until": "2009-06"}, {"since": "2009-07"}, True),
    "an end without a day includes its month": (
        {"since": "2005", "until": "2009-06"},
        {"since": "2009-06-30"},
        False,
    ),
    "an open period claims the future": ({"since": "2005"}, {"since": "2020"}, False),
    "an ongoing period claims the future": ({"since": "2005", "ended": "ongoing"}, {"since": "2020"}, False),
    "rejoined after an unknown end": ({"since": "2005", "ended": "ended"}, {"since": "2010"}, True),
    "rejoined in the year it was last seen": (
        {"since": "2005", "ended": "ended", "observed_on": "2010"},
        {"since": "2010-03"},
        False,
    ),
    "a checked absence claims nothing": ({"since": "2005", "status": "never"}, {"since": "2005"}, True),
    "nor does an unknown status": ({"since": "2005", "status": "unknown"}, {"since": "2005"}, True),
    "an applicant becomes a member": (
        {"since": "2005", "until": "2006", "status": "applicant"},
        {"since": "2007"},
        True,
    ),
    "nobody is applicant and member at once": (
        {"since": "2005", "status": "applicant"},
        {"since": "2007"},
        False,
    ),
    "a snapshot beside a period": ({"since": "2005"}, {"observed_on": "2010"}, True),
}


@pytest.mark.parametrize(("first", "second", "both"), PERIODS.values(), ids=PERIODS)
def test_periods_of_a_membership(first: dict[str, str], second: dict[str, str], both: bool) -> None:
    pair = {"city": make_city(), "network": make_network()}
    save(row(registry.Membership, **pair, **first))
    again = row(registry.Membership, **pair, **second)
    if both:
        again.full_clean()
        save(again)
        return
    with pytest.raises(ValidationError) as refused:
        again.full_clean()
    assert set(refused.value.message_dict) == {"since"}
    with pytest.raises(IntegrityError, match="registry_membership_no_overlap"), transaction.atomic():
        save(again)


def test_a_party_without_dates_is_a_party_once() -> None:
    party = save(row(registry.PolicyParty))
    with pytest.raises(ValidationError, match="party to this policy in that period already"):
        row(registry.PolicyParty, policy=party.policy, city=party.city, since="2010").full_clean()


def test_reversed_dates_are_words_beside_the_end_and_no_crash() -> None:
    membership = row(registry.Membership, since="2010", until="2005", ended="ongoing")
    with pytest.raises(ValidationError) as refused:
        membership.full_clean()
    assert refused.value.message_dict == {
        "until": ["The end lies before the start."],
        "ended": ["It cannot be ongoing and have an end date."],
    }
