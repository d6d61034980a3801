"""Every choice of the registry: shared by models, filters, exports and API.

Values are slugs, because they stand in addresses and files (`kind=chief-heat-officer`).
Add a value at the end of its class; never rename one that has been published.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Publication(TextChoices):
    """How far a record has come towards the public site."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in-review", "In review"
    PUBLISHED = "published", "Published"


class Ended(TextChoices):
    """What is known of the end of a period whose end date is empty."""

    UNKNOWN = "unknown", "Not known whether it ended"
    ONGOING = "ongoing", "Ongoing"
    ENDED = "ended", "Ended"


class Certainty(TextChoices):
    """Which rows a question about a date returns."""

    CERTAIN = "certain", "Only what is certain"
    POSSIBLE = "possible", "Also what unknown dates allow"


class ScopeShown(TextChoices):
    """What the countries of a network's members say of the scope it declares."""

    AGREES = "agrees", "Agrees with the declared scope"
    DIFFERS = "differs", "Is another than declared"
    UNDECIDED = "undecided", "Decides nothing"


class ChangeDone(TextChoices):
    """What a change did to what the public sees."""

    PUBLISHED = "published", "Published"
    CHANGED = "changed", "Changed"
    REMOVED = "removed", "Removed"


class WorldRegion(TextChoices):
    """Continents as GeoNames assigns countries to them."""

    AFRICA = "africa", "Africa"
    ANTARCTICA = "antarctica", "Antarctica"
    ASIA = "asia", "Asia"
    EUROPE = "europe", "Europe"
    NORTH_AMERICA = "north-america", "North America"
    OCEANIA = "oceania", "Oceania"
    SOUTH_AMERICA = "south-america", "South America"


class CityKind(TextChoices):
    """What sort of local or regional government a City row is."""

    CITY = "city", "City"
    BOROUGH = "borough", "Borough"
    COUNTY = "county", "County"
    METROPOLITAN_BODY = "metropolitan-body", "Metropolitan body"
    INTERMUNICIPALITY = "intermunicipality", "Intermunicipality"
    REGIONAL_GOVERNMENT = "regional-government", "Regional government"


class CityLinkKind(TextChoices):
    """How one city stands to another."""

    PART_OF = "part-of", "Part of"
    MERGED_INTO = "merged-into", "Merged into"
    COVERS = "metropolitan-body-covers", "Metropolitan body that covers"


class NameKind(TextChoices):
    """What sort of name a CityName or NetworkName is."""

    OFFICIAL = "official", "Official name"
    ALTERNATIVE = "alternative", "Alternative name"
    FORMER = "former", "Former name"
    EXONYM = "exonym", "Exonym"
    ACRONYM = "acronym", "Acronym"


class IdentifierScheme(TextChoices):
    """Outside schemes that identify records of the registry."""

    WIKIDATA = "wikidata", "Wikidata"
    ROR = "ror", "Research Organization Registry"
    ISNI = "isni", "ISNI"
    WEB_DOMAIN = "web-domain", "Web domain"
    UIA = "uia", "Union of International Associations"
    DOI = "doi", "DOI"
    OCD = "ocd", "Open Civic Data division"
    OTHER = "other", "Other"


class MappingMatch(TextChoices):
    """How closely an issue agrees with a concept of another scheme (SKOS mapping relations)."""

    EXACT = "exact", "Exact match"
    CLOSE = "close", "Close match"
    BROAD = "broad", "Broader there"
    NARROW = "narrow", "Narrower there"
    RELATED = "related", "Related"


class Scope(TextChoices):
    """The level at which a network is declared to work."""

    SUBNATIONAL = "subnational", "Subnational"
    NATIONAL = "national", "National"
    REGIONAL = "regional", "Regional"
    INTERNATIONAL = "international", "International"


class NetworkLinkKind(TextChoices):
    """How one network stands to another."""

    PART_OF = "part-of", "Part of"
    SUCCESSOR_OF = "successor-of", "Successor of"
    PARTNER_OF = "partner-of", "Partner of"


class MembershipStatus(TextChoices):
    """What a Membership row says of the city; `never` records a checked absence."""

    MEMBER = "member", "Member"
    APPLICANT = "applicant", "Applicant"
    LEFT = "left", "Left"
    NEVER = "never", "Never a member"
    UNKNOWN = "unknown", "Unknown"


class Tier(TextChoices):
    """The rights a member has in its network."""

    OBSERVER = "observer", "Observer"
    FULL = "full", "Full"
    PRIVILEGED = "privileged", "Privileged"


class PolicyKind(TextChoices):
    """The form of a joint policy."""

    PROGRAMME = "programme", "Programme"
    DECLARATION = "declaration", "Declaration"
    AGREEMENT = "agreement", "Agreement"
    TWINNING = "twinning", "Twinning"
    EXCHANGE = "exchange", "Exchange"
    EXPERIMENT = "experiment", "Experiment"


class PolicyStatus(TextChoices):
    """Where a joint policy stands."""

    PROPOSED = "proposed", "Proposed"
    ACTIVE = "active", "Active"
    CONCLUDED = "concluded", "Concluded"
    ABANDONED = "abandoned", "Abandoned"


class PartyRole(TextChoices):
    """A city's part in a joint policy."""

    LEAD = "lead", "Lead"
    PARTNER = "partner", "Partner"
    SIGNATORY = "signatory", "Signatory"
    OBSERVER = "observer", "Observer"


class OrganisationKind(TextChoices):
    """What sort of partner an organisation is."""

    UNIVERSITY = "university", "University"
    INSURER = "insurer", "Insurer"
    COMPANY = "company", "Company"
    NGO = "ngo", "Non-governmental organisation"
    FOUNDATION = "foundation", "Foundation"
    NATIONAL_GOVERNMENT = "national-government", "National government"
    INTERGOVERNMENTAL = "intergovernmental", "Intergovernmental body"
    OTHER = "other", "Other"


class Charge(TextChoices):
    """Whether an office of a city is charged with an issue that the city works on."""

    NONE = "none", _("No office has it in its remit")
    PART = "part", _("An office has a part of it in its remit")
    OFFICE = "office", _("An office has it in its remit")


class OfficeKind(TextChoices):
    """The duty of a city office."""

    INTERNATIONAL_AFFAIRS = "international-affairs", "International affairs"
    CHIEF_DIGITAL_OFFICER = "chief-digital-officer", "Chief digital officer"
    CHIEF_DATA_OFFICER = "chief-data-officer", "Chief data officer"
    CHIEF_TECHNOLOGY_OFFICER = "chief-technology-officer", "Chief technology officer"
    CHIEF_BUSINESS_ADVISER = "chief-business-adviser", "Chief business adviser"
    CHIEF_DIPLOMAT = "chief-diplomat", "Chief diplomat"
    CHIEF_SCIENTIST = "chief-scientist", "Chief scientist"
    CHIEF_RESILIENCE_OFFICER = "chief-resilience-officer", "Chief resilience officer"
    CHIEF_HEAT_OFFICER = "chief-heat-officer", "Chief heat officer"
    NIGHT_MAYOR = "night-mayor", "Night mayor"
    SUSTAINABILITY_OFFICE = "sustainability-office", "Sustainability office"
    OTHER = "other", "Other"


class ReportKind(TextChoices):
    """The form of a report."""

    REPORT = "report", "Report"
    VOLUNTARY_LOCAL_REVIEW = "voluntary-local-review", "Voluntary local review"
    PARTNERSHIP_GUIDE = "partnership-guide", "Partnership guide"
    STUDY = "study", "Study"
    ACTION_AGENDA = "action-agenda", "Action agenda"
    DATASET_PAPER = "dataset-paper", "Dataset paper"
    ACADEMIC_PAPER = "academic-paper", "Academic paper"


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

    CITY = "city", "Cities"
    NETWORK = "network", "Networks"
    POLICY = "policy", "Joint policies"
    OFFICE = "office", "Offices"
    ISSUE = "issue", "Issues"
    ORGANISATION = "organisation", "Organisations"
    REPORT = "report", "Reports"
