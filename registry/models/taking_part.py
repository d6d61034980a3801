"""The cities that take part in something, kept true by the database.

A city takes part by a public membership that is or was one, a public part in a joint policy, or a public
office. Whether the city itself is published is asked of the city: it changes nothing here, so that a load
of the gazetteer pays nothing. Statement triggers on the tables that matter note the cities touched; a
deferred trigger (migration 0015) looks at all of them once before the commit.
"""

from __future__ import annotations

import pgtrigger
from django.db import models

from registry.choices import MembershipStatus, Publication

PRESENT = (MembershipStatus.MEMBER, MembershipStatus.LEFT)

_TABLES = {
    pgtrigger.Insert: pgtrigger.Referencing(new="new_values"),
    pgtrigger.Update: pgtrigger.Referencing(old="old_values", new="new_values"),
    pgtrigger.Delete: pgtrigger.Referencing(old="old_values"),
}


def _touch(name: str, operation: pgtrigger.Operation, rows: str, end: str) -> pgtrigger.Trigger:
    """Note the cities of the SQL `rows`, and the records at their other `end`, which must not change."""
    ends = {"network_id": "NULL", "policy_id": "NULL"}
    if end:
        ends[end] = f"array_agg(DISTINCT {end})"
    return pgtrigger.Trigger(
        name=f"taking_part_{name}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=_TABLES[operation],
        func=f"""
            INSERT INTO registry_touched_city (cities, networks, policies)
            SELECT array_agg(DISTINCT city_id), {ends["network_id"]}, {ends["policy_id"]}
            FROM ({rows}) AS touched HAVING count(*) > 0;
            RETURN NULL;""",
    )


def part_triggers(end: str = "", also: str = "") -> list[pgtrigger.Trigger]:
    """Triggers for a table whose rows give a city a part: `end` is the column of what in, if it has one.

    `also` is one more column that decides whether a row counts.
    """
    columns = [column for column in ("city_id", end, "publication", also) if column]
    facts = {row: ", ".join(f"{row}_values.{column}" for column in columns) for row in ("old", "new")}
    wanted = ", ".join(column for column in ("city_id", end) if column)
    public = f"publication = '{Publication.PUBLISHED}'"
    changed = (
        f"FROM old_values JOIN new_values USING (id) WHERE ({facts['old']}) IS DISTINCT FROM ({facts['new']})"
    )
    both = " UNION ALL ".join(
        f"SELECT {', '.join(f'{row}_values.{column}' for column in wanted.split(', '))} {changed}"
        for row in ("old", "new")
    )
    return [
        _touch("inserted", pgtrigger.Insert, f"SELECT {wanted} FROM new_values WHERE {public}", end),
        _touch("updated", pgtrigger.Update, both, end),
        _touch("deleted", pgtrigger.Delete, f"SELECT {wanted} FROM old_values WHERE {public}", end),
    ]


def end_trigger(table: str, end: str) -> pgtrigger.Trigger:
    """Trigger for what cities take part in: its publication is that of all parts in it."""
    return _touch(
        "publication",
        pgtrigger.Update,
        f"""
            SELECT city_id FROM {table} WHERE {end} IN (
                SELECT id FROM old_values JOIN new_values USING (id)
                WHERE old_values.publication <> new_values.publication
            )""",
        "",
    )


class TakingPart(models.Model):
    """A city with a public part in something, published or not itself; written by the database alone."""

    city = models.OneToOneField(
        "registry.City", models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )

    class Meta:
        verbose_name_plural = "cities taking part"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.city)
