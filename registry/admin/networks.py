"""Networks, their names, links, members and the checks of their member lists."""

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
    UncheckedFilter,
    by_city,
    by_country,
    by_issue,
    by_network,
)
from registry.admin.merges import MergeableAdmin
from registry.admin.policies import NetworkPartnershipRows
from registry.admin.publication import PublicRecordAdmin
from registry.admin.records import account
from registry.admin.rows import CitedRowForm, Rows
from registry.models import (
    City,
    Membership,
    Network,
    NetworkLink,
    NetworkName,
    RosterConfirmation,
)
from registry.models.base import Fold

CITIES_SEARCHED = 500


class MembershipRows(Rows):
    """Members of the network, some at a time."""

    model = Membership
    form = CitedRowForm
    fields = (
        "city",
        "status",
        "tier",
        "since",
        "until",
        "ended",
        "observed_on",
        "reference",
        "state",
    )
    readonly_fields = ("state",)
    autocomplete_fields = ("city",)
    ordering = ("city__name", "pk")
    rows_related = ("city__country", "city__division")
    list_parameter = "network"
    show_change_link = True


class NetworkNameRows(Rows):
    """Other names of the network."""

    model = NetworkName
    fields = ("name", "language", "kind")
    verbose_name = "other name"


class NetworkLinkRows(Rows):
    """How the network stands to others."""

    model = NetworkLink
    form = CitedRowForm
    fk_name = "network"
    fields = ("kind", "other", "since", "until", "ended", "reference", "state")
    readonly_fields = ("state",)
    autocomplete_fields = ("other",)
    rows_related = ("network", "other")
    verbose_name = "link to another network"
    verbose_name_plural = "links to other networks"


class RosterRows(Rows):
    """Checks of the member list."""

    model = RosterConfirmation
    form = CitedRowForm
    fields = ("confirmed_on", "complete", "reference", "state")
    readonly_fields = ("state",)
    verbose_name = "check of the member list"
    verbose_name_plural = "checks of the member list"


@admin.register(Network)
class NetworkAdmin(MergeableAdmin, ComparedAdmin):
    """Networks of cities."""

    form = CoveringForm
    actions = (*ComparedAdmin.actions, "merge_selected")
    list_display = ("name", "acronym", "scope", "founded", "dissolved", "secretariat", "publication")
    list_select_related = ("secretariat",)
    list_filter = (
        "publication",
        "scope",
        "ended",
        EvidenceFilter,
        UncheckedFilter,
        by_issue(),
        by_country("secretariat__country"),
    )
    search_fields = ("folded", "names__folded")
    search_help_text = "Words of any of its names, or the acronym."
    ordering = ("name", "pk")
    autocomplete_fields = ("issues", "secretariat")
    inlines = (
        MembershipRows,
        CitationRows,
        NetworkPartnershipRows,
        NetworkNameRows,
        NetworkLinkRows,
        RosterRows,
        IdentifierRows,
    )
    fieldsets = (
        (
            None,
            {"fields": ("name", "publication", ("acronym", "scope"), "region", "issues", "description")},
        ),
        ("When", {"fields": (("founded", "dissolved"), ("ended", "observed_on"))}),
        ("Where to find it", {"fields": ("secretariat", "website")}),
        ("For staff", {"fields": ("slug", "note")}),
        SOURCES,
    )

    def matches(self, word: str) -> Q:
        """In any of its names, or as its acronym."""
        names = NetworkName.objects.filter(folded__contains=Fold(Value(word)))
        return (
            Q(folded__contains=Fold(Value(word)))
            | Q(acronym__iexact=word)
            | Q(pk__in=names.values("network"))
        )

    def label_of(self, record: Any) -> str:
        """The name with the acronym by which most know it."""
        known = record.acronym and record.acronym not in record.name
        return f"{record.name} ({record.acronym})" if known else record.name

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows, and cite the sources for them if that was asked for."""
        super().save_related(request, form, formsets, change)
        form.cover(account(request), ("memberships",))


@admin.register(Membership)
class MembershipAdmin(RepeatedAdmin):
    """One city in one network for one period: a million rows and more."""

    list_display = (
        "place",
        "network",
        "status",
        "tier",
        "since",
        "until",
        "publication",
        "sourced",
    )
    list_select_related = ("city__country", "network")
    list_filter = (
        "publication",
        "status",
        "tier",
        EvidenceFilter,
        by_network(),
        by_city(),
        by_country("city__country"),
    )
    search_fields = ("city__names__folded", "network__folded")
    search_help_text = "Words of the network's name or acronym, or of one of the city's names."
    keeps = ("network", "status", "since", "until", "ended", "observed_on")
    ordering = ("-pk",)
    sortable_by = ()
    autocomplete_fields = ("city", "network")
    inlines = (CitationRows,)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "city",
                    "network",
                    "publication",
                    ("status", "tier"),
                    ("founding", "hosting"),
                    "role",
                )
            },
        ),
        ("When", {"fields": (("since", "until"), ("ended", "observed_on"))}),
        ("For staff", {"fields": ("note",)}),
    )

    @admin.display(description="city")
    def place(self, membership: Membership) -> str:
        """The city with its country."""
        return f"{membership.city.name}, {membership.city.country}"

    def matches(self, word: str) -> Q:
        """By the city or the network; of very common words the first cities by size."""
        network_admin: Any = self.admin_site.get_model_admin(Network)
        networks = network_admin.matches(word)
        folded = Fold(Value(word))
        cities = City.objects.filter(names__folded__startswith=folded).values("pk")[:CITIES_SEARCHED]
        return Q(
            network__in=list(Network.objects.filter(networks).values_list("pk", flat=True)[:CITIES_SEARCHED])
        ) | Q(city__in=[row["pk"] for row in cities])


@admin.register(NetworkLink)
class NetworkLinkAdmin(RepeatedAdmin):
    """How networks stand to each other."""

    list_display = ("network", "kind", "other", "since", "until", "publication")
    list_select_related = ("network", "other")
    list_filter = ("publication", "kind", EvidenceFilter, by_network())
    search_fields = ("network__folded", "other__folded")
    keeps = ("network", "kind", "since", "until", "ended", "observed_on")
    ordering = ("-pk",)
    sortable_by = ()
    autocomplete_fields = ("network", "other")
    inlines = (CitationRows,)
    fields = (("network", "kind", "other"), "publication", ("since", "until", "ended", "observed_on"), "note")


@admin.register(RosterConfirmation)
class RosterConfirmationAdmin(PublicRecordAdmin):
    """That a member list was checked."""

    list_display = ("network", "confirmed_on", "complete", "confirmed_by", "publication")
    list_select_related = ("network", "confirmed_by")
    list_filter = ("publication", "complete", EvidenceFilter, by_network())
    search_fields = ("network__folded",)
    ordering = ("-confirmed_on", "-pk")
    autocomplete_fields = ("network", "confirmed_by")
    inlines = (CitationRows,)
    fields = ("network", "publication", ("confirmed_on", "complete"), "confirmed_by", "note")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The account that fills the form in is likely the one that checked."""
        return {"confirmed_by": request.user.pk, **super().get_changeform_initial_data(request)}
