"""Research tables: what is done with millions of cells at once."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from registry.models import Observation, ObservedMembership


@transaction.atomic
def delete_cells(datasets: QuerySet) -> None:
    """Delete the cells of tables that are to be deleted: two statements, where Django would read each cell.

    The history has every one of them, so a table that is restored has them again.
    """
    cells = Observation.objects.filter(dataset__in=datasets.order_by().values("pk"))
    for rows in (ObservedMembership.objects.filter(observation__in=cells), cells):
        rows._raw_delete(rows.db)
