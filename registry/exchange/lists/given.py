"""What a row says of a city's part, read: dates, standing and role in the words that lists use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from anyascii import anyascii
from django.core.exceptions import ValidationError
from django.db.models import TextChoices

from registry.actions.cite import read_reference
from registry.choices import Ended, MembershipStatus, PartyRole, Tier
from registry.models.dates import date_bounds, date_range

# What lists call it besides the registry's own values and labels.
STATUSES = {
    MembershipStatus.MEMBER: ("active", "current", "full member", "yes", "joined", "active member"),
    MembershipStatus.APPLICANT: ("candidate", "applying", "pending"),
    MembershipStatus.LEFT: ("former", "former member", "withdrawn", "inactive", "ended", "past member"),
    MembershipStatus.NEVER: ("never", "no", "not a member", "non member"),
    MembershipStatus.UNKNOWN: ("not known",),
}
TIERS = {
    Tier.OBSERVER: ("observer city", "observing member"),
    Tier.FULL: ("full member",),
    Tier.PRIVILEGED: ("privileged member",),
}
ROLES = {
    PartyRole.LEAD: ("leader", "lead partner", "lead city", "coordinator", "co lead"),
    PartyRole.PARTNER: ("party", "participant", "partner city", "member"),
    PartyRole.SIGNATORY: ("signed", "signer", "signatory city"),
    PartyRole.OBSERVER: ("observer city",),
}
LONGEST_ROLE = 200


@dataclass(frozen=True)
class Said:
    """What a row says; empty where it is silent. `problem` says in words what cannot be recorded."""

    since: str | None = None
    until: str | None = None
    status: str = ""
    tier: str = ""
    role: str = ""
    ended: str = ""
    problem: str = ""

    @property
    def weight(self) -> int:
        """How many things it says."""
        return sum(bool(value) for value in self._values)

    def is_within(self, other: Said) -> bool:
        """Whether it says nothing that the other row does not say."""
        return all(not mine or mine == its for mine, its in zip(self._values, other._values, strict=True))

    @property
    def _values(self) -> tuple[str | None, ...]:
        return (self.since, self.until, self.status, self.tier, self.role)


def read_member(row: Any) -> Said:
    """What a row of a network's list says. Its role is kept in the source's own words."""
    problems = _problems(row)
    status, tier = _known(STATUSES, MembershipStatus, row.status), _known(TIERS, Tier, row.status)
    if row.status and not status and not tier:
        problems.append(_unknown(row.status, "status", MembershipStatus, Tier))
    if len(row.role) > LONGEST_ROLE:
        problems.append(f"role: at most {LONGEST_ROLE} characters can be kept.")
    ended = Ended.ENDED if status == MembershipStatus.LEFT and not row.until else ""
    return Said(row.since or None, row.until or None, status, tier, row.role, str(ended), " ".join(problems))


def read_party(row: Any) -> Said:
    """What a row of a joint policy's list says. A party has a role of four, and no status but its end."""
    problems = _problems(row)
    role = _known(ROLES, PartyRole, row.role)
    if row.role and not role:
        problems.append(_unknown(row.role, "role", PartyRole))
    status = _known(STATUSES, MembershipStatus, row.status)
    if row.status and not status:
        problems.append(_unknown(row.status, "status", MembershipStatus))
    ended = Ended.ENDED if status == MembershipStatus.LEFT and not row.until else ""
    return Said(row.since or None, row.until or None, "", "", role, str(ended), " ".join(problems))


def _problems(row: Any) -> list[str]:
    found: list[str] = []
    for name, value in (("since", row.since), ("until", row.until)):
        try:
            if value:
                date_bounds(value)
        except ValidationError as error:
            found.append(f"{name}: {error.messages[0]}")
    if not found and row.since and row.until:
        try:
            date_range(row.since, row.until)
        except ValidationError as error:
            found.append(f"until: {error.messages[0]}")
    if row.source:
        try:
            read_reference(row.source)
        except ValidationError as error:
            found.append(f"source: {error.messages[0]}")
    return found


def _unknown(text: str, column: str, *choices: type[TextChoices]) -> str:
    values = ", ".join(value for one in choices for value in one.values)
    return f"{column}: “{text[:60]}” is none of {values}."


def _known(words: dict[Any, tuple[str, ...]], choices: type[TextChoices], text: str) -> str:
    """The value that a text stands for; empty if it stands for none."""
    return _table(tuple(words.items()), choices).get(_plain(text), "") if text else ""


@cache
def _table(words: tuple[Any, ...], choices: type[TextChoices]) -> dict[str, str]:
    table = {_plain(word): str(value) for value, several in words for word in several}
    return table | {_plain(text): value for value, label in choices.choices for text in (value, str(label))}


def _plain(text: str) -> str:
    return " ".join(anyascii(text).lower().replace("-", " ").split())
