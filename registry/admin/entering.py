"""Records entered without a browser: through the forms of the staff site, as the account that enters them.

Whatever the forms refuse is refused here: permissions, constraints, records somebody else changed meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from registry.admin import patches
from registry.admin.patches import Patch

OF_ALL = NON_FIELD_ERRORS
LACKING = "The account may not {} {}. An administrator can give it the permission “registry.{}”."
# The place of an error in rows: none, for the table as a whole or for a row that was there before.
Place = int | None
Errors = list[tuple[str, Place, str, str]]


@dataclass
class Entered:
    """What became of forms that were sent: the key of the record, or what was refused.

    Each of `errors` is the prefix of the rows (empty for the record itself), the number of the row among
    those added, the field and the message. `similar`: records like a new one, to be compared with it.
    """

    key: int = 0
    errors: Errors = field(default_factory=list)
    similar: list[Any] = field(default_factory=list)


def visit_of(request: HttpRequest, by: User) -> Any:
    """The request as the staff site would see it of a browser in which the account is signed in."""
    visit = patches.like(request, method="GET", GET=QueryDict(), user=by, proposing=None)
    # What forms say to a browser is lost, and not kept in a cookie of whoever asked.
    visit._messages = CookieStorage(visit)
    # Read already; asked for once more, they would take the place of what the forms send.
    visit._files = MultiValueDict()
    # No other site can make a browser send a token, as it could a cookie.
    visit._dont_enforce_csrf_checks = True
    return visit


def check_permission(model: Any, visit: Any, action: str, record: Any = None) -> None:
    """Raise PermissionDenied, in words, where the account may not view, add, change or delete it."""
    may = getattr(admin.site.get_model_admin(model), f"has_{action}_permission")
    if not (may(visit) if record is None else may(visit, record)):
        raise PermissionDenied(
            LACKING.format(action, model._meta.verbose_name_plural, f"{action}_{model._meta.model_name}")
        )


def enter(
    model: Any, visit: Any, record: Any, patch: Patch, compared: dict[str, str] | None = None
) -> Entered:
    """Save the record with the patch, or a new one where there is none; raises PermissionDenied.

    `compared` has what a form sends of records that were compared with a new one.
    """
    model_admin = admin.site.get_model_admin(model)
    check_permission(model, visit, "add" if record is None else "change", record)
    applied = patches.apply_to_forms(model_admin, visit, record, patch)
    if applied.missing:
        return Entered(errors=[("", None, OF_ALL, message) for message in applied.missing])
    response = patches.send(model_admin, visit, record, applied, **(compared or {}))
    if response.status_code == 302:
        return Entered(key=record.pk if record else int(response["Location"].split("/")[-3]))
    context = response.context_data
    name = context["adminform"].form.fields.get("name")
    similar = getattr(getattr(name, "widget", None), "found", [])
    return Entered(errors=list(_refused(context)), similar=similar)


def _refused(context: dict[str, Any]) -> Any:
    for name, messages in context["adminform"].form.errors.items():
        yield from (("", None, name, message) for message in messages)
    for rows in context["inline_admin_formsets"]:
        formset = rows.formset
        yield from ((formset.prefix, None, OF_ALL, message) for message in formset.non_form_errors())
        for form in formset.forms:
            place = formset.extra_forms.index(form) if form in formset.extra_forms else None
            for name, messages in form.errors.items():
                yield from ((formset.prefix, place, name, message) for message in messages)


def what_forbids_deletion(model: Any, visit: Any, record: Any) -> tuple[set[str], list[str]]:
    """Kinds of rows that would go with the record and that the account may not delete; what refers to it.

    Raises PermissionDenied where the account may not delete such records at all.
    """
    check_permission(model, visit, "delete", record)
    model_admin = admin.site.get_model_admin(model)
    _, _, lacking, protected = model_admin.get_deleted_objects([record], visit)
    return lacking, protected


def delete(model: Any, visit: Any, record: Any) -> bool:
    """Delete the record with what belongs to it, and say whether it is gone; raises PermissionDenied."""
    model_admin = admin.site.get_model_admin(model)
    data = QueryDict(mutable=True)
    data["post"] = "yes"
    sent = patches.like(visit, method="POST", POST=data)
    model_admin.delete_view(sent, str(record.pk))
    return not model._base_manager.filter(pk=record.pk).exists()
