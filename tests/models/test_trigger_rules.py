"""Rules that triggers keep: across tables, and for what may never change."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pgtrigger
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, transaction

from registry import models as registry
from registry.models.base import Named, Record
from tests.factories import make_city, make_issue, make_office, make_party, make_policy
from tests.models.rows import row, save, tables

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Rule:
    """`good` and `bad` give a row, changed or new, that is about to be written."""

    trigger: str
    constraint: str
    good: Callable[[], Any]
    bad: Callable[[], Any]
    field: str
    message: str


def _changed(record: Any, **changes: Any) -> Any:
    for name, value in changes.items():
        setattr(record, name, value)
    return record


def _third_level(**given: Any) -> registry.Issue:
    return make_issue(parent=make_issue(parent=make_issue()), **given)


def _circle() -> registry.Issue:
    top = make_issue()
    make_issue(parent=make_issue(parent=top))
    return _changed(top, parent=registry.Issue.objects.get(parent__parent=top))


def _branch_too_deep() -> registry.Issue:
    """An issue with one below it, moved under an issue of the second level."""
    return _changed(make_issue(parent=make_issue()).parent, parent=make_issue(parent=make_issue()))


def _linked_office(**office: Any) -> registry.CityOffice:
    linked = make_office()
    save(row(registry.OfficeLink, office=make_office(city=linked.city), other=linked))
    return _changed(linked, **office)


def _carrying_office() -> registry.CityOffice:
    office = make_office()
    make_party(policy=make_policy(), city=office.city, office=office)
    return _changed(office, city=make_city())


DEEPER = "An issue tree has three levels at most, and no issue lies under itself."
MOVED = "The office is linked in its city and cannot move to another."
RULES = {
    "a fourth level": Rule(
        "depth",
        "registry_issue_depth",
        lambda: row(registry.Issue, parent=make_issue(parent=make_issue())),
        lambda: row(registry.Issue, parent=_third_level()),
        "parent",
        DEEPER,
    ),
    "a circle of issues": Rule(
        "depth",
        "registry_issue_depth",
        lambda: _changed(_third_level(), parent=None),
        _circle,
        "parent",
        DEEPER,
    ),
    "a branch moved too deep": Rule(
        "depth",
        "registry_issue_depth",
        lambda: _changed(make_issue(parent=make_issue()).parent, parent=make_issue()),
        _branch_too_deep,
        "parent",
        DEEPER,
    ),
    "an office link across cities": Rule(
        "within_one_city",
        "registry_officelink_within_one_city",
        lambda: row(registry.OfficeLink),
        lambda: row(registry.OfficeLink, other=make_office()),
        "other",
        "is not an office of",
    ),
    "a party with another city's office": Rule(
        "office_of_the_party",
        "registry_policyparty_office_of_city",
        lambda: row(registry.PolicyParty, city=(city := make_city()), office=make_office(city=city)),
        lambda: row(registry.PolicyParty, office=make_office()),
        "office",
        "is not an office of this city.",
    ),
    "a linked office that moves": Rule(
        "keeps_its_city",
        "registry_cityoffice_keeps_its_city",
        lambda: _linked_office(name="Renamed"),
        lambda: _linked_office(city=make_city()),
        "city",
        MOVED,
    ),
    "an office that moves away from its party": Rule(
        "keeps_its_city",
        "registry_cityoffice_keeps_its_city",
        lambda: _changed(make_office(), city=make_city()),
        _carrying_office,
        "city",
        MOVED,
    ),
}
each_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)


def write(record: Any) -> None:
    """Write the row past every check of Python."""
    if record._state.adding:
        save(record)
    else:
        type(record).objects.bulk_update([record], [RULED_COLUMNS[type(record)]])


RULED_COLUMNS: dict[type[Any], str] = {registry.Issue: "parent", registry.CityOffice: "city"}


@each_rule
def test_accepted(rule: Rule) -> None:
    good = rule.good()
    good.full_clean()
    write(good)


@each_rule
def test_refused_in_words(rule: Rule) -> None:
    with pytest.raises(ValidationError) as refused:
        rule.bad().full_clean()
    assert any(rule.message in text for text in refused.value.message_dict[rule.field])


@each_rule
def test_refused_by_the_database(rule: Rule) -> None:
    bad = rule.bad()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        write(bad)
    assert refused.value.__cause__.diag.constraint_name == rule.constraint  # type: ignore[union-attr]


def test_a_circle_made_by_one_statement_is_refused() -> None:
    first, second = make_issue(), make_issue()
    first.parent, second.parent = second, first
    with pytest.raises(IntegrityError, match="no issue lies under itself"), transaction.atomic():
        registry.Issue.objects.bulk_update([first, second], ["parent"])


@pytest.mark.parametrize("model", [m for m in tables() if issubclass(m, Record)], ids=lambda m: m.__name__)
def test_a_permanent_identifier_never_changes(model: Any) -> None:
    record = save(row(model))
    given = record.pid
    with pytest.raises(ProgrammingError, match="pid"), transaction.atomic():
        model.objects.filter(pk=record.pk).update(pid=uuid.uuid4())
    model.objects.filter(pk=record.pk).update(pid=given)
    assert not model._meta.get_field("pid").editable
    with pytest.raises(IntegrityError), transaction.atomic():
        save(row(model, pid=given))


def test_every_rule_of_a_trigger_is_tested() -> None:
    kept_elsewhere = {
        "insert_insert": "history: test_history.py",
        "update_update": "history: test_history.py",
        "delete_delete": "history: test_history.py",
        "append_only": "events and aliases: test_history.py, test_addresses.py",
        "pid_is_permanent": "above",
        "kept_as_given": "exchange/datasets/test_datasets.py",
        "stays_as_it_is": "test_releases.py",
        "address_refused": "test_addresses.py",
        "address_changed": "test_addresses.py",
        "address_retired": "test_addresses.py",
    }
    rules = {rule.trigger for rule in RULES.values()}
    names = {
        trigger.name
        for _, trigger in pgtrigger.registered()
        if not str(trigger.name).startswith(("ties_", "taking_part_", "words_"))  # test_ties.py and others
    }
    assert names == rules | set(kept_elsewhere)
    with_pid = {model for model, trigger in pgtrigger.registered() if trigger.name == "pid_is_permanent"}
    assert with_pid == {model for model in tables() if issubclass(model, Record)}
    for name in ("address_refused", "address_changed", "address_retired"):
        having = {model for model, trigger in pgtrigger.registered() if trigger.name == name}
        assert having == {model for model in tables() if issubclass(model, Named)}
