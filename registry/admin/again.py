"""Many records from one source: “save and add another” keeps what they have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.options import IS_POPUP_VAR
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from registry.admin.publication import PublicRecordAdmin
from registry.admin.records import key_of
from registry.models import Citation

# The parameter that names the citations of the record just saved.
CITED = "cited"
MOST_CITED = 5


class RepeatedAdmin(PublicRecordAdmin):
    """Base of the admins of records that come one after another from the same list or page.

    `keeps` names the fields whose values the next form begins with. The sources of the record just
    saved stand ready too, with the day they were looked at; page and quote are each record's own.
    """

    keeps: tuple[str, ...] = ()

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """Go on with what repeats."""
        return self._with_what_repeats(request, obj, super().response_add(request, obj, post_url_continue))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Go on with what repeats."""
        return self._with_what_repeats(request, obj, super().response_change(request, obj))

    def _with_what_repeats(self, request: HttpRequest, record: Any, response: HttpResponse) -> HttpResponse:
        # Django asks for the buttons in this order too.
        others = {IS_POPUP_VAR, "_continue"} & set(request.POST)
        if "_addanother" not in request.POST or others or not isinstance(response, HttpResponseRedirect):
            return response
        address, _, asked = response.url.partition("?")
        query = QueryDict(asked, mutable=True)
        for name, value in self._what_repeats(record).items():
            # What the last form began with gives way to what was saved.
            query.pop(name, None)
            if value not in (None, ""):
                query[name] = str(value)
        return HttpResponseRedirect(f"{address}?{query.urlencode()}")

    def _what_repeats(self, record: Any) -> dict[str, Any]:
        values = {name: getattr(record, self.opts.get_field(name).attname) for name in self.keeps}  # type: ignore[union-attr]
        cited = record.citations.order_by("pk").values_list("pk", flat=True)[:MOST_CITED]
        return {**values, CITED: ",".join(str(key) for key in cited)}

    def get_formsets_with_inlines(self, request: HttpRequest, obj: Any = None) -> Iterator[Any]:
        """The rows, with one for each source that is kept."""
        for formset, rows in super().get_formsets_with_inlines(request, obj):
            if obj is None and formset.model is Citation:
                formset.extra = max(formset.extra, len(_kept_sources(request)))
            yield formset, rows

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """What a set of rows begins with."""
        begun = super().get_formset_kwargs(request, obj, inline, prefix)
        if inline.model is Citation and request.method == "GET" and not obj.pk:
            begun["initial"] = _kept_sources(request)
        return begun


def _kept_sources(request: HttpRequest) -> list[dict[str, Any]]:
    """The sources that the address keeps, each once, with the day they were looked at."""
    keys = request.GET.get(CITED, "").split(",")[:MOST_CITED]
    numbers = [number for number in map(key_of, keys) if number is not None]
    if not numbers or request.method != "GET":
        return []
    cited: models.QuerySet = Citation.objects.filter(pk__in=numbers).order_by("pk")
    found = dict(cited.values_list("source", "accessed_on"))
    return [{"source": source, "accessed_on": looked_at} for source, looked_at in found.items()]
