"""What every test shares: PostgreSQL, a test database of this run's own, and a real browser."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from citynet import postgres, words
from citynet.check import browser_command, find_browser

CONTENTS = "_test_serialized_contents"  # where Django keeps it
DATABASE_NUMBER = "CITYNET_TEST_DATABASE"
BROWSER_OPTIONS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
]
_held: list[IO[str]] = []


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL where it is the embedded one, compile languages, and set what only tests want."""
    if not os.environ.get("DATABASE_URL"):
        postgres.ensure_running()
    words.ensure_compiled()
    number = os.environ.setdefault(DATABASE_NUMBER, str(free_number()))
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_citynet_{number}"
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": static}
    # A request leaves its limit on the connection, on which a test asks and makes things itself.
    settings.QUESTION_SECONDS = 0
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def free_number() -> int:
    """A number that no other test run on this checkout holds, so that two runs never share a database.

    The lock ends with its process; the next run of that number replaces a database left by a killed one.
    """
    if DATABASE_NUMBER in os.environ:
        return int(os.environ[DATABASE_NUMBER])
    postgres.VAR_DIR.mkdir(mode=0o755, exist_ok=True)
    for number in range(100):
        handle = (postgres.VAR_DIR / f"test-{number}.lock").open("w")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
        else:
            _held.append(handle)
            return number
    raise RuntimeError("A hundred test runs hold their databases.")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in tests/browser, and keep it on one worker: one Chromium is enough for two cores."""
    folder = Path(__file__).parent / "browser"
    for item in items:
        if item.path.is_relative_to(folder):
            item.add_marker(pytest.mark.browser)
            # What migrations made is put back: a flushed database has no groups of staff.
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True))
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Keep what migrations made where every connection finds it.

    Beside Playwright's event loop Django opens a connection object of its own, which would not know it.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if hasattr(connection, CONTENTS):
        setattr(type(connection), CONTENTS, getattr(connection, CONTENTS))


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Real transactions; the registry's tables are emptied afterwards and the groups of staff stay."""
    with django_db_blocker.unblock():
        # pytest-django makes the test database only where some test of the run is marked with django_db.
        if not connection.settings_dict["NAME"].startswith("test_"):
            pytest.fail(
                "This would empty the database of the site: run it with a test marked with django_db."
            )
        yield
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = 'public'"
                " AND (starts_with(tablename, 'registry_') OR tablename = 'pghistory_context')"
            )
            (tables,) = cursor.fetchone() or ("",)
            cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        connection.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium, headless. Without one the test fails and names the one command."""
    program = find_browser()
    if program is None:
        pytest.fail(browser_command())
    # Root has no sandbox to give a browser; the pages are our own.
    options = [*BROWSER_OPTIONS, "--no-sandbox"] if os.geteuid() == 0 else BROWSER_OPTIONS
    # Playwright keeps an event loop in this thread, in which Django would refuse its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=options)
        yield chromium
        chromium.close()


@pytest.fixture
def context_options() -> dict[str, Any]:
    """Options of the browser's context; a test overrides this for a phone, dark mode or no JavaScript."""
    return {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def context(
    browser: Browser, live_server: LiveServer, context_options: dict[str, Any]
) -> Iterator[BrowserContext]:
    """A fresh visitor of the live site."""
    context = browser.new_context(base_url=live_server.url, **context_options)
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """One page. Script errors and refusals by the content security policy fail the test that caused them."""
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if is_problem(message.text) else None)
    yield page
    assert not problems, problems


def is_problem(text: str) -> bool:
    """Whether a line of the browser's console tells of a refusal by the content security policy."""
    return "Content Security Policy" in text or "Content-Security-Policy" in text
