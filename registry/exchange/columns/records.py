"""Columns of networks, joint policies, issues, reports and organisations."""

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from registry.choices import OrganisationKind, PolicyKind, PolicyStatus, ReportKind, Scope
from registry.exchange.columns.base import (
    Column,
    Field,
    Listing,
    choice,
    heading,
    number,
    period,
    record,
    records,
    text,
)
from registry.models import City, JointPolicy


def _issues(about: str) -> Column:
    return records("issue", _("Issues"), about, path="issues", kind="issues", shown=True)


def _secretariats() -> list[Prefetch]:
    return [Prefetch("secretariat", City.objects.public())]


def _policies() -> list[Prefetch]:
    return [Prefetch("policies", JointPolicy.objects.public().defer("summary", "outputs", "note"))]


NETWORKS = Listing(
    name="networks",
    title=_("Networks"),
    row=_(
        "One row is an organised group of cities, from its founding until it is dissolved: with members, a "
        "name, and mostly a secretariat."
    ),
    gathered=_(
        "Entered by staff from the networks' own websites and member lists and from published research, each "
        "with its source. Members are cities that are or were members; a network's page says when its member "
        "list was last compared with its source."
    ),
    columns=(
        heading(_("Network")),
        text("acronym", _("Acronym"), "The short name it goes by."),
        choice("scope", _("Scope"), "The level at which it is meant to work.", Scope, shown=True),
        text("region", _("Region"), "The part of the world it works in, in words."),
        _issues("The issues it works on"),
        period(_("Existence"), "founded", "dissolved", "the network"),
        record("secretariat", _("Secretariat"), "The city that houses the secretariat", fetch=_secretariats),
        number(
            "member_count",
            _("Members"),
            "Cities that are or were members.",
            shown=True,
            behind=("city", "network"),
        ),
        number(
            "policy_count",
            _("Joint policies"),
            "Joint policies that run under it.",
            shown=True,
            behind=("policy", "network"),
        ),
        text("website", _("Website"), "Its website.", kind="link"),
        text("description", _("Description"), "What it is, in a few sentences.", kind="prose"),
    ),
)

POLICIES = Listing(
    name="policies",
    title=_("Joint policies"),
    row=_(
        "One row is a dated undertaking of several cities on one or more issues: a programme, declaration, "
        "agreement, twinning, exchange or experiment."
    ),
    gathered=_(
        "Entered by staff from agreements, declarations and programme websites, each with its source. The "
        "cities are those recorded as parties; a declaration may have more signatories than are recorded."
    ),
    columns=(
        heading(_("Joint policy")),
        choice("kind", _("Kind"), "What sort of undertaking it is.", PolicyKind, shown=True),
        choice("status", _("Status"), "How far it has come.", PolicyStatus, shown=True),
        period(_("Period"), of="the joint policy"),
        _issues("The issues it is on"),
        Column(
            "cities",
            _("Cities"),
            "parties",
            (Field("city_count", "Cities that are or were parties.", type="integer"),),
            path="some_cities",
            shown=True,
        ),
        records("network", _("Under"), "The networks it runs under", path="networks", shown=True),
        text("summary", _("Summary"), "What the cities undertake, in a few sentences.", kind="prose"),
        text("outputs", _("Outputs"), "What came of it.", kind="prose"),
        text("website", _("Website"), "Its website.", kind="link"),
    ),
)

EXPERIMENTS = Listing(
    name="experiments",
    title=_("Experiments"),
    row=_(
        "One row is an experiment: something that a joint policy expects to happen, tried out in some "
        "cities, with what the result is compared with and what came of it."
    ),
    gathered=_(
        "Entered by staff from the reports of the joint policies, each with its source. An outcome that is "
        "not told may be known and not recorded yet; so may a replication."
    ),
    columns=(
        Column(
            "hypothesis",
            _("Hypothesis"),
            "heading",
            (
                Field(
                    "id",
                    "The permanent identifier, and the last part of the page's address.",
                    "pid",
                ),
                Field("hypothesis", "What was expected to happen, and why."),
            ),
            shown=True,
        ),
        record("policy", _("Joint policy"), "The joint policy that tests it", shown=True),
        Column(
            "period",
            _("Period"),
            "period_of",
            (
                Field("policy_since", "When the joint policy began.", "policy.since", type="partial-date"),
                Field("policy_until", "When it ended.", "policy.until", type="partial-date"),
            ),
            path="policy",
            shown=True,
        ),
        records("site", _("Sites"), "The cities where it is tried out", path="sites", shown=True),
        records(
            "issue",
            _("Issues"),
            "The issues of the joint policy",
            path="policy.issues",
            kind="issues",
            shown=True,
        ),
        text("comparator", _("Compared with"), "What the result is compared with.", kind="prose"),
        text("outcome", _("Outcome"), "What happened.", kind="prose", shown=True),
        number(
            "replication_count",
            _("Replications"),
            "Experiments that replicate it.",
            shown=True,
        ),
    ),
)

ISSUES = Listing(
    name="issues",
    title=_("Issues"),
    row=_(
        "One row is a policy issue of the registry's own tree of two or three levels. Its numbers count each "
        "record on the issue, or on an issue below it, once."
    ),
    gathered=_(
        "The tree is kept by staff and mapped to the Sustainable Development Goals and other schemes, which "
        "the page of an issue shows."
    ),
    columns=(
        heading(_("Issue")),
        text(
            "description",
            _("What it covers"),
            "What the issue covers, in a sentence.",
            kind="prose",
            shown=True,
        ),
        record("parent", _("Part of"), "The issue it is a part of"),
        number(
            "policy_count",
            _("Joint policies"),
            "Joint policies on it.",
            shown=True,
            behind=("policy", "issue"),
        ),
        number(
            "network_count",
            _("Networks"),
            "Networks that work on it.",
            shown=True,
            behind=("network", "issue"),
        ),
        number(
            "office_count",
            _("Offices"),
            "City offices with it in their remit.",
            shown=True,
            behind=("office", "issue"),
        ),
    ),
)

REPORTS = Listing(
    name="reports",
    title=_("Reports"),
    row=_("One row is a publication of a network, of a joint policy or of a city."),
    gathered=_(
        "Entered by staff from the publication pages of networks and cities. The link leads to the "
        "publisher; the registry keeps no copies."
    ),
    columns=(
        heading(_("Report")),
        text("authors", _("Authors"), "Bodies or authors, as printed."),
        choice("kind", _("Kind"), "What sort of publication it is.", ReportKind, shown=True),
        Column(
            "published_on",
            _("Published"),
            "date",
            (Field("published_on", "Date of publication: a year, month or day.", type="partial-date"),),
            shown=True,
        ),
        text("language", _("Language"), "Its language, as a BCP 47 code.", shown=True),
        records("network", _("Networks"), "The networks it is of", path="networks", shown=True),
        records("city", _("Cities"), "The cities it is of", path="cities", column="cities", shown=True),
        records(
            "policy",
            _("Joint policies"),
            "The joint policies it is of",
            path="policies",
            column="policies",
            fetch=_policies,
        ),
        _issues("The issues it is on"),
        text("url", _("Link"), "Where it can be read.", kind="link"),
    ),
)

ORGANISATIONS = Listing(
    name="organisations",
    title=_("Organisations"),
    row=_(
        "One row is a partner of cities that is not a city: a university, company, foundation, association, "
        "national government or intergovernmental body."
    ),
    gathered=_(
        "Entered by staff where a source names the organisation as a partner of a joint policy or a network."
    ),
    columns=(
        heading(_("Organisation")),
        choice("kind", _("Kind"), "What sort of organisation it is.", OrganisationKind, shown=True),
        record(
            "country", _("Country"), "The country it is based in", key="alpha2", kind="country", shown=True
        ),
        number(
            "policy_count",
            _("Joint policies"),
            "Joint policies it has a part in.",
            shown=True,
            behind=("policy", "organisation"),
        ),
        number(
            "network_count",
            _("Networks"),
            "Networks it has a part in.",
            shown=True,
            behind=("network", "organisation"),
        ),
        text("website", _("Website"), "Its website.", kind="link"),
        text("description", _("Description"), "What it is.", kind="prose"),
    ),
)
