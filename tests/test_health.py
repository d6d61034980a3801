"""What a watcher of the site is told."""

import pytest
from django.db import DatabaseError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client


def test_alive_asks_nothing_of_the_database(client: Client) -> None:
    assert client.get("/healthz").content == b"alive\n"


@pytest.mark.django_db
def test_ready_when_the_tables_are_up_to_date(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ready\n")


@pytest.mark.django_db
def test_not_ready_while_a_migration_waits(client: Client) -> None:
    newest = MigrationRecorder.Migration.objects.filter(app="registry").latest("pk")
    newest.delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"migrations are waiting\n")


@pytest.mark.django_db
def test_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr("citynet.health.MigrationExecutor", refuse)
    assert client.get("/readyz").status_code == 503
