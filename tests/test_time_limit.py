"""A public question that takes too long is ended by the database, and the page says what narrows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from citynet.time_limit import TimeLimitMiddleware
from registry.views import home

pytestmark = pytest.mark.django_db


def allowed() -> str:
    """How long the database lets a statement take now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        return cursor.fetchone()[0]


def dawdle(seconds: float = 20) -> list[Any]:
    """A statement that takes long."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [seconds])
    return []


def seen(path: str, method: str = "get") -> str:
    """The limit that a view at this path has."""
    limits: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        limits.append(allowed())
        return HttpResponse()

    TimeLimitMiddleware(view)(getattr(RequestFactory(), method)(path))
    return limits[0]


@pytest.mark.parametrize("language", ["", "/fr"])
def test_a_question_that_takes_too_long_is_answered_by_a_page(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(home, "totals", dawdle)
    settings.QUESTION_SECONDS = 0.05
    answer = client.get(f"{language}/?q=x")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    html = answer.content.decode()
    assert ("Narrow the question" in html) == (not language)
    assert f'<a href="{language}/">' in html
    monkeypatch.undo()
    settings.QUESTION_SECONDS = 15
    assert client.get("/").status_code == 200, "the connection goes on serving"


def test_public_pages_have_the_limit_and_staff_do_not(settings: Settings) -> None:
    settings.QUESTION_SECONDS = 7
    assert seen("/cities/") == seen("/fr/search/") == "7s"
    assert seen("/admin/") == seen("/saved/", "post") == "0"
    assert seen("/cities/") == "7s"
    settings.QUESTION_SECONDS = 0
    assert seen("/cities/") == "0"


def test_a_file_is_begun_within_the_limit_and_written_without(settings: Settings) -> None:
    settings.QUESTION_SECONDS = 7

    def pieces() -> Iterator[bytes]:
        for _ in range(2):
            yield allowed().encode()

    def view(request: HttpRequest) -> Any:
        return StreamingHttpResponse(pieces(), headers={"Limit": allowed()})

    answer: Any = TimeLimitMiddleware(view)(RequestFactory().get("/cities/"))
    assert answer.headers["Limit"] == "7s"
    written = iter(answer.streaming_content)
    assert next(written) == b"0"
    assert seen("/networks/") == "7s", "another request between two pieces"
    assert next(written) == b"0"


def test_other_failures_are_left_alone() -> None:
    middleware = TimeLimitMiddleware(lambda request: HttpResponse())
    assert middleware.process_exception(RequestFactory().get("/"), OperationalError()) is None
