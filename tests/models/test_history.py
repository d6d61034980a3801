"""History: every change of every table, by whatever path, with who made it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pgtrigger
import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, User
from django.core.management import call_command
from django.db import ProgrammingError, connection, models, transaction
from django.db.transaction import TransactionManagementError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pghistory.models import Context, Event

from registry import models as registry
from registry.models.history import RegistryCommand, StaffHistoryMiddleware, acting, attribute_copy
from tests.factories import make_city, make_country, make_network, make_staff
from tests.models.rows import copy, ends_of, insert_raw, row, save, tables

DERIVED = {
    registry.Tie: "computed by the database from recorded rows",
    registry.TakingPart: "computed by the database from recorded rows",
    registry.LargePolicy: "computed by the database from recorded rows",
    registry.ApiToken: "kept beside the registry, since a history would keep what was revoked",
    registry.PackageLoad: "a note beside the history, which a package brings with it",
    registry.Release: "never changes",
    registry.ReleasedRecord: "found out again from the files of the releases",
    registry.ListImportRow: "a working paper: what came of it is in the history of the memberships",
}
EVENTS: dict[type[models.Model], Any] = {
    cast(Any, event.pgh_tracked_model)._meta.concrete_model: event
    for event in apps.get_app_config("registry").get_models()
    if issubclass(event, Event)
}
RECORDED = [model for model in tables() if model not in DERIVED]
# Rows that the database refuses to change.
UNCHANGED = (registry.Alias, registry.DatasetFile)
# A column that may change without breaking a rule of another.
CHANGES: dict[type[models.Model], dict[str, Any]] = {
    registry.Alias: {},
    registry.Citation: {"quote": "Changed"},
    registry.CityName: {"language": "pt"},
    registry.Country: {"official_name": "Changed"},
    registry.Dataset: {"licence": "Changed"},
    registry.Division: {"name": "Changed"},
    registry.Identifier: {"value": "changed"},
    registry.Issue: {"description": "Changed"},
    registry.IssueMapping: {"match": "exact"},
    registry.IssueScheme: {"name": "Changed"},
    registry.ObservedMembership: {"since": "2001"},
    registry.TaughtName: {"beside": "Changed"},
    registry.Merge: {"survivor_name": "Changed"},
    registry.NetworkName: {"language": "pt"},
    registry.SavedSearch: {"name": "Changed"},
    registry.NotDuplicate: {"kind": "organisation"},
    registry.Observation: {"city_id": lambda: make_city().pk},
    registry.Proposal: {"reason": "Changed"},
    registry.ReviewComment: {"text": "Changed"},
    registry.SchemeConcept: {"label": "Changed"},
    registry.Source: {"publisher": "Changed"},
}


def change_of(model: type[models.Model]) -> dict[str, Any]:
    """New values for some column of a row of this table."""
    if model._meta.auto_created:
        return dict([next(reversed(ends_of(model).items()))])
    changes = CHANGES.get(model, {"note": "Changed"})
    return {name: value() if callable(value) else value for name, value in changes.items()}


def events(instance: Any) -> list[Any]:
    """What was recorded of the row, in order."""
    return list(EVENTS[type(instance)].objects.filter(**{instance._meta.pk.attname: instance.pk}))


def states(instance: Any) -> list[tuple[str, dict[str, Any]]]:
    """Each event's label and the row as it recorded it."""
    fields = [field.attname for field in instance._meta.concrete_fields if not field.generated]
    return [(e.pgh_label, {name: getattr(e, name) for name in fields}) for e in events(instance)]


def state(instance: Any) -> dict[str, Any]:
    """The row as it stands in its table, without what the database computes."""
    return (
        type(instance)
        ._base_manager.filter(pk=instance.pk)
        .values(*(field.attname for field in instance._meta.concrete_fields if not field.generated))[0]
    )


def by_save(instance: Any) -> None:
    instance.save(force_insert=True)


def by_copy(instance: Any) -> None:
    copy([instance])


def written(model: type[models.Model], by: Callable[[Any], Any]) -> Any:
    """A row written by this path, as the table has it."""
    instance = row(model)
    before = list(model._base_manager.values_list("pk", flat=True))
    by(instance)
    return model._base_manager.exclude(pk__in=before).get()


@pytest.mark.django_db
@pytest.mark.parametrize("by", [by_save, save, insert_raw, by_copy], ids=lambda by: by.__name__)
@pytest.mark.parametrize("model", RECORDED, ids=lambda model: model.__name__)
def test_every_insert_is_recorded(model: type[models.Model], by: Callable[[Any], Any]) -> None:
    instance = written(model, by)
    assert states(instance) == [("insert", state(instance))]


def update_raw(instance: Any, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        field = instance._meta.get_field(name)
        with connection.cursor() as cursor:
            cursor.execute(
                f'UPDATE "{instance._meta.db_table}" SET "{field.column}" = %s'
                f' WHERE "{instance._meta.pk.column}" = %s',
                [getattr(value, "pk", value), instance.pk],
            )


def update_by_queryset(instance: Any, changes: dict[str, Any]) -> None:
    type(instance)._base_manager.filter(pk=instance.pk).update(**changes)


def update_by_save(instance: Any, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(instance, name, value)
    instance.save(update_fields=list(changes))


UPDATES = [update_by_save, update_by_queryset, update_raw]


@pytest.mark.django_db
@pytest.mark.parametrize("by", UPDATES, ids=lambda by: by.__name__)
@pytest.mark.parametrize("model", [m for m in RECORDED if m not in UNCHANGED], ids=lambda m: m.__name__)
def test_every_update_is_recorded(model: type[models.Model], by: Callable[..., None]) -> None:
    instance = written(model, save)
    before = state(instance)
    by(instance, change_of(model))
    after = state(instance)
    assert before != after
    assert states(instance) == [("insert", before), ("update", after)]
    update_by_queryset(
        instance, {name: value for name, value in after.items() if name != model._meta.pk.attname}
    )
    assert len(events(instance)) == 2, "an update that changes nothing is no change"


def delete_by_queryset(instance: Any) -> None:
    type(instance)._base_manager.filter(pk=instance.pk).delete()


def delete_raw(instance: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f'DELETE FROM "{instance._meta.db_table}" WHERE "{instance._meta.pk.column}" = %s', [instance.pk]
        )


@pytest.mark.django_db
@pytest.mark.parametrize("by", [delete_by_queryset, delete_raw], ids=lambda by: by.__name__)
@pytest.mark.parametrize("model", [m for m in RECORDED if m is not registry.Alias], ids=lambda m: m.__name__)
def test_every_delete_is_recorded(model: type[models.Model], by: Callable[[Any], None]) -> None:
    instance = written(model, save)
    before = state(instance)
    by(instance)
    assert not model._base_manager.filter(pk=instance.pk).exists()
    assert states(instance) == [("insert", before), ("delete", before)]


def test_every_table_has_its_events() -> None:
    assert set(EVENTS) == set(RECORDED)
    for model in RECORDED:
        triggers = {t.name for owner, t in pgtrigger.registered() if owner._meta.concrete_model is model}
        assert triggers >= {"insert_insert", "update_update", "delete_delete"}, model
        own = {field.attname for field in model._meta.concrete_fields if not field.generated}
        assert own <= {field.attname for field in EVENTS[model]._meta.concrete_fields}, model


@pytest.mark.django_db
@pytest.mark.parametrize("model", RECORDED, ids=lambda model: model.__name__)
def test_events_are_only_added(model: type[models.Model]) -> None:
    event = events(written(model, save))[0]
    everything = type(event).objects.filter(pk=event.pk)
    with pytest.raises(ProgrammingError, match="update or delete"), transaction.atomic():
        everything.update(pgh_label="insert")
    with pytest.raises(ProgrammingError, match="update or delete"), transaction.atomic():
        everything.delete()


# --- Who -------------------------------------------------------------------------------------------------


def who(instance: Any) -> list[dict[str, Any]]:
    """The metadata of each event of the row."""
    return [event.pgh_context.metadata for event in events(instance)]


@pytest.mark.django_db
def test_a_change_that_nobody_claims_names_the_database_role() -> None:
    for by in (by_save, save, insert_raw, by_copy):
        (named,) = who(written(registry.Organisation, by))
        assert set(named) == {"database_role"}
        assert named["database_role"]


@pytest.mark.django_db
def test_a_request_names_the_account(rf: RequestFactory) -> None:
    user = make_staff("amina", "Contributor")

    def view(request: HttpRequest) -> HttpResponse:
        for by in (by_save, save, insert_raw):
            made.append(written(registry.Organisation, by))
        registry.Organisation.objects.update(note="Changed")
        return HttpResponse()

    made: list[Any] = []
    request = rf.post("/admin/registry/organisation/add/")
    request.user = user
    StaffHistoryMiddleware(view)(request)
    expected = {"user": user.pk, "username": "amina", "url": "/admin/registry/organisation/add/"}
    for organisation in made:
        assert who(organisation) == [expected, expected]
    User.objects.filter(pk=user.pk).delete()
    assert who(made[0])[0]["username"] == "amina"


@pytest.mark.django_db
def test_a_visitor_has_no_name(rf: RequestFactory) -> None:
    request = rf.post("/")
    request.user = AnonymousUser()
    made: list[Any] = []

    def view(request: HttpRequest) -> HttpResponse:
        made.append(written(registry.Organisation, save))
        return HttpResponse()

    StaffHistoryMiddleware(view)(request)
    assert who(made[0]) == [{"user": None, "url": "/"}]


@pytest.mark.django_db
def test_a_command_names_itself() -> None:
    class Command(RegistryCommand):
        def handle(self, *args: Any, **options: Any) -> None:
            made.append(written(registry.Organisation, save))

    made: list[Any] = []
    Command.__module__ = "registry.management.commands.import_list"
    call_command(Command())
    assert who(made[0]) == [{"command": "import_list"}]


@pytest.mark.django_db
def test_a_command_says_that_no_trigger_is_ignored() -> None:
    class Command(RegistryCommand):
        def handle(self, *args: Any, **options: Any) -> str:
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('pgtrigger.ignore')")
                return cursor.fetchone()[0]

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '', false)")
    assert call_command(Command()) == "{}"


@pytest.mark.django_db
def test_a_copy_is_attributed_on_request() -> None:
    attribute_copy(command="load_gazetteer")
    copy([organisation := row(registry.Organisation)])
    made = registry.Organisation.objects.get(slug=organisation.slug)
    assert who(made) == [{"command": "load_gazetteer"}]


@pytest.mark.usefixtures("committed")
def test_a_copy_outside_a_transaction_is_a_mistake() -> None:
    with pytest.raises(TransactionManagementError):
        attribute_copy(command="load_gazetteer")


@pytest.mark.django_db
def test_statements_of_one_transaction_share_a_context() -> None:
    with acting(command="one"):
        first, second = make_network(), make_network()
        registry.Network.objects.update(note="Changed")
    contexts = {event.pgh_context_id for network in (first, second) for event in events(network)}
    assert len(contexts) == 1
    with acting(command="two"):
        third = make_network()
        with acting(reason="the list of 2024"):
            fourth = make_network()
    assert {event.pgh_context_id for event in events(third)}.isdisjoint(contexts)
    assert who(third) == who(fourth) == [{"command": "two", "reason": "the list of 2024"}]


@pytest.mark.usefixtures("committed")
def test_nobody_answers_for_the_next_transaction() -> None:
    with acting(command="claimed"), transaction.atomic():
        first = make_network()
    second = make_network()
    with transaction.atomic():
        attribute_copy(command="copied")
        copy([by_command := row(registry.Organisation)])
    copy([by_nobody := row(registry.Organisation)])
    with transaction.atomic():
        third, fourth = make_network(), make_network()
    assert who(first) == [{"command": "claimed"}]
    assert who(registry.Organisation.objects.get(slug=by_command.slug)) == [{"command": "copied"}]
    unclaimed = [second, third, fourth, registry.Organisation.objects.get(slug=by_nobody.slug)]
    assert all(set(named) == {"database_role"} for record in unclaimed for named in who(record))
    contexts = [events(record)[0].pgh_context_id for record in (second, third, fourth)]
    assert contexts[0] != contexts[1] == contexts[2]


@pytest.mark.usefixtures("committed")
def test_what_is_rolled_back_is_not_recorded() -> None:
    before = Context.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        make_network()
        raise RuntimeError
    assert not EVENTS[registry.Network].objects.exists()
    assert Context.objects.count() == before
    with transaction.atomic():
        with pytest.raises(RuntimeError), transaction.atomic():
            make_network()
            raise RuntimeError
        network = make_network()
    assert [set(named) for named in who(network)] == [{"database_role"}]


# --- Cost ------------------------------------------------------------------------------------------------


def rows_touched() -> int:
    """Rows that this transaction has read, written or looked up so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0) + n_tup_ins + n_tup_upd + n_tup_del)"
            " FROM pg_stat_xact_user_tables"
        )
        (touched,) = cursor.fetchone() or (0,)
    return int(touched)


@pytest.mark.django_db
def test_the_cost_of_history_grows_with_the_rows() -> None:
    """Row by row it would grow with their square."""
    country = make_country()
    registry.City.objects.create(name="Warm", slug="warm", country=country)
    costs = {}
    for number in (2_000, 20_000):
        cities = [
            registry.City(name=f"City {number}", slug=f"city-{number}-{index}", country=country)
            for index in range(number)
        ]
        recorded, before = EVENTS[registry.City].objects.count(), rows_touched()
        copy(cities)
        costs[number] = rows_touched() - before - recorded
        assert EVENTS[registry.City].objects.count() == recorded + number
    assert costs[20_000] < costs[2_000] * 11, costs
