"""Rows that are made once for all tests of a module, each of which finds them as they were made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker


def kept(make: Callable[[], Any], name: str | None = None) -> Any:
    """A fixture of what `make` makes, for modules in which no test commits.

    Each test runs within the transaction that they are made in, and is rolled back to here.
    """

    @pytest.fixture(scope="module", name=name or make.__name__)
    def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
        with django_db_blocker.unblock(), transaction.atomic():
            yield make()
            transaction.set_rollback(True)

    return made
