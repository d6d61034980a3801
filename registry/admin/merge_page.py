"""What the preview of a merge shows, in words: values side by side, and every link with its fate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.text import capfirst

from registry.actions.later import called
from registry.actions.merge import Plan
from registry.actions.merge_links import Conflict, Links, Row
from registry.admin.timeline import labels
from registry.models.history import value_in_words


@dataclass
class Section:
    """One kind of link: which rows move, are joined with an equal one, conflict or fall away."""

    title: str
    moved: list[str]
    number: int
    joined: int
    between: int
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    more_conflicts: int = 0

    @property
    def all_conflicts(self) -> int:
        """How many conflicts there are, shown or not."""
        return len(self.conflicts) + self.more_conflicts

    @property
    def more(self) -> int:
        """How many rows that move are not named."""
        return self.number - len(self.moved)


def shown_values(plan: Plan) -> list[dict[str, Any]]:
    """The fields in which the records differ, with both values in words."""
    found = []
    for one in plan.differences:
        wanted = [(f, v) for f, *v in zip(one.fields, one.survivor, one.merged, strict=True)]
        names = {
            f.related_model: labels(f.related_model, set(values) - {None})
            for f, values in wanted
            if f.is_relation
        }
        words = [
            ", ".join(
                value_in_words(f, values[side], names)
                for f, values in wanted
                if values[side] not in (None, "")
            )
            for side in (0, 1)
        ]
        label = capfirst(" and ".join(str(f.verbose_name) for f in one.fields))
        found.append({"difference": one, "label": label, "survivor": words[0], "merged": words[1]})
    return found


def sections(plan: Plan, *, listed: int | None, conflicts: int) -> list[Section]:
    """Every kind of link; at most `listed` rows of each are named, and `conflicts` conflicts shown."""
    return [_section(links, listed, conflicts) for links in plan.all_links()]


def _section(links: Links, listed: int | None, most: int) -> Section:
    rows = links.moved[:listed]
    asked = links.conflicts[:most]
    of_conflicts = [row for conflict in asked for option in conflict.options for row in option]
    names = _names(links, [*rows, *of_conflicts])
    equal = len(links.joined.keys() - {row["pk"] for c in links.conflicts for row in c.goes})
    return Section(
        title=capfirst(_title(links)),
        moved=[_words(links, row, names) for row in rows],
        number=len(links.moved),
        joined=equal,
        between=len(links.between),
        conflicts=[_conflict(links, conflict, names) for conflict in asked],
        more_conflicts=len(links.conflicts) - len(asked),
    )


def _title(links: Links) -> str:
    model = links.table.model
    if not model._meta.auto_created:
        return str(model._meta.verbose_name_plural)
    others = [end for end in links.table.ends if end not in links.ends]
    return str((others or links.table.ends)[0].related_model._meta.verbose_name_plural)


def _names(links: Links, rows: list[Row]) -> dict[Any, dict[Any, str]]:
    """What foreign keys mean: one query for each kind of record."""
    wanted: dict[Any, set[Any]] = {}
    for end in links.table.ends:
        wanted.setdefault(end.related_model, set()).update(row[end.attname] for row in rows)
    return {model: labels(model, keys - {None}) for model, keys in wanted.items() if keys - {None}}


def _words(links: Links, row: Row, names: dict[Any, dict[Any, str]]) -> str:
    others = [
        names.get(end.related_model, {}).get(row[end.attname], "")
        for end in links.table.ends
        if row[end.attname] is not None and (end not in links.ends or row[end.attname] not in links.pairs)
    ]
    own = called(links.table.model, row) if not links.table.model._meta.auto_created else ""
    dates = " to ".join(row[name] for name in ("since", "until") if row.get(name))
    return ", ".join(part for part in (own, *others, dates) if part)


def _conflict(links: Links, conflict: Conflict, names: dict[Any, dict[Any, str]]) -> dict[str, Any]:
    options = []
    for number, rows in enumerate(conflict.options):
        told = [
            f"{capfirst(str(one.verbose_name))}: {value_in_words(one, row[one.attname], names)}"
            for row in rows
            for one in conflict.differing
        ]
        side = "of the record that goes" if any(row["moves"] for row in rows) else "of the record that stays"
        options.append({"number": number, "side": side, "values": told, "chosen": number == conflict.chosen})
    what = _words(links, conflict.options[0][0], names)
    return {"key": conflict.key, "what": capfirst(what), "options": options}
