"""What each cell of a table says of a city in a network, by the mapping; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from registry.exchange.datasets.mapping import MappingError, TableMapping
from registry.exchange.datasets.scale import Standing, plain
from registry.exchange.datasets.table import Table
from registry.exchange.lists.cells import make_row, partial_date
from registry.exchange.lists.places import fold
from registry.exchange.lists.rows import ListRow
from registry.models import Network, NetworkName

MOST_PROBLEMS = 20
MEMBER = Standing(True)


@dataclass(frozen=True)
class Said:
    """What the cell of a row in a column says of its city in a network."""

    row_key: str
    column: str
    network: int
    standing: Standing
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True)
class Readings:
    """A table read by its mapping.

    `keys` has the key of each row of the table, `cities` what each says of its city, both in its order.
    `linked` has the networks found by what the table calls them, `unlinked` the names in a column of networks
    that are none of the registry's.
    """

    keys: list[str]
    cities: list[ListRow]
    said: list[Said]
    linked: dict[str, int] = field(default_factory=dict)
    unlinked: list[str] = field(default_factory=list)
    network_column: str = ""

    def network_of(self, header: str, cell: str) -> int | None:
        """The network that a cell speaks of: of a wide table by its column, of a long one by what it says."""
        if not self.network_column:
            return self.linked.get(header)
        return self.linked.get(cell.strip()) if header == self.network_column else None


def read_by(mapping: TableMapping, table: Table) -> Readings:
    """All that the mapping makes of the table.

    Raises MappingError with the first problems: columns and networks that do not exist, row keys that occur
    twice, values that the scale does not have, each with its row and column.
    """
    _refuse(_columns_missing(mapping, table.headers))
    place = {header: index for index, header in enumerate(table.headers)}
    keys = _keys(mapping, table, place)
    names = _names(mapping, table, place)
    linked = _linked(mapping, names)
    said = _Cells(mapping, table, place, linked)
    found = list(said.all(keys))
    _refuse(said.problems)
    return Readings(
        keys=keys,
        cities=[_city(mapping, place, number, cells) for number, cells in table.rows],
        said=found,
        linked=linked,
        unlinked=sorted(names - linked.keys()) if mapping.long else [],
        network_column=mapping.long.get("network", ""),
    )


def _refuse(problems: list[str]) -> None:
    if problems:
        more = len(problems) - MOST_PROBLEMS
        raise MappingError([*problems[:MOST_PROBLEMS], *([f"And {more:,} more."] if more > 0 else [])])


def _columns_missing(mapping: TableMapping, headers: list[str]) -> list[str]:
    named = {**mapping.row, **{f"key {key}": key for key in mapping.key}}
    named |= {what: column for what, column in mapping.long.items() if what != "separator"}
    if not mapping.long:
        named |= {f"network {column}": column for column in mapping.networks or {}}
    shown = ", ".join(f"“{header[:40]}”" for header in headers[:12])
    more = f" and {len(headers) - 12} more" if len(headers) > 12 else ""
    return [
        f"The table has no column “{column}” ({what}); it has {shown}{more}."
        for what, column in named.items()
        if column not in headers
    ]


def _cell(cells: list[str], index: int) -> str:
    """A cell; rows may end before the last column."""
    return cells[index].strip() if index < len(cells) else ""


def _keys(mapping: TableMapping, table: Table, place: Mapping[str, int]) -> list[str]:
    if not mapping.key:
        return [str(number) for number, _ in table.rows]
    seen: dict[str, int] = {}
    problems = []
    for number, cells in table.rows:
        key = " / ".join(_cell(cells, place[column]) for column in mapping.key)[:300]
        if not key.strip(" /"):
            problems.append(f"Row {number}: the key ({', '.join(mapping.key)}) is empty.")
        elif key in seen:
            problems.append(
                f"Rows {seen[key]} and {number} have the same key “{key[:60]}”; name more columns, or none."
            )
        seen.setdefault(key, number)
    _refuse(problems)
    return list(seen)


def _city(mapping: TableMapping, place: Mapping[str, int], number: int, cells: list[str]) -> ListRow:
    given = {what: _cell(cells, place[column]) for what, column in mapping.row.items()}
    given["name"] = given.pop("city")
    return make_row(number, given, mapping.row)


def _names(mapping: TableMapping, table: Table, place: Mapping[str, int]) -> set[str]:
    """What the table calls networks: headers of a wide table, values of a long one."""
    if not mapping.long:
        return {header for header in table.headers if header not in mapping.row.values()}
    column = place[mapping.long["network"]]
    return {name for _, cells in table.rows for name in _split(mapping, _cell(cells, column))}


def _split(mapping: TableMapping, cell: str) -> list[str]:
    separator = mapping.long.get("separator")
    parts = (part.strip() for part in cell.split(separator)) if separator else [cell]
    return [part for part in parts if plain(part) not in mapping.missing]


def _linked(mapping: TableMapping, names: set[str]) -> dict[str, int]:
    """The networks by what the table calls them."""
    if mapping.networks is None:
        return _by_own_name(names)
    by_slug = dict(Network.objects.filter(slug__in=mapping.networks.values()).values_list("slug", "pk"))
    _refuse([
        f"[networks] “{name}”: no network has the address “{slug[:120]}”."
        for name, slug in mapping.networks.items()
        if slug and slug not in by_slug
    ])  # fmt: skip
    return {name: by_slug[slug] for name, slug in mapping.networks.items() if slug}


def _by_own_name(names: set[str]) -> dict[str, int]:
    """Networks that alone have a name that the table uses, whatever its accents and capitals."""
    folded = {name: fold(name) for name in names}
    found: dict[str, set[int]] = {}
    for network, name in [
        *Network.objects.values_list("pk", "folded"),
        *NetworkName.objects.values_list("network", "folded"),
    ]:
        found.setdefault(name, set()).add(network)
    return {name: min(found[text]) for name, text in folded.items() if len(found.get(text, ())) == 1}


class _Cells:
    """Reads the cells that speak of memberships, and notes what the scale does not have."""

    def __init__(
        self, mapping: TableMapping, table: Table, place: Mapping[str, int], linked: dict[str, int]
    ) -> None:
        self.mapping, self.table, self.place, self.linked = mapping, table, place, linked
        self.problems: list[str] = []

    def all(self, keys: list[str]) -> Iterator[Said]:
        """What is said, row by row; of one network in one cell only once."""
        row_of = self._long if self.mapping.long else self._wide
        for key, (number, cells) in zip(keys, self.table.rows, strict=True):
            yield from {(one.column, one.network): one for one in row_of(key, number, cells)}.values()

    def _wide(self, key: str, number: int, cells: list[str]) -> Iterator[Said]:
        for column, network in self.linked.items():
            standing = self._standing(number, column, _cell(cells, self.place[column]))
            if standing:
                yield Said(key, column, network, standing)

    def _long(self, key: str, number: int, cells: list[str]) -> Iterator[Said]:
        long = self.mapping.long
        standing: Standing | None = MEMBER
        if "grade" in long:
            standing = self._standing(number, long["grade"], _cell(cells, self.place[long["grade"]]))
        since, until = (self._date(number, cells, what) for what in ("since", "until"))
        column = long["network"]
        for name in _split(self.mapping, _cell(cells, self.place[column])):
            if standing and name in self.linked:
                yield Said(key, column, self.linked[name], standing, since, until)

    def _standing(self, number: int, column: str, cell: str) -> Standing | None:
        value = plain(cell)
        if value in self.mapping.missing:
            return None
        if value not in self.mapping.scale:
            allowed = ", ".join(self.mapping.scale)
            self.problems.append(
                f"Row {number}, column “{column[:60]}”: “{cell[:40]}” is not on the scale ({allowed})."
            )
        return self.mapping.scale.get(value)

    def _date(self, number: int, cells: list[str], what: str) -> str | None:
        column = self.mapping.long.get(what)
        if column is None or plain(text := _cell(cells, self.place[column])) in self.mapping.missing:
            return None
        try:
            return partial_date(text) or None
        except ValueError as error:
            self.problems.append(f"Row {number}, column “{column[:60]}”: {error}")
            return None
