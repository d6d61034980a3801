"""The offices of a city as a diagram: issues at the left, offices in the middle, policies at the right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.choices import Charge, OfficeKind
from registry.collaboration.within import Within
from registry.models import CityOffice

# As many of each kind as can be read beside each other.
MOST = 30
ISSUES, OFFICES, POLICIES = range(3)
CHARGED, WORKS_WITH, CARRIES = range(3)


@dataclass
class Diagram:
    """What is drawn, for the script; `left_out` counts the records for which there is no room."""

    nodes: list[dict[str, Any]] = field(default_factory=list)
    ties: list[tuple[int, int, int, int, str]] = field(default_factory=list)
    omitted: set[Any] = field(default_factory=set)
    places: dict[Any, int] = field(default_factory=dict)

    def add(self, record: Any, column: int, said: str, *, hollow: bool = False) -> None:
        """Draw a record at the foot of a column, once."""
        if record in self.places:
            return
        row = sum(node["column"] == column for node in self.nodes)
        if row >= MOST:
            self.omitted.add(record)
            return
        self.places[record] = len(self.nodes)
        address = record.get_absolute_url()
        node = {"name": record.name, "address": address, "column": column, "row": row, "said": said}
        self.nodes.append(node | {"hollow": hollow})

    def join(self, one: Any, other: Any, kind: int, said: str) -> None:
        """Draw a tie between two records that are drawn."""
        if one in self.places and other in self.places:
            self.ties.append((self.places[one], self.places[other], 1, kind, said))

    @property
    def left_out(self) -> int:
        """How many records are not drawn."""
        return len(self.omitted)

    @property
    def rows(self) -> int:
        """How many records stand in the longest column."""
        return max((node["row"] + 1 for node in self.nodes), default=0)

    def data(self) -> dict[str, Any]:
        """The nodes, the ties by the places of their ends, and the names of the colours."""
        names = [_("is charged with"), _("work together"), _("carries")]
        return {"nodes": self.nodes, "ties": self.ties, "colours": names, "rows": self.rows}


def diagram(found: Within) -> Diagram:
    """The open offices, their remits, what they carry, how they work together, and what no office has."""
    made = Diagram()
    rows = {row.issue: row for row in found.issues}
    offices = _nearest_first(found.open)
    for office in offices:
        made.add(office, OFFICES, _say_office(office))
    for issue in _in_reading_order(found, offices):
        row = rows.get(issue)
        hollow = row is not None and row.charge == Charge.NONE
        made.add(issue, ISSUES, str(row.charge.label) if row else "", hollow=hollow)
    # Also to what lies below their remits, as the table has it.
    for row in found.issues:
        for office in row.charged:
            said = _("%(office)s is charged with %(issue)s")
            made.join(office, row.issue, CHARGED, said % {"office": office.name, "issue": row.issue.name})
    for office in offices:
        _join(made, office)
    return made


def _in_reading_order(found: Within, offices: list[CityOffice]) -> Iterable[Any]:
    """The issues of the offices in the order of these, so that fewer lines cross; then those without one."""
    for office in offices:
        yield from office.remit.all()
    yield from (row.issue for row in found.issues)


def _nearest_first(offices: list[CityOffice]) -> list[CityOffice]:
    """Offices that work together beside each other, those with most links first."""
    waiting = sorted(offices, key=lambda office: (-len(office.work), office.name, office.pk))
    ordered: list[CityOffice] = []
    while waiting:
        office = waiting.pop(0)
        ordered.append(office)
        partners = {link.partner for link in office.work}
        waiting.sort(key=lambda one: one not in partners)
    return ordered


def _join(made: Diagram, office: CityOffice) -> None:
    """The work of an office with others, drawn from the one it was recorded for, and what it carries."""
    for link in office.links_made:  # type: ignore[attr-defined]
        if not link.is_over:
            made.join(office, link.other, WORKS_WITH, _say_link(link))
    for party in office.carried:  # type: ignore[attr-defined]
        made.add(party.policy, POLICIES, party.policy.get_kind_display())
        said = _("%(office)s carries %(policy)s") % {"office": office.name, "policy": party.policy.name}
        made.join(office, party.policy, CARRIES, said)


def _say_office(office: CityOffice) -> str:
    number = sum(not link.is_over for link in office.work)  # type: ignore[attr-defined]
    links = ngettext("%(number)s link with another office", "%(number)s links with other offices", number)
    kind = office.get_kind_display()
    words = [] if office.kind == OfficeKind.OTHER or kind == office.name else [kind]
    return "\n".join([*words, links % {"number": number}])


def _say_link(link: Any) -> str:
    names = {"one": link.office.name, "other": link.other.name}
    said = _("%(one)s and %(other)s work together") % names
    return "\n".join([said, *(str(part) for part in (link.issue, link.how) if part)])
