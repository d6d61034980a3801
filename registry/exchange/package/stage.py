"""The rows of a package as the tables would have them, in temporary tables beside these.

`raw_…` has the text of a file, `key_…` says which row of the registry each line is (or is to be), `next_…`
has the line as a row of its table, with every reference resolved. All of it is done by the database.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import connection, models

from registry.choices import Publication
from registry.exchange.package.fields import TableField
from registry.exchange.package.read import raw
from registry.exchange.package.rows import is_aside
from registry.exchange.package.tables import Table

quote = connection.ops.quote_name
NEW_RECORD = {"publication": Publication.PUBLISHED.value, "note": "", "mapping": ""}
# An account that only has its name: nobody can sign in with it before an administrator lets them.
NOBODY = {
    **dict.fromkeys(("first_name", "last_name", "email"), ""),
    **dict.fromkeys(("is_active", "is_staff", "is_superuser"), "false"),
    "password": "!",
    "date_joined": "now",
}


def key(table: Table) -> str:
    """The temporary table of which row each line is."""
    return raw(table).replace("raw", "key", 1)


def upcoming(table: Table) -> str:
    """The temporary table of the rows as they are to be."""
    return raw(table).replace("raw", "next", 1)


def home(table: Table) -> str:
    """The registry's own table."""
    return quote(table.model._meta.db_table)


def primary(table: Table) -> str:
    """The column of its primary key."""
    return quote(table.model._meta.pk.column)


def sql_type(one: TableField) -> str:
    """The type of a column's values in the database."""
    return str(one.end.rel_db_type(connection))


def cast(one: TableField, source: str = "given") -> str:
    """The value of a line, in the type that it has in the database."""
    value = f"{source}.{quote(one.name)}"
    if one.type == "binary":
        return f"decode({value}, 'base64')"
    if one.type == "string" and not one.is_uuid and not one.target and not one.field.null:
        return f"coalesce({value}, '')"
    return f"{value}::{sql_type(one)}"


def make_keys(table: Table, staged: dict[Any, Table], cursor: Any, *, as_it_was: bool) -> None:
    """Find out which row of the registry each line is; new rows get the key that they will have."""
    parts = table.key_fields()
    joins, ids = resolve([one for one in parts if one.target], staged)
    columns = _by_column(parts, ids)
    same = " AND ".join(f"there.{column} = {value}" for column, value in columns.items())
    values = "".join(f", {value} AS {column}" for column, value in columns.items())
    if as_it_was:
        # Accounts may be there: those of whoever loads the package.
        there = "there.id IS NOT NULL" if table.model is User else "FALSE"
        join = f"LEFT JOIN {home(table)} there ON {same}" if table.model is User else ""
        identity = _given_key(table)
    else:
        pk = primary(table)
        identity, there = f"coalesce(there.{pk}, {_new_key(table)})", f"there.{pk} IS NOT NULL"
        join = f"LEFT JOIN {home(table)} there ON {same}"
    extra = "" if primary(table) in columns else f", {identity} AS {primary(table)}"
    cursor.execute(f"DROP TABLE IF EXISTS {key(table)}")
    cursor.execute(
        f"""CREATE TEMPORARY TABLE {key(table)} AS SELECT given.line, {there} AS known{extra}{values}
        FROM {raw(table)} given {joins} {join}"""
    )
    cursor.execute(f"ANALYZE {key(table)}")


def _given_key(table: Table) -> str:
    one = next((one for one in table.all_fields if one.field.primary_key), None)
    return cast(one) if one else "NULL"


def _new_key(table: Table) -> str:
    field = table.model._meta.pk
    if not isinstance(field, models.AutoField):
        return "NULL"
    return f"nextval(pg_get_serial_sequence('{table.model._meta.db_table}', '{field.column}'))"


def _by_column(fields: list[TableField], ids: dict[Any, str]) -> dict[str, str]:
    """The columns of the table that these fields fill, and what with."""
    return {quote(one.field.column): ids[one.field] if one.target else cast(one) for one in fields}


def resolve(ends: list[TableField], staged: dict[Any, Table]) -> tuple[str, dict[Any, str]]:
    """Joins that find the rows which a line names, and what the key of each is, by foreign key.

    A row is looked for in the package and then in the registry.
    """
    joins: list[str] = []
    ids: dict[Any, str] = {}
    for end in dict.fromkeys(one.field for one in ends):
        own = {one.name: one for one in ends if one.field is end}
        ids[end] = _found(end, own, staged, joins)
    return " ".join(joins), ids


def _found(end: Any, own: dict[str, TableField], staged: dict[Any, Table], joins: list[str]) -> str:
    """The key of the row at the end of a foreign key, named by the columns `own`; adds the joins it takes."""
    model = end.related_model
    values = {one.target[1]: f"given.{quote(name)}::{sql_type(one)}"
              for name, one in own.items() if one.target}  # fmt: skip
    further: dict[Any, dict[str, TableField]] = {}
    for name, one in own.items():
        if one.inner:
            further.setdefault(one.inner.field, {})[name] = one.inner
    values |= {next_end.name: _found(next_end, parts, staged, joins) for next_end, parts in further.items()}
    columns = {quote(model._meta.get_field(name).column): value for name, value in values.items()}
    found = []
    for place in _places(model, staged):
        alias = f"end_{len(joins)}"
        same = " AND ".join(f"{alias}.{column} = {value}" for column, value in columns.items())
        joins.append(f"LEFT JOIN {place} {alias} ON {same}")
        found.append(f"{alias}.{quote(end.target_field.column)}")
    return f"coalesce({', '.join(found)})"


def _places(model: Any, staged: dict[Any, Table]) -> list[str]:
    """Where rows of a model are looked for."""
    there = quote(model._meta.db_table)
    return [key(staged[model]), there] if model in staged else [there]


def make_next(
    table: Table, staged: dict[Any, Table], cursor: Any, *, everything: bool, as_it_was: bool
) -> None:
    """Make the rows as they are to be: what a line does not say stays as it is in the registry."""
    fields = table.fields(everything)
    joins, ids = resolve([one for one in fields if one.target], staged)
    columns = _by_column([one for one in fields if not one.field.primary_key], ids)
    columns |= {quote(name): f"'{value}'" for name, value in _unsaid(table, everything).items()}
    name = upcoming(table)
    cursor.execute(f"DROP TABLE IF EXISTS {name}")
    cursor.execute(f"CREATE TEMPORARY TABLE {name} (LIKE {home(table)})")
    for made in (one for one in table.model._meta.concrete_fields if one.generated):
        cursor.execute(f"ALTER TABLE {name} DROP COLUMN {quote(made.column)}")
    cursor.execute(f"ALTER TABLE {name} ADD COLUMN line integer, ADD COLUMN known boolean")
    listed = "".join(f", {column}" for column in columns)
    values = "".join(f", {value}" for value in columns.values())
    pk = primary(table)
    cursor.execute(
        f"""INSERT INTO {name} (line, known, {pk}{listed}) SELECT given.line, own.known, own.{pk}{values}
        FROM {raw(table)} given JOIN {key(table)} own ON own.line = given.line {joins}"""
    )
    if table.model is User:
        cursor.execute(f"DELETE FROM {name} WHERE known")
    cursor.execute(f"ANALYZE {name}")
    if not as_it_was:
        _keep_what_is_not_said(table, cursor, everything)


def _unsaid(table: Table, everything: bool) -> dict[str, str]:
    """What a new row has in the columns that the package lacks."""
    if table.model is User:
        return NOBODY
    said = {one.field.name for one in table.fields(everything)}
    names = {one.field.name for one in table.all_fields} - said
    return {name: value for name, value in NEW_RECORD.items() if name in names}


def _keep_what_is_not_said(table: Table, cursor: Any, everything: bool) -> None:
    sets = []
    for one in table.all_fields:
        column = quote(one.field.column)
        if one.field.primary_key:
            continue
        if one.staff and not everything:
            sets.append(f"{column} = there.{column}")
        elif _may_be_held_back(one, everything):
            sets.append(f"{column} = coalesce(coming.{column}, there.{column})")
    if sets:
        pk = primary(table)
        cursor.execute(
            f"""UPDATE {upcoming(table)} coming SET {", ".join(sets)} FROM {home(table)} there
            WHERE coming.known AND there.{pk} = coming.{pk}"""
        )


def _may_be_held_back(one: TableField, everything: bool) -> bool:
    """Whether a blank may mean that the package does not say: of a draft, or of an account not here."""
    if not one.field.remote_field or not one.field.null:
        return False
    return issubclass(one.field.related_model, User) if everything else is_aside(one.field)


def stored(table: Table) -> list[str]:
    """The columns of a row but for its primary key."""
    fields = table.model._meta.concrete_fields
    return [quote(one.column) for one in fields if not one.generated and not one.primary_key]
