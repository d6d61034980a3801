"""What misspelt words may mean: words that stand in names and are nearly what was typed.

They are looked for among the words of names (`registry_name_word`), far fewer than the names, and not in the
names themselves: titles are soon alike by the hundred thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from string import ascii_lowercase
from typing import Any

from django.db import connections
from rapidfuzz.distance import OSA

# Words that one may mean, at most, and those that are compared with it letter by letter.
NEAREST = 5
ALIKE = 30
SHORTEST, LONGEST = 3, 40
# Of words so short trigrams see little, and of other scripts nothing: what differs by a letter is looked up.
SHORT = 7
FIRST_IDEOGRAPH = "\u3400"
# How many letters may be wrong, by how long the word is at least.
WRONG = ((10, 3), (6, 2), (SHORTEST, 1))

# Trigrams are asked of what is no word yet; a word that may stand for another is a letter away. The last word
# may be half typed: the beginning of another.
KNOWN = """
WITH unknown AS (
    SELECT asked FROM unnest(%(typed)s::text[]) AS asked
    WHERE NOT EXISTS (SELECT FROM registry_name_word WHERE word = asked)
)
SELECT word FROM unknown CROSS JOIN LATERAL (
    SELECT word FROM registry_name_word WHERE word %% asked
    ORDER BY similarity(word, asked) DESC, word LIMIT %(alike)s
) alike
UNION
SELECT word FROM unknown CROSS JOIN LATERAL (
    SELECT word FROM registry_name_word WHERE asked = %(last)s AND word %%> asked
    ORDER BY word_similarity(asked, word) DESC, length(word), word LIMIT %(alike)s
) begun
UNION
SELECT word FROM registry_name_word WHERE word = ANY(%(exact)s)
"""


@dataclass(frozen=True)
class Meant:
    """What one word may mean: words in whose place it stands, each alone, or both of a pair.

    The word itself is the first, the nearest come next. `half_typed` is the last word of what was typed.
    """

    words: list[str]
    pairs: list[tuple[str, str]]
    half_typed: bool

    @property
    def is_other(self) -> bool:
        """Whether it may mean anything but itself."""
        return bool(self.words[1:] or self.pairs)

    @property
    def query(self) -> str:
        """In the language of `to_tsquery`."""
        first, *others = (f"'{word}'" for word in self.words)
        both = (f"('{one}' & '{other}')" for one, other in self.pairs)
        return f"({' | '.join([first + ':*' * self.half_typed, *others, *both])})"

    @property
    def patterns(self) -> list[str]:
        """Of a folded name between spaces that has one of the words; what pairs it may have is left out."""
        first, *others = self.words
        return [f"% {first}%" if self.half_typed else f"% {first} %", *(f"% {one} %" for one in others)]


def meant(parts: tuple[str, ...], using: str) -> list[Meant]:
    """What each word may mean.

    The session says how nearly a word may begin another (`pg_trgm.word_similarity_threshold`).
    """
    known = _known(parts, using)
    found = []
    for place, word in enumerate(parts):
        half_typed = place == len(parts) - 1
        # Written apart by mistake: either word means the whole.
        joined = {"".join(both) for both in pairwise(parts[max(0, place - 1) : place + 2])} & known
        words = dict.fromkeys([word, *_nearest(word, known, half_typed=half_typed), *sorted(joined)])
        found.append(Meant([*words], [both for both in _apart(word) if known >= {*both}], half_typed))
    return found


def _known(parts: tuple[str, ...], using: str) -> set[str]:
    """Words of names that could be meant, and some that could not."""
    typed = [word for word in parts if SHORTEST <= len(word) <= LONGEST and not _has_digits(word)]
    exact = {one + other for one, other in pairwise(parts)}
    for word in typed:
        exact.update(*_apart(word))
        if len(word) <= SHORT or not word.isascii():
            exact.update(one_off(word, ascii_lowercase if word.isascii() else alphabet(word)))
    by_trigrams = [word for word in typed if word.isascii()]
    last = parts[-1] if parts[-1].isascii() else ""
    given: dict[str, Any] = {"typed": by_trigrams, "last": last, "exact": [*exact], "alike": ALIKE}
    with connections[using].cursor() as cursor:
        cursor.execute(KNOWN, given)
        return {word for (word,) in cursor.fetchall()}


def _has_digits(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


def _nearest(word: str, known: set[str], *, half_typed: bool) -> list[str]:
    """The known words that differ from this one in the fewest letters."""
    most = next((wrong for length, wrong in WRONG if len(word) >= length), 0)
    if not most or _has_digits(word):
        return []
    ranked = []
    for other in known - {word}:
        begun = (other[: len(word) + more] for more in (-1, 0, 1)) if half_typed else ()
        off = min(OSA.distance(word, one) for one in (other, *begun))
        if off <= most:
            ranked.append((off, abs(len(other) - len(word)), other))
    return [other for *_, other in sorted(ranked)[:NEAREST]]


def _apart(word: str) -> Iterator[tuple[str, str]]:
    """Two words that may have been written together by mistake."""
    for place in range(SHORTEST, len(word) - SHORTEST + 1):
        yield word[:place], word[place:]


def alphabet(text: str) -> list[str]:
    """The letters of the alphabets that a text is written in: those near its own in Unicode.

    None for ideographs and syllables of Hangul, which are too many to be tried one by one.
    """
    blocks = {ord(letter) // 128 for letter in text if letter.isalpha() and letter < FIRST_IDEOGRAPH}
    near = (chr(block * 128 + place) for block in sorted(blocks) for place in range(128))
    return [letter for letter in near if letter.isalpha() and letter == letter.lower()]


def one_off(word: str, letters: Iterable[str]) -> Iterator[str]:
    """Whatever differs by one letter: too many, missing, another, or two of them in the wrong order."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in letters:
            yield before + letter + after
            yield before + letter + after[1:]
