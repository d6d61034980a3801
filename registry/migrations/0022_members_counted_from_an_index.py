"""An index that counts the members of a network by itself, and sizes of networks in the search from it."""

from importlib import import_module

from django.db import migrations, models

NAMES: str = import_module("registry.migrations.0017_search").NAMES
BEFORE = NAMES.replace("CREATE VIEW", "CREATE OR REPLACE VIEW")
# Few cities are no longer, or not yet, published: members are compared with these, and no city is read.
AFTER = BEFORE.replace(
    """
        SELECT FROM registry_membership membership JOIN registry_city city ON city.id = membership.city_id
        WHERE network_id = record_id AND status IN ('member', 'left')
            AND membership.publication = 'published' AND city.publication = 'published' LIMIT 100
""",
    """
        SELECT FROM registry_membership
        WHERE network_id = record_id AND status IN ('member', 'left') AND publication = 'published'
            AND city_id NOT IN (SELECT id FROM registry_city WHERE publication IN ('draft', 'in-review'))
        LIMIT 100
""",
)


class Migration(migrations.Migration):
    dependencies = [("registry", "0021_history_indexes")]
    operations = [
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(
                fields=["network", "city"], include=["status", "publication"], name="membership_of_network"
            ),
        ),
        migrations.RemoveIndex(model_name="membership", name="membership_network_city"),
        migrations.RunSQL(AFTER, BEFORE),
    ]
