"""The page of a list: how its rows stand, what staff decide of them, and applying it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse

from registry.actions.publish import may_publish
from registry.admin.list_maps import world
from registry.admin.list_rows import ListRowForm, known_words, row_forms, save_rows
from registry.admin.records import account
from registry.choices import ImportState, Missing, Publication, RowStanding
from registry.exchange.lists.apply import Applied, NotOpen, apply_list, discard, said_of
from registry.exchange.lists.imports import UNDECIDED, carry_over, current_plan, replan
from registry.exchange.lists.plan import Plan
from registry.exchange.lists.rosters import roster_of
from registry.models import ListImport
from registry.models.refusals import read_refusal

if TYPE_CHECKING:
    from registry.admin.lists import ListImportAdmin

PER_PAGE = 50
MISSING = "missing"
LOST = "Somebody changed the same cities at this moment, so nothing was applied. Look at the plan again."
PROPOSED = "changes of published records wait as proposals until an editor accepts them."
KEPT = "changes of published records were proposed before and wait still."
WAITING = "rows were not applied, since nobody decided on them."
NO_LONGER = "No longer on the list"


class ApplyForm(forms.Form):
    """As what to apply the list, and what it means that cities are not on it."""

    missing = forms.ChoiceField(choices=Missing.choices, required=False, widget=forms.RadioSelect)
    publication = forms.ChoiceField(widget=forms.RadioSelect, required=False)

    def __init__(self, data: Any, listing: ListImport, may: bool) -> None:
        states = [(Publication.DRAFT.value, "Drafts"), (Publication.PUBLISHED.value, "Published records")]
        initial = {"missing": listing.missing, "publication": Publication.DRAFT.value}
        super().__init__(data, initial=initial)
        self.fields["publication"].choices = states if may else states[:1]  # type: ignore[attr-defined]


class Preview:
    """One request for the page of a list."""

    def __init__(self, admin: ListImportAdmin, request: HttpRequest, listing: ListImport) -> None:
        self.admin, self.request, self.listing = admin, request, listing
        self.site, self.by = admin.admin_site, account(request)
        self.roster = roster_of(listing)
        self.may_write = admin.has_change_permission(request, listing)
        self.may_publish = may_publish(self.by, self.roster.model)

    def respond(self) -> HttpResponse:
        """What a visit gives: the page, or the way back to it after something was done."""
        if self.request.method != "POST":
            return self.page()
        if not self.may_write:
            raise PermissionDenied
        if "_rest" in self.request.POST:
            rest = carry_over(self.listing, by=self.by)
            return HttpResponseRedirect(reverse("admin:registry_listimport_change", args=[rest.pk]))
        try:
            return self.act()
        except NotOpen as said:
            messages.error(self.request, str(said))
            return self.back()

    def act(self) -> HttpResponse:
        """Save what was decided, then do what the button pressed says."""
        if "_discard" in self.request.POST:
            discard(self.listing, by=self.by)
            messages.success(self.request, "The list was discarded. Nothing of it was applied.")
            return self.back()
        if not self.listing.is_open:
            raise NotOpen(said_of(self.listing))
        posted = self.posted_forms()
        settings = ApplyForm(self.request.POST, self.listing, self.may_publish)
        if not (settings.is_valid() and save_rows(self.listing, posted, self.site)):
            return self.page(posted=posted, settings=settings)
        self.save_missing(settings.cleaned_data["missing"])
        if "_apply" in self.request.POST:
            return self.apply(settings.cleaned_data["publication"])
        replan(self.listing)
        messages.success(self.request, "Your choices are saved.")
        return self.back(keep_place=True)

    def posted_forms(self) -> list[ListRowForm]:
        """The forms of the rows on the page that was sent."""
        keys = _keys(self.request.POST, "rows")[:PER_PAGE]
        rows = self.listing.rows.filter(pk__in=keys)
        return row_forms(rows, self.site, is_open=True, data=self.request.POST)

    def save_missing(self, missing: str) -> None:
        """What it means that cities are not on the list, and which were ticked as having left."""
        shown, ticked = _keys(self.request.POST, "shown"), _keys(self.request.POST, "left")
        if shown:
            recorded = self.roster.model.objects.filter(**{self.roster.whole: self.listing.target})
            departed = set(recorded.filter(pk__in=set(ticked) & set(shown)).values_list("pk", flat=True))
            self.listing.departed.remove(*(set(shown) - departed))
            self.listing.departed.add(*departed)
            if departed and missing == Missing.INCOMPLETE:
                missing = Missing.SOME
        if missing and missing != self.listing.missing:
            self.listing.missing = missing
            self.listing.save(update_fields=["missing"])

    def apply(self, publication: str) -> HttpResponse:
        """Apply the list; what another session did meanwhile is said, and nothing is done twice."""
        publish = publication == Publication.PUBLISHED
        try:
            done = apply_list(self.listing, by=self.by, publish=publish)
        except IntegrityError as error:
            if read_refusal(error) is None:
                raise
            messages.error(self.request, LOST)
            return self.back(keep_place=True)
        messages.success(self.request, self.told(done, publish))
        if done.proposed:
            messages.warning(self.request, f"{done.proposed:,} {PROPOSED}")
        if done.kept:
            messages.warning(self.request, f"{done.kept:,} {KEPT}")
        if done.waiting:
            messages.warning(self.request, f"{done.waiting:,} {WAITING}")
        return self.back()

    def told(self, done: Applied, publish: bool) -> str:
        """What was done, in a sentence."""
        names = str(self.roster.model._meta.verbose_name_plural)
        state = "published" if publish else "as drafts"
        parts = [f"{done.added:,} {names} added {state}"]
        parts += [f"{done.changed:,} changed"] if done.changed else []
        parts += [f"{done.seen:,} seen again"] if done.seen else []
        parts += [f"{done.left:,} recorded as having left"] if done.left else []
        parts += [f"{done.taught:,} names remembered"] if done.taught else []
        return f"The list was applied: {', '.join(parts)}."

    def back(self, keep_place: bool = False) -> HttpResponse:
        """To the page as it is now."""
        return HttpResponseRedirect(self.request.get_full_path() if keep_place else self.request.path)

    # --- The page -----------------------------------------------------------------------------------------

    @cached_property
    def plan(self) -> Plan:
        """The plan as the registry stands now; that of a list no longer open is left as it was."""
        return current_plan(self.listing) if self.listing.is_open and self.may_write else Plan([])

    def page(self, posted: Any = None, settings: Any = None) -> HttpResponse:
        """The list's page."""
        missing = self.plan.missing
        numbers = self.listing.rows.standings()
        tabs = self.tabs(numbers, len(missing))
        shown = self.shown(tabs)
        page = self.page_of(missing if shown == MISSING else self.listing.rows.filter(standing=shown))
        is_open = self.listing.is_open and self.may_write
        forms_of_rows = [] if shown == MISSING else posted or self.forms(page, is_open)
        context = {
            **self.admin.admin_site.each_context(self.request),
            "title": f"{self.listing.file_name or 'Pasted list'}: {self.listing.target}",
            "opts": self.admin.opts,
            "listing": self.listing,
            "is_open": is_open,
            "closed": "" if self.listing.is_open else said_of(self.listing),
            "tabs": tabs,
            "shown": shown,
            "page": page,
            "row_forms": forms_of_rows,
            "world": world() if any(form.map for form in forms_of_rows) else "",
            "known_words": known_words(self.listing),
            "missing": self.missing_on(page) if shown == MISSING else [],
            "settings": settings or ApplyForm(None, self.listing, self.may_publish),
            "may_publish": self.may_publish,
            "number": sum(numbers.values()),
            "undecided": sum(numbers.get(one, 0) for one in UNDECIDED),
            "is_applied": self.listing.state == ImportState.APPLIED,
            "proposed": self.proposed(page) if shown in (RowStanding.CHANGED, RowStanding.THERE) else set(),
            "media": self.admin.media + _media(forms_of_rows),
        }
        return TemplateResponse(self.request, "admin/registry/listimport/preview.html", context)

    def forms(self, page: Page, is_open: bool) -> list[ListRowForm]:
        """Forms of the rows of the page."""
        return row_forms(page.object_list, self.site, is_open=is_open)

    def tabs(self, numbers: dict[str, int], missing: int) -> list[dict[str, Any]]:
        """Sections with how many rows each has; those without are left out."""
        found = [
            {"name": one.value, "label": one.label, "number": numbers[one]}
            for one in RowStanding
            if numbers.get(one)
        ]
        if missing:
            found.append({"name": MISSING, "label": NO_LONGER, "number": missing})
        return found

    def shown(self, tabs: list[dict[str, Any]]) -> str:
        """The section asked for, else the first with rows."""
        asked = self.request.GET.get("show", "")
        names = [tab["name"] for tab in tabs]
        return asked if asked in names else (names[0] if names else RowStanding.ADD.value)

    def page_of(self, rows: Any) -> Page:
        """The page asked for; the nearest where there is none of that number."""
        return Paginator(rows, PER_PAGE).get_page(self.request.GET.get("p"))

    def missing_on(self, page: Page) -> list[dict[str, Any]]:
        """The recorded parts on the page with their cities and whether they are ticked."""
        keys = [part.pk for part in page.object_list]
        records = self.roster.model.objects.select_related("city__country").in_bulk(keys)
        ticked = set(self.listing.departed.filter(pk__in=keys).values_list("pk", flat=True))
        return [
            {
                "record": records[key],
                "ticked": key in ticked or self.listing.missing == Missing.LEFT,
                "stuck": self.plan.stuck.get(key, ""),
                "proposed": not self.may_publish and records[key].publication == Publication.PUBLISHED,
            }
            for key in keys
            if key in records
        ]

    def proposed(self, page: Page) -> set[int]:
        """Published records, of the rows on the page, of which this account can only propose a change."""
        if self.may_publish:
            return set()
        records = [row.record for row in page.object_list if row.record and row.changes]
        published = self.roster.model.objects.filter(pk__in=records, publication=Publication.PUBLISHED)
        return set(published.values_list("pk", flat=True))


def _keys(posted: QueryDict, name: str) -> list[int]:
    """Keys of records as a form sends them; what is none is left out."""
    values = posted.getlist(name)
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19]


def _media(row_forms: list[ListRowForm]) -> forms.Media:
    # One list, since Django keeps the order of scripts only within a list.
    scripts = ["admin/js/jquery.init.js", "registry/admin/lists.js"]
    own = forms.Media(js=scripts, css={"all": ["registry/admin/lists.css"]})
    return row_forms[0].media + own if row_forms else own
