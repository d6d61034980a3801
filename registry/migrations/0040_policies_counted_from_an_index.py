"""An index by which the joint policies of a city are counted without reading its parts in them."""

from django.db import migrations

BOTH = """
CREATE INDEX registry_live_party_of_city ON registry_live_party (city_id, policy_id);
DROP INDEX registry_live_party_city;
"""
ALONE = """
CREATE INDEX registry_live_party_city ON registry_live_party (city_id);
DROP INDEX registry_live_party_of_city;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0039_sizes_apart_from_the_search")]
    operations = [migrations.RunSQL(BOTH, ALONE)]
