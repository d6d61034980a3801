"""The condition of a constraint, worked out without the database as the database works it out."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from registry.models import Membership
from registry.models.claims import condition_holds

LEAVES = st.sampled_from(
    [
        (Q(since__isnull=True), lambda row: row.since is None),
        (Q(since__isnull=False), lambda row: row.since is not None),
        (Q(status="member"), lambda row: row.status == "member"),
        (Q(status__in=["left", "never"]), lambda row: row.status in ("left", "never")),
    ]
)
CONDITIONS: Any = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(
            lambda two: (two[0][0] & two[1][0], lambda row: two[0][1](row) and two[1][1](row))
        ),
        st.tuples(inner, inner).map(
            lambda two: (two[0][0] | two[1][0], lambda row: two[0][1](row) or two[1][1](row))
        ),
        inner.map(lambda one: (~one[0], lambda row: not one[1](row))),
    ),
    max_leaves=6,
)


@given(CONDITIONS, st.sampled_from([None, "2005"]), st.sampled_from(["member", "left", "never"]))
def test_every_condition_made_of_the_known_lookups(
    condition: tuple[Q, Any], since: str | None, status: str
) -> None:
    row: Any = Membership(status=status)
    row.since = since
    assert condition_holds(condition[0], row) is bool(condition[1](row))


def test_an_empty_text_counts_as_none_where_there_may_be_none() -> None:
    assert condition_holds(Q(since__isnull=True), Membership(since=""))


def test_an_unknown_lookup_is_refused() -> None:
    with pytest.raises(NotImplementedError):
        condition_holds(Q(since__gt="2005"), Membership(since="2006"))
