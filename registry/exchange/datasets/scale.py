"""What a value of a research table says of a city in a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from registry.choices import Tier

YES = ("1", "yes", "y", "true", "x", "member")
NO = ("0", "no", "n", "false", "none")
# Points of an additive grade: a tier, and more for founding and hosting.
TIERS = {1: Tier.OBSERVER, 2: Tier.FULL, 3: Tier.PRIVILEGED}
FOUNDING, HOSTING = 1, 2


@dataclass(frozen=True)
class Standing:
    """What is said. `tier` is empty, `founding` and `hosting` are None where the value leaves them open."""

    member: bool
    tier: str = ""
    founding: bool | None = None
    hosting: bool | None = None


Scale = Mapping[str, Standing]


def presence() -> Scale:
    """Member or not: 1 and 0, and the words people write for them."""
    return {**dict.fromkeys(YES, Standing(True)), **dict.fromkeys(NO, Standing(False))}


def grades() -> Scale:
    """Grades that add points: 0 none, 1 observer, 2 full, 3 privileged; +1 founding, +2 hosting.

    Of a sum that can be made in several ways only what all of them have is said: 3 is a privileged member, a
    full one that founded the network, or an observer that hosts it.
    """
    ways: dict[int, list[Standing]] = {0: [Standing(False)]}
    for (points, tier), founding, hosting in product(TIERS.items(), (False, True), (False, True)):
        total = points + FOUNDING * founding + HOSTING * hosting
        ways.setdefault(total, []).append(Standing(True, tier.value, founding, hosting))
    return {str(total): _in_common(found) for total, found in ways.items()}


def _in_common(ways: list[Standing]) -> Standing:
    first = ways[0]
    if not first.member:
        return first
    same = {name for name in ("tier", "founding", "hosting") if len({getattr(w, name) for w in ways}) == 1}
    return Standing(
        True,
        first.tier if "tier" in same else "",
        first.founding if "founding" in same else None,
        first.hosting if "hosting" in same else None,
    )


def plain(value: str) -> str:
    """A value as scales have it: `1.0` is `1`."""
    text = value.strip().lower()
    whole, _, fraction = text.partition(".")
    return whole if whole.isdigit() and fraction and not fraction.strip("0") else text
