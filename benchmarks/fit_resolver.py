"""Fits the weights of registry/exchange/lists/weights.py to lists with a key, and prints them.

    .venv/bin/python -m benchmarks.fit_resolver [CSV …]

Needs what benchmarks/resolve.py needs. The rows of half A are used, those of half B never. What is maximised
is the logarithm of the probability given to the right candidates (or to “none of them” where none is right),
less how far the weights move from those in the code. A share of ERRORS is taken for the key's own, so that a
few false keys do not bend the weights. A place of a longer name beside one of the very name counts as none.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.resolve import REAL, Keyed, Registry, read
from registry.exchange.lists.places import fold
from registry.exchange.lists.resolve import candidates_of
from registry.exchange.lists.score import all_facts
from registry.exchange.lists.weights import NONE, SET_BY_HAND, WEIGHTS

ERRORS = 0.004
PULL = 0.5  # towards the weights in the code, in standard deviations of each fact
STEPS, STEP = 1000, 0.03
LONGER = "longer than another"
Array = np.ndarray
# The facts of candidates, then of “none”, as (which table, name).
COLUMNS = [*((True, name) for name in WEIGHTS), *((False, name) for name in NONE)]


def choices(rows: Sequence[Keyed], registry: Registry) -> tuple[Array, Array, Array]:
    """For each choice of each row: its facts, whether it is right, and the number of its row."""
    lists: dict[str, list[Keyed]] = defaultdict(list)
    for keyed in rows:
        if fold(keyed.row.name):
            lists[keyed.network].append(keyed)
    place = {column: number for number, column in enumerate(COLUMNS)}
    table: list[Array] = []
    right: list[bool] = []
    row: list[int] = []
    for members in lists.values():
        for keyed, one in zip(members, candidates_of([keyed.row for keyed in members]), strict=True):
            if keyed.half != "A":
                continue
            every, none = all_facts(one.row, one.reading, one.hits, one.context)
            kept = [(hit, facts) for hit, facts in zip(one.hits, every, strict=True) if LONGER not in facts]
            found = [registry.is_right(hit.city_id, keyed) for hit, _ in kept]
            number = row[-1] + 1 if row else 0
            for facts, is_candidate in [*((facts, True) for _, facts in kept), (none, False)]:
                values = np.zeros(len(COLUMNS))
                for name, value in facts.items():
                    values[place[is_candidate, name]] = value
                table.append(values)
                row.append(number)
            right += [*found, not any(found)]
    return np.array(table), np.array(right, dtype=float), np.array(row)


def fit(facts: Array, right: Array, row: Array) -> Array:
    """The weights, by gradient ascent with steps of their own for each (Kingma and Ba 2015)."""
    starts = np.concatenate(([0], np.flatnonzero(np.diff(row)) + 1))
    spread = np.maximum(facts.std(axis=0), 0.05)
    scaled = facts / spread
    start = np.array([(WEIGHTS if mine else NONE)[name] for mine, name in COLUMNS]) * spread
    free = np.array([name not in SET_BY_HAND for _, name in COLUMNS]) & facts.any(axis=0)
    weights, mean, square = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for step in range(1, STEPS + 1):
        logs = scaled @ weights
        odds = np.exp(logs - np.maximum.reduceat(logs, starts)[row])
        chance = odds / np.add.reduceat(odds, starts)[row]
        given = np.add.reduceat(chance * right, starts)
        share = (1 - ERRORS) / ((1 - ERRORS) * given + ERRORS)
        gradient = scaled.T @ (chance * (right - given[row]) * share[row]) - PULL * (weights - start)
        gradient[~free] = 0
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.99 * square + 0.01 * gradient**2
        rate = STEP if step < 0.6 * STEPS else STEP / 5
        weights += rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights / spread


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "files", nargs="*", type=Path, help="CSV files with a key; without any, the real lists"
    )
    files = parser.parse_args().files or sorted(REAL.glob("*.csv"))
    registry = Registry()
    rows = [keyed for path in files for keyed in read(path, registry, without_country=False)]
    for (mine, name), weight in zip(COLUMNS, fit(*choices(rows, registry)), strict=True):
        now = (WEIGHTS if mine else NONE)[name]
        print(f"{'' if mine else 'NONE '}{name}: {weight:.2f} (now {now})")


if __name__ == "__main__":
    main()
