"""What every detail page does: finds its record, or where it went, and gathers what to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
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


@dataclass(frozen=True)
class Heading:
    """A line of the page's table of contents."""

    anchor: str
    words: str
    number: int | None = None


class RecordView(TemplateView):
    """One record: address → public record → sections → page."""

    records: ClassVar[Any]
    # The field that its address is made of.
    address: ClassVar[str] = "slug"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the page, lead on to where the record is now, or know nothing of it."""
        slug = kwargs["slug"]
        record = self.at(slug)
        return self.moved(slug) if record is None else self.show(record)

    def at(self, slug: str) -> Any:
        """The public record whose present address this is, or None."""
        return self.records.all().filter(slug=slug).first()

    def show(self, record: Any) -> HttpResponse:
        """The page of a record."""
        evidence = Evidence()
        sections = self.sections(record, evidence)
        context = {
            "record": record,
            "sources": evidence.read(),
            "canonical": self.request.build_absolute_uri(record.get_absolute_url()),
            "permanent": self.request.build_absolute_uri(reverse(record.url_name, args=[record.pid])),
            "today": timezone.now().date(),
            **sections,
        }
        return self.render_to_response(context)

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
        return find_by_old_address(records.only("pk", self.address), address)


def public_city(address: str) -> City:
    """The public city of an address, or of one it had; raises Http404 where there is none."""
    public = City.objects.public().select_related("country")
    city = public.filter(slug=address).first() or find_by_old_address(public, address)
    if city is None:
        raise Http404
    return city
