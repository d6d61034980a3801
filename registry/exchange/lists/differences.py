"""How what a row says differs from what is recorded of the city."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from anyascii import anyascii

from registry.choices import Ended, MembershipStatus
from registry.exchange.lists.given import Said
from registry.exchange.lists.rosters import is_over
from registry.models import Membership
from registry.models.dates import date_bounds

NAMES = {"observed_on": "observed on"}


@dataclass
class Differences:
    """`fills` are values that the record lacks or has less precisely, `asks` those that contradict it.

    Each maps a field to what is recorded and what the list says. `seen` is a later date at which the
    list shows what is recorded. `joined_again` says that the record is over and the list shows the city.
    """

    fills: dict[str, tuple[str, str]] = field(default_factory=dict)
    asks: dict[str, tuple[str, str]] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    joined_again: str = ""

    @property
    def distance(self) -> tuple[int, int]:
        """How far the record is from what the row says: contradictions weigh more than gaps."""
        return len(self.asks) + bool(self.joined_again), len(self.fills)

    def changes(self, record: Any) -> dict[str, str]:
        """The values that the record takes over."""
        values = {name: said for found in (self.fills, self.asks) for name, (_, said) in found.items()}
        if values.get("until") and record.ended == Ended.ONGOING:
            values["ended"] = Ended.UNKNOWN.value
        return {**self.seen, **values}

    def words(self) -> str:
        """What differs, in words that name both."""
        if self.joined_again:
            return f"{self.joined_again} Taking the list's adds a second period."
        told = [
            f"{_called(name)}: {said} {f'instead of {had}' if had else 'is new'}"
            for name, (had, said) in self.fills.items()
        ]
        told += [
            f"{_called(name)}: the registry has {had or 'none'}, the list {said}"
            for name, (had, said) in self.asks.items()
        ]
        told += [f"seen again on {day}" for day in self.seen.values()]
        text = "; ".join(told)
        return f"{text[0].upper()}{text[1:]}." if text else ""


def compare(said: Said, record: Any, observed_on: str | None, day: str) -> Differences:
    """What differs. `day` is the list's date, or today where it has none."""
    found = Differences()
    shows_it_now = not said.until and not said.ended and said.status in ("", MembershipStatus.MEMBER)
    if shows_it_now and not said.since and is_over(record, day):
        found.joined_again = f"Recorded as over{f', until {record.until}' if record.until else ''}."
        return found
    for name in ("since", "until"):
        _date(found, name, getattr(said, name), record)
    _texts(found, said, record)
    if isinstance(record, Membership):
        _status(found, said, record)
    if said.ended and not is_over(record, day):
        (found.asks if record.ended == Ended.ONGOING else found.fills)["ended"] = (record.ended, said.ended)
    if shows_it_now and not said.since:
        _seen(found, record, observed_on)
    return found


def _date(found: Differences, name: str, said: str | None, record: Any) -> None:
    """A date of the same days is no difference, nor is a less precise one around the one recorded."""
    recorded = getattr(record, name) or ""
    if not said or said == recorded or recorded.startswith(f"{said}-"):
        return
    goes_on = name == "until" and record.ended == Ended.ONGOING
    refines = not goes_on and (not recorded or said.startswith(f"{recorded}-"))
    (found.fills if refines else found.asks)[name] = (recorded or "ongoing" * goes_on, said)


def _texts(found: Differences, said: Said, record: Any) -> None:
    for name in ("tier", "role"):
        mine, its = getattr(said, name), getattr(record, name, "")
        if mine and _plain(mine) != _plain(its):
            (found.asks if its else found.fills)[name] = (its, mine)


def _status(found: Differences, said: Said, record: Membership) -> None:
    """A list that gives no status shows members; one that gives an end may show a former one."""
    status = said.status or MembershipStatus.MEMBER.value
    if record.status == status:
        return
    if not said.status and record.status == MembershipStatus.LEFT:
        return
    # That it is not known is itself recorded: a list that says nothing of the status does not settle it.
    settles = said.status and record.status == MembershipStatus.UNKNOWN
    (found.fills if settles else found.asks)["status"] = (record.status, status)


def _seen(found: Differences, record: Any, observed_on: str | None) -> None:
    """Note the list's date where it proves more than is recorded and takes nothing away.

    A record without a start is proved at its one date only: a later one would take its place.
    """
    if not observed_on or record.until or record.ended != Ended.UNKNOWN:
        return
    first = date_bounds(observed_on)[0]
    if record.observed_on:
        proves_more = bool(record.since) and date_bounds(record.observed_on)[0] < first
    else:
        proves_more = not record.since or date_bounds(record.since)[0] <= first
    if proves_more and isinstance(record, Membership):
        found.seen["observed_on"] = observed_on


def _called(name: str) -> str:
    return NAMES.get(name, name)


def _plain(text: str) -> str:
    return " ".join(anyascii(text).lower().split())
