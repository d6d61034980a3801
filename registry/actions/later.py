"""Why something cannot be put back: what was changed, added or deleted since, by whom and when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection

from registry.actions.recorded import Changed, Table, arrays, both_states, ends_at, quoted, table_of
from registry.models import CityOffice, OfficeLink, PolicyParty

MOST_TOLD = 50


def who(metadata: dict[str, Any] | None) -> str:
    """Who acted, as an event's context says: a command, a database role, or an account.

    Of an account also whose proposal it took, and by which token its script wrote.
    """
    said = metadata or {}
    if said.get("username"):
        proposed = f", proposed by {said['proposed_by']}" if said.get("proposed_by") else ""
        token = f", by the API token “{said['token']}”" if said.get("token") else ""
        return f"{said['username']}{proposed}{token}"
    if said.get("command"):
        return f"command {said['command']}"
    if said.get("database_role"):
        return f"database role {said['database_role']}"
    return "unknown"


def called(model: Any, names: dict[str, Any]) -> str:
    """A row in words: its kind and whatever names it has."""
    words = next((str(names[name]) for name in NAMES if names.get(name)), "")
    kind = str(model._meta.verbose_name)
    return f"{kind} “{words[:80]}”" if words else kind


NAMES = ("name", "title", "url", "person_name", "hypothesis", "value", "label", "code", "slug")


def changed_since(changes: list[Changed]) -> Iterator[str]:
    """A line for each row that was changed since in what would be put back."""
    for change in changes:
        if not change.later:
            continue
        back = [key for key in change.later if key in change.gone]
        clash = [*_made_and_changed(change), *_columns_changed(change), *back]
        yield from _told(change.table, [change.later[key] for key in clash])


def _made_and_changed(change: Changed) -> list[Any]:
    """Keys of rows that were made and hold something else now; a change taken back is none."""
    table = change.table
    rows = {key: (last, last) for key, last in change.made.items() if key in change.later}
    if not rows:
        return []
    columns = [quoted(str(one.column)) for one in table.fields]
    other = " OR ".join(f"now.{column} IS DISTINCT FROM last.{column}" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT row.key FROM {both_states(table)}
            JOIN {table.name} now ON now.{table.key} = row.key WHERE {other}""",
            arrays(rows),
        )
        return [key for (key,) in cursor.fetchall()]


def _columns_changed(change: Changed) -> list[Any]:
    """Keys of changed rows whose changed columns hold something else now, or which are gone."""
    table = change.table
    keys = [key for key in change.changed if key in change.later]
    if not keys:
        return []
    columns = [quoted(str(one.column)) for one in table.fields]
    other = " OR ".join(
        f"(before.{c} IS DISTINCT FROM last.{c} AND now.{c} IS DISTINCT FROM last.{c})" for c in columns
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT row.key FROM {both_states(table)}
            LEFT JOIN {table.name} now ON now.{table.key} = row.key
            WHERE now.{table.key} IS NULL OR {other}""",
            arrays({key: change.changed[key] for key in keys}),
        )
        return [key for (key,) in cursor.fetchall()]


DONE = {"insert": "was added", "update": "was changed", "delete": "was deleted"}


def _told(table: Table, events: list[int], why: str = "") -> Iterator[str]:
    """One line for each of these events of a table; one query for those told and their ends."""
    rows = table.events.objects.filter(pgh_id__in=events[:MOST_TOLD]).select_related("pgh_context")
    found = list(rows.order_by("pgh_id"))
    names = _names_of_ends(table, found)
    for event in found:
        values = {one.attname: getattr(event, one.attname) for one in table.fields}
        words = called(table.model, values)
        if "“" not in words and names[event.pgh_id]:
            words = f"{words} of {' and '.join(names[event.pgh_id])}"
        by = who(event.pgh_context.metadata if event.pgh_context else None)
        at = f"{event.pgh_created_at:%Y-%m-%d %H:%M}"
        yield f"{words[:1].upper()}{words[1:]} {DONE[event.pgh_label]} later by {by} on {at}{why}."
    if len(events) > MOST_TOLD:
        yield f"… and {len(events) - MOST_TOLD:,} more of the {table.model._meta.verbose_name_plural}."


def _names_of_ends(table: Table, events: list[Any]) -> dict[int, list[str]]:
    """What the foreign keys of events mean, where it has a name: one query for each of them."""
    found: dict[int, list[str]] = {event.pgh_id: [] for event in events}
    for end in table.ends:
        fields = {one.name for one in end.related_model._meta.concrete_fields}
        column = next((name for name in ("name", "title") if name in fields), None)
        if column is None or end.related_model._meta.app_label != "registry":
            continue
        keys = {getattr(event, end.attname) for event in events}
        names = dict(end.related_model._base_manager.filter(pk__in=keys).values_list("pk", column))
        for event in events:
            if name := names.get(getattr(event, end.attname)):
                found[event.pgh_id].append(f"“{name}”")
    return found


def refer_to_made(changes: list[Changed]) -> Iterator[str]:
    """A line for each row added since that refers to one that would be taken away."""
    made = {change.table.model: change.made for change in changes if change.made}
    for model, keys in made.items():
        for table, end in ends_at(model):
            own = made.get(table.model, {})
            # A row that is changed back lets go of what was made.
            freed = next((c.changed for c in changes if c.table.model is table.model), {})
            with connection.cursor() as cursor:
                cursor.execute(
                    f"""SELECT now.{table.key}, max(event.pgh_id) FROM {table.name} now
                    JOIN {table.log} event ON event.{table.row_of} = now.{table.key}
                    WHERE now.{quoted(end.column)} = ANY(%s) AND now.{table.key} <> ALL(%s)
                    GROUP BY now.{table.key} ORDER BY now.{table.key}""",
                    [list(keys), [*own, *_freed(table, end, freed)]],
                )
                events = [event for _, event in cursor.fetchall()]
            yield from _told(table, events, f" and refers to what would be taken away ({end.verbose_name})")


def _freed(table: Table, end: Any, changed: dict[Any, tuple[int, int]]) -> list[Any]:
    """Rows whose foreign key is among the columns that would be changed back."""
    if not changed:
        return []
    column = quoted(end.column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT row.key FROM {both_states(table)}
            WHERE before.{column} IS DISTINCT FROM last.{column}""",
            arrays(changed),
        )
        return [key for (key,) in cursor.fetchall()]


def refer_to_nothing(changes: list[Changed]) -> Iterator[str]:
    """A line for each record that what was put back refers to, and which is deleted."""
    for change in changes:
        keys = [*change.changed, *change.gone]
        for end in change.table.ends:
            target = table_of(end.related_model)
            if target is None or not keys:
                continue
            yield from _told(target, _missing(change.table, end, target, keys), f" ({end.verbose_name})")


def _missing(table: Table, end: Any, target: Table, keys: list[Any]) -> list[int]:
    """The newest events of rows of `target` that these rows refer to in vain."""
    wanted = table.model._base_manager.filter(pk__in=keys, **{f"{end.name}__isnull": False})
    named = set(wanted.order_by().values_list(end.attname, flat=True))
    missing = named - set(target.model._base_manager.filter(pk__in=named).values_list("pk", flat=True))
    if not missing:
        return []
    row = target.row_of
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT max(pgh_id) FROM {target.log} WHERE {row} = ANY(%s) GROUP BY {row}", [list(missing)]
        )
        return [event for (event,) in cursor.fetchall()]


def split_offices(changes: list[Changed]) -> Iterator[str]:
    """A line for each office that would be in one city and what it carries in another."""
    if not {change.table.model for change in changes} & {CityOffice, OfficeLink, PolicyParty}:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT office.name FROM registry_policyparty party
            JOIN registry_cityoffice office ON office.id = party.office_id
            WHERE office.city_id <> party.city_id
            UNION SELECT office.name FROM registry_officelink link
            JOIN registry_cityoffice office ON office.id = link.office_id
            JOIN registry_cityoffice other ON other.id = link.other_id
            WHERE office.city_id <> other.city_id LIMIT 20"""
        )
        for (name,) in cursor.fetchall():
            yield f"Office “{name}” was linked or given work later in the city where it is now."
