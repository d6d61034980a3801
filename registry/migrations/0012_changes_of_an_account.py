"""An index by which the newest changes of one account are found: the cities that it used recently."""

from django.db import migrations

INDEX = """
CREATE INDEX registry_changes_of_account ON pghistory_context ((metadata -> 'user'), created_at DESC)
WHERE (metadata -> 'user') IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0011_groups_judge_pairs"), ("pghistory", "0007_auto_20250421_0444")]
    operations = [migrations.RunSQL(INDEX, "DROP INDEX registry_changes_of_account")]
