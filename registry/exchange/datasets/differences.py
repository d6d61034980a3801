"""Where two datasets, or a dataset and the curated registry, say different things of a city in a network.

They differ where one has a member that the other says was none, or where both know the tier, the founding or
the hosting and it is not the same. A membership that the registry does not have differs from a dataset that
has it; one that the registry has differs from a dataset that denies it only if it is certain on the day the
dataset speaks of, for cities join and leave. Other datasets are compared whatever day they speak of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext

from registry.choices import DatasetAspect, Tier
from registry.models import City, Dataset, Network
from registry.models.dates import date_range
from registry.models.taking_part import PRESENT

# What a dataset says of published cities in published networks.
_SAID = """
    SELECT cell.dataset_id, cell.row_key, cell."column", cell.value, cell.city_id, said.network_id,
           said.member, said.tier, said.founding, said.hosting
    FROM registry_observedmembership said
    JOIN registry_observation cell ON cell.id = said.observation_id
    JOIN registry_city city ON city.id = cell.city_id AND city.publication = 'published'
    JOIN registry_network network ON network.id = said.network_id AND network.publication = 'published'
"""
# What the registry says of the same: of one city in one network all its rows together, with whether one of
# them is possible and one certain within the days asked about.
_HELD = """
    SELECT city_id, network_id,
           bool_or(%(days)s::daterange IS NULL OR possible && %(days)s) AS possible,
           bool_or(certain && %(days)s) AS certain,
           array_agg(DISTINCT tier) FILTER (WHERE tier <> '') AS tiers,
           bool_or(founding) AS founding, bool_or(hosting) AS hosting
    FROM registry_membership
    WHERE publication = 'published' AND status = ANY(%(present)s)
      AND network_id IN (SELECT network_id FROM mine)
    GROUP BY city_id, network_id
"""
_DIFFERENCES = f"""
WITH said AS NOT MATERIALIZED ({_SAID}),
mine AS MATERIALIZED (SELECT * FROM said WHERE dataset_id = %(dataset)s),
held AS MATERIALIZED ({_HELD}),
pairs AS (
    SELECT mine.*, NULL::bigint AS other, coalesce(held.possible, false) AS their_member,
           CASE WHEN mine.member THEN NOT coalesce(held.possible, false)
                ELSE coalesce(held.certain, false) END AS differs,
           CASE WHEN mine.tier <> ALL(held.tiers) THEN array_to_string(held.tiers, ' ') ELSE '' END
               AS their_tier,
           held.founding AS their_founding, held.hosting AS their_hosting
    FROM mine LEFT JOIN held USING (city_id, network_id)
    UNION ALL
    SELECT mine.*, theirs.dataset_id, theirs.member, mine.member <> theirs.member,
           theirs.tier, theirs.founding, theirs.hosting
    FROM mine
    JOIN said theirs USING (city_id, network_id)
    JOIN registry_dataset dataset ON dataset.id = theirs.dataset_id AND dataset.publication = 'published'
    WHERE theirs.dataset_id <> %(dataset)s
)
SELECT DISTINCT aspect, row_key, "column", value, city_id, network_id, other, ours, theirs
FROM pairs CROSS JOIN LATERAL (VALUES
    ('membership', differs, member::text, their_member::text),
    ('tier', member AND their_member AND NOT differs AND tier <> '' AND their_tier NOT IN ('', tier),
     tier, their_tier),
    ('founding', member AND their_member AND NOT differs AND founding <> their_founding,
     founding::text, their_founding::text),
    ('hosting', member AND their_member AND NOT differs AND hosting <> their_hosting,
     hosting::text, their_hosting::text)
) AS compared (aspect, is_different, ours, theirs)
WHERE is_different
"""


@dataclass(frozen=True)
class Difference:
    """One cell of a dataset that another dataset (`against`), or the registry (None), does not agree with.

    `ours` and `theirs` are what both say, in words.
    """

    aspect: str
    city: City
    network: Network
    row_key: str
    column: str
    value: str
    against: Dataset | None
    ours: str
    theirs: str

    @property
    def against_name(self) -> str:
        """What it is compared with, in words."""
        return self.against.name if self.against else gettext("the registry")


def differences(dataset: Dataset) -> list[Difference]:
    """All differences of a dataset, by network and city: three queries, however many there are."""
    days = date_range(dataset.observed_on, dataset.observed_on) if dataset.observed_on else None
    given = {"dataset": dataset.pk, "days": days, "present": list(PRESENT)}
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES, given)
        rows = cursor.fetchall()
    cities, networks, others = _records(rows)
    found = [
        Difference(
            aspect=aspect,
            city=cities[city],
            network=networks[network],
            row_key=row_key,
            column=column,
            value=value,
            against=others.get(other),
            ours=in_words(aspect, ours),
            theirs=in_words(aspect, theirs),
        )
        for aspect, row_key, column, value, city, network, other, ours, theirs in rows
        # What was withdrawn since the first of the queries is left out.
        if city in cities and network in networks and (other is None or other in others)
    ]
    return sorted(found, key=lambda one: (one.network.name, one.city.name, one.against_name, one.aspect))


def in_words(aspect: str, said: str) -> str:
    """What is said of a membership, a tier, the founding or the hosting, in words."""
    if aspect == DatasetAspect.TIER:
        return ", ".join(str(Tier(tier).label) for tier in said.split())
    words = {
        DatasetAspect.MEMBERSHIP: (gettext("member"), gettext("no member")),
        DatasetAspect.FOUNDING: (gettext("founding member"), gettext("no founding member")),
        DatasetAspect.HOSTING: (gettext("hosts it"), gettext("does not host it")),
    }[DatasetAspect(aspect)]
    return words[0] if said == "true" else words[1]


def _records(rows: Sequence[Any]) -> tuple[dict[int, City], dict[int, Network], dict[int, Dataset]]:
    cities = City.objects.public().select_related("country").in_bulk({row[4] for row in rows})
    networks = Network.objects.public().in_bulk({row[5] for row in rows})
    others = Dataset.objects.public().in_bulk({row[6] for row in rows if row[6]})
    return cities, networks, others
