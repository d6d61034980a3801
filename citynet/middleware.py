"""How requests meet the database: visitors read from replicas, and a full disk is said in plain words."""

import logging
import random
from collections.abc import Callable, Iterator
from contextvars import Context, ContextVar, copy_context

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from psycopg.errors import DiskFull

READING = ("GET", "HEAD", "OPTIONS")
GetResponse = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)
# The replica the present request reads from; empty means the primary.
_replica: ContextVar[str] = ContextVar("replica", default="")


def is_for_staff(request: HttpRequest) -> bool:
    """Whether a request is to the admin. Middleware asks before the address is resolved."""
    return request.path_info.startswith("/admin/")


class ReplicaRouter:
    """Sends a visitor's reads where ReplicaMiddleware decided, and everything else to the primary."""

    def db_for_read(self, model: type[Model], **hints: object) -> str | None:
        """Name the replica of this request, if it has one."""
        return _replica.get() or None

    def db_for_write(self, model: type[Model], **hints: object) -> str:
        """Write to the primary only: a replica refuses."""
        return "default"

    def allow_relation(self, first: Model, second: Model, **hints: object) -> bool:
        """Allow any: all databases hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        """Migrate the primary; replicas follow by streaming."""
        return db == "default"


class ReplicaMiddleware:
    """Marks the requests that may read a replica: those that only read, of people who are not signed in.

    Staff must see at once what they have just saved, so a request with a session or a token, or to the admin,
    stays with the primary. A replica that does not answer is passed over.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with its replica set, and unset it whatever happens."""
        token = _replica.set(self.replica_for(request))
        try:
            response = self.get_response(request)
            if response.streaming:
                # Written after this returns, and read from the same server.
                pieces = response.streaming_content  # type: ignore[attr-defined]
                response.streaming_content = _within(copy_context(), pieces)  # type: ignore[attr-defined]
            return response
        finally:
            _replica.reset(token)

    def replica_for(self, request: HttpRequest) -> str:
        """Choose a replica that answers, or the primary."""
        public = (
            request.method in ("GET", "HEAD")
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and not is_for_staff(request)
            and "HTTP_AUTHORIZATION" not in request.META
        )
        if not public:
            return ""
        for alias in random.sample(settings.REPLICAS, len(settings.REPLICAS)):
            try:
                connections[alias].ensure_connection()
            except DatabaseError:
                logger.warning("%s does not answer; reading from another server", alias)
            else:
                return alias
        return ""


def _within(context: Context, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Each piece made as if the request were still being answered."""
    while (piece := context.run(next, pieces, None)) is not None:
        yield piece


class PublicPagesMiddleware:
    """Says that public pages are only read. Otherwise a POST would hear of a missing token instead."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request as usual."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_: object) -> HttpResponse | None:
        """Answer 405, and what is allowed, where no form is sent to: all but reading is for the admin.

        The API says so itself, in its own way.
        """
        match = request.resolver_match
        if request.method in READING or match is None or {"admin", "api"} & {*match.app_names}:
            return None
        if hasattr(getattr(view, "view_class", None), "post"):
            return None
        message = "This page can only be read.\n"
        return HttpResponseNotAllowed(READING, message, content_type="text/plain; charset=utf-8")


class DiskFullMiddleware:
    """Says that the disk is full, instead of a bare server error. Nothing recorded is lost by it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request as usual."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 503 where PostgreSQL had no room to write; leave every other exception alone."""
        if not isinstance(exception.__cause__, DiskFull):
            return None
        logger.error("The disk of the database is full: %s was not carried out", request.path)
        message = "The registry's disk is full, so this was not saved. Nothing recorded before is lost.\n"
        return HttpResponse(message, status=503, content_type="text/plain; charset=utf-8")
