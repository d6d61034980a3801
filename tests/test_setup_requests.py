"""Where requests read, and what they say when the disk is full."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import OperationalError, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from psycopg.errors import DiskFull
from pytest_django.fixtures import Settings

from citynet import middleware
from citynet.middleware import DiskFullMiddleware, ReplicaMiddleware
from registry.models import City


@pytest.fixture
def replica(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[BaseDatabaseWrapper]:
    """A second connection to the test database, standing for a replica of it."""
    connection = connections["default"].copy()
    settings.REPLICAS = ["replica0"]
    monkeypatch.setattr(middleware, "connections", {"replica0": connection})
    yield connection
    connection.close()


def read_from(request: HttpRequest) -> str:
    """The database that a view's query would use for this request."""
    used: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        used.append(router.db_for_read(City))
        used.append(router.db_for_write(City))
        return HttpResponse()

    ReplicaMiddleware(view)(request)
    assert used[1] == "default"
    assert router.db_for_read(City) == "default", "the choice must end with its request"
    return used[0]


def test_a_visitor_reads_from_a_replica(replica: BaseDatabaseWrapper) -> None:
    """Public pages are most of the load."""
    assert read_from(RequestFactory().get("/cities/")) == "replica0"


@pytest.mark.parametrize("path", ["/admin/", "/admin/registry/city/"])
def test_the_admin_reads_from_the_primary(replica: BaseDatabaseWrapper, path: str) -> None:
    """Signing in writes a session and reads it back at once."""
    assert read_from(RequestFactory().get(path)) == "default"


def test_a_person_with_a_session_reads_from_the_primary(replica: BaseDatabaseWrapper) -> None:
    """Staff see on the public page what they have just saved."""
    request = RequestFactory().get("/cities/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "any"
    assert read_from(request) == "default"


def test_a_request_that_writes_reads_from_the_primary(replica: BaseDatabaseWrapper) -> None:
    """What is written must be read back from where it was written."""
    assert read_from(RequestFactory().post("/cities/")) == "default"


def test_a_replica_that_does_not_answer_is_passed_over(replica: BaseDatabaseWrapper) -> None:
    """The public site outlives its replicas."""
    replica.settings_dict["HOST"] = "/nonexistent"
    assert read_from(RequestFactory().get("/cities/")) == "default"


def test_a_full_disk_is_said_in_plain_words() -> None:
    """Nobody should read a bare server error and fear for what was recorded."""
    full = DiskFullMiddleware(lambda request: HttpResponse())
    error = OperationalError()
    error.__cause__ = DiskFull()
    answer = full.process_exception(RequestFactory().post("/admin/"), error)
    assert answer is not None
    assert answer.status_code == 503
    assert b"disk is full" in answer.content
    assert full.process_exception(RequestFactory().get("/"), OperationalError()) is None


def test_pages_carry_the_security_headers(db: None, client: Client) -> None:
    """No inline script or style, no framing, on the admin as well."""
    policy = client.get("/admin/login/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    for directive in ("default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:"):
        assert directive in policy
