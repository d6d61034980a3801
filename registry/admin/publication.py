"""Drafts, review and publication: who may do what on the forms and in the lists."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from registry.actions import publish as publishing
from registry.actions.publish import Moved, may_publish
from registry.admin.base import is_sourced
from registry.admin.comments import comments_on
from registry.admin.proposing import ProposingAdmin, visits
from registry.admin.records import account
from registry.choices import Publication

DRAFT, IN_REVIEW, PUBLISHED = Publication.DRAFT, Publication.IN_REVIEW, Publication.PUBLISHED
# Buttons of the form: saving in another state.
BUTTONS = {"_draft": DRAFT, "_review": IN_REVIEW, "_publish": PUBLISHED}
ONLY_EDITORS = "This record is published, so only an editor can change it."


class PublicRecordAdmin(ProposingAdmin):
    """Base of the admins of records that go through review.

    Those without the permission to publish work on what is not published, and on nothing else.
    """

    actions: tuple[str, ...] = ("send_to_review", "publish", "return_to_draft")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Whether the account may put these records on the public site."""
        return may_publish(account(request), self.model)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is published is changed by those who may publish; others propose changes to it."""
        open_to = self._is_open(request, obj) or visits(request, obj)
        return super().has_change_permission(request, obj) and open_to

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is published is deleted by those who may publish."""
        return super().has_delete_permission(request, obj) and self._is_open(request, obj)

    def _is_open(self, request: HttpRequest, obj: Any) -> bool:
        return obj is None or obj.publication != PUBLISHED or self.has_publish_permission(request)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """The records, with whether a source supports them where the list shows it."""
        records = super().get_queryset(request)
        return (
            records.annotate(is_sourced=is_sourced(self.model)) if "sourced" in self.list_display else records
        )

    @admin.display(description="sourced", boolean=True)
    def sourced(self, record: Any) -> bool:
        """Whether a source supports the record."""
        return record.is_sourced

    # --- The form -----------------------------------------------------------------------------------------

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only the states that the account may give."""
        if db_field.name == "publication" and visits(request):
            kwargs["choices"] = [(PUBLISHED.value, PUBLISHED.label)]
        elif db_field.name == "publication" and not self.has_publish_permission(request):
            kwargs["choices"] = [(DRAFT.value, DRAFT.label), (IN_REVIEW.value, IN_REVIEW.label)]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """A button that names a state saves in that state; the form checks it like any other value."""
        pressed = next((state for name, state in BUTTONS.items() if name in request.POST), None)
        if pressed:
            posted = request.POST.copy()
            posted["publication"] = pressed.value
            request.POST = posted  # type: ignore[assignment]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Say what state a button brought the record to."""
        if visits(request) or not any(name in request.POST for name in BUTTONS):
            return super().response_change(request, obj)
        self._say_state(request, obj)
        return self.response_post_save_change(request, obj)

    def _say_state(self, request: HttpRequest, record: Any) -> None:
        state = record.get_publication_display().lower()
        messages.success(request, f"The {self.opts.verbose_name} “{record}” is saved: {state}.")

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """The form with the buttons that make sense for its record."""
        record = kwargs.get("obj")
        state = record.publication if record and record.pk else DRAFT
        context["state_buttons"] = self._buttons(state, self.has_publish_permission(request))
        if state == PUBLISHED and not self.has_publish_permission(request):
            context["only_editors"] = ONLY_EDITORS
        if record and record.pk:
            context["comments"] = comments_on(record)
        return super().render_change_form(request, context, *args, **kwargs)

    @staticmethod
    def _buttons(state: str, may: bool) -> list[tuple[str, str]]:
        buttons = []
        if may and state != PUBLISHED:
            buttons.append(("_publish", "Publish"))
        if state == DRAFT:
            buttons.append(("_review", "Send to review"))
        elif may or state == IN_REVIEW:
            buttons.append(("_draft", "Return to draft"))
        return buttons

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows, and bring the record's parts to its own state when that was asked for."""
        super().save_related(request, form, formsets, change)
        pressed = any(name in request.POST for name in BUTTONS)
        if pressed or "publication" in form.changed_data:
            moved = publishing.take_parts_along(form.instance, by=account(request))
            self._warn(request, moved)

    # --- The list -----------------------------------------------------------------------------------------

    @admin.action(description="Send selected drafts to review", permissions=["change"])
    def send_to_review(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        """Hand drafts to the editors."""
        self._report(request, "sent to review", publishing.send_to_review(queryset, by=account(request)))

    @admin.action(description="Publish selected", permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        """Put records on the public site."""
        moved = publishing.publish(queryset, by=account(request))
        self._report(request, "published", moved)
        self._warn(request, moved)

    @admin.action(description="Return selected to draft", permissions=["change"])
    def return_to_draft(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        """Take records back from review, or off the public site."""
        self._report(request, "returned to draft", publishing.return_to_draft(queryset, by=account(request)))

    def _report(self, request: HttpRequest, done: str, moved: Moved) -> None:
        if not moved.total:
            messages.warning(request, f"None of them could be {done}: they are in another state.")
            return
        parts = "".join(f", with {number:,} {name}" for name, number in moved.parts.items())
        name = self.opts.verbose_name if moved.records == 1 else self.opts.verbose_name_plural
        messages.success(request, f"{moved.records:,} {name} {done}{parts}.")

    def _warn(self, request: HttpRequest, moved: Moved) -> None:
        """Say what is published without a source, or published and yet not to be seen."""
        for name, (bare, number) in moved.unsourced.items():
            told = f"{capfirst(name)}: {bare:,} of {number:,} published are unsourced."
            messages.warning(request, f"{told} The public site says so beside them.")
        for name, number in moved.hidden.items():
            told = f"{capfirst(name)}: {number:,} published do not show yet"
            messages.warning(request, f"{told}, since something they refer to is still a draft.")
