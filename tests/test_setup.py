"""The two commands: what they check first, keep and say."""

import importlib.util
import os
import re
import shutil
import socket
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model

from citynet import check, local, ports, setup, steps
from citynet.management.commands.prepare_site import ensure_staff_account
from citynet.steps import BASE_DIR, SetupError

LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-node.txt", "package-lock.json"]


def test_a_port_in_use_is_one_line_that_says_so() -> None:
    """The line names the port and what to do."""
    with socket.create_server((ports.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SetupError, match=f"Port {port} is in use.*make stop") as refused:
            ports.check(port)
    assert "\n" not in str(refused.value)
    ports.check(port)


@pytest.mark.parametrize("given", ["0", "65536", "http", "-1", "80 80", "٨٠٠٠"])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """Before anything is installed."""
    monkeypatch.setenv("PORT", given)
    with pytest.raises(SetupError, match="PORT is a number"):
        ports.wanted()


def test_without_port_it_is_8000(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable counts as none."""
    monkeypatch.setenv("PORT", "")
    assert ports.wanted() == 8000


def test_a_python_without_ensurepip_gets_the_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian keeps it in a package of its own."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(SetupError, match=r"apt-get install python3\.\d+-venv$"):
        setup.make_environment()


def test_a_machine_without_chromium_gets_the_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser tests fail then; they are not passed over."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(check, "find_browser", lambda: None)
    with pytest.raises(SetupError, match="Run: sudo apt-get install chromium"):
        check.ensure_browser()


def test_a_step_is_done_again_only_for_other_input(tmp_path: Path) -> None:
    """Fingerprints see contents and names, not dates."""
    before = steps.fingerprint(BASE_DIR / "requirements.txt", BASE_DIR / "assets")
    (tmp_path / "stamp").write_text(before)
    assert steps.is_done(
        tmp_path / "stamp", steps.fingerprint(BASE_DIR / "requirements.txt", BASE_DIR / "assets")
    )
    assert not steps.is_done(tmp_path / "stamp", steps.fingerprint(BASE_DIR / "requirements.txt"))
    assert not steps.is_done(tmp_path / "none", before)


@pytest.mark.parametrize("name", LOCKS)
def test_locks_name_no_index(name: str) -> None:
    """Each machine installs from the index it is set up with; every file is known by its hash."""
    text = (BASE_DIR / name).read_text()
    assert not re.search(r"index-url|find-links|file:|\"resolved\"", text)
    if name.startswith("requirements"):
        assert "://" not in text
        assert text.count("==") <= text.count("--hash=sha256:")


def test_both_locks_agree() -> None:
    """What is tested is what is served."""
    pins = [set(re.findall(r"^\S+==\S+", (BASE_DIR / name).read_text(), re.MULTILINE)) for name in LOCKS[:2]]
    assert pins[0] <= pins[1]


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    """Processes that start together agree on one."""
    path = tmp_path / "secret"
    with ThreadPoolExecutor(8) as pool:
        kept = set(pool.map(lambda number: local.keep(path, f"value {number}"), range(8)))
    assert len(kept) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]


@pytest.fixture
def password_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of the staff password, apart from this checkout's own."""
    monkeypatch.setattr(local, "PASSWORD_FILE", tmp_path / "staff-password")
    return local.PASSWORD_FILE


def test_the_staff_account_is_made_once(db: None, password_file: Path) -> None:
    """Its password is kept and said again at each start."""
    ensure_staff_account()
    password = password_file.read_text()
    ensure_staff_account()
    account = get_user_model()._default_manager.get(username=local.STAFF_NAME)
    assert account.check_password(password)
    assert password in local.account_line()


def test_a_changed_password_is_not_told_wrongly(db: None, password_file: Path) -> None:
    """The file no longer says what is true, so it goes."""
    ensure_staff_account()
    account = get_user_model()._default_manager.get(username=local.STAFF_NAME)
    account.set_password("my own")
    account.save()
    ensure_staff_account()
    account.refresh_from_db()
    assert account.check_password("my own")
    assert local.account_line() == "Sign in with your own staff account."


def test_a_site_with_an_administrator_is_left_alone(db: None, password_file: Path) -> None:
    """A new account with every right would be a way in that nobody asked for."""
    get_user_model()._default_manager.create_superuser("anna", password="a long one")
    ensure_staff_account()
    assert get_user_model()._default_manager.count() == 1
    assert not password_file.exists()
