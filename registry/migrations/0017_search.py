"""Stems of names in three languages, and the view of everything but cities by its names."""

from django.db import migrations

# Words as they are stand beside their stems, so that what is half typed is found too.
STEMS = """
CREATE FUNCTION registry_stems(folded text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT strip(to_tsvector('pg_catalog.simple', folded) || to_tsvector('pg_catalog.english', folded)
        || to_tsvector('pg_catalog.french', folded) || to_tsvector('pg_catalog.spanish', folded))
$$;
"""

# Every arm has the same types, else the planner cannot look into it by its table's indexes. Sizes stop at
# 100: they put records of alike names in order, no more, and no page shows them.
NAMES = """
CREATE VIEW registry_searchname AS
SELECT kind, record_id, what, name, detail, folded, stems, CASE kind
    WHEN 'network' THEN (SELECT count(*) FROM (
        SELECT FROM registry_membership membership JOIN registry_city city ON city.id = membership.city_id
        WHERE network_id = record_id AND status IN ('member', 'left')
            AND membership.publication = 'published' AND city.publication = 'published' LIMIT 100
    ) member)
    WHEN 'policy' THEN (SELECT count(*) FROM (
        SELECT FROM registry_live_party WHERE policy_id = record_id LIMIT 100
    ) party)
    WHEN 'organisation' THEN (SELECT count(*) FROM (
        SELECT FROM registry_partnership part LEFT JOIN registry_jointpolicy policy ON policy.id = policy_id
        LEFT JOIN registry_network network ON network.id = network_id
        WHERE organisation_id = record_id AND part.publication = 'published'
            AND 'published' IN (policy.publication, network.publication) LIMIT 100
    ) part)
    WHEN 'office' THEN (SELECT population / 1000 FROM registry_city city WHERE city.id = called.city_id)
    ELSE 0 END AS size
FROM (
    SELECT 'network'::text, id, 'title'::text, name::text, ''::text, folded, registry_stems(folded), NULL::bigint
    FROM registry_network WHERE publication = 'published'
    UNION ALL
    SELECT 'network'::text, id, 'acronym'::text, acronym::text, ''::text, registry_fold(acronym), registry_stems(registry_fold(acronym)), NULL::bigint
    FROM registry_network WHERE publication = 'published' AND acronym <> ''
    UNION ALL
    SELECT 'network'::text, network.id, 'name'::text, other.name::text, language::text, other.folded,
        registry_stems(other.folded), NULL::bigint
    FROM registry_networkname other JOIN registry_network network ON network.id = network_id
    WHERE publication = 'published'
    UNION ALL
    SELECT 'policy'::text, id, 'title'::text, name::text, ''::text, folded, registry_stems(folded), NULL::bigint
    FROM registry_jointpolicy WHERE publication = 'published'
    UNION ALL
    SELECT 'office'::text, office.id, 'title'::text, office.name::text, ''::text, office.folded,
        registry_stems(office.folded), city_id
    FROM registry_cityoffice office
    -- Asked of each office: a join would read all offices first, however few are wanted.
    WHERE office.publication = 'published'
        AND (SELECT city.publication = 'published' FROM registry_city city WHERE city.id = office.city_id)
    UNION ALL
    SELECT 'issue'::text, id, 'title'::text, name::text, ''::text, folded, registry_stems(folded), NULL::bigint
    FROM registry_issue
    UNION ALL
    SELECT 'issue'::text, issue_id, 'label'::text, label::text, scheme.name::text, registry_fold(label),
        registry_stems(registry_fold(label)), NULL::bigint
    FROM registry_issuemapping JOIN registry_schemeconcept concept ON concept.id = concept_id
    JOIN registry_issuescheme scheme ON scheme.slug = scheme_id
    WHERE match IN ('exact', 'close')
    UNION ALL
    SELECT 'organisation'::text, id, 'title'::text, name::text, ''::text, folded, registry_stems(folded), NULL::bigint
    FROM registry_organisation WHERE publication = 'published'
    UNION ALL
    SELECT 'report'::text, id, 'title'::text, name::text, ''::text, folded, registry_stems(folded), NULL::bigint
    FROM registry_report WHERE publication = 'published'
) called (kind, record_id, what, name, detail, folded, stems, city_id);
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0016_cities_taking_part_now")]
    operations = [
        migrations.RunSQL(STEMS, "DROP FUNCTION registry_stems"),
        migrations.RunSQL(NAMES, "DROP VIEW registry_searchname"),
    ]
