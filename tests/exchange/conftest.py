"""What several tests of packages start from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exchange.packages import written
from tests.views.rows import make_hub, surround


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package of a registry that is still there."""
    hub = make_hub()
    surround(hub, 4)
    written(tmp_path / "package")
    return tmp_path / "package"
