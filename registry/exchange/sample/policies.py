"""The SQL of made-up joint policies and partner organisations."""

POLICIES = """
INSERT INTO registry_jointpolicy (pid, name, slug, kind, status, since, until, ended, summary, website,
    publication)
SELECT pg_temp.pid('policy', n), 'Sample policy ' || n, 'sample-policy-' || n,
    pg_temp.pick(n, 501, 'programme', 'programme', 'declaration', 'agreement', 'twinning', 'exchange',
        'experiment'),
    status, pg_temp.some_date(n, 510, 1985, 30),
    CASE WHEN status IN ('concluded', 'abandoned') THEN pg_temp.some_date(n, 520, 2016, 8) END,
    CASE WHEN status IN ('concluded', 'abandoned') THEN 'ended'
         WHEN pg_temp.draw(n, 502, 2) = 0 THEN 'ongoing' ELSE 'unknown' END,
    'Cities that somebody made up undertake something made up, together and for some years.',
    'https://example.org/policies/' || n,
    CASE WHEN n = %(first_policy)s THEN 'published' ELSE pg_temp.state(n, 503) END
FROM generate_series(%(first_policy)s, %(last_policy)s) n
CROSS JOIN LATERAL (
    SELECT pg_temp.pick(n, 504, 'active', 'active', 'active', 'concluded', 'proposed', 'abandoned')
) drawn (status)
ORDER BY n
"""

# Every thousandth policy has fifty parties, every hundredth the largest city; two of five join large cities.
POLICY_NUMBERS = """
DROP TABLE IF EXISTS sample_policy;
CREATE TEMPORARY TABLE sample_policy AS
SELECT sized.*, pg_temp.stride(n, 530, among) AS stride,
    CASE WHEN mod(n, 100) = 1 THEN 0 ELSE pg_temp.draw(n, 531, among) END AS start
FROM (
    SELECT counted.*, CASE WHEN parties <= %(large)s AND pg_temp.draw(n, 532, 5) < 2 THEN %(large)s
        ELSE %(cities)s END AS among
    FROM (
        SELECT split_part(slug, '-', 3)::bigint AS n, id, kind,
            least(CASE WHEN mod(split_part(slug, '-', 3)::bigint, 1000) = 1 THEN 50
                ELSE 2 + pg_temp.draw(split_part(slug, '-', 3)::bigint, 533, 5) END, %(cities)s) AS parties
        FROM registry_jointpolicy WHERE id > %(last_policy_key)s
    ) counted
) sized;
ANALYZE pg_temp.sample_policy, registry_jointpolicy;
"""

POLICY_ISSUES = """
INSERT INTO registry_jointpolicy_issues (jointpolicy_id, issue_id)
SELECT DISTINCT policy.id, issue.id
FROM sample_policy policy CROSS JOIN generate_series(1, 2) k
JOIN sample_issue issue
    ON issue.place = pg_temp.draw(policy.n * 10 + k, 540, (SELECT count(*) FROM sample_issue))
WHERE k = 1 OR pg_temp.draw(policy.n, 541, 3) = 0
"""

POLICY_NETWORKS = """
INSERT INTO registry_jointpolicy_networks (jointpolicy_id, network_id)
SELECT policy.id, network.id FROM sample_policy policy
JOIN sample_network network ON network.n = %(first_network)s + pg_temp.draw(policy.n, 542, %(networks)s)
    * pg_temp.draw(policy.n, 543, %(networks)s) / %(networks)s
WHERE pg_temp.draw(policy.n, 544, 2) = 0
"""

PARTIES = """
INSERT INTO registry_policyparty (pid, policy_id, city_id, role, office_id, since, until, ended, publication)
SELECT pg_temp.pid('party', number), policy.id, city.id,
    CASE WHEN seat = 0 THEN 'lead'
        ELSE pg_temp.pick(number, 550, 'partner', 'partner', 'signatory', 'observer') END,
    CASE WHEN pg_temp.draw(number, 551, 2) = 0 THEN office.id END,
    CASE WHEN pg_temp.draw(number, 552, 8) = 0 THEN pg_temp.known_date(number, 560, 1990, 20) END,
    CASE WHEN pg_temp.draw(number, 553, 20) = 0 THEN pg_temp.known_date(number, 570, 2016, 8) END,
    CASE WHEN pg_temp.draw(number, 553, 20) = 0 THEN 'ended' ELSE 'unknown' END,
    CASE WHEN policy.n = %(first_policy)s THEN 'published' ELSE pg_temp.state(number, 554) END
FROM sample_policy policy
CROSS JOIN LATERAL generate_series(0, parties - 1) seat
CROSS JOIN LATERAL (SELECT policy.n * 1000 + seat) numbered (number)
JOIN sample_city city ON city.place = mod(start + stride * seat, among)
LEFT JOIN sample_office office ON office.city_id = city.id AND office.k = 1
"""

EXPERIMENTS = """
INSERT INTO registry_policyexperiment (pid, policy_id, hypothesis, comparator, outcome, publication)
SELECT pg_temp.pid('experiment', n), id, 'What is made up can be measured.', 'Cities without the measure.',
    CASE WHEN pg_temp.draw(n, 580, 2) = 0 THEN 'It could.' ELSE '' END, pg_temp.state(n, 581)
FROM sample_policy WHERE kind = 'experiment'
"""

# Some of the parties are sites; every fifth experiment is replicated by the next.
EXPERIMENT_SITES = """
INSERT INTO registry_policyexperiment_sites (policyexperiment_id, city_id)
SELECT DISTINCT experiment.id, city.id
FROM registry_policyexperiment experiment JOIN sample_policy policy ON policy.id = experiment.policy_id
JOIN registry_policyparty party ON party.policy_id = policy.id
JOIN sample_city city ON city.id = party.city_id
WHERE pg_temp.draw(policy.n * 1000 + city.place, 582, 3) = 0
"""

REPLICATIONS = """
WITH experiment AS (
    SELECT experiment.id, row_number() OVER (ORDER BY policy.n) AS k
    FROM registry_policyexperiment experiment JOIN sample_policy policy ON policy.id = experiment.policy_id
)
INSERT INTO registry_policyexperiment_replicated_by (from_policyexperiment_id, to_policyexperiment_id)
SELECT one.id, other.id FROM experiment one JOIN experiment other ON other.k = one.k + 1
WHERE mod(one.k, 5) = 1
"""

ORGANISATIONS = """
INSERT INTO registry_organisation (pid, name, slug, kind, country_id, website, publication)
SELECT pg_temp.pid('organisation', n), 'Sample organisation ' || n, 'sample-organisation-' || n,
    pg_temp.pick(n, 601, 'university', 'insurer', 'company', 'ngo', 'foundation', 'national-government',
        'intergovernmental', 'other'),
    country.alpha2, 'https://example.org/organisations/' || n,
    CASE WHEN n = %(first_organisation)s THEN 'published' ELSE pg_temp.state(n, 602) END
FROM generate_series(%(first_organisation)s, %(last_organisation)s) n
LEFT JOIN (
    SELECT alpha2, row_number() OVER (ORDER BY alpha2) - 1 AS place FROM registry_country
) country ON country.place = pg_temp.draw(n, 603, 300)
ORDER BY n
"""

# The first organisation has a fifth of all parts in policies, so that one page is very long.
PARTNERSHIPS = """
WITH organisation AS (
    SELECT split_part(slug, '-', 3)::bigint AS n, id FROM registry_organisation
    WHERE id > %(last_organisation_key)s
), part AS (
    SELECT 'policy part' AS kind, n, id AS policy_id, NULL::bigint AS network_id FROM sample_policy
    WHERE pg_temp.draw(n, 610, 5) = 0
    UNION ALL
    SELECT 'network part', n, NULL, id FROM sample_network WHERE pg_temp.draw(n, 611, 2) = 0
)
INSERT INTO registry_partnership (pid, organisation_id, policy_id, network_id, role, since, publication)
SELECT pg_temp.pid(part.kind, part.n), organisation.id, policy_id, network_id,
    pg_temp.pick(part.n, 612, 'Funder', 'Insurer', 'Adviser', ''),
    pg_temp.some_date(part.n, 613, 1995, 25), pg_temp.state(part.n, 618)
FROM part JOIN organisation ON organisation.n = %(first_organisation)s
    + CASE WHEN pg_temp.draw(part.n, 619, 5) = 0 THEN 0 ELSE pg_temp.draw(part.n, 620, %(organisations)s) END
"""
