"""Columns of gaps (`registry.collaboration.opportunities`) and of joint policies to take up."""

from django.utils.translation import gettext_lazy as _

from registry.exchange.columns.base import Column, Field, Listing, period, record, records
from registry.exchange.columns.ties import end

_ORDER = Field(
    "score",
    "What orders the rows: the sum of ln(1 + joint policies of the one), ln(1 + joint policies of the "
    "other), ln(1 + networks in common) and their likeness in size, from 0 to 1.",
    type="number",
)

OPPORTUNITIES = Listing(
    name="opportunities",
    title=_("Opportunities"),
    row=_(
        "One row is two cities that are active on the same issue and have no direct tie on it: no joint "
        "policy on it has both as parties at the same time. A city is active on an issue when it is or was "
        "a party to a joint policy on it, or has an open office with the issue in its remit."
    ),
    gathered=_(
        "Computed from the recorded joint policies, parties and offices. That no tie is recorded does not "
        "mean that there is none. A row is a suggestion, made of what is known of both: nobody has asked "
        "the cities."
    ),
    columns=(
        end("city", _("City"), "One of the two cities", "city", "tie"),
        end("partner", _("Could work with"), "The other city", "partner", "tie"),
        records(
            "issue",
            _("On"),
            "The issues that both are active on, without a direct tie on them",
            path="issues",
            column="issues",
            kind="issues",
            shown=True,
        ),
        Column(
            "reasons",
            _("Why"),
            "reasons",
            (Field("reasons", "What speaks for it, in words.", many=True), _ORDER),
            shown=True,
        ),
        records(
            "network",
            _("Networks in common"),
            "The networks that both are or were members of",
            path="common.networks",
            column="networks",
        ),
        Column(
            "partners_in_common",
            _("Partners in common"),
            "number",
            (
                Field(
                    "partners_in_common",
                    "How many cities both have direct ties with, on whatever issue.",
                    "common.partner_count",
                    "integer",
                ),
            ),
            "common.partner_count",
        ),
        Column(
            "policy_count",
            _("Joint policies of the other"),
            "number",
            (
                Field(
                    "partner_policy_count",
                    "How many joint policies the other city takes part in.",
                    "common.policy_count",
                    "integer",
                ),
            ),
            "common.policy_count",
        ),
    ),
)

TAKE_UP = Listing(
    name="take-up",
    title=_("Policies to take up"),
    row=_(
        "One row is a joint policy on an issue that the city is active on, to which the city is no party but "
        "some of those are that could become its partners."
    ),
    gathered=_(
        "Computed from the recorded joint policies and parties, for the 50 cities that come first among the "
        "opportunities of the city. Whether a policy takes in further cities is not known here: its page "
        "names its sources."
    ),
    columns=(
        record("policy", _("Joint policy"), "The joint policy", shown=True),
        records(
            "issue",
            _("On"),
            "The issues of the policy that the city is active on",
            path="issues",
            column="issues",
            kind="issues",
            shown=True,
        ),
        records(
            "city",
            _("Likely partners in it"),
            "The parties to it that could become partners of the city, the likeliest first",
            path="cities",
            column="cities",
            kind="records",
            shown=True,
        ),
        period(_("Period"), "since", "until", "the policy"),
    ),
)
