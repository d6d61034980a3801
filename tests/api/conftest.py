"""What every test of the API shares."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nothing_asked_yet() -> None:
    """Begin with the limit of questions whole: all tests ask from the same address."""
    cache.clear()
