"""The words that are looked for, as names are compared, and how exactly a name answers them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from django.db import connections

LANGUAGES = ("english", "french", "spanish")
# What the index of trigrams can find: nearly every name has one or two letters, and where the database's
# locale is C it knows no letters of other scripts, for which it would read every name there is.
_TRIGRAM = re.compile(r"[a-z0-9]{3}")
_WORD = re.compile(r"[^\W_]+")
WHOLE = "' ' || named.folded || ' ' LIKE %(whole_{})s"
BEGUN = "' ' || named.folded LIKE %(begun_{})s"


class Exactness(IntEnum):
    """How exactly a record answers, the best first."""

    WHOLE_TITLE = 0  # its main name, its acronym, or an identifier
    WHOLE_NAME = 1  # another of its names
    WHOLE_WORDS = 2  # every word stands in the name
    BEGINNINGS = 3  # every word begins one of the name
    STEMS = 4  # another form of the words, or a part of them
    SIMILAR = 5  # typing errors


@dataclass(frozen=True)
class Words:
    """What is looked for: as typed, folded as names are, and the words of that."""

    text: str
    folded: str
    parts: tuple[str, ...]

    @classmethod
    def read(cls, text: str, using: str = "default") -> Words:
        """Fold a text as the database folds names."""
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT registry_fold(%s)", [text])
            (folded,) = cursor.fetchone()
        return cls(text, " ".join(folded.split()), tuple(_WORD.findall(folded)))

    @property
    def given(self) -> dict[str, str]:
        """The values that the statements of a search compare with."""
        given = {"folded": self.folded, "start": f"{' '.join(self.parts)}%"}
        for number, word in enumerate(self.parts):
            given |= {f"within_{number}": f"%{word}%", f"begun_{number}": f"% {word}%"}
            given[f"whole_{number}"] = f"% {word} %"
        # Words are letters and digits only, so that they need no other quotes.
        given["whole"] = " & ".join(f"'{word}'" for word in self.parts)
        return {**given, "typed": f"{given['whole']}:*"}

    @property
    def has_trigrams(self) -> bool:
        """Whether an index of trigrams can find any of the words."""
        return any(map(_TRIGRAM.search, self.parts))

    @property
    def within(self) -> str:
        """In SQL, that a name has each word somewhere, or begins with words that cannot be found so."""
        if not self.has_trigrams:
            return "folded LIKE %(start)s"
        return self._each("folded LIKE %(within_{})s")

    @property
    def stems(self) -> str:
        """In SQL, the query for every word as it is, the last perhaps half typed, or for every stem."""
        by_stem = (f"plainto_tsquery('{language}', %(folded)s)" for language in LANGUAGES)
        return " || ".join(["to_tsquery('simple', %(typed)s)", *by_stem])

    @property
    def exactness(self) -> str:
        """In SQL, how exactly the row `named` answers; its `whole` is what counts where all its name does."""
        levels = {level.name: int(level) for level in Exactness}
        return f"""CASE WHEN named.folded = %(folded)s THEN named.whole
            WHEN {self.whole} THEN {levels["WHOLE_WORDS"]}
            WHEN {self._each(BEGUN)} THEN {levels["BEGINNINGS"]}
            ELSE {levels["STEMS"]} END"""

    @property
    def whole(self) -> str:
        """In SQL, that every word stands in the row `named`."""
        return self._each(WHOLE)

    @property
    def half_typed(self) -> str:
        """In SQL, that every word stands in the row `named`, the last perhaps as the beginning of another."""
        last = len(self.parts) - 1
        return " AND ".join([*(WHOLE.format(number) for number in range(last)), BEGUN.format(last)])

    def _each(self, condition: str) -> str:
        return " AND ".join(condition.format(number) for number in range(len(self.parts)))
