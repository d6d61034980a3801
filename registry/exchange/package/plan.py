"""What reading a package would do to the registry, table by table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from registry.choices import Publication
from registry.exchange.package.check import find_conflicts
from registry.exchange.package.errors import MOST, Problems
from registry.exchange.package.stage import home, primary, stored, upcoming
from registry.exchange.package.tables import Scope, Table
from registry.models.base import PublicRecord, Record
from registry.models.history import event_models

IS_A_DRAFT = "it is published in the package and a draft here."
IS_GONE = "it was deleted here, or merged into another."


@dataclass
class Counts:
    """How many rows of a table would be created, updated, left as they are, or stand in the way."""

    create: int = 0
    update: int = 0
    unchanged: int = 0
    conflict: int = 0


@dataclass
class Plan:
    """The counts of each table by its name, the conflicts in words, and the tables that stay out."""

    everything: bool
    as_it_was: bool
    counts: dict[str, Counts] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """How many rows would be created or updated."""
        return sum(one.create + one.update for one in self.counts.values())

    def lines(self) -> list[str]:
        """The plan as a table in plain text."""
        kinds = ("create", "update", "unchanged", "conflict")
        lines = [f"{'table':28}" + "".join(f"{kind:>12}" for kind in kinds)]
        for name, counts in self.counts.items():
            if any(vars(counts).values()):
                lines.append(f"{name:28}" + "".join(f"{getattr(counts, kind):>12,}" for kind in kinds))
        lines += [f"Conflict: {words}" for words in self.conflicts]
        if self.left_out:
            lines.append(
                "Left out, since only an empty registry can take them as they were: "
                f"{', '.join(self.left_out)}."
            )
        return lines


def make_plan(tables: list[Table], plan: Plan, cursor: Any) -> None:
    """Count what would be done, and find the conflicts."""
    conflicts = Problems()
    for table in tables:
        cursor.execute(
            f"""SELECT count(*) FILTER (WHERE NOT coming.known),
                count(*) FILTER (WHERE coming.known AND {differs(table)}), count(*)
            FROM {upcoming(table)} coming
            LEFT JOIN {home(table)} there ON there.{primary(table)} = coming.{primary(table)}"""
        )
        create, update, every = cursor.fetchone()
        counts = plan.counts[table.name] = Counts(create, update, every - create - update)
        if plan.as_it_was:
            continue
        for line, column, words in _conflicts(table, plan.everything, cursor):
            counts.conflict += 1
            conflicts.add(table.path, line, column, words)
    plan.conflicts = conflicts.lines


def differs(table: Table) -> str:
    """That a row of the package says something else than the registry's."""
    columns = stored(table)
    if not columns:
        return "false"
    mine, theirs = (", ".join(f"{side}.{column}" for column in columns) for side in ("coming", "there"))
    return f"({mine}) IS DISTINCT FROM ({theirs})"


def _conflicts(table: Table, everything: bool, cursor: Any) -> list[tuple[int, str, str]]:
    found = find_conflicts(table, cursor)
    if issubclass(table.model, PublicRecord) and not everything:
        cursor.execute(
            f"""SELECT line FROM {upcoming(table)} WHERE known AND publication <> %s
            ORDER BY line LIMIT {MOST * 2}""",
            [Publication.PUBLISHED],
        )
        found += [(line, "id", IS_A_DRAFT) for (line,) in cursor.fetchall()]
    if issubclass(table.model, Record) and table.scope is Scope.PUBLIC:
        log = event_models()[table.model]._meta.db_table
        cursor.execute(
            f"""SELECT line FROM {upcoming(table)} coming WHERE NOT known AND pid IN (
                SELECT pid FROM {log} WHERE pgh_label = 'delete'
            ) ORDER BY line LIMIT {MOST * 2}"""
        )
        found += [(line, "id", IS_GONE) for (line,) in cursor.fetchall()]
    return found
