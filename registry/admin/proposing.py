"""A contributor on the form of a published record: what is changed there waits as a proposal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from registry.actions import review
from registry.actions.publish import may_publish
from registry.admin.base import RegistryAdmin
from registry.admin.patches import Patch, read_patch
from registry.admin.records import account
from registry.choices import ProposalState, Publication
from registry.models import Proposal

PROPOSE = (
    "This record is published. What you change here waits as a proposal until an editor accepts it; "
    "until then the public page stays as it is."
)
NOTHING_CHANGED = "You changed nothing, so there is nothing to propose."
LARGEST = 2**63


@dataclass
class Visit:
    """One visit to such a form: why the change is proposed, which proposal it revises, what was changed."""

    record: Any
    reason: str = ""
    revises: Proposal | None = None
    patch: Patch | None = None
    base: Patch = field(default_factory=dict)


def visits(request: HttpRequest, record: Any = None) -> bool:
    """Whether the account is on the form of a published record (of this one) to propose."""
    visit = getattr(request, "proposing", None)
    return visit is not None and (record is None or record.pk == visit.record.pk)


class ProposingAdmin(RegistryAdmin):
    """Lets those who may not publish fill in the form of what is published, and files what they change."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """The form. A change to be proposed is saved and taken back: so the database checks it too."""
        visit = self._visit(request, object_id)
        request.proposing = visit  # type: ignore[attr-defined]
        if visit is None or request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            response = super().changeform_view(request, object_id, form_url, extra_context)
            transaction.set_rollback(True)
        return response if visit.patch is None else self._file(request, visit)

    def _visit(self, request: HttpRequest, object_id: str | None) -> Visit | None:
        may_change = request.user.has_perm(f"registry.change_{self.opts.model_name}")
        if object_id is None or not may_change or may_publish(account(request), self.model):
            return None
        if request.method == "POST" and "_propose" not in request.POST:
            return None
        record = self.get_object(request, unquote(object_id))
        if record is None or record.publication != Publication.PUBLISHED:
            return None
        visit = Visit(record, request.POST.get("reason", "").replace("\x00", "").strip())
        key = request.GET.get("proposal", "")
        if key.isascii() and key.isdigit() and int(key) < LARGEST:
            undecided = Proposal.objects.filter(state__in=[ProposalState.OPEN, ProposalState.RETURNED])
            own = undecided.filter(pk=key, target=record.pid, proposed_by=account(request))
            visit.revises = own.first()
        if visit.revises and request.method == "GET":
            visit.reason = visit.revises.reason
            request.proposed_rows = visit.revises.patch  # type: ignore[attr-defined]
        return visit

    def _file(self, request: HttpRequest, visit: Visit) -> HttpResponse:
        if not visit.patch:
            messages.warning(request, NOTHING_CHANGED)
            return HttpResponseRedirect(request.get_full_path())
        proposal = review.propose(
            visit.record,
            visit.patch,
            base=visit.base,
            reason=visit.reason,
            by=account(request),
            revises=visit.revises,
        )
        messages.success(request, "Proposed. An editor will look at it; the public page is as it was.")
        return HttpResponseRedirect(reverse("admin:registry_proposal_change", args=[proposal.pk]))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows; of a proposal note first what was changed."""
        if visits(request):
            visit: Visit = request.proposing  # type: ignore[attr-defined]
            visit.patch, visit.base = read_patch(form, formsets)
        super().save_related(request, form, formsets, change)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Nothing to say of a change that is about to be taken back."""
        return HttpResponse() if visits(request) else super().response_change(request, obj)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """The form with the proposals that wait, and with what one needs to file another."""
        record = kwargs.get("obj")
        if record is not None and record.pk and record.publication == Publication.PUBLISHED:
            waiting = Proposal.objects.filter(target=record.pid, state=ProposalState.OPEN)
            context["waiting_proposals"] = list(waiting.select_related("proposed_by")[:5])
        if visits(request, record):
            visit: Visit = request.proposing  # type: ignore[attr-defined]
            hidden = ("show_save", "show_save_and_continue", "show_save_and_add_another", "show_delete")
            context.update(dict.fromkeys(hidden, False), proposing=visit, only_editors=PROPOSE)
        return super().render_change_form(request, context, *args, **kwargs)
