"""Joint policies with their parties, partners and experiments."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, Value
from django.http import HttpRequest

from registry.admin.again import RepeatedAdmin
from registry.admin.duplicates import ComparedAdmin
from registry.admin.evidence import SOURCES, CitationRows, CoveringForm, IdentifierRows
from registry.admin.filtering import (
    EvidenceFilter,
    by_city,
    by_country,
    by_issue,
    by_network,
    by_organisation,
    by_policy,
)
from registry.admin.merges import MergeableAdmin
from registry.admin.records import account
from registry.admin.rows import CitedRowForm, Rows, StackedRows
from registry.models import (
    JointPolicy,
    Organisation,
    Partnership,
    PolicyExperiment,
    PolicyParty,
)
from registry.models.base import Fold


class PartyRows(Rows):
    """The cities that take part."""

    model = PolicyParty
    form = CitedRowForm
    fields = ("city", "role", "office", "since", "until", "ended", "reference", "state")
    readonly_fields = ("state",)
    autocomplete_fields = ("city", "office")
    offices_of = {"office": "city"}
    rows_related = ("city__country", "city__division", "office__city")
    verbose_name = "party"
    verbose_name_plural = "parties: the cities that take part"
    list_parameter = "policy"
    show_change_link = True

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """A new policy has at least two cities."""
        return 0 if obj else 2


class PartnershipRows(Rows):
    """Organisations that take part beside the cities."""

    model = Partnership
    form = CitedRowForm
    fields = ("organisation", "role", "since", "until", "ended", "reference", "state")
    readonly_fields = ("state",)
    autocomplete_fields = ("organisation",)
    rows_related = ("organisation",)
    verbose_name = "partner organisation"


class NetworkPartnershipRows(PartnershipRows):
    """The same on the form of a network."""


class ExperimentRows(StackedRows):
    """What the policy tests."""

    model = PolicyExperiment
    form = CitedRowForm
    fields = ("hypothesis", "sites", "comparator", "outcome", "replicated_by", "reference", "state")
    readonly_fields = ("state",)
    autocomplete_fields = ("sites", "replicated_by")
    verbose_name = "experiment"


class PolicyCitationRows(CitationRows):
    """The sources of a policy or an experiment; one is asked for at once."""

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """A box for the first source stands ready."""
        return 0 if obj else 1


@admin.register(JointPolicy)
class JointPolicyAdmin(MergeableAdmin, ComparedAdmin):
    """What cities undertake together."""

    form = CoveringForm
    actions = (*ComparedAdmin.actions, "merge_selected")
    list_display = ("name", "kind", "status", "since", "until", "publication", "sourced")
    list_filter = (
        "publication",
        "kind",
        "status",
        EvidenceFilter,
        by_issue(),
        by_network("networks"),
        by_city("parties__city"),
    )
    search_fields = ("folded",)
    search_help_text = "Words of the name."
    ordering = ("name", "pk")
    autocomplete_fields = ("issues", "networks")
    inlines = (PartyRows, PolicyCitationRows, PartnershipRows, ExperimentRows, IdentifierRows)
    fieldsets = (
        (None, {"fields": ("name", "publication", ("kind", "status"), "issues", "networks", "summary")}),
        ("When", {"fields": (("since", "until"), ("ended", "observed_on"))}),
        ("Results", {"fields": ("outputs", "website")}),
        ("For staff", {"fields": ("slug", "note")}),
        SOURCES,
    )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows, and cite the sources for them if that was asked for."""
        super().save_related(request, form, formsets, change)
        form.cover(account(request), ("parties", "partnerships"))


@admin.register(PolicyParty)
class PolicyPartyAdmin(RepeatedAdmin):
    """A city's part in a joint policy."""

    list_display = (
        "place",
        "policy",
        "role",
        "office_name",
        "since",
        "until",
        "publication",
        "sourced",
    )
    list_select_related = ("city__country", "policy", "office")
    list_filter = ("publication", "role", EvidenceFilter, by_policy(), by_city(), by_country("city__country"))
    search_fields = ("policy__folded", "city__folded")
    keeps = ("policy", "since", "until", "ended", "observed_on")
    ordering = ("-pk",)
    sortable_by = ()
    autocomplete_fields = ("policy", "city", "office")
    offices_of = {"office": "city"}
    inlines = (CitationRows,)
    fieldsets = (
        (None, {"fields": ("city", "policy", "publication", "role", "office")}),
        ("When it differs from the policy", {"fields": (("since", "until"), ("ended", "observed_on"))}),
        ("For staff", {"fields": ("note",)}),
    )

    @admin.display(description="city")
    def place(self, party: PolicyParty) -> str:
        """The city with its country."""
        return f"{party.city.name}, {party.city.country}"

    @admin.display(description="office")
    def office_name(self, party: PolicyParty) -> str:
        """The office that carries the work, without its city."""
        return party.office.name if party.office else ""

    def matches(self, word: str) -> Q:
        """By the policy or the city."""
        folded = Fold(Value(word))
        return Q(policy__in=JointPolicy.objects.filter(folded__contains=folded)) | Q(
            city__folded__startswith=folded
        )


@admin.register(PolicyExperiment)
class PolicyExperimentAdmin(RepeatedAdmin):
    """What joint policies test."""

    list_display = ("hypothesis", "policy", "outcome", "publication", "sourced")
    list_select_related = ("policy",)
    list_filter = ("publication", EvidenceFilter, by_policy())
    search_fields = ("hypothesis", "policy__folded")
    keeps = ("policy",)
    ordering = ("-pk",)
    sortable_by = ()
    autocomplete_fields = ("policy", "sites", "replicated_by")
    label_related = ("policy",)
    inlines = (PolicyCitationRows,)
    fieldsets = (
        (
            None,
            {
                "fields": ("policy", "publication", "hypothesis", "sites", "comparator"),
                "description": "What was expected to happen, in which cities it is tried out, and what the "
                "result is compared with.",
            },
        ),
        (
            "What came of it",
            {
                "fields": ("outcome", "replicated_by"),
                "description": "Leave the outcome empty while it is not known. An experiment that repeats "
                "this one is entered with its own joint policy, and then chosen here.",
            },
        ),
        ("For staff", {"fields": ("note",)}),
    )

    def matches(self, word: str) -> Q:
        """By the policy or what is expected."""
        return Q(hypothesis__icontains=word) | Q(policy__folded__contains=Fold(Value(word)))


class OrganisationPartRows(Rows):
    """What an organisation takes part in."""

    model = Partnership
    form = CitedRowForm
    readonly_fields = ("state",)
    fields = ("policy", "network", "role", "since", "until", "ended", "reference", "state")
    autocomplete_fields = ("policy", "network")
    rows_related = ("policy", "network")
    verbose_name = "part in a joint policy or network"
    verbose_name_plural = "parts in joint policies and networks"


@admin.register(Organisation)
class OrganisationAdmin(MergeableAdmin, ComparedAdmin):
    """Partners that are not cities."""

    actions = (*ComparedAdmin.actions, "merge_selected")
    list_display = ("name", "kind", "country", "website", "publication", "sourced")
    list_select_related = ("country",)
    list_filter = ("publication", "kind", EvidenceFilter, by_country())
    search_fields = ("folded",)
    ordering = ("name", "pk")
    autocomplete_fields = ("country",)
    label_related = ("country",)
    inlines = (OrganisationPartRows, CitationRows, IdentifierRows)
    fieldsets = (
        (None, {"fields": ("name", "publication", ("kind", "country"), "website", "description")}),
        ("For staff", {"fields": ("slug", "note")}),
    )

    def label_of(self, record: Any) -> str:
        """The name with the country."""
        return f"{record.name}, {record.country}" if record.country else record.name


@admin.register(Partnership)
class PartnershipAdmin(RepeatedAdmin):
    """An organisation's part in a joint policy or network."""

    list_display = ("organisation", "role", "policy", "network", "since", "until", "publication", "sourced")
    list_select_related = ("organisation", "policy", "network")
    list_filter = ("publication", EvidenceFilter, by_organisation(), by_policy(), by_network())
    search_fields = ("organisation__folded",)
    keeps = ("policy", "network", "since", "until", "ended", "observed_on")
    ordering = ("-pk",)
    sortable_by = ()
    autocomplete_fields = ("organisation", "policy", "network")
    inlines = (CitationRows,)
    fields = (
        "organisation",
        "publication",
        ("policy", "network"),
        "role",
        ("since", "until", "ended", "observed_on"),
        "note",
    )
