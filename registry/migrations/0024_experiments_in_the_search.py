"""Experiments among what is searched, by the words of what they expected."""

from importlib import import_module

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models
from django.db.models.functions import Left

from registry.models.base import Fold, Stems

BEFORE: str = import_module("registry.migrations.0022_members_counted_from_an_index").AFTER
# The whole of a hypothesis is too long for what compares and indexes names: its beginning stands for a name.
EXPERIMENTS = """
    UNION ALL
    SELECT 'experiment'::text, experiment.id, 'hypothesis'::text, hypothesis, ''::text,
        registry_fold("left"(hypothesis, 200)), registry_stems(registry_fold(hypothesis)), NULL::bigint
    FROM registry_policyexperiment experiment
    WHERE experiment.publication = 'published' AND (
        SELECT policy.publication = 'published' FROM registry_jointpolicy policy
        WHERE policy.id = experiment.policy_id
    )
) called ("""
SITES = """
    WHEN 'experiment' THEN (SELECT count(*) FROM (
        SELECT FROM registry_policyexperiment_sites site JOIN registry_city city ON city.id = site.city_id
        WHERE policyexperiment_id = record_id AND city.publication = 'published' LIMIT 100
    ) site)
    ELSE 0 END AS size"""
BEGINNING = Fold(Left("hypothesis", 200))
INDEXES = [
    GinIndex(OpClass(BEGINNING, "gin_trgm_ops"), name="experiment_trigrams"),
    models.Index(OpClass(BEGINNING, "text_pattern_ops"), name="experiment_folded"),
    GinIndex(Stems(Fold("hypothesis")), name="experiment_stems"),
]
AFTER = BEFORE.replace(") called (", EXPERIMENTS.strip()).replace("ELSE 0 END AS size", SITES.strip())


class Migration(migrations.Migration):
    dependencies = [("registry", "0022_members_counted_from_an_index")]
    operations = [
        *(migrations.AddIndex(model_name="policyexperiment", index=index) for index in INDEXES),
        migrations.RunSQL(AFTER, BEFORE),
    ]
