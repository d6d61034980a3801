"""The kinds of record that are compared, and what speaks for a duplicate of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from registry.choices import DuplicateKind
from registry.duplicates.criteria import (
    NEWEST,
    Criterion,
    distance,
    same_cities,
    same_identifier,
    same_name,
    same_website,
    similar_name,
)
from registry.models import City, CityOffice, JointPolicy, Network, Organisation
from registry.models.taking_part import PRESENT

NEARBY, NEXT_DOOR = 25, 5  # kilometres


@dataclass(frozen=True)
class Kind:
    """How records of one kind are compared.

    `recorded` and `typed` are the tables `subject` and `subject_name` in SQL: of the records there
    are, and of one being typed, whose values are parameters named like its fields (`fields`).
    `similar` is the similarity of trigrams from which names are nearly the same. `linked` names the
    table and columns that link two records: whoever recorded that one is a part of the other, or
    works with it, knows that they are two.
    """

    model: Any
    fields: tuple[str, ...]
    recorded: str
    typed: str
    criteria: tuple[Criterion, ...]
    similar: float = 0.6
    linked: tuple[str, str, str] | None = None


_RECENT = f"row_number() OVER (ORDER BY id DESC) <= {NEWEST} AS recent"


# A new city has no names but the one typed. Where that is known in its country, others that only
# look like it are not asked for: common names have thousands.
_KNOWN_HERE = """
    SELECT FROM registry_cityname name JOIN registry_city city ON city.id = name.city_id
    WHERE name.folded = registry_fold(%(name)s)
        AND (%(country)s::text IS NULL OR city.country_id = %(country)s)"""
_KM = distance("subject", "other")
_NEAR = f"""
    (subject.country_id IS NULL OR other.country_id = subject.country_id)
    AND ({_KM} IS NULL OR {_KM} <= {NEARBY})"""
_APART = f"coalesce(', ' || round({_KM}) || ' km apart', '')"
# What kind of government is typed may not be said yet.
_ONE_KIND = "coalesce(other.kind = subject.kind, true)"
_MAIN_NAME = "other.folded = subject.folded"

CITIES = Kind(
    City,
    ("name", "country", "kind", "latitude", "longitude"),
    recorded=f"""
    subject AS MATERIALIZED (
        SELECT id, folded, country_id, kind, latitude, longitude, {_RECENT}
        FROM registry_city WHERE geonames_id IS NULL
    ), subject_name AS MATERIALIZED (
        SELECT id, folded FROM subject
        UNION
        SELECT name.city_id, name.folded FROM registry_cityname name JOIN subject ON subject.id = name.city_id
    )""",
    typed=f"""
    subject AS MATERIALIZED (
        SELECT 0::bigint AS id, registry_fold(%(name)s) AS folded, %(country)s::text AS country_id,
            %(kind)s::text AS kind, %(latitude)s::float8 AS latitude, %(longitude)s::float8 AS longitude,
            NOT EXISTS ({_KNOWN_HERE}) AS recent
    ), subject_name AS MATERIALIZED (SELECT id, folded FROM subject)""",
    criteria=(
        Criterion(
            "name",
            f"""
            SELECT subject.id, other.id,
                CASE WHEN NOT {_ONE_KIND} THEN 0.4 WHEN {_MAIN_NAME} THEN 0.85 ELSE 0.7 END,
                CASE WHEN {_MAIN_NAME} THEN 'the same name' ELSE 'a name in common' END || ' in one country'
                    || {_APART} || CASE WHEN {_ONE_KIND} THEN '' ELSE ', but of another kind' END
            FROM subject_name JOIN subject USING (id)
            JOIN (
                SELECT id, folded FROM registry_city
                UNION ALL SELECT city_id, folded FROM registry_cityname
            ) name ON name.folded = subject_name.folded
            JOIN registry_city other ON other.id = name.id
            WHERE other.id <> subject.id AND {_NEAR}""",
        ),
        Criterion(
            "name",
            f"""
            SELECT subject.id, other.id, 0.65 * similarity(name.folded, subject.folded)::float8,
                'nearly the same name in one country' || {_APART}
            FROM subject
            JOIN (
                SELECT id, folded FROM registry_city WHERE geonames_id IS NULL
                UNION ALL SELECT city_id, folded FROM registry_cityname
            ) name ON name.folded %% subject.folded
            JOIN registry_city other ON other.id = name.id
            WHERE subject.recent AND other.id <> subject.id AND {_ONE_KIND} AND {_NEAR}""",
        ),
        # Namesakes of the gazetteer mostly are different places, so these come last.
        Criterion(
            "name",
            f"""
            SELECT subject.id, other.id, 0.3,
                'the same name in the gazetteer, ' || round({_KM}) || ' km apart'
            FROM registry_city subject JOIN registry_city other USING (country_id, folded)
            WHERE subject.id < other.id AND subject.geonames_id IS NOT NULL AND other.geonames_id IS NOT NULL
                AND other.kind = subject.kind AND {_KM} <= {NEXT_DOOR}""",
            typed=False,
        ),
        same_identifier("city_id"),
        Criterion(
            "identifier",
            """
            SELECT city.id, said.city_id, 0.95, 'the same identifier, ' || lower(said.value)
            FROM registry_identifier said JOIN registry_city city
                ON city.wikidata_id = said.value AND said.scheme IN ('wikidata', 'other')
                OR city.unlocode = said.value AND said.scheme = 'other'
            WHERE said.city_id <> city.id""",
            typed=False,
        ),
    ),
    similar=0.5,
    linked=("registry_citylink", "city_id", "other_id"),
)

_NETWORK_NAMES = """
    SELECT id, folded FROM registry_network
    UNION ALL SELECT network_id, folded FROM registry_networkname"""
_PRESENT = ", ".join(f"'{status}'" for status in PRESENT)

NETWORKS = Kind(
    Network,
    ("name", "acronym", "website"),
    recorded=f"""
    subject AS MATERIALIZED (
        SELECT id, nullif(registry_fold(acronym), '') AS short, website, {_RECENT} FROM registry_network
    ), subject_name AS MATERIALIZED ({_NETWORK_NAMES})""",
    typed="""
    subject AS MATERIALIZED (
        SELECT 0::bigint AS id, nullif(registry_fold(%(acronym)s), '') AS short,
            coalesce(%(website)s, '') AS website, true AS recent
    ), subject_name AS MATERIALIZED (SELECT 0::bigint AS id, registry_fold(%(name)s) AS folded)""",
    criteria=(
        same_name("registry_network", _NETWORK_NAMES),
        similar_name("registry_network", _NETWORK_NAMES),
        Criterion(
            "acronym",
            f"""
            SELECT subject.id, known.id, 0.6, 'the same acronym, ' || known.short
            FROM subject JOIN (
                SELECT id, registry_fold(acronym) AS short FROM registry_network WHERE acronym <> ''
                UNION {_NETWORK_NAMES}
            ) known USING (short)
            WHERE known.id <> subject.id
            UNION ALL
            SELECT subject_name.id, other.id, 0.6, 'the same acronym, ' || subject_name.folded
            FROM subject_name JOIN registry_network other
                ON other.acronym <> '' AND registry_fold(other.acronym) = subject_name.folded
            WHERE other.id <> subject_name.id""",
        ),
        same_website("registry_network", "network_id"),
        same_identifier("network_id"),
        same_cities("registry_membership", "network_id", f"link.status IN ({_PRESENT})", fewest=3),
    ),
    linked=("registry_networklink", "network_id", "other_id"),
)

_POLICY_NAMES = "SELECT id, folded FROM registry_jointpolicy"
_AT_ONE_TIME = "subject.possible && other.possible"

POLICIES = Kind(
    JointPolicy,
    ("name", "since", "until"),
    recorded=f"""
    subject AS MATERIALIZED (SELECT id, possible, {_RECENT} FROM registry_jointpolicy),
    subject_name AS MATERIALIZED ({_POLICY_NAMES})""",
    typed="""
    subject AS MATERIALIZED (
        SELECT 0::bigint AS id, registry_possible(%(since)s, %(until)s) AS possible, true AS recent
    ), subject_name AS MATERIALIZED (SELECT 0::bigint AS id, registry_fold(%(name)s) AS folded)""",
    criteria=(
        same_name("registry_jointpolicy", _POLICY_NAMES, _AT_ONE_TIME),
        similar_name("registry_jointpolicy", _POLICY_NAMES, _AT_ONE_TIME),
        same_identifier("policy_id"),
        same_cities(
            "registry_policyparty",
            "policy_id",
            "true",
            fewest=2,
            condition="""
            EXISTS (
                SELECT FROM registry_jointpolicy a JOIN registry_jointpolicy b ON b.possible && a.possible
                WHERE a.id = likely.one AND b.id = likely.other
            ) AND EXISTS (
                SELECT FROM registry_jointpolicy_issues a JOIN registry_jointpolicy_issues b USING (issue_id)
                WHERE a.jointpolicy_id = likely.one AND b.jointpolicy_id = likely.other
            )""",
        ),
    ),
)

_ORGANISATION_NAMES = "SELECT id, folded FROM registry_organisation"
_ONE_COUNTRY = "coalesce(subject.country_id = other.country_id, true)"

ORGANISATIONS = Kind(
    Organisation,
    ("name", "country", "website"),
    recorded=f"""
    subject AS MATERIALIZED (SELECT id, country_id, website, {_RECENT} FROM registry_organisation),
    subject_name AS MATERIALIZED ({_ORGANISATION_NAMES})""",
    typed="""
    subject AS MATERIALIZED (
        SELECT 0::bigint AS id, %(country)s::text AS country_id,
            coalesce(%(website)s, '') AS website, true AS recent
    ), subject_name AS MATERIALIZED (SELECT 0::bigint AS id, registry_fold(%(name)s) AS folded)""",
    criteria=(
        same_name("registry_organisation", _ORGANISATION_NAMES, _ONE_COUNTRY),
        similar_name("registry_organisation", _ORGANISATION_NAMES, _ONE_COUNTRY),
        same_website("registry_organisation", "organisation_id"),
        same_identifier("organisation_id"),
    ),
)

_IN_ONE_CITY = f"""
    FROM subject JOIN registry_cityoffice other USING (city_id)
    WHERE other.id <> subject.id AND {_AT_ONE_TIME}"""

OFFICES = Kind(
    CityOffice,
    ("name", "city", "kind", "established", "closed"),
    recorded="""
    subject AS MATERIALIZED (SELECT id, city_id, kind, folded, possible FROM registry_cityoffice)""",
    typed="""
    subject AS MATERIALIZED (
        SELECT 0::bigint AS id, %(city)s::bigint AS city_id, %(kind)s::text AS kind,
            registry_fold(%(name)s) AS folded, registry_possible(%(established)s, %(closed)s) AS possible
    )""",
    criteria=(
        Criterion(
            "kind",
            f"""
            SELECT subject.id, other.id, 0.5, 'the same kind of office in one city'
            {_IN_ONE_CITY} AND other.kind = subject.kind AND other.kind <> 'other'""",
        ),
        Criterion(
            "name",
            f"""
            SELECT subject.id, other.id, 0.65 * similarity(other.folded, subject.folded)::float8,
                'a like name in one city'
            {_IN_ONE_CITY} AND other.folded %% subject.folded AND (
                other.kind = subject.kind OR 'other' IN (other.kind, coalesce(subject.kind, 'other'))
            )""",
        ),
        same_identifier("office_id"),
    ),
    similar=0.5,
    linked=("registry_officelink", "office_id", "other_id"),
)

KINDS = {
    DuplicateKind.CITY: CITIES,
    DuplicateKind.NETWORK: NETWORKS,
    DuplicateKind.POLICY: POLICIES,
    DuplicateKind.OFFICE: OFFICES,
    DuplicateKind.ORGANISATION: ORGANISATIONS,
}
