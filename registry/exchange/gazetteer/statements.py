"""The SQL of the load. New rows go straight to their tables; known places are staged to be compared."""

# The keys of new cities, taken at once so that they follow size though two connections load them.
RESERVE = """
SELECT nextval(pg_get_serial_sequence('registry_city', 'id')) FROM generate_series(1, %s)
"""

COPY_CITIES = """
COPY registry_city (
    id, slug, geonames_id, name, country_id, division_id, latitude, longitude, population, publication
) FROM STDIN
"""
COPY_NAMES = "COPY registry_cityname (city_id, name, kind) FROM STDIN"

# No ON COMMIT clause: the transaction may be a caller's, who loads again in it.
STAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS gazetteer_place (
    geonames_id bigint, name text, country text, division text,
    latitude float8, longitude float8, population bigint, other_names text[]
);
TRUNCATE gazetteer_place;
"""
COPY_STAGED = "COPY gazetteer_place FROM STDIN"
COMPARED = "registry_city, registry_cityname, registry_cityevent, registry_citynameevent"

# Facts that changed at GeoNames, of cities that nobody has touched since a load brought or renewed them.
RENEW_CITIES = """
WITH changed AS MATERIALIZED (
    SELECT city.id AS key, city.name AS old_name, place.*
    FROM gazetteer_place place JOIN registry_city city USING (geonames_id)
    WHERE (city.name, city.country_id, city.division_id, city.latitude, city.longitude, city.population)
        IS DISTINCT FROM
        (place.name, place.country, place.division, place.latitude, place.longitude, place.population)
), ours AS (
    SELECT changed.* FROM changed CROSS JOIN LATERAL (
        SELECT pgh_context_id FROM registry_cityevent
        WHERE pgh_obj_id = changed.key ORDER BY pgh_id DESC LIMIT 1
    ) latest
    JOIN pghistory_context context ON context.id = latest.pgh_context_id
    WHERE context.metadata->>'command' = ANY (%s)
)
UPDATE registry_city city SET name = ours.name, country_id = ours.country, division_id = ours.division,
    latitude = ours.latitude, longitude = ours.longitude, population = ours.population,
    population_year = CASE WHEN city.population IS NOT DISTINCT FROM ours.population
        THEN city.population_year END
FROM ours WHERE city.id = ours.key
RETURNING city.id, ours.old_name <> ours.name
"""

# The main name follows the city's; the old one stays as an alternative.
RENAME = """
UPDATE registry_cityname SET kind = CASE WHEN cityname.name = city.name THEN 'official' ELSE 'alternative' END
FROM registry_cityname cityname JOIN registry_city city ON city.id = cityname.city_id
WHERE registry_cityname.id = cityname.id AND city.id = ANY (%s) AND cityname.language = ''
AND CASE WHEN cityname.name = city.name THEN 'official' ELSE 'alternative' END <> cityname.kind
AND cityname.kind IN ('official', 'alternative')
"""

# Names that GeoNames has and the registry has not, unless somebody removed them here.
RENEW_NAMES = """
WITH given AS (
    SELECT city.id AS city_id, place.name, place.name = city.name AS main
    FROM gazetteer_place place JOIN registry_city city USING (geonames_id)
    UNION ALL
    SELECT city.id, unnest(other_names), false
    FROM gazetteer_place place JOIN registry_city city USING (geonames_id)
)
INSERT INTO registry_cityname (city_id, name, kind)
SELECT city_id, name, CASE WHEN main THEN 'official' ELSE 'alternative' END FROM given
WHERE NOT EXISTS (
    SELECT FROM registry_cityname known WHERE known.city_id = given.city_id AND known.name = given.name
) AND NOT EXISTS (
    SELECT FROM registry_citynameevent event
    WHERE event.pgh_label = 'delete' AND event.city_id = given.city_id AND event.name = given.name
)
"""

KNOWN = "SELECT geonames_id FROM registry_city WHERE geonames_id IS NOT NULL"
# A place that staff removed or merged into another does not come back.
REMOVED = "SELECT geonames_id FROM registry_cityevent WHERE pgh_label = 'delete' AND geonames_id IS NOT NULL"
TAKEN = "SELECT slug FROM registry_city UNION ALL SELECT slug FROM registry_alias WHERE kind = 'city'"
