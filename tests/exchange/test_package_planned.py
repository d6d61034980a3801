"""A package read into a registry that holds something: planned, and applied as a whole."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from registry import models as registry
from registry.exchange.package import PackageError, import_registry
from registry.models.history import event_models
from tests import factories as make
from tests.exchange.packages import (
    change,
    events,
    fill,
    rewrite,
    rows,
    written,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("everything", [False, True], ids=["public", "all"])
def test_reading_back_into_the_same_registry_changes_nothing(tmp_path: Path, everything: bool) -> None:
    fill()
    written(tmp_path / "package", everything=everything)
    before = events()
    plan = import_registry(tmp_path / "package")
    assert (plan.changes, plan.conflicts) == (0, [])
    assert events() == before
    assert ("proposals" in plan.left_out) == everything


def test_what_is_new_is_created_and_what_differs_updated(package: Path) -> None:
    changed = change(package, "networks", 0, name="Another name", founded="2001-05")
    rewrite(
        package,
        "issues",
        [
            *rows(package, "issues"),
            {"id": "6d0c5e0a-7f0f-4b0e-9a55-2f3e4b8c1d70", "name": "New", "slug": "new"},
        ],
    )
    plan = import_registry(package)
    assert (plan.counts["networks"].update, plan.counts["issues"].create, plan.changes) == (1, 1, 2)
    network = registry.Network.objects.get(pid=changed["id"])
    assert (network.name, network.founded) == ("Another name", "2001-05")
    event = event_models()[registry.Network].objects.filter(pgh_obj=network.pk).last()
    assert (event.pgh_label, event.pgh_context.metadata["command"]) == ("update", "import_registry")
    assert registry.PackageLoad.objects.get().counts["networks"] == {"created": 0, "updated": 1}


def test_a_dry_run_prints_the_plan_and_does_nothing(package: Path) -> None:
    change(package, "networks", 0, name="Another name")
    out = StringIO()
    call_command("import_registry", str(package), dry_run=True, stdout=out)
    assert [line.split() for line in out.getvalue().splitlines() if line.startswith("networks")] == [
        ["networks", "0", "1", "4", "0"]
    ]
    assert not registry.Network.objects.filter(name="Another name").exists()
    assert not registry.PackageLoad.objects.exists()


def test_conflicts_are_told_and_nothing_is_done(package: Path) -> None:
    first, second, third, fourth = rows(package, "networks")[:4]
    registry.Network.objects.filter(pid=first["id"]).update(publication="draft")
    registry.Network.objects.get(pid=second["id"]).delete()
    registry.Network.objects.filter(pid=third["id"]).update(slug="moved")
    make.make_network("Taker", slug=fourth["slug"] + "-2")
    change(package, "networks", 3, slug=fourth["slug"] + "-2")
    change(package, "networks", 4, name="Changed")
    said: list[str] = []
    with pytest.raises(PackageError, match="Nothing was done"):
        import_registry(package, say=said.append)
    told = [line for line in said if line.startswith("Conflict: networks")]
    assert told == [
        "Conflict: networks.csv, row 2, id: it is published in the package and a draft here.",
        "Conflict: networks.csv, row 3, id: it was deleted here, or merged into another.",
        "Conflict: networks.csv, row 5, slug: Another record has this address.",
    ]
    assert not registry.Network.objects.filter(name="Changed").exists()
