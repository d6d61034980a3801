"""What every detail page does: finds its record, or where it went, and gathers what to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import Count, F, QuerySet, Window
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.generic import TemplateView

from registry.models import City
from registry.models.aliases import find_by_old_address
from registry.views.details.evidence import Evidence


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
    by_city = parties.order_by().values("city", name=F("city__name"), slug=F("city__slug"))
    counted = by_city.annotate(policy_count=Count("policy", distinct=True), total=Window(Count("*")))
    rows = list(counted.order_by("-policy_count", "name", "slug")[:limit])
    cities = City.objects.public().select_related("country").in_bulk([row["city"] for row in rows])
    for row in rows:
        if row["city"] in cities:
            cities[row["city"]].policy_count = row["policy_count"]
    shown = [cities[row["city"]] for row in rows if row["city"] in cities]
    return Some(shown, rows[0]["total"] if rows else 0)


@dataclass(frozen=True)
class Heading:
    """A line of the page's table of contents."""

    anchor: str
    words: str
    number: int | None = None


class RecordView(TemplateView):
    """One record: address → public record → sections → page."""

    records: ClassVar[Any]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the page, lead on to where the record is now, or know nothing of it."""
        slug = kwargs["slug"]
        record = self.records.all().filter(slug=slug).first()
        return self.moved(slug) if record is None else self.show(record)

    def show(self, record: Any) -> HttpResponse:
        """The page of a record."""
        evidence = Evidence()
        sections = self.sections(record, evidence)
        context = {
            "record": record,
            "sources": evidence.read(),
            "canonical": self.request.build_absolute_uri(record.get_absolute_url()),
            "permanent": self.permanent(record),
            "today": timezone.now().date(),
            **sections,
        }
        return self.render_to_response(context)

    def permanent(self, record: Any) -> str:
        """The address for citations, the same whatever language the page is read in."""
        with override(settings.LANGUAGE_CODE):
            return self.request.build_absolute_uri(reverse(record.url_name, args=[record.pid]))

    def sections(self, record: Any, evidence: Evidence) -> dict[str, Any]:
        """Everything the registry knows of the record, by the names that the template uses."""
        raise NotImplementedError

    def moved(self, address: str) -> HttpResponse:
        """Lead an old address, or a permanent identifier, to the present address of its record."""
        record = self._follow(address)
        if record is None:
            raise Http404
        query = self.request.META.get("QUERY_STRING", "")
        response = HttpResponsePermanentRedirect(record.get_absolute_url() + (f"?{query}" if query else ""))
        # A merge can be undone, and browsers keep such an answer for ever unless told to ask again.
        response["Cache-Control"] = "no-cache"
        return response

    def _follow(self, address: str) -> Any:
        """The public record that an address leads to."""
        records = self.records.model.objects.all()
        if hasattr(records, "public"):
            records = records.public()
        return find_by_old_address(records.only("pk", "slug"), address)
