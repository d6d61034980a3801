"""History as if it had been written on other days: a test has only the moment of its transaction."""

from __future__ import annotations

from datetime import datetime

import pgtrigger
from django.db import connection

from registry.models.history import event_models


def happened_on(day: str) -> None:
    """Say that all that was recorded since the last call happened at noon of a day."""
    moment = datetime.fromisoformat(f"{day}T12:00+00:00")
    with pgtrigger.ignore(), connection.cursor() as cursor:
        for event in event_models().values():
            cursor.execute(
                f"UPDATE {event._meta.db_table} SET pgh_created_at = %s WHERE pgh_created_at = now()",
                [moment],
            )
