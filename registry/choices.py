"""Every choice of the registry: shared by models, filters, exports and API.

Values are slugs, because they stand in addresses and files (`kind=chief-heat-officer`).
Add a value at the end of its class; never rename one that has been published.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Publication(TextChoices):
    """How far a record has come towards the public site."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in-review", "In review"
    PUBLISHED = "published", "Published"


class Ended(TextChoices):
    """What is known of the end of a period whose end date is empty."""

    UNKNOWN = "unknown", _("Not known whether it ended")
    ONGOING = "ongoing", _("Ongoing")
    ENDED = "ended", _("Ended")


class Certainty(TextChoices):
    """Which rows a question about a date returns."""

    CERTAIN = "certain", _("Only what is certain")
    POSSIBLE = "possible", _("Also what unknown dates allow")


class ScopeShown(TextChoices):
    """What the countries of a network's members say of the scope it declares."""

    AGREES = "agrees", _("Agrees with the declared scope")
    DIFFERS = "differs", _("Is another than declared")
    UNDECIDED = "undecided", _("Decides nothing")


class ChangeDone(TextChoices):
    """What a change did to what the public sees."""

    PUBLISHED = "published", pgettext_lazy("change", "Published")
    CHANGED = "changed", pgettext_lazy("change", "Changed")
    REMOVED = "removed", pgettext_lazy("change", "Removed")


class WorldRegion(TextChoices):
    """Continents as GeoNames assigns countries to them."""

    AFRICA = "africa", _("Africa")
    ANTARCTICA = "antarctica", _("Antarctica")
    ASIA = "asia", _("Asia")
    EUROPE = "europe", _("Europe")
    NORTH_AMERICA = "north-america", _("North America")
    OCEANIA = "oceania", _("Oceania")
    SOUTH_AMERICA = "south-america", _("South America")


class CityKind(TextChoices):
    """What sort of local or regional government a City row is."""

    CITY = "city", _("City")
    BOROUGH = "borough", _("Borough")
    COUNTY = "county", _("County")
    METROPOLITAN_BODY = "metropolitan-body", _("Metropolitan body")
    INTERMUNICIPALITY = "intermunicipality", _("Intermunicipality")
    REGIONAL_GOVERNMENT = "regional-government", _("Regional government")


class CityLinkKind(TextChoices):
    """How one city stands to another."""

    PART_OF = "part-of", _("Part of")
    MERGED_INTO = "merged-into", _("Merged into")
    COVERS = "metropolitan-body-covers", _("Metropolitan body that covers")


class NameKind(TextChoices):
    """What sort of name a CityName or NetworkName is."""

    OFFICIAL = "official", _("Official name")
    ALTERNATIVE = "alternative", _("Alternative name")
    FORMER = "former", _("Former name")
    EXONYM = "exonym", _("Exonym")
    ACRONYM = "acronym", _("Acronym")


class IdentifierScheme(TextChoices):
    """Outside schemes that identify records of the registry."""

    WIKIDATA = "wikidata", _("Wikidata")
    ROR = "ror", _("Research Organization Registry")
    ISNI = "isni", _("ISNI")
    WEB_DOMAIN = "web-domain", _("Web domain")
    UIA = "uia", _("Union of International Associations")
    DOI = "doi", _("DOI")
    OCD = "ocd", _("Open Civic Data division")
    OTHER = "other", _("Other")


class MappingMatch(TextChoices):
    """How closely an issue agrees with a concept of another scheme (SKOS mapping relations)."""

    EXACT = "exact", _("Exact match")
    CLOSE = "close", _("Close match")
    BROAD = "broad", _("Broader there")
    NARROW = "narrow", _("Narrower there")
    RELATED = "related", _("Related")


class Scope(TextChoices):
    """The level at which a network is declared to work."""

    SUBNATIONAL = "subnational", _("Subnational")
    NATIONAL = "national", _("National")
    REGIONAL = "regional", _("Regional")
    INTERNATIONAL = "international", _("International")


class NetworkLinkKind(TextChoices):
    """How one network stands to another."""

    PART_OF = "part-of", _("Part of")
    SUCCESSOR_OF = "successor-of", _("Successor of")
    PARTNER_OF = "partner-of", _("Partner of")


class MembershipStatus(TextChoices):
    """What a Membership row says of the city; `never` records a checked absence."""

    MEMBER = "member", _("Member")
    APPLICANT = "applicant", _("Applicant")
    LEFT = "left", _("Left")
    NEVER = "never", _("Never a member")
    UNKNOWN = "unknown", _("Unknown")


class Tier(TextChoices):
    """The rights a member has in its network."""

    OBSERVER = "observer", _("Observer")
    FULL = "full", _("Full")
    PRIVILEGED = "privileged", _("Privileged")


class PolicyKind(TextChoices):
    """The form of a joint policy."""

    PROGRAMME = "programme", _("Programme")
    DECLARATION = "declaration", _("Declaration")
    AGREEMENT = "agreement", _("Agreement")
    TWINNING = "twinning", _("Twinning")
    EXCHANGE = "exchange", _("Exchange")
    EXPERIMENT = "experiment", _("Experiment")


class PolicyStatus(TextChoices):
    """Where a joint policy stands."""

    PROPOSED = "proposed", _("Proposed")
    ACTIVE = "active", _("Active")
    CONCLUDED = "concluded", _("Concluded")
    ABANDONED = "abandoned", _("Abandoned")


class PartyRole(TextChoices):
    """A city's part in a joint policy."""

    LEAD = "lead", _("Lead")
    PARTNER = "partner", _("Partner")
    SIGNATORY = "signatory", _("Signatory")
    OBSERVER = "observer", _("Observer")


class OrganisationKind(TextChoices):
    """What sort of partner an organisation is."""

    UNIVERSITY = "university", _("University")
    INSURER = "insurer", _("Insurer")
    COMPANY = "company", _("Company")
    NGO = "ngo", _("Non-governmental organisation")
    FOUNDATION = "foundation", _("Foundation")
    NATIONAL_GOVERNMENT = "national-government", _("National government")
    INTERGOVERNMENTAL = "intergovernmental", _("Intergovernmental body")
    OTHER = "other", _("Other")


class Charge(TextChoices):
    """Whether an office of a city is charged with an issue that the city works on."""

    NONE = "none", _("No office has it in its remit")
    PART = "part", _("An office has a part of it in its remit")
    OFFICE = "office", _("An office has it in its remit")


class OfficeKind(TextChoices):
    """The duty of a city office."""

    INTERNATIONAL_AFFAIRS = "international-affairs", _("International affairs")
    CHIEF_DIGITAL_OFFICER = "chief-digital-officer", _("Chief digital officer")
    CHIEF_DATA_OFFICER = "chief-data-officer", _("Chief data officer")
    CHIEF_TECHNOLOGY_OFFICER = "chief-technology-officer", _("Chief technology officer")
    CHIEF_BUSINESS_ADVISER = "chief-business-adviser", _("Chief business adviser")
    CHIEF_DIPLOMAT = "chief-diplomat", _("Chief diplomat")
    CHIEF_SCIENTIST = "chief-scientist", _("Chief scientist")
    CHIEF_RESILIENCE_OFFICER = "chief-resilience-officer", _("Chief resilience officer")
    CHIEF_HEAT_OFFICER = "chief-heat-officer", _("Chief heat officer")
    NIGHT_MAYOR = "night-mayor", _("Night mayor")
    SUSTAINABILITY_OFFICE = "sustainability-office", _("Sustainability office")
    OTHER = "other", _("Other")


class ReportKind(TextChoices):
    """The form of a report."""

    REPORT = "report", _("Report")
    VOLUNTARY_LOCAL_REVIEW = "voluntary-local-review", _("Voluntary local review")
    PARTNERSHIP_GUIDE = "partnership-guide", _("Partnership guide")
    STUDY = "study", _("Study")
    ACTION_AGENDA = "action-agenda", _("Action agenda")
    DATASET_PAPER = "dataset-paper", _("Dataset paper")
    ACADEMIC_PAPER = "academic-paper", _("Academic paper")


class ProposalState(TextChoices):
    """What became of a proposed change."""

    OPEN = "open", "Waiting for review"
    ACCEPTED = "accepted", "Accepted"
    REFUSED = "refused", "Refused"
    RETURNED = "returned", "Sent back to its author"
    WITHDRAWN = "withdrawn", "Withdrawn by its author"


class ImportState(TextChoices):
    """What became of a list of cities that staff brought in."""

    OPEN = "open", "Open"
    APPLIED = "applied", "Applied"
    DISCARDED = "discarded", "Discarded"


class ListOutcome(TextChoices):
    """What the resolver decided of a row of a list."""

    MATCHED = "matched", "Matched"
    AMBIGUOUS = "ambiguous", "Ambiguous"
    UNMATCHED = "unmatched", "Unmatched"
    INVALID = "invalid", "Invalid"


class RowStanding(TextChoices):
    """What is to become of a row of a list, in the order in which staff look at them."""

    AMBIGUOUS = "ambiguous", "Ambiguous"
    UNMATCHED = "unmatched", "Not found"
    INVALID = "invalid", "Invalid"
    CHANGED = "changed", "Changed"
    ADD = "add", "To be added"
    THERE = "there", "Already there"
    LEFT_OUT = "left-out", "Left out"


class RowAnswer(TextChoices):
    """Which of two values counts where a list and the registry differ."""

    LIST = "list", "Take the list's"
    REGISTRY = "registry", "Keep the registry's"


class Missing(TextChoices):
    """What it means that a city recorded as taking part is not on a list."""

    INCOMPLETE = "incomplete", "Nothing: the list is incomplete"
    LEFT = "left", "All of them have left"
    SOME = "some", "Those ticked have left"


class DuplicateKind(TextChoices):
    """Kinds of record that are compared for duplicates: the names of their models."""

    CITY = "city", "City"
    NETWORK = "network", "Network"
    POLICY = "jointpolicy", "Joint policy"
    OFFICE = "cityoffice", "Office"
    ORGANISATION = "organisation", "Organisation"


class RecordKind(TextChoices):
    """Kinds of record that have a page of their own."""

    CITY = "city", _("Cities")
    NETWORK = "network", _("Networks")
    POLICY = "policy", _("Joint policies")
    OFFICE = "office", _("Offices")
    ISSUE = "issue", _("Issues")
    ORGANISATION = "organisation", _("Organisations")
    REPORT = "report", _("Reports")
    EXPERIMENT = "experiment", _("Experiments")


class DatasetAspect(TextChoices):
    """What two research tables, or one and the registry, may say differently of a city in a network."""

    MEMBERSHIP = "membership", _("Membership")
    TIER = "tier", _("Tier")
    FOUNDING = "founding", _("Founding member")
    HOSTING = "hosting", _("Hosts the network")
