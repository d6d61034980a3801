"""Changes proposed to published records: the queue, each side by side with its record, and the decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from registry.actions import review
from registry.actions.publish import may_publish
from registry.admin import merging, patches, published, values
from registry.admin.base import ReadOnlyAdmin
from registry.admin.comments import comments_on
from registry.admin.filtering import OwnProposalFilter
from registry.admin.paging import KeyedChangeList
from registry.admin.proposing import Visit
from registry.admin.records import account
from registry.choices import ProposalState
from registry.models import Proposal
from registry.models.history import acting

GONE = "The record that this would change is gone."
DONE = {"accept": "Accepted.", "refuse": "Refused.", "return": "Sent back.", "withdraw": "Withdrawn."}
ANSWERS: dict[str, Callable[..., None]] = {
    "refuse": review.refuse,
    "return": review.send_back,
    "withdraw": review.withdraw,
}


class ProposalList(KeyedChangeList):
    """The list, with the records that the proposals of the page would change: one query for each kind."""

    def get_results(self, request: HttpRequest) -> None:
        """Fill `result_list`, and give each proposal its record."""
        super().get_results(request)
        attach_records(self.model_admin.admin_site, self.result_list)


def attach_records(site: Any, proposals: list[Any]) -> None:
    """Give each proposal the record it would change as `record`; None where it is gone."""
    targets = defaultdict(set)
    for proposal in proposals:
        targets[proposal.target_kind].add(proposal.target)
    found: dict[Any, Any] = {}
    for kind, pids in targets.items():
        model = review.model_of(kind)
        if model is not None:
            related = getattr(site._registry.get(model), "list_select_related", ()) or ()
            records = model._default_manager.filter(pid__in=pids).select_related(*related)
            found.update({(kind, record.pid): record for record in records})
    for proposal in proposals:
        proposal.record = found.get((proposal.target_kind, proposal.target))


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    """Changes proposed to published records."""

    list_display = ("changes", "kind", "fields_changed", "reason", "state", "proposed_by", "proposed_at")
    list_select_related = ("proposed_by",)
    list_filter = ("state", OwnProposalFilter, "target_kind")
    search_fields = ("reason",)
    ordering = ("-proposed_at", "pk")
    sortable_by = ()

    def matches(self, word: str) -> Q:
        """By the reason given."""
        return Q(reason__icontains=word)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeyedChangeList]:
        """The list that knows the records."""
        return ProposalList

    @admin.display(description="change to")
    def changes(self, proposal: Any) -> str:
        """The record by its name."""
        return str(proposal.record) if proposal.record else "a record that is gone"

    @admin.display(description="kind")
    def kind(self, proposal: Proposal) -> str:
        """What sort of record it is."""
        model = review.model_of(proposal.target_kind)
        return str(model._meta.verbose_name) if model else proposal.target_kind

    @admin.display(description="fields")
    def fields_changed(self, proposal: Proposal) -> str:
        """What it changes."""
        return ", ".join(name.replace("_", " ") for name in proposal.patch)

    # --- One proposal -------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The change side by side with its record, what was said of it, and the buttons that decide it."""
        proposal = self.get_object(request, unquote(object_id))
        if proposal is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, proposal):
            raise PermissionDenied
        problems: list[str] = []
        if request.method == "POST":
            try:
                problems = self._decide(request, proposal)
            except ValidationError as error:
                problems = error.messages
            if not problems:
                return HttpResponseRedirect(request.get_full_path())
            proposal.refresh_from_db()
        context = {
            **self.admin_site.each_context(request),
            **self._shown(request, proposal),
            "title": "Proposed change",
            "opts": self.opts,
            "problems": problems,
            "said": request.POST.get("comment", ""),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/registry/proposal.html", context)

    def _decide(self, request: HttpRequest, proposal: Proposal) -> list[str]:
        by, said = account(request), request.POST.get("comment", "").replace("\x00", "")
        pressed = next((name for name in DONE if name in request.POST), "comment")
        if pressed == "accept":
            problems = accept(self.admin_site, request, proposal, said)
            if problems:
                return problems
        elif pressed == "comment":
            if not request.user.has_perm("registry.add_reviewcomment"):
                raise PermissionDenied
            review.comment([proposal], said, by=by)
        else:
            ANSWERS[pressed](proposal, by=by, said=said)
        messages.success(request, DONE.get(pressed, "Comment added."))
        return []

    def _shown(self, request: HttpRequest, proposal: Proposal) -> dict[str, Any]:
        by, record, model = (
            account(request),
            review.record_of(proposal),
            review.model_of(proposal.target_kind),
        )
        undecided = proposal.state in (ProposalState.OPEN, ProposalState.RETURNED)
        own = undecided and proposal.proposed_by_id == by.pk
        shown = {
            "proposal": proposal,
            "record": record,
            "kind": self.kind(proposal),
            "comments": comments_on(proposal),
            "may_decide": proposal.state == ProposalState.OPEN
            and model is not None
            and may_publish(by, model),
            "may_withdraw": own,
        }
        if record is None:
            return shown
        address = reverse(f"admin:registry_{record._meta.model_name}_change", args=[record.pk])
        applied = fill_in(self.admin_site, request, record, proposal)
        base = proposal.base or _base_of_command(applied.form, record, proposal)
        return {
            **shown,
            "address": address,
            "groups": patches.compare(applied, proposal.patch, base),
            "missing": applied.missing if undecided else [],
            "changed_since": published.changed_since(record, proposal.version) if undecided else [],
            "revise": f"{address}?proposal={proposal.pk}"
            if own and not may_publish(by, type(record))
            else "",
        }


def fill_in(site: Any, request: HttpRequest, record: Any, proposal: Proposal) -> patches.Applied:
    """The unsent forms of the record as the proposal would fill them in."""
    asked = patches.like(request, proposing=None)
    if not may_publish(account(request), type(record)):
        asked.proposing = Visit(record)
    return patches.apply_to_forms(site.get_model_admin(type(record)), asked, record, proposal.patch)


def _base_of_command(form: Any, record: Any, proposal: Proposal) -> dict[str, Any]:
    """What the fields held when a command proposed the change: commands see no form."""
    then = published.values_at(record, proposal.version, proposal.patch)
    return {
        name: values.of_field(form.fields[name], value) for name, value in then.items() if name in form.fields
    }


def accept(site: Any, request: HttpRequest, proposal: Proposal, said: str = "") -> list[str]:
    """Apply a proposal through the form of its record, all or nothing; what stands in the way, in words.

    Raises ValidationError where it is decided already.
    """
    by = account(request)
    with transaction.atomic():
        held = review.hold_to_accept(proposal, by=by)
        record = review.record_of(held)
        if record is None:
            return [GONE]
        applied = fill_in(site, request, record, held)
        if applied.missing:
            return applied.missing
        whose = {"proposed_by": held.proposed_by.get_username()} if held.proposed_by else {}
        with acting(proposal=str(held.pid), **whose):
            response = patches.send(site.get_model_admin(type(record)), request, record, applied)
        if response.status_code != 302:
            return refusals(response.context_data)
        review.mark_accepted(held, by=by, said=said)
    return []


def refusals(context: dict[str, Any]) -> list[str]:
    """Every message of a form that was refused, with the field it is about."""
    said = _messages(context["adminform"].form, "")
    for rows in context["inline_admin_formsets"]:
        called = str(rows.opts.verbose_name)
        said += [f"{called}: {message}" for message in rows.formset.non_form_errors()]
        for form in rows.formset.forms:
            said += _messages(form, f"{called}, ")
    return said


def _messages(form: Any, where: str) -> list[str]:
    said = []
    for name, errors in form.errors.items():
        label = merging.label_of(form, name) if name in form.fields else ""
        said += [f"{where}{label}: {message}" if label else f"{where}{message}" for message in errors]
    return said
