"""`manage.py import_list`: the report, what is recorded, what is refused, and the kill."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from registry.actions.undo import undo_batch
from registry.choices import ImportState
from registry.models import City, ListImport, ListImportRow, Membership, PolicyParty
from tests.factories import make_city, make_country, make_network, make_policy, make_staff
from tests.models.sessions import other_connection

ROOT = Path(__file__).parents[3]


def gazetteer() -> dict[str, City]:
    """A few cities, two of one name."""
    for code, name in {"FR": "France", "JP": "Japan", "US": "United States"}.items():
        make_country(code, name=name)
    return {
        "paris": make_city("Paris", population=2_138_551, geonames_id=2988507),
        "springfield": make_city("Springfield", country="US", population=160_000, geonames_id=4409896),
        "namesake": make_city("Springfield", country="US", population=155_000, geonames_id=4951788),
        "tokyo": make_city("Tokyo", country="JP", population=9_733_276, geonames_id=1850147),
    }


def written(folder: Path, text: str, name: str = "members.csv") -> str:
    """The path of a file with this text."""
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


LIST = (
    "name,country,since,status\n"
    "Paris,France,2004,\n"
    "Springfield,United States,,\n"
    "Xyzzyville,,,\n"
    "Tokyo,Japan,last year,\n"
)


@pytest.mark.django_db
def test_the_report_has_a_line_for_each_row(tmp_path: Path, capsys: Any) -> None:
    cities, network = gazetteer(), make_network(slug="c40")
    out = tmp_path / "out.csv"
    call_command("import_list", written(tmp_path, LIST), network="c40", report=str(out), date="2025")
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert list(rows[0]) == ["row", "name", "decision", "geonames_id", "city", "score", "reason"]
    assert [(row["row"], row["name"], row["decision"]) for row in rows] == [
        ("2", "Paris", "matched"),
        ("3", "Springfield", "ambiguous"),
        ("4", "Xyzzyville", "unmatched"),
        ("5", "Tokyo", "invalid"),
    ]
    assert (rows[0]["geonames_id"], rows[0]["city"]) == ("2988507", str(cities["paris"].pid))
    assert 0 < float(rows[0]["score"]) <= 1
    assert rows[0]["reason"]
    assert "last year" in rows[3]["reason"]
    said = capsys.readouterr().out
    assert "4 rows: 1 matched, 1 ambiguous, 1 unmatched, 1 invalid." in said
    membership = Membership.objects.get()
    assert (membership.city, membership.since, membership.publication) == (cities["paris"], "2004", "draft")
    rest = network.list_imports.get(state="open")
    assert f"3 rows wait for a decision at /admin/registry/listimport/{rest.pk}/change/" in said
    assert rest.rows.count() == 3
    events: Any = Membership.pgh_event_model.objects.get()  # type: ignore[attr-defined]
    batch = str(network.list_imports.get(state="applied").batch)
    assert events.pgh_context.metadata == {"command": "import_list", "batch": batch}


@pytest.mark.django_db
def test_the_report_tells_the_city_though_a_row_is_not_recorded(tmp_path: Path) -> None:
    """Two rows that contradict each other are both matched; why one is not recorded comes with the reason."""
    cities, _ = gazetteer(), make_network(slug="c40")
    out = tmp_path / "out.csv"
    path = written(tmp_path, "name,country,since\nParis,France,2004\nParis,France,2005\n")
    call_command("import_list", path, network="c40", report=str(out), dry_run=True, verbosity=0)
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert {(row["decision"], row["city"]) for row in rows} == {("matched", str(cities["paris"].pid))}
    assert "Not recorded: Row 2 names this city too and says otherwise (since)." in rows[1]["reason"]


@pytest.mark.django_db
def test_a_report_holds_no_formula(tmp_path: Path) -> None:
    gazetteer()
    make_network(slug="c40")
    out = tmp_path / "out.csv"
    path = written(tmp_path, "name\n=HYPERLINK(1)\n")
    call_command("import_list", path, network="c40", report=str(out), dry_run=True, verbosity=0)
    assert next(csv.DictReader(out.open(encoding="utf-8")))["name"] == "'=HYPERLINK(1)"


@pytest.mark.django_db
def test_a_dry_run_records_nothing(tmp_path: Path, capsys: Any) -> None:
    gazetteer()
    make_network(slug="c40")
    out = tmp_path / "out.csv"
    call_command("import_list", written(tmp_path, LIST), network="c40", report=str(out), dry_run=True)
    assert len(out.read_text().splitlines()) == 5
    assert "Nothing was recorded (--dry-run)." in capsys.readouterr().out
    assert not ListImport.objects.exists()
    assert not Membership.objects.exists()


@pytest.mark.django_db
def test_parties_published_with_their_source(tmp_path: Path) -> None:
    gazetteer()
    policy = make_policy(slug="declaration")
    path = written(tmp_path, "city,country,role\nParis,France,Lead\nTokyo,Japan,Signatory\n")
    call_command(
        "import_list", path, policy="declaration", publish=True, source="https://example.org/d", verbosity=0
    )
    parties = PolicyParty.objects.public().filter(policy=policy).order_by("city__name")
    assert list(parties.values_list("city__name", "role", "citations__source__url")) == [
        ("Paris", "lead", "https://example.org/d"),
        ("Tokyo", "signatory", "https://example.org/d"),
    ]


@pytest.mark.django_db
def test_the_same_file_again_adds_nothing(tmp_path: Path, capsys: Any) -> None:
    gazetteer()
    make_network(slug="c40")
    for _ in range(2):
        call_command("import_list", written(tmp_path, LIST), network="c40")
    assert "0 added as drafts, 0 changed, 0 seen again." in capsys.readouterr().out
    assert Membership.objects.count() == 1


@pytest.mark.django_db
def test_what_the_command_recorded_can_be_undone(tmp_path: Path) -> None:
    gazetteer()
    make_network(slug="c40")
    call_command("import_list", written(tmp_path, LIST), network="c40", publish=True, verbosity=0)
    assert Membership.objects.public().count() == 1
    listing = ListImport.objects.get(state=ImportState.APPLIED)
    undo_batch(str(listing.batch), by=make_staff("chief"))
    assert not Membership.objects.exists()
    assert ListImportRow.objects.filter(listing=listing).count() == 4


@pytest.mark.django_db
def test_the_report_tells_what_could_not_be_read(tmp_path: Path) -> None:
    gazetteer()
    make_network(slug="c40")
    out = tmp_path / "out.csv"
    path = written(tmp_path, "name,country,geonames_id\nParis,FR,abc\nTokyo,Ruritania,\n")
    call_command("import_list", path, network="c40", report=str(out), dry_run=True, verbosity=0)
    paris, tokyo = csv.DictReader(out.open(encoding="utf-8"))
    assert paris["decision"] == "matched"
    assert paris["reason"].endswith("geonames_id: “abc” is not a GeoNames number.")
    assert tokyo["decision"] == "ambiguous"
    assert tokyo["reason"].endswith("“Ruritania” is no country that is known.")


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no network": ({"network": "nowhere"}, "No network has the address “nowhere”."),
    "no policy": ({"policy": "nowhere"}, "No joint policy has the address “nowhere”."),
    "neither": ({}, "one of the two"),
    "both": ({"network": "c40", "policy": "declaration"}, "one of the two"),
    "no score": ({"network": "c40", "accept_above": "high"}, "--accept-above is a number from 0 to 1"),
    "a score too high": ({"network": "c40", "accept_above": "1.5"}, "--accept-above is a number from 0 to 1"),
    "no date": ({"network": "c40", "date": "soon"}, "“soon” is not a date"),
    "no source": ({"network": "c40", "source": "https://no one"}, "not an address"),
    "no report": ({"network": "c40", "report": "/nowhere/out.csv"}, "The report cannot be written"),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_in_one_line(tmp_path: Path, given: dict[str, Any], message: str) -> None:
    gazetteer()
    make_network(slug="c40")
    make_policy(slug="declaration")
    with pytest.raises(CommandError, match=message) as refused:
        call_command("import_list", written(tmp_path, LIST), **given)
    assert "\n" not in str(refused.value)
    assert not ListImport.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"name,country\n", b"\x00\xff\xfe\x01" * 50, None])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    make_network(slug="c40")
    path = tmp_path / "list.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=str(path)) as refused:
        call_command("import_list", str(path), network="c40")
    assert "\n" not in str(refused.value)
    assert not ListImport.objects.exists()


# --- Killed ------------------------------------------------------------------------------------------------


def address() -> str:
    """The address of the tests' database for another process."""
    parameters = connection.get_connection_params()
    who = quote(str(parameters.get("user", "")))
    if parameters.get("password"):
        who += f":{quote(str(parameters['password']))}"
    where = quote(str(parameters.get("host", "")), safe="")
    if parameters.get("port"):
        where += f":{parameters['port']}"
    return f"postgres://{who}@{where}/{parameters['dbname']}"


def start(path: str) -> subprocess.Popen:
    """The import in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_list", path, "--network", "c40", "--publish"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def waits_for_a_lock() -> bool:
    """Whether some other session waits for a lock in the tests' database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])


def until(happens: Any) -> None:
    """Wait for something that happens within a minute."""
    for _ in range(600):
        if happens():
            return
        time.sleep(0.1)
    raise AssertionError("It never happened.")


def nothing_is_left() -> bool:
    """Whether no trace of a list is there."""
    return not (Membership.objects.exists() or ListImport.objects.exists() or ListImportRow.objects.exists())


def members(folder: Path, number: int) -> str:
    """A network and a file that names this many cities."""
    make_network(slug="c40")
    cities = [make_city(geonames_id=number) for number in range(1, number + 1)]
    lines = [f"{city.name},{city.geonames_id}" for city in cities]
    return written(folder, "\n".join(["name,geonames_id", *lines]))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_killed_import_leaves_nothing_and_is_run_again(tmp_path: Path) -> None:
    """Killed while it writes: the list is kept already, and another session holds up the memberships."""
    path = members(tmp_path, 5)
    with other_connection() as other:
        other.execute("LOCK TABLE registry_membership IN SHARE ROW EXCLUSIVE MODE")
        process = start(path)
        until(waits_for_a_lock)
        process.kill()
        process.wait(20)
    until(lambda: other_sessions() == 0)
    assert nothing_is_left()
    assert start(path).wait(60) == 0
    assert Membership.objects.public().count() == 5


@pytest.mark.soak
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_import_killed_at_random_moments_leaves_all_or_nothing(tmp_path: Path) -> None:
    """Twenty times: each kill falls at another moment of the time that a whole import takes."""
    number = 2000
    path = members(tmp_path, number)
    began = time.monotonic()
    assert start(path).wait(120) == 0
    whole = time.monotonic() - began
    assert Membership.objects.count() == number
    finished = 0
    for attempt in range(20):
        Membership.objects.all().delete()
        ListImport.objects.all().delete()
        process = start(path)
        time.sleep(whole * (0.3 + 0.75 * attempt / 19))
        process.send_signal(signal.SIGKILL)
        process.wait(20)
        until(lambda: other_sessions() == 0)
        left = Membership.objects.count()
        finished += left == number
        assert left in (0, number)
        assert (left == 0) == nothing_is_left()
    assert 0 < finished < 20


def other_sessions() -> int:
    """How many other sessions of the tests' database are at work; a browser's stays open without any."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend' AND state <> 'idle'"
        )
        return int(cursor.fetchone()[0])
