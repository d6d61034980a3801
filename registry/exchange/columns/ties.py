"""Columns of direct ties brought together (`registry.collaboration.direct.Collaboration`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from registry.exchange.columns.base import Column, Field, Listing, period, record, records

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def end(name: str, label: StrOrPromise, about: str, path: str, kind: str) -> Column:
    fields = (
        Field(f"{name}_id", f"{about}: its permanent identifier.", f"{path}.pid"),
        Field(f"{name}_name", f"{about}: its name.", f"{path}.name"),
        Field(f"{name}_country_id", f"{about}: the code of its country.", f"{path}.country.alpha2"),
        Field(f"{name}_country_name", f"{about}: its country.", f"{path}.country.name"),
    )
    return Column(name, label, kind, fields, path, shown=True)


COLLABORATIONS = Listing(
    name="collaborations",
    title=_("Collaborations"),
    row=_(
        "One row is two cities and one issue: both are, at the same time, parties to a published joint "
        "policy on it (direct), or members of a published network that works on it (through a network; "
        "these show where they are asked for). All joint policies and networks that show this stand in the "
        "row; its period runs from the first start to the last end that both cities have in common."
    ),
    gathered=_(
        "Computed by the database from the recorded joint policies and their parties, and from "
        "memberships of networks. A party without dates of its own takes those of its policy. That two "
        "cities have no row means that nothing of both is recorded, not that they do not work together."
    ),
    columns=(
        end("city", _("City"), "One of the two cities", "city_a", "tie"),
        end("partner", _("With"), "The other city", "city_b", "tie"),
        record("issue", _("Issue"), "The issue", shown=True),
        period(_("Period"), of="their work together"),
        records(
            "policy",
            _("Joint policies"),
            "The joint policies that show it",
            path="policies",
            column="policies",
            kind="evidence",
            shown=True,
        ),
        records(
            "network",
            _("Networks"),
            "The networks that show it, of which both cities are or were members at the same time",
            path="networks",
            column="networks",
            kind="evidence",
            shown=True,
        ),
        Column(
            "evidence",
            _("Evidence"),
            "proof",
            (
                Field(
                    "evidence", "The address of the page that names every proof and its sources.", "address"
                ),
            ),
            "address",
            shown=True,
        ),
    ),
)


def _measure(name: str, label: StrOrPromise, about: str, kind: str, type: str) -> Column:
    return Column(name, label, kind, (Field(name, about, type=type),), shown=True)


MEASURES = Listing(
    name="measures",
    title=_("Measures"),
    row=_(
        "One row is a city in the graph of the question. Two cities are tied in it when they collaborate on "
        "any issue asked about, however many."
    ),
    gathered=_(
        "Computed from the ties that the filters leave, with rustworkx and NetworkX. Measures depend on what "
        "the registry holds: a city with few recorded ties may have many."
    ),
    columns=(
        end("city", _("City"), "The city", "city", "tie"),
        _measure("degree", _("Degree"), "How many other cities it is tied to.", "number", "integer"),
        _measure(
            "weight",
            _("Weighted degree"),
            "The joint policies and networks of its ties.",
            "number",
            "integer",
        ),
        _measure(
            "betweenness",
            _("Betweenness"),
            "The share, from 0 to 1, of the shortest paths between two others that lead through it.",
            "share",
            "number",
        ),
        _measure(
            "eigenvector",
            _("Eigenvector"),
            "How central the cities are that it is tied to; the most central has 1.",
            "share",
            "number",
        ),
        _measure(
            "community", _("Community"), "The number of its group, the largest first.", "number", "integer"
        ),
    ),
)


OVERLAPS = Listing(
    name="overlap",
    title=_("Overlap of networks"),
    row=_("One row is two networks that have members in common."),
    gathered=_(
        "Counted among the recorded memberships of cities that are or were members; of more networks than "
        "fit on the page those with most members are compared. Member lists may be incomplete: each "
        "network's page says when its own was checked."
    ),
    columns=(
        record("network", _("Network"), "One network", shown=True),
        record("other", _("And"), "The other network", shown=True),
        _measure("shared", _("Members in common"), "How many cities are in both.", "number", "integer"),
        _measure(
            "jaccard",
            _("Jaccard index"),
            "The share, from 0 to 1, of the cities in both among those in either.",
            "share",
            "number",
        ),
    ),
)
