"""The SQL of made-up networks and memberships."""

# Every fortieth membership is the second one of a city that came back.
RETURN = 40

NETWORKS = """
INSERT INTO registry_network (pid, name, slug, acronym, scope, region, founded, dissolved, ended, observed_on,
    secretariat_id, website, description, publication)
SELECT pg_temp.pid('network', n), 'Sample network ' || n, 'sample-network-' || n, 'SN' || n,
    pg_temp.pick(n, 201, 'international', 'international', 'regional', 'national', 'subnational'),
    CASE WHEN pg_temp.draw(n, 202, 2) = 0 THEN 'A part of the world' ELSE '' END,
    pg_temp.some_date(n, 210, 1950, 60),
    CASE WHEN ended = 'ended' THEN pg_temp.some_date(n, 220, 2011, 13) END, ended,
    CASE WHEN ended <> 'ended' AND pg_temp.draw(n, 203, 3) = 0 THEN pg_temp.known_date(n, 230, 2015, 9) END,
    city.id, 'https://example.org/networks/' || n,
    'A network that somebody made up to measure with. Its members, issues and policies are drawn by lot.',
    CASE WHEN n = %(first_network)s THEN 'published' ELSE pg_temp.state(n, 204) END
FROM generate_series(%(first_network)s, %(last_network)s) n
CROSS JOIN LATERAL (
    SELECT pg_temp.pick(n, 205, 'ongoing', 'ongoing', 'ongoing', 'unknown', 'unknown', 'ended')
) status (ended)
LEFT JOIN sample_city city ON city.place = pg_temp.draw(n, 206, %(large)s)
ORDER BY n
"""

# The seats of a network: some among the large cities, the rest among the others, each city once.
NETWORK_NUMBERS = """
DROP TABLE IF EXISTS sample_network;
CREATE TEMPORARY TABLE sample_network AS
SELECT n, id, size, seats_of_large, pg_temp.stride(n, 240, %(large)s) AS stride_of_large,
    pg_temp.stride(n, 241, %(small)s) AS stride_of_small, pg_temp.draw(n, 242, %(small)s) AS start_of_small
FROM (
    SELECT %(first_network)s + place - 1 AS n, size,
        greatest(least(size / 2, %(large)s), size - (%(cities)s - %(large)s)) AS seats_of_large
    FROM unnest(%(sizes)s::bigint[]) WITH ORDINALITY sizes (size, place)
) sized JOIN registry_network network ON network.slug = 'sample-network-' || n;
ANALYZE pg_temp.sample_network, registry_network;
"""

NETWORK_ISSUES = """
INSERT INTO registry_network_issues (network_id, issue_id)
SELECT DISTINCT network.id, issue.id
FROM sample_network network, generate_series(1, 3) k
JOIN sample_issue issue ON true
WHERE issue.place = pg_temp.draw(network.n * 10 + k, 250, (SELECT count(*) FROM sample_issue))
AND (k = 1 OR pg_temp.draw(network.n * 10 + k, 251, 2) = 0)
"""

NETWORK_NAMES = """
INSERT INTO registry_networkname (network_id, name, language, kind)
SELECT id, 'Beispielnetz ' || n, 'de', 'alternative' FROM sample_network WHERE pg_temp.draw(n, 252, 3) = 0
"""

NETWORK_LINKS = """
INSERT INTO registry_networklink (pid, network_id, other_id, kind, since, publication)
SELECT pg_temp.pid('network link', part.n), part.id, whole.id,
    pg_temp.pick(part.n, 253, 'part-of', 'successor-of', 'partner-of'),
    pg_temp.some_date(part.n, 254, 1990, 30), 'published'
FROM sample_network part JOIN sample_network whole ON whole.n = part.n - 1
WHERE pg_temp.draw(part.n, 259, 10) = 0
"""

ROSTERS = """
INSERT INTO registry_rosterconfirmation (pid, network_id, confirmed_on, complete, publication)
SELECT pg_temp.pid('roster', n), id, date '2018-01-01' + pg_temp.draw(n, 260, 2000)::int,
    pg_temp.draw(n, 261, 2) = 0, pg_temp.state(n, 262)
FROM sample_network
"""

MEMBERSHIPS = """
WITH seat AS (
    SELECT network.*, network.n * 100000000 + place AS number,
        -- Who came back sits where it sat before.
        place - (mod(place, {returns}) = {returns} - 1)::int AS seat,
        mod(place, {returns}) = {returns} - 1 AS again,
        mod(place, {returns}) = {returns} - 2 AND place + 1 < size AS gone
    FROM sample_network network CROSS JOIN LATERAL generate_series(0, size - 1) place
), status AS (
    SELECT seat.*, CASE WHEN gone THEN 'left' WHEN again THEN 'member' ELSE
        (ARRAY['left', 'left', 'applicant', 'unknown', 'never'])[1 + pg_temp.draw(number, 301, 30)]
        END AS said
    FROM seat
), dated AS (
    SELECT status.*, coalesce(said, 'member') AS status,
        CASE WHEN again THEN pg_temp.known_date(number, 310, 2016, 8)
             WHEN coalesce(said, 'member') IN ('member', 'left', 'applicant')
             THEN pg_temp.some_date(number, 320, 1970, 40) END AS since,
        CASE WHEN gone THEN pg_temp.known_date(number, 330, 2011, 4)
             WHEN said = 'left' THEN pg_temp.some_date(number, 340, 2011, 13) END AS until
    FROM status
)
INSERT INTO registry_membership (pid, city_id, network_id, status, tier, founding, hosting, role,
    since, until, ended, observed_on, publication)
SELECT pg_temp.pid('membership', number), city.id, dated.id, status,
    CASE pg_temp.draw(number, 302, 8) WHEN 0 THEN 'observer' WHEN 1 THEN 'privileged' WHEN 2 THEN ''
        ELSE 'full' END,
    seat < 5, seat = 0,
    CASE WHEN pg_temp.draw(number, 303, 50) = 0 THEN 'Chair of a sample committee' ELSE '' END,
    since, until,
    CASE WHEN status = 'left' THEN 'ended'
         WHEN status = 'member' AND pg_temp.draw(number, 304, 2) = 0 THEN 'ongoing' ELSE 'unknown' END,
    CASE WHEN status = 'member' AND NOT again AND pg_temp.draw(number, 305, 3) = 0
        THEN pg_temp.known_date(number, 350, 2015, 9) END,
    pg_temp.state(number, 306)
FROM dated JOIN sample_city city ON city.place = CASE WHEN seat < seats_of_large
    THEN mod(stride_of_large * seat, %(large)s)
    ELSE %(large)s + mod(start_of_small + stride_of_small * (seat - seats_of_large), %(small)s) END
""".replace("{returns}", str(RETURN))
