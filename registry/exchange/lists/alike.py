"""Names like those sought, found in memory among all names of a country."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from rapidfuzz import fuzz, process

from registry.exchange.lists.names import Via
from registry.exchange.lists.places import fold

MOST_ALIKE = 8
LEAST = 72  # of 100: the least share of letters in common
AT_ONCE = 200
# A name sought: its reading, how it was won, and its folded text.
Wanted = tuple[int, int, str]
# A row of list_alike: reading, via, key of the name, text sought, likeness, whether the name goes on.
Found = tuple[int, int, str, str, float, bool]

_EAR = (
    ("shch", "s"), ("sch", "s"), ("tsch", "h"), ("tch", "h"), ("zh", "z"), ("sh", "s"), ("sz", "s"),
    ("cz", "h"), ("ts", "c"), ("tz", "c"), ("kh", "h"), ("ch", "h"), ("ph", "f"), ("gh", "g"), ("th", "t"),
    ("dh", "d"), ("ck", "k"), ("q", "k"), ("ou", "u"), ("oo", "u"), ("oi", "i"), ("ei", "i"), ("ai", "e"),
    ("w", "v"), ("y", "i"), ("j", "i"), ("x", "h"), ("mp", "b"), ("nt", "d"), ("nk", "g"), ("ie", "e"),
    ("ia", "a"), ("iu", "u"), ("io", "o"), ("ii", "i"), ("dz", "z"),
)  # fmt: skip
_HISSED = str.maketrans({"č": "ch", "Č": "ch", "ç": "ch", "Ç": "ch"})


@cache
def by_ear(text: str) -> str:
    """A name without what languages write differently: `Chaidári` and `Haidari` are alike."""
    plain = fold(text.translate(_HISSED)).replace(" ", "")
    for written, heard in _EAR:
        plain = plain.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", plain)


@cache
def likeness(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1: written or heard."""
    return max(fuzz.ratio(fold(one), fold(other)), fuzz.ratio(by_ear(one), by_ear(other)) - 2) / 100


def alike(wanted: Sequence[Wanted], known: Sequence[tuple[str, str]]) -> Iterator[Found]:
    """The known names most like each wanted one; `known` are (key, folded) of one country.

    Likeness is the share of letters that need no edit.
    """
    texts = [folded for _, folded in known]
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        table = process.cdist(
            [folded for _, _, folded in part], texts, scorer=fuzz.ratio, score_cutoff=LEAST, dtype=np.uint8
        )
        for (number, via, folded), scores in zip(part, table, strict=True):
            near = np.flatnonzero(scores)
            best = near[np.argsort(-scores[near].astype(int), kind="stable")][: MOST_ALIKE * 3]
            heard = sorted(best, key=lambda index: -likeness(folded, texts[index]))
            for index in heard[:MOST_ALIKE]:
                yield number, via, known[index][0], folded, float(scores[index]) / 100, False


def longer(wanted: Sequence[Wanted], known: Sequence[tuple[str, str]], most: int) -> Iterator[Found]:
    """The known names that hold a wanted one among their words: Ľupča, Slovenská Ľupča."""
    phrases: dict[str, list[Wanted]] = {}
    for number, via, folded in wanted:
        if via <= Via.PLAIN:
            phrases.setdefault(folded.split()[0], []).append((number, via, folded))
    found: Counter[int] = Counter()
    for key, text in known:
        if " " not in text:
            continue
        for word in phrases.keys() & text.split():
            for number, via, folded in phrases[word]:
                if len(text) > len(folded) and found[number] < most and f" {folded} " in f" {text} ":
                    found[number] += 1
                    yield number, via, key, folded, len(folded) / len(text), True


def written_out(wanted: Sequence[tuple[int, str]], known: Sequence[tuple[str, str]]) -> Iterator[Found]:
    """The known names that a shortened one may stand for: Fara F. Petri, Fara Filiorum Petri.

    `wanted` are (reading, name as given). What is found counts as another spelling of the name.
    """
    patterns = [(number, re.compile(full)) for number, name in wanted if (full := _in_full(name))]
    for number, pattern in patterns:
        for key, text in known:
            if pattern.fullmatch(text):
                yield number, int(Via.STRIPPED), key, text, 1.0, False


_SHORTENED = re.compile(r"(\w+)(\.?)[\s.\-/]*")


def _in_full(name: str) -> str:
    words = [(fold(word), bool(stop)) for word, stop in _SHORTENED.findall(name)]
    if not any(len(word) > 3 and not stop for word, stop in words):
        return ""
    return r"\s*".join(rf"{word}\w*" if stop or len(word) == 1 else rf"{word}\b" for word, stop in words)
