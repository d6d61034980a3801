"""A release is frozen whole, tells what changed since the last, and never changes itself."""

from __future__ import annotations

import csv
import hashlib
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import frictionless
import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from registry import models as registry
from registry.exchange.package import import_registry
from registry.exchange.releases import make, make_release
from registry.models import Release
from tests import factories
from tests.exchange.packages import empty, written
from tests.views.rows import Hub, make_hub, surround

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 1, 31, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Any) -> Path:
    settings.RELEASES_ROOT = tmp_path / "releases"
    return tmp_path / "releases"


@pytest.fixture
def hub() -> Hub:
    hub = make_hub()
    surround(hub, 1)
    return hub


def test_a_release_is_a_valid_package_of_what_is_published(hub: Hub, root: Path, tmp_path: Path) -> None:
    surround(hub, 1, "Zyxwv", "draft")
    before = written(tmp_path / "package")
    release = make_release("2026.1", at=DAY)
    archive = root / "2026.1" / "citynet-2026.1.zip"
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == release.sha256
    assert archive.stat().st_size == release.size
    with ZipFile(archive) as packed:
        packed.extractall(tmp_path / "out")
        assert {name: packed.read(name) for name in before if name.endswith("csv")} == {
            name: content for name, content in before.items() if name.endswith("csv")
        }
    package = frictionless.Package(str(tmp_path / "out" / "datapackage.json"))
    assert package.validate().valid
    assert (package.version, package.created) == ("2026.1", "2026-01-31T10:00:00Z")
    empty()
    import_registry(tmp_path / "out")
    assert written(tmp_path / "again") == before


def test_the_same_registry_gives_the_same_file(hub: Hub, tmp_path: Path, settings: Any) -> None:
    first = make_release("2026.1", at=DAY)
    settings.RELEASES_ROOT = tmp_path / "other"
    registry.ReleasedRecord.objects.all().delete()
    with pgtrigger.ignore("registry.Release:stays_as_it_is"):
        Release.objects.all().delete()
    assert make_release("2026.1", at=DAY).sha256 == first.sha256


def test_the_next_release_tells_what_changed(hub: Hub, root: Path) -> None:
    gone = factories.make_network("Gone")
    first = make_release("2026.1", at=DAY)
    assert (first.previous, first.changes) == (None, {})
    assert not (root / "2026.1" / "changes.csv").exists()
    gone.delete()
    hub.network.name = "Renamed"
    hub.network.save()
    town = factories.make_city("Town")
    factories.make_membership(network=hub.network, city=town)
    second = make_release("2026.2", at=DAY)
    assert second.previous == first
    assert second.changes["networks"] == {
        "changed": {"number": 1, "names": ["Renamed"]},
        "removed": {"number": 1, "names": ["Gone"]},
    }
    assert second.changes["memberships"] == {"added": {"number": 1, "names": ["Town – Renamed"]}}
    assert set(second.changes) == {"cities", "city-names", "networks", "memberships"}
    with (root / "2026.2" / "changes.csv").open() as file:
        told = {(row["table"], row["change"], row["id"]): row for row in csv.DictReader(file)}
    assert told[("networks", "changed", str(hub.network.pid))]["columns"] == "name"
    assert ("networks", "removed", str(gone.pid)) in told
    assert Release.objects.count() == 2


def test_releases_that_hold_a_record_are_known(hub: Hub) -> None:
    network = factories.make_network()
    draft = factories.make_network(publication="draft")
    make_release("1")
    registry.Network.objects.filter(pk=network.pk).update(publication="draft")
    registry.Network.objects.filter(pk=draft.pk).update(publication="published")
    make_release("2")
    registry.Network.objects.filter(pk=network.pk).update(publication="published")
    make_release("3")
    make_release("4")

    def held(record: Any) -> list[str]:
        return [release.version for release in Release.objects.holding(record)]

    assert held(network) == ["1", "3", "4"]
    assert held(draft) == ["2", "3", "4"]
    assert held(hub.city) == ["1", "2", "3", "4"]
    assert held(hub.issue) == ["1", "2", "3", "4"]


def test_the_database_keeps_releases_as_they_are(hub: Hub) -> None:
    make_release("2026.1")
    for change in (lambda rows: rows.update(sha256="0"), lambda rows: rows._raw_delete("default")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(Release.objects.all())


@pytest.mark.parametrize("version", ["", "2026 1", "../2026", "a..b", "x" * 41, "2026.1"])
def test_a_version_that_cannot_be_is_refused_in_words(version: str, root: Path) -> None:
    make_release("2026.1")
    with pytest.raises(CommandError):
        call_command("release", version, verbosity=0)
    assert [path.name for path in root.iterdir()] == ["2026.1"]
    assert Release.objects.count() == 1


def test_a_release_that_is_stopped_leaves_nothing(
    hub: Hub, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    for name in ("write_into", "_pack", "_note_records"):
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(make, name, stop)
            make_release("2026.1")
        assert not list(root.iterdir())
        assert not Release.objects.exists()


def test_what_was_left_by_a_kill_just_before_the_end_is_replaced(hub: Hub, root: Path) -> None:
    (root / "2026.1").mkdir(parents=True)
    (root / "2026.1" / "half").touch()
    out = StringIO()
    call_command("release", "2026.1", stdout=out)
    assert not (root / "2026.1" / "half").exists()
    assert Release.objects.get().sha256 in out.getvalue()
