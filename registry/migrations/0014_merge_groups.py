"""Who may see merges, and where the changes of one batch are found."""

from importlib import import_module

from django.db import migrations

groups = import_module("registry.migrations.0004_groups")

# The history's contexts are many, those that belong to a batch few.
INDEX = """
CREATE INDEX registry_context_batch ON pghistory_context ((metadata ->> 'batch'), created_at)
WHERE metadata ? 'batch';
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0013_merges")]
    operations = [
        migrations.RunPython(groups.make_groups, migrations.RunPython.noop),
        migrations.RunSQL(INDEX, "DROP INDEX registry_context_batch;"),
    ]
