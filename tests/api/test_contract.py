"""What the API answers is what its description says, whatever that allows or forbids to be asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation

from registry.api.written import written
from tests.api.tokens import make_token
from tests.factories import make_staff
from tests.views.rows import make_hub, surround

# A value of the right shape may still name no record, or contradict another: then 400 says so.
FITTING = ["2xx", "3xx", "400", "401", "404", "409", "412"]
REFUSED = ["400", "401", "404", "406", "409", "412", "413", "415", "428"]
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            "positive_data_acceptance": {"expected-statuses": FITTING},
            "negative_data_rejection": {"expected-statuses": REFUSED},
            "missing_required_header": {"expected-statuses": REFUSED},
        }
    }
)
WRITING = ("post", "patch", "delete")
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


def operations(described: Any, *, for_staff: bool) -> Iterator[Any]:
    """Those of which something can be asked, of everybody or with a token."""
    for result in described.get_all_operations():
        operation = result.ok()
        raw = operation.definition.raw
        if "parameters" in raw and for_staff == ({} not in raw.get("security", [{}])):
            yield operation


def ask(operation: Any, mode: GenerationMode, examples: int, secret: str = "") -> None:
    """Ask so many things of an operation, and compare each answer with its description.

    What would change a record is asked of one that there is, in whatever version it is.
    """
    one = written().get(operation.path.split("/")[3])
    address = None
    if secret and one and operation.method in WRITING and "{address}" in operation.path:
        address = str(one.model._default_manager.exclude(pid=None).latest("pk").pid)

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
        headers = {"Accept-Encoding": "identity"}
        if secret:
            headers["Authorization"] = f"Bearer {secret}"
        if address and not case.meta.is_negative_at(ParameterLocation.HEADER):
            headers["If-Match"] = "*"
        if address and not case.meta.is_negative_at(ParameterLocation.PATH):
            case.path_parameters = {"address": address}
        with transaction.atomic():
            case.call_and_validate(headers=headers)
            transaction.set_rollback(True)

    compare()


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_answers_are_as_described(described: Any, mode: GenerationMode) -> None:
    for operation in operations(described, for_staff=False):
        ask(operation, mode, examples=2)


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_answers_to_a_token_are_as_described(described: Any, mode: GenerationMode) -> None:
    surround(make_hub("Draft"), 1, "Draft", "draft")
    secret = make_token(make_staff("amina", "Editor"))
    for operation in operations(described, for_staff=True):
        ask(operation, mode, examples=1, secret=secret)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("mode", MODES, ids=str)
def test_answers_are_as_described_at_length(described: Any, mode: GenerationMode) -> None:
    surround(make_hub("Draft"), 1, "Draft", "draft")
    secret = make_token(make_staff("amina", "Editor"))
    for operation in operations(described, for_staff=False):
        ask(operation, mode, examples=300)
    for operation in operations(described, for_staff=True):
        ask(operation, mode, examples=300, secret=secret)
