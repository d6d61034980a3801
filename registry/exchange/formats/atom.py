"""Atom feeds: the records of a listing that were published last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.feedgenerator import Atom1Feed

MEDIA_TYPE = Atom1Feed.content_type
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """One record of a feed. `key` names it forever; times are those of the history."""

    key: str
    title: str
    link: str
    summary: str
    published: datetime
    updated: datetime


class _Feed(Atom1Feed):
    """Says when the newest entry changed, not when the feed was asked for."""

    def latest_post_date(self) -> datetime:
        dates = [item["updateddate"] for item in self.items if item["updateddate"]]
        return max(dates, default=NEVER)


def feed(*, title: str, about: str, page: str, address: str, entries: Iterable[Entry]) -> str:
    """The feed as text; `page` shows the same rows, `address` is the feed's own."""
    made = _Feed(title=title, link=page, description=about, subtitle=about, feed_url=address)
    for entry in entries:
        made.add_item(
            title=entry.title,
            link=entry.link,
            description=entry.summary,
            unique_id=f"urn:uuid:{entry.key}",
            pubdate=entry.published,
            updateddate=entry.updated,
        )
    return made.writeString("utf-8")
