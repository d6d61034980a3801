"""Drafts read and written by scripts, at the addresses where the public reads what is published.

All is done as on the staff site: by its forms, as the account whose token the request bears, who has all
permissions but those to publish (`registry.models.tokens`). Answers are in English, as the staff site is.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from registry.admin import entering
from registry.admin.duplicates import HELD_UP, SEEN, ComparedAdmin
from registry.admin.evidence import rests_on
from registry.api.bodies import BODY, Reader
from registry.api.describe_writing import drafts_operation, operation, with_drafts
from registry.api.drafts import as_json, asked_states, checked_key, page_of, with_all
from registry.api.limits import Polite
from registry.api.problems import Conflict, NotMatching, Refused, VersionNeeded
from registry.api.question import StrictJson, check_length, check_names
from registry.api.tokens import ByToken, Writing
from registry.api.views import ApiView, ListingView, RecordView
from registry.api.written import Written, is_published, state_of
from registry.models import Source
from registry.models.history import acting
from registry.models.refusals import read_refusal

MOST_BYTES = 2**20
WRITING = ("POST", "PATCH", "DELETE")
FOR_STAFF = "private, no-store"
SIMILAR = (
    "It may be recorded already: compare it with the records under “similar”. If it is another one, send it "
    "again and name each of them in the query string: other_than=…"
)
OTHER_THAN = "other_than"
PUBLISHED = "This record is published, and scripts write drafts only. Change it, or propose a change: {}"
RESTED_ON = (
    "The published {kind} “{record}” rests on this source, and scripts change only sources that nothing "
    "published rests on. An editor can change it: {form}. A script can record another source, and cite it."
)
NOT_IN_STATE = "It is {state}: ask with publication={state}."
IS_PUBLIC = "It is published: ask without “publication”."
GOES_ALONG = "These would be deleted with it, and are published or not the account's to delete: {}."
NEEDED_BY = "It is referred to, so it cannot be deleted: {}."
NOT_SEEN = "Send the version of the record that you have seen as If-Match, so that nobody's change is lost."
CHANGED = "The record has changed since. Read it again, and send its present version as If-Match."
Json = dict[str, Any]


class ForStaff(ApiView):
    """What is asked with a token. Other questions are left to what the public reads here."""

    parser_classes = (StrictJson,)
    http_method_names = ["get", "head", "post", "patch", "delete", "options"]
    written: Written = None  # type: ignore[assignment]

    @property
    def is_for_staff(self) -> bool:
        """Whether drafts are read or written."""
        reads = self.request.method in ("GET", "HEAD") and "publication" in self.request.GET
        return reads or self.request.method in WRITING

    def get_authenticators(self) -> list[Any]:
        """By token; the public is not even asked for one."""
        described = self.request is None  # nobody asks
        return [ByToken()] if not described and self.is_for_staff else []

    def get_throttles(self) -> list[Polite]:
        """As much as an account may ask, or an address that reads."""
        return [Writing()] if self.is_for_staff else super().get_throttles()

    def perform_authentication(self, request: Request) -> None:
        """Count whoever asks by their address before a token is looked for: nobody tries very many."""
        if self.is_for_staff and not (asking := Polite()).allow_request(request, self):
            self.throttled(request, asking.wait())
        super().perform_authentication(request)

    def language(self, request: Request) -> str:
        """The staff site's, where it is for staff."""
        return settings.LANGUAGE_CODE if self.is_for_staff else super().language(request)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Have nobody keep what is not public."""
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.is_for_staff:
            response.headers["Cache-Control"] = FOR_STAFF
            patch_vary_headers(response, ["Authorization"])
        return response

    def visit(self, request: Request) -> Any:
        """The request as the staff site sees it; raises PermissionDenied where the account may not look."""
        visit = entering.visit_of(request._request, request.user)
        entering.check_permission(self.written.model, visit, "view")
        return visit

    def told(self, request: Request, key: int, status: int = 200) -> Response:
        """The record as it is now."""
        record = with_all(self.written, self.written.model._default_manager.filter(pk=key)).get()
        body = as_json(self.written, record)
        headers = {"ETag": f'"{body["version"]}"'}
        if status == 201:
            address = reverse(f"api:{self.written.name}-record", args=[record.pid])
            asked = f"?publication={state_of(record)}" if self.written.is_reviewed else ""
            headers["Location"] = request.build_absolute_uri(f"{address}{asked}")
        return Response(body, status=status, headers=headers)


def carried_out(request: Request, change: Callable[[], Any]) -> Any:
    """What a change gives, made at once or not at all, and recorded as the account's by its token."""
    who = {"user": request.user.pk, "username": request.user.get_username(), "token": request.auth.name}
    try:
        with acting(**who), transaction.atomic():
            return change()
    except IntegrityError as error:
        # At the end of the transaction: what it refers to was deleted meanwhile.
        refusal = read_refusal(error)
        if refusal is None:
            raise
        raise Refused([(BODY, refusal.message)]) from error


# --- Many ------------------------------------------------------------------------------------------------


class Drafts(ForStaff):
    """The drafts of one kind, and new ones."""

    def drafts(self, request: Request) -> Response:
        """A page of them."""
        self.visit(request)
        rows, cursor = page_of(self.written, self.written.model._default_manager.all(), request.query_params)
        following = None
        if cursor:
            query = request.query_params.copy()
            query["cursor"] = cursor
            following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
        return Response({"listing": self.written.name, "next": following, "rows": rows})

    def post(self, request: Request) -> Response:
        """Record a draft; or say what is wrong with it, or which records it is like."""
        visit = self.visit(request)
        compared = self._compared(request)
        check_length(request, MOST_BYTES)
        reader = Reader(self.written)
        patch = reader.patch(request.data)

        def make() -> Response:
            entered = entering.enter(self.written.model, visit, None, patch, compared)
            if [one[3] for one in entered.errors] == [HELD_UP]:
                raise Conflict(SIMILAR, {"similar": self._similar(entered.similar)})
            if entered.errors:
                raise reader.refused(entered.errors)
            return self.told(request, entered.key, status=201)

        return carried_out(request, make)

    def _compared(self, request: Request) -> dict[str, str]:
        """What a form sends of records that were compared with the new one."""
        given, model = request.query_params, self.written.model
        is_compared = isinstance(self.written.admin, ComparedAdmin)
        check_names(given, [OTHER_THAN] if is_compared else [])
        named = [checked_key(OTHER_THAN, model, "pid", str(one)) for one in given.getlist(OTHER_THAN)]
        keys = model._default_manager.filter(pid__in=named).values_list("pk", flat=True) if named else []
        return {SEEN: ",".join(str(key) for key in keys)}

    def _similar(self, found: list[Any]) -> list[Json]:
        label = self.written.admin.label_of
        return [
            {
                "id": str(one.record.pid),
                "name": label(one.record),
                "publication": state_of(one.record),
                "reasons": [str(reason) for reason in one.reasons],
            }
            for one in found
        ]


class DraftList(Drafts):
    """Of a kind that has no listing for the public."""

    @property
    def is_for_staff(self) -> bool:
        """Whatever is asked."""
        return self.request.method != "OPTIONS"

    def get(self, request: Request) -> Response:
        """A page of them."""
        return self.drafts(request)

    def operation(self, method: str) -> Json:
        """Reading and writing."""
        return drafts_operation(self.written) if method == "GET" else operation(self.written, method)


class WrittenListing(Drafts, ListingView):
    """Beside the listing for the public."""

    def get(self, request: Request) -> Response:
        """A page of drafts where they are asked for, of what is published where they are not."""
        return self.drafts(request) if self.is_for_staff else super().get(request)

    def operation(self, method: str) -> Json:
        """Reading and writing."""
        if method != "GET":
            return operation(self.written, method)
        return with_drafts(super().operation(method), drafts_operation(self.written))


# --- One -------------------------------------------------------------------------------------------------


class Draft(ForStaff):
    """One record that is not published, by its permanent identifier."""

    def draft(self, request: Request, address: str) -> Response:
        """The record as its form shows it."""
        self.visit(request)
        record = self._record(address)
        if self.written.is_reviewed:
            check_names(request.query_params, ["publication"])
            if (state := state_of(record)) not in asked_states(request.query_params):
                raise NotFound(IS_PUBLIC if is_published(record) else NOT_IN_STATE.format(state=state))
        else:
            check_names(request.query_params, [])
        return self.told(request, record.pk)

    def patch(self, request: Request, address: str) -> Response:
        """Change the members that are given."""
        visit = self.visit(request)
        check_names(request.query_params, [])
        check_length(request, MOST_BYTES)

        def change() -> Response:
            record = self._held(request, address)
            reader = Reader(self.written)
            patch = reader.patch(request.data, record)
            entered = entering.enter(self.written.model, visit, record, patch)
            if entered.errors:
                raise reader.refused(entered.errors)
            return self.told(request, record.pk)

        return carried_out(request, change)

    def delete(self, request: Request, address: str) -> HttpResponse:
        """Delete it, with what belongs to it."""
        visit = self.visit(request)
        check_names(request.query_params, [])

        def remove() -> HttpResponse:
            record, model = self._held(request, address), self.written.model
            lacking, protected = entering.what_forbids_deletion(model, visit, record)
            if protected:
                raise Conflict(NEEDED_BY.format("; ".join(protected)))
            if lacking:
                raise Conflict(GOES_ALONG.format(", ".join(sorted(lacking))))
            if not entering.delete(model, visit, record):
                raise Conflict(CHANGED)
            return HttpResponse(status=204)

        return carried_out(request, remove)

    def _held(self, request: Request, address: str) -> Any:
        """The record, locked, where it is a draft and has not changed since it was seen; raises what not."""
        key = self._record(address).pk
        rows = self.written.model._default_manager.filter(pk=key)
        list(rows.select_for_update(of=("self",), no_key=True).values("pk"))
        record = with_all(self.written, rows).first()
        if record is None:
            raise Http404
        if why := _why_not_by_scripts(request, record):
            raise Conflict(why)
        self._check_version(request, as_json(self.written, record)["version"])
        return record

    @staticmethod
    def _check_version(request: Request, version: str) -> None:
        if "HTTP_IF_MATCH" not in request.META:
            raise VersionNeeded(NOT_SEEN)
        # What was sent compressed has its mark made a weak one on the way.
        seen = [one.removeprefix("W/") for one in parse_etags(request.META["HTTP_IF_MATCH"])]
        if f'"{version}"' not in seen and "*" not in seen:
            raise NotMatching(CHANGED)

    def _record(self, address: str) -> Any:
        try:
            pid = uuid.UUID(address)
        except ValueError as error:
            raise Http404 from error
        record = self.written.model._default_manager.filter(pid=pid).first()
        if record is None:
            raise Http404
        return record


def _why_not_by_scripts(request: Request, record: Any) -> str:
    """Why people alone may change a record; empty for a draft, and for a source of drafts."""
    form = reverse(f"admin:registry_{record._meta.model_name}_change", args=[record.pk])
    form = request.build_absolute_uri(form)
    if is_published(record):
        return PUBLISHED.format(form)
    if isinstance(record, Source) and (found := rests_on(record)) is not None:
        return RESTED_ON.format(kind=found._meta.verbose_name, record=found, form=form)
    return ""


class DraftRecord(Draft):
    """Of a kind that has no records for the public."""

    @property
    def is_for_staff(self) -> bool:
        """Whatever is asked."""
        return self.request.method != "OPTIONS"

    def get(self, request: Request, address: str) -> Response:
        """The record as its form shows it."""
        return self.draft(request, address)

    def operation(self, method: str) -> Json:
        """Reading and writing."""
        return operation(self.written, method)


class WrittenRecord(Draft, RecordView):
    """Beside the record for the public."""

    def get(self, request: Request, address: str) -> HttpResponse | Response:
        """The draft where it is asked for, what is published where it is not."""
        return self.draft(request, address) if self.is_for_staff else super().get(request, address)

    def operation(self, method: str) -> Json:
        """Reading and writing."""
        found = operation(self.written, method)
        return with_drafts(super().operation(method), found) if method == "GET" else found
