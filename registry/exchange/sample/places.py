"""The SQL of made-up divisions, issues and cities."""

# Numbers of cities follow their size: the first fiftieth, the large cities, take half of all places.
LARGE = 50

DIVISIONS = """
INSERT INTO registry_division (code, country_id, name)
SELECT alpha2 || '.S' || n, alpha2, 'Sample division ' || n || ' of ' || alpha2
FROM registry_country, generate_series(1, 4) n ON CONFLICT DO NOTHING
"""

ISSUES = """
INSERT INTO registry_issue (pid, name, slug, parent_id, description)
SELECT md5(made.name)::uuid, made.name, replace(replace(lower(made.name), ' ', '-'), '.', '-'), parent.id,
    'An issue that somebody made up to measure with.'
FROM (
    SELECT 1 AS level, 'Sample issue ' || a AS name, '' AS above FROM generate_series(1, 12) a
    UNION ALL
    SELECT 2, format('Sample issue %%s.%%s', a, b), 'Sample issue ' || a
    FROM generate_series(1, 12) a, generate_series(1, 4) b
    UNION ALL
    SELECT 3, format('Sample issue %%s.%%s.%%s', a, b, c), format('Sample issue %%s.%%s', a, b)
    FROM generate_series(1, 12) a, generate_series(1, 4) b, generate_series(1, 2) c
) made
LEFT JOIN registry_issue parent ON parent.slug = replace(replace(lower(made.above), ' ', '-'), '.', '-')
WHERE level = %(level)s
ORDER BY made.name
ON CONFLICT (slug) DO NOTHING
"""

ISSUE_NUMBERS = """
DROP TABLE IF EXISTS sample_issue;
CREATE TEMPORARY TABLE sample_issue AS
SELECT row_number() OVER (ORDER BY slug) - 1 AS place, id
FROM registry_issue WHERE slug LIKE 'sample-issue-%%';
"""

CITIES = """
WITH country AS (
    SELECT alpha2, row_number() OVER (ORDER BY alpha2) - 1 AS place, count(*) OVER () AS countries
    FROM registry_country
), city AS (
    SELECT n, pg_temp.draw(n, 101, 1000) AS here, pg_temp.draw(n, 102, 1000) AS size
    FROM generate_series(%(first_city)s, %(last_city)s) n
)
INSERT INTO registry_city (pid, name, slug, kind, country_id, division_id, latitude, longitude, population,
    population_year, publication)
SELECT pg_temp.pid('city', n), 'Sample city ' || n, 'sample-city-' || n || '-' || lower(alpha2),
    CASE pg_temp.draw(n, 103, 30) WHEN 0 THEN 'county' WHEN 1 THEN 'borough' WHEN 2 THEN 'metropolitan-body'
        WHEN 3 THEN 'intermunicipality' WHEN 4 THEN 'regional-government' ELSE 'city' END,
    alpha2, alpha2 || '.S' || 1 + pg_temp.draw(n, 104, 4),
    pg_temp.draw(n, 105, 12500) / 100.0 - 55, pg_temp.draw(n, 106, 36000) / 100.0 - 180,
    CASE WHEN pg_temp.draw(n, 107, 20) > 0 THEN 500 + size * size * size / 100 END,
    CASE WHEN pg_temp.draw(n, 107, 20) > 0 THEN 2010 + pg_temp.draw(n, 108, 15) END,
    pg_temp.state(n, 109)
FROM city JOIN country ON country.place = here * here * countries / 1000000
ORDER BY n
"""

# Cities by number: those made now, or with the registry's own the largest of all.
CITY_NUMBERS = """
DROP TABLE IF EXISTS sample_city;
CREATE TEMPORARY TABLE sample_city AS
SELECT row_number() OVER (ORDER BY publication <> 'published', population DESC NULLS LAST, slug) - 1 AS place,
    id FROM registry_city WHERE id > %(last_key)s
ORDER BY 1 LIMIT %(cities)s;
CREATE UNIQUE INDEX ON pg_temp.sample_city (place);
ANALYZE pg_temp.sample_city, registry_city;
"""

CITY_NAMES = """
INSERT INTO registry_cityname (city_id, name, kind)
SELECT id, name, 'official' FROM registry_city
WHERE id > %(last_city_key)s AND slug LIKE 'sample-city-%%'
UNION ALL
SELECT id, replace(name, 'Sample city', 'Beispielstadt'), 'alternative'
FROM registry_city WHERE id > %(last_city_key)s AND slug LIKE 'sample-city-%%'
    AND hashint8(population) %% 4 = 0
"""

CITY_LINKS = """
INSERT INTO registry_citylink (pid, city_id, other_id, kind, since, publication)
SELECT pg_temp.pid('city link', part.id), part.id, whole.id, 'part-of',
    pg_temp.some_date(part.place, 120, 1950, 60), pg_temp.state(part.place, 125)
FROM sample_city part JOIN sample_city whole ON whole.place = pg_temp.draw(part.place, 126, %(large)s)
WHERE part.place >= %(large)s AND pg_temp.draw(part.place, 127, 100) = 0
"""
