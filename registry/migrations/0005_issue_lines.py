"""Each issue beside every one that it lies under, so that what is below an issue is one join away."""

from django.db import migrations, models

LINES = """
CREATE VIEW registry_issue_line AS
SELECT issue.id * 4 AS id, issue.id AS issue_id, issue.id AS above_id FROM registry_issue issue
UNION ALL
SELECT issue.id * 4 + 1, issue.id, issue.parent_id FROM registry_issue issue WHERE issue.parent_id IS NOT NULL
UNION ALL
SELECT issue.id * 4 + 2, issue.id, parent.parent_id
FROM registry_issue issue JOIN registry_issue parent ON parent.id = issue.parent_id
WHERE parent.parent_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_groups")]
    operations = [
        migrations.CreateModel(
            name="IssueLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "db_table": "registry_issue_line",
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.RunSQL(LINES, "DROP VIEW registry_issue_line"),
    ]
