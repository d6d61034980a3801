"""How facts of the registry read on a page: periods, dates, labels, where the reader is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from babel.numbers import format_percent
from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from registry.choices import Ended
from registry.exchange.columns import Column
from registry.search.highlight import highlight
from registry.search.words import Words
from registry.templatetags.languages import runs_leftwards

register = template.Library()

SECTIONS = (
    ("city-list", _("Cities")),
    ("network-list", _("Networks")),
    ("policy-list", _("Policies")),
    ("experiment-list", _("Experiments")),
    ("office-list", _("Offices")),
    ("issue-list", _("Issues")),
    ("report-list", _("Reports")),
    ("organisation-list", _("Organisations")),
    ("collaborations", _("Collaborations")),
    ("opportunities", _("Opportunities")),
    ("compare", _("Compare")),
)
_COUNTRY_OF_A_CITY = re.compile(r"-[a-z]{2}(-\d+)?$")
_STARTS = ("since", "founded", "established")
_ENDS = ("until", "dissolved", "closed")


def _first(row: Any, names: tuple[str, ...]) -> str:
    """The first of these that the row has; a row may be a record or a mapping."""
    if isinstance(row, dict):
        return next((row[name] for name in names if row.get(name)), "")
    return next((value for name in names if (value := getattr(row, name, None))), "")


def period_text(since: str, until: str, ended: str = Ended.UNKNOWN, observed_on: str = "") -> str:
    """A period in words: since 2005; 2005–2010; until 2019; seen 2025; date unknown."""
    if since and until:
        if since == until:
            return since
        return f"{since}–{until}" if len(since + until) == 8 else _from_to(since, until)
    seen = _from_to(*observed_on.split(" to ")) if " to " in observed_on else observed_on
    words = {"since": since, "until": until, "seen": seen}
    if until:
        return gettext("until %(until)s") % words
    if since:
        return _since(Ended(ended), seen) % words
    if seen:
        return _seen(Ended(ended)) % words
    return {Ended.ONGOING: gettext("ongoing"), Ended.ENDED: gettext("ended, date unknown")}.get(
        Ended(ended), gettext("date unknown")
    )


def _from_to(first: str, last: str) -> str:
    return gettext("%(first)s to %(last)s") % {"first": first, "last": last}


def _since(ended: Ended, seen: str) -> str:
    if ended == Ended.ONGOING:
        return gettext("since %(since)s, ongoing")
    if ended == Ended.ENDED:
        return gettext("since %(since)s, ended")
    return gettext("since %(since)s, seen %(seen)s") if seen else gettext("since %(since)s")


def _seen(ended: Ended) -> str:
    if ended == Ended.ONGOING:
        return gettext("seen %(seen)s, ongoing")
    return gettext("seen %(seen)s, ended") if ended == Ended.ENDED else gettext("seen %(seen)s")


@register.filter
def period(row: Any) -> str:
    """The period of a row with dates, under whatever names its model gives them."""
    ended = _first(row, ("ended",)) or Ended.UNKNOWN
    return period_text(_first(row, _STARTS), _first(row, _ENDS), ended, _first(row, ("observed_on",)))


@register.filter
def ongoing(row: Any) -> bool:
    """Whether the row is known to last."""
    return _first(row, ("ended",)) == Ended.ONGOING


@register.filter
def label(row: Any, field: str) -> str:
    """The words of a choice: `{{ policy|label:"kind" }}`."""
    return str(getattr(row, f"get_{field}_display")())


@register.filter
def at(rows: Sequence[Any], place: int) -> Any:
    """One of the rows, counted from 0: for columns that stand beside each other."""
    return rows[place]


@register.filter
def percent(share: float) -> str:
    """A share of one in percent: `37%`; what is not nothing is not shown as nothing."""
    small = 0 < share < 0.005
    said = format_percent(0.01 if small else share, locale=get_language())
    return f"<{said}" if small else said


@register.filter
def of(column: Column, row: Any) -> Any:
    """What a column shows of a row."""
    return column.of(row)


@register.filter
def said(column: Column, row: Any) -> str:
    """What a column says of a row, in words."""
    return column.words(row)


@register.simple_tag
def counted(column: Column, row: Any) -> str:
    """The address of the rows that a count of a row has counted."""
    listing, parameter = column.behind or ("", "")
    return f"{reverse(f'{listing}-list')}?{parameter}={row.slug}"


@register.filter
def bare(address: str) -> str:
    """A web address as people say it."""
    return address.partition("://")[2].removeprefix("www.").rstrip("/")


@register.filter
def words(path: str) -> str:
    """What an address seems to name: `/cities/sao-paulo-br/` → `sao paulo`."""
    kind, _, slug = path.strip("/").rpartition("/")
    if kind.rpartition("/")[2] == "cities":
        slug = _COUNTRY_OF_A_CITY.sub("", slug)
    return slug.replace("-", " ")[:80]


@register.filter
def marked(name: str, words: Words) -> SafeString:
    """A name with those of its words marked that answer to what was looked for."""
    pieces = highlight(name, words)
    html = format_html_join("", "{}", ((_mark(text) if yes else text,) for text, yes in pieces))
    return format_html("<bdi>{}</bdi>", html) if runs_leftwards(name) else html


def _mark(text: str) -> SafeString:
    return format_html("<mark>{}</mark>", text)


@register.simple_tag
def tie_cell(ask: Any, head: Any, column: Any) -> str:
    """The question whose rows a cell of a matrix counts; empty where there is none."""
    return str(ask.cell(head, column))


@register.simple_tag
def tie_row(ask: Any, head: Any) -> str:
    """The question whose rows a row of a matrix counts."""
    return str(ask.row(head))


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> SafeString:
    """The sections of the site, the present one marked."""
    request = context.get("request")
    here = request.path if request else ""
    return format_html_join(
        "",
        '<li><a href="{}"{}>{}</a></li>',
        ((url, _current(here.startswith(url)), words) for url, words in _sections()),
    )


def _sections() -> list[tuple[str, str]]:
    return [(reverse(name), str(words)) for name, words in SECTIONS]


def _current(yes: bool) -> SafeString:
    return format_html(' aria-current="{}"', "true") if yes else SafeString("")
