"""What is wrong with a request, as RFC 9457 has it: application/problem+json that names the parameter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.views.defaults import page_not_found
from rest_framework import exceptions, status
from rest_framework.views import set_rollback

MEDIA_TYPE = "application/problem+json"
PREFIX = "/api/"


class Refused(exceptions.APIException):
    """400: each of `errors` is the name of a parameter (or a place in the body) and what is wrong there."""

    status_code = status.HTTP_400_BAD_REQUEST

    def __init__(self, errors: Iterable[tuple[str, str]]) -> None:
        self.errors = list(errors)
        super().__init__(" ".join(f"{name}: {message}" for name, message in self.errors))


class TooLarge(exceptions.APIException):
    """413: the body is longer than what is read."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


class Conflict(exceptions.APIException):
    """409: it does not fit what is recorded; `more` are further members of the problem."""

    status_code = status.HTTP_409_CONFLICT

    def __init__(self, detail: str, more: Mapping[str, Any] | None = None) -> None:
        self.more = more or {}
        super().__init__(detail)


class NotMatching(exceptions.APIException):
    """412: the record is not in the version that the request is about."""

    status_code = status.HTTP_412_PRECONDITION_FAILED


class VersionNeeded(exceptions.APIException):
    """428: the request does not say which version of the record it is about."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED


def problem(
    code: int,
    detail: str,
    errors: Iterable[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> JsonResponse:
    """The answer that says what is wrong."""
    body: dict[str, Any] = {
        **(more or {}),
        "type": "about:blank",
        "title": HTTPStatus(code).phrase,
        "status": code,
        "detail": detail,
    }
    if found := [{"parameter": name, "message": message} for name, message in errors]:
        body["errors"] = found
    return JsonResponse(
        body,
        status=code,
        content_type=MEDIA_TYPE,
        headers=dict(headers or {}),
        json_dumps_params={"ensure_ascii": False},
    )


def answer_exception(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """The answer to what a view of the API raises; None for what is no fault of the request."""
    if isinstance(error, Http404):
        error = exceptions.NotFound(gettext("The registry has no such record."))
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(str(error) or None)
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    headers = {}
    if isinstance(error, exceptions.MethodNotAllowed):
        headers["Allow"] = ", ".join(context["view"].allowed_methods)
    if getattr(error, "auth_header", ""):
        headers["WWW-Authenticate"] = error.auth_header
    if isinstance(error, exceptions.Throttled) and error.wait:
        headers["Retry-After"] = str(int(error.wait) + 1)
    errors, more = getattr(error, "errors", ()), getattr(error, "more", None)
    return problem(error.status_code, str(error.detail), errors, headers, more)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address: a problem for scripts within the API, a page for people elsewhere."""
    if not request.path.startswith(PREFIX):
        return page_not_found(request, exception)
    return problem(
        404, gettext("The API has no such address. It begins at %(start)s.") % {"start": "/api/v1/"}
    )
