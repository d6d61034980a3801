"""The environment is read strictly, and a public site gets no defaults."""

import os
import subprocess
import sys

import pytest

from citynet.postgres import BASE_DIR

PUBLIC = {"HTTPS": "true", "SECRET_KEY": "k7#" * 20 + "Zq!x0", "ALLOWED_HOSTS": "citynet.example"}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py as an operator would."""
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"DEBUG": "maybe"}, "DEBUG"),
        ({"HTTPS": "true"}, "SECRET_KEY"),
        ({**PUBLIC, "SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"DATABASE_URL": "sqlite:///registry.db"}, "DATABASE_URL"),
        ({"DATABASE_REPLICA_URLS": "somewhere"}, "DATABASE_REPLICA_URLS"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
    ],
)
def test_a_wrong_variable_is_named_in_one_line(environment: dict[str, str], named: str) -> None:
    """An operator sees which variable to mend, not a traceback."""
    done = manage("check", **environment)
    assert done.returncode == 1
    assert named in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_server_that_is_not_there_is_one_line() -> None:
    """Whoever mistyped the port or the database's name reads what the server said of it."""
    done = manage("migrate", DATABASE_URL="postgres://nobody:hunter2@127.0.0.1:1/nowhere")
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr and "Connection refused" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "hunter2" not in done.stderr


def test_a_password_is_never_repeated() -> None:
    """The message about a wrong address goes to logs; the address may hold a password."""
    assert "hunter2" not in manage("check", DATABASE_URL="mysql://me:hunter2@host/db").stderr


def test_a_public_site_passes_the_deployment_checks() -> None:
    """With what HTTPS=true asks for, Django has nothing to warn of."""
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PUBLIC)
    assert done.returncode == 0, done.stderr


def test_replicas_follow_the_primary() -> None:
    """Each address becomes a database of its own, which tests mirror."""
    urls = "postgresql://a@one/db,postgresql://a@two/db"
    done = manage(
        "shell",
        "-v0",
        "-c",
        "from django.conf import settings as s; print(s.REPLICAS, s.DATABASES['replica1']['HOST'])",
        DATABASE_REPLICA_URLS=urls,
    )
    assert done.stdout.strip() == "['replica0', 'replica1'] two", done.stderr
