"""The cities that take part in something, and in what, kept true by the database.

A city takes part by a public membership that is or was one, a public part in a joint policy, or a public
office, and works on the issues of those. Sets of bits tell which cities work on an issue, and which have a
public membership of a status or tier (`registry_city_set`). Whether the city itself is published is asked of
the city: it changes nothing here, so that a load of the gazetteer pays nothing. Statement triggers on the
tables that matter note the cities touched; a deferred trigger (migrations 0015 and 0034) looks at all of
them once before the commit.
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


def part_triggers(end: str = "", *also: str) -> list[pgtrigger.Trigger]:
    """Triggers for a table whose rows give a city a part: `end` is the column of what in, if it has one.

    `also` are further columns that decide whether a row counts, and for what.
    """
    columns = [column for column in ("city_id", end, "publication", *also) if column]
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


def issue_triggers(links: str, record: str, parts: str, end: str) -> list[pgtrigger.Trigger]:
    """Triggers for a table that links records and issues: the cities with a part in these work on them.

    `links` is its column of the `record` (a table), `end` the column of that record in the table of `parts`.
    The records are locked before their cities are read, so that none joins or leaves unseen meanwhile.
    """
    rows = {
        "inserted": (pgtrigger.Insert, f"SELECT {links} FROM new_values"),
        "updated": (
            pgtrigger.Update,
            f"SELECT {links} FROM old_values UNION SELECT {links} FROM new_values",
        ),
        "deleted": (pgtrigger.Delete, f"SELECT {links} FROM old_values"),
    }
    return [
        pgtrigger.Trigger(
            name=f"taking_part_issue_{name}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=_TABLES[operation],
            declare=[("records", "bigint[]")],
            func=f"""
                records := ARRAY({changed});
                PERFORM id FROM {record} WHERE id = ANY(records) ORDER BY id FOR NO KEY UPDATE;
                INSERT INTO registry_touched_city (cities)
                SELECT array_agg(DISTINCT city_id) FROM {parts}
                WHERE {end} = ANY(records) HAVING count(*) > 0;
                RETURN NULL;""",
        )
        for name, (operation, changed) in rows.items()
    ]


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
