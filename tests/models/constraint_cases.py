"""One case for each named constraint of the model: a row that keeps it and a row that breaks it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS

from registry import models as registry
from registry.models.base import Named
from registry.models.constraints import FieldCheck
from tests.factories import make_city, make_network, make_office
from tests.models.constraint_case import Case, case, twin
from tests.models.constraint_pairs import PAIRS
from tests.models.rows import row, save, tables

ANY = NON_FIELD_ERRORS
NOBODY = uuid.UUID(int=1)
NOT_A_CHOICE = "is not a valid choice"
BLANK = "This field cannot be blank."
NOT_A_DATE = "is not a date the registry can keep"


def _choices() -> list[Case]:
    """Every column of choices refuses a value that is none of them."""
    found = []
    for model in tables():
        for constraint in model._meta.constraints:
            if constraint.name.endswith("_known") and isinstance(constraint, FieldCheck):
                good = model._meta.get_field(constraint.field).choices[-1][0]  # type: ignore[union-attr,index]
                found.append(
                    case(
                        constraint.name,
                        model,
                        constraint.field,
                        NOT_A_CHOICE,
                        {constraint.field: good},
                        {constraint.field: "none"},
                    )
                )
    return found


def _named() -> list[Case]:
    found = []
    for model in (model for model in tables() if issubclass(model, Named)):
        prefix = model._meta.db_table
        found += [
            twin(f"{prefix}_slug_unique", model, "slug", "Another record has this address.", ("slug",)),
            case(
                f"{prefix}_slug_shape",
                model,
                "slug",
                "An address has small letters, digits and single hyphens.",
                {"slug": "sao-paulo-br-3448439"},
                {"slug": "sao--paulo"},
            ),
            case(
                f"{prefix}_name_not_blank", model, "name", "A name is needed.", {"name": "!"}, {"name": " \t"}
            ),
        ]
    return found


def _dated() -> list[Case]:
    """Partial dates, their order, and what `ended` may say beside them."""
    found = []
    for model in tables():
        for constraint in model._meta.constraints:
            if not isinstance(constraint, FieldCheck):
                continue
            name, field = constraint.name, constraint.field
            if name.endswith("_is_partial_date"):
                good, bad = {field: "2004-02-29"}, {field: "2005-02-29"}
                found.append(case(name, model, field, NOT_A_DATE, good, bad))
            elif name.endswith("_dates_in_order"):
                since = {"dissolved": "founded", "closed": "established"}.get(field, "since")
                good, bad = {since: "2005-11", field: "2005"}, {since: "2005-11", field: "2005-10-31"}
                found.append(case(name, model, field, "The end lies before the start.", good, bad))
            elif name.endswith("_ongoing_has_no_end"):
                until = {"Network": "dissolved", "CityOffice": "closed"}.get(model.__name__, "until")
                good, bad = {until: "2005", "ended": "ended"}, {until: "2005", "ended": "ongoing"}
                message = "It cannot be ongoing and have an end date."
                found.append(case(name, model, field, message, good, bad))
    return found


def _itself(model: type[Any], one: str, end: Callable[[], Any], message: str) -> Case:
    def bad() -> Any:
        same = end()
        return row(model, **{one: same, "other": same})

    return Case(f"{model._meta.db_table}_not_itself", lambda: row(model), bad, "other", message)


def _own_parent() -> Any:
    issue = save(row(registry.Issue))
    issue.parent = issue
    return issue


SINGLE = [
    case(
        "registry_country_alpha2_shape",
        registry.Country,
        "alpha2",
        "A country code has two capital letters.",
        {"alpha2": "XK"},
        {"alpha2": "x1"},
    ),
    case(
        "registry_city_wikidata_id_shape",
        registry.City,
        "wikidata_id",
        "A Wikidata item is a Q and a number: Q174.",
        {"wikidata_id": "Q174"},
        {"wikidata_id": "174"},
    ),
    case(
        "registry_city_unlocode_shape",
        registry.City,
        "unlocode",
        "A UN/LOCODE has five letters without a space: BRSAO.",
        {"unlocode": "BRSAO"},
        {"unlocode": "BR SA"},
    ),
    case(
        "registry_city_point_whole",
        registry.City,
        "latitude",
        "Give latitude (-90 to 90) and longitude (-180 to 180), or neither.",
        {"latitude": -23.5, "longitude": -46.6},
        {"latitude": -23.5},
    ),
    Case(
        "registry_issue_not_itself",
        lambda: row(registry.Issue, parent=save(row(registry.Issue))),
        _own_parent,
        "parent",
        "no issue lies under itself",
    ),
    Case(
        "registry_merge_not_itself",
        lambda: row(registry.Merge),
        lambda: row(registry.Merge, survivor=NOBODY, merged=NOBODY),
        "merged",
        "A record cannot be merged into itself.",
    ),
    twin(
        "registry_merge_once",
        registry.Merge,
        "merged",
        "This record is merged into another already.",
        ("merged",),
    ),
    _itself(registry.CityLink, "city", make_city, "A city cannot be linked to itself."),
    _itself(registry.NetworkLink, "network", make_network, "A network cannot be linked to itself."),
    _itself(registry.OfficeLink, "office", make_office, "An office cannot be linked to itself."),
    case(
        "registry_source_says_where",
        registry.Source,
        "title",
        "Give an address or a reference in words.",
        {"title": ""},
        {"title": "", "url": ""},
    ),
    case("registry_identifier_value_not_blank", registry.Identifier, "value", BLANK, {}, {"value": ""}),
    case("registry_cityname_name_not_blank", registry.CityName, "name", BLANK, {}, {"name": ""}),
    case("registry_networkname_name_not_blank", registry.NetworkName, "name", BLANK, {}, {"name": ""}),
    case(
        "registry_officeholder_person_name_not_blank",
        registry.OfficeHolder,
        "person_name",
        "This must not be blank.",
        {},
        {"person_name": " "},
    ),
    case(
        "registry_policyexperiment_hypothesis_not_blank",
        registry.PolicyExperiment,
        "hypothesis",
        "This must not be blank.",
        {},
        {"hypothesis": "\n"},
    ),
    case(
        "registry_proposal_reason_not_blank",
        registry.Proposal,
        "reason",
        "This must not be blank.",
        {},
        {"reason": " "},
    ),
    case(
        "registry_reviewcomment_text_not_blank",
        registry.ReviewComment,
        "text",
        "This must not be blank.",
        {},
        {"text": " "},
    ),
    case("registry_proposal_changes_something", registry.Proposal, "patch", BLANK, {}, {"patch": {}}),
    case(
        "registry_listimport_exactly_one_target",
        registry.ListImport,
        ANY,
        "A list is of one network or of one joint policy.",
        {},
        {"network": None},
    ),
    case(
        "registry_listimport_applied_at_some_time",
        registry.ListImport,
        "applied_at",
        "An applied list says when it was applied, and no other does.",
        {"state": "applied", "applied_at": datetime(2025, 11, 3, tzinfo=UTC)},
        {"state": "applied"},
    ),
    Case(
        "registry_listimportrow_left_out_names_no_city",
        lambda: row(registry.ListImportRow, left_out=True),
        lambda: row(registry.ListImportRow, left_out=True, city=make_city()),
        "left_out",
        "A row that is left out names no city.",
    ),
    case(
        "registry_listimportrow_score_range",
        registry.ListImportRow,
        "score",
        "A score lies between 0 and 1.",
        {"score": 1},
        {"score": 1.1},
    ),
    case("registry_taughtname_name_not_blank", registry.TaughtName, "name", BLANK, {}, {"name": ""}),
    case(
        "registry_release_version_shape",
        registry.Release,
        "version",
        "A version has letters, digits, single dots and hyphens: 2026.1.",
        {"version": "2026.1-rc1"},
        {"version": "2026..1"},
    ),
    Case(
        "registry_releasedrecord_in_order",
        lambda: row(registry.ReleasedRecord),
        lambda: row(
            registry.ReleasedRecord, last=save(row(registry.Release)), first=save(row(registry.Release))
        ),
        "last",
        "The last release cannot be older than the first.",
    ),
    case("registry_apitoken_name_not_blank", registry.ApiToken, "name", BLANK, {}, {"name": ""}),
    case(
        "registry_apitoken_ends_in_time",
        registry.ApiToken,
        "expires_on",
        "Choose a day from today on",
        {"made_on": date(2026, 1, 1), "expires_on": date(2027, 1, 2)},
        {"made_on": date(2026, 1, 1), "expires_on": date(2027, 1, 3)},
    ),
    case("registry_savedsearch_name_not_blank", registry.SavedSearch, "name", BLANK, {}, {"name": ""}),
    case(
        "registry_savedsearch_listing_shape",
        registry.SavedSearch,
        "listing",
        "A listing is named by its address: collaborations/measures.",
        {"listing": "networks"},
        {"listing": "/networks/"},
    ),
    case(
        "registry_notduplicate_in_order",
        registry.NotDuplicate,
        "other",
        "Name two records, the smaller permanent identifier first.",
        {"one": UUID(int=1), "other": UUID(int=2)},
        {"one": UUID(int=2), "other": UUID(int=2)},
    ),
    case(
        "registry_dataset_published_with_licence",
        registry.Dataset,
        "licence",
        "A published table has a licence: the public gets all its cells.",
        {"publication": "published", "licence": "CC0"},
        {"publication": "published", "licence": ""},
    ),
    case(
        "registry_observation_names_its_cell",
        registry.Observation,
        "row_key",
        BLANK,
        {},
        {"row_key": ""},
    ),
    twin(
        "registry_observedmembership_unique",
        registry.ObservedMembership,
        "network",
        "What this cell says of the network is recorded already.",
        ("observation", "network"),
    ),
    case(
        "registry_citation_exactly_one_target",
        registry.Citation,
        ANY,
        "A citation supports exactly one record.",
        {},
        {"city": None},
    ),
    case(
        "registry_identifier_exactly_one_target",
        registry.Identifier,
        ANY,
        "An identifier belongs to exactly one record.",
        {},
        {"city": None},
    ),
    case(
        "registry_partnership_exactly_one_target",
        registry.Partnership,
        ANY,
        "Choose either a joint policy or a network.",
        {},
        {"policy": None},
    ),
]
CASES = [*_choices(), *_named(), *_dated(), *SINGLE, *PAIRS]
