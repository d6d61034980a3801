"""One limit of time for each public question, held by the database, and the page that says so.

PostgreSQL ends a statement that takes longer. Staff, commands and files being written are not limited.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from psycopg import Connection
from psycopg.errors import QueryCanceled
from psycopg.pq import TransactionStatus

from citynet.middleware import READING, GetResponse, is_for_staff

TRY_AGAIN_AFTER = 60  # seconds
logger = logging.getLogger(__name__)
# What each connection was told last: only a change costs a round trip.
_told: WeakKeyDictionary[Connection, int] = WeakKeyDictionary()


class Limit:
    """Tells a connection how long a statement may take, in milliseconds, before the first one within it.

    0 stands for as long as the server is set to.
    """

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds
        self.held: set[Connection] = set()

    def __enter__(self) -> None:
        self.ending = ExitStack()
        for connection in connections.all():
            self.ending.enter_context(connection.execute_wrapper(self))

    def __exit__(self, *error: object) -> None:
        self.ending.close()

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        """Run a statement on a connection that has been told."""
        connection = context["connection"].connection
        if connection not in self.held:
            self._tell(connection)
        return execute(sql, params, many, context)

    def _tell(self, connection: Connection) -> None:
        self.held.add(connection)
        if _told.get(connection, 0) == self.milliseconds:
            return
        connection.execute(f"SET statement_timeout = {self.milliseconds or 'DEFAULT'}")
        if connection.info.transaction_status == TransactionStatus.IDLE:
            _told[connection] = self.milliseconds
        else:  # a rollback would take it back unseen
            _told[connection] = -1


class TimeLimitMiddleware:
    """Limits how long a statement of a public page may take; answers 503 where one took longer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request within the limit, and write its file, if it is one, without."""
        public = request.method in READING and not is_for_staff(request)
        with Limit(round(settings.QUESTION_SECONDS * 1000) if public else 0):
            response = self.get_response(request)
        if response.streaming:
            response.streaming_content = _unlimited(response.streaming_content)  # type: ignore[attr-defined]
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say that it took too long, and what narrows the question; leave every other exception alone."""
        if not isinstance(exception.__cause__, QueryCanceled):
            return None
        logger.warning("Took too long and was ended: %s", request.get_full_path())
        context = {"seconds": math.ceil(settings.QUESTION_SECONDS)}
        text = render_to_string("503.html", context, request)
        return HttpResponse(text, status=503, headers={"Retry-After": str(TRY_AGAIN_AFTER)})


def _unlimited(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Each piece of a file, made without a limit; between two of them other requests may have one."""
    while True:
        with Limit(0):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece
