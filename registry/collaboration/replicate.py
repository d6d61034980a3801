"""Who could replicate an experiment next: cities active on its issues that are like those where it was tried.

How alike two cities are, and why, is that of gaps (`registry.collaboration.gaps`); here a tie between the two
is no hindrance, since a partner knows best what was done.
"""

from __future__ import annotations

from django.db.models import Q

from registry.collaboration.gaps import ALIKE, Found, active, in_order
from registry.collaboration.opportunities import Opportunity, read
from registry.collaboration.statements import ask_of
from registry.models import City, PolicyExperiment

# The largest sites are compared with, and so many cities are shown.
MOST_SITES = 10
SHOWN = 12

# How much a site does is no reason to be like it, so its own joint policies do not count.
LIKE_SITES = f"""
, site AS MATERIALIZED (
    SELECT id, name, population, 0 AS policies FROM registry_city WHERE id = ANY(%s)
), able AS MATERIALIZED (
    SELECT active.city AS id, city.name, city.population, array_agg(issue ORDER BY issue) AS issues, (
        SELECT count(DISTINCT policy_id) FROM registry_live_party WHERE city_id = active.city
    ) AS policies
    FROM active JOIN registry_city city ON city.id = active.city WHERE active.city IN (TABLE place)
    GROUP BY active.city, city.name, city.population
)
SELECT own.id, other.id, other.issues, other.name, own.name, {ALIKE} AS alike, count(*) OVER ()
FROM site own CROSS JOIN able other
ORDER BY alike DESC, other.id, own.id LIMIT %s"""


def candidates(experiment: PolicyExperiment) -> list[Opportunity]:
    """The likeliest cities, each beside the site that it is most like, with the reasons in words.

    None of them is a site of the experiment, of one that replicates it or of one that it replicates.
    """
    issues = [issue.pk for issue in experiment.policy.issues.all()]
    sites = City.objects.public().filter(experiments=experiment).order_by("-population", "pk")
    own = list(sites.values_list("pk", flat=True)[:MOST_SITES])
    if not issues or not own:
        return []
    tables = {
        "active(city, issue)": active(issues),
        "place(city)": [City.objects.public().exclude(pk__in=_tried_in(experiment)).values_list("pk")],
    }
    likeliest: dict[int, Found] = {}
    # Of each city only the site that it is most like, which comes first, is kept.
    for row in in_order(ask_of(tables, LIKE_SITES, [own, MOST_SITES * SHOWN])):
        likeliest.setdefault(row.other, row)
    return read(list(likeliest.values())[:SHOWN])


def _tried_in(experiment: PolicyExperiment) -> list[int]:
    """The cities where it, or an experiment that it replicates or that replicates it, was tried out."""
    public = PolicyExperiment.objects.public()
    related = public.filter(Q(replicates=experiment) | Q(replicated_by=experiment)).values("pk")
    tried = PolicyExperiment.sites.through.objects.filter(
        Q(policyexperiment=experiment.pk) | Q(policyexperiment__in=related)
    )
    return list(tried.values_list("city", flat=True).distinct())
