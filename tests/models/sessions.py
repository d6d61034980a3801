"""Second sessions of the database, for tests of what two people do at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection


@contextmanager
def other_connection() -> Iterator[psycopg.Connection]:
    """A second session; it is rolled back unless the test commits it."""
    parameters = connection.get_connection_params()
    wanted = {"host", "port", "user", "password", "dbname"}
    opened = psycopg.connect(**{key: value for key, value in parameters.items() if key in wanted and value})
    try:
        yield opened
    finally:
        opened.close()


class Waiting(threading.Thread):
    """Something done by another thread, which may have to wait for the first."""

    def __init__(self, action: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.action = action
        self.error: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            self.action()
        except Exception as error:
            self.error = error

    def still_waits(self) -> bool:
        self.join(0.3)
        return self.is_alive()

    def finish(self) -> None:
        self.join(20)
        assert not self.is_alive()
        assert self.error is None, self.error
