"""What a merge does with the rows that refer to a record: which move, which are equal, which conflict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from registry.actions.recorded import Table, ends_at
from registry.choices import Publication
from registry.models import CityOffice

MOST_PUBLIC = [Publication.PUBLISHED, Publication.IN_REVIEW, Publication.DRAFT]
# What does not tell two rows apart: who they are, and in which state.
OWN = {"pid", "slug", "publication"}

Row = dict[str, Any]


@dataclass
class Conflict:
    """Rows that cannot all stay, in `options` of which one can; `chosen` is the one that does."""

    key: str
    table: Table
    options: list[list[Row]]
    chosen: int = 0

    @property
    def stays(self) -> list[Row]:
        """The rows that stay."""
        return self.options[self.chosen]

    @property
    def goes(self) -> list[Row]:
        """The rows that go."""
        return [row for number, rows in enumerate(self.options) if number != self.chosen for row in rows]

    @property
    def said(self) -> list[Any]:
        """The rows in what they differ, for comparison."""
        names = [one.attname for one in self.differing]
        return [[(row["pk"], *(row[name] for name in names)) for row in option] for option in self.options]

    @property
    def differing(self) -> list[models.Field]:
        """The fields in which the rows differ."""
        rows = [row for option in self.options for row in option]
        fields = [one for one in self.table.fields if one.name not in OWN]
        return [one for one in fields if len({str(row[_mapped(one)]) for row in rows}) > 1]


@dataclass
class Links:
    """The rows of one table that refer to the records that go, and what becomes of them.

    `joined` maps the key of a row that goes to that of the equal one that stays; `between` holds
    rows that would link a record with itself; `below` is what refers to joined rows in turn.
    """

    table: Table
    ends: list[Any]
    pairs: dict[Any, Any]
    moved: list[Row] = field(default_factory=list)
    joined: dict[Any, Any] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    between: list[Row] = field(default_factory=list)
    below: list[Links] = field(default_factory=list)
    published: bool = False

    @property
    def goes(self) -> list[Any]:
        """Keys of the rows that do not stay."""
        lost = [row["pk"] for conflict in self.conflicts for row in conflict.goes]
        return [*self.joined, *lost, *(row["pk"] for row in self.between)]

    def all(self) -> Iterator[Links]:
        """These links and all below, the lowest first."""
        for links in self.below:
            yield from links.all()
        yield self


def read_links(model: type[models.Model], pairs: dict[Any, Any], choices: dict[str, int]) -> list[Links]:
    """What becomes of every row that refers to a record among the keys of `pairs`, which go into the values.

    One query for each table, however many rows; tables below joined rows only where there are such.
    """
    ends: dict[Table, list[Any]] = defaultdict(list)
    for table, end in ends_at(model):
        ends[table].append(end)
    found = []
    for table, columns in ends.items():
        links = _read(Links(table, columns, pairs), choices)
        if links.joined:
            links.below = read_links(table.model, links.joined, choices)
        found.append(links)
    return found


def _mapped(one: models.Field) -> str:
    return f"to_{one.attname}" if one.remote_field else str(one.attname)


def _read(links: Links, choices: dict[str, int]) -> Links:
    rules = _rules(links.table.model)
    rows = list(_rows(links, rules))
    for row in rows:
        _map(links, row)
    moving = [row for row in rows if row["moves"]]
    links.published = any(row.get("publication") == Publication.PUBLISHED for row in moving)
    links.between = [row for row in moving if _is_between(links, row)]
    lost = {row["pk"] for row in links.between}
    groups = _colliding(links, [row for row in rows if row["pk"] not in lost], rules)
    for group, clashes in groups:
        _settle(links, group, clashes, choices)
    in_groups = {row["pk"] for group, _ in groups for row in group}
    links.moved = [row for row in moving if row["pk"] not in lost | in_groups]
    return links


def _rules(model: type[models.Model]) -> list[Any]:
    """Constraints that two rows can break together; of a many-to-many table, that a pair is there once."""
    kinds = (models.UniqueConstraint, ExclusionConstraint)
    rules: list[Any] = [rule for rule in model._meta.constraints if isinstance(rule, kinds)]
    pairs = [models.UniqueConstraint(fields=names, name="pair") for names in model._meta.unique_together]
    return [*rules, *pairs]


def _rows(links: Links, rules: list[Any]) -> Iterator[Row]:
    """Every row that refers to a record that goes or stays, with what its constraints look at."""
    table = links.table
    keys = [*links.pairs, *links.pairs.values()]
    ours = Q(*(Q(**{f"{end.name}__in": keys}) for end in links.ends), _connector=Q.OR)
    looked_at: dict[str, Any] = {}
    for number, rule in enumerate(rules):
        # An empty Q is no expression.
        condition = rule.condition or Q(pk__isnull=False)
        looked_at[f"holds_{number}"] = ExpressionWrapper(condition, output_field=BooleanField())
        for place, (expression, operator) in enumerate(getattr(rule, "expressions", ())):
            if operator == "&&":
                looked_at[f"days_{number}_{place}"] = expression
    rows: QuerySet = table.model._base_manager.filter(ours).order_by("pk")
    names = [one.attname for one in table.fields]
    yield from rows.annotate(**looked_at).values("pk", *names, *looked_at)


def _map(links: Links, row: Row) -> None:
    row["moves"] = False
    for one in links.table.ends:
        value = row[one.attname]
        if one in links.ends and value in links.pairs:
            row["moves"], value = True, links.pairs[value]
        row[_mapped(one)] = value


def _is_between(links: Links, row: Row) -> bool:
    ends = [row[_mapped(end)] for end in links.ends if row[_mapped(end)] is not None]
    return len(set(ends)) < len(ends)


def _colliding(links: Links, rows: list[Row], rules: list[Any]) -> list[tuple[list[Row], set[frozenset]]]:
    """Groups of rows connected by collisions, each with the pairs that collide."""
    clashes: set[frozenset] = set()
    names, table = {end.name for end in links.ends}, links.table
    for number, rule in enumerate(rules):
        if names & _columns_of(rule):
            clashes |= set(_clashes(table, rows, number, rule))
    above: dict[Any, Any] = {}

    def top(key: Any) -> Any:
        while above.get(key, key) != key:
            key = above[key]
        return key

    for one, other in map(sorted, clashes):
        above[top(other)] = top(one)
    groups: dict[Any, list[Row]] = defaultdict(list)
    colliding = {key for pair in clashes for key in pair}
    for row in rows:
        if row["pk"] in colliding:
            groups[top(row["pk"])].append(row)
    pairs: dict[Any, set[frozenset]] = defaultdict(set)
    for pair in clashes:
        pairs[top(min(pair))].add(pair)
    return [(group, pairs[key]) for key, group in groups.items()]


def _columns_of(rule: Any) -> set[str]:
    if isinstance(rule, ExclusionConstraint):
        return {str(name) for name, operator in rule.expressions if operator == "="}
    return set(rule.fields)


def _clashes(table: Table, rows: list[Row], number: int, rule: Any) -> Iterator[frozenset]:
    """The pairs of rows that break the rule together, at least one of each pair moving."""
    alike: dict[Any, list[Row]] = defaultdict(list)
    columns = [_mapped(one) for one in table.fields if one.name in _columns_of(rule)]
    nulls_are_alike = getattr(rule, "nulls_distinct", None) is False
    for row in rows:
        key = tuple(row[column] for column in columns)
        if row[f"holds_{number}"] and (nulls_are_alike or None not in key):
            alike[key].append(row)
    periods = [name for name in (rows[0] if rows else ()) if name.startswith(f"days_{number}_")]
    for group in alike.values():
        for one, other in combinations(group, 2):
            moves = one["moves"] or other["moves"]
            if moves and all(_overlap(one[name], other[name]) for name in periods):
                yield frozenset((one["pk"], other["pk"]))


def _overlap(one: Any, other: Any) -> bool:
    if one is None or other is None or one.isempty or other.isempty:
        return False
    starts_in_time = one.lower is None or other.upper is None or one.lower < other.upper
    return starts_in_time and (other.lower is None or one.upper is None or other.lower < one.upper)


def _settle(links: Links, group: list[Row], clashes: set[frozenset], choices: dict[str, int]) -> None:
    """Join the rows of a group if they say the same; else find out which of them can stay."""
    group = sorted(group, key=lambda row: (_rank(row), row["moves"], row["pk"]))
    key = f"{links.table.model._meta.model_name}-{min(row['pk'] for row in group)}"
    conflict = Conflict(key, links.table, [[row] for row in group])
    if not conflict.differing:
        links.joined |= {row["pk"]: group[0]["pk"] for row in group[1:]}
        return
    conflict.options = list(_options(group, clashes))
    wanted = choices.get(conflict.key, 0)
    conflict.chosen = wanted if 0 <= wanted < len(conflict.options) else 0
    links.conflicts.append(conflict)
    if links.table.model is CityOffice:
        # An office is a record with a page and links of its own, which all go to the one that stays.
        links.joined |= {row["pk"]: conflict.stays[0]["pk"] for row in conflict.goes}


def _options(group: list[Row], clashes: set[frozenset]) -> Iterator[list[Row]]:
    """Sets of rows that can stay together, those of the record that stays before those that move."""
    options: list[list[Row]] = []
    for row in sorted(group, key=lambda row: (row["moves"], row["pk"])):
        fits = next((o for o in options if not any({row["pk"], r["pk"]} in clashes for r in o)), None)
        if fits is None:
            options.append([row])
        else:
            fits.append(row)
    yield from sorted(options, key=lambda rows: min(map(_rank, rows)))


def _rank(row: Row) -> int:
    """How far from the public a row is."""
    return MOST_PUBLIC.index(row.get("publication", Publication.PUBLISHED))
