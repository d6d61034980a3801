"""Names of records in the reader's language, read for a whole page at once.

`local_name` is what the reader sees; `name` is the registry's own, in files and for sorting.
"""

from __future__ import annotations

from collections import defaultdict
from contextvars import ContextVar
from typing import Any

from django.db.models import Q

from registry.choices import NameKind
from registry.models.base import Named

# What a record may be called in the reader's language, the best first.
SHOWN = (NameKind.OFFICIAL, NameKind.EXONYM)


class Names:
    """What the records of one page are called in one language.

    Records that come from the database are noted, and when the first of them is to be named the names of
    all are read: one query for each kind of record, wherever on the page they stand.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._noted: dict[type, set[Any]] = defaultdict(set)
        self._names: dict[type, dict[Any, str]] = defaultdict(dict)

    def note(self, record: Any) -> None:
        """A record that may be named later."""
        if record.pk not in self._names[type(record)]:
            self._noted[type(record)].add(record.pk)

    def of(self, record: Any) -> str:
        """The name in the language, else the registry's own."""
        names = self._names[type(record)]
        if record.pk not in names:
            self.note(record)
            self._read(type(record))
        return names[record.pk] or record.name

    def _read(self, model: Any) -> None:
        keys = self._noted.pop(model)
        relation = model._meta.get_field("names")
        rows = relation.related_model.objects.filter(
            Q(language=self.language) | Q(language__startswith=f"{self.language}-"),
            kind__in=SHOWN,
            **{f"{relation.field.name}__in": keys},
        )
        found: dict[Any, Any] = {}
        for row in rows.values_list(relation.field.name, "kind", "language", "name"):
            key, kind, language, name = row
            place = (SHOWN.index(kind), language, name)
            found[key] = min(found.get(key, place), place)
        self._names[model].update({key: found[key][-1] if key in found else "" for key in keys})


# None where the registry's own names are wanted: in its own language, in files, in the admin.
names: ContextVar[Names | None] = ContextVar("names", default=None)


class LocallyNamed(Named):
    """A record whose names in other languages are rows of their own, its `names`."""

    class Meta(Named.Meta):
        abstract = True

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Any:
        record = super().from_db(*args, **kwargs)
        if found := names.get():
            found.note(record)
        return record

    @property
    def local_name(self) -> str:
        found = names.get()
        return found.of(self) if found and self.pk else self.name
