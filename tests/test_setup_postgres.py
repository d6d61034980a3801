"""The embedded PostgreSQL: one server for all, back by itself after a crash."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from citynet import postgres

pytestmark = pytest.mark.xdist_group("embedded")


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that the server's user can enter even when root runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="citynet-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def server(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An embedded server of its own, apart from the one that the other tests use."""
    monkeypatch.setattr(postgres, "VAR_DIR", place)
    postgres.ensure_running()
    yield
    postgres.stop()


def query(sql: str) -> list[tuple[object, ...]]:
    """Ask the server; a statement that answers nothing gives no rows."""
    address = f"postgresql://{postgres.ROLE}@/{postgres.DATABASE}?host={postgres.socket_folder()}"
    with psycopg.connect(address, autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


def test_it_listens_on_its_socket_alone_with_our_settings(server: None) -> None:
    """No port of the machine is opened, and the settings file is in force."""
    assert query("SHOW listen_addresses") == [("",)]
    assert query("SHOW shared_buffers") == [("512MB",)]
    assert postgres.socket_folder().stat().st_mode & 0o077 == 0


def test_commands_at_once_share_one_server(server: None) -> None:
    """Several commands that find no server start exactly one."""
    postgres.stop()
    with ThreadPoolExecutor(4) as pool:
        started = list(pool.map(lambda _: postgres.ensure_running(), range(4)))
    assert sorted(started) == [False, False, False, True]


def test_it_recovers_after_being_killed(server: None) -> None:
    """What was committed is there again, and nobody had to remove a lock."""
    query("CREATE TABLE IF NOT EXISTS kept (word text)")
    query("INSERT INTO kept VALUES ('here')")
    os.kill(int(postgres.pid_file()[0]), signal.SIGKILL)
    assert postgres.wait_until(lambda: not postgres.is_listening(), 10)
    assert postgres.ensure_running()
    assert query("SELECT word FROM kept") == [("here",)]


def test_a_process_number_taken_by_another_program_does_not_stop_it(server: None) -> None:
    """After a restart of the machine the number in a left lock file may be anybody's."""
    left = postgres.data_folder() / "postmaster.pid"
    lines = left.read_text().splitlines()
    postgres.stop()
    left.write_text("\n".join([str(os.getppid()), *lines[1:]]))
    if user := postgres.other_user():
        shutil.chown(left, user)
    assert postgres.ensure_running()
    assert query("SELECT 1") == [(1,)]


def test_a_half_made_cluster_is_made_anew(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed while it was first made, it starts over."""
    second = place / "second"
    second.mkdir(mode=0o755)
    monkeypatch.setattr(postgres, "VAR_DIR", second)
    postgres.prepare_home()
    (postgres.home() / "data.partial").mkdir()
    (postgres.home() / "data.partial" / "PG_VERSION").write_text("18")
    try:
        assert postgres.ensure_running()
    finally:
        postgres.stop()


def test_a_full_disk_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """By PostgreSQL's own words, or because there is no room left."""
    said = str(postgres.failure("initdb failed", "could not write: No space left on device\nHINT: …"))
    assert "is full" in said
    assert "\n" not in said
    assert "is full" not in str(postgres.failure("initdb failed", "something else"))
    monkeypatch.setattr(postgres, "NO_ROOM", 2**63)
    assert "is full" in str(postgres.failure("PostgreSQL did not start", ""))


def test_a_deep_folder_gets_a_short_socket(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The system allows a socket's address about a hundred bytes."""
    monkeypatch.setattr(postgres, "VAR_DIR", tmp_path / ("deep" * 30))
    assert len(str(postgres.socket_folder())) < postgres.LONGEST_SOCKET_FOLDER


def test_a_folder_of_somebody_else_is_refused(server: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data or a socket put there by another user is not trusted."""
    with monkeypatch.context() as patch:
        patch.setattr(postgres, "other_user", lambda: "nobody")
        with pytest.raises(postgres.PostgresError, match="belongs to another user"):
            postgres.make_folder(postgres.home())
