"""The words of names, so that misspelt ones can be corrected: written by the database alone.

The table `registry_name_word` (migration 0036) has each word that ever stood in the name of anything but a
city. Words are only added: one too many costs a look-up and finds nothing, since records are read from what
is public. Nothing in it is unique, so no transaction waits for another; a word that two add at once is there
twice. Words with digits are left out, since a number with another digit is another number.
"""

from __future__ import annotations

import pgtrigger


def word_triggers(folded: str = "folded") -> list[pgtrigger.Trigger]:
    """Triggers for a table of names: `folded` is in SQL the folded name of a row."""
    new, old = (f"SELECT {folded} FROM {rows}_values" for rows in ("new", "old"))
    return [
        _keep("inserted", pgtrigger.Insert, pgtrigger.Referencing(new="new_values"), new),
        _keep(
            "updated",
            pgtrigger.Update,
            pgtrigger.Referencing(old="old_values", new="new_values"),
            f"{new} EXCEPT {old}",
        ),
    ]


def _keep(
    name: str, operation: pgtrigger.Operation, rows: pgtrigger.Referencing, names: str
) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"words_{name}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=rows,
        func=f"PERFORM registry_keep_words(ARRAY({names})); RETURN NULL;",
    )
