"""How likely each candidate is: a sum of named weights, as probabilities that leave room for “none”."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from registry.exchange.lists.candidates import Hit
from registry.exchange.lists.context import Context
from registry.exchange.lists.facts import facts, none_facts
from registry.exchange.lists.names import Reading
from registry.exchange.lists.rows import ListRow
from registry.exchange.lists.weights import NONE, WEIGHTS


def _add_mix(every: Sequence[dict[str, float]], hits: Sequence[Hit], shares: Mapping[str, float]) -> None:
    """Adds how common each candidate's country is in the list, measured by the commonest among them.

    It weighs candidates against each other: a name that one city has is not less sure in a mixed list.
    """
    most = max(shares.values())
    for values, hit in zip(every, hits, strict=True):
        values["mix"] = math.log(shares[hit.country] / most)


def _sum(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    return math.fsum(weights[name] * value for name, value in values.items())


def all_facts(
    row: ListRow, reading: Reading, hits: Sequence[Hit], context: Context
) -> tuple[list[dict[str, float]], dict[str, float]]:
    """The facts of each candidate, and those of “none of them”."""
    shares: dict[str, float] = {}
    if not reading.place.countries and not reading.told:
        shares = {country: context.share(country) for country in {hit.country for hit in hits}}
    every = [facts(row, reading, hit, hits, context, shares) for hit in hits]
    if shares:
        _add_mix(every, hits, shares)
    return every, none_facts(row, reading, hits, context)


def probabilities(
    row: ListRow, reading: Reading, hits: Sequence[Hit], context: Context
) -> tuple[list[float], list[dict[str, float]]]:
    """The probability of each candidate, and the facts it rests on."""
    every, none = all_facts(row, reading, hits, context)
    logs = [_sum(values, WEIGHTS) for values in every]
    nothing = _sum(none, NONE)
    top = max([nothing, *logs])
    odds = [math.exp(value - top) for value in logs]
    total = math.fsum([*odds, math.exp(nothing - top)])
    return [value / total for value in odds], every
