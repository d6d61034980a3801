"""The staff site: its models by meaning, what waits for someone, and autocompletion.

Not in `registry.admin`, since that package registers with this site while it is imported.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db import models
from django.db.models import CharField, Count, Q, Value
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import path, reverse

from registry.choices import Publication
from registry.models import SavedSearch, Source
from registry.models.base import PublicRecord

# The order of the index. What is not named here comes last, so that nothing is lost.
GROUPS = {
    "Joint policies": ["JointPolicy", "PolicyParty", "PolicyExperiment", "Partnership", "Organisation"],
    "Networks": ["Network", "Membership", "NetworkLink", "RosterConfirmation"],
    "City hall": ["CityOffice", "OfficeHolder", "OfficeLink"],
    "Cities": ["City", "CityLink", "Country", "Division"],
    "Evidence": ["Source", "Citation", "Report", "Dataset", "Observation"],
    "Issues": ["Issue", "IssueScheme", "SchemeConcept"],
    "Lists": ["ListImport", "TaughtName"],
    "Review": ["Proposal", "NotDuplicate"],
    "Staff": ["ApiToken", "User", "Group"],
}
OTHER = "Other"
COUNTED = 1000
LONGEST_TERM = 200


class RecordAutocomplete(AutocompleteJsonView):
    """Records for a box that is typed in, labelled by their own admin."""

    def process_request(self, request: HttpRequest) -> Any:
        """What is asked, without characters that no text of the database can have."""
        term, *rest = super().process_request(request)
        return term.replace("\x00", "")[:LONGEST_TERM], *rest

    def get_queryset(self) -> models.QuerySet:
        """The records found, with what their labels need."""
        records = super().get_queryset()
        related = getattr(self.model_admin, "label_related", ())
        return records.select_related(*related) if related else records

    def serialize_result(self, record: Any, to_field_name: str) -> dict[str, str]:
        """One option."""
        label = getattr(self.model_admin, "label_of", str)
        option = {"id": str(getattr(record, to_field_name)), "text": label(record)}
        if getattr(record, "recently_used", False):
            option["mark"] = "recently used"
        # What a box takes in which a source is typed: the title may belong to several.
        return {**option, "reference": record.url or record.title} if isinstance(record, Source) else option


class StaffSite(admin.AdminSite):
    """The staff site."""

    site_header = "CityNet"
    site_title = "CityNet staff"
    # The first page leads everywhere; the width belongs to the tables.
    enable_nav_sidebar = False

    def get_urls(self) -> list[Any]:
        """With the pages of review, of possible duplicates, and of batches that can be undone."""
        from registry.admin import batches, duplicates, reviewing

        return [
            *reviewing.urls(self),
            path("duplicates/", self.admin_view(duplicates.first_pairs), name="duplicates"),
            path("batches/", self.admin_view(batches.list_view), name="batches"),
            path("batches/<str:batch>/undo/", self.admin_view(batches.undo_view), name="undo_batch"),
            *super().get_urls(),
        ]

    def autocomplete_view(self, request: HttpRequest) -> Any:
        """Options for a box that is typed in."""
        return RecordAutocomplete.as_view(admin_site=self)(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Models in groups by meaning, instead of one alphabetical list for each application."""
        found = super().get_app_list(request, app_label)
        models_by_name = {model["object_name"]: model for app in found for model in app["models"]}
        groups = {
            group: [models_by_name.pop(n) for n in names if n in models_by_name]
            for group, names in GROUPS.items()
        }
        groups[OTHER] = list(models_by_name.values())
        index = reverse("admin:index", current_app=self.name)
        return [
            {
                "name": group,
                "app_label": group.lower().replace(" ", "-"),
                "app_url": f"{index}#{group.lower().replace(' ', '-')}",
                "has_module_perms": True,
                "models": members,
            }
            for group, members in groups.items()
            if members
        ]

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """The first page, with what waits for the account, and how many drafts and records in review."""
        from registry.admin import workqueue

        waiting = self.waiting()
        groups = self.get_app_list(request)
        for group in groups:
            for model in group["models"]:
                model["waiting"] = waiting.get(model["model"]._meta.model_name, {})
        return super().index(
            request,
            {
                "app_list": groups,
                "publication": Publication,
                "work": workqueue.look(request),
                "searches": SavedSearch.objects.filter(owner=request.user.pk),
                **(extra_context or {}),
            },
        )

    def waiting(self) -> dict[str, dict[str, str]]:
        """Numbers of drafts and of records in review of each kind, by one query; none counts beyond 1,000."""
        kinds = [model for model in self._registry if issubclass(model, PublicRecord)]
        counts = [_waiting_in(model) for model in kinds]
        if not counts:
            return {}
        found: dict[str, dict[str, str]] = {}
        for kind, drafts, in_review in counts[0].union(*counts[1:], all=True):
            said = {"in_review": _said(in_review, "in review"), "draft": _said(drafts, "drafts")}
            found[kind] = {name: text for name, text in said.items() if text}
        return found


def _waiting_in(model: type[models.Model]) -> models.QuerySet:
    unpublished = model._default_manager.filter(publication__in=[Publication.DRAFT, Publication.IN_REVIEW])
    some = unpublished.order_by().values("pk")[: 2 * COUNTED]
    return (
        model._default_manager.filter(pk__in=some)
        .order_by()
        .values(waiting_kind=Value(model._meta.model_name, output_field=CharField()))
        .annotate(
            waiting_drafts=Count("pk", filter=Q(publication=Publication.DRAFT)),
            waiting_in_review=Count("pk", filter=Q(publication=Publication.IN_REVIEW)),
        )
        .values_list("waiting_kind", "waiting_drafts", "waiting_in_review")
    )


def _said(count: int, what: str) -> str:
    if count == 1:
        what = what.removesuffix("s")
    number = f"{count:,}" if count <= COUNTED else f"more than {COUNTED:,}"
    return f"{number} {what}" if count else ""
