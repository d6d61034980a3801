"""The SQL of made-up offices."""

OFFICES = """
INSERT INTO registry_cityoffice (pid, city_id, name, slug, kind, established, closed, ended, website,
    publication)
SELECT pg_temp.pid('office', n), city_id, 'Sample office ' || n, 'sample-office-' || n,
    pg_temp.pick(n, 401, 'international-affairs', 'international-affairs', 'chief-digital-officer',
        'chief-data-officer', 'chief-technology-officer', 'chief-business-adviser', 'chief-diplomat',
        'chief-scientist', 'chief-resilience-officer', 'chief-heat-officer', 'night-mayor',
        'sustainability-office', 'other'),
    pg_temp.some_date(n, 410, 1985, 30),
    CASE WHEN ended = 'ended' THEN pg_temp.some_date(n, 420, 2016, 8) END, ended,
    'https://example.org/offices/' || n, pg_temp.state(n, 402)
FROM (
    SELECT %(first_office)s - 1 + row_number() OVER (ORDER BY place, k) AS n, city.id AS city_id
    FROM sample_city city, generate_series(1, 2) k
    WHERE place < %(large)s OR k = 1 AND pg_temp.draw(place, 403, 20) = 0
) office
CROSS JOIN LATERAL (SELECT pg_temp.pick(n, 404, 'ongoing', 'ongoing', 'unknown', 'ended')) status (ended)
ORDER BY n
"""

OFFICE_NUMBERS = """
DROP TABLE IF EXISTS sample_office;
CREATE TEMPORARY TABLE sample_office AS
SELECT split_part(slug, '-', 3)::bigint AS n, id, city_id, publication,
    row_number() OVER (PARTITION BY city_id ORDER BY split_part(slug, '-', 3)::bigint) AS k
FROM registry_cityoffice WHERE id > %(last_office_key)s;
CREATE INDEX ON pg_temp.sample_office (city_id);
ANALYZE pg_temp.sample_office, registry_cityoffice;
"""

OFFICE_ISSUES = """
INSERT INTO registry_cityoffice_remit (cityoffice_id, issue_id)
SELECT DISTINCT office.id, issue.id
FROM sample_office office CROSS JOIN generate_series(1, 2) times
JOIN sample_issue issue
    ON issue.place = pg_temp.draw(office.n * 10 + times, 430, (SELECT count(*) FROM sample_issue))
"""

HOLDERS = """
INSERT INTO registry_officeholder (pid, office_id, person_name, title, since, ended, publication)
SELECT pg_temp.pid('holder', n), id, 'Sample Person ' || n, 'Head', pg_temp.some_date(n, 440, 2015, 9),
    pg_temp.pick(n, 445, 'ongoing', 'unknown'), publication
FROM sample_office
"""

OFFICE_LINKS = """
INSERT INTO registry_officelink (pid, office_id, other_id, issue_id, how, since, publication)
SELECT pg_temp.pid('office link', one.n), one.id, other.id, issue.id, 'Joint budget',
    pg_temp.some_date(one.n, 450, 2000, 20), pg_temp.state(one.n, 455)
FROM sample_office one JOIN sample_office other ON other.city_id = one.city_id AND other.k = 2
LEFT JOIN sample_issue issue
    ON issue.place = pg_temp.draw(one.n, 456, (SELECT count(*) FROM sample_issue))
WHERE one.k = 1
"""
