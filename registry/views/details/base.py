"""What every detail page does: finds its record, or where it went, and gathers what to show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, cast

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet, Window
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import override
from django.views.generic import TemplateView

from registry.exchange.linked import document
from registry.filters import RecordFilterSet
from registry.models import City, Country, Release
from registry.models.aliases import find_by_old_address
from registry.models.recorded import as_recorded_before, first_published
from registry.views.controls import Controls
from registry.views.details.evidence import Evidence
from registry.views.exports import problems_of, refusal
from registry.views.linked import answer, for_a_page, in_own_language, is_preferred, site_of


@dataclass(frozen=True)
class Some:
    """The first rows of a list, and how many there are in all."""

    rows: list[Any]
    total: int

    @classmethod
    def of(cls, queryset: QuerySet, limit: int, total: int) -> Some:
        """At most `limit` rows of the queryset, which has `total`."""
        rows = list(queryset[:limit])
        return cls(rows, max(total, len(rows)))

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.rows)

    def __bool__(self) -> bool:
        return bool(self.rows)


def city_tally(parties: QuerySet, limit: int) -> Some:
    """The cities of these parties, those with most joint policies first, and how many there are in all."""
    named = {"name": F("city__name"), "slug": F("city__slug"), "country": F("city__country__name")}
    by_city = parties.order_by().values("city", code=F("city__country"), **named)
    counted = by_city.annotate(policy_count=Count("policy", distinct=True), total=Window(Count("*")))
    rows = list(counted.order_by("-policy_count", "name", "slug")[:limit])
    return Some([_tallied(row) for row in rows], rows[0]["total"] if rows else 0)


def _tallied(row: dict[str, Any]) -> Any:
    """The city of a row of the tally, without another query."""
    city: Any = City.from_db(None, ["id", "name", "slug"], [row["city"], row["name"], row["slug"]])
    city.country = Country(row["code"], name=row["country"])
    city.policy_count = row["policy_count"]
    return city


@dataclass(frozen=True)
class Heading:
    """A line of the page's table of contents."""

    anchor: str
    words: str
    number: int | None = None


class RecordView(TemplateView):
    """One record: address → public record → sections → page."""

    records: ClassVar[Any]
    # Says the record as linked data, of what its page shows.
    as_linked_data: ClassVar[Callable[..., dict[str, Any]]]
    # The field that its address is made of.
    address: ClassVar[str] = "slug"
    # The day on which the page tells what is so: today, or the one asked about.
    today: date
    # Whether the record is wanted as linked data, not as a page.
    is_linked: bool

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the page or the linked data, lead on to where the record is now, or know nothing."""
        filterset = RecordFilterSet(request.GET, queryset=self.records.none(), request=request)
        is_for_programs = any(text.strip() for text in request.GET.getlist("format"))
        if is_for_programs and (problems := problems_of(filterset, request)):
            return refusal(problems)
        self.is_linked = is_for_programs or is_preferred(request)
        response = self.respond(kwargs["slug"], filterset)
        patch_vary_headers(response, ["Accept"])
        return response

    def respond(self, slug: str, filterset: RecordFilterSet) -> HttpResponse:
        """What there is at an address at the time asked about."""
        if not filterset.is_valid():
            return self.not_shown(self._now(slug), filterset)
        self.today = filterset.day
        if filterset.moment:
            return self.show_as_recorded(slug, filterset)
        record = self.records.all().filter(self.located(slug)).first()
        return self.moved(slug) if record is None else self.show(record, filterset)

    def located(self, slug: str) -> Q:
        """That a record has this as the last part of its present address."""
        return Q(slug=slug)

    def show_as_recorded(self, slug: str, filterset: RecordFilterSet) -> HttpResponse:
        """The page as the registry said it at an earlier time, or that it said nothing then."""
        now = self._now(slug)
        if now is None and find_by_old_address(self._public().only("pk", self.address), slug):
            return self.moved(slug)
        with as_recorded_before(cast("datetime", filterset.moment)):
            then = self.records.all().filter(Q(pk=now.pk) if now else self.located(slug)).first()
            if then is not None:
                response = self.show(then, filterset)
                # While the tables of the past stand before those of the present.
                return cast("TemplateResponse", response).render()
        return self.not_shown(now, filterset)

    def not_shown(self, now: Any, filterset: RecordFilterSet) -> HttpResponse:
        """What is wrong with the day asked about, or that the record was not published then."""
        if now is None:
            raise Http404
        context = {**self._about(now, filterset), "first_published": first_published(now)}
        return self.response_class(self.request, "registry/detail/not_recorded.html", context)

    def show(self, record: Any, filterset: RecordFilterSet) -> HttpResponse:
        """The page of a record."""
        evidence = Evidence()
        sections = self.sections(record, evidence)
        sources = evidence.read()
        context = {**self._about(record, filterset), "sources": sources, **sections}
        # Of an earlier state there is only the page: the names of linked data have no place for a time.
        if not filterset.moment:
            described = self.described(record, sections)
            if self.is_linked:
                return answer(described)
            context["json_ld"] = for_a_page(described)
        return self.render_to_response(context)

    def described(self, record: Any, sections: dict[str, Any]) -> dict[str, Any]:
        """The record and what its page shows as linked data."""
        site = site_of(self.request)
        with in_own_language():
            return document(site, type(self).as_linked_data(site, record, sections))

    def _about(self, record: Any, filterset: RecordFilterSet) -> dict[str, Any]:
        as_recorded_on = filterset.day if filterset.is_valid() and filterset.moment else None
        return {
            "record": record,
            "canonical": self.request.build_absolute_uri(record.get_absolute_url()),
            "permanent": permanent(self.request, record),
            "releases": [] if as_recorded_on else list(Release.objects.holding(record)),
            "today": timezone.now().date(),
            "filters": Controls(filterset, filterset.canonical() if filterset.is_valid() else QueryDict(), 0),
            "as_recorded_on": as_recorded_on,
        }

    def _now(self, slug: str) -> Any:
        """The public record that has this address now."""
        return self._public().filter(self.located(slug)).first()

    def _public(self) -> Any:
        records = self.records.model.objects.all()
        return records.public() if hasattr(records, "public") else records

    def sections(self, record: Any, evidence: Evidence) -> dict[str, Any]:
        """Everything the registry knows of the record, by the names that the template uses."""
        raise NotImplementedError

    def moved(self, address: str) -> HttpResponse:
        """Lead an old address, or a permanent identifier, to the present address of its record."""
        record = self._follow(address)
        if record is None:
            raise Http404
        return led_on(self.request, record)

    def _follow(self, address: str) -> Any:
        """The public record that an address leads to."""
        return find_by_old_address(self._public().only("pk", self.address), address)


def permanent(request: HttpRequest, record: Any) -> str:
    """The address of a record for citations, the same whatever language the page is read in."""
    with override(settings.LANGUAGE_CODE):
        return request.build_absolute_uri(reverse(record.url_name, args=[record.pid]))


def led_on(request: HttpRequest, record: Any) -> HttpResponse:
    """The way from an old address, or a permanent identifier, to the present address of its record."""
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(record.get_absolute_url() + (f"?{query}" if query else ""))
    # A merge can be undone, and browsers keep such an answer for ever unless told to ask again.
    response["Cache-Control"] = "no-cache"
    return response


def public_city(address: str) -> City:
    """The public city of an address, or of one it had; raises Http404 where there is none."""
    public = City.objects.public().select_related("country")
    city = public.filter(slug=address).first() or find_by_old_address(public, address)
    if city is None:
        raise Http404
    return city
