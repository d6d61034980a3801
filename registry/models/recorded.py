"""The registry as it said at an earlier time: every table again, as a view of its own history.

The schema `registry_recorded` has a view of the name of each table and of each view. `as_recorded_before()`
puts it before the tables for one transaction, so that the same questions get the answers of that time:
nothing of a page has to be written twice. `docs/decisions/0020-as-recorded.md` says what such a view shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models, transaction
from django.db.models import Case, OuterRef, Q, Subquery, When

from registry.choices import Publication
from registry.models.base import PublicRecord, leads_to_public
from registry.models.history import RegistryEvent, event_model, event_models

SCHEMA = "registry_recorded"
BEFORE = "registry.recorded_before"
DROP = f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"

# What the database keeps worked out of other tables: worked out again from their views, or not asked of the
# past. In the order in which they are built on each other; None: as the present's own view.
COMPUTED = {
    "registry_published_party": None,
    "registry_live_party": "SELECT * FROM registry_published_party",
    "registry_possible_tie": None,
    "registry_tie": "SELECT NULL::bigint AS id, possible.* FROM registry_possible_tie possible",
    "registry_largepolicy": "SELECT * FROM public.registry_largepolicy WHERE false",
    "registry_takingpart": "SELECT * FROM public.registry_takingpart WHERE false",
}
# Standards that the registry only copies, and that no page is about: as they are now. Their history would
# mislead the planner, which takes a look-up of a last state for the rarest of conditions.
PRESENT = ("registry_country", "registry_division")
# The columns of all tables, with what the generated ones are made of.
COLUMNS = """
SELECT c.relname, a.attname, pg_get_expr(d.adbin, d.adrelid)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON a.attgenerated = 's' AND d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname LIKE 'registry\\_%'
ORDER BY c.oid, a.attnum
"""
# In the order in which they were made, so that none comes before what it reads.
VIEWS = """
SELECT relname, pg_get_viewdef(oid) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'v' AND relname LIKE 'registry\\_%' ORDER BY oid
"""
Columns = dict[str, dict[str, str | None]]


@contextmanager
def as_recorded_before(moment: datetime) -> Iterator[None]:
    """Answer every question asked inside from what the registry said just before `moment`.

    Read-only, in a transaction of its own; what is asked for inside has to be read inside. Raises
    ImproperlyConfigured where the views are missing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('search_path'), to_regnamespace(%s)", [SCHEMA])
        path, schema = cursor.fetchone()
        if schema is None:  # PostgreSQL would pass over it and answer from the present
            raise ImproperlyConfigured(f"The schema {SCHEMA} is missing: run manage.py migrate.")
        cursor.execute(
            "SELECT set_config('search_path', %s, true), set_config(%s, %s, true)",
            [f"{SCHEMA}, {path}", BEFORE, moment.isoformat()],
        )
        yield
        # After an error the rollback does this.
        cursor.execute("SELECT set_config('search_path', %s, true)", [path])


def first_published(record: Any) -> datetime | None:
    """When the registry first said a record that it says now; None where no history of that is kept."""
    event = event_model(type(record))
    said = event.objects.filter(pgh_obj_id=record.pk).exclude(pgh_label="delete").order_by("pgh_id")
    if hasattr(record, "publication"):
        said = said.filter(publication=Publication.PUBLISHED)
    return said.values_list("pgh_created_at", flat=True).first()


def ends_were_public(model: type[PublicRecord], until: str, moment: OuterRef) -> Q:
    """That all ends of an event of this model were public by their events until a moment, and are now.

    `until` compares with the moment: `lt` leaves out its own transaction, `lte` does not.
    """
    # The ends of an end are told with it.
    needed = [end for end in model.public_ends if "__" not in end]
    found = Q(*(was_public(model, end, until, moment) for end in needed))
    for end in model.public_ends_if_any:
        found &= Q(**{f"{end}__isnull": True}) | Q(was_public(model, end, until, moment))
    return found


def was_public(model: type[models.Model], end: str, until: str, moment: OuterRef) -> Subquery:
    """Whether what a foreign key of an event leads to was public by its last event until a moment, and is."""
    end_field: Any = model._meta.get_field(end)
    kind = end_field.related_model
    states = event_model(kind).objects.filter(
        leads_to_public("pgh_obj", kind),
        **{"pgh_obj": OuterRef(end_field.attname), f"pgh_created_at__{until}": moment},
    )
    said = Q(ends_were_public(kind, until, OuterRef(moment)), publication=Publication.PUBLISHED)
    then = Case(When(Q(pgh_label="delete"), then=False), When(said, then=True), default=False)
    return Subquery(states.order_by("-pgh_id").values(said=then)[:1], output_field=models.BooleanField())


# --- The views -----------------------------------------------------------------------------------------


def before_migrations(plan: list[Any], **_: Any) -> None:
    """Take the views away, which would hinder changes of the tables."""
    if plan:
        with connection.cursor() as cursor:
            cursor.execute(DROP)


def make_views(**_: Any) -> None:
    """Make the views where they are missing or not of the present tables: after migrations."""
    with transaction.atomic(), connection.cursor() as cursor:
        statements = _statements(cursor)
        version = hashlib.sha256("".join(statements).encode()).hexdigest()
        cursor.execute("SELECT obj_description(to_regnamespace(%s), 'pg_namespace')", [SCHEMA])
        if not statements or cursor.fetchone() == (version,):
            return
        cursor.execute(DROP)
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        cursor.execute(f"SET LOCAL search_path = {SCHEMA}, public")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{version}'")
        cursor.execute("SET LOCAL search_path = DEFAULT")


def _statements(cursor: Any) -> list[str]:
    """What makes the views; nothing while the tables are not those of the models (some migrations undone)."""
    tables: Columns = {}
    cursor.execute(COLUMNS)
    for name, column, expression in cursor.fetchall():
        tables.setdefault(name, {})[column] = expression
    events = {model._meta.db_table: event for model, event in event_models().items()}
    if any(not _has(tables, event) for event in events.values()) or not tables.keys() >= events.keys():
        return []
    cursor.execute(VIEWS)
    views = dict(cursor.fetchall())
    # A view takes the tables of its own schema only where they are there before it.
    made = {name: _as_recorded(event, tables[name]) for name, event in events.items()}
    made |= {name: f"SELECT * FROM public.{name}" for name in PRESENT}
    made |= {name: definition or views.pop(name) for name, definition in COMPUTED.items()}
    return [f"CREATE VIEW {name} AS {definition}" for name, definition in (made | views).items()]


def _has(tables: Columns, event: type[RegistryEvent]) -> bool:
    wanted = {field.column for field in event._meta.local_concrete_fields}
    return wanted <= tables.get(event._meta.db_table, {}).keys()


def _as_recorded(event: Any, columns: dict[str, str | None]) -> str:
    """The last state of each row before the moment asked about, unless it was deleted by then.

    The key comes from the column that has an index. The last state is looked up for each row that is left,
    so that a page costs what its rows cost and not what all of the history does.
    """
    table = event._meta.db_table
    key = "pgh_obj_id" if hasattr(event, "pgh_obj_id") else "id"
    own = {"id": f"event.{key} AS id", "publication": _published(table, key)}
    stored = (own.get(column, f"event.{column}") for column, text in columns.items() if text is None)
    generated = "".join(f", {text} AS {column}" for column, text in columns.items() if text is not None)
    return f"""
        SELECT state.*{generated} FROM (
            SELECT {", ".join(stored)} FROM public.{table} event
            WHERE event.pgh_label <> 'delete' AND event.pgh_id = (
                SELECT max(last.pgh_id) FROM public.{table} last WHERE last.{key} = event.{key}
                AND last.pgh_created_at < current_setting('{BEFORE}')::timestamptz
            )
        ) state"""


def _published(table: str, key: str) -> str:
    """The publication of a row then; what was withdrawn since is a draft, whatever it was."""
    return f"""
        CASE WHEN event.publication = 'published' AND 'published' <> (
            SELECT last.publication FROM public.{table} last
            WHERE last.{key} = event.{key} ORDER BY last.pgh_id DESC LIMIT 1
        ) THEN 'draft' ELSE event.publication END::varchar(9) AS publication"""
