"""What is wrong with the rows of a package, told with file, row and column: questions to the database."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from registry.exchange.package.errors import MOST, Problems, quoted, several
from registry.exchange.package.fields import TableField
from registry.exchange.package.read import raw
from registry.exchange.package.rules import Index, checks_of, indexes_of
from registry.exchange.package.stage import (
    home,
    key,
    primary,
    quote,
    resolve,
    sql_type,
    upcoming,
)
from registry.exchange.package.tables import Table

INPUT_IS_VALID = 160000
# Whether a text is a value of a type. Before PostgreSQL 16 only trying tells.
CAN_BE = """
CREATE OR REPLACE FUNCTION pg_temp.package_can_be(value text, kind text) RETURNS boolean
    LANGUAGE sql STABLE AS 'SELECT pg_input_is_valid(value, kind)'
"""
CAN_BE_OLDER = """
CREATE OR REPLACE FUNCTION pg_temp.package_can_be(value text, kind text) RETURNS boolean
    LANGUAGE plpgsql STABLE AS $$
BEGIN
    EXECUTE 'SELECT CAST(' || quote_literal(value) || ' AS ' || kind || ')';
    RETURN true;
EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
    RETURN false;
END
$$
"""
SHAPES = {
    "integer": (r"^-?[0-9]+$", "whole number"),
    "number": (r"^-?[0-9.]+([eE][-+]?[0-9]+)?$", "number"),
    "boolean": (r"^(true|false)$", "boolean: true or false"),
    "date": (r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "day: 2005-11-03"),
    "datetime": (
        r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}([.][0-9]{1,6})?Z$",
        "moment: 2005-11-03T10:00:00.000000Z",
    ),
    "object": (r"^\s*\{", "object in JSON"),
    "array": (r"^\s*\[", "array in JSON"),
    "binary": (
        r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
        "run of bytes in base64",
    ),
}
UUID = (r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", "identifier (UUID)")


def prepare(cursor: Any) -> None:
    """Make the function by which values are tried."""
    version = connection.cursor().connection.info.server_version
    cursor.execute(CAN_BE if version >= INPUT_IS_VALID else CAN_BE_OLDER)


def check_values(table: Table, everything: bool, cursor: Any, problems: Problems) -> None:
    """Tell what is missing, of another type, too long, or none of the choices."""
    tests = []
    for one in table.fields(everything):
        cases = "".join(f" WHEN {wrong} THEN {number}" for number, (wrong, _) in enumerate(_rules(one)))
        if cases:
            value = f"given.{quote(one.name)}"
            tests.append(f"('{one.name}', CASE{cases} END, {value})")
    cursor.execute(
        f"""SELECT given.line, test.field, test.rule, test.value FROM {raw(table)} given
        CROSS JOIN LATERAL (VALUES {", ".join(tests)}) AS test (field, rule, value)
        WHERE test.rule IS NOT NULL ORDER BY given.line, test.field LIMIT {MOST * 10}"""
    )
    by_name = {one.name: one for one in table.fields(everything)}
    for line, name, rule, value in cursor.fetchall():
        words = _rules(by_name[name])[rule][1]
        problems.add(table.path, line, name, words if value is None else f"{quoted(value)} {words}")


def _rules(one: TableField) -> list[tuple[str, str]]:
    """Conditions under which a value is wrong, each with what to say of it."""
    value = f"given.{quote(one.name)}"
    rules = []
    if not one.field.null and (one.type != "string" or one.is_uuid or one.target):
        rules.append((f"{value} IS NULL", "a value is needed."))
    if shape := UUID if one.is_uuid else SHAPES.get(one.type):
        wrong = f"{value} !~ '{shape[0]}' OR NOT pg_temp.package_can_be({value}, '{sql_type(one)}')"
        rules.append((wrong, f"is no {shape[1]}."))
    if one.longest:
        rules.append((f"length({value}) > {one.longest}", f"is longer than {one.longest} characters."))
    if one.choices:
        listed = ", ".join(f"'{choice}'" for choice in one.choices)
        rules.append((f"{value} NOT IN ({listed})", f"is none of: {several(one.choices)}."))
    return rules


def check_keys(table: Table, cursor: Any, problems: Problems) -> None:
    """Tell of lines that name a row which an earlier line named."""
    columns = ", ".join(quote(one.field.column) for one in dict.fromkeys(table.key_fields()))
    cursor.execute(
        f"""SELECT line, earlier FROM (
            SELECT line, min(line) OVER (PARTITION BY {columns}) AS earlier FROM {key(table)}
        ) named WHERE line <> earlier ORDER BY line LIMIT {MOST * 2}"""
    )
    names = several(one.name for one in table.key_fields())
    for line, earlier in cursor.fetchall():
        problems.add(table.path, line, names, f"row {earlier} is the same one.")
    if table.model is User:
        check_accounts(table, cursor, problems)


def check_accounts(table: Table, cursor: Any, problems: Problems) -> None:
    """Tell of accounts of this site that are not in the package under their number.

    History names accounts by number: it would name the wrong people.
    """
    cursor.execute(
        f"""SELECT username, id FROM {home(table)} there WHERE NOT EXISTS (
            SELECT FROM {raw(table)} given
            WHERE given.username = there.username AND given.key = there.id::text
        ) ORDER BY id"""
    )
    for username, number in cursor.fetchall():
        words = (
            f"this site has the account {quoted(username)} of number {number}, which is not in the package."
        )
        problems.add(table.path, None, "key", words)


def check_references(
    table: Table, staged: dict[Any, Table], everything: bool, cursor: Any, problems: Problems
) -> None:
    """Tell of lines that name rows which are neither in the package nor in the registry."""
    ends = [one for one in table.fields(everything) if one.target and not _is_account(one, staged)]
    for end in dict.fromkeys(one.field for one in ends):
        parts = [one for one in ends if one.field is end]
        joins, ids = resolve(parts, staged)
        given = " AND ".join(f"given.{quote(one.name)} IS NOT NULL" for one in parts)
        shown = " || ' ' || ".join(f"given.{quote(one.name)}" for one in parts)
        cursor.execute(
            f"""SELECT given.line, {shown} FROM {raw(table)} given {joins}
            WHERE {given} AND {ids[end]} IS NULL ORDER BY given.line LIMIT {MOST * 2}"""
        )
        kind = staged[end.related_model].path if end.related_model in staged else "the registry"
        for line, value in cursor.fetchall():
            words = f"{quoted(value)} is neither in {kind} nor in the registry."
            problems.add(table.path, line, several(one.name for one in parts), words)


def _is_account(one: TableField, staged: dict[Any, Table]) -> bool:
    """Whether it names an account by a package of which the accounts stay out: then it may be unknown."""
    return bool(one.target) and one.target[1] == "username" and one.target[0] not in staged  # type: ignore[index]


def check_rules(table: Table, cursor: Any, problems: Problems) -> None:
    """Tell of rows that a constraint of the table refuses, in its words."""
    for rule in checks_of(table.model, cursor):
        cursor.execute(
            f"""SELECT line FROM {upcoming(table)} WHERE NOT ({rule.sql})
            ORDER BY line LIMIT {MOST * 2}"""
        )
        for (line,) in cursor.fetchall():
            problems.add(table.path, line, column_of(table, rule.field), rule.message)


def check_repeats(table: Table, cursor: Any, problems: Problems) -> None:
    """Tell of rows of the package of which the registry can only have one."""
    for index in indexes_of(table.model, cursor):
        name = upcoming(table)
        if index.overlap:
            cursor.execute(
                f"""WITH one AS MATERIALIZED ({_claims(index, name, table)})
                SELECT one.line, min(other.line) FROM one JOIN one other ON other.same = one.same
                    AND other.line < one.line AND other.days && one.days
                GROUP BY one.line ORDER BY one.line LIMIT {MOST * 2}"""
            )
        else:
            cursor.execute(
                f"""SELECT line, earlier FROM (
                    SELECT line, min(line) OVER (PARTITION BY same) AS earlier
                    FROM ({_claims(index, name, table)}) one
                ) one WHERE line <> earlier ORDER BY line LIMIT {MOST * 2}"""
            )
        for line, earlier in cursor.fetchall():
            words = f"{index.message} (Row {earlier}.)"
            problems.add(table.path, line, column_of(table, index.field), words)


def find_conflicts(table: Table, cursor: Any) -> list[tuple[int, str, str]]:
    """Rows that the registry cannot have beside a row of its own: line, column and why."""
    found = []
    for index in indexes_of(table.model, cursor):
        own = f"SELECT * FROM {home(table)} own WHERE NOT EXISTS ({_coming(table)})"
        days = "AND there.days && one.days" if index.overlap else ""
        cursor.execute(
            f"""WITH one AS MATERIALIZED ({_claims(index, upcoming(table), table)}),
            there AS MATERIALIZED ({_claims(index, f"({own}) own", table, line="0")})
            SELECT DISTINCT one.line FROM one JOIN there ON there.same = one.same {days}
            ORDER BY one.line LIMIT {MOST * 2}"""
        )
        column = column_of(table, index.field)
        found += [(line, column, index.message) for (line,) in cursor.fetchall()]
    return found


def _coming(table: Table) -> str:
    pk = primary(table)
    return f"SELECT FROM {upcoming(table)} coming WHERE coming.{pk} = own.{pk}"


def _claims(index: Index, source: str, table: Table, line: str = "line") -> str:
    """What each row of a source claims under an index: `same`, and `days` where these must not overlap."""
    needed = [] if index.nulls_count else [f"({one}) IS NOT NULL" for one in index.same]
    condition = " AND ".join([f"({one})" for one in [index.condition] if one] + needed) or "true"
    same = f"ROW({', '.join(index.same)})::text"
    days = f", {index.overlap} AS days" if index.overlap else ""
    return f"SELECT {line} AS line, {same} AS same{days} FROM {source} WHERE {condition}"


def column_of(table: Table, field: str) -> str:
    """The columns of the file that hold a field of the model."""
    return several(one.name for one in table.all_fields if one.field.name == field) or field
