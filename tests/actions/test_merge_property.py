"""Whatever the registry holds: a merge loses no rule of the database, and an un-merge nothing at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from registry.actions.merge import merge, plan_merge
from registry.actions.unmerge import unmerge
from registry.models import Merge
from tests.actions.registries import LINKS, Registry
from tests.actions.snapshots import snapshot
from tests.factories import make_staff

KINDS = ("cities", "networks", "policies", "organisations", "offices")


@pytest.mark.django_db
class TestMerge(TestCase):
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(links=LINKS, kind=st.sampled_from(KINDS), take=st.booleans())
    def test_an_unmerge_puts_everything_back(self, links: Any, kind: str, take: bool) -> None:
        survivor, merged = Registry(links).pair(kind)
        by = make_staff("e")
        before = snapshot()
        plan = plan_merge(survivor, merged)
        done = merge(
            survivor,
            merged,
            by=by,
            fields={difference.name: "merged" if take else "survivor" for difference in plan.differences},
            links={
                c.key: len(c.options) - 1 if take else 0 for one in plan.all_links() for c in one.conflicts
            },
        )
        assert not type(merged).objects.filter(pid=merged.pid).exists()
        assert type(survivor).objects.filter(pid=survivor.pid).exists()
        unmerge(done, by=by)
        assert snapshot() == before
        assert not Merge.objects.standing().exists()
