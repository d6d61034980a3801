"""Ties through networks, computed when asked, beside the direct ones."""

import django.contrib.postgres.fields.ranges
from django.db import migrations, models

import registry.models.dates

VIEW = """
-- Memberships of published cities in published networks. A city that left is no longer a member, whether or
-- not it is known since when.
CREATE VIEW registry_published_membership AS
SELECT membership.id, membership.network_id, membership.city_id, membership.since, membership.until,
    CASE WHEN membership.status = 'left' THEN 'ended' ELSE membership.ended END AS ended,
    membership.certain, membership.possible
FROM registry_membership membership
JOIN registry_network network ON network.id = membership.network_id
JOIN registry_city city ON city.id = membership.city_id
WHERE membership.publication = 'published' AND network.publication = 'published'
    AND city.publication = 'published' AND membership.status IN ('member', 'left');

-- Every tie from both of its ends: ask by own_id, or for own_id < other_id to have each once. Constants in
-- `via` let the planner leave out what is not asked about.
CREATE VIEW registry_any_tie AS
SELECT 'policy'::text AS via, policy_id, NULL::bigint AS network_id, issue_id, city_a_id, city_b_id,
    city_a_id AS own_id, city_b_id AS other_id, since, until, ended, certain, possible,
    certain AS own_certain, possible AS own_possible, certain AS other_certain, possible AS other_possible
FROM registry_direct_tie
UNION ALL
SELECT 'policy'::text, policy_id, NULL::bigint, issue_id, city_a_id, city_b_id,
    city_b_id, city_a_id, since, until, ended, certain, possible, certain, possible, certain, possible
FROM registry_direct_tie
UNION ALL
SELECT 'network'::text, NULL::bigint, own.network_id, link.issue_id,
    least(own.city_id, other.city_id), greatest(own.city_id, other.city_id), own.city_id, other.city_id,
    CASE WHEN own.since IS NULL OR lower(other.possible) > lower(own.possible)
        THEN other.since ELSE own.since END,
    CASE WHEN own.until IS NULL OR upper(other.possible) < upper(own.possible)
        THEN other.until ELSE own.until END,
    CASE WHEN own.ended = other.ended THEN own.ended
        WHEN 'ended' IN (own.ended, other.ended) THEN 'ended' ELSE 'unknown' END,
    nullif(own.certain * other.certain, 'empty'), own.possible * other.possible,
    own.certain, own.possible, other.certain, other.possible
FROM registry_published_membership own
JOIN registry_published_membership other ON other.network_id = own.network_id
    AND other.city_id <> own.city_id AND own.possible && other.possible
JOIN registry_network_issues link ON link.network_id = own.network_id;
"""

DROP = "DROP VIEW registry_any_tie; DROP VIEW registry_published_membership;"


class Migration(migrations.Migration):
    dependencies = [("registry", "0019_saved_searches")]
    operations = [
        migrations.CreateModel(
            name="AnyTie",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", registry.models.dates.PartialDateField(db_collation="C")),
                ("until", registry.models.dates.PartialDateField(db_collation="C")),
                (
                    "ended",
                    models.CharField(
                        choices=[
                            ("unknown", "Not known whether it ended"),
                            ("ongoing", "Ongoing"),
                            ("ended", "Ended"),
                        ],
                        max_length=8,
                    ),
                ),
                ("certain", django.contrib.postgres.fields.ranges.DateRangeField(null=True)),
                ("possible", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "via",
                    models.CharField(
                        choices=[("policy", "Joint policy"), ("network", "Network")], max_length=7
                    ),
                ),
                ("own_certain", django.contrib.postgres.fields.ranges.DateRangeField(null=True)),
                ("own_possible", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("other_certain", django.contrib.postgres.fields.ranges.DateRangeField(null=True)),
                ("other_possible", django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
            options={"db_table": "registry_any_tie", "managed": False},
        ),
        migrations.RunSQL(VIEW, DROP),
    ]
