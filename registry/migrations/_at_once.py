"""An operation that makes many changes of the tables for the price of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.models import CreateModel
from django.db.migrations.state import ProjectState


class AtOnce(Operation):
    """Operations that stand side by side: none changes what another makes, but by adding to its table.

    Django renders the models anew for each operation; here it renders them once before and once after all,
    so that a fresh database takes seconds instead of minutes. Data (RunPython, RunSQL) stays outside.
    """

    serialization_expand_args = ["operations"]

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return type(self).__name__, [], {"operations": self.operations}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # Without rendered models the operations have nothing to reload; the database part renders them.
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def _needed(self) -> list[Operation]:
        """All but additions to a table made here, which is made as it is after all of them."""
        made = {
            operation.name_lower
            for operation in self.operations
            if isinstance(operation, CreateModel) and not operation.options.keys() & {"proxy", "managed"}
        }
        return [
            operation
            for operation in self.operations
            if getattr(operation, "model_name_lower", None) not in made
        ]

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self._needed():
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in reversed(self._needed()):
            # A proxy made here has triggers on a table that may be older; only the later state knows it.
            known = (app_label, getattr(operation, "model_name_lower", "")) in to_state.models
            operation.database_backwards(
                app_label, schema_editor, from_state, to_state if known else from_state
            )

    def describe(self) -> str:
        return f"Make {len(self.operations)} changes at once"
