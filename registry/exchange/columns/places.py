"""Columns of cities and of the offices in their governments."""

from django.utils.translation import gettext_lazy as _

from registry.choices import Charge, CityKind, OfficeKind, WorldRegion
from registry.collaboration.offices import carried, heads, work
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

WORLD_REGION = "The continent as GeoNames assigns the country to it."

CITIES = Listing(
    name="cities",
    title=_("Cities"),
    row=_(
        "One row is a local or metropolitan government that can take part in networks and joint policies: "
        "mostly a city, also a borough, county, metropolitan body, intermunicipality or regional government. "
        "Without taking_part=any the listing has those that do take part in something."
    ),
    gathered=_(
        "Places with their positions and populations come from GeoNames; other governments are entered by "
        "staff from the member lists of networks. The numbers count what is published in the registry, so a "
        "low number may mean that less has been recorded."
    ),
    columns=(
        heading(_("City")),
        choice("kind", _("Kind"), "What sort of government it is.", CityKind),
        Column(
            "country",
            _("Country"),
            "place",
            (
                Field("country_id", "The country: its ISO 3166-1 alpha-2 code.", "country.alpha2"),
                Field("country_name", "The country: its name.", "country.name"),
            ),
            shown=True,
        ),
        Column(
            "division",
            _("First-level division"),
            "text",
            (
                Field("division_id", "State, region or province: its GeoNames code.", "division.code"),
                Field("division_iso_code", "Its ISO 3166-2 code, where known.", "division.iso_code"),
                Field("division_name", "Its name.", "division.name"),
            ),
        ),
        choice("world_region", _("World region"), WORLD_REGION, WorldRegion, path="country.world_region"),
        Column(
            "population",
            _("Population"),
            "population",
            (
                Field("population", "Inhabitants; blank if unknown.", type="integer"),
                Field("population_year", "The year they were counted, where known.", type="integer"),
            ),
            shown=True,
        ),
        number(
            "network_count",
            _("Networks"),
            "Networks of which the city is or was a member.",
            shown=True,
            behind=("network", "city"),
        ),
        number(
            "policy_count",
            _("Joint policies"),
            "Joint policies to which it is or was a party.",
            shown=True,
            behind=("policy", "city"),
        ),
        number(
            "office_count",
            _("Offices"),
            "Offices recorded in its government.",
            shown=True,
            behind=("office", "city"),
        ),
        Column(
            "position",
            _("Position"),
            "position",
            (
                Field("latitude", "Degrees north.", type="number"),
                Field("longitude", "Degrees east.", type="number"),
            ),
            path="latitude",
        ),
        text("geonames_id", "GeoNames", "The number that GeoNames gives it.", type="integer"),
        text("wikidata_id", "Wikidata", "Its Wikidata item."),
        text("unlocode", "UN/LOCODE", "Its UN/LOCODE."),
        text("website", _("Website"), "The website of the government.", kind="link"),
    ),
)

ISSUES_OF_CITY = Listing(
    name="issues-of-city",
    title=_("Issues and offices of a city"),
    row=_(
        "One row is an issue that the city works on now, in joint policies or as a member of networks, or "
        "that an office which is not known to be closed has in its remit. Joint policies and networks on "
        "issues below it count with it."
    ),
    gathered=_(
        "Computed from the recorded offices and their remits, the parts of the city in joint policies, and "
        "its memberships. An office is charged with an issue if its remit holds it or an issue above it; it "
        "has a part if its remit only holds issues below it. Where no office is named, none may have been "
        "recorded."
    ),
    columns=(
        record("issue", _("Issue"), "The issue", shown=True),
        choice("charge", _("Remit"), "Whether an office has it in its remit.", Charge, shown=True),
        records(
            "office",
            _("Offices charged with it"),
            "The open offices that have it, or an issue above it, in their remits",
            path="charged",
            shown=True,
        ),
        records(
            "part_office",
            _("Offices with a part of it"),
            "Where none has it: the open offices that have issues below it in their remits",
            path="with_part",
        ),
        number(
            "policy_count",
            _("Joint policies"),
            "Joint policies of the city on it that go on today, as far as is known.",
            shown=True,
        ),
        number(
            "carried_count",
            _("Carried by an office"),
            "Those of them of which it is recorded which office carries them.",
            shown=True,
        ),
        records(
            "network",
            _("Networks"),
            "The networks on it of which the city is a member",
            path="networks",
            shown=True,
        ),
        Column(
            "work",
            _("Offices working together on it"),
            "records",
            (
                Field(
                    "working_together",
                    "Which offices work together on exactly this issue.",
                    "links.pair",
                    many=True,
                ),
            ),
            path="links",
            shown=True,
        ),
    ),
)

OFFICES = Listing(
    name="offices",
    title=_("Offices"),
    row=_(
        "One row is an office or a post in one city's government that carries work with other cities: an "
        "office of international affairs, a chief heat officer, a chief digital officer."
    ),
    gathered=_(
        "Entered by staff from the websites of city governments and from the press, each with its source. "
        "A city without a row here may well have such an office that nobody has recorded yet."
    ),
    columns=(
        heading(_("Office")),
        record("city", _("City"), "The city in whose government it is", shown=True),
        Column(
            "country",
            _("Country"),
            "text",
            (
                Field("country_id", "The country: its ISO 3166-1 alpha-2 code.", "city.country.alpha2"),
                Field("country_name", "The country: its name.", "city.country.name"),
            ),
            path="city.country",
            shown=True,
        ),
        choice(
            "world_region", _("World region"), WORLD_REGION, WorldRegion, path="city.country.world_region"
        ),
        Column(
            "population",
            _("Population"),
            "number",
            (
                Field(
                    "city_population",
                    "Inhabitants of the city; blank if unknown.",
                    "city.population",
                    type="integer",
                ),
            ),
            path="city.population",
        ),
        choice("kind", _("Kind"), "What sort of office it is.", OfficeKind, shown=True),
        Column(
            "holders",
            _("Headed by"),
            "holders",
            (
                Field(
                    "holder_names",
                    "Who heads it, as far as is not known to be over.",
                    "heads.person_name",
                    many=True,
                ),
                Field("holders_since", "Since when each does.", "heads.since", many=True),
            ),
            path="heads",
            shown=True,
            fetch=heads,
        ),
        records(
            "remit",
            _("Remit"),
            "The issues it is charged with",
            path="remit",
            column="remit",
            kind="issues",
            shown=True,
        ),
        period(_("Existence"), "established", "closed", "the office"),
        Column(
            "works_with",
            _("Works with"),
            "records",
            (
                Field(
                    "works_with_ids",
                    "The offices of the same city it works with: their permanent identifiers.",
                    "work.partner.pid",
                    many=True,
                ),
                Field("works_with_names", "Their names.", "work.partner.name", many=True),
                Field("works_with_on", "The issue with each.", "work.issue.name", many=True),
                Field("works_with_how", "How with each, in words.", "work.how", many=True),
            ),
            path="work.partner",
            fetch=work,
        ),
        records(
            "carried_policy",
            _("Carries"),
            "The joint policies in which it carries the city's part",
            path="carried.policy",
            column="carries",
            fetch=carried,
        ),
        text("website", _("Website"), "Its website.", kind="link"),
        text("description", _("Description"), "What it does.", kind="prose"),
    ),
)
