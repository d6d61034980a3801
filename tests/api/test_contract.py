"""What the API answers is what its description says, whatever that allows or forbids to be asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from tests.views.rows import make_hub, surround

# A value of the right shape may still name no record, or contradict another: then 400 says so.
CONFIG = SchemathesisConfig.from_dict(
    {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", "400", "404"]}}}
)
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


@pytest.fixture
def described(db: None, settings: Any) -> Iterator[Any]:
    """The description as the site gives it, with a registry that has something in every listing."""
    settings.API_LIMITS = dict.fromkeys(settings.API_LIMITS, 10**9)
    surround(make_hub(), 2)
    # As Django's own client does: the test's connection outlives a request.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application(), config=CONFIG)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def operations(described: Any) -> Iterator[Any]:
    """Those of which something can be asked."""
    for result in described.get_all_operations():
        operation = result.ok()
        if "parameters" in operation.definition.raw:
            yield operation


def ask(operation: Any, mode: GenerationMode, examples: int) -> None:
    """Ask so many things of an operation, and compare each answer with its description."""

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def compare(case: Any) -> None:
        # Compression is the site's, for every page; what is asked within the process stays plain.
        case.call_and_validate(headers={"Accept-Encoding": "identity"})

    compare()


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_answers_are_as_described(described: Any, mode: GenerationMode) -> None:
    for operation in operations(described):
        ask(operation, mode, examples=3)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("mode", MODES, ids=str)
def test_answers_are_as_described_at_length(described: Any, mode: GenerationMode) -> None:
    for operation in operations(described):
        ask(operation, mode, examples=300)
