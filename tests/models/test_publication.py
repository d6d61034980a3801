"""What the public may see: a link only if it and every end of it are published."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.db import models

from registry import models as registry
from registry.choices import Publication
from registry.models.base import PublicRecord
from tests.factories import make_network
from tests.models.rows import row, save, tables

pytestmark = pytest.mark.django_db
STATES = Publication.values
# Where each end of a link lies, as a reader would name them.
ENDS: dict[type[PublicRecord], tuple[str, ...]] = {
    registry.CityLink: ("city", "other"),
    registry.CityOffice: ("city",),
    registry.Membership: ("city", "network"),
    registry.NetworkLink: ("network", "other"),
    registry.OfficeHolder: ("office", "office.city"),
    registry.OfficeLink: ("office", "other", "office.city"),
    registry.Partnership: ("organisation", "policy"),
    registry.PolicyExperiment: ("policy",),
    registry.PolicyParty: ("policy", "city"),
    registry.RosterConfirmation: ("network",),
}
RECORDS = [model for model in tables() if issubclass(model, PublicRecord)]


def set_state(record: Any, path: str, state: str) -> None:
    for name in path.split(".") if path else []:
        record = getattr(record, name)
    type(record).objects.filter(pk=record.pk).update(publication=state)


def check_every_combination(link: PublicRecord, ends: tuple[str, ...]) -> None:
    """All are published or one is not: three states of the link and of each end."""
    for states in product(STATES, repeat=len(ends) + 1):
        for path, state in zip(("", *ends), states, strict=True):
            set_state(link, path, state)
        expected = set(states) == {Publication.PUBLISHED}
        assert type(link).objects.public().filter(pk=link.pk).exists() is expected, states


@pytest.mark.parametrize("model", ENDS, ids=lambda model: model.__name__)
def test_a_link_is_public_if_it_and_its_ends_are(model: Any) -> None:
    check_every_combination(save(row(model)), ENDS[model])


def test_a_partnership_in_a_network_asks_for_the_network() -> None:
    partnership = save(row(registry.Partnership, policy=None, network=make_network()))
    check_every_combination(partnership, ("organisation", "network"))


@pytest.mark.parametrize("model", [m for m in RECORDS if m not in ENDS], ids=lambda model: model.__name__)
def test_a_record_without_ends_asks_for_itself(model: Any) -> None:
    check_every_combination(save(row(model)), ())


def test_a_new_record_is_a_draft() -> None:
    for model in RECORDS:
        assert save(row(model)).publication == Publication.DRAFT


def test_every_end_of_every_link_is_named() -> None:
    """A foreign key to a record with a publication is an end, unless it may be empty."""
    for model in RECORDS:
        ends = {
            field.name
            for field in model._meta.local_fields
            if isinstance(field, models.ForeignKey)
            and issubclass(field.related_model, PublicRecord)
            and not field.null
        }
        named = {end for end in ENDS.get(model, ()) if "." not in end}
        assert ends == named - {"policy"} if model is registry.Partnership else ends == named, model
