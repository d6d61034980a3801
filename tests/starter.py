"""The starter registry, loaded for tests that ask what is really in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from registry.exchange.gazetteer import load_countries
from registry.exchange.gazetteer.countries import load_divisions
from registry.exchange.starter import read
from tests.factories import analyze, settle


def load_starter_registry() -> None:
    """Load it on a gazetteer of the cities it names."""
    load_countries()
    load_divisions({row["division"] for row in read()["cities"]})
    call_command("load_starter", verbosity=0)


@pytest.fixture(scope="module")
def starter(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The starter registry, for the tests of one module."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_starter_registry()
        settle()
        analyze()
        yield
        transaction.set_rollback(True)
