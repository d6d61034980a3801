"""Columns of memberships: one city in one network for one period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from registry.choices import MembershipStatus, Tier
from registry.exchange.columns.base import Column, Field, Listing, choice, period, record, text

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def _yes(name: str, label: StrOrPromise, about: str) -> Column:
    return Column(name, label, "yes", (Field(name, about, type="boolean"),))


# What is told of a membership where its two ends are known already.
_OWN = (
    choice("status", _("Status"), "What the city is or was to the network.", MembershipStatus, shown=True),
    choice("tier", _("Tier"), "The tier of the membership; blank if unknown.", Tier, shown=True),
    period(_("Period"), of="the membership"),
    _yes("founding", _("Founding member"), "Whether a source calls the city a founding member."),
    _yes("hosting", _("Hosts the network"), "Whether the city hosts the network."),
    text("role", _("Role"), "The part of the city in the network, in the source's own words."),
)
OF_A_MEMBERSHIP = tuple(field for column in _OWN for field in column.fields)

MEMBERSHIPS = Listing(
    name="memberships",
    title=_("Memberships"),
    row=_(
        "One row is one city in one network for one period, of whatever status: member, applicant, left, "
        "never a member or unknown. A city that left and came back has a row for each time."
    ),
    gathered=_(
        "Taken from the member lists of the networks and from published research, each with its source. An "
        "empty start means that it is not known; a list seen at a date shows its members at that date only."
    ),
    columns=(
        Column(
            "city",
            _("City"),
            "heading",
            (
                Field("id", "The permanent identifier of the membership.", "pid"),
                Field("city_id", "The city: its permanent identifier.", "city.pid"),
                Field("city_name", "The city: its name.", "city.name"),
            ),
            "city",
            shown=True,
        ),
        Column(
            "country",
            _("Country"),
            "text",
            (
                Field("country_id", "The country: its ISO 3166-1 alpha-2 code.", "city.country.alpha2"),
                Field("country_name", "The country: its name.", "city.country.name"),
            ),
            "city.country",
            shown=True,
        ),
        record("network", _("Network"), "The network", shown=True),
        *_OWN,
        Column(
            "sources",
            _("Sources"),
            "sources",
            (
                Field(
                    "source_titles",
                    "The sources that show it: their titles.",
                    "citations.source.title",
                    many=True,
                ),
                Field(
                    "source_urls", "Their addresses, in the same order.", "citations.source.url", many=True
                ),
            ),
            "citations",
            shown=True,
        ),
    ),
)
