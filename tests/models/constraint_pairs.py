"""Cases of constraints between two rows: one row stands already, the second repeats it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from registry import models as registry
from tests.models.constraint_case import Case, twin
from tests.models.rows import row, save


def _second_period(model: type[Any], first: dict[str, Any], second: dict[str, Any]) -> Callable[[], Any]:
    """The second of two periods of one city in one network or joint policy."""

    def make() -> Any:
        saved = save(row(model, **first))
        whole = "network" if model is registry.Membership else "policy"
        return row(model, city=saved.city, **{whole: getattr(saved, whole)}, **second)

    return make


def periods(model: type[Any], message: str, field: str) -> Case:
    """Two periods of one pair: adjacent ones are accepted, overlapping ones refused."""
    return Case(
        f"{model._meta.db_table}_no_overlap",
        _second_period(model, {"since": "2005", "until": "2009"}, {"since": "2010"}),
        _second_period(model, {"since": "2005", "until": "2009"}, {"since": "2009-12-31"}),
        field,
        message,
    )


PAIRS = [
    twin(
        "registry_city_geonames_id_unique",
        registry.City,
        "geonames_id",
        "Another city has this GeoNames number.",
        ("geonames_id",),
        geonames_id=3448439,
    ),
    twin(
        "registry_city_wikidata_id_unique",
        registry.City,
        "wikidata_id",
        "Another city has this Wikidata item.",
        ("wikidata_id",),
        wikidata_id="Q174",
    ),
    twin(
        "registry_city_unlocode_unique",
        registry.City,
        "unlocode",
        "Another city has this UN/LOCODE.",
        ("unlocode",),
        unlocode="BRSAO",
    ),
    twin(
        "registry_cityname_unique",
        registry.CityName,
        "name",
        "This city has that name already.",
        ("city", "name"),
        language="pt",
    ),
    twin(
        "registry_citylink_unique",
        registry.CityLink,
        "other",
        "These two cities are linked in this way already.",
        ("city", "other"),
    ),
    twin(
        "registry_schemeconcept_code_unique",
        registry.SchemeConcept,
        "code",
        "This scheme has a concept with that code.",
        ("scheme", "code"),
    ),
    twin(
        "registry_issuemapping_unique",
        registry.IssueMapping,
        "concept",
        "This issue is mapped to that concept already.",
        ("issue", "concept"),
    ),
    twin(
        "registry_networkname_unique",
        registry.NetworkName,
        "name",
        "This network has that name already.",
        ("network", "name"),
        language="fr",
    ),
    twin(
        "registry_networklink_unique",
        registry.NetworkLink,
        "other",
        "These two networks are linked in this way already.",
        ("network", "other"),
    ),
    twin(
        "registry_rosterconfirmation_unique",
        registry.RosterConfirmation,
        "confirmed_on",
        "The list of this network was confirmed on that day already.",
        ("network",),
    ),
    twin(
        "registry_source_url_unique",
        registry.Source,
        "url",
        "This address is recorded as a source already: choose that one.",
        ("url",),
    ),
    twin(
        "registry_source_reference_unique",
        registry.Source,
        "title",
        "This reference is recorded as a source already: choose that one.",
        ("title",),
        url="",
    ),
    twin(
        "registry_citation_unique",
        registry.Citation,
        "source",
        "This source is cited here already.",
        ("source", "city"),
        locator="p. 4",
    ),
    twin(
        "registry_observation_unique",
        registry.Observation,
        "column",
        "This cell of the dataset is recorded already.",
        ("dataset", "row_key"),
    ),
    twin(
        "registry_identifier_unique",
        registry.Identifier,
        "value",
        "Another record has this identifier.",
        ("scheme", "value"),
    ),
    twin(
        "registry_release_version_unique",
        registry.Release,
        "version",
        "There is a release of this version already.",
        ("version",),
    ),
    twin(
        "registry_releasedrecord_unique",
        registry.ReleasedRecord,
        "pid",
        "It is known already that this release holds the record.",
        ("pid", "first"),
    ),
    twin(
        "registry_apitoken_digest_unique",
        registry.ApiToken,
        "digest",
        "This secret belongs to another token.",
        ("digest",),
    ),
    twin(
        "registry_savedsearch_unique",
        registry.SavedSearch,
        "query",
        "You have saved this search already.",
        ("owner", "listing", "query"),
    ),
    twin(
        "registry_notduplicate_unique",
        registry.NotDuplicate,
        "other",
        "Somebody said already that these two are different.",
        ("one", "other"),
    ),
    twin(
        "registry_cityoffice_name_unique",
        registry.CityOffice,
        "name",
        "This city has an office of that name.",
        ("city", "name"),
    ),
    twin(
        "registry_officeholder_unique",
        registry.OfficeHolder,
        "person_name",
        "This holder is recorded from that date already.",
        ("office", "person_name"),
    ),
    twin(
        "registry_officelink_unique",
        registry.OfficeLink,
        "other",
        "These offices are linked on that issue already.",
        ("office", "other"),
    ),
    twin(
        "registry_partnership_unique",
        registry.Partnership,
        "organisation",
        "This organisation has that part already.",
        ("organisation", "policy"),
        role="insurer",
    ),
    twin(
        "registry_listimportrow_number_unique",
        registry.ListImportRow,
        "number",
        "The list has a row of that number already.",
        ("listing", "number"),
    ),
    twin(
        "registry_taughtname_unique",
        registry.TaughtName,
        "name",
        "This name is taught already: change what it means.",
        ("name",),
        beside="France",
    ),
    twin(
        "registry_membership_undated_unique",
        registry.Membership,
        "city",
        "This membership is recorded already.",
        ("city", "network"),
        observed_on="2025",
    ),
    periods(registry.Membership, "This city has another membership of this network in that period.", "since"),
    periods(registry.PolicyParty, "This city is a party to this policy in that period already.", "city"),
]
