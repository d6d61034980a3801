"""What a case of a constraint is, and the two ways of writing one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.models.rows import row, save


@dataclass(frozen=True)
class Case:
    """`good` and `bad` make unsaved rows; the refusal is shown beside `field` with `message` in it."""

    constraint: str
    good: Callable[[], Any]
    bad: Callable[[], Any]
    field: str
    message: str


def case(
    constraint: str, model: type[Any], field: str, message: str, good: dict[str, Any], bad: dict[str, Any]
) -> Case:
    """A rule of single rows: the values of one that keeps it and of one that breaks it."""
    return Case(constraint, lambda: row(model, **good), lambda: row(model, **bad), field, message)


def twin(
    constraint: str, model: type[Any], field: str, message: str, same: tuple[str, ...], **given: Any
) -> Case:
    """A rule of two rows: the second has the same values in the columns `same`."""

    def bad() -> Any:
        first = save(row(model, **given))
        return row(model, **{**given, **{name: getattr(first, name) for name in same}})

    return Case(constraint, lambda: row(model, **given), bad, field, message)
