"""Which words of a name answer to what was looked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from registry.search.words import Words

_WORD = re.compile(r"[^\W_]+")
# Two words with so long a beginning in common are taken for forms of one: cycle, cycling.
STEM = 4


def highlight(name: str, words: Words) -> Iterator[tuple[str, bool]]:
    """The name in pieces, each with whether it answers. The pieces make up the whole name, in order."""
    end = 0
    for found in _WORD.finditer(name):
        if _answers(_plain(found[0]), words.parts):
            yield name[end : found.start()], False
            yield found[0], True
            end = found.end()
    yield name[end:], False


def _plain(word: str) -> str:
    """A word without case and accents, nearly as the database folds it."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _answers(word: str, parts: tuple[str, ...]) -> bool:
    return any(word.startswith(part) or _alike(word, _plain(part)) for part in parts)


def _alike(one: str, other: str) -> bool:
    shared = max(STEM, min(len(one), len(other)) - 2)
    return len(one) >= shared <= len(other) and one[:shared] == other[:shared]
