"""The SQL of made-up reports, sources and citations."""

REPORTS = """
INSERT INTO registry_report (pid, name, slug, kind, published_on, language, url, authors, publication)
SELECT pg_temp.pid('report', n), 'Sample report ' || n, 'sample-report-' || n,
    pg_temp.pick(n, 701, 'report', 'report', 'voluntary-local-review', 'study', 'action-agenda'),
    pg_temp.some_date(n, 702, 1990, 34), pg_temp.pick(n, 707, 'en', 'en', 'fr', 'pt', ''),
    'https://example.org/reports/' || n, 'Sample authors', pg_temp.state(n, 708)
FROM generate_series(%(first_report)s, %(last_report)s) n
ORDER BY n
"""

REPORT_NUMBERS = """
DROP TABLE IF EXISTS sample_report;
CREATE TEMPORARY TABLE sample_report AS
SELECT split_part(slug, '-', 3)::bigint AS n, id FROM registry_report WHERE id > %(last_report_key)s;
"""

_REPORT_LINK = """
INSERT INTO registry_report_{links} (report_id, {key})
SELECT report.id, linked.id FROM sample_report report
JOIN {of} linked ON linked.{number} = {first} + pg_temp.draw(report.n, {salt}, {among})
"""
REPORT_LINKS = [
    _REPORT_LINK.format(links=links, key=key, of=of, number=number, first=first, salt=salt, among=among)
    for links, key, of, number, first, salt, among in (
        ("issues", "issue_id", "sample_issue", "place", 0, 710, "(SELECT count(*) FROM sample_issue)"),
        ("cities", "city_id", "sample_city", "place", 0, 711, "%(large)s"),
        ("networks", "network_id", "sample_network", "n", "%(first_network)s", 712, "%(networks)s"),
        ("policies", "jointpolicy_id", "sample_policy", "n", "%(first_policy)s", 713, "%(policies)s"),
    )
]

# One document for each network, its list of members, and one for every ten policies.
SOURCES = """
INSERT INTO registry_source (pid, title, url, publisher, published_on, language)
SELECT pg_temp.pid(kind, n), format('Sample source of %%s %%s', kind, n),
    format('https://example.org/sample/%%s/%%s/%%s', %(seed)s, kind, n), 'Nobody',
    pg_temp.some_date(n, 801, 2000, 24), 'en'
FROM (
    SELECT 'network' AS kind, n FROM sample_network
    UNION ALL
    SELECT 'policies', n FROM sample_policy WHERE mod(n - %(first_policy)s, 10) = 0
) of
"""

SOURCE_NUMBERS = """
DROP TABLE IF EXISTS sample_source;
CREATE TEMPORARY TABLE sample_source AS
SELECT split_part(url, '/', 6) AS kind, split_part(url, '/', 7)::bigint AS n, id
FROM registry_source WHERE id > %(last_source_key)s;
ANALYZE pg_temp.sample_source, registry_source, registry_membership, registry_policyparty;
"""

# A third of the memberships and parties have no source, as in a registry that is being filled.
_CITATION = """
INSERT INTO registry_citation (pid, source_id, accessed_on, locator, {target}_id)
SELECT pg_temp.pid('{target} citation', number), source.id, date '2024-05-01', '{locator}', cited.id
FROM registry_{table} cited JOIN sample_{of} documented ON documented.id = cited.{key}
CROSS JOIN LATERAL (SELECT hashtextextended(cited.pid::text, 0)) numbered (number)
JOIN sample_source source ON source.kind = '{kind}' AND source.n = documented.n {group}
WHERE pg_temp.draw(number, 810, 3) > 0
"""
_BY_TENS = "- mod(documented.n - %(first_policy)s, 10)"
_NETWORK = {"of": "network", "kind": "network", "group": ""}
_POLICY = {"of": "policy", "kind": "policies", "group": _BY_TENS}
CITATIONS = [
    _CITATION.format(target=target, locator=locator, table=table, key=key, **documented)
    for target, locator, table, key, documented in (
        ("network", "About us", "network", "id", _NETWORK),
        ("membership", "Members", "membership", "network_id", _NETWORK),
        ("policy", "", "jointpolicy", "id", _POLICY),
        ("party", "Signatures", "policyparty", "policy_id", _POLICY),
    )
]
