"""The addresses under /api/v1/ that are read: an index, the pages of each listing, and each record."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import conditional_page
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry.api.cursors import Pages
from registry.api.describe import Described, listing_operation, record, record_operation, responses
from registry.api.limits import Polite
from registry.api.question import OF_ALL, check_names, check_single, read_filters, read_shape
from registry.api.resources import RESOURCES, Resource
from registry.api.rows import as_json, columns_of
from registry.exchange.columns import Column
from registry.languages import read_in
from registry.models.aliases import find_by_old_address

OTHERS = {
    "resolve": "api:resolve",
    "reconcile": "api:reconcile",
    "schema": "api:schema",
    "docs": "api-docs",
    "examples": "api-examples",
}
OF_A_LISTING = ("cursor", *OF_ALL)
CACHED = "no-cache"  # kept by whoever likes, but asked about (If-None-Match) before it is used again


def language_of(header: str) -> str:
    """The first of the site's languages in an `Accept-Language` header; its own where it names none."""
    for code, _quality in parse_accept_lang_header(header.lower()):
        if code == "*":
            break
        try:
            return get_supported_language_variant(code)
        except (LookupError, ValueError):
            continue
    return settings.LANGUAGE_CODE


@method_decorator(conditional_page, name="dispatch")
class ApiView(APIView):
    """What every answer of the API has: JSON, a language, limits, and an ETag made of what it says."""

    authentication_classes: Any = ()
    permission_classes: Any = ()
    renderer_classes = (JSONRenderer,)
    throttle_classes: Any = (Polite,)
    schema = Described()
    metadata_class = None
    http_method_names = ["get", "head", "post", "options"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Go on in the reader's language before anything is said."""
        read_in(self.language(request))
        super().initial(request, *args, **kwargs)

    def language(self, request: Request) -> str:
        """The reader's, of those of the site."""
        return language_of(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Say what the answer depends on and how much may still be asked."""
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Accept-Language"])
        response.headers.setdefault("Cache-Control", CACHED)
        response.headers.setdefault("Content-Language", translation.get_language())
        for name, value in getattr(request._request, "api_limit", {}).items():
            response.headers[name] = value
        return response

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """What can be done here, for whoever asks without being a browser."""
        return HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods)})

    def operation(self, method: str) -> dict[str, Any] | None:
        """How OpenAPI describes what is done here (see `registry.api.describe`); None to leave it out."""
        return None


class Index(ApiView):
    """What there is: the address of each listing, and of what else can be asked."""

    def get(self, request: Request) -> Response:
        """Answer with the addresses."""
        check_names(request.query_params, [])
        listed = {one.name: _absolute(request, f"api:{one.key}") for one in RESOURCES.values()}
        return Response({"listings": listed, **{name: _absolute(request, at) for name, at in OTHERS.items()}})

    def operation(self, method: str) -> dict[str, Any]:
        """Addresses."""
        address = {"type": "string", "format": "uri"}
        found = {
            "listings": record(dict.fromkeys(RESOURCES, address)),
            **dict.fromkeys(OTHERS, address),
        }
        return {
            "operationId": "index",
            "summary": "What there is",
            "tags": ["about"],
            "responses": responses(record(found, list(found)), "304", "400", about="The addresses."),
        }


class ListingView(ApiView):
    """A listing: its rows, a page at a time, by the same parameters as its page on the site."""

    resource: Resource = RESOURCES["cities"]

    def operation(self, method: str) -> dict[str, Any]:
        """The pages of the listing."""
        return listing_operation(self.resource)

    def get(self, request: Request) -> Response:
        """Answer with a page of rows and where the next is."""
        given = request.query_params
        resource = self.resource
        check_names(given, [*resource.parameters, *OF_A_LISTING])
        check_single(given, [*OF_A_LISTING])
        shape, filterset = read_shape(resource, given), read_filters(resource, given)
        pages = Pages(resource, filterset, columns_of(resource, shape.fields))
        part = pages.after(given.get("cursor", ""))
        following = self._following(request, part.following)
        body = {
            "listing": resource.name,
            "next": following,
            "rows": as_json(resource, part.rows, shape.fields, shape.tree, request),
        }
        return Response(body, headers={"Link": f'<{following}>; rel="next"'} if following else None)

    @staticmethod
    def _following(request: Request, cursor: str) -> str | None:
        if not cursor:
            return None
        query = request.query_params.copy()
        query["cursor"] = cursor
        return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


class RecordView(ApiView):
    """One record by its permanent identifier; a slug, an old one or that of a merged record leads there."""

    resource: Resource = RESOURCES["cities"]

    def operation(self, method: str) -> dict[str, Any]:
        """The one record."""
        return record_operation(self.resource)

    def get(self, request: Request, address: str) -> HttpResponse | Response:
        """Answer with the record, or with where it is."""
        resource, given = self.resource, request.query_params
        check_names(given, list(OF_ALL))
        check_single(given, list(OF_ALL))
        shape = read_shape(resource, given)
        view = resource.rows()
        key = _key(view.queryset, address)
        columns: Iterable[Column] = columns_of(resource, shape.fields)
        rows = view.read([key], None, list(columns)) if key else []  # type: ignore[arg-type]
        if not rows:
            return self._moved(request, view.queryset, address)
        (row,) = as_json(resource, rows, shape.fields, shape.tree, request)
        return Response(row, headers=_page_of(request, rows[0]))

    def _moved(self, request: Request, records: QuerySet, address: str) -> HttpResponse:
        found = None
        if "\x00" not in address:
            found = _by_slug(records, address) or find_by_old_address(records, address)
        if found is None:
            raise Http404
        query = request.META.get("QUERY_STRING", "")
        to = reverse(f"api:{self.resource.key}-record", args=[found.pid])
        response = HttpResponsePermanentRedirect(f"{to}?{query}" if query else to)
        response["Cache-Control"] = CACHED  # a merge can be undone
        return response


def _page_of(request: Request, row: Any) -> dict[str, str]:
    """The header that leads to the page of a record, where its kind has pages."""
    if not hasattr(row, "get_absolute_url"):
        return {}
    page = request.build_absolute_uri(row.get_absolute_url())
    return {"Link": f'<{page}>; rel="alternate"; type="text/html"'}


def _key(records: QuerySet, address: str) -> Any:
    """The key of the public record with this identifier, or None."""
    try:
        pid = uuid.UUID(address)
    except ValueError:
        return None
    # Written in another way it is led to the one address.
    return records.filter(pid=pid).values_list("pk", flat=True).first() if str(pid) == address else None


def _by_slug(records: QuerySet, address: str) -> Any:
    return records.filter(slug=address).first() if hasattr(records.model, "slug") else None


def _absolute(request: Request, name: str) -> str:
    return request.build_absolute_uri(reverse(name))
