"""Partial dates: Python and SQL agree on every text, and the ranges say what is known and no more."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.forms import modelform_factory
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.choices import Ended
from registry.models import Membership
from registry.models.dates import date_bounds, date_range
from tests.factories import make_city, make_country, make_membership, make_network

pytestmark = pytest.mark.django_db

partial_dates = st.one_of(
    st.integers(1000, 2999).map(str),
    st.dates(date(1000, 1, 1), date(2999, 12, 31)).map(lambda day: f"{day:%Y-%m}".zfill(7)),
    st.dates(date(1000, 1, 1), date(2999, 12, 31)).map(date.isoformat),
)
almost_dates = st.from_regex(r"[0-9٣]{3,5}(-[0-9]{1,3}){0,3}[\n ]?", fullmatch=True)
shapes = st.from_regex(r"[0-3][0-9]{3}-[01][0-9](-[0-3][0-9])?", fullmatch=True)
garbage = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)
texts = st.one_of(partial_dates, shapes, almost_dates, garbage)


def ask(sql: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


@given(st.lists(texts, max_size=60))
@settings(max_examples=60, deadline=None)
def test_python_and_sql_agree_on_every_text(values: list[str]) -> None:
    answers = ask(
        "SELECT text, registry_is_partial_date(text), registry_date_lower(text), registry_date_upper(text)"
        " FROM unnest(%s::text[]) AS text",
        values,
    )
    for value, valid, lower, upper in answers:
        try:
            expected: Any = (True, *date_bounds(value))
        except ValidationError:
            expected = (False, None, None)
        assert (valid, lower, upper) == expected, value


optional = st.none() | partial_dates
facts = st.tuples(optional, optional, st.sampled_from(Ended.values), optional)


@given(st.lists(facts, min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_what_is_certain_is_possible(rows: list[tuple[str | None, ...]]) -> None:
    answers = ask(
        """
        SELECT certain <@ possible, certain IS NOT NULL, registry_in_order(since, until)
        FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) AS row(since, until, ended, observed_on),
            registry_certain(since, until, ended, observed_on) AS certain,
            registry_possible(since, until) AS possible
        """,
        *(list(column) for column in zip(*rows, strict=True)),
    )
    for row, (within, has_certain, in_order) in zip(rows, answers, strict=True):
        since, until, _, observed_on = row
        backwards = bool(since and until and date_bounds(since)[0] >= date_bounds(until)[1])
        assert in_order is not backwards
        assert within is (True if has_certain else None), row
        assert has_certain == (bool(since or until or observed_on) and not backwards), row


@given(optional, optional)
@settings(max_examples=100, deadline=None)
def test_python_and_sql_agree_on_periods(since: str | None, until: str | None) -> None:
    (answer,) = ask("SELECT registry_possible(%s, %s)", since, until)[0]
    try:
        assert answer == (date_range(since, until) or DateRange(None, None))
    except ValidationError:
        assert answer is None


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def days(lower: str | None, upper: str | None) -> DateRange:
    return DateRange(day(lower), day(upper))


# What a row says, what is certain then, and what is possible.
RANGES: dict[str, tuple[dict[str, str], DateRange | None, DateRange]] = {
    "nothing is known": ({}, None, days(None, None)),
    "ongoing, since nobody knows when": ({"ended": "ongoing"}, None, days(None, None)),
    "ended, nobody knows when": ({"ended": "ended"}, None, days(None, None)),
    "a start proves its own year": (
        {"since": "2005"},
        days("2005-01-01", "2006-01-01"),
        days("2005-01-01", None),
    ),
    "a start proves its own month": (
        {"since": "2005-12"},
        days("2005-12-01", "2006-01-01"),
        days("2005-12-01", None),
    ),
    "until is inclusive at its precision": (
        {"until": "2010"},
        days("2010-01-01", "2011-01-01"),
        days(None, "2011-01-01"),
    ),
    "until a month": ({"until": "2010-02"}, days("2010-02-01", "2010-03-01"), days(None, "2010-03-01")),
    "until a day": ({"until": "2010-02-28"}, days("2010-02-28", "2010-03-01"), days(None, "2010-03-01")),
    "from start to end": (
        {"since": "2005", "until": "2010"},
        days("2005-01-01", "2011-01-01"),
        days("2005-01-01", "2011-01-01"),
    ),
    "within one year": (
        {"since": "2005-11", "until": "2005"},
        days("2005-11-01", "2006-01-01"),
        days("2005-11-01", "2006-01-01"),
    ),
    "ongoing has no end": (
        {"since": "2005", "ended": "ongoing"},
        days("2005-01-01", None),
        days("2005-01-01", None),
    ),
    "a snapshot proves that date only": (
        {"observed_on": "2024-05-06"},
        days("2024-05-06", "2024-05-07"),
        days(None, None),
    ),
    "a snapshot of what goes on": (
        {"observed_on": "2024", "ended": "ongoing"},
        days("2024-01-01", None),
        days(None, None),
    ),
    "from a start to a later snapshot": (
        {"since": "2005", "observed_on": "2010-06"},
        days("2005-01-01", "2010-07-01"),
        days("2005-01-01", None),
    ),
    "from a snapshot to the end": (
        {"observed_on": "2008", "until": "2010-06", "ended": "ended"},
        days("2008-01-01", "2010-07-01"),
        days(None, "2010-07-01"),
    ),
    "an end that is not known ends the proof, not the possibility": (
        {"since": "2005", "ended": "ended"},
        days("2005-01-01", "2006-01-01"),
        days("2005-01-01", None),
    ),
}


@pytest.mark.parametrize(("given_dates", "certain", "possible"), RANGES.values(), ids=RANGES)
def test_ranges(given_dates: dict[str, str], certain: DateRange | None, possible: DateRange) -> None:
    membership = make_membership(**given_dates)
    membership.refresh_from_db()
    assert (membership.certain, membership.possible) == (certain, possible)


def test_during_returns_what_is_certain_and_on_request_what_is_possible() -> None:
    known = make_membership(since="2005", until="2010")
    open_ended = make_membership(since="2005")
    undated = make_membership()
    in_2008, in_2005 = date_range("2008", "2008"), date_range("2005-06", "2005-06")
    assert set(Membership.objects.during(in_2008)) == {known}
    assert set(Membership.objects.during(in_2005)) == {known, open_ended}
    assert set(Membership.objects.during(in_2008, "possible")) == {known, open_ended, undated}
    assert set(Membership.objects.during(None)) == {known, open_ended, undated}
    assert not Membership.objects.during(date_range("2011", "2011")).exists()


def test_a_form_keeps_the_precision_and_explains_what_it_takes() -> None:
    form_class = modelform_factory(Membership, fields=["city", "network", "status", "since", "until"])
    pair = {"city": make_city().pk, "network": make_network().pk, "status": "member"}
    form = form_class({**pair, "since": " 2005-11 ", "until": ""})
    assert form.is_valid(), form.errors
    saved = form.save()
    saved.refresh_from_db()
    assert (saved.since, saved.until) == ("2005-11", None)
    for wrong in ("20005", "yesterday", "2005-13", "2005-02-30", "0999", "2005\x00", "٢٠٠٥", "x" * 10_000):
        form = form_class({**pair, "since": wrong, "until": "2010"})
        assert set(form.errors) == {"since"}, wrong
        assert len(str(form.errors["since"])) < 400


def test_questions_about_a_date_use_an_index() -> None:
    """On a table of a size at which PostgreSQL has the choice."""
    make_country()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO registry_city (name, slug, country_id)
                SELECT 'City', 'city-' || number, 'FR' FROM generate_series(1, 300) AS number;
            INSERT INTO registry_network (name, slug, scope)
                SELECT 'Network', 'network-' || number, 'national' FROM generate_series(1, 20) AS number;
            INSERT INTO registry_membership (city_id, network_id, since, until)
                SELECT city.id, network.id, year, year
                FROM registry_city city, registry_network network,
                    LATERAL (SELECT (1950 + (city.id * 20 + network.id) % 70)::text AS year) AS dated;
            ANALYZE registry_membership;
            """
        )
    asked = date_range("1960-05-06", "1960-05-06")
    memberships = Membership.objects.order_by()
    assert "membership_certain" in memberships.during(asked).explain()
    assert "membership_possible" in memberships.during(asked, "possible").explain()
    assert "membership_since" in memberships.order_by("since", "id")[:20].explain()
    assert "membership_of_" in memberships.filter(network=1, city=1).explain()
