"""Bodies of JSON, read strictly into patches: what the forms of the staff site are filled in with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from registry.admin.entering import OF_ALL, Errors
from registry.admin.patches import ADDED, REMOVED, Patch
from registry.admin.values import Value
from registry.api.drafts import could_name, told_row
from registry.api.problems import Refused
from registry.api.question import plain_text
from registry.api.written import Entry, RowsOf, Written
from registry.choices import Publication

MOST_ROWS = 200
MOST_LINKS = 500
MOST_ERRORS = 20
BODY = "body"
PUBLISHING = "Publishing is for people: send it to review (in-review), or publish it on the staff site."
NUMBERS: dict[str, tuple[Any, str]] = {
    "integer": (int, "a whole number"),
    "number": (int | float, "a number"),
}


@dataclass
class Reader:
    """Reads bodies for records of one kind; what is wrong is collected, place by place.

    `keys` has the keys of records that the body names, `placed` for each list which of its rows are added.
    """

    written: Written
    errors: list[tuple[str, str]] = field(default_factory=list)
    keys: dict[tuple[Any, str], dict[str, str]] = field(default_factory=dict)
    placed: dict[str, list[int]] = field(default_factory=dict)

    # --- A whole body -------------------------------------------------------------------------------------

    def patch(self, body: Any, record: Any = None) -> Patch:
        """What a body changes of the record, or says of a new one; raises Refused."""
        rows = {one.name: one for one in self.written.rows if one.own or record is None}
        entries = {one.name: one for one in self.written.entries}
        if not isinstance(body, dict):
            raise Refused([(BODY, "It has to be an object.")])
        self._names("", body, [*entries, *rows])
        for name in rows:
            self._list(name, body.get(name, []))
        self._stop()
        self._find_keys(self._named(body, entries, rows))
        patch: Patch = self._values("", body, entries)
        for name, one in rows.items():
            if name in body and (changed := self._rows(one, body[name], record)):
                patch[name] = changed
        self._stop()
        return patch

    def _names(self, place: str, given: dict[str, Any], known: list[str]) -> None:
        for name in given:
            if name not in known:
                words = f"There is no such member here. There are: {', '.join(known)}."
                self.errors.append((f"{place}{plain_text(name)[:40]}", words))

    def _list(self, name: str, rows: Any) -> None:
        one = next(one for one in self.written.rows if one.name == name)
        if not isinstance(rows, list) or len(rows) > MOST_ROWS:
            self.errors.append((name, f"It has to be a list of at most {MOST_ROWS} objects."))
            return
        for number, row in enumerate(rows):
            if isinstance(row, dict):
                self._names(f"{name}[{number}].", row, [entry.name for entry in one.entries])
            else:
                self.errors.append((f"{name}[{number}]", "It has to be an object."))

    def _stop(self) -> None:
        if self.errors:
            raise Refused(self.errors[:MOST_ERRORS])

    # --- Other records, by their identifiers --------------------------------------------------------------

    def _named(
        self, body: dict[str, Any], entries: dict[str, Entry], rows: dict[str, RowsOf]
    ) -> Iterator[tuple[Entry, Any]]:
        yield from ((entry, body[name]) for name, entry in entries.items() if name in body)
        for name, one in rows.items():
            for row in body.get(name, []):
                yield from ((entry, row[entry.name]) for entry in one.entries if entry.name in row)

    def _find_keys(self, named: Iterable[tuple[Entry, Any]]) -> None:
        """Look up every record that is named: one query for each kind."""
        wanted: dict[tuple[Any, str], set[str]] = defaultdict(set)
        for entry, value in named:
            if entry.target:
                texts = value if isinstance(value, list) else [value]
                wanted[entry.target] |= {one for one in texts if isinstance(one, str)}
        for (model, key), names in wanted.items():
            asked = {f"{key}__in": [one for one in names if could_name(model, key, one)]}
            found = model._default_manager.filter(**asked).values_list(key, "pk")
            self.keys[model, key] = {str(name): str(pk) for name, pk in found}

    # --- Values -------------------------------------------------------------------------------------------

    def _values(self, place: str, given: dict[str, Any], entries: dict[str, Entry]) -> dict[str, Value]:
        return {
            entry.form: self._value(f"{place}{name}", entry, given[name])
            for name, entry in entries.items()
            if name in given
        }

    def _value(self, place: str, entry: Entry, value: Any) -> Value:
        """The value as a form takes it; an empty one where it is refused."""
        if entry.many:
            return self._records(place, entry, [] if value is None else value)
        if entry.type == "boolean":
            return self._expect(place, value is None or isinstance(value, bool), "true or false") and bool(
                value
            )
        if value is None:
            return ""
        if entry.type in NUMBERS:
            kind, words = NUMBERS[entry.type]
            fits = isinstance(value, kind) and not isinstance(value, bool)
            return str(value) if self._expect(place, fits, words) else ""
        if not self._expect(
            place, isinstance(value, str) and plain_text(value) == value, "a text in Unicode"
        ):
            return ""
        return self._record(place, entry, value) if entry.target else self._text(place, entry, value)

    def _expect(self, place: str, fits: bool, words: str) -> bool:
        if not fits:
            self.errors.append((place, f"It has to be {words}."))
        return fits

    def _text(self, place: str, entry: Entry, text: str) -> str:
        if entry.choices and text and text not in entry.choices:
            words = f"“{text[:40]}” is not one of: {', '.join(entry.choices)}."
            asks_to_publish = entry.form == "publication" and text == Publication.PUBLISHED
            self.errors.append((place, PUBLISHING if asks_to_publish else words))
        return text

    def _record(self, place: str, entry: Entry, name: str) -> str:
        target: Any = entry.target
        found = self.keys[target].get(name.lower() if target[1] == "pid" else name)
        if found is None and name:
            words = f"“{name[:40]}” names no {target[0]._meta.verbose_name} of the registry."
            self.errors.append((place, words))
        return found or ""

    def _records(self, place: str, entry: Entry, names: Any) -> list[str]:
        if not isinstance(names, list) or len(names) > MOST_LINKS:
            self.errors.append((place, f"It has to be a list of at most {MOST_LINKS} identifiers."))
            return []
        found = []
        for number, name in enumerate(names):
            if self._expect(f"{place}[{number}]", isinstance(name, str) and name != "", "an identifier"):
                found.append(self._record(f"{place}[{number}]", entry, name))
        return sorted(set(found))

    # --- Rows ---------------------------------------------------------------------------------------------

    def _rows(self, rows: RowsOf, given: list[Any], record: Any) -> dict[str, Any]:
        """The rows to be added, and those of the record that are not among the given any more."""
        there = [(row.pk, told_row(rows, row)) for row in getattr(record, rows.name).all()] if record else []
        entries = {one.name: one for one in rows.entries}
        added: list[Any] = []
        self.placed[rows.name] = []
        for number, row in enumerate(given):
            same = next((one for one in there if _says(row) == _says(one[1])), None)
            if same:
                there.remove(same)
            else:
                added.append(self._values(f"{rows.name}[{number}].", row, entries))
                self.placed[rows.name].append(number)
                self._tells(f"{rows.name}[{number}]", row, entries)
        changed = {ADDED: added, REMOVED: [str(key) for key, _ in there]}
        return {name: what for name, what in changed.items() if what}

    def _tells(self, place: str, row: dict[str, Any], entries: dict[str, Entry]) -> None:
        """Refuse a row of nothing but choices, which a form would take for one left empty."""
        telling = [one.name for one in entries.values() if not one.choices and one.type != "boolean"]
        if not any(name in _says(row) for name in telling):
            self.errors.append((place, f"It says nothing. It needs one of: {', '.join(telling)}."))

    # --- What the forms refuse ----------------------------------------------------------------------------

    def refused(self, errors: Errors) -> Refused:
        """What the forms refused, by the places of the body."""
        return Refused((self._where(*one[:3]), str(one[3])) for one in errors[:MOST_ERRORS])

    def _where(self, prefix: str, place: int | None, name: str) -> str:
        rows = next((one for one in self.written.rows if one.name == prefix), None)
        entries = rows.entries if rows else self.written.entries
        word = next((one.name for one in entries if one.form == name), "" if name == OF_ALL else name)
        if not prefix:
            return word or BODY
        if place is None:
            return prefix
        numbers = self.placed.get(prefix, [])
        row = f"{prefix}[{numbers[place] if place < len(numbers) else place}]"
        return f"{row}.{word}" if word else row


def _says(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what it leaves empty."""
    return {name: value for name, value in row.items() if value not in (None, "", False)}
