"""The starter registry, loaded for tests that ask what is really in it."""

from __future__ import annotations

from django.core.management import call_command

from registry.exchange.gazetteer import load_countries
from registry.exchange.gazetteer.countries import load_divisions
from registry.exchange.starter import read
from tests.factories import analyze, settle
from tests.kept import kept


def load_starter_registry() -> None:
    """Load it on a gazetteer of the cities it names."""
    load_countries()
    load_divisions({row["division"] for row in read()["cities"]})
    call_command("load_starter", verbosity=0)


def _load() -> None:
    load_starter_registry()
    settle()
    analyze()


starter = kept(_load, "starter")
