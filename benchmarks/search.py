"""How long the search takes in the database that DATABASE_URL names, term by term.

Each term is looked for once to fill caches and then several times; the median is shown. A line reads: median
and slowest milliseconds in the database as the client waits for it, milliseconds of the processor that the
server's own process spent on one search, queries, records found, and the term. On a machine that does other
work the third number is the one to compare.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citynet.settings")
django.setup()

from django.db import connection  # noqa: E402 - needs the set-up above
from django.test.utils import CaptureQueriesContext  # noqa: E402

from registry.search.find import find  # noqa: E402

TIMES = 21
# Names in many scripts, codes, common and rare words, half of a word, typing errors, what is in no name.
TERMS = (
    *("São Paulo", "Sao Paolo", "サンパウロ", "San Pablo", "UCLG", "ICLEI", "Q174", "3448439", "BRSAO"),
    *("北京", "Москва", "القاهرة", "münchen", "york", "new york", "springfield", "santa maria", "saint"),
    *("san", "s", "sa", "al", "la", "de", "x", "san juan de", "villa"),
    *("cycling", "policy", "climate", "sustainable transport", "villes durables", "ciudades sostenibles"),
    *(
        "network",
        "sample",
        "sample policy",
        "sample policy 1",
        "sample network 12",
        "university",
        "report on",
    ),
    *("chief heat officer", "office", "heat off", "mayor", "resilience office"),
    *(
        "lodnon",
        "barcelonna",
        "sprinfield",
        "snta maria",
        "climate leadrship",
        "sampel polcy",
        "univresity of",
    ),
    *("xqzzyw", "zzzzzz qqqqq", "the", "a b c d e f", "1", "2030", "paris-fr"),
)


def spent() -> float:
    """Processor time of the server's process so far, in milliseconds; 0 where it cannot be read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    try:
        fields = Path(f"/proc/{process}/schedstat").read_text().split()
    except OSError:
        return 0.0
    return int(fields[0]) / 1e6


def measure(term: str) -> tuple[float, float, float, str]:
    """Median, slowest and processor's milliseconds of a term, and its line of the table."""
    found = find(term)
    waited, queries = [], 0
    before = spent()
    for _ in range(TIMES):
        with CaptureQueriesContext(connection) as captured:
            find(term)
        queries = len(captured)
        waited.append(sum(float(query["time"]) for query in captured) * 1000)
    processor = (spent() - before) / TIMES
    middle, slowest = statistics.median(waited), max(waited)
    line = f"{middle:8.1f} {slowest:8.1f} {processor:8.1f} {queries:8} {len(found.matches):8} {term}"
    return middle, slowest, processor, line


def main() -> None:
    """Print the table, and the worst and the middle of its columns."""
    print(f"{'median':>8} {'slowest':>8} {'cpu ms':>8} {'queries':>8} {'found':>8} term")
    start = time.perf_counter()
    rows = []
    for term in sys.argv[1:] or TERMS:
        *numbers, line = measure(term)
        rows.append(numbers)
        print(line, flush=True)
    for words, pick in (("worst", max), ("middle", statistics.median)):
        print(f"{words}: " + ", ".join(f"{pick(column):.1f}" for column in zip(*rows, strict=True)))
    print(f"{len(rows)} terms in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
