"""What the database refused, in the words of the constraint that refused it."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import IntegrityError

GENERIC = {
    "23503": "Something that this refers to was deleted by someone else meanwhile. Choose again.",
    "23505": "Another record has these values already.",
    "23P01": "This overlaps with another record.",
    "23514": "The database refused these values.",
}
# Refused by triggers, whose message comes with the error; the field is where it can be mended.
FIELDS_OF_TRIGGERS = {
    "registry_cityoffice_keeps_its_city": "city",
    "registry_officelink_within_one_city": "other",
    "registry_policyparty_office_of_city": "office",
    "registry_issue_depth": "parent",
}


@dataclass(frozen=True)
class Refusal:
    """A message for people, and the field beside which it belongs if it is on the form."""

    message: str
    field: str | None = None


def read_refusal(error: IntegrityError) -> Refusal | None:
    """What the error means; None where nobody at a form could mend it."""
    cause = error.__cause__
    diagnosis = getattr(cause, "diag", None)
    if diagnosis is None or diagnosis.sqlstate not in GENERIC:
        return None
    name = diagnosis.constraint_name or ""
    for model in apps.get_app_config("registry").get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return Refusal(
                    str(constraint.get_violation_error_message()), getattr(constraint, "field", None)
                )
    if name in FIELDS_OF_TRIGGERS or name.endswith("_slug_never_reused"):
        return Refusal(diagnosis.message_primary, FIELDS_OF_TRIGGERS.get(name, "slug"))
    return Refusal(GENERIC[diagnosis.sqlstate])
