"""Names without the sizes of their records, which the search works out for those alone that it ranks."""

import re
from importlib import import_module

from django.db import migrations

BEFORE: str = import_module("registry.migrations.0024_experiments_in_the_search").AFTER.replace(
    "CREATE OR REPLACE VIEW", "CREATE VIEW"
)
AFTER = re.sub(r", CASE kind\n.*? END AS size\n", "\n", BEFORE, flags=re.DOTALL)
DROP = "DROP VIEW registry_searchname;"


class Migration(migrations.Migration):
    dependencies = [("registry", "0038_sets_as_strings")]
    operations = [migrations.RunSQL(DROP + AFTER, DROP + BEFORE)]
