"""The registry as a Data Package comes back as it was, and nothing of a draft is in the public one."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import frictionless
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pghistory.models import Event

from registry import models as registry
from registry.exchange import columns
from registry.exchange.package import PackageError, export_registry, import_registry
from registry.exchange.package.tables import tables
from registry.models.history import acting, event_models
from tests import factories as make
from tests.actions.registries import LINKS, Registry
from tests.exchange.packages import MARKER, NOT_IN_A_PACKAGE, empty, fill, rows, written
from tests.models.rows import row, save
from tests.models.rows import tables as every_table
from tests.views.rows import make_hub, surround

pytestmark = pytest.mark.django_db
LISTINGS = {one.name: one for one in vars(columns).values() if isinstance(one, columns.Listing)}


@pytest.mark.parametrize("everything", [False, True], ids=["public", "all"])
def test_a_package_comes_back_as_it_was(tmp_path: Path, everything: bool) -> None:
    fill()
    before = written(tmp_path / "before", everything=everything)
    report = frictionless.Package(str(tmp_path / "before" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])
    empty()
    import_registry(tmp_path / "before")
    assert written(tmp_path / "after", everything=everything) == before
    assert registry.PackageLoad.objects.get().as_it_was == everything


TEXT = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=80)


class TestRoundTrip(TestCase):
    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    @given(links=LINKS, everything=st.booleans(), text=TEXT)
    def test_whatever_the_registry_holds(self, links: Any, everything: bool, text: str) -> None:
        Registry(links)
        registry.Network.objects.update(description=text, region=text, acronym=text[:40])
        registry.CityName.objects.all()[0].delete()
        with TemporaryDirectory() as folder:
            before = written(Path(folder) / "before", everything=everything)
            ties = ties_of()
            empty()
            import_registry(Path(folder) / "before")
            assert written(Path(folder) / "after", everything=everything) == before
        assert ties_of() == ties


def ties_of() -> list[Any]:
    """Every direct tie, by what it joins."""
    make.settle()
    names = ("policy__pid", "issue__pid", "city_a__pid", "city_b__pid", "since", "until", "ended")
    found = registry.DirectTie.objects.values_list(*names)
    return sorted((policy, issue, *sorted([a, b]), *days) for policy, issue, a, b, *days in found)


# --- What a package has ----------------------------------------------------------------------------------


def test_every_table_of_the_registry_is_in_the_package_of_everything() -> None:
    have = {table.model for table in tables(everything=True)}
    lacking = {model.__name__ for model in every_table()} - {model.__name__ for model in have}
    assert lacking == NOT_IN_A_PACKAGE
    assert {event for event in apps.get_models() if issubclass(event, Event) and event._meta.managed} <= have


def test_tables_say_of_a_column_what_the_listing_of_the_same_rows_says() -> None:
    for table in tables(everything=False):
        listing = LISTINGS.get(table.name)
        said = {one.name: one for column in listing.columns for one in column.fields} if listing else {}
        for one in table.all_fields:
            if one.name in said:
                assert (one.about, one.type) == (said[one.name].about, said[one.name].type), one.name


def test_nothing_of_drafts_and_staff_is_in_the_public_package(tmp_path: Path) -> None:
    staff = make.make_staff("zora")
    hub = make_hub()
    surround(hub, 1)
    before = written(tmp_path / "before")
    for state in ("draft", "in-review"):
        surround(hub, 2, f"{MARKER} {state}", state)
    registry.Network.objects.update(note=MARKER)
    registry.Citation.objects.update(asserted_by=staff)
    make.cite(registry.City.objects.filter(publication="draft")[0], source=make.make_source(title=MARKER))
    save(row(registry.Proposal, reason=MARKER, patch={"name": MARKER}))
    assert written(tmp_path / "after") == before
    assert not any(word in content for content in before.values() for word in (b"zora", MARKER.encode()))


def test_optional_ends_that_are_drafts_are_left_blank(tmp_path: Path) -> None:
    hub = make_hub()
    seat = make.make_city("Seat", publication="draft")
    registry.Network.objects.update(secretariat=seat)
    registry.CityOffice.objects.update(publication="draft")
    written(tmp_path / "package")
    assert [one["secretariat_id"] for one in rows(tmp_path / "package", "networks")] == [""]
    assert [one["office_id"] for one in rows(tmp_path / "package", "parties")] == [""]
    import_registry(tmp_path / "package")
    hub.network.refresh_from_db()
    assert hub.network.secretariat == seat


def test_a_package_costs_the_same_queries_whatever_it_holds(tmp_path: Path) -> None:
    hub = make_hub()
    found = []
    for number in (1, 5):
        surround(hub, number, f"Many {number}")
        with CaptureQueriesContext(connection) as out:
            export_registry(tmp_path / f"{number}")
        with CaptureQueriesContext(connection) as back:
            import_registry(tmp_path / f"{number}", dry_run=True)
        found.append((len(out), len(back)))
    assert found[0] == found[1]


def test_a_writer_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    make_hub()

    def stop(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_registry(tmp_path / "package", say=stop)
    assert not list(tmp_path.iterdir())


# --- Everything, as it was ---------------------------------------------------------------------------------


def test_rows_made_after_a_load_get_numbers_that_no_row_ever_had(tmp_path: Path) -> None:
    first, last = make.make_network(), make.make_network()
    gone = last.pk
    last.delete()
    written(tmp_path / "package", everything=True)
    empty()
    import_registry(tmp_path / "package")
    assert registry.Network.objects.get(pid=first.pid).pk == first.pk
    assert make.make_network().pk > gone


def test_the_history_of_a_load_is_that_of_the_registry_it_comes_from(tmp_path: Path) -> None:
    with acting(command="the first"):
        network = make.make_network()
    written(tmp_path / "package", everything=True)
    empty()
    call_command("import_registry", str(tmp_path / "package"), verbosity=0)
    found = event_models()[registry.Network].objects.filter(pgh_obj=network.pk)
    assert [event.pgh_context.metadata["command"] for event in found] == ["the first"]
    with acting(command="the second"):
        registry.Network.objects.update(name="Renamed")
    assert [event.pgh_context.metadata["command"] for event in found.all()] == ["the first", "the second"]


def test_accounts_come_without_rights_and_never_stand_for_somebody_else(tmp_path: Path) -> None:
    staff = make.make_staff("zora")
    make.cite(make.make_city(), asserted_by=staff)
    written(tmp_path / "package", everything=True)
    empty()
    import_registry(tmp_path / "package")
    back = registry.Citation.objects.get().asserted_by
    assert back is not None
    assert (back.pk, back.username) == (staff.pk, "zora")
    assert not (back.is_staff or back.is_active or back.is_superuser or back.has_usable_password())
    empty()
    make.make_staff("boris")
    with pytest.raises(PackageError, match="this site has the account “boris”"):
        import_registry(tmp_path / "package")
    assert not registry.City.objects.exists()
