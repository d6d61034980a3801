"""The parties of a policy are found by the index of that column, and not by that of an exclusion."""

import django.db.models.expressions
import registry.models.constraints
import registry.models.dates
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0041_touched_cities_by_their_keys"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="policyparty",
            name="registry_policyparty_no_overlap",
        ),
        migrations.AddConstraint(
            model_name="policyparty",
            constraint=registry.models.constraints.FieldExclusion(
                expressions=[
                    ("city", "="),
                    (
                        django.db.models.expressions.CombinedExpression(
                            models.F("policy"), "+", models.Value(0)
                        ),
                        "=",
                    ),
                    (
                        registry.models.dates.Claimed(
                            models.F("since"), models.F("until"), models.F("ended"), models.F("observed_on")
                        ),
                        "&&",
                    ),
                ],
                field="city",
                name="registry_policyparty_no_overlap",
                violation_error_message="This city is a party to this policy in that period already.",
            ),
        ),
    ]
